import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '../../../src/domain/time.ts';
import { BUTTONS, FORM, type InWorkspace, inWorkspace, OPS, PAGE } from './in-workspace.ts';

const trigger = ({ workspace }: InWorkspace): unknown => workspace.says.slash('U0DANA', OPS, '/pool', 'deny')['trigger_id'];

test('a press opens one view, within three seconds', async (t) => {
  const it = await inWorkspace(t);
  const [first, second, third] = [trigger(it), trigger(it), trigger(it)];
  const open = (trigger_id: unknown) => it.call('views.open', { trigger_id, view: FORM });
  assert.equal((await open(first)).ok, true);
  assert.equal((await open(first)).error, 'exchanged_trigger_id');
  it.clock.now += seconds(3);
  assert.equal((await open(second)).ok, true);
  it.clock.now += 1;
  assert.equal((await open(third)).error, 'expired_trigger_id');
  assert.deepEqual(
    [...it.workspace.state.views.values()].map(({ user }) => user),
    ['U0DANA', 'U0DANA'],
  );
});

test('a view that is refused leaves the press good for another try', async (t) => {
  const it = await inWorkspace(t);
  const trigger_id = trigger(it);
  assert.equal((await it.call('views.open', { trigger_id, view: PAGE })).error, 'invalid_arguments');
  assert.equal((await it.call('views.open', { trigger_id, view: FORM })).ok, true);
});

test('an open view is changed by who knows how it stands', async (t) => {
  const it = await inWorkspace(t);
  const { view } = await it.call('views.open', { trigger_id: trigger(it), view: FORM });
  const { id: view_id, hash } = Object(view);
  const newer = { ...FORM, callback_id: 'newer' };
  const updated = await it.call('views.update', { view_id, hash, view: newer });
  assert.equal(Object(updated['view']).callback_id, 'newer');
  assert.equal((await it.call('views.update', { view_id, hash, view: FORM })).error, 'hash_conflict');
  assert.equal(it.workspace.state.views.get(view_id)?.view['callback_id'], 'newer');
  assert.equal((await it.call('views.update', { view_id, view: FORM })).ok, true);
});

test("a person's page is replaced, and keeps its name", async (t) => {
  const it = await inWorkspace(t);
  const publish = (more: Readonly<Record<string, unknown>>) =>
    it.call('views.publish', { user_id: 'U0DANA', view: PAGE, ...more });
  const { id, hash } = Object((await publish({}))['view']);
  const again = Object((await publish({ hash }))['view']);
  assert.equal(again.id, id);
  assert.notEqual(again.hash, hash);
  assert.equal((await publish({ hash })).error, 'hash_conflict');
  assert.deepEqual([...it.workspace.state.homes.keys()], ['U0DANA']);
});

test('a view is told of with the words in it', async (t) => {
  const it = await inWorkspace(t);
  await it.call('views.open', { trigger_id: trigger(it), view: FORM });
  const [{ method, to, text } = { method: '', to: null, text: '' }] = it.seen;
  assert.deepEqual([method, to, text], ['views.open', { kind: 'user', id: 'U0DANA' }, 'The reason']);
});

const picture = (id: unknown) => ({
  channel: OPS,
  text: 'a picture',
  blocks: [{ type: 'image', slack_file: { id }, alt_text: 'the pool' }],
});

test('a file can be shown once its bytes are there and it is completed', async (t) => {
  const { call, workspace } = await inWorkspace(t);
  const { file_id: id, upload_url } = await call('files.getUploadURLExternal', { filename: 'map.png', length: 4 });
  const complete = () => call('files.completeUploadExternal', { files: [{ id }] });
  const send = (bytes: string) => fetch(String(upload_url), { method: 'POST', body: bytes });
  assert.equal((await complete()).error, 'file_not_found');
  assert.equal((await send('too many')).status, 400);
  assert.equal((await complete()).error, 'file_not_found');
  assert.equal((await send('four')).status, 200);
  assert.equal((await send('more')).status, 400);
  assert.equal((await call('files.info', { file: id })).error, 'file_not_found');
  assert.equal((await call('chat.postMessage', picture(id))).error, 'invalid_blocks');
  assert.equal((await complete()).ok, true);
  assert.deepEqual(Object((await call('files.info', { file: id }))['file']).name, 'map.png');
  assert.equal((await call('chat.postMessage', picture(id))).ok, true);
  assert.equal(workspace.state.files.get(String(id))?.content?.toString(), 'four');
  assert.deepEqual(
    workspace.calls.filter(({ method }) => method === 'upload').map(({ error }) => error),
    ['upload_failed', null, 'upload_failed'],
  );
});

test('a file that is completed for a thread stands there with its comment', async (t) => {
  const { client, workspace, posted } = await inWorkspace(t);
  const thread_ts = await posted('card', { blocks: BUTTONS });
  await client.filesUploadV2({
    channel_id: OPS,
    thread_ts,
    file: Buffer.from('picture'),
    filename: 'map.png',
    alt_text: 'the pool',
    initial_comment: 'as it is now',
  });
  const [reply] = workspace.messages(OPS, thread_ts);
  assert.equal(reply?.text, 'as it is now');
  const file = workspace.state.files.get(reply?.files[0] ?? '');
  assert.deepEqual([file?.alt, file?.content?.toString(), file?.complete], ['the pool', 'picture', true]);
});
