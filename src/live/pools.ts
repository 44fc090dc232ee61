import type { Logger } from 'pino';
import { type CallRecord, PowerShellCalls } from '../adapters/powershell/calls.ts';
import { type PoolConnection, READER_LIMITS, reachPools } from '../adapters/powershell/connections.ts';
import { PowerShellOperator, PowerShellReader } from '../adapters/powershell/pool.ts';
import { SCRIPTS } from '../adapters/powershell/script-folder.ts';
import type { Config, ConfiguredPool } from '../config.ts';
import type { PoolFqdn } from '../domain/pool.ts';
import type { PoolOperator, PoolReader } from '../ports.ts';

/** The configured pools as they are reached. */
export interface Connected {
  readonly reader: PoolReader;
  readonly operator: PoolOperator;
  close(): Promise<void>;
}

/** The way to every configured pool that is real. */
export function callsTo(config: Config, log: Logger): PowerShellCalls {
  return new PowerShellCalls({
    scripts: SCRIPTS,
    reach: reachPools(new Map(config.pools.flatMap(connectionOf)), config.powershell),
    limits: READER_LIMITS,
    log: (call: CallRecord) => log.info(call, 'powershell'),
  });
}

/** The configured pools, each by its own connection. */
export function connect(config: Config, log: Logger): Connected {
  const calls = callsTo(config, log);
  const configured = (pool: PoolFqdn) => config.pools.find((each: ConfiguredPool) => each.fqdn === pool);
  return {
    reader: new PowerShellReader(calls),
    operator: new PowerShellOperator(calls, {
      patch: (pool) => configured(pool)?.patchCommand ?? null,
      hook: (pool, hook) => configured(pool)?.hookCommands[hook] ?? null,
    }),
    close: () => calls.close(),
  };
}

function connectionOf({ fqdn, connection }: ConfiguredPool): readonly (readonly [PoolFqdn, PoolConnection])[] {
  switch (connection.kind) {
    case 'simulated':
      return [];
    case 'local':
      return [[fqdn, connection]];
    case 'winrm': {
      const { configuration = null, port = null, addresses, ...others } = connection;
      return [[fqdn, { ...others, configuration, port, addresses: new Map(addresses) }]];
    }
    case 'ssh': {
      const { key = null, knownHosts = null, port = null, addresses, ...others } = connection;
      return [[fqdn, { ...others, key, knownHosts, port, addresses: new Map(addresses) }]];
    }
  }
}
