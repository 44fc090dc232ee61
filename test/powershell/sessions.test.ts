import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { play } from '../../src/session/play.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { powershell, skip } from './find.ts';

const SESSIONS = new URL('../sessions/', import.meta.url);
/** Sessions at once: each keeps a process for every simulated server it asks. */
const AT_ONCE = 3;

async function eventsOf(file: string, through: string | null) {
  const events: string[] = [];
  const faults: string[] = [];
  const code = await play({
    chat: terminalChat(),
    file,
    powershell: through,
    events: true,
    out: (line) => events.push(line),
    err: (line) => faults.push(line),
  });
  return { code, events, faults };
}

describe('a session through PowerShell is what it is without', { concurrency: AT_ONCE }, () => {
  for (const name of readdirSync(SESSIONS).filter((each) => each.endsWith('.txt'))) {
    test(name.replace('.txt', '').replaceAll('-', ' '), { skip }, async () => {
      const file = fileURLToPath(new URL(name, SESSIONS));
      const [direct, through] = [await eventsOf(file, null), await eventsOf(file, powershell)];
      assert.equal(direct.code, 0, direct.faults.join('\n'));
      // Thousands of lines: the first that differs says more than all of them.
      const first = direct.events.findIndex((line, index) => line !== through.events[index]);
      assert.equal(through.events[first], direct.events[first]);
      assert.deepEqual([through.code, through.events.length, through.faults], [0, direct.events.length, []]);
    });
  }
});
