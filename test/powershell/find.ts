import { spawnSync } from 'node:child_process';

const wanted = process.env['LIFEGUARD_TEST_POWERSHELL'] ?? (process.platform === 'win32' ? 'powershell.exe' : 'pwsh');
const required =
  process.env['LIFEGUARD_REQUIRE_POWERSHELL'] === '1' || /^test:(powershell|ssh)$/.test(process.env['npm_lifecycle_event'] ?? '');
const { status } = spawnSync(wanted, ['-NoProfile', '-NonInteractive', '-Command', 'exit 0'], {
  timeout: 60_000,
  stdio: 'ignore',
});
const found = status === 0;

/** What is said once, loudly, where there is none. */
export const missing = `NO POWERSHELL: ${wanted} cannot be started, so nothing was tried on a real one. Set LIFEGUARD_TEST_POWERSHELL.`;
if (!found && required) throw new Error(missing);

/** The PowerShell that the tests run: the one named by LIFEGUARD_TEST_POWERSHELL, or the one on the path. */
export const powershell = wanted;
/** Why a test that needs PowerShell is skipped; false when there is one. Where one is required its absence is a failure. */
export const skip = found ? false : 'no PowerShell';
