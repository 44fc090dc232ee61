import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { play } from '../../src/session/play.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';

const SESSIONS = new URL('../sessions/', import.meta.url);
const TRANSCRIPTS = new URL('../transcripts/', import.meta.url);
const sessions = readdirSync(SESSIONS).filter((name) => name.endsWith('.txt'));

/** What the channel saw, minute by minute. Rewrite with UPDATE=1 and read the difference as an approver would. */
for (const name of sessions) {
  test(`transcript: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const said: string[] = [];
    const faults: string[] = [];
    const file = fileURLToPath(new URL(name, SESSIONS));
    const options = {
      events: false,
      through: null,
      chat: terminalChat(),
      out: (line: string) => said.push(line),
      err: (line: string) => faults.push(line),
    };
    const code = await play({ file, ...options });
    assert.deepEqual([code, faults], [0, []]);
    const golden = new URL(name, TRANSCRIPTS);
    const transcript = `${said.join('\n')}\n`;
    if (process.env['UPDATE'] !== undefined || !existsSync(golden)) writeFileSync(golden, transcript);
    assert.equal(transcript, readFileSync(golden, 'utf8'));
  });
}

test('every transcript belongs to a session', () => {
  assert.deepEqual(readdirSync(TRANSCRIPTS).toSorted(), sessions.toSorted());
});
