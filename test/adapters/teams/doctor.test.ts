import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TeamsSettings } from '../../../src/adapters/teams/app.ts';
import { type Expected, examineTeams } from '../../../src/adapters/teams/doctor.ts';
import type { TeamsState } from '../../../src/adapters/teams-simulator/state.ts';
import { openTeams, type SimulatedTeams } from '../../../src/adapters/teams-simulator/teams.ts';
import { personId } from '../../../src/domain/pool.ts';
import { POOL01, POOL02 } from '../../support.ts';
import { inTeams, PASSWORD } from './in-teams.ts';
import { APP, DANA, FABRIKAM, GUEST, LAB, OMAR, OPS, PARTNER, TENANT } from './in-teams-people.ts';

interface Examining {
  readonly expected?: Partial<Expected>;
  readonly settings?: Partial<TeamsSettings>;
  readonly send?: boolean;
}

async function findings(teams: SimulatedTeams, { expected, settings, send = false }: Examining = {}): Promise<readonly string[]> {
  const told: string[] = [];
  const { issuer, metadataUrl, serviceUrl } = teams;
  await examineTeams(
    {
      appId: APP.id,
      appPassword: PASSWORD,
      tenants: [TENANT],
      serviceHosts: ['127.0.0.1'],
      issuer,
      metadataUrl,
      serviceUrl,
      host: '127.0.0.1',
      port: 3978,
      ...settings,
    },
    { conversations: [], accounts: [], ...expected },
    {
      now: () => Date.now(),
      send,
      within: () => AbortSignal.timeout(5_000),
      tell: ({ what, cure }) => told.push(cure === null ? `ok ${what}` : `BAD ${what} -> ${cure}`),
    },
  );
  return told;
}

const ops = { conversations: [{ pool: POOL01, conversation: OPS }] };
const dana = { person: personId('dana'), account: `${TENANT}:${DANA}` };

test('everything is there', async (t) => {
  const { teams } = await inTeams(t);
  const conversations = [
    { pool: POOL01, conversation: OPS },
    { pool: POOL02, conversation: OPS },
    { pool: POOL01, conversation: LAB },
  ];
  assert.deepEqual(await findings(teams, { expected: { conversations, accounts: [dana] } }), [
    'ok Teams comes in at 127.0.0.1:3978/api/messages, signed, of 1 tenant; HTTPS in front of it is yours',
    `ok the keys of the Bot Framework can be had: ${new URL(teams.metadataUrl).host}`,
    `ok conversation ${OPS} of pool01.contoso.com, pool02.contoso.com: the bot is in it, and everybody in it is of our tenants`,
    `ok conversation ${LAB} of pool01.contoso.com: the bot is in it, and everybody in it is of our tenants`,
    `ok dana is ${TENANT}:${DANA}`,
  ]);
  for (const conversation of [OPS, LAB]) assert.deepEqual(teams.state.conversation(conversation).messages, []);
});

test('a test card is posted in every conversation that can be reached when it is asked for, and has no button', async (t) => {
  const { teams } = await inTeams(t);
  teams.state.conversation(LAB).closed = 'BotDisabledByAdmin';
  const conversations = [...ops.conversations, { pool: POOL01, conversation: LAB }];
  const told = await findings(teams, { expected: { conversations }, send: true });
  assert.ok(told.includes(`ok a test card stands in ${OPS}`), told.join('\n'));
  const [card] = teams.state.conversation(OPS).messages;
  assert.match(card?.text ?? '', /^Lifeguard was here: this is a test card/);
  assert.doesNotMatch(JSON.stringify(card?.card), /Action/);
  assert.equal(told.filter((line) => line.includes('a test card')).length, 1);
});

test('a test card that is not taken is told', async (t) => {
  const { teams } = await inTeams(t);
  teams.faults.next('reply', { kind: 'forbidden', code: 'ConversationBlockedByUser' });
  const told = await findings(teams, { expected: ops, send: true });
  assert.match(
    told.at(-1) ?? '',
    /^BAD a test card in 19:operations@thread\.tacv2: .*ConversationBlockedByUser.* -> add the app/,
  );
});

test('nobody is asked who they are', async (t) => {
  const { teams } = await inTeams(t);
  const told = await findings(teams, { settings: { appPassword: null } });
  assert.match(told[0] ?? '', /^BAD .*NOBODY IS ASKED WHO THEY ARE -> unset DANGEROUS_NO_AUTH/);
  assert.equal(told.length, 1, 'and no keys are looked for');
  const two = await findings(teams, { settings: { tenants: [TENANT, FABRIKAM] } });
  assert.match(two[0] ?? '', /of 2 tenants;/);
});

test('keys that cannot be had', async (t) => {
  const { teams } = await inTeams(t);
  const told = await findings(teams, { settings: { metadataUrl: 'http://127.0.0.1:9/openid' } });
  assert.match(
    told[1] ?? '',
    /^BAD the keys of the Bot Framework cannot be had: .+ -> let this machine reach http:\/\/127\.0\.0\.1:9$/,
  );
});

for (const [what, happen, pattern] of [
  [
    'the bot is not in it',
    (state: TeamsState) => Object.assign(state.conversation(OPS), { closed: 'BotNotInConversationRoster' }),
    /HTTP 403: BotNotInConversationRoster.* -> add the app to that team or chat, or correct its id in the pools file/,
  ],
  ['there is none', (state: TeamsState) => state.conversations.delete(OPS), /HTTP 404: ConversationNotFound.* -> add the app/],
  [
    'people of another tenant read along',
    (state: TeamsState) => state.conversation(OPS).members.add(PARTNER),
    /: people of another organisation read along -> Lifeguard shows no buttons there/,
  ],
  [
    'more members than are read',
    (state: TeamsState) => {
      for (let number = 0; number < 5_001; number += 1)
        state.addPerson({ objectId: `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`, name: 'p', places: [OPS] });
    },
    /: it has too many members to be known -> /,
  ],
] as const)
  test(`a conversation: ${what}`, async (t) => {
    const { teams } = await inTeams(t);
    happen(teams.state);
    const [, , finding = ''] = await findings(teams, { expected: ops });
    assert.ok(finding.startsWith(`BAD conversation ${OPS} of pool01.contoso.com: `), finding);
    assert.match(finding, pattern);
  });

for (const [what, fault, pattern] of [
  ['fewer calls', { kind: 'ratelimited', retryAfter: 1 }, /Teams asks for fewer calls -> look again in a minute/],
  ['other credentials', { kind: 'status', status: 401 }, /HTTP 401.* -> check TEAMS_APP_ID and TEAMS_APP_PASSWORD/],
  ['to be well', { kind: 'status', status: 503 }, /HTTP 503 -> see that this machine reaches Teams/],
  ['a connection', { kind: 'dropped', taken: false }, /socket hang up -> see that this machine reaches Teams/],
] as const)
  test(`Teams wants ${what}`, async (t) => {
    const { teams } = await inTeams(t);
    teams.faults.next('members', fault);
    const told = await findings(teams, { expected: ops });
    assert.match(told[2] ?? '', pattern);
  });

for (const [what, account, pattern] of [
  ['nobody of that id', `${TENANT}:d0000000-0000-4000-8000-00000000dead`, /no conversation of these pools has them -> add them/],
  ['a guest', `${TENANT}:${GUEST}`, /a guest has no rights -> use the account of their own organisation/],
  ['somebody of another tenant than said', `${FABRIKAM}:${OMAR}`, /Teams knows them in tenant 5e55.* -> correct the account/],
] as const)
  test(`an account: ${what}`, async (t) => {
    const { teams } = await inTeams(t);
    const told = await findings(teams, { expected: { ...ops, accounts: [{ person: personId('eve'), account }] } });
    assert.ok(told[3]?.startsWith(`BAD eve is ${account}: `), told.join('\n'));
    assert.match(told[3] ?? '', pattern);
  });

test('an account is looked for in every conversation that can be reached', async (t) => {
  const { teams } = await inTeams(t);
  teams.state.conversation(OPS).members.delete(DANA);
  const conversations = [...ops.conversations, { pool: POOL01, conversation: LAB }];
  assert.ok((await findings(teams, { expected: { conversations, accounts: [dana] } })).includes(`ok dana is ${TENANT}:${DANA}`));
  teams.state.conversation(LAB).closed = 'BotNotInConversationRoster';
  assert.match((await findings(teams, { expected: { conversations, accounts: [dana] } })).at(-1) ?? '', /no conversation/);
});

test('a Teams that does not let us in, and nobody at its address', async (t) => {
  const teams = await openTeams({
    tenant: TENANT,
    app: APP,
    conversations: [{ id: OPS, kind: 'channel', name: 'operations' }],
    token: 'another',
    check: () => [],
    now: () => 0,
    sent: () => {},
  });
  t.after(() => teams.close());
  assert.match((await findings(teams, { expected: ops }))[2] ?? '', /HTTP 401: BotNotRegistered.* -> check TEAMS_APP_ID/);
  const gone = { serviceUrl: 'http://127.0.0.1:9/teams/' };
  assert.match((await findings(teams, { expected: ops, settings: gone }))[2] ?? '', /-> see that this machine reaches Teams/);
});

test('no finding quotes a secret', async (t) => {
  const { teams } = await inTeams(t);
  const whole = await findings(teams, { expected: { ...ops, accounts: [dana] }, send: true });
  teams.faults.next(['members', 'reply'], { kind: 'status', status: 401 }, 5);
  const refused = await findings(teams, { expected: { ...ops, accounts: [dana] }, send: true });
  assert.doesNotMatch([...whole, ...refused].join('\n'), new RegExp(`${PASSWORD}|eyJ|Bearer`, 'u'));
});
