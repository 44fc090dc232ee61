import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageFactory, TeamsInfo, TurnContext } from 'botbuilder';
import type { Given } from '../../../src/adapters/teams-simulator/model.ts';
import { must } from '../../support.ts';
import { openBot, showing } from './bot.ts';
import { APP, asking, cardOf, DANA, GUEST, inTeams, NIGHT, OMAR, OPS, TENANT, TOKEN, thread } from './in-teams.ts';

const textsOf = (messages: readonly { readonly text: string }[]): readonly string[] => messages.map(({ text }) => text);

test('a bot of the SDK hears what it is called for, and answers in the same thread', async (t) => {
  const { teams, seen } = await inTeams(t);
  const bot = await openBot(t, teams);
  bot.app.message(/^status/, async (context) => {
    await context.sendActivity(`you said: ${context.activity.text}`);
  });
  const asked = teams.says.mention(DANA, OPS, 'status pool01');
  assert.deepEqual(await teams.deliver(bot.url, asked), { status: 200, body: null, trouble: null });
  const [mention, answer] = teams.seenBy(OMAR, OPS);
  assert.deepEqual([mention?.text, mention?.by], ['@Lifeguard status pool01', DANA]);
  assert.deepEqual([answer?.text, answer?.by, answer?.root], ['you said: status pool01', null, mention?.id]);
  assert.deepEqual(
    seen.map(({ method, to, text }) => [method, to, text]),
    [['reply', { kind: 'conversation', id: OPS }, 'you said: status pool01']],
  );
  const [{ from, conversation, recipient } = {}] = bot.heard;
  assert.deepEqual([from?.aadObjectId, conversation?.tenantId, recipient?.id], [DANA, TENANT, `28:${APP.id}`]);
});

test('a bot of the SDK posts a card, changes it and deletes it', async (t) => {
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams);
  const ids: unknown[] = [];
  const stood: (readonly string[])[] = [];
  const look = (): unknown => stood.push(textsOf(teams.seenBy(DANA, NIGHT)).slice(1));
  bot.app.activity('message', async (context) => {
    const { id } = must(await context.sendActivity(showing(asking('shall I?'))));
    look();
    ids.push(id, Object(await context.updateActivity({ ...showing(asking('it is done')), id })).id);
    look();
    await context.deleteActivity(id);
    look();
  });
  const { status } = await teams.deliver(bot.url, teams.says.mention(DANA, NIGHT, 'do it'));
  assert.deepEqual([status, stood], [200, [['shall I?'], ['it is done'], []]]);
  assert.match(String(ids[0]), /^\d{13}$/);
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(
    teams.calls.filter(({ conversation }) => conversation !== null).map(({ kind, error }) => [kind, error]),
    [
      ['reply', null],
      ['update', null],
      ['delete', null],
    ],
  );
});

test('a bot of the SDK goes on in a conversation that it stored, outside of any turn', async (t) => {
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams);
  const stored: string[] = [];
  bot.app.activity('message', async ({ activity }) => {
    stored.push(JSON.stringify(TurnContext.getConversationReference(activity)));
  });
  await teams.deliver(bot.url, teams.says.mention(DANA, OPS, 'remember'));
  const reference = JSON.parse(must(stored[0]));
  await bot.later(reference, async (context) => {
    await context.sendActivity(showing(asking('later, in the thread')));
  });
  reference.conversation.id = OPS;
  await bot.later(reference, async (context) => {
    await context.sendActivity(showing(asking('later, by itself')));
  });
  const [asked, inThread, byItself] = teams.seenBy(DANA, OPS);
  assert.deepEqual([inThread?.text, inThread?.root], ['later, in the thread', asked?.id]);
  assert.deepEqual([byItself?.text, byItself?.root], ['later, by itself', byItself?.id]);
});

const NOTHING = { activity: undefined as never };

test('a bot of the SDK opens its conversation with somebody who never spoke, and writes to them alone', async (t) => {
  const { teams, seen } = await inTeams(t);
  const bot = await openBot(t, teams);
  const opened: string[] = [];
  await bot.adapter.createConversationAsync(
    APP.id,
    'msteams',
    teams.serviceUrl,
    '',
    {
      isGroup: false,
      bot: { id: `28:${APP.id}`, name: '' },
      members: [{ id: OMAR, name: '' }],
      tenantId: TENANT,
      channelData: {},
      ...NOTHING,
    },
    async (context) => {
      opened.push(context.activity.conversation.id);
      await context.sendActivity('psst');
    },
  );
  assert.deepEqual(opened, [teams.state.personal(OMAR).id]);
  assert.deepEqual(textsOf(teams.seenBy(OMAR, teams.state.personal(OMAR).id)), ['psst']);
  assert.throws(() => teams.seenBy(DANA, teams.state.personal(OMAR).id), /not in/);
  assert.deepEqual(
    seen.map(({ to, text }) => [to, text]),
    [[{ kind: 'person', id: OMAR }, 'psst']],
  );
});

test('a bot of the SDK begins a thread in a channel', async (t) => {
  const { teams, seen } = await inTeams(t);
  const bot = await openBot(t, teams);
  const begun: string[] = [];
  await bot.adapter.createConversationAsync(
    APP.id,
    'msteams',
    teams.serviceUrl,
    '',
    {
      isGroup: true,
      bot: { id: `28:${APP.id}`, name: '' },
      channelData: { channel: { id: OPS } },
      activity: showing(asking('a run')) as never,
    },
    async (context) => {
      begun.push(context.activity.conversation.id);
      await context.sendActivity('under it');
    },
  );
  const [card, below] = teams.seenBy(DANA, OPS);
  assert.deepEqual(begun, [thread(OPS, must(card?.id))]);
  assert.deepEqual([card?.text, below?.text, below?.root], ['a run', 'under it', card?.id]);
  assert.deepEqual(
    seen.map(({ method, activityId }) => [method, activityId]),
    [
      ['create', card?.id],
      ['reply', below?.id],
    ],
  );
});

test('a press is answered with a card that its person alone sees, until the message is changed for all', async (t) => {
  const { teams, seen } = await inTeams(t);
  const bot = await openBot(t, teams);
  const data: unknown[] = [];
  bot.app.adaptiveCards.actionExecute<Given>('press', async (_context, _state, pressed) => {
    data.push(pressed);
    return cardOf([{ type: 'TextBlock', text: 'you went' }]) as never;
  });
  bot.app.activity('message', async (context) => {
    await context.sendActivity(showing(asking('who goes?')));
  });
  await teams.deliver(bot.url, teams.says.mention(DANA, OPS, 'ask'));
  const [, { id: messageId } = { id: '' }] = teams.seenBy(DANA, OPS);
  const { status, trouble } = await teams.press(bot.url, { person: OMAR, messageId, path: ['Go'] });
  assert.deepEqual([status, trouble, data], [200, null, [{ button: 'go' }]]);
  assert.deepEqual([teams.seenBy(OMAR, OPS)[1]?.text, teams.seenBy(DANA, OPS)[1]?.text], ['you went', 'who goes?']);
  assert.deepEqual(
    [seen.at(-1)?.method, seen.at(-1)?.to, seen.at(-1)?.text, seen.at(-1)?.activityId],
    ['invoke-response', { kind: 'person', id: OMAR }, 'you went', messageId],
  );
  await bot.later(TurnContext.getConversationReference(must(bot.heard[0])), async (context) => {
    await context.updateActivity({ ...showing(asking('all may see')), id: messageId });
  });
  assert.deepEqual([teams.seenBy(OMAR, OPS)[1]?.text, teams.seenBy(DANA, OPS)[1]?.text], ['all may see', 'all may see']);
});

test('a press is answered with words that its person alone sees', async (t) => {
  const { teams, seen } = await inTeams(t);
  const bot = await openBot(t, teams);
  bot.app.adaptiveCards.actionExecute('press', async () => 'not you');
  bot.app.activity('message', async (context) => {
    await context.sendActivity(showing(asking('who goes?')));
  });
  await teams.deliver(bot.url, teams.says.mention(DANA, OPS, 'ask'));
  const messageId = must(teams.seenBy(DANA, OPS)[1]).id;
  const { body, trouble } = await teams.press(bot.url, { person: GUEST, messageId, path: ['Go'] });
  assert.deepEqual([Object(body).value, trouble], ['not you', null]);
  assert.deepEqual(teams.state.alone, [{ person: GUEST, conversation: OPS, text: 'not you' }]);
  assert.deepEqual(
    [seen.at(-1)?.method, seen.at(-1)?.to, seen.at(-1)?.text, seen.at(-1)?.activityId],
    ['invoke-response', { kind: 'person', id: GUEST }, 'not you', null],
  );
  assert.equal(teams.seenBy(GUEST, OPS)[1]?.text, 'who goes?');
});

test('a phone presses what stands in for the button, and the SDK hears a submit', async (t) => {
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams);
  const submitted: unknown[] = [];
  bot.app.adaptiveCards.actionSubmit(
    async ({ activity }) => activity.type === 'message' && typeof activity.value === 'object' && activity.value !== null,
    async (_context, _state, value) => void submitted.push(value),
  );
  bot.app.activity('message', async (context) => {
    await context.sendActivity(showing(asking('who goes?')));
  });
  await teams.deliver(bot.url, teams.says.personal(DANA, 'ask'));
  const messageId = must(teams.seenBy(DANA, teams.state.personal(DANA).id)[1]).id;
  const { status } = await teams.press(bot.url, { person: DANA, messageId, path: ['Go'], phone: true });
  assert.deepEqual([status, submitted], [200, [{ button: 'go', by: 'phone' }]]);
});

test('the SDK reads who is in a conversation, and which team it belongs to', async (t) => {
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams);
  const read: Record<string, unknown> = {};
  bot.app.activity('message', async (context) => {
    const { userRole, tenantId, aadObjectId } = await TeamsInfo.getMember(context, must(teams.state.called(GUEST)).user);
    read['member'] = { userRole, tenantId, aadObjectId };
    const { members, continuationToken } = await TeamsInfo.getPagedMembers(context, 100, '');
    read['names'] = members.map(({ name }) => name);
    read['token'] = continuationToken;
    read['team'] = (await TeamsInfo.getTeamDetails(context)).name;
    read['channels'] = (await TeamsInfo.getTeamChannels(context)).map(({ id }) => id);
  });
  await teams.deliver(bot.url, teams.says.mention(DANA, OPS, 'look'));
  assert.deepEqual(read, {
    member: { userRole: 'guest', tenantId: TENANT, aadObjectId: GUEST },
    names: ['Dana Diaz', 'Omar Odeh', 'Gus Guest', 'Pat Partner'],
    token: undefined,
    team: 'Operations',
    channels: [OPS, '19:lab@thread.tacv2'],
  });
});

test('the SDK shows who it is with every call', async (t) => {
  const { teams, call } = await inTeams(t);
  const bot = await openBot(t, teams);
  bot.app.activity('message', async (context) => {
    await context.sendActivity(MessageFactory.text('here'));
  });
  await teams.deliver(bot.url, teams.says.personal(DANA, 'hello'));
  assert.equal(teams.seenBy(DANA, teams.state.personal(DANA).id).length, 2);
  for (const [token, status] of [
    [TOKEN, 200],
    ['somebody else', 401],
    [null, 401],
  ] as const)
    assert.equal((await call('GET', `v3/conversations/${OPS}/members`, undefined, token)).status, status);
});
