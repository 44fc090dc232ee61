import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeTold } from '../../src/adapters/powershell/decode-server.ts';
import { bench } from './bench.ts';
import { skip } from './find.ts';

const BOOT = Date.parse('2026-03-03T22:00:00Z');

/** Restart-Computer that leaves a file; without this module a script would find the one of this machine. */
const restartWith = (standIn: string, refuses = '') => `
function Restart-Computer { [CmdletBinding(SupportsShouldProcess)] param() ${refuses} [IO.File]::WriteAllText("$env:ProgramData-restarted", '') }
${standIn}
Export-ModuleMember -Function *
`;
const bootIs = (time: string) =>
  `function Get-CimInstance { param($ClassName, $Filter) if ($ClassName -eq 'Win32_OperatingSystem') { @{ LastBootUpTime = ${time} } } }`;
const UTC = "[datetime]::SpecifyKind('2026-03-03T22:00:00', 'Utc')";

const UNREADABLE: readonly (readonly [what: string, standIn: string])[] = [
  ['there is no Get-CimInstance', 'function Get-CimInstance { throw [Management.Automation.CommandNotFoundException] "none" }'],
  ['it fails', "function Get-CimInstance { param($ClassName) throw 'Access denied' }"],
  ['it fails and goes on', "function Get-CimInstance { param($ClassName) Write-Error 'Access denied' -ErrorAction Continue }"],
  ['it prints nothing', 'function Get-CimInstance { param($ClassName) }'],
  ['it has no boot time', 'function Get-CimInstance { param($ClassName) @{ Name = 1 } }'],
  ['the boot time is null', bootIs('$null')],
  ['the boot time is text', bootIs("'2026-03-03T22:00:00Z'")],
  ['there are two', bootIs(`@(${UTC}, ${UTC})`)],
];
for (const [what, standIn] of UNREADABLE) {
  test(`a server is not restarted when its boot time cannot be read: ${what}`, { skip }, async (context) => {
    const { ask, module, folder } = bench(context);
    module(restartWith(standIn));
    const answer = await ask('restart.ps1', { BootTimeSeen: BOOT });
    assert.equal(answer.kind, 'fault');
    assert.equal(existsSync(join(folder, 'data-restarted')), false);
  });
}

for (const [what, time, seen, kind] of [
  ['the boot that was seen', UTC, BOOT, 'accepted'],
  ['the boot that was seen, in local time', `(${UTC}).ToLocalTime()`, BOOT, 'accepted'],
  ['a minute earlier', UTC, BOOT + 60_000, 'accepted'],
  ['more than a minute earlier', UTC, BOOT + 60_001, 'refused'],
  ['more than a minute later', UTC, BOOT - 60_001, 'refused'],
] as const) {
  test(`a server whose boot is ${what} is ${kind === 'accepted' ? 'restarted' : 'not restarted'}`, { skip }, async (context) => {
    const { ask, module, folder } = bench(context);
    module(restartWith(bootIs(time)));
    const answer = await ask('restart.ps1', { BootTimeSeen: seen });
    assert.equal(answer.kind === 'value' && decodeTold(answer.value)?.kind, kind);
    assert.equal(existsSync(join(folder, 'data-restarted')), kind === 'accepted');
  });
}

const PEOPLE = `
function Get-CimInstance {
    param($ClassName, $Filter)
    switch ($ClassName) {
        'Win32_OperatingSystem' { @{ LastBootUpTime = ${UTC} } }
        'Win32_Process' { @{ Id = 1 }; @{ Id = 2 } }
        'Win32_ComputerSystem' { @{ UserName = 'CONTOSO\\kim' } }
    }
}
function Invoke-CimMethod { param($InputObject, $MethodName) if ($InputObject.Id -eq 1) { @{ Domain = 'CONTOSO'; User = 'dana' } } else { @{ Domain = ''; User = '' } } }`;

test('a restart that Windows refuses says who is logged on', { skip }, async (context) => {
  const { ask, module } = bench(context);
  module(restartWith(PEOPLE, "throw 'there are other users logged on';"));
  const answer = await ask('restart.ps1', { BootTimeSeen: BOOT });
  const because = 'there are other users logged on (logged on: CONTOSO\\dana, CONTOSO\\kim)';
  assert.deepEqual(answer.kind === 'value' && answer.value, { kind: 'refused', because });
});
