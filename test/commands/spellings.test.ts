import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from '../../src/commands/grammar.ts';

/** Each line of the file: what was typed, a tab, and the command it means. */
const spellings = readFileSync(new URL('spellings.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [typed = '', meaning = '', ...rest] = line.split('\t');
    assert.ok(meaning !== '' && rest.length === 0, `a line of spellings.txt is no spelling: ${line}`);
    return { shown: typed, meaning };
  });

const unescaped = (shown: string) =>
  shown.replace(/\\u([0-9A-F]{4})/g, (_whole, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));

test('there are at least two hundred spellings, each once', () => {
  assert.ok(spellings.length >= 200, `${spellings.length}`);
  assert.equal(new Set(spellings.map(({ shown }) => shown)).size, spellings.length);
});

for (const { shown, meaning } of spellings) {
  test(`typed: ${shown}`, () => {
    assert.deepEqual(parse(unescaped(shown)), { kind: 'command', command: JSON.parse(meaning) });
  });
}
