import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SimulatedPool } from '../../src/adapters/simulator/pool.ts';
import { type StandingOn, throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import { BOOT, FE1, FE2, FE3, POOL } from '../adapters/scripted-pool.ts';
import { powershell } from './find.ts';
import { overSsh, type Sshd, startSshd } from './sshd.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The program as a user starts it, with this pools file and nothing else of ours in its environment. */
async function lifeguard(args: readonly string[], file: string) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      LIFEGUARD_POOLS: file,
      LIFEGUARD_PERSON: 'dana',
      LIFEGUARD_POWERSHELL: powershell,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, said };
}

function poolsFile({ port, user, key, knownHosts, addresses }: Sshd, version: string): string {
  const pairs = [...addresses].map(([server, address]) => `${server}: ${address}`).join(', ');
  return `people:
  dana:
  omar:
pools:
  - fqdn: ${POOL}
    version: ${version}
    procedure: server-failover
    connection: { kind: ssh, user: ${user}, key: ${key}, knownHosts: ${knownHosts}, port: ${port}, servers: [${FE1}], addresses: { ${pairs} } }
    rights: { dana: [view, operate], omar: [view, approve] }
`;
}

/** Three simulated servers behind an sshd, as long as the test runs. */
async function withServers(run: (sshd: Sshd, folder: string) => Promise<void>): Promise<void> {
  const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
  const layout = { fqdn: POOL, version: '2019', upgradeDomains, backupPool: null, backEnd: 'primary', seed: 7 } as const;
  const pool = new SimulatedPool(layout, BOOT, { effect: () => assert.fail('something was changed'), state: () => {} });
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-program-'));
  let variables: StandingOn | null = null;
  const way = await throughPowerShell([pool], async (pools, standingOn) => {
    variables = standingOn;
    return overSsh(pools, standingOn);
  });
  const standingOn = (variables ?? assert.fail()) as StandingOn;
  const sshd = await startSshd(new Map([FE1, FE2, FE3].map((server) => [server, standingOn(server, pool)])));
  try {
    await run(sshd, folder);
  } finally {
    await sshd.close();
    await way.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('doctor says what is wrong with a pool that a stranger connects, until nothing is', async () => {
  await withServers(async (sshd, folder) => {
    const file = join(folder, 'pools.yaml');
    const strangers = join(folder, 'nobody-is-known-here');
    writeFileSync(strangers, '');
    writeFileSync(file, poolsFile({ ...sshd, knownHosts: strangers }, '2019'));
    const unknown = await lifeguard(['doctor', 'pool01'], file);
    assert.equal(unknown.code, 1);
    assert.match(unknown.said, /^BAD .*(host key|strict checking)/im);

    const swapped = new Map(sshd.addresses).set(FE1, sshd.addresses.get(FE2) ?? '');
    writeFileSync(file, poolsFile({ ...sshd, addresses: swapped }, '2019'));
    const wrongMachine = await lifeguard(['doctor', 'pool01'], file);
    assert.equal(wrongMachine.code, 1);
    assert.match(wrongMachine.said, /is fe02\.contoso\.com and not fe01\.contoso\.com: nothing was asked of it/);

    writeFileSync(file, poolsFile(sshd, '2015'));
    const wrongVersion = await lifeguard(['doctor', 'pool01'], file);
    assert.equal(wrongVersion.code, 1);
    assert.match(wrongVersion.said, /BAD .*Skype for Business Server 2019.*configured is 2015: set version: 2019/);

    writeFileSync(file, poolsFile(sshd, '2019'));
    const green = await lifeguard(['doctor', 'pool01'], file);
    assert.doesNotMatch(green.said, /^BAD/m, green.said);
    assert.equal(green.code, 0);
    for (const server of ['fe01', 'fe02', 'fe03']) assert.match(green.said, new RegExp(`^ok +${server}`, 'm'));
  });
});

test('probe records what the cmdlets return, and with --scrub no name of theirs is in the file', async () => {
  await withServers(async (sshd, folder) => {
    const file = join(folder, 'pools.yaml');
    writeFileSync(file, poolsFile(sshd, '2019'));
    const { code, said } = await lifeguard(['probe', 'pool01', '--scrub', '--folder', folder], file);
    assert.equal(code, 0, said);
    const [name] = readdirSync(folder).filter((each) => each.endsWith('.json'));
    const recorded = readFileSync(join(folder, name ?? assert.fail(said)), 'utf8');
    assert.match(recorded, /Get-CsUpgradeDomainInfo|readiness/);
    assert.doesNotMatch(recorded, /contoso|fe0[123]\.contoso/i);
    assert.equal((await lifeguard(['probe', 'pool01', '--server', 'fe', '--folder', folder], file)).code, 2);
  });
});

test('a pool that is not configured is refused with what is', async () => {
  await withServers(async (sshd, folder) => {
    const file = join(folder, 'pools.yaml');
    writeFileSync(file, poolsFile(sshd, '2019'));
    for (const command of ['doctor', 'probe']) {
      const { code, said } = await lifeguard([command, 'pool1'], file);
      assert.deepEqual([code, /there is no pool pool1 .*did you mean pool01\?/.test(said)], [2, true], said);
    }
  });
});
