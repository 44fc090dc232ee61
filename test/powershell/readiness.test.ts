import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReadiness } from '../../src/adapters/powershell/decode-readiness.ts';
import { POOL } from '../adapters/scripted-pool.ts';
import { bench } from './bench.ts';
import { skip } from './find.ts';

/** What the readiness cmdlet might print, for nobody has published what it does; and what is made of it. */
const SHAPES: readonly (readonly [what: string, prints: string, kind: string])[] = [
  ['enum values and lists', '[pscustomobject]@{ State = [S]::Ready; UpgradeDomains = @($one, $two) }', 'understood Ready 2'],
  [
    'a generic list',
    "$l = New-Object 'Collections.Generic.List[object]'; $l.Add($one); [pscustomobject]@{ State = [S]::Busy; UpgradeDomains = $l }",
    'understood Busy 1',
  ],
  ['one domain that is not in a list', '[pscustomobject]@{ State = [S]::Ready; UpgradeDomains = $one }', 'understood Ready 1'],
  ['no domains', '[pscustomobject]@{ State = [S]::Ready; UpgradeDomains = @() }', 'garbage'],
  ['a state that is a number', '[pscustomobject]@{ State = 0; UpgradeDomains = @($one) }', 'garbage'],
  [
    'a flag that is text',
    "$one.IsReadyForUpgrade = 'True'; [pscustomobject]@{ State = [S]::Ready; UpgradeDomains = @($one) }",
    'garbage',
  ],
  ['domains of another kind', '[pscustomobject]@{ State = [S]::Ready; UpgradeDomains = @([datetime]::Now) }', 'garbage'],
  [
    'a property that fails',
    "$o = [pscustomobject]@{ UpgradeDomains = @($one) }; $o | Add-Member ScriptProperty State { throw 'x' } -PassThru",
    'garbage',
  ],
  ['text', "'Ready'", 'garbage'],
  ['two objects', '$one; $two', 'garbage'],
  ['nothing', '', 'silent'],
];
const PRELUDE = `
enum S { Ready; Busy; InsufficientActiveFrontEnds }
function Get-CsPoolUpgradeReadinessState {
    $one = [pscustomobject]@{ Name = '1'; Frontends = @([pscustomobject]@{ Fqdn = 'fe01.contoso.com' }, 'FE02.contoso.com'); IsReadyForUpgrade = $true }
    $two = [pscustomobject]@{ Name = '2'; Frontends = 'fe03.contoso.com'; IsReadyForUpgrade = $false }
`;

for (const [what, prints, expected] of SHAPES) {
  test(`readiness that is ${what} is ${expected}`, { skip }, async (context) => {
    const { ask, module } = bench(context);
    module(`${PRELUDE}${prints}\n}\n`);
    const answer = await ask('readiness.ps1', {});
    assert.equal(answer.kind, 'value');
    const decoded = decodeReadiness(answer.kind === 'value' ? answer.value : null, POOL);
    const words =
      decoded.kind === 'understood' ? `understood ${decoded.value.state} ${decoded.value.upgradeDomains.length}` : decoded.kind;
    assert.equal(words, expected);
  });
}

test('a server with neither cmdlet gives no answer and says why', { skip }, async (context) => {
  const { ask } = bench(context);
  const none = await ask('readiness.ps1', {});
  assert.match(none.kind === 'fault' ? none.because : '', /neither Get-CsPoolUpgradeReadinessState nor Get-CsUpgradeDomainInfo/);
});

test('a cmdlet that fails gives no answer, in its words', { skip }, async (context) => {
  const { ask, module } = bench(context);
  module("function Get-CsUpgradeDomainInfo { Write-Warning 'old'; throw 'The local server is not in a pool.' }\n");
  const failed = await ask('readiness.ps1', {});
  assert.deepEqual(failed.kind === 'fault' && [failed.because, failed.warnings, failed.denied], [
    'The local server is not in a pool.',
    ['old'],
    false,
  ]);
});
