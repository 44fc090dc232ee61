import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { limitFaults } from '../src/adapters/slack/limits.ts';
import { BOT_SCOPES } from '../src/adapters/slack/scopes.ts';
import { signed } from '../src/adapters/slack-simulator/signed.ts';
import { openWorkspace } from '../src/adapters/slack-simulator/workspace.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-main-slack-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const PATIENCE = 60_000;
const SECRET = 'the-signing-secret';
const TEAM = 'T0CONTOSO';

const POOLS = join(folder, 'pools.yaml');
writeFileSync(
  POOLS,
  `people: { dana: { slack: [${TEAM}:U0DANA] }, omar: { slack: [${TEAM}:U0OMAR] } }
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe1.contoso.com], [fe2.contoso.com], [fe3.contoso.com]] }
    rights: { dana: [view, operate], omar: [view, approve] }
    slack: { channels: [C0OPS] }
`,
);

const workspace = await openWorkspace({
  team: { id: TEAM, name: 'Contoso' },
  bot: { userId: 'U0LIFEGUARD', botId: 'B0LIFEGUARD', appId: 'A0LIFEGUARD', token: 'xoxb-right', name: 'lifeguard' },
  users: [
    { id: 'U0DANA', name: 'dana' },
    { id: 'U0OMAR', name: 'omar' },
  ],
  channels: [{ id: 'C0OPS', name: 'ops', members: ['U0DANA', 'U0OMAR', 'U0LIFEGUARD'] }],
  scopes: BOT_SCOPES,
  appToken: 'xapp-right',
  check: limitFaults,
  now: () => Date.now(),
  sent: () => {},
});
after(() => workspace.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', LIFEGUARD_POOLS: POOLS, LIFEGUARD_STORE: join(folder, 'record.db'), ...env },
    timeout: PATIENCE,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)));
  child.stdin.end();
  const [code] = await once(child, 'close');
  return { code, said: said.join('') };
}
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-right', SLACK_APP_TOKEN: 'xapp-right', SLACK_API_URL: workspace.apiUrl };

test('doctor ends with 0 when everything is there, and posts only when it is asked to', async () => {
  const looked = await run(['doctor'], SLACK);
  assert.equal(looked.code, 0, looked.said);
  assert.match(looked.said, /^ok {4}configuration: pools: 1, people: 2\n/);
  assert.match(looked.said, /ok {4}channel C0OPS \(pool01\.contoso\.com\)\nok {4}dana \(T0CONTOSO:U0DANA\)/);
  assert.deepEqual(workspace.messages('C0OPS'), []);
  assert.equal((await run(['doctor', '--send'], SLACK)).code, 0);
  assert.equal(workspace.messages('C0OPS').length, 1);
});

test('doctor ends with 1 and what to do when something is missing', async () => {
  const { code, said } = await run(['doctor'], { ...SLACK, SLACK_BOT_TOKEN: 'xoxb-wrong' });
  assert.equal(code, 1);
  assert.match(said, /^BAD {3}bot token: invalid_auth: take the Bot User OAuth Token from the app settings$/m);
});

test('doctor without Slack says that there is none to look at', async () => {
  const { code, said } = await run(['doctor']);
  assert.equal(code, 0);
  assert.match(said, /not in Slack: SLACK_BOT_TOKEN is not set/);
});

test('a token that opens nothing ends the program with 2, in words and without the token', async () => {
  const { code, said } = await run([], { ...SLACK, SLACK_BOT_TOKEN: 'xoxb-wrong' });
  assert.equal(code, 2);
  assert.match(said, /Slack does not let Lifeguard in: invalid_auth\n$/);
  assert.doesNotMatch(said, /xoxb-wrong/);
});

test('on a real pool people are in Slack: they are heard and answered, and SIGTERM ends it with 0', async () => {
  const real = join(folder, 'real.yaml');
  const text = readFileSync(POOLS, 'utf8');
  writeFileSync(real, text.replace(/connection: .*/, 'connection: { kind: local, server: fe1.contoso.com }'));
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LIFEGUARD_POOLS: real,
      LIFEGUARD_STORE: join(folder, 'real.db'),
      LIFEGUARD_POWERSHELL: join(folder, 'there-is-no-powershell'),
      SLACK_BOT_TOKEN: 'xoxb-right',
      SLACK_API_URL: workspace.apiUrl,
      SLACK_SIGNING_SECRET: SECRET,
      SLACK_PORT: String(port),
    },
    timeout: PATIENCE,
  });
  const closed = once(child, 'close');
  for await (const chunk of child.stdout) if (String(chunk).includes(`listening on 127.0.0.1:${port}`)) break;
  const slash = async (text: string): Promise<string> => {
    const { headers, rawBody } = signed(workspace.says.slash('U0DANA', 'C0OPS', '/pool', text), SECRET, Date.now());
    const response = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body: rawBody });
    assert.equal(response.status, 200);
    return response.text();
  };
  assert.match(await slash('upgrade pool01'), /pool01: upgrade asked for by dana; checking the pool/);
  assert.match(await slash('abort pool01'), /pool01/);
  child.kill('SIGTERM');
  assert.deepEqual(await closed, [0, null]);
});

test('Slack that cannot be reached is waited for, and the program can be told to end meanwhile', async () => {
  const real = join(folder, 'waiting.yaml');
  writeFileSync(
    real,
    readFileSync(POOLS, 'utf8').replace(/connection: .*/, 'connection: { kind: local, server: fe1.contoso.com }'),
  );
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LIFEGUARD_POOLS: real,
      LIFEGUARD_STORE: join(folder, 'waiting.db'),
      SLACK_BOT_TOKEN: 'xoxb-right',
      SLACK_APP_TOKEN: 'xapp-right',
      SLACK_API_URL: `http://127.0.0.1:${await freePort()}/api/`,
    },
    timeout: PATIENCE,
  });
  const closed = once(child, 'close');
  for await (const chunk of child.stderr) if (String(chunk).includes('Slack cannot be reached, and is asked again')) break;
  child.kill('SIGTERM');
  const [code] = await closed;
  assert.equal(code, 0);
});

for (const [what, args, told] of [
  ['a surface that is none', ['play', 'x.txt', '--surface', 'fax'], /--surface takes terminal, slack or teams/],
  ['doctor about a pool that nobody configured', ['doctor', 'pool99'], /there is no pool pool99 .*did you mean pool01/],
] as const) {
  test(`called wrongly: ${what}`, async () => {
    const { code, said } = await run(args);
    assert.equal(code, 2);
    assert.match(said, told);
  });
}
