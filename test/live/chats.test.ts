import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import pino from 'pino';
import { limitFaults } from '../../src/adapters/slack/limits.ts';
import { openWorkspace, type Workspace } from '../../src/adapters/slack-simulator/workspace.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { limitFaults as limitFaultsInTeams } from '../../src/adapters/teams/limits.ts';
import { openTeams } from '../../src/adapters/teams-simulator/teams.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { personId } from '../../src/domain/pool.ts';
import { openChats } from '../../src/live/chats.ts';
import type { Card } from '../../src/messages/card.ts';
import type { Listener } from '../../src/ports.ts';
import { must } from '../support.ts';

const [TEAM, CHANNEL, TENANT] = ['T0CONTOSO', 'C0OPS', '5e551010-0000-4000-8000-000000000001'];
const [APP, DANA, OPS] = ['5e551010-0000-4000-8000-000000000002', '5e551010-0000-4000-8000-00000000000a', '19:ops@thread.tacv2'];
const POOLS = `people: { dana: { slack: [${TEAM}:U0DANA], teams: ['${TENANT}:${DANA}'] }, omar: {} }
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe1.contoso.com], [fe2.contoso.com], [fe3.contoso.com]] }
    rights: { dana: [view, operate], omar: [approve] }
    slack: { channels: [${CHANNEL}] }
    teams: { conversations: ['${OPS}'] }
`;
const live: Card = { key: 'run-1', under: null, tone: 'calm', title: 'Upgrade of pool01: checking', lines: [], buttons: [] };
const nobody: Listener = {
  hear: () => Promise.reject(new Error('nobody speaks here')),
  press: () => Promise.reject(new Error('nobody presses here')),
  home: () => Promise.reject(new Error('nobody looks here')),
};

/** One pool that is talked about in Slack and in Teams, on two simulated platforms; Slack says who we are only once it is let. */
async function bothPlatforms(t: TestContext) {
  const letSlack = Promise.withResolvers<void>();
  const bot = { userId: 'U0LIFEGUARD', botId: 'B0LIFEGUARD', appId: 'A0LIFEGUARD', token: 'xoxb-canary', name: 'lifeguard' };
  const workspace = await openWorkspace({
    team: { id: TEAM, name: 'Contoso' },
    bot,
    users: [{ id: 'U0DANA', name: 'dana' }],
    channels: [{ id: CHANNEL, name: 'ops', members: ['U0DANA', bot.userId] }],
    check: limitFaults,
    now: () => Date.now(),
    sent: () => {},
  });
  const stands = Promise.withResolvers<void>();
  const teams = await openTeams({
    tenant: TENANT,
    app: { id: APP, name: 'Lifeguard' },
    conversations: [{ id: OPS, kind: 'channel', name: 'ops' }],
    check: limitFaultsInTeams,
    now: () => Date.now(),
    sent: () => stands.resolve(),
  });
  teams.addPerson({ objectId: DANA, name: 'dana' });
  const variables = {
    LIFEGUARD_POOLS: 'pools.yaml',
    SLACK_BOT_TOKEN: bot.token,
    SLACK_SIGNING_SECRET: 'canary-secret',
    SLACK_PORT: '1',
    SLACK_API_URL: workspace.apiUrl,
    TEAMS_APP_ID: APP,
    TEAMS_APP_PASSWORD: 'nothing on this machine is signed',
    TEAMS_TENANTS: TENANT,
    TEAMS_OPENID_METADATA_URL: teams.metadataUrl,
    TEAMS_SERVICE_URL: teams.serviceUrl,
    TEAMS_SERVICE_HOSTS: '127.0.0.1',
  };
  const config = readConfig(variables, () => POOLS);
  assert.deepEqual(config.kind === 'faults' ? config.faults : [], []);
  const store = await openStore(':memory:');
  const ending = Promise.withResolvers<void>();
  t.after(async () => {
    ending.resolve();
    await workspace.close();
    await teams.close();
    await store.close();
  });
  return { config: config as Config, store, workspace, teams, letSlack, stands: stands.promise, ended: ending.promise };
}

/** Comes back with the first message of the channel, once there is one. */
async function firstIn(workspace: Workspace): Promise<string> {
  while (workspace.messages(CHANNEL).length === 0) await new Promise((resolve) => setImmediate(resolve));
  return must(workspace.messages(CHANNEL)[0]).text;
}

test('while Slack cannot be reached Teams begins alone, and Slack gets the newest of each card when it can', {
  timeout: 60_000,
}, async (t) => {
  const { config, store, workspace, teams, letSlack, stands, ended } = await bothPlatforms(t);
  workspace.fail('auth.test', { kind: 'slow', until: letSlack.promise });
  const log = pino({ level: 'silent' });
  const chats = must(await openChats({ config, store, log, ended, wait: async () => {} }));
  const about = { pool: must(config.pools[0]).fqdn, owner: personId('dana') };
  await chats.surface.show(live, about);
  await chats.surface.show({ ...live, title: 'Upgrade of pool01: stopping' }, about);
  await stands;
  assert.match(must(teams.seenBy(DANA, OPS)[0]).text, /^Upgrade of pool01/);
  assert.deepEqual(workspace.messages(CHANNEL), []);
  letSlack.resolve();
  assert.match(await firstIn(workspace), /^Upgrade of pool01: stopping/);
  await chats.stop();
});

test('with both there people are let in on both, and are told where', { timeout: 60_000 }, async (t) => {
  const { config, store, ended } = await bothPlatforms(t);
  const said: string[] = [];
  const free = { ...config, slack: must(config.slack), teams: { ...must(config.teams), port: 0 } };
  const log = pino({ level: 'silent' });
  const transport = { kind: 'http' as const, signingSecret: 'canary-secret', port: 0, host: '127.0.0.1' };
  const never = new Promise<void>(() => {});
  const slack = { ...free.slack, transport };
  const chats = must(await openChats({ config: { ...free, slack }, store, log, ended, wait: () => never }));
  await chats.start(nobody, (line) => said.push(line));
  assert.match(
    said.join('\n'),
    /^Lifeguard is in Teams: listening on 127\.0\.0\.1:\d+\..*\nLifeguard is in Slack: @lifeguard in Contoso/,
  );
  await chats.stop();
});
