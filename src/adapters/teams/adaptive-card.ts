import type { Card } from '../../messages/card.ts';
import { type Mark, markSpan, plain, spansOf } from '../../messages/spans.ts';
import { actionsOf, shortened, sizeOf } from './actions.ts';
import { type AdaptiveCard, type CardAction, type CardElement, cardOf, type Look, textBlock } from './card-elements.ts';
import { calledIn, cut, escaped, MARKS, type Mentions, mentionsIn, NOBODY, type TeamsReader, timesIn } from './markdown.ts';

/** What is sent: `summary` is what notifications have, `card` what is seen. */
export interface TeamsMessage {
  readonly summary: string;
  readonly card: AdaptiveCard;
}

/** How a card is to be written. */
export interface Writing {
  readonly reader: TeamsReader;
  /** A line about the message itself. */
  readonly note: string | null;
}

/**
 * How much of a card is shown, in UTF-16 units as sent. Whatever the words, all of it stays below what Teams takes
 * (`limits.ts`) with the activity around it, and nobody reads more in a chat; the record has the rest.
 */
const CARD_MAX = 36_000;
const ACTIONS_MAX = 26_000;
const WORDS_MAX = 14_000;
const TITLE_MAX = 400;
const LINE_MAX = 1_500;
const LAST_LINE_MAX = 800;
const NOTE_MAX = 300;
const SUMMARY_MAX = 600;
const PLAIN_MAX = 4_000;

/** A sign in front of a title that somebody has to see; the title says the same in words. */
const SIGNS: Readonly<Record<Card['tone'], string>> = { alarm: '🚨 ', ask: '🔔 ', calm: '' };

/**
 * A card as a message. It passes Teams' limits whatever the card: what does not fit is cut and says so, and the title, the
 * last line, which is what is waited for, and every button always stand.
 */
export function messageOf(card: Card, { reader, note }: Writing): TeamsMessage {
  const sets = actionsOf(card, ACTIONS_MAX);
  const mentions = mentionsIn([card.title, ...card.lines], reader);
  const noted = note === null ? [] : [textBlock(cut(note, mentions, NOTE_MAX), { size: 'small', isSubtle: true })];
  const room = Math.min(WORDS_MAX, CARD_MAX - sizeOf([sets, [...mentions.values()], noted]));
  const body = [...noted, ...wordsOf(card, mentions, room), ...rowsOf(sets.slice(0, -1))];
  return { summary: summaryOf(card), card: cardOf(body, sets.at(-1) ?? [], calledIn(body, mentions)) };
}

/** An answer to one person. */
export const answerOf = (card: Card, reader: TeamsReader): TeamsMessage => messageOf(card, { reader, note: null });

/** The words alone, in one block that every client knows, with what to type instead of a button. */
export function plainMessageOf(card: Card, { note }: Writing): TeamsMessage {
  const typed = card.buttons.map(({ label, command }) => `${label}: type \`${command.trim()}\``);
  const lines = [...(note === null ? [] : [note]), card.title, ...card.lines.slice(0, -1)].map(plain).join('\n');
  const last = [...card.lines.slice(-1), ...typed].map(plain).join('\n');
  const text = [cut(lines, NOBODY, PLAIN_MAX), cut(last, NOBODY, PLAIN_MAX)].join('\n\n');
  return { summary: summaryOf(card), card: { ...cardOf([textBlock(text.trim())], [], []), version: '1.2' } };
}

/** What a notification shows: the title, and what is waited for. */
function summaryOf({ title, lines }: Pick<Card, 'title' | 'lines'>): string {
  const last = lines.findLast((line) => plain(line).trim() !== '');
  return shortened(
    [title, ...(last === undefined ? [] : [last])].map((text) => shortened(text, SUMMARY_MAX / 2)).join(' · '),
    SUMMARY_MAX,
  );
}

/**
 * What a card says, without its buttons: the title on the ground of its tone, the lines, the last one set off from them, and
 * the times in the reader's own zone. As many lines as fit into `room`, in UTF-16 units as sent; all else stands anyway.
 */
export function wordsOf({ tone, title, lines }: Card, mentions: Mentions, room: number): readonly CardElement[] {
  const told = lines.filter((line) => plain(line).trim() !== '');
  const last = told
    .slice(-1)
    .map((line) => textBlock(cut(line, mentions, LAST_LINE_MAX), { separator: true, spacing: 'medium' }));
  const times = timesIn([title, ...told]);
  const head = titleOf(tone, title, mentions);
  const end = [...last, ...(times === null ? [] : [textBlock(times, { size: 'small', isSubtle: true, spacing: 'small' })])];
  return [head, ...linesOf(told.slice(0, -1), mentions, room - sizeOf([head, end])), ...end];
}

function titleOf(tone: Card['tone'], title: string, mentions: Mentions): CardElement {
  const words = cut(title.replace(/\s+/gu, ' '), mentions, TITLE_MAX);
  const block = textBlock(`${SIGNS[tone]}${words}`, { size: 'large', weight: 'bolder', style: 'heading' });
  switch (tone) {
    case 'calm':
      return block;
    case 'ask':
      return { type: 'Container', style: 'warning', bleed: true, items: [block] };
    case 'alarm':
      return { type: 'Container', style: 'attention', bleed: true, items: [block] };
  }
}

/** As many lines as there is room for; what is left out is counted. */
function linesOf(lines: readonly string[], mentions: Mentions, room: number): readonly CardElement[] {
  const shown: CardElement[] = [];
  let left = room;
  for (const [index, line] of lines.entries()) {
    const element = lineOf(line, mentions);
    left -= sizeOf(element) + 1;
    if (left < 0) return [...shown, moreLines(lines.length - index)];
    shown.push(element);
  }
  return shown;
}

const moreLines = (count: number): CardElement =>
  textBlock(`… ${count} more line${count === 1 ? '' : 's'}`, { isSubtle: true, spacing: 'small' });

/** How a line tells that it is about one check, and how one that it is word for word what a server answered. */
const CHECK = /^((?:ok |blocks )?)([a-z]+(?:-[a-z]+)+)(?=: )/iu;
const QUOTED = '| ';
/** What a line with a mark is about: `1 now`. */
const ABOUT = /^()([\p{L}\p{N}](?:[^:`]{0,58}[\p{L}\p{N}])?)(?=: )/u;

const CLOSE: Look = { spacing: 'small' };

/** One line. One with a mark has the mark beside it, so that a list of them is read down the left. */
function lineOf(line: string, mentions: Mentions): CardElement {
  const marked = markIn(line);
  if (marked !== null) return markedLine(marked.mark, marked.rest.trim(), mentions);
  if (line.startsWith(QUOTED))
    return textBlock(cut(line.slice(QUOTED.length), mentions, LINE_MAX), { ...CLOSE, fontType: 'monospace', size: 'small' });
  return textBlock(named(line, CHECK, mentions), CLOSE);
}

/** A line with what it is about set off from what is said of it. */
function named(line: string, pattern: RegExp, mentions: Mentions): string {
  const [whole = '', before = '', name] = pattern.exec(line) ?? [];
  const said = cut(line.slice(whole.length), mentions, LINE_MAX);
  return name === undefined ? said : `${before}**${escaped(name)}**${said}`;
}

/** What is done is read past, what is under way stands out, and what comes later stands back. */
function markedLine(mark: Mark, line: string, mentions: Mentions): CardElement {
  const words = mark === 'now' ? named(line, ABOUT, mentions) : cut(line, mentions, LINE_MAX);
  return {
    type: 'ColumnSet',
    spacing: 'small',
    columns: [
      { type: 'Column', width: 'auto', items: [textBlock(MARKS[mark])] },
      {
        type: 'Column',
        width: 'stretch',
        spacing: 'small',
        items: [textBlock(words, mark === 'later' ? { isSubtle: true } : {})],
      },
    ],
  };
}

function markIn(line: string): { readonly mark: Mark; readonly rest: string } | null {
  const [first] = spansOf(line);
  if (first?.kind !== 'mark' || !line.startsWith(markSpan(first.mark))) return null;
  return { mark: first.mark, rest: line.slice(markSpan(first.mark).length) };
}

/** Buttons inside a card's body, a row for each set. */
export const rowsOf = (sets: readonly (readonly CardAction[])[]): readonly CardElement[] =>
  sets.map((actions, index) => ({ type: 'ActionSet', spacing: index === 0 ? 'medium' : 'small', actions }));
