import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Expected, examineSlack } from '../../../src/adapters/slack/doctor.ts';
import { limitFaults } from '../../../src/adapters/slack/limits.ts';
import { BOT_SCOPES } from '../../../src/adapters/slack/scopes.ts';
import type { WorkspaceOptions } from '../../../src/adapters/slack-simulator/state.ts';
import { openWorkspace, type Workspace } from '../../../src/adapters/slack-simulator/workspace.ts';
import { personId } from '../../../src/domain/pool.ts';
import { POOL01 } from '../../support.ts';

const TEAM = 'T0CONTOSO';
const BOT = { userId: 'U0LIFEGUARD', botId: 'B0LIFEGUARD', appId: 'A0LIFEGUARD', token: 'xoxb-right', name: 'lifeguard' };

async function workspace(t: TestContext, changes: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  const opened = await openWorkspace({
    team: { id: TEAM, name: 'Contoso' },
    bot: BOT,
    users: [
      { id: 'U0DANA', name: 'dana' },
      { id: 'U0GUEST', name: 'guest', guest: true },
      { id: 'U0GONE', name: 'gone', deactivated: true },
      { id: 'U0ROBOT', name: 'robot', bot: true },
    ],
    channels: [
      { id: 'C0OPS', name: 'ops', members: [BOT.userId] },
      { id: 'C0OTHERS', name: 'others', members: [] },
    ],
    userGroups: [
      { id: 'S0ONCALL', handle: 'oncall' },
      { id: 'S0OLD', handle: 'old', disabled: true },
    ],
    scopes: BOT_SCOPES,
    appToken: 'xapp-right',
    check: limitFaults,
    now: () => 0,
    sent: () => {},
    ...changes,
  });
  t.after(() => opened.close());
  return opened;
}

interface Examining {
  readonly expected?: Partial<Expected>;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly apiUrl?: string;
  readonly ahead?: number;
  readonly send?: boolean;
}

async function findings({ apiUrl }: Workspace, given: Examining = {}): Promise<readonly string[]> {
  const told: string[] = [];
  const settings = {
    botToken: given.botToken ?? BOT.token,
    apiUrl: given.apiUrl ?? apiUrl,
    transport: { kind: 'socket', appToken: given.appToken ?? 'xapp-right' },
  } as const;
  await examineSlack(
    settings,
    { channels: [], accounts: [], groups: [], ...given.expected },
    {
      now: () => Date.now() + (given.ahead ?? 0),
      send: given.send ?? false,
      tell: ({ what, cure }) => told.push(cure === null ? `ok ${what}` : `BAD ${what}: ${cure}`),
    },
  );
  return told;
}
const ops = { channels: [{ pool: POOL01, channel: 'C0OPS' }] };

test('everything is there', async (t) => {
  const expected = {
    ...ops,
    accounts: [{ person: personId('dana'), account: `${TEAM}:U0DANA` }],
    groups: [{ name: 'oncall', group: 'S0ONCALL' }],
  };
  const there = await workspace(t);
  assert.deepEqual(await findings(there, { expected }), [
    "ok clock: within 60 seconds of Slack's",
    'ok bot token: @lifeguard in Contoso (T0CONTOSO)',
    `ok scopes: all ${BOT_SCOPES.length}`,
    'ok app-level token: Socket Mode opens',
    'ok channel C0OPS (pool01.contoso.com)',
    'ok dana (T0CONTOSO:U0DANA)',
    'ok group oncall (@oncall)',
  ]);
  assert.deepEqual(there.messages('C0OPS'), [], 'nothing is posted unless it is asked for');
});

test('a test card is posted in every channel when it is asked for', async (t) => {
  const there = await workspace(t);
  assert.ok((await findings(there, { expected: ops, send: true })).includes('ok test card in C0OPS'));
  assert.match(there.messages('C0OPS')[0]?.text ?? '', /^A test card of Lifeguard/);
});

for (const [what, given, pattern] of [
  ['a wrong bot token', { botToken: 'xoxb-wrong' }, /^BAD bot token: invalid_auth: take the Bot User OAuth Token/],
  ['a wrong app-level token', { appToken: 'xapp-wrong' }, /^BAD app-level token: invalid_auth: make one with connections:write/],
  [
    'nobody at the address',
    { apiUrl: 'http://127.0.0.1:9/api/' },
    /^BAD address: http:\/\/127\.0\.0\.1:9\/api\/ was not reached/,
  ],
  [
    'a clock ten minutes ahead',
    { ahead: 600_000 },
    /^BAD clock: (?:599|600|601) seconds ahead of Slack's: set this machine's clock/,
  ],
  [
    'a channel that is not there',
    { expected: { channels: [{ pool: POOL01, channel: 'C0NONE' }] } },
    /^BAD channel C0NONE .*channel_not_found/,
  ],
  [
    'a channel without the bot',
    { expected: { channels: [{ pool: POOL01, channel: 'C0OTHERS' }] } },
    /the bot is not in it: invite it/,
  ],
  [
    'a guest',
    { expected: { accounts: [{ person: personId('eve'), account: `${TEAM}:U0GUEST` }] } },
    /^BAD eve .*a guest: a guest has no rights/,
  ],
  [
    'a deactivated user',
    { expected: { accounts: [{ person: personId('eve'), account: `${TEAM}:U0GONE` }] } },
    /^BAD eve .*deactivated/,
  ],
  [
    'a bot',
    { expected: { accounts: [{ person: personId('eve'), account: `${TEAM}:U0ROBOT` }] } },
    /^BAD eve .*a bot has no rights/,
  ],
  [
    'another workspace',
    { expected: { accounts: [{ person: personId('eve'), account: 'T0OTHER:U0DANA' }] } },
    /^BAD eve .*another workspace: this one is T0CONTOSO/,
  ],
  [
    'nobody of that id',
    { expected: { accounts: [{ person: personId('eve'), account: `${TEAM}:U0NOBODY` }] } },
    /^BAD eve .*user_not_found/,
  ],
  [
    'a group that is not there',
    { expected: { groups: [{ name: 'oncall', group: 'S0NONE' }] } },
    /^BAD group oncall \(S0NONE\): there is none/,
  ],
  ['a disabled group', { expected: { groups: [{ name: 'old', group: 'S0OLD' }] } }, /^BAD group old \(@old\): disabled/],
] satisfies [string, Examining, RegExp][]) {
  test(`told, with what to do: ${what}`, async (t) => {
    const told = await findings(await workspace(t), given);
    assert.ok(
      told.some((line) => pattern.test(line)),
      told.join('\n'),
    );
  });
}

test('scopes that are missing are named', async (t) => {
  const there = await workspace(t, { scopes: BOT_SCOPES.filter((scope) => scope !== 'files:write') });
  const told = await findings(there);
  assert.ok(
    told.includes('BAD scopes: missing files:write: add them as in manifests/slack.yaml and install the app again'),
    told.join('\n'),
  );
});

test('archived and shared channels are told apart', async (t) => {
  const there = await workspace(t);
  there.state.channel('C0OPS').shared = true;
  assert.match((await findings(there, { expected: ops })).join('\n'), /it is shared with another organisation/);
  there.state.channel('C0OPS').archived = true;
  assert.match((await findings(there, { expected: ops })).join('\n'), /it is archived/);
});

test('no finding quotes a token', async (t) => {
  const there = await workspace(t);
  const told = [
    ...(await findings(there)),
    ...(await findings(there, { botToken: 'xoxb-canary', appToken: 'xapp-canary' })),
  ].join('\n');
  assert.doesNotMatch(told, /canary|xoxb-right|xapp-right/);
});
