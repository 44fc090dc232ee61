import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../../support.ts';
import { APPROVE, asked, type InTeams, inTeams, REQUEST, until } from './in-teams.ts';
import { DANA, LAB, NIGHT, OMAR, OPS } from './in-teams-people.ts';

const inOps = ({ conversation }: { readonly conversation: string | null }): boolean => conversation?.startsWith(OPS) ?? false;
const FIRST_STOP = ['Stop-CsWindowsService fe1.sim.example'];
const STANDING = [
  '🔔 Upgrade of pool01: awaiting approval (simulated)',
  '🔔 Approve? pool01: take upgrade domain 1 down (fe1, fe2) (simulated)',
];

for (const [what, fault, waited] of [
  ['is too busy and says when to come again', { kind: 'ratelimited', retryAfter: 30 }, 60_000],
  ['is too busy and does not say for how long', { kind: 'ratelimited', retryAfter: null }, 10_000],
  ['fails with 412', { kind: 'status', status: 412 }, 2_000],
  ['fails with 500', { kind: 'status', status: 500 }, 2_000],
  ['fails with 502', { kind: 'status', status: 502 }, 2_000],
  ['fails with 504 and not one word', { kind: 'status', status: 504 }, 2_000],
  ['does not know us for a while', { kind: 'status', status: 401 }, 120_000],
  ['breaks the connection before it takes it', { kind: 'dropped', taken: false }, 2_000],
] as const)
  for (const call of ['reply', 'update'] as const)
    test(`Teams ${what} (${call}): each card stands once and is right in the end, and nobody pressed on`, async (t) => {
      const it = await inTeams(t);
      it.teams.faults.next(call, fault, 2, inOps);
      await it.say(DANA, 'upgrade pool01');
      assert.deepEqual(it.titles(), STANDING);
      assert.deepEqual([it.titles(LAB), it.saidTo(DANA).length], [[], 1]);
      assert.ok(it.passed >= waited, `${it.passed} ms`);
      const tries = it.teams.calls.filter((each) => each.kind === call && inOps(each));
      assert.equal(tries.filter(({ error }) => error !== null).length, 2, 'the client itself tries nothing again');
      await it.approve(OMAR);
      assert.deepEqual(it.effects, FIRST_STOP);
    });

test('a post that Teams took before the connection broke is posted once more, and only the newer one works', async (t) => {
  const it = await inTeams(t);
  it.teams.faults.next('reply', { kind: 'dropped', taken: true }, 1, (call) => inOps(call) && isRequest(call));
  await it.say(DANA, 'upgrade pool01');
  const { messages } = it.teams.state.conversation(OPS);
  const [older, newer, ...more] = messages.filter(({ text }) => text.includes('Approve? pool01'));
  assert.deepEqual([more, must(newer).id], [[], await it.at(REQUEST)]);
  await it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId: must(older).id, path: APPROVE }));
  assert.match(it.told(OMAR), /That is a copy of a card/);
  assert.deepEqual(it.effects, []);
  await it.approve(OMAR);
  assert.deepEqual(it.effects, FIRST_STOP);
});

const isRequest = ({ arguments: sent }: { readonly arguments: object }): boolean => JSON.stringify(sent).includes(REQUEST);

test('an edit that Teams took before the connection broke is made again, and nothing is posted', async (t) => {
  const it = await asked(t);
  it.teams.faults.next('update', { kind: 'dropped', taken: true }, 2);
  await it.approve(OMAR);
  assert.equal(it.titles().filter((title) => title.includes('pool01')).length, 3);
  assert.match(await it.textAt(REQUEST), /APPROVED at 22:00/);
});

test('a call that is never answered ends, and is made again', async (t) => {
  const never = Promise.withResolvers<void>();
  t.after(() => never.resolve());
  const limits: number[] = [];
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  t.mock.method(AbortSignal, 'timeout', (milliseconds: number) => {
    limits.push(milliseconds);
    return timeout(milliseconds === 10_000 ? 250 : milliseconds);
  });
  const it = await inTeams(t);
  it.teams.faults.next('reply', { kind: 'slow', until: never.promise }, 1, inOps);
  await it.say(DANA, 'upgrade pool01');
  assert.ok(limits.includes(10_000));
  assert.deepEqual(it.titles(), STANDING);
});

for (const status of [400, 413])
  test(`a card that Teams refuses with ${status} stands in plain words, with what to type instead of its buttons`, async (t) => {
    const it = await inTeams(t);
    it.teams.faults.next('reply', { kind: 'status', status }, 1, (call) => inOps(call) && isRequest(call));
    await it.say(DANA, 'upgrade pool01');
    const { text, card } = await it.messageAt(REQUEST);
    assert.match(text, /Approve\? pool01[\s\S]*Approve: type approve UX7K/);
    assert.doesNotMatch(JSON.stringify(card), /Action\./);
    assert.match(it.logged.join('\n'), /a card was refused/);
    await it.mention(OMAR, 'approve UX7K');
    assert.deepEqual(it.effects, FIRST_STOP);
  });

test('an answer that Teams refuses is given in plain words', async (t) => {
  const it = await inTeams(t);
  const isPlain = ({ arguments: sent }: { readonly arguments: object }): boolean => JSON.stringify(sent).includes('"1.2"');
  it.teams.faults.next('reply', { kind: 'status', status: 400 }, 3, (call) => !isPlain(call));
  await it.say(DANA, 'pools');
  assert.match(it.saidTo(DANA)[0] ?? '', /^1 pool/);
});

test('an answer that Teams takes later is given later, and not for ever', async (t) => {
  const it = await inTeams(t);
  await it.say(DANA, 'pools');
  it.teams.faults.next('reply', { kind: 'ratelimited', retryAfter: 7 }, 2);
  await it.say(DANA, 'pools');
  assert.match(it.saidTo(DANA)[1] ?? '', /^1 pool/);
  it.teams.faults.next('reply', { kind: 'status', status: 502 }, 3);
  await it.say(DANA, 'pools');
  assert.equal(it.saidTo(DANA).length, 2, 'it is not tried for ever');
  assert.match(it.logged.join('\n'), /did not arrive/);
});

for (const [what, close] of [
  [
    'that the bot was taken out of',
    (it: InTeams) => Object.assign(it.teams.state.conversation(OPS), { closed: 'BotNotInConversationRoster' }),
  ],
  ['that somebody blocked', (it: InTeams) => Object.assign(it.teams.state.conversation(OPS), { closed: 'MessageWritesBlocked' })],
  ['that was deleted', (it: InTeams) => it.teams.state.conversations.delete(OPS)],
] as const)
  test(`a channel ${what}: its cards go to the next conversation, and the owner is told once`, async (t) => {
    const it = await asked(t);
    close(it);
    await it.say(OMAR, 'approve');
    await it.say(OMAR, 'pause pool01');
    assert.match(it.titles(LAB).join(), /Upgrade of pool01: .*Approve\? pool01/);
    assert.equal(it.saidTo(DANA).length, 1);
    assert.match(
      it.saidTo(DANA)[0] ?? '',
      /^🚨 I cannot write to channel 19:operations@thread\.tacv2 any longer: Teams answered HTTP 40[34]: [\s\S]*\nIts cards are in channel 19:laboratory@thread\.tacv2 now\./,
    );
  });

test('a button works where its card stands now', async (t) => {
  const it = await inTeams(t);
  it.teams.state.conversation(OPS).closed = 'BotDisabledByAdmin';
  await it.say(DANA, 'upgrade pool01');
  await it.approve(OMAR, { conversation: LAB });
  assert.deepEqual(it.effects, FIRST_STOP);
});

test('when no channel takes anything, the cards come to the owner alone, and their buttons work there', async (t) => {
  const it = await inTeams(t);
  for (const conversation of [OPS, LAB]) it.teams.state.conversation(conversation).closed = 'BotNotInConversationRoster';
  await it.mention(DANA, 'upgrade pool01', NIGHT);
  assert.match(it.saidTo(DANA).join('\n'), /Upgrade of pool01: awaiting approval[\s\S]*Approve\? pool01/);
  assert.match(it.saidTo(DANA).join('\n'), /I cannot write to channel[\s\S]*Its cards come to you here/);
  const own = it.teams.state.personal(DANA).id;
  await it.mention(DANA, 'pause pool01', NIGHT);
  await it.press(DANA, 'run-1', ['Resume'], { conversation: own });
  assert.match(it.told(DANA), /goes on, says dana/);
  assert.equal((await it.run())?.paused, null);
});

test('an owner who has not installed the app gets nothing until they do, and nothing breaks', async (t) => {
  const later = Promise.withResolvers<void>();
  const it = await inTeams(t, { wait: (milliseconds) => (milliseconds > 60_000 ? later.promise : Promise.resolve()) });
  it.teams.state.person(DANA).installed = false;
  for (const conversation of [OPS, LAB]) it.teams.state.conversation(conversation).closed = 'BotNotInConversationRoster';
  await it.deliver(it.teams.says.mention(DANA, NIGHT, 'upgrade pool01'));
  await until(() => it.logged.join().includes('a conversation could not be opened'));
  assert.match(it.logged.join('\n'), /the app is not installed for them/);
  assert.deepEqual([it.saidTo(DANA), (await it.run())?.request.by], [[], 'dana']);
  await it.deliver(it.teams.says.installed(DANA, it.teams.state.personal(DANA).id, 'add'));
  it.passed += 11 * 60_000;
  await it.deliver(it.teams.says.mention(DANA, NIGHT, 'pause pool01'));
  later.resolve();
  await until(() => it.saidTo(DANA).some((text) => text.includes('Upgrade of pool01: paused')));
});

test('a deleted request is posted again, and its new card is the one that works', async (t) => {
  const it = await asked(t);
  it.teams.deleteMessage(await it.at(REQUEST));
  await it.say(OMAR, 'approve');
  assert.match(await it.textAt(REQUEST), /Posted again[\s\S]*APPROVED at 22:00/);
});
