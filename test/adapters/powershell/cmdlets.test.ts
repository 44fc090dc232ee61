import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EFFECTS, READINGS } from '../../../src/adapters/powershell/catalogue.ts';
import { CMDLETS_USED, scriptsFor, type Use, usesOfFile, usesOfScript } from '../../../src/adapters/powershell/cmdlets.ts';
import type { Hooks } from '../../../src/domain/inventory.ts';
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
  for (const script of ['patch.ps1', 'hook.ps1'])
    assert.ok(
      usesOfScript(script).needs.some(({ cmdlet, parameters }) => cmdlet === 'Start-Process' && parameters.includes('PassThru')),
      script,
    );
});

test('a pool is asked for the scripts that its walk takes', () => {
  const all = new Set([...Object.values(READINGS), ...Object.values(EFFECTS)].map(({ script }): string => script));
  const [both, none] = [true, false].map((each) => ({ before: each, after: each })) as [Hooks, Hooks];
  assert.deepEqual(new Set(scriptsFor('server-failover', 'by-command', both)), all.add('run.ps1'));
  const few = scriptsFor('upgrade-domains', 'by-hand', none);
  assert.deepEqual([...all].filter((script) => !few.includes(script)).toSorted(), ['failover.ps1', 'hook.ps1', 'patch.ps1']);
  for (const one of ['before', 'after'])
    assert.ok(scriptsFor('upgrade-domains', 'by-hand', { ...none, [one]: true }).includes('hook.ps1'), one);
});

test('the names of all cmdlets fit into one question', () => {
  const asks = (Cmdlets: readonly string[], Files: readonly string[]) =>
    READINGS.examine.values.safeParse({ Cmdlets, Files }).success;
  assert.equal(asks([...CMDLETS_USED], []), true);
  assert.equal(asks(['Get-CsPool; Stop-Computer'], []), false);
  assert.deepEqual([asks(['Get-CsPool'], ['D:\\lb.exe']), asks(['Get-CsPool'], [''])], [true, false]);
});
