import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLoopback } from '../../src/adapters/simulator/loopback.ts';
import { onThisMachine, throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { FE1, FE2, POOL, ScriptedPool } from '../adapters/scripted-pool.ts';
import { powershell, skip } from './find.ts';
import { printed } from './stand-on.ts';

const WRONG: readonly (readonly [version: ProductVersion, line: string])[] = [
  ['2015', 'Get-CsComputer -PoolFqdn pool01.contoso.com'],
  ['2015', 'Get-CsPoolFabricState'],
  ['2015', 'Get-CsPoolFabricState -PoolFqdn pool01.contoso.com -Type MCU'],
  ['2015', 'Get-CsDatabaseMirrorState'],
  ['2015', 'Get-CsPoolBackupRelationship -Pool'],
  ['2015', 'Get-CsBackupServiceStatus'],
  ['2015', 'Get-CsBackupServiceStatus -PoolFqdn pool01.contoso.com -Category Users'],
  ['2015', 'Get-CsBackupServiceStatus -Identity pool01.contoso.com'],
  ['2015', 'Get-CsManagementStoreReplicationStatus -PoolFqdn pool01.contoso.com'],
  ['2015', 'Get-WinEvent -LogName "Lync Server"'],
  ['2015', 'Get-WinEvent -FilterHashtable @{ LogName = "Lync Server"; Id = 32174; StartTime = [datetime]::Now }'],
  ['2015', 'Stop-CsWindowsService -NoWait'],
  ['2015', 'Stop-CsWindowsService -Force -Confirm:$false'],
  ['2015', 'Restart-Computer -Force'],
  ['2015', 'Get-CsComputer -Pool pool09.contoso.com'],
  ['2015', 'Invoke-CsComputerFailOver -Confirm:$false'],
  ['2015', 'Invoke-CsComputerFailOver -ComputerName fe01.contoso.com'],
  ['2015', 'Invoke-CsComputerFailOver -ComputerName fe02.contoso.com -Confirm:$false'],
  ['2015', 'Invoke-CsComputerFailOver -ComputerName fe01.contoso.com -DrainTimeout 00:30:00 -Confirm:$false'],
  ['2019', 'Invoke-CsComputerFailBack -ComputerName fe01.contoso.com -DrainingTimeout 00:30:00 -Confirm:$false'],
  ['2019', 'Invoke-CsComputerFailBack -ComputerName fe01.contoso.com'],
  ['2013', 'Invoke-CsComputerFailOver -ComputerName fe01.contoso.com -Confirm:$false'],
  ['2013', 'Invoke-CsComputerFailBack -ComputerName fe01.contoso.com -Confirm:$false'],
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
  const way = await throughPowerShell([pool], onThisMachine(powershell), (call) => took.push(call.took));
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
  const way = await throughPowerShell([pool], onThisMachine(powershell));
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
