import { type Card, cardText } from '../messages/card.ts';
import type { ChatSurface, Store } from '../ports.ts';

/** A surface that shows a card as soon as it is asked to: the first one under a key is posted, the next ones edit it. */
export function shownAtOnce(
  place: string,
  store: Store,
  show: (card: Card, messageId: string | null) => Promise<string>,
): ChatSurface {
  return {
    show: async (card) => {
      const digest = cardText(card);
      const posted = await store.posted(card.key, place);
      if (posted?.digest === digest) return;
      const messageId = await show(card, posted?.messageId ?? null);
      await store.savePosted(card.key, place, { messageId, digest });
    },
  };
}
