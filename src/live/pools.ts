import type { Logger } from 'pino';
import { type CallRecord, PowerShellCalls } from '../adapters/powershell/calls.ts';
import { LOCAL_READERS, reachLocally, SCRIPTS } from '../adapters/powershell/local.ts';
import { PowerShellOperator, PowerShellReader } from '../adapters/powershell/pool.ts';
import type { Config, ConfiguredPool } from '../config.ts';
import type { PoolFqdn } from '../domain/pool.ts';
import type { PoolOperator, PoolReader } from '../ports.ts';

/** The configured pools as they are reached. */
export interface Connected {
  readonly reader: PoolReader;
  readonly operator: PoolOperator;
  close(): Promise<void>;
}

/** The one machine that is reached: the Front End Server that the bot runs on. */
export function connect(config: Config, log: Logger): Connected {
  const [machine] = config.pools.flatMap(({ connection }) => (connection.kind === 'local' ? [connection.server] : []));
  if (machine === undefined) throw new Error('no configured pool is reached from this machine');
  const calls = new PowerShellCalls({
    executable: config.powershell,
    scripts: SCRIPTS,
    reach: reachLocally(machine),
    limits: LOCAL_READERS,
    log: (call: CallRecord) => log.info(call, 'powershell'),
  });
  const patchCommandOf = (pool: PoolFqdn) =>
    config.pools.find((each: ConfiguredPool) => each.fqdn === pool)?.patchCommand ?? null;
  return {
    reader: new PowerShellReader(calls),
    operator: new PowerShellOperator(calls, patchCommandOf),
    close: () => calls.close(),
  };
}
