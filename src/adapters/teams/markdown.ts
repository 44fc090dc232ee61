import type { PersonId } from '../../domain/pool.ts';
import { type Mark, plain, type Span, spansOf } from '../../messages/spans.ts';
import type { MentionEntity } from './card-elements.ts';

/** Who reads a message, as far as it matters for writing it. */
export interface TeamsReader {
  /** The account of a person: their object id, and the name that Teams shows; null: they are named and not called. */
  readonly memberOf: (person: PersonId) => { readonly id: string; readonly name: string } | null;
  /** Whether people are called, which their phones tell them, or only named. */
  readonly calls: boolean;
}

/** For what is read by one person alone: nobody is called. */
export const NAMED_ONLY: TeamsReader = { memberOf: () => null, calls: false };

/** How far something has come, beside the words that say so: a picture is never the only sign. */
export const MARKS: Readonly<Record<Mark, string>> = { done: '✅', ticked: '⚠️', now: '▶️', later: '⬜' };

/**
 * Seen by nobody, and no break between words: it keeps two characters apart that would mean something together, in every
 * client. A backslash is not enough: phones take one away before `*` and `_` alone and show all others
 * (microsoft/AdaptiveCards issues 5590 and 5793; MarkDownParser.cpp of Teams-AdaptiveCards-Mobile).
 */
const JOINER = '\u{2060}';

/** A command of ours inside a sentence, such as `retry pool01`. */
const COMMAND = /(?<!`)`([a-z][a-z0-9]*(?:[ .-][a-zA-Z0-9]+)*)`(?!`)/gu;
const CONTROL = /[^\P{Cc}\n]/gu;
const LINE_BREAK = /\r\n?|[\u2028\u2029]/gu;
/** A typed backslash would hide the sign after it, or end the line. */
const BACKSLASH = /\\(?=[!-/:-@[-`{-~\s]|$)/gu;
/** Links and their targets, HTML and addresses, entities, times, strikethrough. */
const PAIRS = /\](?=[([:]|$)|<(?=\S|$)|&(?=[a-z#]|$)|\{(?=\{|$)|~(?=~|$)/giu;

/** Text as Markdown that shows it as it was typed, whoever typed it. Where it begins a line, `lined` has to follow. */
const asTyped = (text: string): string =>
  text.replace(BACKSLASH, `\\${JOINER}`).replace(PAIRS, `$&${JOINER}`).replace(/[*_`]/gu, '\\$&');

/** Text in which our commands are set off from their sentence. */
function worded(text: string): string {
  const clean = text.toWellFormed().replace(LINE_BREAK, '\n').replace(CONTROL, ' ');
  return clean
    .split(COMMAND)
    .map((piece, index) => (index % 2 === 0 ? asTyped(piece) : `**${asTyped(piece)}**`))
    .join('');
}

/** Bold words that touch each other; on phones, a list behind a bracket, and an escape behind bold words, whatever it escapes. */
const TOUCHING = /[[\])](?=[-+\d])|\*\*(?=\\|\*\*)/gu;

/** Lines of their own, none of which is a list, a heading, a quotation, a table or code: those all begin with a sign. */
const lined = (markdown: string): string =>
  markdown
    .split('\n')
    .map((line) => line.trim().replace(TOUCHING, `$&${JOINER}`))
    .filter((line) => line !== '')
    .map((line) => (/^\p{L}/u.test(line) ? line : `${JOINER}${line}`))
    .join('\n\n');

/** Text without spans as Markdown. */
export const escaped = (text: string): string => lined(worded(text));

/** The people who are called in a message, by who they are. */
export type Mentions = ReadonlyMap<PersonId, MentionEntity>;
/** Nobody is called. */
export const NOBODY: Mentions = new Map();
/** More are not called by one message. */
const MENTIONS_MAX = 20;
const NAME_MAX = 60;

/** The people whom these texts call and whom Teams knows, each under a name of their own. */
export function mentionsIn(texts: readonly string[], { memberOf, calls }: TeamsReader): Mentions {
  const mentions = new Map<PersonId, MentionEntity>();
  if (!calls) return mentions;
  for (const span of texts.flatMap(spansOf)) {
    if (span.kind !== 'person' || mentions.has(span.person) || mentions.size >= MENTIONS_MAX) continue;
    const member = memberOf(span.person);
    if (member === null) continue;
    const name = bareName(member.name) === '' ? bareName(span.person) : bareName(member.name);
    const taken = [...mentions.values()].some(({ mentioned }) => mentioned.name === name);
    const own = taken ? `${name} (${bareName(span.person)})` : name;
    mentions.set(span.person, { type: 'mention', text: `<at>${own}</at>`, mentioned: { id: member.id, name: own } });
  }
  return mentions;
}

/** Those of them whose place in the text is left, after it was cut: Teams refuses a call that has none. */
export function calledIn(body: unknown, mentions: Mentions): readonly MentionEntity[] {
  const written = JSON.stringify(body);
  return [...mentions.values()].filter(({ text }) => written.includes(text));
}

/** Teams looks for the name word for word, so nothing in it may have to be escaped. */
const bareName = (name: string): string =>
  beginning(
    name
      .toWellFormed()
      .replace(/[^\p{L}\p{M}\p{N}.,'’() -]+/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim(),
    NAME_MAX,
  ).trim();

/** A text with spans as Markdown. Times are as everybody reads them (`timesIn` has the reader's own), people are called. */
export const markdownOf = (text: string, mentions: Mentions): string =>
  lined(
    spansOf(text)
      .map((span) => spanIn(span, mentions))
      .join(''),
  );

function spanIn(span: Span, mentions: Mentions): string {
  switch (span.kind) {
    case 'text':
    case 'time':
      return worded(span.words);
    case 'mark':
      return MARKS[span.mark];
    case 'person':
      return mentions.get(span.person)?.text ?? worded(span.words);
  }
}

/** A text as Markdown of at most `max` characters. What is too long loses its spans, for half a span is none. */
export function cut(text: string, mentions: Mentions, max: number): string {
  const whole = markdownOf(text, mentions);
  if (whole.length <= max) return whole;
  let words = beginning(plain(text), max - 1);
  while (escaped(words).length > max - 1) words = beginning(words, Math.floor(words.length * 0.9));
  return `${escaped(words)}…`;
}

/** The first characters of a text, at most `max`, and no half of the last one. */
export const beginning = (text: string, max: number): string => text.slice(0, max).replace(/[\uD800-\uDBFF]$/u, '');

/** As many different times are given in the reader's own zone: the last of them are what is waited for. */
const TIMES_MAX = 6;
const TIME_WORDS_MAX = 40;
/** From then on a year has more than the four digits that clients know. */
const TIMES_END = Date.UTC(10_000, 0, 1);

/**
 * A line that says what the times in these texts are for whoever reads it; null: there are none. Teams promises nothing of
 * such times (learn.microsoft.com, Format cards in Teams); clients know them in a `TextBlock` alone, and some show the sign
 * itself beside a call (MicrosoftDocs/msteams-docs issues 4489 and 5480). So they have a line to themselves, and no time
 * depends on it: where a sign stays a sign, it names the instant in UTC.
 */
export function timesIn(texts: readonly string[]): string | null {
  const times = new Map<string, number>();
  for (const span of texts.flatMap(spansOf))
    if (span.kind === 'time' && span.at >= 0 && span.at < TIMES_END) times.set(span.words, span.at);
  if (times.size === 0) return null;
  const said = [...times]
    .slice(-TIMES_MAX)
    .map(([words, at]) => `${cut(words, NOBODY, TIME_WORDS_MAX)} = {{TIME(${isoOf(at)})}}`);
  return `Your time: ${said.join(', ')}`;
}

/** Without the milliseconds, with which no client knows it. */
const isoOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
