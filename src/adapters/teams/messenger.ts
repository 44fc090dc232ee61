import type { Card } from '../../messages/card.ts';
import type { Content, Messenger } from '../chat/messenger.ts';
import type { TeamsMessage } from './adaptive-card.ts';
import type { Connector } from './connector.ts';
import type { References } from './references.ts';
import { setbackOf } from './setback.ts';

/** How a card becomes a message. */
export interface Render {
  readonly message: (card: Card, note: string | null) => TeamsMessage;
  /** In the plainest form, for a card that Teams does not take as it is. */
  readonly plain: (card: Card, note: string | null) => TeamsMessage;
}

/** Only a channel has threads: in a chat everything stands one after the other. */
const isChannel = (conversation: string): boolean => /@thread\.(?:tacv2|skype)$/u.test(conversation);

/**
 * Teams, as far as the delivery of cards needs it. Teams keeps nothing that an earlier post could be found again by: one
 * whose answer was lost is posted once more, and the older copy's buttons do nothing.
 */
export function teamsMessenger(connector: Connector, references: References, render: Render): Messenger {
  const shown = ({ card, note, plain }: Content): TeamsMessage => (plain ? render.plain : render.message)(card, note);
  return {
    post: async ({ channel, thread, broadcast, content }) => {
      // What everybody has to see stands in the channel itself, where a thread would hide it.
      const within = thread === null || broadcast || !isChannel(channel) ? channel : `${channel};messageid=${thread}`;
      try {
        const messageId = await connector.post(within, shown(content));
        return messageId === ''
          ? { kind: 'unknown', because: 'Teams took it and did not say as what' }
          : { kind: 'sent', messageId };
      } catch (error) {
        return setbackOf(error);
      }
    },
    edit: async (channel, messageId, content) => {
      try {
        await connector.update(channel, messageId, shown(content));
        return { kind: 'sent', messageId };
      } catch (error) {
        return setbackOf(error);
      }
    },
    find: async () => ({ kind: 'found', messageId: null }),
    permalink: async () => null,
    openDirect: async (user) => {
      const known = await references.personal(user);
      if (known !== null) return { kind: 'opened', channel: known };
      try {
        const channel = await connector.openPersonal(user);
        await references.opened(user, channel);
        return { kind: 'opened', channel };
      } catch (error) {
        const setback = setbackOf(error);
        return setback.kind === 'gone' ? { kind: 'closed', because: 'Teams does not know this person' } : setback;
      }
    },
  };
}
