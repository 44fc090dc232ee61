import type { Card } from '../../messages/card.ts';
import type { HomePage, PoolHealth } from '../../messages/home.ts';
import { actionsOf, asks, sizeOf } from './actions.ts';
import { rowsOf, wordsOf } from './adaptive-card.ts';
import { type AdaptiveCard, type CardElement, cardOf, textBlock } from './card-elements.ts';
import { calledIn, cut, type Mentions, mentionsIn, NOBODY, type TeamsReader } from './markdown.ts';

/** All of it stays below what Teams takes of a message (`limits.ts`), in UTF-16 units as sent; what does not fit is counted. */
const PAGE_MAX = 32_000;
const CARD_LINES_MAX = 4_000;
const CARD_ACTIONS_MAX = 8_000;
const HEALTH_TITLE_MAX = 200;
const HEALTH_LINE_MAX = 200;
const HEALTH_LINES_MAX = 8;

/** A person's own card: what waits for them, their runs, the pools. Whoever is nobody here gets the card that says so. */
export function homeCardOf(page: HomePage | Card, reader: TeamsReader): AdaptiveCard {
  if (!('health' in page)) {
    const mentions = mentionsIn([page.title, ...page.lines], reader);
    const words = wordsOf(page, mentions, CARD_LINES_MAX);
    return cardOf(words, [], calledIn(words, mentions));
  }
  const { waiting, runs, health } = page;
  const mentions = mentionsIn(
    [...waiting, ...runs].flatMap(({ title, lines }) => [title, ...lines]),
    reader,
  );
  const parts: readonly Part[] = [
    { title: 'Waiting for you', none: 'Nothing waits for you.', of: waiting.map((card) => cardIn(card, mentions)) },
    { title: 'My runs', none: 'You have no upgrade under way.', of: runs.map((card) => cardIn(card, mentions)) },
    { title: 'Pool health', none: 'There is no pool that you may look at.', of: health.map(healthIn) },
  ];
  const body = partsIn(parts, PAGE_MAX - sizeOf([...mentions.values()]));
  return cardOf(body, [], calledIn(body, mentions));
}

/** One part of the page, under its heading. */
interface Part {
  readonly title: string;
  /** What it says while there is nothing in it. */
  readonly none: string;
  readonly of: readonly CardElement[];
}

/** Part after part while there is room: what waits for the person is never what is left out for the pools. */
function partsIn(parts: readonly Part[], room: number): readonly CardElement[] {
  let left = room;
  let over = 0;
  const fits = (element: CardElement): boolean => {
    left -= sizeOf(element) + 1;
    if (left < 0) over += 1;
    return left >= 0;
  };
  const body = parts.flatMap(({ title, none, of }) => [
    headingOf(title),
    ...(of.length === 0 ? [textBlock(none, { isSubtle: true, spacing: 'small' })] : of.filter(fits)),
  ]);
  return over === 0 ? body : [...body, textBlock(`… and ${over} more: **pools** lists them all`, { separator: true })];
}

const headingOf = (title: string): CardElement => ({
  type: 'Container',
  style: 'emphasis',
  bleed: true,
  spacing: 'large',
  items: [textBlock(title, { weight: 'bolder', style: 'heading', size: 'medium' })],
});

/** A card on the page, with its buttons below its words. */
const cardIn = (card: Card, mentions: Mentions): CardElement => ({
  type: 'Container',
  spacing: 'medium',
  items: [...wordsOf(card, mentions, CARD_LINES_MAX), ...rowsOf(actionsOf(card, CARD_ACTIONS_MAX))],
});

/** A pool in a few lines, its status one tap away beside it. */
const healthIn = ({ title, lines, command }: PoolHealth): CardElement => ({
  type: 'ColumnSet',
  spacing: 'medium',
  columns: [
    {
      type: 'Column',
      width: 'stretch',
      items: [
        textBlock(cut(title, NOBODY, HEALTH_TITLE_MAX), { weight: 'bolder' }),
        ...lines.slice(0, HEALTH_LINES_MAX).map((line) => textBlock(cut(line, NOBODY, HEALTH_LINE_MAX), { spacing: 'none' })),
      ],
    },
    { type: 'Column', width: 'auto', items: [{ type: 'ActionSet', actions: [asks('Status', command)] }] },
  ],
});
