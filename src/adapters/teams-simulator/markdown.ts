// Private-use characters, behind which a character that was escaped waits until the marks around it are read.
const KEPT = 0xe800;
const ESCAPED = /\\([!-/:-@[-`{-~])/gu;
const WAITING = /[\u{e800}-\u{e87f}]/gu;

/** A date or time that clients show in the reader's own zone, as the format of cards has it: whole seconds, no others. */
const DATED = /\{\{(DATE|TIME)\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))((?:, ?(?:COMPACT|SHORT|LONG))?)\)\}\}/gu;

/** Characters that nobody sees, in whatever text: they keep others apart. */
const UNSEEN = /[\u{200b}\u{2060}\u{feff}]/gu;

/** Text that is no Markdown, without what nobody sees of it. */
export const asSeen = (text: string): string => text.replace(UNSEEN, '');

/**
 * Markdown as people read it, in the part of it that cards know: marks are gone, links are their words, list items have a
 * bullet, paragraphs are lines. Whoever forgot to escape something finds it missing here.
 */
export const asRead = (markdown: string): string => asSeen(unmarked(markdown)).replace(/\n[ \t]*(?:\n[ \t]*)+/gu, '\n');

const unmarked = (markdown: string): string =>
  markdown
    .replace(ESCAPED, (_, character: string) => String.fromCodePoint(KEPT + (character.codePointAt(0) ?? 0)))
    .replace(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/gu, '$2')
    .replace(/\*(?=\S)(.+?)(?<=\S)\*/gu, '$1')
    .replace(/(?<![\w])_(?=\S)(.+?)(?<=\S)_(?![\w])/gu, '$1')
    .replace(/^[ \t]*[-*+](?=[ \t]|$)/gmu, '•')
    .replace(WAITING, (waiting) => String.fromCodePoint((waiting.codePointAt(0) ?? KEPT) - KEPT));

/** Dates and times as somebody in UTC reads them: `2026-11-20`, `06:00`. What is none of them stays a sign. */
export const withDates = (text: string): string =>
  text.replace(DATED, (sign, kind: string, said: string, format: string) => {
    const at = new Date(said);
    if (Number.isNaN(at.getTime()) || (kind === 'TIME' && format !== '')) return sign;
    return kind === 'DATE' ? at.toISOString().slice(0, 10) : at.toISOString().slice(11, 16);
  });

/** People who are called by name. `called` are the texts that stand for somebody; others stay as they are written. */
export const withMentions = (text: string, called: readonly string[]): string =>
  called.reduce((line, mention) => line.replaceAll(mention, () => `@${mention.replace(/^<at>|<\/at>$/gu, '')}`), text);

/** The texts that entities of a message or a card say are somebody. */
export function mentionsIn(entities: unknown): readonly string[] {
  if (!Array.isArray(entities)) return [];
  return entities.flatMap((each: unknown) => {
    const { type, text, mentioned } = Object(each) as Readonly<Record<string, unknown>>;
    return type === 'mention' && typeof text === 'string' && mentioned !== undefined ? [text] : [];
  });
}
