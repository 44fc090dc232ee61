import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, messageOf, plainMessageOf, type Writing } from '../../../src/adapters/teams/adaptive-card.ts';
import { NAMED_ONLY, type TeamsReader } from '../../../src/adapters/teams/markdown.ts';
import type { Button, Card } from '../../../src/messages/card.ts';
import { markSpan, personSpan, timeSpan } from '../../../src/messages/spans.ts';
import { dana, must, omar } from '../../support.ts';
import { pressable, read, rows, written } from './adaptive-card-reading.ts';

const PLAINLY: Writing = { reader: NAMED_ONLY, note: null };
const calling: TeamsReader = { memberOf: (person) => ({ id: `object-${person}`, name: `${person} of Contoso` }), calls: true };

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
const cardWith = (more: Partial<Card>, writing = PLAINLY) => messageOf(card(more), writing).card;

test('a card is its title, its lines each by itself, and what is waited for set off from them', () => {
  const lines = ['asked for by dana at 22:00', `${markSpan('now')} 1 now: fe1`, '', 'waits for: fe1 to drain'];
  const made = cardWith({ lines });
  assert.deepEqual(read(made), [
    'Upgrade of pool01: checking',
    'asked for by dana at 22:00',
    '▶️',
    '1 now: fe1',
    'waits for: fe1 to drain',
  ]);
  const [title] = made.body;
  assert.deepEqual(title, {
    type: 'TextBlock',
    text: 'Upgrade of pool01: checking',
    wrap: true,
    size: 'large',
    weight: 'bolder',
    style: 'heading',
  });
  const last = must(made.body.at(-1));
  assert.ok(last.type === 'TextBlock' && last.separator === true);
});

test('a title is one line, whatever breaks it', () => {
  assert.equal(read(cardWith({ title: 'Upgrade of\r\n- pool01' }))[0], 'Upgrade of - pool01');
});

test('what needs somebody has a ground of its colour and a sign, and a title that says so itself', () => {
  const [calm, ask, alarm] = (['calm', 'ask', 'alarm'] as const).map((tone) => cardWith({ tone, title: 'held' }));
  assert.deepEqual(
    [calm, ask, alarm].map((made) => read(must(made))),
    [['held'], ['🔔 held'], ['🚨 held']],
  );
  const grounds = [ask, alarm].map((made) => must(made).body[0]).map((each) => (each?.type === 'Container' ? each.style : null));
  assert.deepEqual(grounds, ['warning', 'attention']);
});

test('a list of what is done, under way and to come is read down the left, and what is under way stands out', () => {
  const { body } = cardWith({
    lines: [`${markSpan('done')} 1 done: fe1`, `${markSpan('now')} 2 now: fe2`, `${markSpan('later')} 3 later: fe3`, 'waits'],
  });
  const listed = body.flatMap((element) => (element.type === 'ColumnSet' ? [element.columns.map(({ items }) => items[0])] : []));
  const words = (text: string, more = {}) => ({ type: 'TextBlock', text, wrap: true, ...more });
  assert.deepEqual(listed, [
    [words('✅'), words('\u{2060}1 done: fe1')],
    [words('▶️'), words('**\u{2060}2 now**\u{2060}: fe2')],
    [words('⬜'), words('\u{2060}3 later: fe3', { isSubtle: true })],
  ]);
});

test('a check has its name set off, and what a server answered is quoted as it came', () => {
  const { body } = cardWith({ lines: ['pool-ready: *all* Ready', 'blocks viewers-closed: fe1', '| Get-Cs : *what*', 'waits'] });
  assert.deepEqual(body.slice(1, 4), [
    { type: 'TextBlock', text: '**pool-ready**\u{2060}: \\*all\\* Ready', wrap: true, spacing: 'small' },
    { type: 'TextBlock', text: 'blocks **viewers-closed**\u{2060}: fe1', wrap: true, spacing: 'small' },
    { type: 'TextBlock', text: 'Get-Cs : \\*what\\*', wrap: true, spacing: 'small', fontType: 'monospace', size: 'small' },
  ]);
});

test('people are called where they stand, and each of them once', () => {
  const { msteams, ...made } = cardWith(
    { lines: [`by ${personSpan(omar)}`, `${personSpan(omar)}, ${personSpan(dana)}`] },
    { ...PLAINLY, reader: calling },
  );
  assert.deepEqual(written(made).slice(1), [
    'by <at>omar of Contoso</at>',
    '\u{2060}<at>omar of Contoso</at>, <at>dana of Contoso</at>',
  ]);
  assert.deepEqual(
    msteams.entities?.map(({ mentioned }) => mentioned.id),
    ['object-omar', 'object-dana'],
  );
  assert.equal(cardWith({ lines: [`by ${personSpan(omar)}`] }).msteams.entities, undefined);
});

test('times are as everybody reads them, and once more for whoever reads them, in a line without a call', () => {
  const at = Date.UTC(2026, 10, 21, 22, 4);
  const lines = [`by ${personSpan(omar)}`, `open until ${timeSpan(at, '22:04')}`];
  const texts = written(cardWith({ lines }, { ...PLAINLY, reader: calling }));
  assert.deepEqual(texts.slice(-2), ['open until 22:04', 'Your time: \u{2060}22:04 = {{TIME(2026-11-21T22:04:00Z)}}']);
});

test('a note about the message comes first, and is text whatever stands in it', () => {
  const [note = ''] = read(cardWith({}, { ...PLAINLY, note: 'Posted again: see [this](javascript:alert(1))' }));
  assert.equal(note, 'Posted again: see [this](javascript:alert(1))');
});

test('notifications have the title and what is waited for: no sign, no span, nobody called', () => {
  const lines = [`by ${personSpan(omar)}`, `open until ${timeSpan(0, '01:00')}; *code* k7dm`, ' '];
  const { summary } = messageOf(card({ tone: 'ask', title: 'Approve?\npool01', lines, buttons: [button('approve')] }), {
    ...PLAINLY,
    reader: calling,
  });
  assert.equal(summary, 'Approve? pool01 · open until 01:00; *code* k7dm');
  assert.equal(messageOf(card({ title: 'pool01: finished' }), PLAINLY).summary, 'pool01: finished');
});

test('a closed card keeps its text and has no buttons', () => {
  const made = cardWith({ lines: ['1 approval by omar', 'DENIED by omar at 22:04: not tonight'] });
  assert.equal(made.actions, undefined);
  assert.deepEqual(rows(made), []);
});

test('a few buttons stand below the card, and many in rows before those', () => {
  const few = cardWith({ buttons: [button('approve'), button('deny')] });
  assert.deepEqual([few.actions?.length, few.body.length], [2, 1]);
  const many = cardWith({ buttons: Array.from({ length: 30 }, (_, index) => button(`patched-fe${index}`)) });
  assert.deepEqual(
    pressable(many).map(({ data }) => data['button']),
    Array.from({ length: 30 }, (_, index) => `patched-fe${index}`),
  );
  assert.equal(rows(many).at(-1), many.actions);
  for (const row of rows(many)) assert.ok(row.length <= 6);
});

test('what does not fit is counted, and the last line stands all the same', () => {
  const lines = [...Array.from({ length: 5_000 }, (_, index) => `fe${index} is up`), 'waits for: fe1'];
  const said = read(cardWith({ lines }));
  assert.equal(said.at(-2), `… ${5_000 - (said.length - 3)} more lines`);
  assert.equal(said.at(-1), 'waits for: fe1');
  assert.ok(said.length > 80);
});

test('one line that does not fit is one line', () => {
  const told = Array.from({ length: 20 }, (_, count) =>
    read(cardWith({ lines: [...Array.from({ length: count + 1 }, () => 'x'.repeat(1_450)), 'the last line'] })).at(-2),
  );
  assert.deepEqual(told.filter((line) => line?.startsWith('…')).slice(0, 2), ['… 1 more line', '… 2 more lines']);
});

test('a title, a line and a last line that are too long are cut with a sign', () => {
  const [title = '', line = '', last = ''] = read(
    cardWith({ title: '*'.repeat(900), lines: ['_'.repeat(3_000), '*'.repeat(3_000)] }),
  );
  assert.match(title, /^\*{100,}…$/);
  assert.match(line, /^_{500,}…$/);
  assert.match(last, /^\*{300,}…$/);
});

test('a card that says nothing is still a message', () => {
  const { summary, card: made } = messageOf(card({ title: '', lines: ['', ' '] }), { ...PLAINLY, note: '' });
  assert.equal(summary, '–');
  assert.deepEqual(read(made), ['–', '–']);
});

test('an answer is a card without a note, with the buttons that it has', () => {
  const said = card({ lines: ['6 of 6 up'], buttons: [button('retry')] });
  assert.deepEqual(answerOf(said, calling), messageOf(said, { reader: calling, note: null }));
});

test('the last resort is one block of words, without a button, and with what to type instead', () => {
  const buttons = [
    button('approve', { label: 'Approve', command: 'approve 3TAA' }),
    button('deny', { label: 'Deny', command: 'deny 3TAA ' }),
  ];
  const said = card({ title: '*Approve?*', lines: [`by ${personSpan(omar)}`, `until ${timeSpan(0, '01:00')}`], buttons });
  const { card: made, summary } = plainMessageOf(said, { reader: calling, note: 'Posted again.' });
  assert.deepEqual(Object.keys(made), ['type', '$schema', 'version', 'body', 'msteams']);
  assert.equal(made.version, '1.2');
  assert.deepEqual(read(made), [
    ['Posted again.', '*Approve?*', 'by omar', 'until 01:00', 'Approve: type approve 3TAA', 'Deny: type deny 3TAA'].join('\n\n'),
  ]);
  assert.equal(summary, messageOf(said, PLAINLY).summary);
});
