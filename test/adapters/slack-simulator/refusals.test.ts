import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP_TOKEN, BOT, ELSEWHERE, FORM, inWorkspace, OPS, PAGE } from './in-workspace.ts';

type Given = Readonly<Record<string, unknown>>;
const NOTHING = '1700000000.000000';

/** Typed in from the methods' pages at docs.slack.dev. PERSONAL stands for a person's message, OURS and REPLY for two of the bot's. */
const REFUSED: readonly (readonly [method: string, given: Given, word: string])[] = [
  ['chat.postMessage', { text: 'hello' }, 'invalid_arguments'],
  ['chat.postMessage', { channel: OPS, text: 7 }, 'invalid_arguments'],
  ['chat.postMessage', { channel: OPS, text: 'hello', colour: 'red' }, 'invalid_arguments'],
  ['chat.postMessage', { channel: OPS, text: 'hello', unfurl_links: 'perhaps' }, 'invalid_arguments'],
  ['chat.postMessage', { channel: 'C0NONE', text: 'hello' }, 'channel_not_found'],
  ['chat.postMessage', { channel: ELSEWHERE, text: 'hello' }, 'not_in_channel'],
  ['chat.postMessage', { channel: OPS }, 'no_text'],
  ['chat.postMessage', { channel: OPS, text: '', blocks: [] }, 'no_text'],
  ['chat.postMessage', { channel: OPS, text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ['chat.postMessage', { channel: OPS, text: 'unshowable' }, 'invalid_blocks'],
  ['chat.postMessage', { channel: OPS, text: 'hello', blocks: 'many' }, 'invalid_blocks_format'],
  ['chat.postMessage', { channel: OPS, text: 'hello', blocks: ['one'] }, 'invalid_blocks_format'],
  ['chat.postMessage', { channel: OPS, text: 'hello', blocks: [{ type: 'image', slack_file: { id: 'F0' } }] }, 'invalid_blocks'],
  ['chat.postMessage', { channel: OPS, text: 'hello', metadata: { event_type: 'card' } }, 'invalid_metadata_format'],
  ['chat.postMessage', { channel: OPS, text: 'hello', metadata: 'card' }, 'invalid_metadata_format'],
  ['chat.postMessage', { channel: OPS, text: 'hello', thread_ts: NOTHING }, 'thread_not_found'],
  ['chat.postMessage', { channel: OPS, text: 'hello', thread_ts: 'REPLY' }, 'cannot_reply_to_message'],
  ['chat.update', { channel: OPS, text: 'hello' }, 'invalid_arguments'],
  ['chat.update', { channel: OPS, text: 'hello', ts: NOTHING }, 'message_not_found'],
  ['chat.update', { channel: OPS, text: 'hello', ts: 'PERSONAL' }, 'cant_update_message'],
  ['chat.update', { channel: OPS, ts: 'OURS', blocks: [] }, 'no_text'],
  ['chat.update', { channel: OPS, ts: 'OURS', text: 'unshowable' }, 'invalid_blocks'],
  ['chat.postEphemeral', { channel: OPS, text: 'hello' }, 'invalid_arguments'],
  ['chat.postEphemeral', { channel: OPS, text: 'hello', user: 'U0GUEST' }, 'user_not_in_channel'],
  ['chat.postEphemeral', { channel: ELSEWHERE, text: 'hello', user: 'U0DANA' }, 'not_in_channel'],
  ['chat.postEphemeral', { channel: OPS, user: 'U0DANA' }, 'no_text'],
  ['chat.postEphemeral', { channel: OPS, user: 'U0DANA', text: 'hello', thread_ts: NOTHING }, 'thread_not_found'],
  ['chat.postEphemeral', { channel: OPS, user: 'U0DANA', text: 'hello', thread_ts: 'REPLY' }, 'cannot_reply_to_message'],
  ['chat.delete', { channel: OPS, ts: NOTHING }, 'message_not_found'],
  ['chat.delete', { channel: OPS, ts: 'PERSONAL' }, 'cant_delete_message'],
  ['chat.getPermalink', { channel: 'C0NONE', message_ts: 'OURS' }, 'channel_not_found'],
  ['chat.getPermalink', { channel: OPS, message_ts: NOTHING }, 'message_not_found'],
  ['conversations.info', { channel: 'C0NONE' }, 'channel_not_found'],
  ['conversations.open', {}, 'invalid_arguments'],
  ['conversations.open', { users: 'U0NOBODY' }, 'user_not_found'],
  ['conversations.open', { users: 'U0GONE' }, 'user_disabled'],
  ['conversations.open', { users: BOT.userId }, 'cannot_dm_bot'],
  ['conversations.history', { channel: ELSEWHERE }, 'not_in_channel'],
  ['conversations.history', { channel: OPS, limit: 1_000 }, 'invalid_arguments'],
  ['conversations.history', { channel: OPS, cursor: 'elsewhere' }, 'invalid_cursor'],
  ['conversations.history', { channel: OPS, oldest: 'yesterday' }, 'invalid_ts_oldest'],
  ['conversations.history', { channel: OPS, latest: 'now' }, 'invalid_ts_latest'],
  ['conversations.replies', { channel: OPS, ts: NOTHING }, 'thread_not_found'],
  ['conversations.replies', { channel: ELSEWHERE, ts: NOTHING }, 'not_in_channel'],
  ['users.info', { user: 'U0NOBODY' }, 'user_not_found'],
  ['users.info', { user: '' }, 'invalid_arguments'],
  ['usergroups.list', { include_disabled: 'perhaps' }, 'invalid_arguments'],
  ['views.open', { trigger_id: 'made-up', view: FORM }, 'invalid_trigger_id'],
  ['views.open', { trigger_id: 'made-up', view: PAGE }, 'invalid_arguments'],
  ['views.open', { view: FORM }, 'invalid_arguments'],
  ['views.open', { trigger_id: 'made-up', view: { ...FORM, private_metadata: 'x'.repeat(250_000) } }, 'view_too_large'],
  ['views.update', { view_id: 'V0', view: FORM }, 'not_found'],
  ['views.publish', { user_id: 'U0NOBODY', view: PAGE }, 'user_not_found'],
  ['views.publish', { user_id: 'U0DANA', view: FORM }, 'invalid_arguments'],
  ['views.publish', { user_id: 'U0DANA', view: PAGE, hash: 'h0' }, 'hash_conflict'],
  ['files.getUploadURLExternal', { filename: 'map.png', length: 0 }, 'invalid_arguments'],
  ['files.completeUploadExternal', { files: [{ id: 'F0' }] }, 'file_not_found'],
  ['files.completeUploadExternal', { files: [] }, 'invalid_arguments'],
  ['files.info', { file: 'F0' }, 'file_not_found'],
  ['chat.shout', { channel: OPS }, 'unknown_method'],
];

test('what Slack refuses is refused in its words, changes nothing and shows nothing', async (t) => {
  const { workspace, call, posted, seen } = await inWorkspace(t);
  const OURS = await posted('ours');
  const stands: Readonly<Record<string, string>> = {
    OURS,
    REPLY: await posted('a reply', { thread_ts: OURS }),
    PERSONAL: workspace.says.post('U0DANA', OPS, 'personal'),
  };
  const before = JSON.stringify(workspace.state.channel(OPS).messages);
  const [shown, made] = [seen.length, workspace.calls.length];
  for (const [method, given, word] of REFUSED) {
    const filled = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, stands[String(value)] ?? value]));
    const { ok, error } = await call(method, filled);
    assert.deepEqual({ method, given, ok, error }, { method, given, ok: false, error: word });
  }
  assert.equal(JSON.stringify(workspace.state.channel(OPS).messages), before);
  assert.equal(seen.length, shown);
  assert.deepEqual(
    workspace.calls.slice(made).map(({ method, error }) => [method, error]),
    REFUSED.map(([method, , word]) => [method, word]),
  );
});

test('why blocks are refused is said', async (t) => {
  const { call } = await inWorkspace(t);
  const { response_metadata: said } = await call('chat.postMessage', { channel: OPS, text: 'unshowable' });
  assert.deepEqual(said, { messages: ['it cannot be shown'] });
  const { response_metadata: named } = await call('chat.postMessage', { channel: OPS, text: 'hello', colour: 'red' });
  assert.match(String(Object(named).messages), /\[ERROR\].*colour/);
});

const TOKENS: readonly (readonly [what: string, method: string, token: string | null, error: string | undefined])[] = [
  ['no token', 'auth.test', null, 'not_authed'],
  ["somebody else's token", 'auth.test', 'xoxb-elsewhere', 'invalid_auth'],
  ["the app's token", 'auth.test', APP_TOKEN, 'not_allowed_token_type'],
  ["the bot's token", 'auth.test', BOT.token, undefined],
  ["the bot's token for Socket Mode", 'apps.connections.open', BOT.token, 'not_allowed_token_type'],
  ["the app's token for Socket Mode", 'apps.connections.open', APP_TOKEN, undefined],
  ['no token for a test of the connection', 'api.test', null, undefined],
];

for (const [what, method, token, expected] of TOKENS)
  test(`${what} is ${expected === undefined ? 'taken' : `refused: ${expected}`}`, async (t) => {
    const { call } = await inWorkspace(t);
    const { ok, error } = await call(method, {}, token);
    assert.deepEqual({ ok, error }, { ok: expected === undefined, error: expected });
  });

test('a token may come as an argument', async (t) => {
  const { call } = await inWorkspace(t);
  assert.equal((await call('auth.test', { token: BOT.token }, null)).ok, true);
  assert.equal((await call('auth.test', { token: 'xoxb-elsewhere' }, null)).error, 'invalid_auth');
});

const NEEDS: readonly (readonly [method: string, given: Given, scope: string])[] = [
  ['chat.postMessage', { channel: OPS, text: 'hello' }, 'chat:write'],
  ['conversations.history', { channel: OPS }, 'channels:history'],
  ['conversations.history', { channel: 'G0PRIVATE' }, 'groups:history'],
  ['conversations.history', { channel: 'D0DANA' }, 'im:history'],
  ['conversations.info', { channel: 'D0DANA' }, 'im:read'],
  ['conversations.open', { users: 'U0DANA' }, 'im:write'],
  ['users.info', { user: 'U0DANA' }, 'users:read'],
  ['usergroups.list', {}, 'usergroups:read'],
  ['files.getUploadURLExternal', { filename: 'map.png', length: 1 }, 'files:write'],
];

for (const [method, given, scope] of NEEDS)
  test(`${method} of ${JSON.stringify(given)} takes ${scope} and no other scope`, async (t) => {
    const without = await inWorkspace(t, [scope]);
    without.workspace.state.direct('U0DANA');
    const { error, needed, provided } = await without.call(method, given);
    assert.deepEqual({ error, needed }, { error: 'missing_scope', needed: scope });
    assert.equal(String(provided).split(',').includes(scope), false);
    const granted = await inWorkspace(t);
    granted.workspace.state.direct('U0DANA');
    assert.equal((await granted.call(method, given)).ok, true);
  });

test('a channel that was archived, or that the bot was taken out of, takes nothing any more', async (t) => {
  const { workspace, call, posted } = await inWorkspace(t);
  const ts = await posted('before');
  workspace.state.channel(OPS).archived = true;
  assert.equal((await call('chat.postMessage', { channel: OPS, text: 'after' })).error, 'is_archived');
  assert.equal((await call('chat.update', { channel: OPS, ts, text: 'after' })).error, 'is_archived');
  workspace.state.channel(OPS).archived = false;
  workspace.state.channel(OPS).members.delete(BOT.userId);
  assert.equal((await call('chat.postMessage', { channel: OPS, text: 'after' })).error, 'not_in_channel');
  assert.equal((await call('conversations.history', { channel: OPS })).error, 'not_in_channel');
  assert.deepEqual(
    workspace.messages(OPS).map(({ text }) => text),
    ['before'],
  );
});

test('a body that is neither a form nor JSON is refused', async (t) => {
  const { workspace } = await inWorkspace(t);
  const bodies: readonly (readonly [type: string, body: string, error: string])[] = [
    ['application/json', '{', 'invalid_json'],
    ['application/json', '[]', 'json_not_object'],
    ['text/plain', 'hello', 'invalid_post_type'],
  ];
  for (const [type, body, expected] of bodies) {
    const headers = { 'content-type': type, authorization: `Bearer ${BOT.token}` };
    const response = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST', headers, body });
    assert.equal(((await response.json()) as { error?: string }).error, expected);
  }
});
