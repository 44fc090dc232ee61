import { withoutPrompt } from '../messages/words.ts';

/** What a line has to be before it is read at all: a sentence, or the reason it is refused. */
export type Normalized =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'refused'; readonly because: string };

/** Longer than any command can be. Requirement B6. */
const LONGEST = 256;
/** Characters that turn the reading direction: what people see would not be what is read. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const CONTROL = /\p{Cc}/u;
const INVISIBLE = /[\u00AD\u200B-\u200D\u2060\uFEFF]/gu;
const SPACES = /[\s\u00A0\u2000-\u200A\u202F\u205F\u3000]+/gu;
const QUOTES = /[\u0022\u0060\u00AB\u00BB\u201A-\u201F\u2039\u203A\u2032\u2033\u2018\u2019]|(?<!\p{L})\u0027|\u0027(?!\p{L})/gu;
/** Between two letters it belongs to the word: `isn’t`. */
const APOSTROPHE = /(?<=\p{L})[\u0027\u2018\u2019\u02BC](?=\p{L})/gu;
/** `*pool01*`, `_pool01_`: what a phone or a habit puts around a name. */
const EMPHASIS = /(?<=^|\s)[*_]+|[*_]+(?=\s|$)/gu;
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/gu;
/** `<http://pool01.contoso.com|pool01.contoso.com>`, `<https://…>` and `[text](http://…)`: what chat clients make of a name. */
const SLACK_LINK = /<(?:https?:\/\/|mailto:)?([^|>\s]+)(?:\|([^>]*))?>/gu;
const MARKDOWN_LINK = /\[([^\]]+)\]\([^)]*\)/gu;
/** Only a name made into a link: one with a path is somebody's own, and is left as it is. */
const BARE_LINK = /(?<=^|\s)https?:\/\/([^\s/]+)\/?(?=\s|$)/giu;

/**
 * Undoes what chat clients and phones do to typing, before a strict grammar reads it: compatibility forms, invisible and
 * odd spaces, smart quotes and dashes, links made of names, a final dot. What could deceive a reader is refused whole.
 */
export function normalize(typed: string): Normalized {
  const refuse = (because: string): Normalized => ({ kind: 'refused', because });
  const trimmed = typed.replace(/[\r\n]+$/u, '');
  if (trimmed.length > LONGEST) return refuse(`that line has ${trimmed.length} characters; no command has more than ${LONGEST}`);
  if (BIDI.test(trimmed)) return refuse('that line has characters that turn the reading direction');
  if (CONTROL.test(trimmed.replaceAll('\t', ' '))) return refuse('that line has control characters or several lines');
  const text = trimmed
    .replace(SLACK_LINK, (_whole, target: string, label: string | undefined) => label ?? target.replace(/\/$/u, ''))
    .replace(MARKDOWN_LINK, '$1')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(APOSTROPHE, "'")
    .replace(QUOTES, '')
    .replace(EMPHASIS, '')
    .replace(BARE_LINK, '$1')
    .replace(DASHES, '-')
    .replace(SPACES, ' ')
    .trim()
    .replace(/[.!]+$/u, '')
    .trim();
  return text === '' ? refuse('there was nothing to read') : { kind: 'line', text: withoutPrompt(text) };
}
