import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../../src/domain/time.ts';
import { must } from '../../support.ts';
import { BUTTONS, DAWN, inWorkspace, OPS } from './in-workspace.ts';

type Shown = Readonly<Record<string, unknown>>;
const METADATA = { event_type: 'card', event_payload: { key: 'run-1' } };

test('messages are named by the time they were posted, each by another and later ones by a later one', async (t) => {
  const { posted, clock } = await inWorkspace(t);
  const [first, second] = [await posted('one'), await posted('two')];
  clock.now += minutes(1);
  const third = await posted('three');
  assert.equal(first, `${DAWN / 1_000}.000000`);
  assert.equal(second, `${DAWN / 1_000}.000001`);
  assert.equal(third, `${DAWN / 1_000 + 60}.000000`);
});

test('replies stand in their thread, and a broadcast one in the channel as well', async (t) => {
  const { workspace, call, posted } = await inWorkspace(t);
  const thread_ts = await posted('card');
  await posted('quiet', { thread_ts });
  await posted('loud', { thread_ts, reply_broadcast: true });
  const textsOf = (messages: unknown) => (messages as readonly Shown[]).map(({ text }) => text);
  assert.deepEqual(textsOf(workspace.messages(OPS)), ['card']);
  assert.deepEqual(textsOf(workspace.messages(OPS, thread_ts)), ['quiet', 'loud']);
  assert.deepEqual(textsOf((await call('conversations.history', { channel: OPS }))['messages']), ['loud', 'card']);
  assert.deepEqual(textsOf((await call('conversations.replies', { channel: OPS, ts: thread_ts }))['messages']), [
    'card',
    'quiet',
    'loud',
  ]);
});

test('a message says whose it is, what it replies to and how many replies it has', async (t) => {
  const { workspace, call, posted } = await inWorkspace(t);
  const person = workspace.says.post('U0DANA', OPS, 'what is up?');
  const reply = await posted('all is well', { thread_ts: person });
  const { messages } = await call('conversations.replies', { channel: OPS, ts: person });
  const [asked, answered] = messages as readonly Shown[];
  assert.deepEqual(
    [asked?.['user'], asked?.['bot_id'], asked?.['thread_ts'], asked?.['reply_count'], asked?.['latest_reply']],
    ['U0DANA', undefined, person, 1, reply],
  );
  assert.deepEqual(
    [answered?.['user'], answered?.['bot_id'], answered?.['thread_ts'], answered?.['parent_user_id']],
    ['U0BOT', 'B0BOT', person, 'U0DANA'],
  );
});

test('a reply to a deleted message finds no thread', async (t) => {
  const { workspace, call, posted } = await inWorkspace(t);
  const ts = await posted('card');
  workspace.deleteMessage(OPS, ts);
  assert.equal((await call('chat.postMessage', { channel: OPS, text: 'reply', thread_ts: ts })).error, 'thread_not_found');
  assert.equal((await call('chat.update', { channel: OPS, text: 'newer', ts })).error, 'message_not_found');
  assert.deepEqual(workspace.messages(OPS), []);
});

test('an edit with text alone takes the blocks away, and leaves what is carried unseen', async (t) => {
  const { workspace, call, posted } = await inWorkspace(t);
  const ts = await posted('card', { blocks: BUTTONS, metadata: METADATA });
  await call('chat.update', { channel: OPS, ts, text: 'closed' });
  const [message] = workspace.messages(OPS);
  assert.deepEqual([message?.text, message?.blocks, message?.metadata, message?.edits], ['closed', [], METADATA, 1]);
  await call('chat.update', { channel: OPS, ts, text: 'closed', metadata: {} });
  assert.equal(workspace.messages(OPS)[0]?.metadata, null);
});

test('what is carried unseen is told to who asks for it', async (t) => {
  const { call, posted } = await inWorkspace(t);
  await posted('card', { metadata: METADATA });
  const metadataIn = async (given: Shown) =>
    (must((await call('conversations.history', { channel: OPS, ...given }))['messages']) as readonly Shown[])[0]?.['metadata'];
  assert.equal(await metadataIn({}), undefined);
  assert.deepEqual(await metadataIn({ include_all_metadata: true }), METADATA);
});

test('a history is read page by page, whatever is posted meanwhile', async (t) => {
  const { call, posted } = await inWorkspace(t);
  for (const text of ['1', '2', '3', '4', '5']) await posted(text);
  const read: unknown[] = [];
  let cursor = '';
  let pages = 0;
  do {
    const page = await call('conversations.history', { channel: OPS, limit: 2, cursor });
    read.push(...(page['messages'] as readonly Shown[]).map(({ text }) => text));
    cursor = Object(page['response_metadata']).next_cursor;
    assert.equal(page['has_more'], cursor !== '');
    pages += 1;
    await posted(`later ${pages}`);
  } while (cursor !== '');
  assert.deepEqual([read, pages], [['5', '4', '3', '2', '1'], 3]);
});

test('a history is read between two times, with their own messages when that is asked for', async (t) => {
  const { call, posted } = await inWorkspace(t);
  const [oldest, , latest] = [await posted('1'), await posted('2'), await posted('3')];
  await posted('4');
  const textsOf = async (given: Shown) =>
    ((await call('conversations.history', { channel: OPS, ...given }))['messages'] as readonly Shown[]).map(({ text }) => text);
  assert.deepEqual(await textsOf({ oldest, latest }), ['2']);
  assert.deepEqual(await textsOf({ oldest, latest, inclusive: true }), ['3', '2', '1']);
  assert.deepEqual(await textsOf({ oldest: latest }), ['4']);
});

test('words that look like JSON stay words', async (t) => {
  const { workspace, client } = await inWorkspace(t);
  for (const text of ['true', '[1]', '{"a":1}', '7']) await client.chat.postMessage({ channel: OPS, text });
  assert.deepEqual(
    workspace.messages(OPS).map(({ text }) => text),
    ['true', '[1]', '{"a":1}', '7'],
  );
});

test('whoever looks on is told what was shown to whom', async (t) => {
  const { call, posted, seen } = await inWorkspace(t);
  const ts = await posted('card');
  await call('chat.update', { channel: OPS, ts, text: 'newer' });
  await call('chat.postEphemeral', { channel: OPS, user: 'U0DANA', text: 'psst' });
  const { channel } = await call('conversations.open', { users: 'U0OMAR' });
  const direct = await call('chat.postMessage', { channel: Object(channel).id, text: 'you alone' });
  await call('chat.delete', { channel: OPS, ts });
  assert.deepEqual(
    seen.map((each) => [each.method, each.to, each.text, each.ts]),
    [
      ['chat.postMessage', { kind: 'channel', id: OPS }, 'card', ts],
      ['chat.update', { kind: 'channel', id: OPS }, 'newer', ts],
      ['chat.postEphemeral', { kind: 'user', id: 'U0DANA' }, 'psst', null],
      ['chat.postMessage', { kind: 'user', id: 'U0OMAR' }, 'you alone', direct['ts']],
    ],
  );
  assert.deepEqual(seen[1]?.arguments, { channel: OPS, ts, text: 'newer' });
});

test('an answer by its address is seen by its person alone, by the channel, or in place of the message', async (t) => {
  const { workspace, answered, posted, seen } = await inWorkspace(t);
  const ts = await posted('card', { blocks: BUTTONS });
  const { response_url: url } = workspace.says.click('U0DANA', { channel: OPS, ts }, 'press:go');
  assert.equal(await answered(url, { text: 'alone', response_type: 'ephemeral', replace_original: false }), '200');
  assert.deepEqual(workspace.state.ephemeral, [{ user: 'U0DANA', channel: OPS, text: 'alone', blocks: [] }]);
  assert.equal(await answered(url, { text: 'all', response_type: 'in_channel' }), '200');
  assert.equal(await answered(url, { text: 'instead', replace_original: true }), '200');
  const texts = () => workspace.messages(OPS).map(({ text }) => text);
  assert.deepEqual(texts(), ['instead', 'all']);
  assert.equal(await answered(url, { delete_original: true }), '200');
  assert.deepEqual(texts(), ['all']);
  assert.deepEqual(
    seen.slice(1).map(({ to, text }) => [to.id, text]),
    [
      ['U0DANA', 'alone'],
      [OPS, 'all'],
      [OPS, 'instead'],
    ],
  );
});

test('an address takes five answers, for half an hour, and none that says nothing', async (t) => {
  const { workspace, answered, clock } = await inWorkspace(t);
  const { response_url: url } = workspace.says.slash('U0DANA', OPS, '/pool', 'status');
  for (let time = 0; time < 5; time += 1) assert.equal(await answered(url, { text: 'hello' }), '200');
  assert.equal(await answered(url, { text: 'hello' }), '404 used_url');
  const { response_url: other } = workspace.says.slash('U0DANA', OPS, '/pool', 'status');
  assert.equal(await answered(other, {}), '404 no_text');
  assert.equal(await answered(other, { text: 'hello', colour: 'red' }), '404 invalid_payload');
  assert.equal(await answered(other, { text: 'hello', replace_original: true }), '404 message_not_found');
  clock.now += minutes(30) + 1;
  assert.equal(await answered(other, { text: 'hello' }), '404 expired_url');
  assert.equal(await answered(`${String(other)}0`, { text: 'hello' }), '404 invalid_url');
  assert.equal(workspace.state.ephemeral.length, 5);
});
