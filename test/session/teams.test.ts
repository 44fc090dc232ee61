import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { SessionEvent } from '../../src/session/record.ts';
import { teamsChat } from '../../src/session/teams-chat.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { playedIn, SESSIONS } from './played-in.ts';

const sessions = readdirSync(SESSIONS).filter((name) => name.endsWith('.txt'));
const toThePool = ({ kind }: SessionEvent): boolean => kind !== 'said';

/** The same lines, typed in a terminal and typed, pressed and written into a card's field in Teams. */
for (const name of sessions) {
  test(`in Teams as in the terminal: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const terminal = await playedIn(terminalChat(), name);
    const teams = await playedIn(teamsChat(), name);
    assert.equal(teams.code, terminal.code);
    assert.deepEqual(teams.events.filter(toThePool), terminal.events.filter(toThePool));
    for (const event of teams.events.filter(({ kind }) => kind === 'said')) {
      const { method, arguments: sent } = Object(event['payload']);
      assert.ok(typeof method === 'string' && typeof sent === 'object', JSON.stringify(event).slice(0, 300));
    }
  });
}

const methodOf = (event: SessionEvent): string => Object(event['payload']).method;
const sentIn = (event: SessionEvent) => Object(Object(event['payload']).arguments);

test('a good night is one post in the channel, and at most four in its thread for each upgrade domain', async () => {
  const { events } = await playedIn(teamsChat(), 'happy-walk.txt');
  const posted = events.filter((event) => event.kind === 'said' && methodOf(event) === 'reply' && event['to'] === 'channel');
  // What somebody typed in the channel is answered in the thread of that line.
  const [live, ...thread] = posted.filter(
    ({ text }) => !/^pool01: (upgrade asked for|\w{4} approved by)|^fe\d: patched/u.test(String(text)),
  );
  assert.match(String(live?.['text']), /^Upgrade of pool01/);
  const root = /;messageid=\d+/u;
  assert.ok(thread.every((event) => root.test(JSON.stringify(sentIn(event).conversation))));
  assert.ok(thread.length <= 3 * 4 + 1, `${thread.length} posts for three domains and the end of the run`);
});

test('buttons are pressed, a reason is written in its field, and the rest is typed in every way there is', async () => {
  const { events } = await playedIn(teamsChat(), 'deny-with-a-reason.txt');
  const methods = new Set(events.filter(({ kind }) => kind === 'said').map(methodOf));
  for (const method of ['reply', 'update', 'invoke-response']) assert.ok(methods.has(method), [...methods].join());
});

test('nothing that people or pools say can call anybody, make a link or be taken for markup', async () => {
  const { events } = await playedIn(teamsChat(), 'deny-with-a-reason.txt');
  const said = events.filter(({ kind }) => kind === 'said');
  assert.ok(said.some((event) => JSON.stringify(event).includes('@everyone')));
  for (const event of said) {
    const sent = JSON.stringify(sentIn(event));
    for (const entity of sent.matchAll(/<at>([^<]*)<\/at>/gu)) assert.match(entity[1] ?? '', /^(dana|omar|eve|kim)$/u);
    assert.doesNotMatch(sent, /[^\\]\]\(https?:/u);
  }
});
