import { describe, test } from 'node:test';
import { onThisMachine, throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import { powershell, skip } from './find.ts';
import { playsTheSame, SESSION_FILES } from './played.ts';

/** Sessions at once: each keeps a process for every simulated server it asks. */
const AT_ONCE = 3;

describe('a session through PowerShell is what it is without', { concurrency: AT_ONCE }, () => {
  for (const name of SESSION_FILES) {
    test(name.replace('.txt', '').replaceAll('-', ' '), { skip }, () =>
      playsTheSame(name, (pools) => throughPowerShell(pools, onThisMachine(powershell))),
    );
  }
});
