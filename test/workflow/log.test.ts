import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/session/file.ts';
import { Session } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import type { LogLine } from '../../src/workflow/hands.ts';

/** What the log has of a night, line by line. */
async function logOf(...lines: readonly string[]): Promise<readonly (LogLine & { readonly message: string })[]> {
  const logged: (LogLine & { readonly message: string })[] = [];
  const session = new Session({
    through: null,
    chat: terminalChat(),
    audience: { happened: () => {}, saw: () => {}, log: (line, message) => logged.push({ ...line, message }) },
  });
  try {
    for (const line of ['! pool pool01 version 2013 servers 3 domains fe1|fe2|fe3', ...lines])
      await session.play(parseLine(line, 0));
  } finally {
    await session.close();
  }
  return logged;
}

test('every log line of a run has the change ticket that it was asked for with', async () => {
  const logged = await logOf('@dana upgrade pool01 ticket CHG0012345', '@omar approve', '+10m');
  const ofRun = logged.filter(({ run }) => run !== undefined);
  assert.deepEqual(
    ofRun.map(({ event, ticket, message }) => [event, ticket, message]),
    [
      ['approved', 'CHG0012345', 'said'],
      ['stop fe1.sim.example', 'CHG0012345', 'accepted'],
    ],
  );
});
test('the log of a run without a ticket has none', async () => {
  const logged = await logOf('@dana upgrade pool01', '@omar approve');
  assert.ok(logged.every((line) => !('ticket' in line)));
});
test('the log of a rolling restart says so in every line', async () => {
  const ofRun = async (line: string) =>
    (await logOf(line, '@omar approve', '+10m')).filter(({ run }) => run !== undefined).map(({ purpose }) => purpose);
  const restarted = await ofRun('@dana restart pool01');
  assert.ok(restarted.length > 2);
  assert.deepEqual([...new Set(restarted)], ['restart']);
  assert.deepEqual([...new Set(await ofRun('@dana upgrade pool01'))], [undefined]);
});
test('whoever freezes and thaws is in the log, with the reason', async () => {
  const logged = await logOf('@dana freeze storage drill', '@omar thaw', '@omar thaw');
  const turns = logged.filter(({ message }) => message !== 'answered');
  assert.deepEqual(turns, [
    { event: 'freeze by dana', because: 'storage drill', message: 'set' },
    { event: 'thaw by omar', message: 'set' },
    { event: 'thaw by omar', message: 'as-it-is' },
  ]);
});
