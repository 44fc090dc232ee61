import type { Logger } from 'pino';
import { SlackRefused } from '../adapters/slack/app.ts';
import type { Config } from '../config.ts';
import type { Answered, Listener } from '../ports.ts';
import type { Venue } from '../session/chat.ts';
import type { InTurn } from '../session/turns.ts';
import { outside } from './chat-hands.ts';
import { openChats } from './chats.ts';

/** Real platforms, or emulators of them, for simulated pools. */
export interface ChatsVenueOptions {
  readonly config: Config;
  readonly log: Logger;
  /** What people do there comes whenever it comes, and takes its turn with the clock of the simulated pools. */
  readonly inTurn: InTurn;
  readonly say: (line: string) => void;
  /** Comes when the program is to end. */
  readonly ended: Promise<void>;
}

/** Slack, Teams or both as the chat of simulated pools. Who types in the terminal is answered there; everybody else is in a chat. */
export const chatsVenue = ({ config, log, inTurn, say, ended }: ChatsVenueOptions): Venue => ({
  open: async ({ listener, store, clock }, onlooker) => {
    const chat = await openChats({ config, store, log, ended, wait: outside.wait });
    if (chat === null) throw new SlackRefused('Lifeguard was told to end before Slack could be reached');
    return {
      surface: chat.surface,
      start: () => chat.start(takingTurns(listener, inTurn), say),
      say: async (by, text, deliveryId) => {
        const { card, follow } = await listener.hear({ text, by, deliveryId });
        onlooker.saw(clock.now(), card, null);
        await follow();
      },
      close: () => chat.stop(),
    };
  },
  close: async () => {},
});

function takingTurns(listener: Listener, inTurn: InTurn): Listener {
  const turned = (answered: Answered): Answered => ({ ...answered, follow: () => inTurn(() => answered.follow()) });
  return {
    hear: (heard) => inTurn(async () => turned(await listener.hear(heard))),
    press: (pressed) =>
      inTurn(async () => {
        const answer = await listener.press(pressed);
        return answer.kind === 'asking' ? answer : turned(answer);
      }),
    home: (person) => inTurn(() => listener.home(person)),
  };
}
