import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { TeamsMessage } from '../../../src/adapters/teams/adaptive-card.ts';
import type { CardAction, CardElement, ExecuteAction } from '../../../src/adapters/teams/card-elements.ts';
import type { Button, Card } from '../../../src/messages/card.ts';
import { markSpan, personSpan, timeSpan } from '../../../src/messages/spans.ts';
import { dana } from '../../support.ts';

/** What stands in a card, before it is one of a message or of a page. */
interface Shown {
  readonly body: readonly CardElement[];
  readonly actions?: readonly CardAction[];
}

const MORE_THAN_TEXT: readonly (readonly [what: string, sign: RegExp])[] = [
  ['a list', /^(?:[-+*]|\d{1,9}[.)])(?:\s|$)/mu],
  ['a heading, a quotation, a table, code or a line', /^(?:#{1,6}(?:\s|$)|>|\||`{3}|~{3}|[-=_*\s]{3,}$| {4})/mu],
  ['a link', /\][([:]/u],
  ['HTML, an address or a call', /<[^\s\u{2060}]/u],
  ['an entity', /&[a-z#]/iu],
  ['a time', /\{\{/u],
  ['struck out words', /~~/u],
  ['emphasis or code', /(?<!\\)(?:\\\\)*[*_`]/u],
];

/**
 * What a client shows of Markdown, without the joiners that nobody sees; bold words are words. Throws where it would show
 * anything else but text: an oracle of its own, which knows what the signs mean and not how they are escaped.
 */
export function shown(markdown: string): string {
  const plain = markdown.replace(/<at>([^<>]*)<\/at>/gu, '$1').replace(/(?<!\\)\*\*((?:[^*\\]|\\.)+?)\*\*/gsu, '$1');
  for (const [what, sign] of MORE_THAN_TEXT)
    if (sign.test(plain)) throw new Error(`${JSON.stringify(markdown)} has ${what}: ${JSON.stringify(sign.exec(plain)?.[0])}`);
  return plain.replace(/\\([!-/:-@[-`{-~])/gu, '$1').replaceAll('\u{2060}', '');
}

/** What is shown, as it may be compared: one space for any, no joiners. */
export const spaced = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\u{2060}', '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();

/** What was typed, as it may be compared with what is shown of it: a command stands without its marks, once no control is in it. */
export const compared = (text: string): string =>
  spaced(
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
      .replace(/[^\P{Cc}\n]/gu, ' ')
      .replace(/(?<!`)`([a-z][a-z0-9]*(?:[ .-][a-zA-Z0-9]+)*)`(?!`)/gu, '$1'),
  );

/** Everything that is read in a card, block by block, as it is written; what a button opens is not part of it. */
export const written = ({ body }: Pick<Shown, 'body'>): readonly string[] =>
  body.flatMap((element): readonly string[] => {
    if (element.type === 'TextBlock') return [element.text];
    if (element.type === 'Container') return written({ body: element.items });
    return element.type === 'ColumnSet' ? element.columns.flatMap(({ items }) => written({ body: items })) : [];
  });

/** The same as it is shown. */
export const read = (card: Pick<Shown, 'body'>): readonly string[] => written(card).map(shown);

/** The rows of buttons of a card, those in its body first. */
export const rows = ({ body, actions = [] }: Shown): readonly (readonly CardAction[])[] => [
  ...body.flatMap((element): readonly (readonly CardAction[])[] => {
    if (element.type === 'ActionSet') return [element.actions];
    if (element.type === 'Container') return rows({ body: element.items });
    return element.type === 'ColumnSet' ? element.columns.flatMap(({ items }) => rows({ body: items })) : [];
  }),
  ...(actions.length === 0 ? [] : [actions]),
];

/** What every button of a card does in the end, whatever it opens before. */
export const pressable = (card: Shown): readonly ExecuteAction[] =>
  rows(card)
    .flat()
    .flatMap((action) => (action.type === 'Action.Execute' ? [action] : action.card.actions));

/** The whole message, as it is sent. */
export const activityOf = ({ summary, card: content }: TeamsMessage) => ({
  type: 'message',
  summary,
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});

interface Library {
  readonly Versions: { readonly v1_5: unknown };
  readonly HostConfig: new (config: object) => unknown;
  readonly SerializationContext: new (
    version: unknown,
  ) => { readonly eventCount: number; getEventAt(index: number): { readonly message: string } };
  readonly AdaptiveCard: new () => {
    hostConfig: unknown;
    parse(card: unknown, context: unknown): void;
    validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] };
  };
}

const installed = createRequire(import.meta.url);
const { version } = installed('adaptivecards/package.json') as { readonly version: string };
/** Versions before 3 do not know `Action.Execute`. */
export const NO_LIBRARY = Number.parseInt(version, 10) < 3 ? `adaptivecards 3 is not installed, but ${version}` : false;

/** What the library that Teams shows cards with has against a card. Reads nothing but the JSON, so it needs no browser. */
export function libraryFaults(card: unknown): readonly string[] {
  const library = installed('adaptivecards/dist/adaptivecards.js') as Library;
  const context = new library.SerializationContext(library.Versions.v1_5);
  const parsed = new library.AdaptiveCard();
  // As many as Teams shows; the library's own default is five.
  parsed.hostConfig = new library.HostConfig({ actions: { maxActions: 6 } });
  parsed.parse(JSON.parse(JSON.stringify(card)), context);
  return [
    ...Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message),
    ...parsed.validateProperties().validationEvents.map(({ message }) => message),
  ];
}

const HOSTILE = [
  '*b*',
  '__i__',
  '[x](http://e.example)',
  '![x](http://e.example)',
  '[x]: http://e.example',
  '\n- ',
  '- ',
  '1. ',
  '# ',
  '> ',
  '`',
  '```\n',
  '~~x~~',
  '|a|b|\n|-|-|',
  '<at>Omar Haddad</at>',
  '<b>',
  '<https://e.example>',
  '&amp;',
  '{{TIME(2026-01-01T00:00:00Z)}}',
  '\\',
  '"',
  '\uD83D',
  '🛟',
  '\n',
  '\u{E0F0}',
  '\u{E100}',
];

/** Words that mean something to Markdown, to Teams or to nobody, some of them far too long. */
export const anyText = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })), { maxLength: 3 }),
    fc.constantFrom(1, 1, 1, 40, 3_000),
  )
  .map(([pieces, times]) => pieces.join('').repeat(times).slice(0, 20_000));
const anyLine = fc.oneof(
  anyText,
  anyText.map((words) => `${timeSpan(1_000, words)} ${personSpan(dana)} ${markSpan('now')} ${words}`),
  anyText.map((words) => `${markSpan('now')} ${words}: ${words}`),
  anyText.map((words) => `pool-ready: ${words}`),
  anyText.map((words) => `| ${words}`),
);
const anyButton: fc.Arbitrary<Button> = fc.record({
  id: fc.oneof(fc.constantFrom('approve', 'deny', 'abort'), fc.stringMatching(/^[a-z0-9-]{1,64}$/)),
  label: anyText,
  command: anyText,
  asks: fc.option(anyText),
  confirm: fc.option(anyText),
});

/** A card of any words and up to thirty buttons, with a thousand lines now and then. */
export const anyCard: fc.Arbitrary<Card> = fc.record({
  key: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
  under: fc.constant(null),
  tone: fc.constantFrom('calm', 'ask', 'alarm'),
  title: anyLine,
  lines: fc
    .tuple(fc.array(anyLine, { maxLength: 8 }), fc.constantFrom(1, 1, 1, 150))
    .map(([lines, times]) => Array.from({ length: times }, () => lines).flat()),
  buttons: fc.uniqueArray(anyButton, { maxLength: 30, selector: ({ id }) => id }),
});
