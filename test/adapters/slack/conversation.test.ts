import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolReader } from '../../../src/ports.ts';
import { asked, CHANNEL, inSlack, REQUEST, shownIn } from './in-slack.ts';

test('a slash command that asks is acknowledged empty, and answered to its person alone', async (t) => {
  const it = await inSlack(t);
  assert.equal(await it.slash('U0KIM', 'status pool01'), undefined);
  assert.match(it.told('U0KIM'), /^pool01 is OK \(simulated\)\nok Ready/);
  assert.deepEqual(it.workspace.messages(CHANNEL), []);
});

test('a slash command that changes something is answered within its acknowledgement', async (t) => {
  const it = await inSlack(t);
  const answer = await it.slash('U0DANA', 'upgrade pool01');
  assert.match(shownIn(answer), /^pool01: upgrade asked for by dana; checking the pool/);
  assert.equal(Object(answer).response_type, 'ephemeral');
});

test('nothing typed is a question for help', async (t) => {
  const it = await inSlack(t);
  await it.slash('U0KIM', '  ');
  assert.match(it.told('U0KIM'), /^Commands \(simulated\)\nhelp \[command\]/);
});

test('an order is in the journal before Slack is told that it arrived, also a mention, and the pool hangs meanwhile', async (t) => {
  const hangs: () => Promise<never> = () => new Promise(() => {});
  const it = await inSlack(t, {
    reader: (pools): PoolReader => ({ ...pools, computers: hangs, readiness: hangs, fabric: hangs }),
  });
  const { says } = it.workspace;
  const mention = it.deliver(says.mention('U0DANA', CHANNEL, 'upgrade pool01'));
  await mention.acknowledged;
  assert.equal(await it.written(), 1);
  const slash = it.deliver(says.slash('U0DANA', CHANNEL, '/pool', 'pause pool01'));
  assert.match(shownIn(await slash.acknowledged), /pool01/);
  assert.equal((await it.run())?.paused?.by, 'dana');
  const question = it.deliver(says.slash('U0KIM', CHANNEL, '/pool', 'fabric pool01'));
  assert.equal(await question.acknowledged, undefined, 'a question is acknowledged while the pool hangs');
});

test('who waits for a slow pool is told that it is being worked on, and gets the answer after that', async (t) => {
  let answerNow: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  const it = await inSlack(t, {
    patience: async () => {},
    reader: (pools): PoolReader => ({
      ...pools,
      fabric: async (...question) => {
        await released;
        return pools.fabric(...question);
      },
    }),
  });
  const { done } = it.deliver(it.workspace.says.direct('U0KIM', 'fabric pool01'));
  const direct = it.workspace.state.direct('U0KIM');
  while (!direct.messages.some(({ byBot }) => byBot)) await new Promise((resolve) => setImmediate(resolve));
  assert.match(direct.messages.at(-1)?.text ?? '', /^Working on `fabric pool01`/);
  answerNow();
  await done;
  assert.match(direct.messages.at(-1)?.text ?? '', /^Fabric of pool01/);
});

test('an approver clicks Approve: the card keeps its text, its buttons give way to the outcome, the walk begins', async (t) => {
  const it = await asked(t);
  const before = await it.textAt(REQUEST);
  await it.click('U0OMAR', REQUEST, 'approve');
  assert.match(it.told('U0OMAR'), /approved by omar; looking at the pool once more/);
  const after = it.workspace.state.message(it.workspace.state.channel(CHANNEL), await it.at(REQUEST));
  assert.equal(after.text, `${before}\napproved by omar at 22:00\nAPPROVED at 22:00`);
  assert.ok(!after.blocks.some(({ type }) => type === 'actions'));
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
});

test('a second tap, and the same tap delivered again, change nothing and say what stands', async (t) => {
  const it = await asked(t);
  const ts = await it.at(REQUEST);
  const tap = it.workspace.says.click('U0OMAR', { channel: CHANNEL, ts }, 'press:approve');
  const second = it.workspace.says.click('U0OMAR', { channel: CHANNEL, ts }, 'press:approve');
  await it.bring(tap);
  const written = await it.written();
  for (const again of [tap, second]) {
    await it.bring(again);
    assert.match(
      it.told('U0OMAR'),
      /no longer open: you approved at 22:00; it has been approved at 22:00 by omar. Nothing was changed/,
    );
  }
  assert.equal(await it.written(), written);
});

test('an event that Slack delivers again is heard once, and a question is answered once', async (t) => {
  const it = await inSlack(t);
  const order = it.workspace.says.mention('U0DANA', CHANNEL, 'upgrade pool01');
  const question = it.workspace.says.mention('U0KIM', CHANNEL, 'pools');
  for (const payload of [order, order, question, question]) await it.bring(payload);
  assert.equal((await it.store.runsOf((await it.run())?.request.pool ?? ('' as never), 9)).length, 1);
  const answers = it.workspace.state.ephemeral.filter(({ user }) => user === 'U0KIM');
  assert.equal(answers.length, 1);
  const told = it.workspace.state.ephemeral.filter(({ user }) => user === 'U0DANA').map(({ text }) => text.split('\n')[0]);
  assert.deepEqual(told, [
    'pool01: upgrade asked for by dana; checking the pool (simulated)',
    'pool01 is being upgraded already: awaiting approval, asked for by dana (simulated)',
  ]);
});

for (const [who, user, because] of [
  ['a guest', 'U0GUEST', /a guest account has no rights/],
  ['a deactivated user', 'U0GONE', /your account is deactivated/],
  ['somebody of another workspace', 'U0PARTNER', /your account belongs to another workspace/],
  ['a bot', 'U0WORKFLOW', /a bot has no rights/],
] as const) {
  test(`${who} clicks, types and asks: nothing is changed, and they are told why`, async (t) => {
    const it = await asked(t);
    it.workspace.state.channel(CHANNEL).members.add(user);
    const written = await it.written();
    await it.click(user, REQUEST, 'approve');
    assert.match(it.told(user), because);
    assert.match(shownIn(await it.slash(user, 'abort pool01 now')), because);
    await it.slash(user, 'status pool01');
    assert.match(it.told(user), because);
    assert.equal(await it.written(), written);
  });
}

test('who is on no list may do nothing, and is told by which id they are known', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  await it.click('U0MALLORY', REQUEST, 'approve');
  assert.match(it.told('U0MALLORY'), /You are slack:T0CONTOSO:U0MALLORY to Lifeguard, and no pool lists you/);
  await it.slash('U0MALLORY', 'status pool01');
  assert.match(it.told('U0MALLORY'), /no pool lists you/);
  assert.equal(await it.written(), written);
});

test('who has not the right is told which it is and who has it', async (t) => {
  const it = await asked(t);
  await it.click('U0KIM', REQUEST, 'approve');
  assert.match(it.told('U0KIM'), /that needs the right to approve on pool01, and you do not have it; dana, omar may/);
  await it.click('U0DANA', REQUEST, 'approve');
  assert.match(it.told('U0DANA'), /you asked for this upgrade, so somebody else has to approve: omar/);
});

test('while Slack does not say who somebody is, effects are refused and questions are answered', async (t) => {
  const it = await inSlack(t);
  it.workspace.fail('users.info', { kind: 'status', status: 500 }, 3);
  assert.match(shownIn(await it.slash('U0DANA', 'upgrade pool01')), /^Could not verify you, press again/);
  assert.equal(await it.run(), null);
  await it.slash('U0DANA', 'pools');
  assert.match(it.told('U0DANA'), /^1 pool/);
});

test('Slack is given two seconds to say who somebody is', async (t) => {
  const waits: number[] = [];
  const never = new Promise<void>(() => {});
  const it = await inSlack(t, { patience: async () => void waits.push(1) });
  it.workspace.fail('users.info', { kind: 'slow', until: never });
  const { acknowledged } = it.deliver(it.workspace.says.slash('U0DANA', CHANNEL, '/pool', 'upgrade pool01'));
  assert.match(
    shownIn(await acknowledged),
    /Could not verify you, press again or type it again \(Slack did not say in time who you are\)/,
  );
  assert.equal(await it.run(), null);
});

test('a channel that was shared after the card was posted: the click does nothing there', async (t) => {
  const it = await asked(t);
  it.workspace.state.channel(CHANNEL).shared = true;
  const written = await it.written();
  await it.click('U0OMAR', REQUEST, 'approve');
  assert.match(it.told('U0OMAR'), /This channel is shared with another organisation/);
  assert.equal(await it.written(), written);
});

test('while Slack does not say what a channel is, a click does nothing in it', async (t) => {
  const it = await asked(t);
  it.workspace.fail('conversations.info', { kind: 'error', error: 'internal_error' });
  await it.click('U0OMAR', REQUEST, 'approve');
  assert.match(it.told('U0OMAR'), /Could not verify this channel, press again/);
  assert.deepEqual(it.effects, []);
});

test('a copy of a card does nothing and says so', async (t) => {
  const it = await asked(t);
  const { state, says } = it.workspace;
  const channel = state.channel(CHANNEL);
  const card = state.message(channel, await it.at(REQUEST));
  channel.messages.push({ ...card, ts: '1.000001' });
  await it.bring(says.click('U0OMAR', { channel: CHANNEL, ts: '1.000001' }, 'press:approve'));
  assert.match(it.told('U0OMAR'), /That is a copy of a card: press the button on the card itself/);
  assert.deepEqual(it.effects, []);
});

test('a forged button can say nothing that its card does not', async (t) => {
  const it = await asked(t);
  const click = it.workspace.says.click('U0DANA', { channel: CHANNEL, ts: await it.at(REQUEST) }, 'press:approve');
  const forged = (changes: object) => ({ ...click, actions: [{ ...Object(Object(click)['actions'][0]), ...changes }] });
  const written = await it.written();
  for (const [changes, told] of [
    [{ action_id: 'press:abort-pool01-now' }, /has moved on since that button was shown/],
    [{ value: 'run-1' }, /That is a copy of a card/],
    [{ value: 'abort pool01 now' }, /That is a copy of a card/],
    [{ action_id: 'shell:rm' }, /not one of mine/],
    [{ action_id: 'ask:abort', value: 'abort pool01 now' }, /^Commands/],
  ] as const) {
    await it.bring({ ...forged(changes), trigger_id: `forged-${JSON.stringify(changes)}` });
    assert.match(it.told('U0DANA'), told);
  }
  assert.equal(await it.written(), written);
});

test('a button from before says that the upgrade has moved on, and what it waits for', async (t) => {
  const it = await asked(t);
  await it.slash('U0DANA', 'pause pool01');
  const resume = it.workspace.says.click('U0OMAR', { channel: CHANNEL, ts: await it.at('run-1') }, 'press:resume-pool01');
  await it.slash('U0DANA', 'resume pool01');
  const written = await it.written();
  await it.bring(resume);
  assert.match(it.told('U0OMAR'), /pool01 has moved on since that button was shown: waits for 1 approval/);
  assert.equal(await it.written(), written);
});

test('what apps write, edits, and channel messages without a mention are nobody talking to the bot', async (t) => {
  const it = await inSlack(t);
  const direct = it.workspace.says.direct('U0DANA', 'upgrade pool01');
  const event = (changes: object) => ({ ...direct, event: { ...Object(Object(direct)['event']), ...changes } });
  for (const changes of [{ bot_id: 'B1' }, { subtype: 'message_changed' }, { channel_type: 'channel' }, { text: 7 }])
    assert.equal(await it.bring(event(changes)), undefined);
  assert.equal(await it.run(), null);
});

test('the bot is killed while a request is open: the next one knows its card, posts nothing twice, and takes the click', async (t) => {
  const it = await asked(t);
  await it.slack?.stop();
  await it.start();
  await it.slack?.settled();
  const posts = it.workspace.calls.filter(({ method }) => method === 'chat.postMessage');
  assert.equal(posts.filter(({ arguments: { text } }) => /^Approve\?/.test(String(text))).length, 1);
  assert.ok(posts.some(({ arguments: { text } }) => /I was away/.test(String(text))));
  await it.click('U0OMAR', REQUEST, 'approve');
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
});

test('no token, response address or trigger is ever logged', async (t) => {
  const it = await asked(t);
  it.workspace.fail('chat.update', { kind: 'error', error: 'invalid_auth' }, 1);
  it.workspace.fail('users.info', { kind: 'dropped', taken: false }, 1);
  await it.click('U0OMAR', REQUEST, 'approve');
  await it.slash('U0KIM', 'status pool01');
  assert.ok(it.logged.length > 0);
  assert.doesNotMatch(it.logged.join('\n'), /canary|\/response\/|trigger\./);
});
