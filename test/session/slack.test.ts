import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { SessionEvent } from '../../src/session/record.ts';
import { slackChat } from '../../src/session/slack-chat.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { playedIn, SESSIONS } from './played-in.ts';

const sessions = readdirSync(SESSIONS).filter((name) => name.endsWith('.txt'));
const toThePool = ({ kind }: SessionEvent): boolean => kind !== 'said';

/** The same lines, typed in a terminal and typed, clicked and submitted in Slack. */
for (const name of sessions) {
  test(`in Slack as in the terminal: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const terminal = await playedIn(terminalChat(), name);
    const slack = await playedIn(slackChat(), name);
    assert.equal(slack.code, terminal.code);
    assert.deepEqual(slack.events.filter(toThePool), terminal.events.filter(toThePool));
    const said = slack.events.filter(({ kind }) => kind === 'said');
    for (const event of said) {
      const { method, arguments: sent } = Object(event['payload']);
      assert.ok(typeof method === 'string' && typeof sent === 'object', JSON.stringify(event).slice(0, 300));
    }
  });
}

const methodOf = (event: SessionEvent): string => Object(event['payload']).method;
const sentIn = (event: SessionEvent) => Object(Object(event['payload']).arguments);

test('a good night is one post in the channel, and at most four in its thread for each upgrade domain', async () => {
  const { events } = await playedIn(slackChat(), 'happy-walk.txt');
  const posts = events.filter(
    (event) => event.kind === 'said' && methodOf(event) === 'chat.postMessage' && event['to'] === 'channel',
  );
  const [live, ...thread] = posts.map(sentIn);
  assert.match(String(live?.text), /^Upgrade of pool01/);
  assert.ok(thread.every(({ thread_ts: under }) => under !== undefined));
  assert.ok(thread.length <= 3 * 4 + 1, `${thread.length} posts for three domains and the end of the run`);
});

test('buttons are clicked, a reason is submitted in its form, and the rest is typed in every way there is', async () => {
  const { events } = await playedIn(slackChat(), 'deny-with-a-reason.txt');
  const methods = new Set(events.filter(({ kind }) => kind === 'said').map(methodOf));
  for (const method of ['views.open', 'chat.postEphemeral', 'ack', 'response_url', 'chat.update'])
    assert.ok(methods.has(method), method);
});

test('nothing that people or pools say can ping anybody or make a link', async () => {
  const { events } = await playedIn(slackChat(), 'deny-with-a-reason.txt');
  const shown = events.filter(({ kind }) => kind === 'said').map((event) => JSON.stringify(sentIn(event)));
  assert.ok(shown.some((sent) => sent.includes('@everyone')));
  for (const sent of shown) {
    assert.doesNotMatch(sent, /<(?!!date\^\d+\^\{time\}\|\d\d:\d\d>|@U[A-Z0-9_]+>)/);
  }
});
