import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerFqdn } from '../../domain/pool.ts';
import type { PoolOperator, PoolReader } from '../../ports.ts';
import { type CallRecord, PowerShellCalls, type Reach } from '../powershell/calls.ts';
import { SCRIPTS } from '../powershell/local.ts';
import { PowerShellOperator, PowerShellReader } from '../powershell/pool.ts';
import { minimalEnvironment } from '../powershell/shell.ts';
import { startLoopback } from './loopback.ts';
import type { PoolModel } from './model.ts';

/** Simulated pools, spoken to by the real scripts in a real PowerShell. */
export interface ThroughPowerShell {
  readonly reader: PoolReader;
  readonly operator: PoolOperator;
  /** Ends every process and the loopback, and returns when all are gone. */
  close(): Promise<void>;
}

/** What a simulated pool is patched with. Nothing of this name exists, and nothing is started. */
const SIMULATED_PATCH = { file: 'simulated-update-installer', arguments: [] };

/** Opens the way to the pools through this PowerShell: a process for each simulated server that is asked, eight at most. */
export async function throughPowerShell(
  pools: readonly PoolModel[],
  executable: string,
  log?: (call: CallRecord) => void,
): Promise<ThroughPowerShell> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-simulated-'));
  const { url, token, close } = await startLoopback(pools);
  const calls = new PowerShellCalls({
    executable,
    scripts: SCRIPTS,
    reach: reachSimulated(pools, { LIFEGUARD_SIMULATED_URL: url, LIFEGUARD_SIMULATED_TOKEN: token, ProgramData: folder }),
    limits: { perMachine: 1, alive: 8, calls: 500 },
    ...(log === undefined ? {} : { log }),
  });
  return {
    reader: new PowerShellReader(calls),
    operator: new PowerShellOperator(calls, () => SIMULATED_PATCH),
    close: async () => {
      await calls.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A shell stands on the simulated server that its environment names, while that machine answers. */
const reachSimulated =
  (pools: readonly PoolModel[], extra: Readonly<Record<string, string>>): Reach =>
  (pool, server) => {
    const model = pools.find(({ fqdn }) => fqdn === pool);
    if (model === undefined) return { kind: 'elsewhere', because: `there is no simulated pool ${pool}` };
    const on = server ?? model.computers().find((each) => model.answers(each)) ?? null;
    if (on === null || !model.computers().includes(on) || !model.answers(on)) {
      return { kind: 'unreachable', because: `${on ?? pool} does not answer` };
    }
    return { kind: 'reached', on, machine: on, environment: environmentOn(on, model, extra) };
  };

function environmentOn(
  on: ServerFqdn,
  model: PoolModel,
  extra: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const modules = fileURLToPath(new URL(`modules/${model.version}`, import.meta.url));
  // Windows PowerShell adds its own modules only when it is told of none.
  const own =
    process.env['SystemRoot'] === undefined ? [] : [join(process.env['SystemRoot'], 'System32/WindowsPowerShell/v1.0/Modules')];
  return minimalEnvironment(process.env, {
    ...extra,
    LIFEGUARD_SIMULATED_SERVER: on,
    PSModulePath: [modules, ...own].join(delimiter),
  });
}
