import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { minimalEnvironment } from '../../src/adapters/powershell/shell.ts';
import type { Loopback } from '../../src/adapters/simulator/loopback.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { FE1 } from '../adapters/scripted-pool.ts';
import { powershell } from './find.ts';

/** What a line prints in a PowerShell that stands on the simulated first server; errors as `ERROR: ...`. */
export async function printed(version: ProductVersion, loopback: Loopback, line: string): Promise<string> {
  const modules = fileURLToPath(new URL(`../../src/adapters/simulator/modules/${version}`, import.meta.url));
  const environment = minimalEnvironment(process.env, {
    PSModulePath: modules,
    LIFEGUARD_SIMULATED_URL: loopback.url,
    LIFEGUARD_SIMULATED_TOKEN: loopback.token,
    LIFEGUARD_SIMULATED_SERVER: FE1,
  });
  const load = 'Get-Module -ListAvailable -Name Lync, SkypeForBusiness | Import-Module';
  const command = `${load}; try { ${line} | Out-String } catch { "ERROR: $($_.Exception.Message)" }`;
  const child = spawn(powershell, ['-NoProfile', '-NonInteractive', '-Command', command], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (await text(child.stdout)).trim();
}
