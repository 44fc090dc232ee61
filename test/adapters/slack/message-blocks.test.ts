import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { limitFaults } from '../../../src/adapters/slack/limits.ts';
import { cut, messageOf, type Picture, shortened, type Writing } from '../../../src/adapters/slack/message-blocks.ts';
import { NAMED_ONLY } from '../../../src/adapters/slack/mrkdwn.ts';
import type { Button, Card } from '../../../src/messages/card.ts';
import { markSpan, personSpan, timeSpan } from '../../../src/messages/spans.ts';
import { dana, omar } from '../../support.ts';

const PLAINLY: Writing = { reader: NAMED_ONLY, note: null, picture: null };

const card = (more: Partial<Card> = {}): Card => ({
  key: 'run-1',
  under: null,
  tone: 'calm',
  title: 'Upgrade of pool01: checking',
  lines: [],
  buttons: [],
  ...more,
});
const button = (id: string, more: Partial<Button> = {}): Button => ({
  id,
  label: id,
  command: id,
  asks: null,
  confirm: null,
  ...more,
});

/** What is read in the message, block by block. */
const read = (blocks: readonly KnownBlock[]): readonly string[] =>
  blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? ''];
    if (block.type === 'context') return block.elements.map((each) => ('text' in each ? String(each.text) : ''));
    return [];
  });
const rows = (blocks: readonly KnownBlock[]) => blocks.flatMap((block) => (block.type === 'actions' ? [block] : []));
const pressable = (blocks: readonly KnownBlock[]) =>
  rows(blocks).flatMap(({ elements }) => elements.flatMap((element) => (element.type === 'button' ? [element] : [])));

test('a card is its title, its lines together, and what is waited for by itself', () => {
  const lines = ['asked for by dana at 22:00', `${markSpan('now')} 1 now: fe1`, '', 'waits for: fe1 to drain'];
  const { text, blocks } = messageOf(card({ lines }), PLAINLY);
  assert.deepEqual(read(blocks), [
    '*Upgrade of pool01: checking*',
    'asked for by dana at 22:00\n:arrow_forward: 1 now: fe1',
    'waits for: fe1 to drain',
  ]);
  assert.equal(text, 'Upgrade of pool01: checking\nasked for by dana at 22:00\n&gt; 1 now: fe1\n\nwaits for: fe1 to drain');
});

test('what needs somebody has a sign in front of a title that says so itself', () => {
  const titles = (['calm', 'ask', 'alarm'] as const).map((tone) =>
    read(messageOf(card({ tone, title: 'held' }), PLAINLY).blocks),
  );
  assert.deepEqual(titles, [['*held*'], [':bell: *held*'], [':rotating_light: *held*']]);
});

test('notifications have the words alone: no command, no sign, nobody called', () => {
  const reader = { userOf: () => 'U1', calls: true };
  const said = card({ lines: [`by ${personSpan(omar)} until ${timeSpan(0, '01:00')}`], buttons: [button('approve')] });
  const { text, blocks } = messageOf(said, { ...PLAINLY, reader });
  assert.equal(text, 'Upgrade of pool01: checking\nby omar until 01:00');
  assert.equal(read(blocks).at(-1), 'by <@U1> until <!date^0^{time}|01:00>');
});

test('a note about the message comes first, and the address at its end becomes a link', () => {
  const note = 'Posted again: the message before was deleted. Its thread: https://a.slack.com/p1?thread_ts=1&cid=C1';
  const [first] = messageOf(card(), { ...PLAINLY, note }).blocks;
  assert.equal(first?.type, 'context');
  assert.deepEqual(read(first === undefined ? [] : [first]), [
    'Posted again: the message before was deleted. Its thread: <https://a.slack.com/p1?thread_ts=1&amp;cid=C1|open it>',
  ]);
});

test('a note without an address is text, whatever stands in it', () => {
  const [said] = read(messageOf(card(), { ...PLAINLY, note: 'see <javascript:alert(1)|this>' }).blocks);
  assert.equal(said, 'see &lt;javascript:alert(1)|this&gt;');
});

test('a picture stands between the text and the buttons, and says what it shows', () => {
  const picture = { fileId: 'F1', alt: 'pool01: 6 of 6 up' };
  const { blocks } = messageOf(card({ buttons: [button('approve')] }), { ...PLAINLY, picture });
  assert.deepEqual(
    blocks.map(({ type }) => type),
    ['section', 'image', 'actions'],
  );
  assert.deepEqual(blocks[1], { type: 'image', slack_file: { id: 'F1' }, alt_text: 'pool01: 6 of 6 up' });
});

test('a pressed button says which of which card, and no command', () => {
  const { blocks } = messageOf(card({ buttons: [button('approve', { command: 'approve k7dm', label: 'Approve' })] }), PLAINLY);
  assert.deepEqual(rows(blocks), [
    {
      type: 'actions',
      block_id: 'buttons',
      elements: [
        {
          type: 'button',
          action_id: 'press:approve',
          value: 'run-1',
          style: 'primary',
          text: { type: 'plain_text', text: 'Approve', emoji: false },
        },
      ],
    },
  ]);
  assert.doesNotMatch(JSON.stringify(blocks), /k7dm/);
});

test('what cannot be taken back is red, and everything else has no colour', () => {
  const { blocks } = messageOf(card({ buttons: ['deny', 'abort', 'retry-pool01'].map((id) => button(id)) }), PLAINLY);
  assert.deepEqual(
    pressable(blocks).map(({ style }) => style),
    ['danger', 'danger', undefined],
  );
});

test('a button that asks whether it was meant says what it brings about, and in its own word', () => {
  const confirm = `graceful stop of fe1 until ${timeSpan(0, '01:00')}`;
  const { blocks } = messageOf(card({ buttons: [button('approve', { label: 'Approve', confirm })] }), PLAINLY);
  const said = (text: string) => ({ type: 'plain_text', text });
  assert.deepEqual(pressable(blocks)[0]?.confirm, {
    title: said('Approve?'),
    text: said('graceful stop of fe1 until 01:00'),
    confirm: said('Approve'),
    deny: said('Not now'),
  });
});

test('sixty buttons stand in three rows', () => {
  const buttons = Array.from({ length: 60 }, (_, index) => button(`patched-fe${index}`));
  const { blocks } = messageOf(card({ buttons }), PLAINLY);
  assert.deepEqual(
    rows(blocks).map(({ block_id, elements }) => [block_id, elements.length]),
    [
      ['buttons', 25],
      ['buttons-1', 25],
      ['buttons-2', 10],
    ],
  );
  assert.deepEqual(
    pressable(blocks).map(({ action_id }) => action_id),
    buttons.map(({ id }) => `press:${id}`),
  );
});

test('a closed card keeps its text and has no buttons', () => {
  const { blocks } = messageOf(card({ lines: ['1 approval by omar', 'DENIED by omar at 22:04: not tonight'] }), PLAINLY);
  assert.deepEqual(
    blocks.map(({ type }) => type),
    ['section', 'section', 'section'],
  );
});

test('lines are split between sections where a line ends', () => {
  const lines = [...Array.from({ length: 40 }, (_, index) => `fe${index} ${'x'.repeat(95)}`), 'the last line'];
  const [, ...sections] = read(messageOf(card({ lines }), PLAINLY).blocks);
  assert.equal(sections.length, 3);
  assert.deepEqual(sections.join('\n').split('\n'), lines);
});

test('what does not fit is counted, and the last line stands all the same', () => {
  const lines = [...Array.from({ length: 5_000 }, (_, index) => `fe${index} is up & well`), 'waits for: fe1'];
  const { text, blocks } = messageOf(card({ lines }), PLAINLY);
  const said = read(blocks);
  const shown = said.slice(1, -2).join('\n').split('\n').length;
  assert.equal(said.at(-2), `… ${5_000 - shown} more lines`);
  assert.equal(said.at(-1), 'waits for: fe1');
  assert.ok(text.endsWith('…\nwaits for: fe1'));
  assert.ok(text.replaceAll('&amp;', '&').length <= 3_500);
});

test('one line that does not fit is one line', () => {
  const lines = [...Array.from({ length: 4 }, () => 'x'.repeat(2_400)), 'the last line'];
  assert.equal(read(messageOf(card({ lines }), PLAINLY).blocks).at(-2), '… 1 more line');
});

test('a line that is too long is cut with a sign, after it was escaped, and an entity stays whole', () => {
  const { blocks } = messageOf(card({ title: '&'.repeat(1_000), lines: ['<'.repeat(4_000)] }), PLAINLY);
  const [title = '', line = ''] = read(blocks);
  assert.match(title, /^\*(&amp;)+…\*$/);
  assert.match(line, /^(&lt;)+…$/);
});

test('a cut text is as long as it may be and no longer, counted as it is sent', () => {
  assert.equal(cut('fe1 & fe2', NAMED_ONLY, 13), 'fe1 &amp; fe2');
  assert.equal(cut('fe1 & fe2', NAMED_ONLY, 12), 'fe1 &amp; f…');
  assert.equal(cut('&&', NAMED_ONLY, 6), '&amp;…');
  assert.equal(cut('&&', NAMED_ONLY, 5), '…');
});

test('a card that says nothing is still a message', () => {
  const { text, blocks } = messageOf(card({ title: '', lines: ['', ' '] }), { ...PLAINLY, note: '' });
  assert.equal(text, '-');
  assert.deepEqual(read(blocks), ['-', '-']);
});

test('a shortened text is whole or says that it is not', () => {
  assert.equal(shortened('Approve', 7), 'Approve');
  assert.equal(shortened('Approve', 6), 'Appro…');
  assert.equal(shortened('ab🛟', 3), 'ab…');
  assert.equal(shortened(' ', 7), '-');
});

const HOSTILE = [
  '<!here>',
  '<!channel>',
  '<@U1>',
  '<https://evil.example|Approve>',
  '@here',
  '&',
  '\uD83D',
  '🛟',
  '\n',
  '\u{E0F0}',
];
const anyText = fc
  .tuple(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })), fc.constantFrom(1, 1, 1, 40, 3_000))
  .map(([piece, times]) => piece.repeat(times).slice(0, 20_000));
const anyLine = fc.oneof(
  anyText,
  anyText.map((words) => `${timeSpan(1_000, words)} ${personSpan(dana)} ${markSpan('now')} ${words}`),
);
const anyLines = fc
  .tuple(fc.array(anyLine, { maxLength: 12 }), fc.constantFrom(1, 1, 300))
  .map(([lines, times]) => Array.from({ length: times }, () => lines).flat());
const anyButtons = fc.uniqueArray(
  fc.record({
    id: fc.oneof(fc.constantFrom('approve', 'deny', 'abort'), fc.stringMatching(/^[a-z0-9-]{1,200}$/)),
    label: anyText,
    command: anyText,
    asks: fc.option(anyText),
    confirm: fc.option(anyText),
  }),
  { maxLength: 60, selector: ({ id }) => id },
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  key: fc.stringMatching(/^[a-z0-9-]{1,60}$/),
  under: fc.constant(null),
  tone: fc.constantFrom('calm', 'ask', 'alarm'),
  title: anyLine,
  lines: anyLines,
  buttons: anyButtons,
});
const anyPicture: fc.Arbitrary<Picture> = fc.record({ fileId: fc.constant('F1'), alt: anyText });

test('whatever the card, Slack takes the message, it has every button, and it is sent as whole characters', () => {
  const called = { userOf: () => 'U02OMAR', calls: true };
  fc.assert(
    fc.property(anyCard, fc.option(anyText), fc.option(anyPicture), (any, note, picture) => {
      const message = messageOf(any, { reader: called, note, picture });
      assert.deepEqual(limitFaults({ ...message }), []);
      assert.deepEqual(
        pressable(message.blocks).map(({ action_id }) => action_id),
        any.buttons.map(({ id }) => `press:${id}`),
      );
      for (const said of [message.text, ...read(message.blocks)]) assert.ok(said.isWellFormed());
    }),
  );
});

test('whatever the card, what it says calls only whom we call and links only to what we link', () => {
  fc.assert(
    fc.property(anyCard, (any) => {
      const { text, blocks } = messageOf(any, { ...PLAINLY, note: 'again: https://a.slack.com/p1' });
      assert.doesNotMatch(text, /[<>]/);
      for (const sign of read(blocks)
        .join('\n')
        .match(/<[^>]*>/g) ?? [])
        assert.match(sign, /^(<https:\/\/a\.slack\.com\/p1\|open it>|<!date\^\d+\^\{time\}\|[^<>]*>)$/);
    }),
  );
});

test('whatever the card, its last line is the last thing it says', () => {
  fc.assert(
    fc.property(anyCard, (any) => {
      const { text, blocks } = messageOf({ ...any, lines: [...any.lines, 'waits for: fe1 & fe2'] }, PLAINLY);
      assert.equal(read(blocks).at(-1), 'waits for: fe1 &amp; fe2');
      assert.ok(text.endsWith('waits for: fe1 &amp; fe2'));
    }),
  );
});
