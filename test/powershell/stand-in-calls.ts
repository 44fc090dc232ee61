import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PowerShellCalls } from '../../src/adapters/powershell/calls.ts';
import { SCRIPTS } from '../../src/adapters/powershell/script-folder.ts';
import { startLoopback } from '../../src/adapters/simulator/loopback.ts';
import type { PoolModel } from '../../src/adapters/simulator/model.ts';
import { onThisMachine } from '../../src/adapters/simulator/through-powershell.ts';
import { powershell } from './find.ts';

/** Calls that reach the stand-in cmdlets of the pool's servers, each in a PowerShell of its own; all gone when the test is. */
export async function standInCalls(context: TestContext, pool: PoolModel): Promise<PowerShellCalls> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-calls-'));
  const loopback = await startLoopback([pool]);
  const modules = fileURLToPath(new URL(`../../src/adapters/simulator/modules/${pool.version}`, import.meta.url));
  const windows = process.env['SystemRoot'];
  const own = windows === undefined ? [] : [join(windows, 'System32/WindowsPowerShell/v1.0/Modules')];
  const way = await onThisMachine(powershell)([pool], (server) => ({
    LIFEGUARD_SIMULATED_URL: loopback.url,
    LIFEGUARD_SIMULATED_TOKEN: loopback.token,
    LIFEGUARD_SIMULATED_SERVER: server,
    ProgramData: folder,
    PSModulePath: [modules, ...own].join(delimiter),
  }));
  const calls = new PowerShellCalls({ scripts: SCRIPTS, reach: way.reach, limits: { perMachine: 1, alive: 4, calls: 100 } });
  context.after(async () => {
    await calls.close();
    await way.close();
    await loopback.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return calls;
}
