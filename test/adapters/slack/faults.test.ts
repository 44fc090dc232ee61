import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNEL, type InSlack, inSlack, REQUEST } from './in-slack.ts';

const settled = (it: InSlack): Promise<void> | undefined => it.slack?.settled();
const titles = (it: InSlack, channel = CHANNEL): readonly (string | undefined)[] =>
  it.workspace.state.channel(channel).messages.map(({ text }) => text.split('\n')[0]);

/** The live card and the request stand once each, and say what the journal says. */
async function standsRight(it: InSlack): Promise<void> {
  assert.deepEqual(titles(it), [
    'Upgrade of pool01: awaiting approval (simulated)',
    'Approve? pool01: take upgrade domain 1 down (fe1, fe2) (simulated)',
  ]);
}

for (const [what, method, fault] of [
  ['Slack is busy and says when to come again', 'chat.postMessage', { kind: 'ratelimited', retryAfter: 30 }],
  ['Slack fails', 'chat.postMessage', { kind: 'status', status: 500 }],
  ['the connection breaks before a post', 'chat.postMessage', { kind: 'dropped', taken: false }],
  ['the connection breaks after Slack has taken a post', 'chat.postMessage', { kind: 'dropped', taken: true }],
  ['an edit fails', 'chat.update', { kind: 'error', error: 'internal_error' }],
  ['an edit is dropped', 'chat.update', { kind: 'dropped', taken: true }],
  ['looking for our own post fails', 'conversations.history', { kind: 'status', status: 503 }],
] as const) {
  test(`${what}: each card stands once and is right in the end`, async (t) => {
    const it = await inSlack(t);
    it.workspace.fail(method, fault, 2);
    if (method === 'conversations.history') it.workspace.fail('chat.postMessage', { kind: 'dropped', taken: true });
    await it.slash('U0DANA', 'upgrade pool01');
    await settled(it);
    await standsRight(it);
  });
}

test('a deleted live card is posted again with a link to its thread, and what comes later goes under the new one', async (t) => {
  const it = await inSlack(t);
  await it.slash('U0DANA', 'upgrade pool01');
  const first = await it.at('run-1');
  it.workspace.deleteMessage(CHANNEL, first);
  await it.click('U0OMAR', REQUEST, 'approve');
  await settled(it);
  const second = await it.at('run-1');
  assert.notEqual(second, first);
  const card = it.workspace.messages(CHANNEL).find(({ ts }) => ts === second);
  assert.match(card?.text ?? '', /^Upgrade of pool01: stopping/);
  assert.match(JSON.stringify(card?.blocks), /Posted again: the message before was deleted.*<https:\/\/[^|]+\|/);
});

for (const [what, close] of [
  ['archived', (it: InSlack) => (it.workspace.state.channel(CHANNEL).archived = true)],
  ['one the bot was removed from', (it: InSlack) => it.workspace.state.channel(CHANNEL).members.delete('U0LIFEGUARD')],
] as const) {
  test(`a channel that is ${what}: the cards go to the next one, and the owner is told once`, async (t) => {
    const it = await inSlack(t);
    await it.slash('U0DANA', 'upgrade pool01');
    close(it);
    await it.slash('U0OMAR', 'approve');
    await settled(it);
    assert.match(titles(it, 'C0FALLBACK').join(), /Upgrade of pool01: stopping.*Approve\? pool01/);
    const told = it.workspace.state.direct('U0DANA').messages.map(({ text }) => text);
    assert.equal(told.length, 1);
    assert.match(
      told[0] ?? '',
      /^I cannot write to channel C0LYNCOPS any longer: .*\n.*\nIts cards are in channel C0FALLBACK now\./,
    );
  });
}

test('a button works where its card stands now', async (t) => {
  const it = await inSlack(t);
  it.workspace.state.channel(CHANNEL).archived = true;
  await it.slash('U0DANA', 'upgrade pool01');
  await settled(it);
  const stands = await it.store.posted(REQUEST, 'C0FALLBACK');
  await it.bring(it.workspace.says.click('U0OMAR', { channel: 'C0FALLBACK', ts: stands?.messageId ?? '' }, 'press:approve'));
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
});

test('no privileged card is posted where another organisation reads along', async (t) => {
  const it = await inSlack(t);
  it.workspace.state.channel(CHANNEL).shared = true;
  await it.slash('U0DANA', 'upgrade pool01');
  await settled(it);
  assert.ok(!it.workspace.state.channel(CHANNEL).messages.some(({ blocks }) => JSON.stringify(blocks).includes('"actions"')));
  assert.match(titles(it, 'C0FALLBACK').join(), /Approve\? pool01/);
});

test('a picture goes with a request, and says in words what it shows', async (t) => {
  const it = await inSlack(t);
  await it.slash('U0DANA', 'upgrade pool01');
  const request = it.workspace.state.message(it.workspace.state.channel(CHANNEL), await it.at(REQUEST));
  const picture = request.blocks.find(({ type }) => type === 'image');
  assert.match(
    String(picture?.['alt_text']),
    /Upgrade domain 1 \(at hand\): fe1 runs, fe2 runs.*Quorum: 4 of 6 will run, any 3 needed: margin 1/,
  );
  await it.click('U0OMAR', REQUEST, 'approve');
  assert.deepEqual(
    request.blocks.find(({ type }) => type === 'image'),
    picture,
    'it stays when the request is decided',
  );
  assert.equal(it.workspace.calls.filter(({ method }) => method === 'files.completeUploadExternal').length, 1);
});

for (const [what, method, fault] of [
  ['cannot be announced', 'files.getUploadURLExternal', { kind: 'error', error: 'missing_scope' }],
  ['cannot be completed', 'files.completeUploadExternal', { kind: 'status', status: 500 }],
] as const) {
  test(`a picture that ${what} holds no card up`, async (t) => {
    const it = await inSlack(t);
    it.workspace.fail(method, fault);
    await it.slash('U0DANA', 'upgrade pool01');
    await settled(it);
    await standsRight(it);
    const request = it.workspace.state.message(it.workspace.state.channel(CHANNEL), await it.at(REQUEST));
    assert.ok(!request.blocks.some(({ type }) => type === 'image'));
    assert.match(it.logged.join('\n'), /a picture was left out/);
  });
}

test('a message that Slack does not take with its picture is posted without, with its buttons', async (t) => {
  const it = await inSlack(t);
  const refused = { kind: 'error', error: 'invalid_blocks' } as const;
  it.workspace.fail('chat.postMessage', refused, 1, ({ text }) => /^Approve/.test(String(text)));
  await it.slash('U0DANA', 'upgrade pool01');
  await settled(it);
  await standsRight(it);
  const request = it.workspace.state.message(it.workspace.state.channel(CHANNEL), await it.at(REQUEST));
  assert.ok(request.blocks.some(({ type }) => type === 'actions'));
  assert.ok(!request.blocks.some(({ type }) => type === 'image'));
});

test('Slack cannot be reached at the start: it is asked again until it answers, and then everything goes on', async (t) => {
  const it = await inSlack(t);
  await it.slash('U0DANA', 'upgrade pool01');
  await it.slack?.stop();
  it.workspace.fail('auth.test', { kind: 'status', status: 503 }, 2);
  it.workspace.fail('auth.test', { kind: 'dropped', taken: false });
  await it.start();
  await settled(it);
  await it.click('U0OMAR', REQUEST, 'approve');
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
  assert.equal(it.logged.filter((line) => line.includes('Slack cannot be reached')).length, 3);
});

test('a token that Slack refuses at the start is refused at once', async (t) => {
  const it = await inSlack(t);
  await it.slack?.stop();
  it.workspace.fail('auth.test', { kind: 'error', error: 'account_inactive' });
  await assert.rejects(it.start(), /Slack does not let Lifeguard in: account_inactive/);
});
