import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifySlackRequest } from '@slack/bolt';
import { Refused } from '../../../src/adapters/slack-simulator/model.ts';
import { signed } from '../../../src/adapters/slack-simulator/signed.ts';
import { must } from '../../support.ts';
import { BUTTONS, DAWN, FORM, inWorkspace, OPS, PAGE } from './in-workspace.ts';

/** The names of everything in a payload, at its top level. */
const namesIn = (payload: unknown): readonly string[] => Object.keys(Object(payload)).toSorted();

test('a slash command has what Slack says of it', async (t) => {
  const { workspace } = await inWorkspace(t);
  const { response_url, trigger_id, ...said } = workspace.says.slash('U0DANA', OPS, '/pool', 'status <pool01> & more');
  assert.deepEqual(said, {
    token: 'verification',
    team_id: 'T0CONTOSO',
    team_domain: 'contoso',
    channel_id: OPS,
    channel_name: 'ops',
    user_id: 'U0DANA',
    user_name: 'dana',
    command: '/pool',
    text: 'status <pool01> & more',
    api_app_id: 'A0BOT',
    is_enterprise_install: 'false',
  });
  assert.match(String(response_url), /^http:\/\/127\.0\.0\.1:\d+\/response\//);
  assert.equal(typeof trigger_id, 'string');
});

test('a mention stands in the channel, with its characters written as Slack writes them', async (t) => {
  const { workspace } = await inWorkspace(t);
  const { event, type, team_id, event_time, authorizations } = workspace.says.mention('U0DANA', OPS, 'why <x> & y');
  const [message] = workspace.messages(OPS);
  assert.deepEqual([type, team_id, event_time], ['event_callback', 'T0CONTOSO', DAWN / 1_000]);
  assert.deepEqual(event, {
    type: 'app_mention',
    user: 'U0DANA',
    team: 'T0CONTOSO',
    text: '<@U0BOT> why &lt;x&gt; &amp; y',
    ts: message?.ts,
    event_ts: message?.ts,
    channel: OPS,
  });
  assert.equal(message?.text, '<@U0BOT> why &lt;x&gt; &amp; y');
  assert.equal(Object(Object(authorizations)[0]).user_id, 'U0BOT');
});

test('a mention in a thread says in which', async (t) => {
  const { workspace, posted } = await inWorkspace(t);
  const ts = await posted('card');
  const { event } = workspace.says.mention('U0DANA', OPS, 'why', ts);
  assert.equal(Object(event).thread_ts, ts);
  assert.equal(workspace.messages(OPS, ts).length, 1);
});

test('every event has a number of its own', async (t) => {
  const { workspace } = await inWorkspace(t);
  const numbers = [1, 2, 3].map(() => workspace.says.direct('U0DANA', 'pools')['event_id']);
  assert.equal(new Set(numbers).size, 3);
});

test('somebody of another organisation is said to be of theirs', async (t) => {
  const { workspace } = await inWorkspace(t);
  workspace.state.channel(OPS).shared = true;
  const { event, is_ext_shared_channel, team_id } = workspace.says.mention('U0PARTNER', OPS, 'pools');
  assert.deepEqual([team_id, is_ext_shared_channel], ['T0CONTOSO', true]);
  assert.deepEqual([Object(event).team, Object(event).user_team], ['T0FABRIKAM', 'T0FABRIKAM']);
});

test('a press has the message as it stands and the button as it was pressed', async (t) => {
  const { workspace, call, posted } = await inWorkspace(t);
  const ts = await posted('card', { blocks: BUTTONS });
  await call('chat.update', { channel: OPS, ts, text: 'newer card', blocks: BUTTONS });
  const reply = await posted('reply', { thread_ts: ts });
  const press = workspace.says.click('U0OMAR', { channel: OPS, ts }, 'press:go');
  assert.deepEqual(press['container'], { type: 'message', message_ts: ts, channel_id: OPS, is_ephemeral: false });
  assert.deepEqual(press['channel'], { id: OPS, name: 'ops' });
  assert.deepEqual(press['user'], { id: 'U0OMAR', username: 'omar', name: 'omar', team_id: 'T0CONTOSO' });
  const { text, thread_ts, latest_reply, bot_id } = Object(press['message']);
  assert.deepEqual([text, thread_ts, latest_reply, bot_id], ['newer card', ts, reply, 'B0BOT']);
  const [{ action_ts, ...action }] = press['actions'] as readonly [Record<string, unknown>];
  assert.deepEqual(action, { ...BUTTONS[0]?.elements[0], block_id: 'buttons' });
  assert.ok(Number(action_ts) > Number(reply));
  assert.deepEqual(
    ['type', 'team', 'api_app_id', 'token', 'trigger_id', 'response_url', 'state', 'enterprise', 'is_enterprise_install'].filter(
      (name) => !namesIn(press).includes(name),
    ),
    [],
  );
});

test('a button that is not shown cannot be pressed, nor one of a message that is gone', async (t) => {
  const { workspace, posted } = await inWorkspace(t);
  const ts = await posted('card', { blocks: BUTTONS });
  assert.throws(() => workspace.says.click('U0OMAR', { channel: OPS, ts }, 'press:stop'), Refused);
  workspace.deleteMessage(OPS, ts);
  assert.throws(() => workspace.says.click('U0OMAR', { channel: OPS, ts }, 'press:go'), Refused);
  assert.throws(() => workspace.says.clickAtHome('U0OMAR', 'press:go'), Refused);
});

test('blocks without a name are given one, which a press tells', async (t) => {
  const { workspace, posted } = await inWorkspace(t);
  const [{ block_id: _named, ...unnamed }] = BUTTONS as [(typeof BUTTONS)[0] & object];
  const ts = await posted('card', { blocks: [{ type: 'divider' }, unnamed] });
  const press = workspace.says.click('U0OMAR', { channel: OPS, ts }, 'press:go');
  const names = (Object(press['message']).blocks as readonly { block_id: string }[]).map(({ block_id }) => block_id);
  assert.equal(new Set(names).size, 2);
  assert.equal(Object(Object(press['actions'])[0]).block_id, names[1]);
});

test('a form comes back with what was typed into it, from who has it open', async (t) => {
  const { workspace, call } = await inWorkspace(t);
  const { trigger_id } = workspace.says.slash('U0OMAR', OPS, '/pool', 'deny');
  const { view } = await call('views.open', { trigger_id, view: FORM });
  const { id, hash } = Object(view);
  const sent = workspace.says.submit('U0OMAR', id, { reason: { words: 'too late' } });
  const shown = Object(sent['view']);
  assert.deepEqual(
    [sent['type'], shown.id, shown.hash, shown.callback_id, shown.private_metadata],
    ['view_submission', id, hash, 'reason', 'card-1'],
  );
  assert.deepEqual(shown.state, { values: { reason: { words: { type: 'plain_text_input', value: 'too late' } } } });
  assert.deepEqual(Object(workspace.says.submit('U0OMAR', id, {})['view']).state.values.reason.words.value, null);
  assert.throws(() => workspace.says.submit('U0OMAR', id, { reason: { colour: 'red' } }), Refused);
  assert.throws(() => workspace.says.submit('U0DANA', id, { reason: { words: 'not mine' } }), Refused);
  assert.equal(Object(workspace.says.clickInView('U0OMAR', id, 'press:go')['container']).view_id, id);
  assert.throws(() => workspace.says.clickInView('U0DANA', id, 'press:go'), Refused);
});

test("a person's page is opened, and pressed once it stands", async (t) => {
  const { workspace, call } = await inWorkspace(t);
  const { event: first } = workspace.says.homeOpened('U0DANA');
  assert.deepEqual(
    [Object(first).type, Object(first).tab, Object(first).view, Object(first).channel],
    ['app_home_opened', 'home', undefined, workspace.state.direct('U0DANA').id],
  );
  const { view } = await call('views.publish', { user_id: 'U0DANA', view: PAGE });
  assert.equal(Object(Object(workspace.says.homeOpened('U0DANA')['event']).view).id, Object(view).id);
  const press = workspace.says.clickAtHome('U0DANA', 'press:go');
  assert.deepEqual(press['container'], { type: 'view', view_id: Object(view).id });
  assert.equal(press['response_url'], undefined);
});

test("pointing at a person's message brings it along", async (t) => {
  const { workspace } = await inWorkspace(t);
  const ts = workspace.says.post('U0OMAR', OPS, 'why pool01');
  const pointed = workspace.says.shortcut('U0DANA', { channel: OPS, ts }, 'ask');
  const { user, text, bot_id } = Object(pointed['message']);
  assert.deepEqual([pointed['type'], pointed['callback_id'], pointed['message_ts']], ['message_action', 'ask', ts]);
  assert.deepEqual([user, text, bot_id], ['U0OMAR', 'why pool01', undefined]);
  assert.equal(Object(pointed['user']).id, 'U0DANA');
  assert.match(String(pointed['action_ts']), /^\d+\.\d{6}$/);
});

const SECRET = 'f'.repeat(32);

test('requests are signed so that Bolt takes them, and another body or secret not', async (t) => {
  const { workspace, posted } = await inWorkspace(t);
  const ts = await posted('card', { blocks: BUTTONS });
  const bodies = [
    workspace.says.slash('U0DANA', OPS, '/pool', 'status pool01 & more'),
    workspace.says.direct('U0DANA', 'pools'),
    workspace.says.click('U0DANA', { channel: OPS, ts }, 'press:go'),
  ];
  for (const body of bodies) {
    const { headers, rawBody } = signed(body, SECRET, DAWN);
    const verify = (text: string, signingSecret: string) =>
      verifySlackRequest({
        signingSecret,
        body: text,
        headers: {
          'x-slack-signature': must(headers['x-slack-signature']),
          'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
        },
        nowMilliseconds: DAWN,
      });
    verify(rawBody, SECRET);
    assert.throws(() => verify(`${rawBody} `, SECRET));
    assert.throws(() => verify(rawBody, 'e'.repeat(32)));
  }
});

test('each kind of request is written as Slack posts it', async (t) => {
  const { workspace, posted } = await inWorkspace(t);
  const ts = await posted('card', { blocks: BUTTONS });
  const slash = workspace.says.slash('U0DANA', OPS, '/pool', 'status pool01 & more');
  const posting = (body: Readonly<Record<string, unknown>>) => signed(body, SECRET, DAWN);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(posting(slash).rawBody)), slash);
  const click = workspace.says.click('U0DANA', { channel: OPS, ts }, 'press:go');
  assert.deepEqual(JSON.parse(must(new URLSearchParams(posting(click).rawBody).get('payload'))), click);
  const direct = workspace.says.direct('U0DANA', 'pools');
  assert.deepEqual(JSON.parse(posting(direct).rawBody), direct);
  assert.deepEqual(
    [slash, click, direct].map((body) => posting(body).headers['content-type']),
    ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded', 'application/json'],
  );
});
