import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { APP_TOKEN, BUTTONS, FORM, inWorkspace, OPS, PAGE, PRIVATE } from './in-workspace.ts';

const view = { ...FORM, type: 'modal' as const };
const home = { ...PAGE, type: 'home' as const };

test("Slack's own client posts, edits, finds, links and deletes", async (t) => {
  const { workspace, client } = await inWorkspace(t);
  const metadata = { event_type: 'card', event_payload: { key: 'run-1' } };
  const { ts, message } = await client.chat.postMessage({
    channel: OPS,
    text: 'card',
    blocks: BUTTONS as never,
    metadata,
    link_names: false,
    parse: 'none',
    unfurl_links: false,
    unfurl_media: false,
  });
  assert.deepEqual([message?.text, message?.bot_id], ['card', 'B0BOT']);
  const name = String(ts);
  await client.chat.postMessage({ channel: OPS, text: 'reply', thread_ts: name, reply_broadcast: true });
  assert.equal((await client.chat.update({ channel: OPS, ts: name, text: 'newer', blocks: [] })).ts, ts);
  const history = await client.conversations.history({ channel: OPS, limit: 200, include_all_metadata: true });
  assert.deepEqual(
    history.messages?.map(({ text, metadata: carried }) => [text, carried?.event_type]),
    [
      ['reply', undefined],
      ['newer', 'card'],
    ],
  );
  const replies = await client.conversations.replies({ channel: OPS, ts: name, limit: 1 });
  assert.deepEqual([replies.messages?.length, replies.has_more], [1, true]);
  const { permalink } = await client.chat.getPermalink({ channel: OPS, message_ts: name });
  assert.equal(permalink, `https://contoso.slack.com/archives/${OPS}/p${name.replace('.', '')}`);
  await client.chat.delete({ channel: OPS, ts: name });
  assert.deepEqual(workspace.messages(OPS), []);
});

test("Slack's own client speaks to one person", async (t) => {
  const { workspace, client } = await inWorkspace(t);
  const { message_ts } = await client.chat.postEphemeral({ channel: OPS, user: 'U0DANA', text: 'psst' });
  assert.match(String(message_ts), /^\d+\.\d{6}$/);
  const { channel } = await client.conversations.open({ users: 'U0DANA' });
  assert.equal(channel?.id, workspace.state.direct('U0DANA').id);
  await client.chat.postMessage({ channel: String(channel?.id), text: 'you alone' });
  assert.equal(workspace.messages(String(channel?.id)).length, 1);
  assert.equal((await client.conversations.info({ channel: String(channel?.id) })).channel?.is_im, true);
});

test("Slack's own client reads who and where", async (t) => {
  const { client, workspace } = await inWorkspace(t);
  const { team_id, user_id, bot_id, response_metadata } = await client.auth.test();
  assert.deepEqual([team_id, user_id, bot_id], ['T0CONTOSO', 'U0BOT', 'B0BOT']);
  assert.equal(response_metadata?.scopes?.includes('chat:write'), true);

  const people = ['U0DANA', 'U0GONE', 'U0GUEST', 'U0PARTNER', 'U0BOT'];
  const looks = await Promise.all(people.map((user) => client.users.info({ user })));
  assert.deepEqual(
    looks.map(({ user }) => [user?.deleted, user?.is_restricted, user?.is_ultra_restricted, user?.is_bot, user?.is_stranger]),
    [
      [false, false, false, false, undefined],
      [true, false, false, false, undefined],
      [false, true, true, false, undefined],
      [false, false, false, false, true],
      [false, false, false, true, undefined],
    ],
  );
  assert.equal(looks[3]?.user?.team_id, 'T0FABRIKAM');

  const groups = async (include_disabled: boolean) =>
    (await client.usergroups.list({ include_disabled })).usergroups?.map(({ handle, date_delete }) => [handle, date_delete]);
  assert.deepEqual(await groups(false), [['oncall', 0]]);
  assert.deepEqual(await groups(true), [
    ['oncall', 0],
    ['old', 1],
  ]);

  workspace.state.channel(OPS).shared = true;
  const { channel } = await client.conversations.info({ channel: OPS });
  assert.deepEqual([channel?.name, channel?.is_member, channel?.is_ext_shared, channel?.is_private], ['ops', true, true, false]);
  assert.equal((await client.conversations.info({ channel: PRIVATE })).channel?.is_private, true);
});

test("Slack's own client opens, changes and publishes views", async (t) => {
  const { client, workspace } = await inWorkspace(t);
  const { trigger_id } = workspace.says.slash('U0DANA', OPS, '/pool', 'deny');
  const opened = await client.views.open({ trigger_id: String(trigger_id), view: view as never });
  const updated = await client.views.update({ view_id: String(opened.view?.id), view: { ...view, callback_id: 'b' } as never });
  assert.deepEqual([updated.view?.id, updated.view?.callback_id], [opened.view?.id, 'b']);
  const published = await client.views.publish({ user_id: 'U0DANA', view: home as never });
  assert.equal(published.view?.type, 'home');
});

test("Slack's own client sends a file that a message then shows", async (t) => {
  const { client, workspace } = await inWorkspace(t);
  await client.filesUploadV2({ file: Buffer.from([0x89, 0x50, 0x4e, 0x47]), filename: 'map.png', alt_text: 'the pool' });
  const [file] = [...workspace.state.files.values()];
  assert.deepEqual([file?.complete, file?.content?.toString('hex')], [true, '89504e47']);
  const image = { type: 'image', slack_file: { id: String(file?.id) }, alt_text: 'the pool' };
  await client.chat.postMessage({ channel: OPS, text: 'a picture', blocks: [image as never] });
  assert.equal((await client.files.info({ file: String(file?.id) })).file?.name, 'map.png');
});

test("Slack's own client is told where Socket Mode would be", async (t) => {
  const { workspace } = await inWorkspace(t);
  const app = new WebClient(APP_TOKEN, { slackApiUrl: workspace.apiUrl });
  assert.match(String((await app.apps.connections.open({})).url), /^wss:/);
});
