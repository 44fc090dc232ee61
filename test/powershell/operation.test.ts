import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeOperationRun } from '../../src/adapters/powershell/decode-operation.ts';
import { decodeTold } from '../../src/adapters/powershell/decode-server.ts';
import { POOL_OPERATIONS, type PoolOperationKind } from '../../src/domain/pool-operation.ts';
import { POOL } from '../adapters/scripted-pool.ts';
import { type Bench, bench } from './bench.ts';
import { skip } from './find.ts';
import { stateOf } from './state-file.ts';

const timeout = 60_000;

/** The cmdlets write down how they were called; a failback waits for a file, and a failover fails in words. */
const MODULE = `
function Write-Call([string] $Cmdlet, $Bound) {
    $words = $Bound.Keys | Sort-Object | ForEach-Object { "-$_ $($Bound[$_])" }
    Add-Content -LiteralPath "$env:ProgramData/calls" -Value "$Cmdlet $words"
}
function Invoke-CsPoolFailOver { [CmdletBinding(SupportsShouldProcess = $true)] param([string] $PoolFqdn)
    Write-Call 'Invoke-CsPoolFailOver' $PSBoundParameters; throw 'Der Pool ist n\u00e4chster Hop' }
function Invoke-CsPoolFailBack { [CmdletBinding(SupportsShouldProcess = $true)] param([string] $PoolFqdn)
    Write-Call 'Invoke-CsPoolFailBack' $PSBoundParameters
    while (-not (Test-Path -LiteralPath "$env:ProgramData/go")) { Start-Sleep -Milliseconds 20 } }
function Reset-CsPoolRegistrarState { [CmdletBinding(SupportsShouldProcess = $true)] param([string] $PoolFqdn, [string] $ResetType)
    Write-Call 'Reset-CsPoolRegistrarState' $PSBoundParameters }
`;
const START = `
function Start-CsPool { [CmdletBinding(SupportsShouldProcess = $true)] param([string] $PoolFqdn) Write-Call 'Start-CsPool' $PSBoundParameters }
`;

async function tell({ ask }: Bench, operation: PoolOperationKind, token: string) {
  const answer = await ask('pool-operation.ps1', { PoolFqdn: POOL, Operation: operation, Token: token });
  return answer.kind === 'value' ? decodeTold(answer.value) : answer;
}
async function run({ ask }: Bench) {
  const answer = await ask('child-run.ps1', { Name: 'operation-run' });
  const decoded = answer.kind === 'value' ? decodeOperationRun(answer.value) : assert.fail(JSON.stringify(answer));
  return decoded.kind === 'understood' ? decoded.value : decoded.because;
}
const callsOf = ({ folder }: Bench): readonly string[] => {
  const file = join(folder, 'data', 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

test('each operation is called in a process of its own, with its pool and without a question', {
  skip,
  timeout,
}, async (context) => {
  const tried = bench(context);
  tried.module(MODULE + START);
  assert.deepEqual(await run(tried), { kind: 'none' });
  for (const kind of POOL_OPERATIONS) {
    assert.deepEqual(await tell(tried, kind, `op-${kind}`), { kind: 'accepted' });
    if (kind === 'failback') writeFileSync(join(tried.folder, 'data', 'go'), '');
    await stateOf(tried.folder, 'operation-run', /^(ended|failed)/m);
    const failed = kind === 'failover' ? 'Der Pool ist nächster Hop' : null;
    assert.deepEqual(await run(tried), { kind: 'ended', token: `op-${kind}`, failed });
  }
  assert.deepEqual(callsOf(tried), [
    `Invoke-CsPoolFailOver -Confirm False -PoolFqdn ${POOL}`,
    `Invoke-CsPoolFailBack -Confirm False -PoolFqdn ${POOL}`,
    `Start-CsPool -Confirm False -PoolFqdn ${POOL}`,
    `Reset-CsPoolRegistrarState -Confirm False -PoolFqdn ${POOL} -ResetType QuorumLossRecovery`,
    `Reset-CsPoolRegistrarState -Confirm False -PoolFqdn ${POOL} -ResetType ServiceReset`,
  ]);
});

test('one that runs is not joined by another, and a token is good for one start', { skip, timeout }, async (context) => {
  const tried = bench(context);
  tried.module(MODULE);
  assert.deepEqual(await tell(tried, 'failback', 'op-7-1'), { kind: 'accepted' });
  await stateOf(tried.folder, 'operation-run', /^started/m);
  assert.deepEqual(await run(tried), { kind: 'running', token: 'op-7-1' });
  const running = { kind: 'refused', because: 'the operation command is still running there' };
  assert.deepEqual([await tell(tried, 'reset', 'op-7-2'), await tell(tried, 'failback', 'op-7-1')], [running, running]);
  writeFileSync(join(tried.folder, 'data', 'go'), '');
  await stateOf(tried.folder, 'operation-run', /^ended/m);
  const before = { kind: 'refused', because: 'op-7-1 was started there before' };
  assert.deepEqual([await tell(tried, 'failback', 'op-7-1'), await tell(tried, 'reset', 'op-7-1')], [before, before]);
  assert.equal(callsOf(tried).length, 1);
  assert.deepEqual(await tell(tried, 'reset', 'op-7'), { kind: 'accepted' });
  await stateOf(tried.folder, 'operation-run', /op-7$[\s\S]*^ended/m);
  assert.deepEqual(await run(tried), { kind: 'ended', token: 'op-7', failed: null });
});

test('a server without the cmdlet refuses, names it, and writes nothing down', { skip, timeout }, async (context) => {
  const tried = bench(context);
  tried.module(MODULE);
  assert.deepEqual(await tell(tried, 'start', 'op-7-1'), { kind: 'refused', because: 'this server has no Start-CsPool' });
  assert.deepEqual([await run(tried), callsOf(tried)], [{ kind: 'none' }, []]);
});
