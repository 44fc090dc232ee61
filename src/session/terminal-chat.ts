import { randomUUID } from 'node:crypto';
import { type Card, cardText } from '../messages/card.ts';
import { shownAtOnce } from '../workflow/at-once.ts';
import type { Venue } from './chat.ts';

const CHANNEL = 'console:channel';

/** A channel in which every card is seen the moment it is shown, as in a terminal. */
export function terminalChat(): Venue {
  const said = new Map<string, string>();
  return {
    close: async () => {},
    open: async ({ listener, store, clock }, onlooker) => {
      const show = async (card: Card, messageId: string | null): Promise<string> => {
        const text = cardText(card);
        const id = messageId ?? randomUUID();
        const before = said.get(id) ?? null;
        said.set(id, text);
        onlooker.shown({ to: 'channel', text });
        onlooker.saw(clock.now(), card, before);
        return id;
      };
      return {
        surface: shownAtOnce(CHANNEL, store, show),
        start: async () => {},
        say: async (by, text, deliveryId) => {
          const { card, follow } = await listener.hear({ text, by, deliveryId });
          await show(card, null);
          await follow();
        },
        close: async () => {},
      };
    },
  };
}
