import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../src/commands/grammar.ts';
import { CHECKS } from '../src/domain/check-list.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const section = (title: string) => readme.split(/^##+ /m).find((part) => part.startsWith(title)) ?? '';

test('the README names every check, and before which stops it stands', () => {
  const rows = [...section('The checks').matchAll(/^\| `([a-z-]+)` \|.*\| ([a-z, ]+) \|$/gm)].map(
    ([, name, before]) => `${name}: ${before}`,
  );
  assert.deepEqual(
    rows,
    CHECKS.map(({ name, before }) => `${name}: ${before.join(', ')}`),
  );
});

test('the README names every command, and who may', () => {
  const rows = [...section('Commands').matchAll(/^\| (`.*`.*) \| .* \| ([a-z ]+) \|$/gm)];
  const told = new Map(
    rows.flatMap(([, commands = '', who = '']) =>
      [...commands.matchAll(/`([a-z]+)/g)].map(([, verb = '']) => [verb, who] as const),
    ),
  );
  for (const { verb, needs } of COMMANDS) assert.equal(told.get(verb), needs ?? 'anybody listed', verb);
});

test('the README gives the reason for every package, and names none that is not there', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const rows = [...section('Dependencies').matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].flatMap(([, names = '']) =>
    names
      .replace(/\(.*\)/, '')
      .split(',')
      .map((name) => name.trim()),
  );
  const wanted = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  assert.deepEqual(rows.filter((name) => !['package', '---'].includes(name)).toSorted(), wanted.toSorted());
});
