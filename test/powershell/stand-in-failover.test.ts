import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCRIPTS } from '../../src/adapters/powershell/script-folder.ts';
import { startLoopback } from '../../src/adapters/simulator/loopback.ts';
import type { PoolModel } from '../../src/adapters/simulator/model.ts';
import { SimulatedPool } from '../../src/adapters/simulator/pool.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { hours } from '../../src/domain/time.ts';
import { BOOT, FE1, FE2, FE3, POOL, ScriptedPool } from '../adapters/scripted-pool.ts';
import { skip } from './find.ts';
import { printed } from './stand-on.ts';

/** Says what lines print in a PowerShell on the first server of the pool, and closes the way there. */
async function onFirst(pool: PoolModel, run: (print: (line: string) => Promise<string>) => Promise<void>): Promise<void> {
  const loopback = await startLoopback([pool]);
  try {
    await run((line) => printed(pool.version, loopback, line));
  } finally {
    await loopback.close();
  }
}

test('-Force and -WhatIf are refused by name, and nothing is failed over', { skip }, async () => {
  const pool = new ScriptedPool('2019');
  await onFirst(pool, async (print) => {
    for (const cmdlet of ['Invoke-CsComputerFailOver', 'Invoke-CsComputerFailBack'])
      for (const never of ['-Force', '-WhatIf', '-Force -WhatIf', '-WhatIf:$false']) {
        const said = await print(`${cmdlet} -ComputerName ${FE1} -Confirm:$false ${never}`);
        assert.match(said, /^ERROR: the stand-in of Invoke-CsComputerFail\w+ refuses -(Force|WhatIf)/, never);
      }
  });
  assert.deepEqual(pool.told, []);
});

test('either cmdlet returns when the pool has come to its end, and prints nothing', { skip, timeout: 60_000 }, async () => {
  let told = Promise.withResolvers<void>();
  const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
  const layout = { fqdn: POOL, version: '2019', upgradeDomains, backupPool: null, backEnd: 'primary', seed: 3 } as const;
  const pool = new SimulatedPool(layout, BOOT, { effect: () => told.resolve(), state: () => {} });
  await onFirst(pool, async (print) => {
    const bounds = '-WaitTime 01:00:00 -Confirm:$false';
    let now = BOOT;
    for (const [line, fails, services] of [
      [`Invoke-CsComputerFailOver -ComputerName ${FE1} -DrainingTimeout 00:30:00 ${bounds}`, false, 'Stopped'],
      [`Invoke-CsComputerFailBack -ComputerName ${FE1} ${bounds}`, true, 'Stopped'],
      [`Invoke-CsComputerFailBack -ComputerName ${FE1} ${bounds}`, false, 'Running'],
    ] as const) {
      pool.machine(FE1).nextFailBackFails = fails;
      told = Promise.withResolvers();
      const prints = print(line);
      await told.promise;
      now += hours(1);
      pool.advanceTo(now);
      assert.match(await prints, fails ? /^ERROR: Invoke-CsComputerFailBack was not done within 01:00:00/ : /^$/);
      assert.equal(pool.rtcsrv(FE1), services);
    }
  });
});

const base64 = (text: string, encoding: BufferEncoding): string => Buffer.from(text, encoding).toString('base64');
/** A process of its own, as Linux and as Windows start one. */
const STARTS = [
  (encoded: string) => `Start-Process -FilePath pwsh -ArgumentList '-NoProfile', '-EncodedCommand', '${encoded}'`,
  (encoded: string) =>
    `Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = '"C:\\powershell.exe" -NoProfile -EncodedCommand ${encoded}' }`,
];
const child = readFileSync(join(SCRIPTS, 'failover-child.ps1'), 'utf8');

test('our child process begins a FailOver or FailBack as its own text calls it', { skip }, async () => {
  for (const start of STARTS) {
    const pool = new ScriptedPool('2019');
    const begin = (text: string, direction: string) => {
      const values = base64(JSON.stringify({ Server: FE1, Direction: direction, WaitTime: 45, DrainingTimeout: 20 }), 'utf8');
      return start(base64(`& {\n${text}\n} -Name 'failover-run' -Values '${values}'`, 'utf16le'));
    };
    await onFirst(pool, async (print) => {
      assert.match(await print(begin(child, 'fail-over')), /^$|ReturnValue/);
      assert.match(await print(begin(child, 'fail-back')), /^$|ReturnValue/);
      assert.deepEqual(pool.told, [`fail-over ${FE1} within 45 min, drained within 20 min`, `fail-back ${FE1} within 45 min`]);
      const forced = child.replace('-Confirm:$false', '-Confirm:$false -Force');
      assert.match(await print(begin(forced, 'fail-over')), /^ERROR: the process called no cmdlet: .* refuses -Force/);
      pool.answersTo = { kind: 'refused', because: 'dana is logged on' };
      assert.equal(await print(begin(child, 'fail-over')), 'ERROR: dana is logged on');
      assert.equal(pool.told.length, 2);
    });
  }
});

test('Windows tells how RTCSRV starts and what the machine is called', { skip }, async () => {
  const start = '(Get-CimInstance -ClassName Win32_Service -Filter "Name = \'RTCSRV\'").StartMode';
  for (const version of ['2013', '2015', '2019'] satisfies ProductVersion[]) {
    const pool = new ScriptedPool(version);
    await onFirst(pool, async (print) => {
      assert.equal(await print(start), 'Auto');
      pool.saysServer = { ...pool.saysServer, disabled: true };
      assert.equal(await print(start), 'Disabled');
      assert.equal(await print('Get-CimInstance -ClassName Win32_ComputerSystem | % { "$($_.DNSHostName).$($_.Domain)" }'), FE1);
    });
  }
});
