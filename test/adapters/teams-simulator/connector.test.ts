import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../../support.ts';
import {
  APP,
  activities,
  asking,
  DANA,
  DAWN,
  FABRIKAM,
  inTeams,
  NIGHT,
  OPS,
  PARTNER,
  say,
  show,
  TENANT,
  thread,
} from './in-teams.ts';

test('messages are named by the time they were posted, each by another and later ones by a later one', async (t) => {
  const { posted, clock } = await inTeams(t);
  const [first, second] = [await posted(say('one')), await posted(say('two'), NIGHT)];
  clock.now += 60_000;
  assert.deepEqual([first, second, await posted(say('three'))], [`${DAWN}`, `${DAWN + 1}`, `${DAWN + 60_000}`]);
});

test('a channel keeps threads apart, and a reply may name its thread in either way', async (t) => {
  const { teams, posted, call } = await inTeams(t);
  const [first, second] = [await posted(say('first')), await posted(say('second'))];
  const below = await posted(say('in the first'), thread(OPS, first));
  const { status, body } = await call('POST', activities(OPS, second), say('in the second'));
  assert.equal(status, 201);
  const deeper = await call('POST', activities(thread(OPS, first), below), say('to the one below'));
  assert.deepEqual(
    teams.seenBy(DANA, OPS).map(({ id, root }) => [id, root]),
    [
      [first, first],
      [second, second],
      [below, first],
      [body['id'], second],
      [deeper.body['id'], first],
    ],
  );
});

test('what replies to no message begins by itself', async (t) => {
  const { teams, call } = await inTeams(t);
  for (const to of ['6e3266c4-a5e1-4f37-9f4a-8de5ad3c7c78', 'f:975cac46-e795-f39b-0c0d-491c14495a9b', OPS])
    assert.equal((await call('POST', activities(OPS, to), say('hello'))).status, 201);
  assert.deepEqual(
    teams.seenBy(DANA, OPS).map(({ id, root }) => id === root),
    [true, true, true],
  );
});

test('a thread whose first message is deleted takes nothing any more', async (t) => {
  const { teams, posted, told } = await inTeams(t);
  const root = await posted(show(asking('a run')));
  teams.deleteMessage(root);
  assert.equal(await told('POST', activities(thread(OPS, root)), say('below')), '404 ActivityNotFoundInConversation');
  assert.equal(await told('PUT', activities(OPS, root), say('newer')), '404 ActivityNotFoundInConversation');
  assert.deepEqual(teams.seenBy(DANA, OPS), []);
});

test('a change takes the place of what stood, in a thread as well', async (t) => {
  const { teams, posted, call } = await inTeams(t);
  const root = await posted(show(asking('a run')));
  const below = await posted(show(asking('a question')), thread(OPS, root));
  assert.equal((await call('PUT', activities(thread(OPS, root), below), say('answered'))).status, 200);
  const { body } = await call('PUT', activities(OPS, root), show(asking('an older run')));
  assert.deepEqual(body, { id: root });
  assert.deepEqual(
    teams.seenBy(DANA, OPS).map(({ text, card }) => [text, card === null]),
    [
      ['an older run', false],
      ['answered', true],
    ],
  );
  assert.deepEqual(
    teams.state.conversation(OPS).messages.map(({ edits }) => edits),
    [1, 1],
  );
});

test('that the app is typing is noted, and stays nowhere', async (t) => {
  const { teams, call, seen } = await inTeams(t);
  assert.equal((await call('POST', activities(OPS), { type: 'typing' })).status, 202);
  assert.deepEqual([teams.seenBy(DANA, OPS), seen], [[], []]);
  assert.deepEqual(
    teams.calls.map(({ kind, arguments: given, error }) => [kind, given, error]),
    [['post', { type: 'typing' }, null]],
  );
});

test('the conversation with one person is theirs alone, and the same one every time', async (t) => {
  const { teams, call, seen } = await inTeams(t);
  const { user } = must(teams.state.called(DANA));
  const open = (member: string, more = {}) =>
    call('POST', 'v3/conversations', { members: [{ id: member }], tenantId: TENANT, ...more });
  const first = await open(DANA);
  assert.deepEqual([first.status, Object.keys(first.body)], [201, ['id']]);
  assert.match(String(first.body['id']), /^a:1[\w-]{60,}$/);
  const again = await open(user, { activity: say('psst'), bot: { id: APP.id } });
  assert.deepEqual([again.body['id'], seen.length], [first.body['id'], 1]);
  assert.deepEqual(
    [seen[0]?.method, seen[0]?.to, seen[0]?.activityId],
    ['create', { kind: 'person', id: DANA }, again.body['activityId']],
  );
  assert.equal((await call('POST', 'v3/conversations', { members: [{ id: PARTNER }], tenantId: FABRIKAM })).status, 201);
  assert.deepEqual(
    teams.seenBy(DANA, String(first.body['id'])).map(({ text }) => text),
    ['psst'],
  );
});

test('a conversation that was forgotten is not found, and can be opened again', async (t) => {
  const { teams, told, call } = await inTeams(t);
  const { id } = teams.state.personal(DANA);
  teams.state.conversations.delete(id);
  assert.equal(await told('POST', activities(id), say('hello')), '404 ConversationNotFound');
  await call('POST', 'v3/conversations', { members: [{ id: DANA }], tenantId: TENANT });
  assert.equal(await told('POST', activities(id), say('hello')), '201');
});
