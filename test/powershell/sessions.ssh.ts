import { describe, test } from 'node:test';
import { throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import { playsTheSame, SESSION_FILES } from './played.ts';
import { overSsh } from './sshd.ts';

/** Sessions at once: each keeps an sshd, and two processes for every simulated server it asks. */
const AT_ONCE = 3;

describe('a session over SSH is what it is without', { concurrency: AT_ONCE }, () => {
  for (const name of SESSION_FILES) {
    test(name.replace('.txt', '').replaceAll('-', ' '), () => playsTheSame(name, (pools) => throughPowerShell(pools, overSsh)));
  }
});
