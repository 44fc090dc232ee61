import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CannotDo } from '../../../src/adapters/teams-simulator/model.ts';
import { must } from '../../support.ts';
import {
  APP,
  asking,
  DANA,
  DAWN,
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

const BOT = { id: `28:${APP.id}`, name: APP.name };
const CLIENT = { locale: 'en-US', country: 'US', platform: 'Web', timezone: 'UTC', type: 'clientInfo' };
const MENTION = { mentioned: BOT, text: '<at>Lifeguard</at>', type: 'mention' };

test('a message to the app has what Teams says of it', async (t) => {
  const { teams } = await inTeams(t);
  const { user } = must(teams.state.called(DANA));
  assert.deepEqual(teams.says.personal(DANA, 'status <pool01> & more'), {
    type: 'message',
    id: `${DAWN}`,
    text: 'status &lt;pool01&gt; &amp; more',
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: '<p>status &lt;pool01&gt; &amp; more</p>' }],
    timestamp: '2026-11-20T06:00:00.0000000Z',
    localTimestamp: '2026-11-20T06:00:00.0000000+00:00',
    channelId: 'msteams',
    serviceUrl: teams.serviceUrl,
    from: { id: user, name: 'Dana Diaz', aadObjectId: DANA },
    conversation: { conversationType: 'personal', tenantId: TENANT, id: teams.state.personal(DANA).id },
    recipient: BOT,
    entities: [CLIENT],
    channelData: { tenant: { id: TENANT } },
    locale: 'en-US',
    localTimezone: 'UTC',
  });
  assert.match(teams.serviceUrl, /^http:\/\/127\.0\.0\.1:\d+\/emea\/[\w-]+\/$/);
});

test('a mention in a channel is the first message of a thread, and says of which channel and team', async (t) => {
  const { teams } = await inTeams(t);
  const said = teams.says.mention(DANA, OPS, 'status <all>');
  const id = `${DAWN}`;
  assert.deepEqual([said['text'], said['entities']], ['<at>Lifeguard</at> status &lt;all&gt;', [MENTION, CLIENT]]);
  assert.deepEqual(said['conversation'], { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: thread(OPS, id) });
  const team = { id: teams.state.team.id };
  assert.deepEqual(said['channelData'], {
    teamsChannelId: OPS,
    teamsTeamId: team.id,
    channel: { id: OPS },
    team,
    tenant: { id: TENANT },
  });
  const called = '<span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="0">Lifeguard</span>';
  const content = `<p>${called}&nbsp;status &lt;all&gt;</p>`;
  assert.deepEqual(said['attachments'], [{ contentType: 'text/html', content }]);
  assert.deepEqual(
    teams.seenBy(OMAR, OPS).map(({ id: stands, root, by, text }) => [stands, root, by, text]),
    [[id, id, DANA, '@Lifeguard status <all>']],
  );
});

test('a mention in a thread says in which, and one in a group of none', async (t) => {
  const { teams, posted } = await inTeams(t);
  const root = await posted(show(asking('a run')));
  const reply = teams.says.mention(DANA, OPS, 'why', root);
  assert.equal(Object(reply['conversation']).id, thread(OPS, root));
  assert.notEqual(reply['id'], root);
  const grouped = teams.says.mention(OMAR, NIGHT, 'why');
  assert.deepEqual(grouped['conversation'], { isGroup: true, conversationType: 'groupChat', tenantId: TENANT, id: NIGHT });
  assert.deepEqual(grouped['channelData'], { tenant: { id: TENANT } });
});

test('a press has the message that it is on, and only the data of its action', async (t) => {
  const { teams, posted } = await inTeams(t);
  const root = await posted(show(asking('a run')));
  const messageId = await posted(show(asking('a question')), thread(OPS, root));
  const action = { type: 'Action.Execute', title: 'Go', id: 'go', verb: 'press', style: 'positive', data: { old: 1 } };
  const { type, name, value, replyToId, conversation, channelData, id, text } = teams.says.execute(OMAR, messageId, action, {
    new: 2,
  });
  assert.deepEqual([type, name, replyToId, text], ['invoke', 'adaptiveCard/action', messageId, undefined]);
  assert.deepEqual(value, {
    action: { type: 'Action.Execute', title: 'Go', id: 'go', verb: 'press', data: { new: 2 } },
    trigger: 'manual',
  });
  const where = { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: thread(OPS, root), name: 'ops' };
  assert.deepEqual(conversation, where);
  assert.deepEqual(Object(channelData).source, { name: 'message' });
  assert.match(String(id), /^f:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

  const submitted = teams.says.submit(OMAR, messageId, { by: 'phone' });
  assert.deepEqual([submitted['type'], submitted['value'], submitted['replyToId']], ['message', { by: 'phone' }, messageId]);
  assert.equal('text' in submitted, false);
  assert.deepEqual(submitted['conversation'], where);
  assert.notEqual(submitted['id'], id);
  const inGroup = teams.says.submit(OMAR, await posted(show(asking('a question')), NIGHT), {});
  assert.deepEqual(inGroup['conversation'], { isGroup: true, conversationType: 'groupChat', tenantId: TENANT, id: NIGHT });
});

test('somebody of another tenant writes from theirs, and a guest from ours', async (t) => {
  const { teams } = await inTeams(t);
  const tenants = (said: Readonly<Record<string, unknown>>) => [
    Object(said['conversation']).tenantId,
    Object(said['channelData']).tenant.id,
  ];
  assert.deepEqual(tenants(teams.says.personal(PARTNER, 'hello')), [FABRIKAM, FABRIKAM]);
  assert.deepEqual(tenants(teams.says.mention(PARTNER, OPS, 'hello')), [TENANT, FABRIKAM]);
  assert.deepEqual(tenants(teams.says.mention(GUEST, OPS, 'hello')), [TENANT, TENANT]);
});

test('the app learns that it joins a conversation, and who else does', async (t) => {
  const { teams } = await inTeams(t);
  const said = teams.says.added(DANA, LAB, ['app', GUEST]);
  const { user } = must(teams.state.called(GUEST));
  assert.deepEqual(
    [said['type'], said['membersAdded']],
    ['conversationUpdate', [{ id: BOT.id }, { id: user, aadObjectId: GUEST }]],
  );
  assert.deepEqual(Object(said['channelData']).eventType, 'teamMemberAdded');
  assert.deepEqual(Object(said['channelData']).team, teams.state.team);
  assert.equal('entities' in said, false);
  assert.equal(Object(said['conversation']).id, LAB);
  assert.deepEqual(teams.seenBy(GUEST, LAB), []);
  const personal = teams.says.added(DANA, teams.state.personal(DANA).id, ['app']);
  assert.deepEqual(personal['channelData'], { tenant: { id: TENANT } });
});

test('an app that is taken out of a conversation is not in it, until it is put back', async (t) => {
  const { teams, posted } = await inTeams(t);
  const out = teams.says.installed(DANA, OPS, 'remove');
  assert.deepEqual([out['type'], out['action'], Object(out['conversation']).id], ['installationUpdate', 'remove', OPS]);
  assert.equal('name' in Object(out['from']), false);
  assert.equal(await posted(say('hello')), 'undefined');
  teams.says.installed(DANA, OPS, 'add');
  assert.match(await posted(say('hello')), /^\d+$/);
  teams.says.installed(DANA, teams.state.personal(DANA).id, 'remove');
  assert.equal(must(teams.state.called(DANA)).installed, false);
});

test('what somebody wrote can be edited by them, and keeps its name', async (t) => {
  const { teams } = await inTeams(t);
  const { id } = teams.says.personal(DANA, 'status');
  const edited = teams.says.edited(DANA, String(id), 'status <all>');
  assert.deepEqual([edited['type'], edited['id'], edited['text']], ['messageUpdate', id, 'status &lt;all&gt;']);
  assert.deepEqual(edited['channelData'], { eventType: 'editMessage', tenant: { id: TENANT } });
  assert.equal(teams.seenBy(DANA, teams.state.personal(DANA).id)[0]?.text, 'status <all>');
  assert.throws(() => teams.says.edited(OMAR, String(id), 'mine'), CannotDo);
});

test('what is sent again is the same, down to its id', async (t) => {
  const { teams, posted } = await inTeams(t);
  const messageId = await posted(show(asking('a question')));
  const press = teams.says.execute(DANA, messageId, { type: 'Action.Execute' }, {});
  assert.deepEqual(teams.says.again(press), press);
  assert.notEqual(teams.says.execute(DANA, messageId, { type: 'Action.Execute' }, {})['id'], press['id']);
});

test('nobody acts where they are not, nor on what is not there', async (t) => {
  const { teams, posted } = await inTeams(t);
  const messageId = await posted(show(asking('a question')), LAB);
  assert.throws(() => teams.says.mention(GUEST, LAB, 'hello'), CannotDo);
  assert.throws(() => teams.says.mention(DANA, 'nowhere', 'hello'), CannotDo);
  assert.throws(() => teams.says.mention(DANA, LAB, 'hello', '1'), CannotDo);
  assert.throws(() => teams.says.added(GUEST, LAB, ['app']), CannotDo);
  assert.throws(() => teams.says.execute(GUEST, messageId, {}, {}), CannotDo);
  assert.throws(() => teams.says.submit(GUEST, messageId, {}), CannotDo);
  assert.throws(() => teams.says.personal('nobody', 'hello'), CannotDo);
  const reply = String(teams.says.mention(DANA, LAB, 'below', messageId)['id']);
  assert.throws(() => teams.says.mention(DANA, LAB, 'deeper', reply), CannotDo);
  teams.deleteMessage(messageId);
  assert.throws(() => teams.says.submit(DANA, messageId, {}), CannotDo);
});
