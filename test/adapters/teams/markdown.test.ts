import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  calledIn,
  cut,
  escaped,
  markdownOf,
  mentionsIn,
  NAMED_ONLY,
  NOBODY,
  type TeamsReader,
  timesIn,
} from '../../../src/adapters/teams/markdown.ts';
import { personId } from '../../../src/domain/pool.ts';
import { markSpan, personSpan, timeSpan } from '../../../src/messages/spans.ts';
import { dana, kim, omar } from '../../support.ts';
import { anyText, compared, shown, spaced } from './adaptive-card-reading.ts';

const members = new Map([
  [omar, { id: 'object-omar', name: 'Omar Haddad' }],
  [kim, { id: 'object-kim', name: 'Kim Lindqvist' }],
]);
const calling: TeamsReader = { memberOf: (person) => members.get(person) ?? null, calls: true };

const TYPED = [
  '*b* and **bold**, _i_ and __strong__, pool_a_b',
  '[x](http://e.example), ![x](http://e.example) and <https://e.example>',
  '[x]: http://e.example',
  '- a list',
  '+ a list',
  '* a list',
  '1. a list',
  '2) a list',
  '# a heading',
  '> a quotation',
  '`code` with `two  words` and ``more``',
  '~~struck~~',
  '---',
  '===',
  '|a|b|',
  '    four spaces',
  '<at>Omar Haddad</at> <b>bold</b> <!-- gone -->',
  '&amp; &#42; &lt;',
  '{{TIME(2026-11-21T22:00:00Z)}} {{DATE(2026-11-21T22:00:00Z, SHORT)}}',
  'CONTOSO\\dana, \\\\fe1\\c$, \\*, \\',
  '(fe1)- a list on phones, [- another',
];
for (const typed of TYPED)
  test(`what is typed is shown as it was typed: ${typed}`, () => {
    assert.equal(spaced(shown(escaped(typed))), compared(typed));
  });

test('the backslash is used where phones take it away, and nowhere else but before a backtick', () => {
  const typed = TYPED.join(' ');
  for (const [, sign = ''] of escaped(typed).matchAll(/\\(.)/gsu)) assert.match(sign, /[*_`\u{2060}cdf]/u);
  assert.equal(escaped('a *b* _c_'), 'a \\*b\\* \\_c\\_');
});

test('phones see a list behind a bracket, and take away an escape behind bold words: neither touches', () => {
  assert.equal(escaped('up (fe1)- down [1]'), 'up (fe1)\u{2060}- down [\u{2060}1]\u{2060}');
  assert.equal(escaped('type `retry`*now*'), 'type **retry**\u{2060}\\*now\\*');
});

test('nothing is hidden in what needs no escaping', () => {
  assert.equal(escaped('Upgrade of pool01: held (simulated)'), 'Upgrade of pool01: held (simulated)');
});

test('a command inside a sentence stands out, and everything else between backticks is as it was typed', () => {
  assert.equal(
    escaped('type `approve 3TAA`, or `patched fe1.contoso.com`.'),
    'type **approve 3TAA**, or **patched fe1.contoso.com**.',
  );
  assert.equal(escaped('`retry` goes on'), '\u{2060}**retry** goes on');
  assert.equal(escaped('`Get-Cs *`'), '\u{2060}\\`Get-Cs \\*\\`');
  assert.equal(escaped('`retry``abort`'), '\u{2060}\\`retry\\`\\`abort\\`');
});

test('lines stay lines, and none of them begins something', () => {
  assert.equal(escaped('first\r\n- second\n\n\nthird\u2028# fourth'), 'first\n\n\u{2060}- second\n\nthird\n\n\u{2060}# fourth');
});

test('half a character is the sign for one, and what nobody can see is a space', () => {
  assert.equal(escaped('a\uD83Db\u0000c\td'), 'a\uFFFDb c d');
});

test('whatever is typed or answered, it is shown as text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(spaced(shown(escaped(text))), compared(text));
    }),
    { numRuns: 500 },
  );
});

test('whatever stands beside a time or a name, it is shown as text', () => {
  const tidy = anyText.map((text) => text.replace(/[\u{E0F0}-\u{E0F2}]/gu, ''));
  fc.assert(
    fc.property(tidy, tidy, tidy, (before, words, after) => {
      const text = `${before}${timeSpan(0, words)}${after}${personSpan(dana)}`;
      const apart = [before, words, after, 'dana'].map((piece) => compared(`x${piece}x`).slice(1, -1)).join('');
      assert.equal(spaced(shown(markdownOf(text, NOBODY))), spaced(apart));
    }),
    { numRuns: 500 },
  );
});

test('a time is as everybody reads it, and a mark is a picture beside its words', () => {
  const at = Date.UTC(2026, 10, 21, 22, 4);
  assert.equal(markdownOf(`open until ${timeSpan(at, '22:04')}`, NOBODY), 'open until 22:04');
  const lines = (['done', 'now', 'later'] as const).map((mark) => shown(markdownOf(`${markSpan(mark)} 1 ${mark}`, NOBODY)));
  assert.deepEqual(lines, ['✅ 1 done', '▶️ 1 now', '⬜ 1 later']);
});

test('times are given once more in the zone of whoever reads them, each once, without milliseconds', () => {
  const at = Date.UTC(2026, 10, 21, 22, 4, 31, 999);
  assert.equal(
    timesIn([
      `seen at ${timeSpan(at, '22:04')}`,
      'nothing',
      `${timeSpan(at, '22:04')}, over at ${timeSpan(at + 60_000, '22:05')}`,
    ]),
    'Your time: \u{2060}22:04 = {{TIME(2026-11-21T22:04:31Z)}}, \u{2060}22:05 = {{TIME(2026-11-21T22:05:31Z)}}',
  );
  assert.equal(timesIn(['no time at all']), null);
});

test('the words of a time are cut where they are no time', () => {
  assert.match(timesIn([timeSpan(0, '*'.repeat(900))]) ?? '', /^Your time: .{1,40} = \{\{TIME/u);
});

test('of many times the last ones are given, and none that clients do not know', () => {
  const many = Array.from({ length: 40 }, (_, minute) => timeSpan(minute * 60_000, `00:${minute}`));
  assert.deepEqual((timesIn(many) ?? '').match(/\d\d:\d\d(?= =)/gu), ['00:34', '00:35', '00:36', '00:37', '00:38', '00:39']);
  assert.equal(timesIn([timeSpan(-1, 'before'), timeSpan(Date.UTC(10_000, 0, 1), 'after'), timeSpan(1e16 - 1, 'never')]), null);
  assert.match(timesIn([timeSpan(Date.UTC(10_000, 0, 1) - 1, 'last')]) ?? '', /\{\{TIME\(9999-12-31T23:59:59Z\)\}\}$/);
});

test('a person with an account is called by the name that Teams shows, and told', () => {
  const text = `1 approval by ${personSpan(omar)}, ${personSpan(dana)}`;
  const mentions = mentionsIn([text, text], calling);
  assert.equal(markdownOf(text, mentions), '\u{2060}1 approval by <at>Omar Haddad</at>, dana');
  assert.deepEqual(
    [...mentions.values()],
    [{ type: 'mention', text: '<at>Omar Haddad</at>', mentioned: { id: 'object-omar', name: 'Omar Haddad' } }],
  );
});

test('nobody is called in a message that only names', () => {
  const text = `by ${personSpan(omar)}`;
  for (const reader of [NAMED_ONLY, { ...calling, calls: false }])
    assert.equal(markdownOf(text, mentionsIn([text], reader)), 'by omar');
});

test('two people of one name are called apart, and a name has nothing in it that means something', () => {
  const named = (name: string): TeamsReader => ({ memberOf: (person) => ({ id: person, name }), calls: true });
  const texts = [personSpan(omar), personSpan(kim)];
  const called = (name: string) => [...mentionsIn(texts, named(name)).values()].map(({ text }) => text);
  assert.deepEqual(called('A. O’Hara (Contoso)'), ['<at>A. O’Hara (Contoso)</at>', '<at>A. O’Hara (Contoso) (kim)</at>']);
  assert.deepEqual(called('</at>*_[`<b>&'), ['<at>at b</at>', '<at>at b (kim)</at>']);
  assert.deepEqual(called('***'), ['<at>omar</at>', '<at>kim</at>']);
});

test('a message calls at most twenty people, and names the others', () => {
  const people = Array.from({ length: 30 }, (_, index) => personId(`person${index}`));
  const reader: TeamsReader = { memberOf: (person) => ({ id: person, name: person }), calls: true };
  const text = people.map(personSpan).join(' ');
  assert.equal(mentionsIn([text], reader).size, 20);
  assert.match(markdownOf(text, mentionsIn([text], reader)), /<at>person19<\/at> person20 /);
});

test('who lost their place in the text is not called', () => {
  const mentions = mentionsIn([personSpan(omar), personSpan(kim)], calling);
  const body = [{ text: 'by <at>Kim Lindqvist</at>' }];
  assert.deepEqual(
    calledIn(body, mentions).map(({ mentioned }) => mentioned.id),
    ['object-kim'],
  );
});

test('a cut text is as long as it may be and no longer, counted as it is sent', () => {
  assert.equal(cut('fe1 * fe2', NOBODY, 10), 'fe1 \\* fe2');
  assert.equal(cut('fe1 * fe2', NOBODY, 9), 'fe1 \\* f…');
  assert.equal(cut('ab🛟cd', NOBODY, 4), 'ab…');
  assert.equal(cut('****', NOBODY, 5), '\u{2060}\\*…');
});

test('a text that is cut loses its spans, and is still text', () => {
  const long = `${personSpan(omar)} ${'*'.repeat(400)}`;
  const said = cut(long, mentionsIn([long], calling), 100);
  assert.match(shown(said), /^omar \*+…$/);
  assert.ok(said.length <= 100);
});
