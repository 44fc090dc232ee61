import type { PersonId } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';

/**
 * A piece of a card's text. Times are shown in the reader's own zone and people are called where a surface can do so;
 * `words` is what everybody else reads.
 */
export type Span =
  | { readonly kind: 'text'; readonly words: string }
  | { readonly kind: 'time'; readonly words: string; readonly at: Instant }
  | { readonly kind: 'person'; readonly words: string; readonly person: PersonId }
  | { readonly kind: 'mark'; readonly words: string; readonly mark: Mark };

/** How far something in a list has come; `ticked` is well by a person's word alone. */
export type Mark = 'done' | 'ticked' | 'now' | 'later';
const MARK_WORDS: Readonly<Record<Mark, string>> = { done: '*', ticked: '!', now: '>', later: '-' };

// Private-use characters, which no chat line and no answer of a pool may bring in: both are cleaned before they are read.
const [OPEN, MIDDLE, CLOSE] = ['\u{E0F0}', '\u{E0F1}', '\u{E0F2}'];
const SPAN =
  /\u{E0F0}(?:t(-?\d{1,16})|p([^\u{E0F0}-\u{E0F2}]{1,200})|m(done|ticked|now|later))\u{E0F1}([^\u{E0F0}-\u{E0F2}]*)\u{E0F2}/u;
const MARKS = /[\u{E0F0}-\u{E0F2}]/gu;

/** A time inside a text; `words` is how it reads where a surface has nothing better. */
export const timeSpan = (at: Instant, words: string): string => `${OPEN}t${at}${MIDDLE}${words}${CLOSE}`;

/** A person inside a text who is to be called, not just named. */
export const personSpan = (person: PersonId): string => `${OPEN}p${person}${MIDDLE}${person}${CLOSE}`;

/** The sign in front of a line of such a list. */
export const markSpan = (mark: Mark): string => `${OPEN}m${mark}${MIDDLE}${MARK_WORDS[mark]}${CLOSE}`;

/** Text that is not ours, without anything that would be read as a span. */
export const withoutSpans = (text: string): string => text.replace(MARKS, '');

/** The pieces of a text, in its order. Marks that are no whole span are dropped. */
export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  const say = (words: string): void => {
    const clean = withoutSpans(words);
    if (clean !== '') spans.push({ kind: 'text', words: clean });
  };
  let rest = text;
  for (let found = SPAN.exec(rest); found !== null; found = SPAN.exec(rest)) {
    const [whole, at, person, mark, words = ''] = found;
    say(rest.slice(0, found.index));
    if (at !== undefined) spans.push({ kind: 'time', at: Number(at), words });
    else if (mark !== undefined) spans.push({ kind: 'mark', mark: mark as Mark, words });
    else spans.push({ kind: 'person', person: (person ?? '') as PersonId, words });
    rest = rest.slice(found.index + whole.length);
  }
  say(rest);
  return spans;
}

/** The text as everybody can read it. */
export const plain = (text: string): string =>
  spansOf(text)
    .map(({ words }) => words)
    .join('');
