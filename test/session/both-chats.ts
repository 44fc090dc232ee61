import { Mirror } from '../../src/adapters/chat/mirror.ts';
import type { Chat, Onlooker, Shown, Venue } from '../../src/session/chat.ts';
import { slackChat } from '../../src/session/slack-chat.ts';
import { teamsChat } from '../../src/session/teams-chat.ts';

/** Something that was shown, and on which platform. */
export interface ShownThere extends Shown {
  readonly platform: string;
}

/** Slack and Teams at once: whatever is said is said in one of them and then in the other, in turn, beginning with Slack. */
export function bothChats(shown: (there: ShownThere) => void = () => {}): Venue {
  const venues = { Slack: slackChat(), Teams: teamsChat() };
  let lines = 0;
  return {
    open: async (parts, onlooker) => {
      const mirror = new Mirror(() => {});
      const watched = (platform: string): Onlooker => ({
        shown: (each) => {
          shown({ ...each, platform });
          onlooker.shown(each);
        },
        saw: (...seen) => onlooker.saw(...seen),
      });
      const chats: Chat[] = [];
      for (const [name, venue] of Object.entries(venues)) {
        const chat = await venue.open(parts, watched(name));
        mirror.add({ name, surface: chat.surface, isHome: () => true });
        chats.push(chat);
      }
      return {
        surface: mirror,
        start: async () => {
          for (const chat of chats) await chat.start();
        },
        say: async (by, words, deliveryId) => {
          const chat = chats[lines % chats.length];
          lines += 1;
          await chat?.say(by, words, deliveryId);
        },
        close: async () => {
          for (const chat of chats) await chat.close();
        },
      };
    },
    close: async () => {
      for (const venue of Object.values(venues)) await venue.close();
    },
  };
}
