import type { ActionsBlock, Button as ButtonElement, KnownBlock } from '@slack/types';
import type { Button, Card } from '../../messages/card.ts';
import { plain } from '../../messages/spans.ts';
import { escaped, mrkdwnOf, plainOf, type Reader, verbatim } from './mrkdwn.ts';

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

/** Below Slack's 3,000 for a section, with room for what joins lines. */
const SECTION_MAX = 2_900;
const TITLE_MAX = 1_400;
/** More sections than this nobody reads; the record has the rest. */
const SECTIONS_MAX = 8;
const BUTTONS_IN_ROW = 25;
const TEXT_MAX = 3_500;

/** A word's sign in front of a title that somebody has to see; the title says the same in words. */
const SIGNS: Readonly<Record<Card['tone'], string>> = { alarm: ':rotating_light: ', ask: ':raised_hand: ', calm: '' };

/**
 * A card as a message. It passes Slack's limits whatever the card: what does not fit is cut and says so, and the title, the
 * last line, which is what is waited for, and every button always stand.
 */
export function messageOf(card: Card, { reader, note, picture }: Writing): SlackMessage {
  const lines = card.lines.filter((line) => plain(line).trim() !== '');
  const body = sectionsOf(lines.slice(0, -1), reader);
  const last = lines.at(-1);
  return {
    text: textOf(card),
    blocks: [
      ...(note === null ? [] : [contextOf(note)]),
      sectionOf(`${SIGNS[card.tone]}*${cut(card.title, reader, TITLE_MAX)}*`),
      ...body.map(sectionOf),
      ...(last === undefined ? [] : [sectionOf(cut(last, reader, SECTION_MAX))]),
      ...(picture === null ? [] : [pictureOf(picture)]),
      ...rowsOf(card, (button) => `press:${button.id}`),
    ],
  };
}

/** The whole card as plain text, its last line in any case. */
export function textOf({ title, lines }: Pick<Card, 'title' | 'lines'>): string {
  const whole = [title, ...lines].map(plain).join('\n');
  if (whole.length <= TEXT_MAX) return plainOf(whole) || '-';
  const last = plain(lines.at(-1) ?? '').slice(0, TEXT_MAX / 2);
  return escaped(`${whole.slice(0, TEXT_MAX - last.length).toWellFormed()}\n…\n${last.toWellFormed()}`);
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

/** Lines of a card as the texts of as few sections as hold them, cut after `SECTIONS_MAX`. */
export function sectionsOf(lines: readonly string[], reader: Reader): readonly string[] {
  const sections: string[] = [];
  for (const [index, line] of lines.entries()) {
    const text = cut(line, reader, SECTION_MAX);
    const open = sections.at(-1);
    if (open !== undefined && open.length + 1 + text.length <= SECTION_MAX) sections[sections.length - 1] = `${open}\n${text}`;
    else if (sections.length < SECTIONS_MAX) sections.push(text);
    else return [...sections, `… ${lines.length - index} more lines`];
  }
  return sections;
}

/** One section. Its text is mrkdwn that has been written here. */
export const sectionOf = (text: string): KnownBlock => ({ type: 'section', text: verbatim(text === '' ? '-' : text) });

/** A text as mrkdwn of at most `max` characters. What is too long loses its spans, for half a span is none. */
export function cut(text: string, reader: Reader, max: number): string {
  const whole = mrkdwnOf(text, reader);
  if (whole.length <= max) return whole;
  let words = plain(text).slice(0, max - 1);
  while (escaped(words).length > max - 1) words = words.slice(0, Math.floor(words.length * 0.9));
  return escaped(`${words.toWellFormed()}…`);
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
export const shortened = (text: string, max: number): string =>
  (text.length <= max ? text : `${text.slice(0, max - 1)}…`).toWellFormed() || '-';

function contextOf(note: string): KnownBlock {
  const [, words = note, address] = /^(.*?)\s*(https:\/\/[^\s<>|]+|http:\/\/127\.0\.0\.1[^\s<>|]+)?$/su.exec(note) ?? [];
  const text = address === undefined ? escaped(words) : `${escaped(words)} <${address}|open it>`;
  return { type: 'context', elements: [verbatim(text.slice(0, SECTION_MAX))] };
}

const pictureOf = ({ fileId, alt }: Picture): KnownBlock => ({
  type: 'image',
  slack_file: { id: fileId },
  alt_text: shortened(alt, 2_000),
});
