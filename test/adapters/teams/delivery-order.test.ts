import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceivedCall } from '../../../src/adapters/teams-simulator/model.ts';
import type { Card } from '../../../src/messages/card.ts';
import { dana, must } from '../../support.ts';
import { asked, type InTeams, inTeams, REQUEST, until } from './in-teams.ts';
import { DANA, NIGHT, OMAR, OPS } from './in-teams-people.ts';

const inOps = ({ conversation }: { readonly conversation: string | null }): boolean => conversation?.startsWith(OPS) ?? false;
const FIRST_STOP = ['Stop-CsWindowsService fe1.sim.example'];
const STANDING = [
  '🔔 Upgrade of pool01: awaiting approval (simulated)',
  '🔔 Approve? pool01: take upgrade domain 1 down (fe1, fe2) (simulated)',
];

const about = (it: InTeams) => ({ pool: must(it.world.managed()[0]).fqdn, owner: dana });
const news = (key: string, changes: Partial<Card> = {}): Card => ({
  key,
  under: 'run-1',
  tone: 'calm',
  title: key,
  lines: [],
  buttons: [],
  ...changes,
});

test('a deleted live card is posted again, says so, and what comes later goes under the new one', async (t) => {
  const it = await asked(t);
  const first = await it.at('run-1');
  it.teams.deleteMessage(first);
  await it.approve(OMAR);
  const live = await it.messageAt('run-1');
  assert.notEqual(live.id, first);
  assert.match(live.text, /^Posted again: the message before was deleted\.\nUpgrade of pool01: stopping/);
  await it.chat?.surface.show(news('after it'), about(it));
  await it.chat?.shown();
  assert.equal((await it.messageAt('after it')).root, live.id);
});

test('in a channel everything stands in the thread of the live card, and alarms by themselves', async (t) => {
  const it = await asked(t);
  const root = await it.at('run-1');
  assert.deepEqual([(await it.messageAt('run-1')).root, (await it.messageAt(REQUEST)).root], [root, root]);
  for (const card of [news('some news'), news('an alarm', { tone: 'alarm' })]) await it.chat?.surface.show(card, about(it));
  await it.chat?.shown();
  assert.equal((await it.messageAt('some news')).root, root);
  const alarm = await it.messageAt('an alarm');
  assert.equal(alarm.root, alarm.id);
  await it.chat?.surface.show(news('an alarm', { tone: 'alarm', lines: ['worse'] }), about(it));
  await it.chat?.shown();
  assert.match((await it.messageAt('an alarm')).text, /worse/);
  assert.equal(it.said(OPS).filter((text) => text.includes('an alarm')).length, 1);
});

test('in a group chat everything stands one after the other, and its buttons work', async (t) => {
  const it = await inTeams(t, { conversations: [NIGHT] });
  await it.say(DANA, 'upgrade pool01');
  await it.chat?.surface.show(news('an alarm', { tone: 'alarm' }), about(it));
  await it.chat?.shown();
  assert.deepEqual(it.titles(NIGHT), [...STANDING, '🚨 an alarm']);
  assert.ok(it.teams.calls.every(({ conversation }) => !conversation?.includes(';messageid=')));
  await it.approve(OMAR, { conversation: NIGHT });
  assert.match(it.told(OMAR), /approved by omar/);
  assert.deepEqual(it.effects, FIRST_STOP);
});

/** The titles of what was sent, in the order in which it was. */
const sentTitles = (calls: readonly ReceivedCall[]): readonly string[] =>
  calls.filter(({ kind }) => kind === 'reply' || kind === 'update').map(({ arguments: { summary } }) => String(summary));

test('what is urgent goes first: alarms, then what asks, then news, then progress', async (t) => {
  const it = await asked(t);
  const surface = must(it.chat).surface;
  await surface.show(news('progress'), about(it));
  await it.chat?.shown();
  const before = it.teams.calls.length;
  const together = [
    news('progress', { title: 'progress goes on' }),
    news('some news'),
    news('a question', { tone: 'ask' }),
    news('an alarm', { tone: 'alarm' }),
  ];
  await Promise.all(together.map((card) => surface.show(card, about(it))));
  await it.chat?.shown();
  assert.deepEqual(sentTitles(it.teams.calls.slice(before)), ['an alarm', 'a question', 'some news', 'progress goes on']);
});

test('a conversation gets no more than its rate, and of a card that changes often only the newest', async (t) => {
  const it = await asked(t);
  const surface = must(it.chat).surface;
  const [from, before] = [it.passed, it.teams.calls.length];
  for (let number = 0; number < 65; number += 1) await surface.show(news(`news ${number}`), about(it));
  for (let number = 0; number < 65; number += 1) await surface.show(news('progress', { title: `${number} %` }), about(it));
  await it.chat?.shown();
  const sent = sentTitles(it.teams.calls.slice(before));
  assert.equal(sent.length, 66);
  assert.ok(sent.includes('64 %'));
  // 60 in 30 seconds and 1,800 in an hour are what Teams takes.
  assert.ok(it.passed - from >= (66 - 5) * 2_000, `${it.passed - from} ms`);
});

test('one conversation is written to by one call at a time, and a slow one holds no other up', async (t) => {
  const it = await inTeams(t);
  const answered = Promise.withResolvers<void>();
  it.teams.faults.next('reply', { kind: 'slow', until: answered.promise }, 1, inOps);
  const surface = must(it.chat).surface;
  for (const key of ['one', 'two', 'three']) await surface.show(news(key, { under: null }), about(it));
  await it.deliver(it.teams.says.personal(DANA, 'pools'));
  await until(() => it.saidTo(DANA).length === 1);
  assert.deepEqual(it.said(OPS), []);
  answered.resolve();
  await it.chat?.shown();
  assert.deepEqual(it.said(OPS), ['one', 'two', 'three']);
});
