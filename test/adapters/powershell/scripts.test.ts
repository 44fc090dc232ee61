import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EFFECTS, READINGS } from '../../../src/adapters/powershell/catalogue.ts';
import { ALLOWED } from './allowed-cmdlets.ts';
import { faultsOfScript, faultsOfText, powershellFiles } from './powershell-syntax.ts';

const scripts = powershellFiles('powershell/scripts');
const standIns = powershellFiles('simulator/modules');

/** Where a script of ours is run by its text, because no file of ours is on that server; and where a process is started. */
const GRANTED: Readonly<Record<string, readonly string[]>> = {
  'run.ps1': ['[scriptblock]::Create($Texts[$Script])', '& $body @named'],
  'patch.ps1': [
    `& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name 'patch-run' -What 'patch' -Given $given -Texts $Texts`,
  ],
  'hook.ps1': [`& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name $Name -What 'hook' -Given $given -Texts $Texts`],
  'failover.ps1': [
    `& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name 'failover-run' -What $Direction -Given $given -Texts $Texts`,
  ],
  'pool-operation.ps1': [
    `& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name 'operation-run' -What $Operation -Given $given -Texts $Texts -Token $Token`,
  ],
  'start-child.ps1': [
    `& ([scriptblock]::Create($Texts['child-run.ps1'])) -Name $Name`,
    '-NoProfile -NonInteractive -EncodedCommand $encoded',
    `Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = $line; CurrentDirectory = $folder }`,
    `'-EncodedCommand', $encoded`,
  ],
  'remote.ps1': [
    `[scriptblock]::Create("Invoke-Lifeguard -Script '$Name' -Values '$Given'")`,
    'return & ([scriptblock]::Create($Way)) $Script $Values $Texts',
    '-ScriptBlock ([scriptblock]::Create($Way))',
  ],
};

for (const [path, text] of scripts) {
  test(`${path} uses documented cmdlets and parameters only, in plain ASCII`, () =>
    assert.deepEqual(faultsOfScript(text, GRANTED[path.split('/').at(-1) ?? '']), []));
}
for (const [path, text] of standIns) {
  test(`${path} is PowerShell in plain ASCII`, () => assert.deepEqual(faultsOfText(text), []));
}

const NOT_ASKED = ['run.ps1', 'remote.ps1', 'start-child.ps1', 'command-child.ps1', 'failover-child.ps1', 'operation-child.ps1'];

test('every script but the ways in and the detached children is in the catalogue, and in the list of run.ps1', () => {
  const inFolder = [...scripts.keys()].map((path) => path.split('/').at(-1) ?? '');
  const asked = [...Object.values(READINGS), ...Object.values(EFFECTS)].map(({ script }) => script);
  assert.deepEqual(inFolder.toSorted(), [...new Set(asked), ...NOT_ASKED].toSorted());
  const run = scripts.get('powershell/scripts/run.ps1') ?? '';
  const listed = /\[ValidateSet\(([^)]*)\)\]/.exec(run)?.[1]?.split(', ') ?? [];
  assert.deepEqual(listed.toSorted(), [...new Set(asked)].map((script) => `'${script}'`).toSorted());
});

test('every cmdlet on the list is used, and says where it is documented', () => {
  const all = [...scripts.values()].join('\n');
  for (const [name, { because }] of Object.entries(ALLOWED)) {
    assert.ok(all.includes(name), name);
    assert.match(because, /".+" .*\.md|: .*\.md/s, name);
  }
});

test('a parameter of the catalogue is a typed, mandatory one of its script', () => {
  for (const { script, values } of [...Object.values(READINGS), ...Object.values(EFFECTS)]) {
    const text = scripts.get(`powershell/scripts/${script}`) ?? '';
    const declared = [...text.matchAll(/\[Parameter\(Mandatory = \$true\)\][^$]*\[(?:string|string\[\]|long)\] \$(\w+)/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(declared.toSorted(), Object.keys(values.shape).toSorted(), script);
  }
});

const BAD: readonly (readonly [sample: string, fault: RegExp])[] = [
  ['Stop-CsWindowsService -Force', /-Force is not on the list/],
  ['Stop-CsWindowsService -Graceful -WhatIf', /-WhatIf is not on the list/],
  ['$splat = @{ Force = $true }\nStop-CsWindowsService @splat', /the word Force/],
  ['Invoke-Expression $text', /Invoke-Expression is not on the list/],
  ["iex 'x'", /iex is not on the list/],
  ['& $script', /a call through a variable/],
  ['. $script', /a call through a variable/],
  ['& (Join-Path $PSScriptRoot $Script) @named', /a call through a variable/],
  ["& 'Restart-Computer'", /a call through a variable/],
  ['& "$PSScriptRoot/$Script"', /a call through a variable/],
  ['Get-CsComputer -PoolFqdn pool01.contoso.com', /-PoolFqdn is not on the list/],
  ['Stop-Computer', /Stop-Computer is not on the list/],
  ['Invoke-CsComputerFailOver -ComputerName fe01 -Force', /-Force is not on the list/],
  ['Invoke-CsPoolFailOver -PoolFqdn pool01.contoso.com -DisasterMode -Confirm:$false', /-DisasterMode is not on the list/],
  ['Invoke-CsPoolFailBack -PoolFqdn pool01.contoso.com -Force', /-Force is not on the list/],
  ['Start-CsPool -PoolFqdn pool01.contoso.com -QuorumLossRecovery', /-QuorumLossRecovery is not on the list/],
  [
    'Reset-CsPoolRegistrarState -PoolFqdn pool01.contoso.com -ResetType FullReset -ResetLocalDatabases',
    /-ResetLocalDatabases is not on the list/,
  ],
  ["[scriptblock]::Create('x')", /type \[scriptblock\]/],
  ["$ExecutionContext.InvokeCommand.InvokeScript('x')", /method Invoke/],
  ["[Diagnostics.Process]::Start('x')", /type \[Diagnostics.Process\]/],
  ['$a = $b ?? 1', /syntax error/],
  ['Get-CsPool -Identity \u201cx\u201d', /not plain ASCII/],
  ["@{ kind = 'accepted'", /syntax error/],
];
for (const [sample, fault] of BAD) {
  test(`the rules have teeth: ${JSON.stringify(sample)}`, () => assert.match(faultsOfScript(sample).join('\n'), fault));
}
