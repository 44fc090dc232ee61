import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerFqdn } from '../../domain/pool.ts';
import type { PoolOperator, PoolReader } from '../../ports.ts';
import { type CallRecord, PowerShellCalls, type Reach } from '../powershell/calls.ts';
import { PowerShellOperator, PowerShellReader } from '../powershell/pool.ts';
import { SCRIPTS } from '../powershell/script-folder.ts';
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

/** Variables that make a PowerShell stand on a simulated server: the stand-in modules, and whose cmdlets they are. */
export type StandingOn = (server: ServerFqdn, model: PoolModel) => Readonly<Record<string, string>>;

/** The way from this machine to the simulated servers, for as long as it is open. */
export interface SimulatedReach {
  readonly reach: Reach;
  close(): Promise<void>;
}

/** Opens the way to the pools: a process for each simulated server that is asked, eight at most. */
export async function throughPowerShell(
  pools: readonly PoolModel[],
  open: (pools: readonly PoolModel[], standingOn: StandingOn) => Promise<SimulatedReach>,
  log?: (call: CallRecord) => void,
): Promise<ThroughPowerShell> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-simulated-'));
  const { url, token, close } = await startLoopback(pools);
  const simulated = { LIFEGUARD_SIMULATED_URL: url, LIFEGUARD_SIMULATED_TOKEN: token, ProgramData: folder };
  const way = await open(pools, (server, model) => ({ ...simulated, ...variablesOn(server, model) }));
  const calls = new PowerShellCalls({
    scripts: SCRIPTS,
    reach: way.reach,
    limits: { perMachine: 1, alive: 8, calls: 500 },
    ...(log === undefined ? {} : { log }),
  });
  return {
    reader: new PowerShellReader(calls),
    operator: new PowerShellOperator(calls, { patch: () => SIMULATED_PATCH, hook: () => SIMULATED_PATCH }),
    close: async () => {
      await calls.close();
      await way.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Each simulated server has its processes on this machine. */
export const onThisMachine =
  (executable: string) =>
  async (pools: readonly PoolModel[], standingOn: StandingOn): Promise<SimulatedReach> => ({
    reach: reachSimulated(pools, executable, standingOn),
    close: async () => {},
  });

/** A shell stands on the simulated server that its environment names, while that machine answers. */
const reachSimulated = (pools: readonly PoolModel[], executable: string, standingOn: StandingOn): Reach => ({
  first: () => [],
  server: (pool, server) => {
    const model = pools.find(({ fqdn }) => fqdn === pool);
    if (model === undefined) return { kind: 'elsewhere', because: `there is no simulated pool ${pool}` };
    const on = server ?? model.computers().find((each) => model.answers(each)) ?? null;
    if (on === null || !model.computers().includes(on) || !model.answers(on)) {
      return { kind: 'unreachable', because: `${on ?? pool} does not answer` };
    }
    const environment = minimalEnvironment(process.env, standingOn(on, model));
    return { kind: 'reached', on, machine: on, executable, wayIn: 'run.ps1', environment };
  },
});

function variablesOn(on: ServerFqdn, model: PoolModel): Readonly<Record<string, string>> {
  const modules = fileURLToPath(new URL(`modules/${model.version}`, import.meta.url));
  // Windows PowerShell adds its own modules only when it is told of none.
  const own =
    process.env['SystemRoot'] === undefined ? [] : [join(process.env['SystemRoot'], 'System32/WindowsPowerShell/v1.0/Modules')];
  return { LIFEGUARD_SIMULATED_SERVER: on, PSModulePath: [modules, ...own].join(delimiter) };
}
