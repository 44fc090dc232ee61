import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import type { ServerFqdn } from '../../src/domain/pool.ts';
import { parseSession } from '../../src/session/file.ts';
import { Names } from '../../src/session/names.ts';
import { playsTheSame, SESSION_FILES, SESSIONS } from './played.ts';
import { overSsh } from './sshd.ts';

/** Sessions at once: each keeps an sshd, and two processes for every simulated server it asks. */
const AT_ONCE = 3;

describe('a session over SSH is what it is without', { concurrency: AT_ONCE }, () => {
  for (const name of SESSION_FILES) {
    const joining = joiningIn(name);
    test(name.replace('.txt', '').replaceAll('-', ' '), () =>
      playsTheSame(name, (pools) => throughPowerShell(pools, (all, standingOn) => overSsh(all, standingOn, { joining }))),
    );
  }
});

/** The servers that join a pool in the middle of a session: an sshd has to listen for them from its start. */
function joiningIn(file: string): readonly ServerFqdn[] {
  const names = new Names();
  const lines = parseSession(readFileSync(new URL(file, SESSIONS), 'utf8'));
  const written = lines.flatMap((line) => (line.kind === 'add-server' ? [line.server] : []));
  return written.flatMap((each) => names.server(each) ?? []);
}
