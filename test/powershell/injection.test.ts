import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOSTILE } from '../adapters/powershell/hostile.ts';
import { bench } from './bench.ts';
import { skip } from './find.ts';

const ECHO = `param([Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Texts)
@{ texts = @($Texts | ForEach-Object { @{ text = $_; length = $_.Length } }) }
`;

test('whatever text is given to a script arrives as that text, and does nothing', { skip }, async (context) => {
  const { ask, replace } = bench(context);
  replace('viewers.ps1', ECHO);
  const texts = HOSTILE.map(([, text]) => text);
  const answer = await ask('viewers.ps1', { Texts: texts });
  assert.equal(answer.kind, 'value');
  const expected = { texts: texts.map((text) => ({ text, length: text.length })) };
  assert.deepEqual(answer.kind === 'value' && answer.value, expected);
  assert.deepEqual(answer.kind === 'value' && [answer.warnings, answer.verbose], [[], []]);
});

test('a script with closed values takes none of those texts', { skip }, async (context) => {
  const { ask, module } = bench(context);
  module("function Stop-CsWindowsService { throw 'it was called' }");
  for (const [what, text] of HOSTILE) {
    const answer = await ask('stop-services.ps1', { StopMode: text });
    assert.match(answer.kind === 'fault' ? answer.because : answer.kind, /ValidateSet|StopMode/, what);
  }
});

test('a value of another name reaches no script', { skip }, async (context) => {
  const { ask, module } = bench(context);
  module("function Stop-CsWindowsService { throw 'it was called' }");
  const answer = await ask('stop-services.ps1', { StopMode: 'graceful', Force: true });
  assert.match(answer.kind === 'fault' ? answer.because : '', /Force/);
});

test('warnings, verbose text and hosts are told apart from the answer, and errors make it none', { skip }, async (context) => {
  const { ask, replace } = bench(context);
  replace(
    'viewers.ps1',
    "Write-Warning 'w'; Write-Verbose 'v' -Verbose; Write-Host 'h'; [Console]::Error.WriteLine('e'); @{ open = @() }\n",
  );
  const answer = await ask('viewers.ps1', {});
  assert.deepEqual(answer.kind === 'value' && [answer.value, answer.warnings, answer.verbose], [{ open: [] }, ['w'], ['v']]);
  replace('viewers.ps1', "Write-Warning 'w'; Write-Error 'half of it' -ErrorAction Continue; @{ open = @() }\n");
  const half = await ask('viewers.ps1', {});
  assert.deepEqual(half.kind === 'fault' && [half.because, half.warnings], ['half of it', ['w']]);
  replace('viewers.ps1', "@{ open = @() }; 'and something else'\n");
  assert.equal((await ask('viewers.ps1', {})).kind, 'fault');
});

for (const [what, text] of [
  ['exits with success', 'exit 0'],
  ['exits with a code', 'exit 3'],
  ['ends its process', '[Environment]::Exit(0)'],
  ['is no PowerShell', 'if ('],
  ['asks a person', "Read-Host 'Are you sure'"],
  [
    'asks for a confirmation',
    'function f { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = "High")] param() if ($PSCmdlet.ShouldProcess("x")) { 1 } }; f',
  ],
] as const) {
  test(`a script that ${what} gives no answer, and nothing hangs`, { skip }, async (context) => {
    const { ask, replace } = bench(context);
    replace('viewers.ps1', `${text}\n`);
    assert.notEqual((await ask('viewers.ps1', {})).kind, 'value');
  });
}
