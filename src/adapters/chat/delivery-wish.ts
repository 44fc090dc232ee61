import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { About, Posted } from '../../ports.ts';

/** What should stand under a card's key in one place, and how far we have come with it. Only the lane of that place changes it. */
export interface Wish {
  readonly about: About;
  card: Card;
  digest: string;
  /** Its turn: smaller numbers were wanted earlier. */
  since: number;
  /** Tries in a row that came to nothing. */
  failures: number;
  /** Not tried before then. */
  notBefore: Instant;
  /** What the message says about itself, with the card. */
  note: string | null;
  /** The digest that the platform refused as it is; null: none. */
  plain: string | null;
  /** The digest that it refused in the plainest form too; null: none. */
  givenUp: string | null;
}

/** A card that nothing has been done about. */
export const newWish = (card: Card, about: About, since: number): Wish => ({
  about,
  card,
  digest: digestOf(card),
  since,
  failures: 0,
  notBefore: 0,
  note: null,
  plain: null,
  givenUp: null,
});

/** Tells two states of a card apart. The tone stands in front: whether what stands was asking is known after a restart too. */
export const digestOf = (card: Card): string =>
  `${card.tone}:${createHash('sha256')
    .update(JSON.stringify([card.title, card.lines, card.buttons]))
    .digest('base64url')}`;

/** What stands in a place is known to be nothing at all: a post may be on its way, or its answer was lost. */
export const INTENT: Posted = { messageId: '', digest: '' };

/** Whether something is left to do. `standing` is what is there, null when nothing is. */
export const isPending = (wish: Wish, standing: Posted | null): boolean =>
  wish.givenUp !== wish.digest && standing?.digest !== wish.digest;

/** Whether people would miss it elsewhere: it waits for somebody, or is to be seen. */
export const isOpen = ({ card }: Wish): boolean => card.buttons.length > 0 || card.tone !== 'calm';

/**
 * Which goes first when there is room, smallest first: alarms, then what asks (and what no longer asks: a closed request is
 * not to be pressed), then what has not been said yet, then progress.
 */
export function rankOf({ card }: Wish, standing: Posted | null): number {
  if (card.tone === 'alarm') return 0;
  const stoodCalm = standing === null || standing.digest === '' || standing.digest.startsWith('calm:');
  if (card.tone === 'ask' || !stoodCalm) return 1;
  return standing === null || standing.messageId === '' ? 2 : 3;
}
