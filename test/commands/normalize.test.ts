import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from '../../src/commands/grammar.ts';
import { normalize } from '../../src/commands/normalize.ts';

const refused = (typed: string) => {
  const read = normalize(typed);
  return read.kind === 'refused' ? read.because : `read as ${read.text}`;
};
const code = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const TURNS = [
  '\u061C',
  '\u200E',
  '\u200F',
  '\u202A',
  '\u202B',
  '\u202C',
  '\u202D',
  '\u202E',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
];
for (const character of TURNS) {
  test(`${code(character)} turns the reading direction: the line is refused whole, wherever it stands`, () => {
    for (const line of [
      `status ${character}pool01`,
      `${character}status pool01`,
      `status pool01${character}`,
      `deny no${character}t`,
    ]) {
      assert.equal(refused(line), 'that line has characters that turn the reading direction');
      assert.deepEqual(parse(line), {
        kind: 'misread',
        tell: 'Not read: that line has characters that turn the reading direction.',
      });
    }
  });
}
const CONTROLS = [0, 1, 7, 8, 11, 12, 27, 31, 127, 128, 133, 155, 159].map((each) => String.fromCodePoint(each));
for (const character of CONTROLS) {
  test(`${code(character)} is a control character: the line is refused whole`, () => {
    for (const line of [`status ${character}pool01`, `${character}status pool01`, `status pool01${character} x`])
      assert.equal(refused(line), 'that line has control characters or several lines');
  });
}
test('two lines are not one command: the second is not read, and neither is the first', () => {
  for (const line of ['status pool01\nabort now', 'status pool01\r\nabort now', '\nstatus pool01', 'status\rpool01'])
    assert.equal(refused(line), 'that line has control characters or several lines');
});
test('256 characters are read, 257 are refused with their number', () => {
  assert.equal(normalize(`deny ${'x'.repeat(251)}`).kind, 'line');
  assert.equal(refused(`deny ${'x'.repeat(252)}`), 'that line has 257 characters; no command has more than 256');
  assert.equal(refused('x'.repeat(100_000)), 'that line has 100000 characters; no command has more than 256');
  assert.equal(normalize(`deny ${'x'.repeat(251)}\r\n`).kind, 'line', 'the end of a line is no part of it');
});
for (const [told, line] of [
  ['nothing', ''],
  ['spaces', '   \t '],
  ['a line break', '\n'],
  ['a non-breaking space', '\u00A0'],
  ['only what nobody sees', '\u200B\uFEFF'],
  ['only quotes', '“”'],
  ['only dots', '...'],
] as const) {
  test(`${told}: there was nothing to read`, () => assert.equal(refused(line), 'there was nothing to read'));
}
test('a link whose label is another name is read as people see it', () => {
  assert.deepEqual(normalize('status <http://pool02.contoso.com|pool01>'), { kind: 'line', text: 'status pool01' });
  assert.deepEqual(normalize('status [pool01](http://pool02.contoso.com)'), { kind: 'line', text: 'status pool01' });
});
test('a line that is plain is read as it is', () => {
  const plain = fc.stringMatching(/^[a-zA-Z0-9-]{1,20}( [a-zA-Z0-9,-]{1,20}){0,4}$/);
  fc.assert(fc.property(plain, (line) => assert.deepEqual(normalize(line), { kind: 'line', text: line })));
});
