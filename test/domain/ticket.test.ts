import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTicket, patternFault, ticketExample, ticketObjection, ticketPattern } from '../../src/domain/ticket.ts';

const CHG = ticketPattern('^CHG[0-9]{7}$');

for (const word of ['CHG0012345', 'chg-1', 'OPS/Lync_4711#2', '7', 'x'.repeat(40)])
  test(`a ticket: ${word}`, () => assert.equal(isTicket(word), true));
for (const word of ['', ' CHG1', 'CHG 1', 'CHG1;', '<CHG1>', 'CHG1\n', '`x`', '*', 'é1', 'x'.repeat(41)])
  test(`no ticket: ${JSON.stringify(word)}`, () => assert.equal(isTicket(word), false));

test('the whole ticket has to match, whether or not the pattern says so itself', () => {
  for (const pattern of [CHG, ticketPattern('CHG[0-9]{7}'), ticketPattern('INC1|CHG[0-9]{7}')]) {
    assert.equal(ticketObjection('CHG0012345', pattern), null);
    for (const wrong of ['CHG00123456', 'XCHG0012345', 'CHG001234', 'chg0012345', 'INC1CHG0012345'])
      assert.equal(ticketObjection(wrong, pattern), `"${wrong}" is no change ticket of this pool`);
  }
});
test('a pool with a pattern needs a ticket, and one without takes any or none', () => {
  assert.equal(ticketObjection(null, CHG), 'it needs a change ticket');
  assert.equal(ticketObjection(null, null), null);
  assert.equal(ticketObjection('whatever-1', null), null);
});

for (const [source, fault] of [
  ['^CHG[0-9]{7}$', null],
  ['(CHG|INC)\\d{7}', null],
  ['CHG(-[0-9]+)?', null],
  ['[', 'must be a regular expression, such as ^CHG[0-9]{7}$'],
  ['CHG(', 'must be a regular expression, such as ^CHG[0-9]{7}$'],
  ['a)|(b', 'must be a regular expression, such as ^CHG[0-9]{7}$'],
  ['([A-Z]+)*', 'must not repeat a group: repeat a character or a class, such as [0-9]{7}'],
  ['(A+)+$', 'must not repeat a group: repeat a character or a class, such as [0-9]{7}'],
  ['(A|AA){20}', 'must not repeat a group: repeat a character or a class, such as [0-9]{7}'],
  ['C'.repeat(201), 'must have at most 200 characters'],
] as const) {
  test(`a pattern ${fault === null ? 'that will do' : fault}: ${source.slice(0, 40)}`, () =>
    assert.equal(patternFault(source), fault));
}

for (const [source, example] of [
  ['^CHG[0-9]{7}$', 'CHG0000000'],
  ['CHG\\d{3,7}', 'CHG000'],
  ['OPS\\/[A-Z]{2}-\\d+', 'OPS/AA-0'],
  ['CHG0012345', 'CHG0012345'],
  ['(CHG|INC)[0-9]{7}', null],
  ['[0-9]{41}', null],
] as const) {
  test(`an example of ${source}: ${example ?? 'none that is plain'}`, () =>
    assert.equal(ticketExample(ticketPattern(source)), example));
}
test('an example is always a ticket that the pattern takes', () => {
  const piece = fc.constantFrom('CHG', '[0-9]', '\\d', '[A-Z]', '{3}', '+', '-', '#', '(a|b)', '^', '$', '.', '\\-');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const source = pieces.join('');
      if (source === '' || patternFault(source) !== null) return;
      const pattern = ticketPattern(source);
      const example = ticketExample(pattern);
      if (example !== null) assert.ok(isTicket(example) && ticketObjection(example, pattern) === null, `${source}: ${example}`);
    }),
  );
});
