import type { Logger } from 'pino';
import { SlackRefused } from '../adapters/slack/app.ts';
import type { SlackEnvironment } from '../config/slack-environment.ts';
import type { Config } from '../config.ts';
import type { Answered, Listener } from '../ports.ts';
import type { Venue } from '../session/chat.ts';
import type { InTurn } from '../session/turns.ts';
import { openPatiently, slackHands, whereabouts } from './slack.ts';

/** A real workspace, or an emulator of one, for simulated pools. */
export interface SlackVenueOptions {
  readonly config: Config;
  readonly slack: SlackEnvironment;
  readonly log: Logger;
  /** What people do in Slack comes whenever it comes, and takes its turn with the clock of the simulated pools. */
  readonly inTurn: InTurn;
  readonly say: (line: string) => void;
  /** Comes when the program is to end. */
  readonly ended: Promise<void>;
}

/** Slack as the chat of simulated pools. Who types in the terminal is answered there; everybody else is in Slack. */
export const slackVenue = ({ config, slack, log, inTurn, say, ended }: SlackVenueOptions): Venue => ({
  open: async ({ listener, store, clock }, onlooker) => {
    const chat = await openPatiently(slack, slackHands(config, store, log), ended);
    if (chat === null) throw new SlackRefused('Lifeguard was told to end before Slack could be reached');
    return {
      surface: chat.surface,
      start: async () => {
        await chat.start(takingTurns(listener, inTurn));
        say(whereabouts(chat, slack));
      },
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
