import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EFFECTS, READINGS } from '../../../src/adapters/powershell/catalogue.ts';
import { CMDLETS_USED, scriptsFor, type Use, usesOfFile, usesOfScript } from '../../../src/adapters/powershell/cmdlets.ts';
import { callsIn, powershellFiles } from './powershell-syntax.ts';

/** Runs on the bot's machine, and is what reaches the others. */
const HERE = ['remote.ps1'];
const scripts = [...powershellFiles('powershell/scripts')].map(([path, text]) => [path.split('/').at(-1) ?? '', text] as const);

/** Cmdlets with all their parameters, in one order. */
const merged = (uses: readonly Use[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...Map.groupBy(uses, ({ cmdlet }) => cmdlet)]
      .map(([cmdlet, same]) => [cmdlet, [...new Set(same.flatMap(({ parameters }) => parameters))].toSorted()] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );

for (const [name, text] of scripts.filter(([file]) => !HERE.includes(file))) {
  test(`doctor looks for the cmdlets of ${name} and for no others, each with the parameters that it is given`, () => {
    const uses = usesOfFile(name);
    assert.ok(uses !== null, 'it is not in the list of cmdlets.ts');
    const told = [...uses.needs, ...uses.either, ...uses.optional];
    const calls = callsIn(text);
    const splatted = new Set(calls.filter((call) => call.splatted).map(({ cmdlet }) => cmdlet));
    // What is splatted stands in the script as a key.
    const written = told
      .filter(({ cmdlet }) => splatted.has(cmdlet))
      .map((use) => ({ ...use, parameters: use.parameters.filter(isKey) }));
    assert.deepEqual(merged([...calls, ...written]), merged(told));
  });
  const isKey = (parameter: string): boolean => new RegExp(`\\b${parameter} +=|\\['${parameter}'\\]`).test(text);
}

test('what a script has behind it is looked for with it', () => {
  const failover = usesOfScript('failover.ps1').needs.map(({ cmdlet }) => cmdlet);
  assert.ok(failover.includes('Invoke-CsComputerFailOver'));
  assert.ok(
    usesOfScript('patch.ps1').needs.some(
      ({ cmdlet, parameters }) => cmdlet === 'Start-Process' && parameters.includes('PassThru'),
    ),
  );
});

test('a pool is asked for the scripts that its walk takes', () => {
  const all = new Set([...Object.values(READINGS), ...Object.values(EFFECTS)].map(({ script }): string => script));
  assert.deepEqual(new Set(scriptsFor('server-failover', 'by-command')), all.add('run.ps1'));
  const few = scriptsFor('upgrade-domains', 'by-hand');
  assert.deepEqual([...all].filter((script) => !few.includes(script)).toSorted(), ['failover.ps1', 'patch.ps1']);
});

test('the names of all cmdlets fit into one question', () => {
  assert.equal(READINGS.examine.values.safeParse({ Cmdlets: [...CMDLETS_USED], PatchFile: '' }).success, true);
  assert.equal(READINGS.examine.values.safeParse({ Cmdlets: ['Get-CsPool; Stop-Computer'], PatchFile: '' }).success, false);
});
