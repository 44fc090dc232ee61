import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parseLine } from '../../src/session/file.ts';
import type { SessionEvent } from '../../src/session/record.ts';
import { Session } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { bothChats, type ShownThere } from './both-chats.ts';
import { playedIn, SESSIONS } from './played-in.ts';

const toThePool = ({ kind }: SessionEvent): boolean => kind !== 'said';

/** People who sit in Slack and in Teams, some of them in both, and one run in the middle. */
for (const name of readdirSync(SESSIONS).filter((each) => each.endsWith('.txt')))
  test(`in Slack and Teams at once as in the terminal: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const terminal = await playedIn(terminalChat(), name);
    const both = await playedIn(bothChats(), name);
    assert.equal(both.code, terminal.code);
    assert.deepEqual(both.events.filter(toThePool), terminal.events.filter(toThePool));
  });

/** What stood last in each channel, by how it begins, and what was said to somebody alone or in answer. */
async function mirrored(lines: readonly string[]) {
  const shown: ShownThere[] = [];
  const audience = { happened: () => {}, saw: () => {}, log: () => {} };
  const session = new Session({ through: null, chat: bothChats((each) => shown.push(each)), audience });
  try {
    for (const name of ['dana', 'omar', 'eve']) session.world.meet(name);
    for (const line of ['! seed 7', ...lines]) await session.play(parseLine(line, 0));
  } finally {
    await session.close();
  }
  const last = (platform: string, words: RegExp) =>
    shown.findLast((each) => each.platform === platform && each.to === 'channel' && words.test(each.text))?.text ?? '';
  return { shown, last };
}
const POOL = '! pool pool01 version 2013 servers 6 domains fe1,fe2|fe3,fe4|fe5,fe6 paired pool02';

test('a click in one is seen in the other: the request is decided on both, and the live card goes on on both', async () => {
  const { last } = await mirrored([POOL, '@dana upgrade pool01', '@omar approve UX7K']);
  for (const platform of ['Slack', 'Teams']) {
    assert.match(last(platform, /Approve\? pool01/), /APPROVED at 22:00/, platform);
    assert.match(last(platform, /Upgrade of pool01/), /stopping/, platform);
  }
});

test('one person is one vote, whichever account they use; the second is refused by name', async () => {
  const { shown, last } = await mirrored([
    POOL,
    '! approvals 2',
    '@dana upgrade pool01',
    '@omar approve UX7K',
    '@omar approve UX7K',
  ]);
  const refused = shown.findLast(({ text }) => text.includes('one person is one vote'));
  assert.equal(refused?.platform, 'Slack');
  assert.match(refused?.text ?? '', /omar/);
  for (const platform of ['Slack', 'Teams']) assert.doesNotMatch(last(platform, /Approve\? pool01/), /APPROVED/, platform);
});

test('a no in one closes the request on both, with its reason', async () => {
  const { last } = await mirrored([POOL, '@dana upgrade pool01', '@omar deny UX7K the call centre is open']);
  for (const platform of ['Slack', 'Teams'])
    assert.match(last(platform, /Approve\? pool01/), /the call centre is open/, platform);
});

test('the prompt to fail over stands in both channels', async () => {
  const { last } = await mirrored([POOL, '! readiness Busy', '@dana upgrade pool01', '+21m']);
  for (const platform of ['Slack', 'Teams'])
    assert.match(last(platform, /Pool problem/), /Pool problem: pool01: Busy 3 times/, platform);
});
