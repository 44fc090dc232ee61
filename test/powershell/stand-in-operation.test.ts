import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCRIPTS } from '../../src/adapters/powershell/script-folder.ts';
import { type Loopback, startLoopback } from '../../src/adapters/simulator/loopback.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { POOL_OPERATIONS } from '../../src/domain/pool-operation.ts';
import { BACKUP_POOL, FE1, POOL, ScriptedPool } from '../adapters/scripted-pool.ts';
import { skip } from './find.ts';
import { printed } from './stand-on.ts';

type Print = (line: string) => Promise<string>;

/** Says what lines print in a PowerShell on the first server of the pool, and closes the way there. */
async function onFirst(pool: ScriptedPool, run: (print: Print) => Promise<void>): Promise<void> {
  const loopback: Loopback = await startLoopback([pool]);
  try {
    await run((line) => printed(pool.version, loopback, line));
  } finally {
    await loopback.close();
  }
}

/** Each cmdlet as it is called, but for what a test adds to it. */
const CALLS = [
  `Invoke-CsPoolFailOver -PoolFqdn ${POOL} -Confirm:$false`,
  `Invoke-CsPoolFailBack -PoolFqdn ${POOL} -Confirm:$false`,
  `Start-CsPool -PoolFqdn ${POOL} -Confirm:$false`,
  `Reset-CsPoolRegistrarState -PoolFqdn ${POOL} -ResetType QuorumLossRecovery -Confirm:$false`,
  `Reset-CsPoolRegistrarState -PoolFqdn ${POOL} -ResetType ServiceReset -Confirm:$false`,
] as const;

const WRONG: readonly (readonly [version: ProductVersion, line: string, says: RegExp])[] = [
  ['2015', 'Invoke-CsPoolFailOver -Confirm:$false', /mandatory parameters: PoolFqdn/],
  ['2015', 'Invoke-CsPoolFailBack -Confirm:$false', /mandatory parameters: PoolFqdn/],
  ['2015', 'Start-CsPool -Confirm:$false', /mandatory parameters: PoolFqdn/],
  ['2015', 'Reset-CsPoolRegistrarState -ResetType ServiceReset -Confirm:$false', /mandatory parameters: PoolFqdn/],
  ['2013', 'Reset-CsPoolRegistrarState -Confirm:$false', /mandatory parameters: PoolFqdn/],
  ['2019', `Reset-CsPoolRegistrarState -PoolFqdn ${POOL} -ResetType QuorumLoss -Confirm:$false`, /'ResetType'/],
  ['2019', `Reset-CsPoolRegistrarState -Pool ${POOL} -Type ServiceReset -Confirm:$false`, /parameter/],
  ['2019', `Invoke-CsPoolFailOver -Identity ${POOL} -Confirm:$false`, /'Identity'/],
  ['2019', `Invoke-CsPoolFailBack -PoolFqdn ${POOL} -FlushStorageService -Confirm:$false`, /'FlushStorageService'/],
  ['2019', `Start-CsPool -PoolFqdn ${POOL} -MachineFqdn ${FE1} -Confirm:$false`, /'MachineFqdn'/],
  ['2013', CALLS[2], /Start-CsPool.*is not recognized/s],

  // Each asks before it does it, and here is nobody to answer.
  ...CALLS.map((line) => ['2015', line.replace(' -Confirm:$false', ''), /NonInteractive/] as const),
];

test('a call that the real cmdlets would not take, or would ask about, fails on the stand-in as well', { skip }, async () => {
  for (const version of ['2013', '2015', '2019'] as const) {
    const pool = new ScriptedPool(version);
    await onFirst(pool, async (print) => {
      const lines = WRONG.filter(([of]) => of === version);
      const said = await Promise.all(lines.map(async ([, line, says]) => [line, says, await print(line)] as const));
      for (const [line, says, output] of said) {
        assert.match(output, /^ERROR: /, line);
        assert.match(output, says, line);
      }
    });
    assert.deepEqual(pool.told, []);
  }
});

test('what the real cmdlets take and no plan of ours knows is refused by name', { skip }, async () => {
  const pool = new ScriptedPool('2019');
  const never = [
    ...CALLS.flatMap((line) => ['Force', 'WhatIf'].map((each) => [line, each] as const)),
    ...['DisasterMode', 'SkipDataVerification'].flatMap((each) => CALLS.slice(0, 2).map((line) => [line, each] as const)),
    ...['ResetLocalDatabases', 'NoReStart'].map((each) => [CALLS[4], each] as const),
    [CALLS[2], 'QuorumLossRecovery'],
  ] as const;
  await onFirst(pool, async (print) => {
    const said = await Promise.all(never.map(async ([line, each]) => [each, await print(`${line} -${each}`)] as const));
    for (const [each, output] of said) assert.match(output, new RegExp(`^ERROR: the stand-in of .* refuses -${each}`), each);
  });
  assert.deepEqual(pool.told, []);
});

test('none of them is called where somebody waits for it', { skip }, async () => {
  const pool = new ScriptedPool('2015');
  await onFirst(pool, async (print) => {
    for (const line of CALLS)
      assert.match(await print(line), /^ERROR: .* is called by a process of its own and nowhere else/, line);
  });
  assert.deepEqual(pool.told, []);
});

const base64 = (text: string, encoding: BufferEncoding): string => Buffer.from(text, encoding).toString('base64');
const child = readFileSync(join(SCRIPTS, 'operation-child.ps1'), 'utf8');
/** A process of its own, once its state file has been begun with a token. */
function beginning(text: string, given: { readonly Operation: string; readonly PoolFqdn?: string }): string {
  const values = base64(JSON.stringify({ PoolFqdn: POOL, ...given }), 'utf8');
  const encoded = base64(`& {\n${text}\n} -Name 'operation-run' -Values '${values}'`, 'utf16le');
  const state = `Set-Content -LiteralPath /x/operation-run.state -Value 'starting 0 ${given.Operation} op-7-1' -Encoding ASCII`;
  return `${state}; Start-Process -FilePath pwsh -ArgumentList '-NoProfile', '-EncodedCommand', '${encoded}'`;
}

test('our child process begins each operation as its own text calls it', { skip }, async () => {
  const pool = new ScriptedPool('2015');
  await onFirst(pool, async (print) => {
    for (const operation of POOL_OPERATIONS) assert.equal(await print(beginning(child, { Operation: operation })), '');
    assert.deepEqual(
      pool.told,
      POOL_OPERATIONS.map((operation) => `${operation} on ${FE1} as op-7-1`),
    );
    pool.told.length = 0;
    for (const [text, given, says] of [
      [child.replaceAll('-Confirm:$false', ''), { Operation: 'failover' }, /called no cmdlet: .*NonInteractive/s],
      [child.replaceAll('-PoolFqdn $pool', ''), { Operation: 'reset' }, /called no cmdlet: .*mandatory parameters: PoolFqdn/s],
      [child.replaceAll('-Confirm:$false', '-Confirm:$false -Force'), { Operation: 'recover' }, /refuses -Force/],
      [child.replaceAll('-PoolFqdn $pool', '-PoolFqdn $pool -DisasterMode'), { Operation: 'failback' }, /refuses -DisasterMode/],
      [
        child.replaceAll('-ResetType ServiceReset', ''),
        { Operation: 'reset' },
        /nothing of ours calls Reset-CsPoolRegistrarState/,
      ],
      [child, { Operation: 'failover', PoolFqdn: BACKUP_POOL }, /asked to operate on .*pool02.*, which is not its pool/],
      [child, { Operation: 'delete' }, /called no cmdlet: there is no operation delete/],
    ] as const)
      assert.match(await print(beginning(text, given)), says);
    pool.answersTo = { kind: 'refused', because: 'dana is logged on' };
    assert.equal(await print(beginning(child, { Operation: 'start' })), 'ERROR: dana is logged on');
    assert.deepEqual(pool.told, []);
  });
});
