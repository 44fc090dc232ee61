import type { ActionsBlock, Button as ButtonElement, KnownBlock } from '@slack/types';
import type { Button, Card } from '../../messages/card.ts';
import { plain } from '../../messages/spans.ts';
import { beginning, escaped, mrkdwnOf, NAMED_ONLY, plainOf, type Reader, verbatim } from './mrkdwn.ts';

/** A picture that was uploaded before, and what it says in words. */
export interface Picture {
  readonly fileId: string;
  readonly alt: string;
}

/** How a card is to be written. */
export interface Writing {
  readonly reader: Reader;
  /** A line about the message itself; an address at its end becomes a link. */
  readonly note: string | null;
  readonly picture: Picture | null;
}

/** What is sent: `text` is what notifications and screen readers have, `blocks` what is seen. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/**
 * How much of a card is shown, in characters as sent. Together they stay below what Slack takes for all of a message
 * (`limits.ts`), and nobody reads more in a channel; the record has the rest.
 */
const TITLE_MAX = 600;
const SECTION_MAX = 2_500;
const SECTIONS_MAX = 3;
const LAST_LINE_MAX = 1_200;
const NOTE_MAX = 500;
const ALT_MAX = 500;
const TEXT_MAX = 3_500;
const BUTTONS_IN_ROW = 25;

/** A word's sign in front of a title that somebody has to see; the title says the same in words. */
const SIGNS: Readonly<Record<Card['tone'], string>> = { alarm: ':rotating_light: ', ask: ':bell: ', calm: '' };

/**
 * A card as a message. It passes Slack's limits whatever the card: what does not fit is cut and says so, and the title, the
 * last line, which is what is waited for, and every button always stand.
 */
export function messageOf(card: Card, { reader, note, picture }: Writing): SlackMessage {
  return {
    text: textOf(card),
    blocks: [
      ...(note === null ? [] : [contextOf(note)]),
      ...wordsOf(card, reader),
      ...(picture === null ? [] : [pictureOf(picture)]),
      ...rowsOf(card, (button) => `press:${button.id}`),
    ],
  };
}

/** What a card says, without its buttons: the title, the lines in as few sections as hold them, the last one by itself. */
export function wordsOf({ tone, title, lines }: Card, reader: Reader): readonly KnownBlock[] {
  const told = lines.filter((line) => plain(line).trim() !== '');
  const last = told.slice(-1).map((line) => cut(line, reader, LAST_LINE_MAX));
  const head = plain(title).trim() === '' ? '-' : `*${cut(title, reader, TITLE_MAX)}*`;
  return [`${SIGNS[tone]}${head}`, ...sectionsOf(told.slice(0, -1), reader), ...last].map(sectionOf);
}

/** The whole card as plain text of at most 3,500 characters before they are escaped, its last line in any case. */
function textOf({ title, lines }: Card): string {
  const whole = [title, ...lines].map(plain).join('\n');
  if (whole.trim() === '') return '-';
  if (whole.length <= TEXT_MAX) return plainOf(whole);
  const last = lines.slice(-1).map((line) => shortened(plain(line), TEXT_MAX / 2));
  const before = [title, ...lines.slice(0, -1)].map(plain).join('\n');
  return plainOf([shortened(before, TEXT_MAX - last.join('').length - 1), ...last].join('\n'));
}

/** A card's buttons in rows. `actionIdOf` has to name each of them once in the whole message. */
export function rowsOf(card: Card, actionIdOf: (button: Button) => string, blockId = 'buttons'): readonly ActionsBlock[] {
  const elements = card.buttons.map((button) => buttonOf(button, card.key, actionIdOf(button)));
  return Array.from({ length: Math.ceil(elements.length / BUTTONS_IN_ROW) }, (_, row) => ({
    type: 'actions',
    block_id: row === 0 ? blockId : `${blockId}-${row}`,
    elements: elements.slice(row * BUTTONS_IN_ROW, (row + 1) * BUTTONS_IN_ROW),
  }));
}

/** Split between lines, and cut after `SECTIONS_MAX`. */
function sectionsOf(lines: readonly string[], reader: Reader): readonly string[] {
  const sections: string[] = [];
  for (const [index, line] of lines.entries()) {
    const text = cut(line, reader, SECTION_MAX);
    const open = sections.at(-1);
    if (open !== undefined && open.length + 1 + text.length <= SECTION_MAX) sections[sections.length - 1] = `${open}\n${text}`;
    else if (sections.length < SECTIONS_MAX) sections.push(text);
    else return [...sections, moreLines(lines.length - index)];
  }
  return sections;
}

const moreLines = (count: number): string => `… ${count} more line${count === 1 ? '' : 's'}`;

/** One section. Its text is mrkdwn that has been written here. */
export const sectionOf = (text: string): KnownBlock => ({ type: 'section', text: verbatim(text) });

/** A text as mrkdwn of at most `max` characters. What is too long loses its spans, for half a span is none. */
export function cut(text: string, reader: Reader, max: number): string {
  const whole = mrkdwnOf(text, reader);
  if (whole.length <= max) return whole;
  let words = beginning(plain(text), max - 1);
  while (escaped(words).length > max - 1) words = beginning(words, Math.floor(words.length * 0.9));
  return `${escaped(words)}…`;
}

function buttonOf({ id, label, confirm }: Button, card: string, actionId: string): ButtonElement {
  return {
    type: 'button',
    action_id: actionId.slice(0, 255),
    value: card,
    text: { type: 'plain_text', text: shortened(label, 75), emoji: false },
    ...(id === 'approve' ? { style: 'primary' as const } : {}),
    ...(id === 'deny' || id === 'abort' ? { style: 'danger' as const } : {}),
    ...(confirm === null ? {} : { confirm: confirmation(label, confirm) }),
  };
}

/** A thumb that slipped costs one tap more; a step that was not meant costs people their phones. */
const confirmation = (label: string, what: string): NonNullable<ButtonElement['confirm']> => ({
  title: { type: 'plain_text', text: shortened(`${label}?`, 100) },
  text: { type: 'plain_text', text: shortened(plain(what), 300) },
  confirm: { type: 'plain_text', text: shortened(label, 30) },
  deny: { type: 'plain_text', text: 'Not now' },
});

/** Plain text of at most `max` characters, never empty. */
export function shortened(text: string, max: number): string {
  const short = text.length <= max ? text : `${beginning(text, max - 1)}…`;
  return short.trim() === '' ? '-' : short.toWellFormed();
}

/** Only addresses of web pages become links, and of an emulator on this machine. */
const WITH_ADDRESS = /^(.*?)\s*(https:\/\/[^\s<>|]{1,1000}|http:\/\/127\.0\.0\.1[^\s<>|]{1,1000})$/su;

function contextOf(note: string): KnownBlock {
  const [, words = note, address] = WITH_ADDRESS.exec(note) ?? [];
  const link = address === undefined ? '' : ` <${escaped(address)}|open it>`;
  return { type: 'context', elements: [verbatim(`${cut(words, NAMED_ONLY, NOTE_MAX)}${link}`)] };
}

const pictureOf = ({ fileId, alt }: Picture): KnownBlock => ({
  type: 'image',
  slack_file: { id: fileId },
  alt_text: shortened(alt, ALT_MAX),
});
