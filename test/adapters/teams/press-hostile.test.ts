import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { APPROVE, asked, type InTeams, REQUEST } from './in-teams.ts';
import { DANA, LAB, MALLORY, OMAR, OPS } from './in-teams-people.ts';
import { executed, MESSAGE, submitted, typeOf } from './in-teams-presses.ts';

/** A message that looks the same. */
async function copied(t: TestContext, conversation: string): Promise<{ readonly it: InTeams; readonly copy: string }> {
  const it = await asked(t);
  const { state } = it.teams;
  const { id } = state.say({ conversation: state.conversation(conversation), root: null }, MALLORY, await it.messageAt(REQUEST));
  return { it, copy: id };
}

for (const [what, conversation] of [
  ['in the same channel', OPS],
  ['in another channel', LAB],
] as const)
  test(`a copy of a card ${what} does nothing and says so`, async (t) => {
    const { it, copy } = await copied(t, conversation);
    const written = await it.written();
    for (const phone of [false, true]) {
      await it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId: copy, path: APPROVE, phone }));
      const words = phone ? it.said(conversation).at(-1) : it.told(OMAR);
      assert.match(words ?? '', /That is a copy of a card: press the button on the card itself\. Nothing was changed/);
    }
    assert.equal(await it.written(), written);
    assert.deepEqual(it.effects, []);
  });

test('a press that says of no message that it was on it is one on a copy', async (t) => {
  const it = await asked(t);
  const press = await executed(it, OMAR, { card: REQUEST, button: 'approve' });
  for (const [index, replyToId] of [undefined, null, '1', `${await it.at(REQUEST)}0`].entries()) {
    await it.bring({ ...press, replyToId, id: `f:${index}` });
    assert.match(it.told(OMAR), /That is a copy of a card/);
  }
  assert.deepEqual(it.effects, []);
});

test('a button from before says that the upgrade has moved on, and what it waits for', async (t) => {
  const it = await asked(t);
  await it.mention(DANA, 'pause pool01');
  const data = { card: 'run-1', button: 'resume-pool01' };
  const press = it.teams.says.execute(OMAR, await it.at('run-1'), { type: 'Action.Execute', verb: 'press' }, data);
  await it.mention(DANA, 'resume pool01');
  const written = await it.written();
  await it.bring(press);
  assert.match(it.told(OMAR), /pool01 has moved on since that button was shown: waits for 1 approval/);
  assert.equal(await it.written(), written);
});

const HOSTILE: readonly unknown[] = [
  null,
  [],
  [{ card: REQUEST, button: 'approve' }],
  {},
  'approve',
  7,
  true,
  { card: REQUEST },
  { card: REQUEST, button: null },
  { card: REQUEST, button: ['approve'] },
  { card: { toString: 'run-1' }, button: 'approve' },
  { card: '', button: '' },
  { card: REQUEST, button: 'x'.repeat(10_000) },
  { card: 'x'.repeat(100_000), button: 'approve' },
  { card: REQUEST, button: 'approve', command: 'abort pool01 now' },
  { card: REQUEST, button: 'deny', [`words/${REQUEST}/deny`]: ['a', 'b'] },
  { card: REQUEST, button: 'deny', [`words/${REQUEST}/deny`]: 'x'.repeat(5_000) },
  { card: '__proto__', button: 'constructor' },
  { card: 'constructor', button: '__proto__' },
  JSON.parse(`{"__proto__": {"card": "${REQUEST}", "button": "approve"}}`),
  { verb: 'ask', command: 'abort pool01 now' },
  { verb: 'ask', command: { toString: 'abort' } },
  { verb: 'shell', card: REQUEST, button: 'approve' },
  { verb: ['press'], card: REQUEST, button: 'approve' },
  { card: REQUEST, button: 'abort-pool01-now' },
  { card: 'run-1', button: 'approve' },
  { card: 'run-99-request-1', button: 'approve' },
];

test('hostile data in a press: a clear answer, nothing changed, and no error', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  for (const data of HOSTILE) {
    const what = (JSON.stringify(data) ?? 'nothing').slice(0, 90);
    const before = it.teams.state.alone.length;
    const answer = await it.bring(await executed(it, DANA, data));
    assert.deepEqual([answer.status, typeOf(answer), answer.trouble], [200, MESSAGE, null], what);
    assert.equal(it.teams.state.alone.length, before + 1, what);
    const said = it.said(OPS).length;
    assert.equal((await it.bring(await submitted(it, DANA, data))).status, 200, what);
    assert.equal(it.said(OPS).length, said + 1, `${what}: is answered`);
    assert.equal(await it.written(), written, what);
  }
  assert.deepEqual(it.effects, []);
});

test('a press by another verb, of no verb, or without anything it should have: no effect and never an error of ours', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  const good = { card: REQUEST, button: 'approve' };
  for (const verb of ['approve', 'PRESS', '', 'toString', '__proto__', 'x'.repeat(10_000)]) {
    const answer = await it.bring(await executed(it, OMAR, good, { verb }));
    assert.equal(answer.trouble, null);
    assert.match(it.told(OMAR), /not one of mine\. Nothing was changed/);
  }
  const press = await executed(it, OMAR, good);
  for (const [index, changes] of [
    { value: null },
    { value: undefined },
    { value: [] },
    { value: { action: null } },
    { value: { action: [] } },
    { value: { action: { type: 'Action.Submit', verb: 'press', data: good } } },
    { value: { action: { type: 'Action.Execute', verb: 7, data: good } } },
    { name: 'adaptiveCard/other' },
    { name: undefined },
  ].entries()) {
    const { status } = await it.bring({ ...press, id: `f:odd-${index}`, ...changes });
    assert.ok(status === 200 || status === 501, `${JSON.stringify(changes)}: ${status}`);
  }
  assert.equal(await it.written(), written);
  assert.deepEqual(it.bugs, []);
});
