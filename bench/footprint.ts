import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BOT, benchWorkspace, freePort, median, SECRET } from './rig.ts';

/**
 * Start-up until people are let in, and memory two seconds later, in Slack alone and with Teams beside it; beside those the
 * least that a Bolt app can be. Linux only.
 */
const RUNS = 5;
const IDLE_FOR = 2_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const TENANT = '5e551010-0000-4000-8000-000000000001';
const POOLS = `people: { dana: { slack: [T0BENCH:U0DANA], teams: ['${TENANT}:5e551010-0000-4000-8000-000000000003'] } }
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe1.contoso.com, fe2.contoso.com], [fe3.contoso.com, fe4.contoso.com], [fe5.contoso.com, fe6.contoso.com]] }
    rights: { dana: [view] }
    slack: { channels: [C0BENCH] }
    teams: { conversations: ['19:bench@thread.tacv2'] }
`;

interface Footprint {
  readonly ready: number;
  readonly resident: number;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Footprint> {
  const from = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = await new Promise<number>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('in Slack')) resolve(performance.now() - from);
    });
  });
  await new Promise((resolve) => setTimeout(resolve, IDLE_FOR));
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  return { ready, resident: Number(kilobytes) / 1_024 };
}

const workspace = await benchWorkspace();
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-footprint-'));
const pools = join(folder, 'pools.yaml');
writeFileSync(pools, POOLS);
const found = { ours: [] as Footprint[], both: [] as Footprint[], bare: [] as Footprint[] };
for (let round = 0; round < RUNS; round += 1) {
  const inSlack = async (record: string) => ({
    LIFEGUARD_POOLS: pools,
    LIFEGUARD_STORE: join(folder, `${record}-${round}.db`),
    SLACK_BOT_TOKEN: BOT.token,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_PORT: String(await freePort()),
    SLACK_API_URL: workspace.apiUrl,
  });
  const program = [here('../src/main.ts'), '--speed', '1'];
  found.ours.push(await run(program, await inSlack('alone')));
  const inTeams = {
    TEAMS_APP_ID: '5e551010-0000-4000-8000-000000000002',
    TEAMS_APP_PASSWORD: 'nothing on this machine is signed',
    TEAMS_TENANTS: TENANT,
    TEAMS_PORT: String(await freePort()),
  };
  found.both.push(await run(program, { ...(await inSlack('both')), ...inTeams }));
  found.bare.push(await run([here('bare-bolt.ts'), String(await freePort())]));
}
for (const [what, of, unit] of [
  ['start-up', 'ready', 'ms'],
  ['idle memory', 'resident', 'MB'],
] as const) {
  const [ours = 0, both = 0, bare = 0] = [found.ours, found.both, found.bare].map((each) => median(each.map((one) => one[of])));
  process.stdout.write(
    `${what}: ${ours.toFixed(0)} ${unit}, with Teams ${both.toFixed(0)} ${unit} (ratio ${(both / ours).toFixed(2)}), bare Bolt ${bare.toFixed(0)} ${unit}, ratio ${(ours / bare).toFixed(2)}\n`,
  );
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);
