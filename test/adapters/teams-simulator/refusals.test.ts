import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ABSENT,
  activities,
  asking,
  cardOf,
  DANA,
  FABRIKAM,
  GUEST,
  inTeams,
  LAB,
  NIGHT,
  OMAR,
  OPS,
  PARTNER,
  say,
  show,
  TENANT,
  thread,
} from './in-teams.ts';

const NOTHING = '1700000000000';
const CALLED = { type: 'mention', text: '<at>Dana</at>', mentioned: { id: DANA, name: 'Dana' } };
const BIG = cardOf([{ type: 'TextBlock', text: 'x'.repeat(52_000) }]);

/** What is asked, with names for what stands, and what Teams answers to it. */
const REFUSED: readonly (readonly [method: string, path: string, body: unknown, told: string])[] = [
  ['POST', activities('19:nowhere@thread.tacv2'), say('hello'), '404 ConversationNotFound'],
  ['POST', activities(thread('19:nowhere@thread.tacv2', NOTHING)), say('hello'), '404 ConversationNotFound'],
  ['POST', activities(thread(OPS, NOTHING)), say('hello'), '404 ActivityNotFoundInConversation'],
  ['POST', activities(thread(OPS, 'REPLY')), say('hello'), '404 ActivityNotFoundInConversation'],
  ['POST', activities(thread(NIGHT, 'GROUPED')), say('hello'), '400 BadSyntax'],
  ['POST', activities(OPS, NOTHING), say('hello'), '404 ActivityNotFoundInConversation'],
  ['POST', activities(LAB, 'OURS'), say('hello'), '404 ActivityNotFoundInConversation'],
  ['POST', activities(OPS), { type: 'message' }, '400 BadSyntax'],
  ['POST', activities(OPS), say(' '), '400 BadSyntax'],
  ['POST', activities(OPS), { type: 'trace', text: 'hello' }, '400 BadSyntax'],
  ['POST', activities(OPS), { text: 'hello' }, '400 BadSyntax'],
  ['POST', activities(OPS), '{', '400 BadSyntax'],
  ['POST', activities(OPS), [], '400 BadSyntax'],
  ['POST', activities(OPS), say('unshowable'), '400 BadSyntax'],
  ['POST', activities(OPS), show(asking('unshowable')), '400 BadSyntax'],
  ['POST', activities(OPS), { ...show(asking('a card')), text: 'and words' }, '400 BadSyntax'],
  ['POST', activities(OPS), { ...show(asking('a card')), attachments: [{ contentType: 'image/png' }] }, '400 BadSyntax'],
  ['POST', activities(OPS), show({ ...asking('a card'), type: 'Card' }), '400 BadSyntax'],
  ['POST', activities(OPS), show({ ...asking('a card'), version: '1.6' }), '400 BadSyntax'],
  ['POST', activities(OPS), show({ ...asking('a card'), version: 'newest' }), '400 BadSyntax'],
  ['POST', activities(OPS), show({ ...asking('a card'), body: undefined }), '400 BadSyntax'],
  ['POST', activities(OPS), show({ ...asking('a card'), msteams: { entities: [CALLED] } }), '400 BadSyntax'],
  ['POST', activities(OPS), show(BIG), '413 MessageSizeTooBig'],
  ['PUT', activities(OPS, NOTHING), say('hello'), '404 ActivityNotFoundInConversation'],
  ['PUT', activities(LAB, 'OURS'), say('hello'), '404 ActivityNotFoundInConversation'],
  ['PUT', activities(OPS, 'GONE'), say('hello'), '404 ActivityNotFoundInConversation'],
  ['PUT', activities(thread(OPS, 'OTHER'), 'OURS'), say('hello'), '404 ActivityNotFoundInConversation'],
  ['PUT', activities(OPS, 'THEIRS'), say('hello'), '403 NotEnoughPermissions'],
  ['PUT', activities(OPS, 'OURS'), show(asking('unshowable')), '400 BadSyntax'],
  ['PUT', activities(OPS, 'OURS'), show(BIG), '413 MessageSizeTooBig'],
  ['PUT', activities(OPS, 'OURS'), { type: 'typing' }, '400 BadSyntax'],
  ['DELETE', activities(OPS, NOTHING), undefined, '404 ActivityNotFoundInConversation'],
  ['DELETE', activities(OPS, 'GONE'), undefined, '404 ActivityNotFoundInConversation'],
  ['DELETE', activities(OPS, 'THEIRS'), undefined, '403 NotEnoughPermissions'],
  ['POST', 'v3/conversations', { members: [{ id: DANA }] }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [], tenantId: TENANT }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ id: DANA }, { id: OMAR }], tenantId: TENANT }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ id: DANA }], tenantId: TENANT, isGroup: true }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ id: DANA }], tenantId: TENANT, bot: { id: '28:other' } }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ aadObjectId: DANA }], tenantId: TENANT }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ id: DANA }], tenantId: FABRIKAM }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ id: PARTNER }], tenantId: TENANT }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { members: [{ id: '29:nobody' }], tenantId: TENANT }, '400 MemberNotFoundInConversation'],
  ['POST', 'v3/conversations', { members: [{ id: ABSENT }], tenantId: TENANT }, '403 BotNotInConversationRoster'],
  ['POST', 'v3/conversations', { channelData: { channel: { id: OPS } } }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { channelData: { channel: { id: NIGHT } }, activity: say('hello') }, '400 BadSyntax'],
  ['POST', 'v3/conversations', { channelData: { channel: { id: 'none' } }, activity: say('hello') }, '404 ConversationNotFound'],
  ['GET', 'v3/conversations/none/members', undefined, '404 ConversationNotFound'],
  ['GET', `v3/conversations/${OPS}/members/29:nobody`, undefined, '404 MemberNotFoundInConversation'],
  ['GET', `v3/conversations/${LAB}/members/${GUEST}`, undefined, '404 MemberNotFoundInConversation'],
  ['GET', `v3/conversations/${OPS}/pagedmembers?continuationToken=none`, undefined, '400 BadSyntax'],
  ['GET', `v3/conversations/${OPS}/pagedmembers?pageSize=many`, undefined, '400 BadSyntax'],
  ['GET', 'v3/teams/none', undefined, '404 ConversationNotFound'],
  ['GET', 'v3/teams/none/conversations', undefined, '404 ConversationNotFound'],
  ['GET', 'v3/meetings/1', undefined, '404 NotFound'],
  ['GET', 'v3/conversations/%zz/members', undefined, '404 ConversationNotFound'],
  ['GET', '/elsewhere/v3/teams/none', undefined, '404 NotFound'],
  ['PATCH', activities(OPS), say('hello'), '404 NotFound'],
];

test('what Teams refuses is refused with its status and code, changes nothing and shows nothing', async (t) => {
  const { teams, told, posted, call, seen } = await inTeams(t);
  const OURS = await posted(say('ours'));
  const OTHER = await posted(say('other'));
  const REPLY = await posted(say('below'), thread(OPS, OTHER));
  const GONE = await posted(say('gone'));
  await call('DELETE', activities(OPS, GONE));
  const GROUPED = await posted(say('grouped'), NIGHT);
  const THEIRS = String(teams.says.mention(DANA, OPS, 'theirs')['id']);
  const stands: Readonly<Record<string, string>> = { OURS, OTHER, REPLY, GONE, GROUPED, THEIRS };
  const standing = (): string => JSON.stringify([...teams.state.conversations.values()].map(({ messages }) => messages));
  const before = standing();
  const [shown, made] = [seen.length, teams.calls.length];
  for (const [method, path, body, expected] of REFUSED) {
    const filled = path.replace(/OURS|OTHER|REPLY|GONE|GROUPED|THEIRS/g, (name) => stands[name] ?? name);
    assert.deepEqual({ method, path, body, told: await told(method, filled, body) }, { method, path, body, told: expected });
  }
  assert.equal(standing(), before);
  assert.equal(seen.length, shown);
  assert.deepEqual(
    teams.calls.slice(made).map(({ error }) => error),
    REFUSED.map(([, , , expected]) => expected.split(' ')[1]),
  );
});

test('why something is refused is said', async (t) => {
  const { call } = await inTeams(t);
  const { body } = await call('POST', activities(OPS), show(asking('unshowable')));
  assert.deepEqual(body, { error: { code: 'BadSyntax', message: 'it cannot be shown' } });
});

const CLOSED = [
  'BotNotInConversationRoster',
  'BotDisabledByAdmin',
  'ConversationBlockedByUser',
  'ForbiddenOperationException',
] as const;

for (const code of CLOSED)
  test(`a conversation that is closed (${code}) takes nothing, and shows nobody`, async (t) => {
    const { teams, told, posted } = await inTeams(t);
    const id = await posted(say('before'));
    teams.state.conversation(OPS).closed = code;
    for (const [method, path, body] of [
      ['POST', activities(OPS), say('after')],
      ['POST', activities(OPS, id), say('after')],
      ['PUT', activities(OPS, id), say('after')],
      ['DELETE', activities(OPS, id), undefined],
      ['GET', `v3/conversations/${OPS}/members`, undefined],
    ] as const)
      assert.equal(await told(method, path, body), `403 ${code}`);
    teams.state.conversation(OPS).closed = null;
    assert.deepEqual(
      teams.seenBy(DANA, OPS).map(({ text }) => text),
      ['before'],
    );
  });

test('somebody who blocked the app is told of in the other shape that Teams has for it', async (t) => {
  const { teams, call } = await inTeams(t);
  const { id } = teams.state.personal(DANA);
  teams.state.conversation(id).closed = 'MessageWritesBlocked';
  const { status, body } = await call('POST', activities(id), say('hello'));
  assert.deepEqual([status, body['errorCode'], JSON.parse(String(body['message'])).subCode], [403, 209, 'MessageWritesBlocked']);
  assert.equal(body['error'], undefined);
});
