import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nameOfThisMachine } from '../../src/adapters/powershell/local.ts';
import { minimalEnvironment } from '../../src/adapters/powershell/shell.ts';
import { type Loopback, startLoopback } from '../../src/adapters/simulator/loopback.ts';
import { throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { FE1, FE2, POOL, ScriptedPool } from '../adapters/scripted-pool.ts';
import { powershell, skip } from './find.ts';

/** What a line prints in a PowerShell that stands on the simulated first server; errors as `ERROR: ...`. */
async function printed(version: ProductVersion, loopback: Loopback, line: string): Promise<string> {
  const modules = fileURLToPath(new URL(`../../src/adapters/simulator/modules/${version}`, import.meta.url));
  const environment = minimalEnvironment(process.env, {
    PSModulePath: modules,
    LIFEGUARD_SIMULATED_URL: loopback.url,
    LIFEGUARD_SIMULATED_TOKEN: loopback.token,
    LIFEGUARD_SIMULATED_SERVER: FE1,
  });
  const load = 'Get-Module -ListAvailable -Name Lync, SkypeForBusiness | Import-Module';
  const command = `${load}; try { ${line} | Out-String } catch { "ERROR: $($_.Exception.Message)" }`;
  const child = spawn(powershell, ['-NoProfile', '-NonInteractive', '-Command', command], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (await text(child.stdout)).trim();
}

const WRONG: readonly (readonly [version: ProductVersion, line: string])[] = [
  ['2015', 'Get-CsComputer -PoolFqdn pool01.contoso.com'],
  ['2015', 'Get-CsPoolFabricState'],
  ['2015', 'Get-CsPoolFabricState -PoolFqdn pool01.contoso.com -Type MCU'],
  ['2015', 'Get-CsDatabaseMirrorState'],
  ['2015', 'Get-CsPoolBackupRelationship -Pool'],
  ['2015', 'Stop-CsWindowsService -NoWait'],
  ['2015', 'Stop-CsWindowsService -Force -Confirm:$false'],
  ['2015', 'Restart-Computer -Force'],
  ['2015', 'Get-CsComputer -Pool pool09.contoso.com'],
  ['2013', 'Get-CsServerPatchVersion'],
  ['2013', 'Get-CsUpgradeDomainInfo'],
  ['2019', 'Get-CsPoolUpgradeReadinessState'],
];

test('a call that the real cmdlets would not take fails on the stand-in as well', { skip }, async () => {
  const pool = new ScriptedPool('2015');
  const loopback = await startLoopback([pool]);
  try {
    const said = await Promise.all(WRONG.map(async ([version, line]) => [line, await printed(version, loopback, line)] as const));
    for (const [line, output] of said) assert.match(output, /^ERROR: /, line);
    assert.match(await printed('2015', loopback, 'Get-CsComputer -Pool pool01.contoso.com'), /fe02\.contoso\.com/);
    assert.deepEqual(pool.told, []);
  } finally {
    await loopback.close();
  }
});

test('the loopback answers nobody without its token', async () => {
  const loopback = await startLoopback([new ScriptedPool('2015')]);
  try {
    const body = JSON.stringify({ server: FE1, cmdlet: 'Get-CsPool', parameters: { Identity: POOL } });
    const ask = async (token: string, sent: string) =>
      (await fetch(loopback.url, { method: 'POST', body: sent, headers: { authorization: `Bearer ${token}` } })).status;
    assert.deepEqual(
      [
        await ask(loopback.token, body),
        await ask('x', body),
        await ask('', body),
        await ask(loopback.token, '{'),
        await ask(loopback.token, '{}'),
      ],
      [200, 401, 401, 400, 400],
    );
  } finally {
    await loopback.close();
  }
});

test('a look at a simulated pool through PowerShell takes milliseconds, and a second one no new process', { skip }, async () => {
  const pool = new ScriptedPool('2015');
  const took: number[] = [];
  const way = await throughPowerShell([pool], powershell, (call) => took.push(call.took));
  try {
    for (let look = 0; look < 41; look += 1) await way.reader.services(POOL, [FE1], [FE1, FE2]);
    const warm = took.slice(1).toSorted((left, right) => left - right)[20] ?? Number.POSITIVE_INFINITY;
    // Seen: 15 ms. The bound is for a machine that is busy with other tests.
    assert.ok(warm < 150, `${warm} ms`);
  } finally {
    await way.close();
  }
});

test('two lists of servers that differ are shown, both of them', { skip }, async () => {
  const pool = new ScriptedPool('2015');
  const computers = pool.computers;
  let asked = 0;
  const way = await throughPowerShell([pool], powershell);
  try {
    // The second list is that of Get-CsPool: one server was added in between.
    await way.reader.viewers(POOL, FE1);
    pool.computers = () => {
      asked += 1;
      return computers();
    };
    const whole = await way.reader.computers(POOL, [FE1]);
    assert.equal(whole.kind, 'understood');
    const last = asked;
    asked = 0;
    pool.computers = () => {
      asked += 1;
      return asked < last ? computers() : computers().slice(1);
    };
    const answer = await way.reader.computers(POOL, [FE1]);
    assert.match(answer.kind === 'garbage' ? answer.because : '', /^Get-CsComputer lists .*fe02.*; Get-CsPool lists fe01/);
  } finally {
    await way.close();
  }
});

test('the name of the machine is a full one or none', { skip }, async () => {
  const name = await nameOfThisMachine(powershell);
  assert.ok(name === null || name.includes('.'));
  assert.equal(await nameOfThisMachine('/nowhere/powershell'), null);
});
