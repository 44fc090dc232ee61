import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { beginning, escaped, mrkdwnOf, NAMED_ONLY, plainOf, type Reader, verbatim } from '../../../src/adapters/slack/mrkdwn.ts';
import { personId } from '../../../src/domain/pool.ts';
import { markSpan, personSpan, timeSpan } from '../../../src/messages/spans.ts';
import { dana, omar } from '../../support.ts';

const onCall = personId('on-call');
const accounts = new Map([
  [omar, 'U02OMAR'],
  [onCall, 'S01ONCALL'],
]);
const calling: Reader = { userOf: (person) => accounts.get(person) ?? null, calls: true };
const naming: Reader = { ...calling, calls: false };

/** A sign of Slack's own: a link, a mention, a date, a broadcast. */
const SIGN = /<[^>]*>/g;

test('the three characters that Slack reads are written as entities, each once', () => {
  assert.equal(escaped('a < b && c > d &lt;'), 'a &lt; b &amp;&amp; c &gt; d &amp;lt;');
});

test('a time is shown in the zone of whoever reads it, and as it was written where that cannot be', () => {
  const at = Date.UTC(2026, 2, 3, 22, 4, 31, 999);
  assert.equal(mrkdwnOf(`until ${timeSpan(at, '22:04')}.`, calling), 'until <!date^1772575471^{time}|22:04>.');
});

test('the words of a time cannot end its sign', () => {
  assert.equal(mrkdwnOf(timeSpan(1_000, 'a|b>c<!here>'), calling), '<!date^1^{time}|a b&gt;c&lt;!here&gt;>');
});

const CALLED: readonly (readonly [what: string, text: string, reader: Reader, written: string])[] = [
  ['a person with an account is called', personSpan(omar), calling, '<@U02OMAR>'],
  ['a user group is called as one', personSpan(onCall), calling, '<!subteam^S01ONCALL>'],
  ['a person without an account is named', personSpan(dana), calling, 'dana'],
  ['nobody is called in a message that only names', personSpan(omar), naming, 'omar'],
  ['nobody is called where nobody is known', personSpan(omar), NAMED_ONLY, 'omar'],
];
for (const [what, text, reader, written] of CALLED)
  test(what, () => {
    assert.equal(mrkdwnOf(`by ${text}, please`, reader), `by ${written}, please`);
  });

test('a mark becomes a picture, and the words beside it stay', () => {
  const lines = (['done', 'now', 'later'] as const).map((mark) => mrkdwnOf(`${markSpan(mark)} 1 ${mark}: fe1`, calling));
  assert.deepEqual(lines, [':white_check_mark: 1 done: fe1', ':arrow_forward: 1 now: fe1', ':white_small_square: 1 later: fe1']);
});

test('no mark of ours begins a line as a quotation', () => {
  for (const mark of ['done', 'now', 'later'] as const) assert.doesNotMatch(mrkdwnOf(markSpan(mark), calling), /^(>|&gt;)/);
});

test('plain words have no signs at all', () => {
  const text = `${markSpan('now')} ${personSpan(omar)} at ${timeSpan(0, '01:00')}: a<b`;
  assert.equal(plainOf(text), '&gt; omar at 01:00: a&lt;b');
});

const HOSTILE = [
  '<!here>',
  '<!channel>',
  '<@U02OMAR>',
  '<!subteam^S01ONCALL>',
  '<https://evil.example|Approve>',
  '<#C01>',
  '&lt;',
];

test('what a pool or a person wrote makes no sign, however it is put together', () => {
  const piece = fc.oneof(fc.constantFrom(...HOSTILE, '@here', '@channel', '\u{E0F0}', '\u{E0F1}', '\u{E0F2}'), fc.string());
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      assert.deepEqual(plainOf(text).match(SIGN), null);
      for (const sign of mrkdwnOf(text, NAMED_ONLY).match(SIGN) ?? []) assert.match(sign, /^<!date\^-?\d+\^\{time\}\|/);
    }),
  );
});

test('Slack is told to find nothing by itself, and gets no empty text', () => {
  assert.deepEqual(verbatim('see https://example.com #general'), {
    type: 'mrkdwn',
    text: 'see https://example.com #general',
    verbatim: true,
  });
  assert.equal(verbatim(' \n').text, '-');
});

test('a text is never cut through a character, and half a character is not sent', () => {
  assert.equal(beginning('ab🛟', 3), 'ab');
  assert.equal(beginning('ab🛟', 4), 'ab🛟');
  assert.equal(escaped('\uD83D!'), '\uFFFD!');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, max) => {
      const start = beginning(text, max);
      assert.ok(text.startsWith(start) && start.length <= max && start.length >= Math.min(max, text.length) - 1);
      assert.ok(start.isWellFormed());
    }),
  );
});
