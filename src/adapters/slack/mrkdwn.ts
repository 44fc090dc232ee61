import type { MrkdwnElement } from '@slack/types';
import type { PersonId } from '../../domain/pool.ts';
import { type Mark, plain, type Span, spansOf } from '../../messages/spans.ts';

/** Who reads a message, as far as it matters for writing it. */
export interface Reader {
  /** The Slack user, or user group, of a person; null: they are named and not called. */
  userOf(person: PersonId): string | null;
  /** Whether people are called, which their phones tell them, or only named. */
  readonly calls: boolean;
}

/** For what is read by one person alone: nobody is called. */
export const NAMED_ONLY: Reader = { userOf: () => null, calls: false };

/** How far something has come, beside the words that say so: a picture is never the only sign. */
const MARKS: Readonly<Record<Mark, string>> = {
  done: ':white_check_mark:',
  ticked: ':warning:',
  now: ':arrow_forward:',
  later: ':white_small_square:',
};

/**
 * Text that stays text: the three characters that mean something to Slack wherever they stand are written as entities
 * (docs.slack.dev, Formatting message text), and half a surrogate pair, which is no character, as the sign for one.
 */
export const escaped = (text: string): string =>
  text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A text with spans as Slack shows it: times in the reader's own zone, people called where they are to be. */
export const mrkdwnOf = (text: string, reader: Reader): string =>
  spansOf(text)
    .map((span) => spanIn(span, reader))
    .join('');

function spanIn(span: Span, { userOf, calls }: Reader): string {
  switch (span.kind) {
    case 'text':
      return escaped(span.words);
    case 'time':
      return `<!date^${Math.floor(span.at / 1_000)}^{time}|${escaped(span.words).replaceAll('|', ' ')}>`;
    case 'mark':
      return MARKS[span.mark];
    case 'person': {
      const user = calls ? userOf(span.person) : null;
      if (user === null) return escaped(span.words);
      return user.startsWith('S') ? `<!subteam^${user}>` : `<@${user}>`;
    }
  }
}

/** What notifications and screen readers get: no spans, and nothing in it that Slack would read as more than text. */
export const plainOf = (text: string): string => escaped(plain(text));

/**
 * A text object in which Slack finds nothing by itself. Without `verbatim` it makes links of addresses and of the names of
 * channels and people, whoever wrote them. Slack takes no empty text.
 */
export const verbatim = (text: string): MrkdwnElement => ({
  type: 'mrkdwn',
  text: text.trim() === '' ? '-' : text,
  verbatim: true,
});

/** The first characters of a text, at most `max`, and no half of the last one. */
export const beginning = (text: string, max: number): string => text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
