import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { EFFECTS, READINGS } from '../../../src/adapters/powershell/catalogue.ts';
import { commandsIn, faultsOfText, powershellFiles } from './powershell-syntax.ts';

const JEA = new URL('../../../manifests/jea/', import.meta.url);
const scripts = powershellFiles('powershell/scripts');
const textOf = (script: string): string => scripts.get(`powershell/scripts/${script}`) ?? assert.fail(script);

/** Every cmdlet takes these, and listing one makes PowerShell define it twice and refuse the cmdlet. */
const COMMON = ['Verbose', 'Confirm', 'ErrorAction', 'WarningAction'];

/** What a role may name, and the texts of everything that runs when it does. */
const ROLES = {
  LifeguardReader: { entries: Object.values(READINGS), children: [] },
  LifeguardOperator: {
    entries: [...Object.values(READINGS), ...Object.values(EFFECTS)],
    children: ['failover-child.ps1', 'operation-child.ps1'],
  },
} as const;

/** The two lists of a role capability, word for word as its file has to hold them. */
function listsOf({ entries, children }: (typeof ROLES)[keyof typeof ROLES]): string {
  const names = [...new Set(entries.map(({ script }) => script))].toSorted();
  const used = [...names, ...children].flatMap((script) => [...commandsIn(textOf(script))]);
  const cmdlets = [...new Set(used.map(([name]) => name).filter((name) => /^[A-Z][a-z]+-Cs/.test(name)))].toSorted();
  const parametersOf = (cmdlet: string): readonly string[] =>
    [...new Set(used.flatMap(([name, parameters]) => (name === cmdlet ? [...parameters] : [])))].toSorted();
  const line = (cmdlet: string): string => {
    const parameters = parametersOf(cmdlet).filter((name) => !COMMON.includes(name));
    // A cmdlet with no list may be given every parameter it has; with one that it does not have it can be given none.
    const listed = (parameters.length === 0 ? ['None'] : parameters).map((name) => `@{ Name = '${name}' }`);
    return `        @{ Name = '${cmdlet}'; Parameters = ${listed.join(', ')} }`;
  };
  return [
    '    VisibleFunctions = @{',
    "        Name = 'Invoke-Lifeguard'",
    '        Parameters = @(',
    `            @{ Name = 'Script'; ValidateSet = ${names.map((name) => `'${name}'`).join(', ')} }`,
    "            @{ Name = 'Values'; ValidatePattern = '^[A-Za-z0-9+/]+=*$' }",
    '        )',
    '    }',
    '    VisibleCmdlets = @(',
    ...cmdlets.map(line),
    '    )',
  ].join('\n');
}

for (const [role, may] of Object.entries(ROLES)) {
  const file = new URL(`Lifeguard/RoleCapabilities/${role}.psrc`, JEA);
  test(`${role} lists the scripts, cmdlets and parameters of the catalogue and nothing else`, () => {
    const text = readFileSync(file, 'utf8');
    const lists = / {4}VisibleFunctions = @\{[\s\S]*\n {4}\)(?=\n\}\n$)/;
    if (process.env['UPDATE'] === '1')
      writeFileSync(
        file,
        text.replace(lists, () => listsOf(may)),
      );
    assert.equal(lists.exec(readFileSync(file, 'utf8'))?.[0], listsOf(may));
    assert.deepEqual(text.match(/^ {4}Visible\w+/gm), ['    VisibleFunctions', '    VisibleCmdlets']);
  });
}

test('no cmdlet may be given a parameter that is not listed', () => {
  for (const role of Object.keys(ROLES)) {
    const text = readFileSync(new URL(`Lifeguard/RoleCapabilities/${role}.psrc`, JEA), 'utf8');
    const cmdlets = text.match(/@\{ Name = '\w+-Cs\w+'.*/g) ?? [];
    assert.ok(cmdlets.length > 0 && cmdlets.every((line) => line.includes('; Parameters = @{')));
  }
});

test('a reader can stop nothing, and nobody is given -Force or -WhatIf', () => {
  const read = (role: string) => readFileSync(new URL(`Lifeguard/RoleCapabilities/${role}.psrc`, JEA), 'utf8');
  for (const name of [
    'Stop-',
    'Start-',
    'Restart-',
    'Reset-',
    'Invoke-Cs',
    ...Object.values(EFFECTS).map(({ script }) => `'${script}'`),
  ])
    assert.ok(!read('LifeguardReader').includes(name), name);
  for (const role of Object.keys(ROLES)) assert.doesNotMatch(read(role), /Force|WhatIf|DisasterMode/i);
});

test('the session lets nobody speak PowerShell, keeps transcripts, and gives each group its role', () => {
  const text = readFileSync(new URL('Lifeguard.pssc', JEA), 'utf8');
  assert.match(text, /SessionType = 'RestrictedRemoteServer'/);
  assert.match(text, /TranscriptDirectory = /);
  assert.deepEqual(text.match(/RoleCapabilities = '\w+'/g), [
    "RoleCapabilities = 'LifeguardReader'",
    "RoleCapabilities = 'LifeguardOperator'",
  ]);
  assert.doesNotMatch(text, /LanguageMode|FullLanguage|NoLanguage/);
});

for (const name of [
  'Lifeguard.pssc',
  'Lifeguard/Lifeguard.psm1',
  'Lifeguard/Lifeguard.psd1',
  ...Object.keys(ROLES).map((role) => `Lifeguard/RoleCapabilities/${role}.psrc`),
]) {
  test(`${name} is PowerShell in plain ASCII`, () =>
    assert.deepEqual(faultsOfText(readFileSync(new URL(name, JEA), 'utf8')), []));
}
