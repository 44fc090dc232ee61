import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShellStart } from '../../../src/adapters/powershell/shell.ts';

/** Windows starts no script as a program, so there the process around PowerShell is tried with PowerShell alone. */
export const skipWithoutScripts = process.platform === 'win32' ? 'a script cannot stand in for an executable on Windows' : false;

/** The fake as an executable in a folder of its own; it is run by the Node that runs the tests. */
const folder = mkdtempSync(join(tmpdir(), "lifeguard fake's "));
const executable = join(folder, 'fake-pwsh');
const fake = fileURLToPath(new URL('fake-shell.mjs', import.meta.url));
writeFileSync(executable, `#!/bin/sh\nexec '${process.execPath}' '${fake}'\n`);
chmodSync(executable, 0o755);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** How to start a fake that behaves in this way, whatever it is asked. Its folder's name has a space and a quote. */
export const fakeStart = (mode: string, says: unknown = 'yes'): ShellStart => ({
  executable,
  scripts: folder,
  environment: {
    PATH: process.env['PATH'] ?? '',
    FAKE_MODE: mode,
    FAKE_SAYS: JSON.stringify({ values: [says], warnings: [], verbose: [], errors: [] }),
  },
});

/** The number that the fake printed of itself; NaN when it printed none. */
export const pidIn = (raw: string): number => Number(/^pid (\d+)$/m.exec(raw)?.[1]);

/** Whether a process with this number is there. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
