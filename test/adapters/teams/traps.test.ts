import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { answering, asked, type InTeams, inTeams, PASSWORD, REQUEST } from './in-teams.ts';
import { DANA, KIM, OMAR, OPS } from './in-teams-people.ts';

/** Everything that is written past the log while a test runs. */
function console_(t: TestContext): readonly string[] {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = ((chunk: unknown, ...rest: never[]) => {
      // The test runner speaks to its parent in bytes.
      if (typeof chunk === 'string') written.push(chunk);
      return write(chunk as string, ...rest);
    }) as typeof stream.write;
    t.after(() => {
      stream.write = write;
    });
  }
  return written;
}

const typing = (it: InTeams): number => it.teams.calls.filter(({ arguments: { type } }) => type === 'typing').length;

test('nobody is shown that the bot types: a turn has ended before the SDK’s timer has', async (t) => {
  const it = await inTeams(t, { reader: (pools) => answering(pools, { fabric: () => new Promise(() => {}) }) });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await it.deliver(it.teams.says.mention(KIM, OPS, 'fabric pool01'));
  await it.deliver(it.teams.says.personal(DANA, 'upgrade pool01'));
  t.mock.timers.tick(60_000);
  t.mock.timers.reset();
  await it.deliver(it.teams.says.personal(DANA, 'pools'));
  assert.equal(typing(it), 0);
});

test('the words of a command inside a sentence are no command', async (t) => {
  const it = await inTeams(t);
  for (const text of ['please do NOT upgrade pool01', 'an upgrade?', 'upgraded pool01', 'home upgrade pool01'])
    for (const say of [it.mention.bind(it), it.say.bind(it)]) await say(DANA, text);
  assert.equal(await it.run(), null);
});

/** An activity of dana's with an order in it, of another kind than a message. */
const ofKind = (it: InTeams, index: number, changes: object) => ({
  ...it.teams.says.mention(DANA, OPS, 'abort pool01 now'),
  value: { verb: 'press', card: REQUEST, button: 'approve' },
  ...changes,
  id: `other-${index}`,
});

for (const [status, kinds] of [
  [
    200,
    [
      { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
      { type: 'messageUpdate', channelData: { eventType: 'editMessage' } },
      { type: 'messageDelete' },
      { type: 'conversationUpdate', membersAdded: [{ id: '28:somebody' }] },
      { type: 'conversationUpdate', channelData: { eventType: 'channelRenamed' } },
      { type: 'endOfConversation' },
      { type: 'typing' },
      { type: 'event', name: 'application/vnd.microsoft.readReceipt' },
      { type: 'suggestion' },
      { type: 'toString' },
    ],
  ],
  [
    501,
    [
      { type: 'invoke', name: 'composeExtension/query' },
      { type: 'invoke', name: 'task/fetch' },
      { type: 'invoke', name: 'signin/verifyState' },
      { type: 'invoke', name: 'message/submitAction' },
      { type: 'invoke', name: 'constructor' },
      { type: 'invoke' },
    ],
  ],
] as const)
  test(`what is no message and no press is answered with ${status}, and changes nothing`, async (t) => {
    const it = await asked(t);
    const [written, said] = [await it.written(), it.said(OPS).length];
    for (const [index, changes] of kinds.entries()) {
      const answer = await it.bring(ofKind(it, index, changes));
      assert.deepEqual([answer.status, answer.body], [status, null], JSON.stringify(changes));
    }
    assert.deepEqual([await it.written(), it.said(OPS).length, it.effects], [written, said, []]);
  });

test('what somebody edits into a message of theirs is not carried out', async (t) => {
  const it = await asked(t);
  await it.mention(DANA, 'pools');
  const own = it.teams.state.conversation(OPS).messages.findLast(({ by }) => by === DANA)?.id ?? '';
  const written = await it.written();
  assert.equal((await it.bring(it.teams.says.edited(DANA, own, 'abort pool01 now'))).status, 200);
  assert.equal(await it.written(), written);
});

test('an activity that lacks what the SDK needs is answered with an error of no words, and is no bug', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  for (const [index, changes] of [
    { recipient: undefined },
    { recipient: { name: 'x' } },
    { type: 'event', recipient: null },
  ].entries()) {
    const answer = await it.bring({ ...it.teams.says.mention(DANA, OPS, 'pools'), id: `less-${index}`, ...changes });
    assert.ok([400, 500].includes(answer.status ?? 0), String(answer.status));
    assert.equal(answer.body, null);
  }
  assert.equal(await it.written(), written);
});

test('a message of a shape that Teams does not document is let pass, and is in the log', async (t) => {
  const it = await inTeams(t);
  const said = it.teams.says.personal(DANA, 'upgrade pool01');
  for (const [index, changes] of [{ text: 7 }, { text: ['upgrade pool01'] }, { entities: 'x' }, { replyToId: 7 }].entries()) {
    it.logged.length = 0;
    const answer = await it.bring({ ...said, id: `odd-${index}`, ...changes });
    assert.deepEqual([answer.status, it.saidTo(DANA)], [200, []]);
    assert.match(it.logged.join(), /an activity of no known shape/);
  }
  assert.equal(await it.run(), null);
});

/** A record that cannot be written any more. */
const broken = (store: OpenedStore): OpenedStore => ({
  ...store,
  openRun: async () => {
    throw new Error('the disk is full: canary-path');
  },
  append: async () => {
    throw new Error('the disk is full: canary-path');
  },
});

test('a bug in a handler ends the program, is told to nobody out there, and the order counts as not delivered', async (t) => {
  const written = console_(t);
  const it = await inTeams(t, { store: broken });
  const order = it.teams.says.personal(DANA, 'upgrade pool01');
  const answer = await it.deliver(order);
  assert.deepEqual([answer.status, answer.body], [500, null]);
  assert.match(String(it.bugs), /the disk is full/);
  assert.equal(it.bugs.length, 1);
  assert.doesNotMatch(written.join(''), /canary/);
});

test('a bug behind a press ends the program too, and its client is told of an error of no words', async (t) => {
  const written = console_(t);
  let breaks = false;
  const it = await asked(t, {
    store: (store) => ({ ...store, append: async (...event) => (breaks ? broken(store) : store).append(...event) }),
  });
  breaks = true;
  const messageId = await it.at(REQUEST);
  const answer = await it.teams.press(it.url, { person: OMAR, messageId, path: ['Approve', 'Yes: Approve'] });
  assert.deepEqual([answer.status, answer.body, answer.trouble], [500, null, 'the app cannot be reached']);
  assert.match(String(it.bugs), /the disk is full/);
  assert.doesNotMatch(written.join(''), /canary/);
});

test('an empty body, no body and a body of something else are refused without a word', async (t) => {
  const it = await inTeams(t);
  for (const body of ['{}', '', '[]', 'null', '"x"', '{"type":"message"}', '{"type":']) {
    const response = await fetch(`${it.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${it.teams.sign()}` },
      body,
    });
    assert.ok(response.status >= 400 && response.status < 500, `${body}: ${response.status}`);
    assert.equal(await response.text(), '');
  }
  assert.deepEqual(it.bugs, []);
});

test('without its token nothing is heard, whatever it says', async (t) => {
  const it = await inTeams(t);
  const order = it.teams.says.personal(DANA, 'upgrade pool01');
  for (const token of [null, '', 'x', it.teams.sign({ signedBy: 'impostor' }), it.teams.sign({ claims: { aud: 'another' } })]) {
    const answer = await it.teams.deliver(it.url, order, { token });
    assert.deepEqual([answer.status, answer.body], [401, null]);
  }
  assert.equal(await it.run(), null);
});

test('a service that the token is not for, or that is not admitted, is neither heard nor remembered', async (t) => {
  const it = await inTeams(t);
  const order = it.teams.says.personal(DANA, 'upgrade pool01');
  const elsewhere = 'https://attacker.example/';
  const own = it.teams.sign();
  assert.equal((await it.teams.deliver(it.url, { ...order, serviceUrl: elsewhere }, { token: own })).status, 403);
  assert.equal((await it.teams.deliver(it.url, { ...order, serviceUrl: elsewhere })).status, 403);
  const another = { ...order, serviceUrl: it.teams.serviceUrl.replace('/emea/', '/amer/') };
  assert.equal((await it.teams.deliver(it.url, another, { token: own })).status, 401);
  assert.equal(await it.run(), null);
  assert.equal(await it.store.posted('teams-reference', it.teams.state.personal(DANA).id), null);
});

test('nothing is written past the log, and neither there nor in the log is a secret', async (t) => {
  const written = console_(t);
  const it = await asked(t);
  for (const fault of [
    { kind: 'status', status: 401 },
    { kind: 'status', status: 500 },
    { kind: 'dropped', taken: false },
    { kind: 'forbidden', code: 'MessageWritesBlocked' },
    { kind: 'ratelimited', retryAfter: 1 },
  ] as const) {
    it.teams.faults.next(['reply', 'update', 'members'], fault, 3);
    await it.say(KIM, 'status pool01');
    await it.mention(DANA, 'pause pool01');
    await it.mention(DANA, 'resume pool01');
  }
  await it.deliver(ofKind(it, 1, { type: 'invoke', name: 'task/fetch' }));
  await it.deliver({ ...ofKind(it, 2, { type: 'event' }), recipient: undefined });
  assert.ok(it.logged.length > 0);
  assert.deepEqual(
    written.filter((line) => /error|warn|teams|bot|bearer/iu.test(line)),
    [],
  );
  assert.doesNotMatch(`${it.logged.join('\n')}${written.join('\n')}`, new RegExp(`${PASSWORD}|canary|eyJ|[Bb]earer`, 'u'));
});
