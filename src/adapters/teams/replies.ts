import { seconds } from '../../domain/time.ts';
import { type Card, cardText } from '../../messages/card.ts';
import type { FormAbout, PressReply, Reply } from '../chat/conversation.ts';
import { backOff } from '../chat/delivery-budget.ts';
import type { TeamsMessage } from './adaptive-card.ts';
import type { Connector } from './connector.ts';
import type { Press, Whereabouts } from './intake.ts';
import { setbackOf } from './setback.ts';

/** What answering takes. */
export interface Voice {
  readonly connector: Pick<Connector, 'post'>;
  readonly answerOf: (card: Card) => TeamsMessage;
  readonly plainOf: (card: Card) => TeamsMessage;
  /** A person's patience. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** The time between two tries. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1: what an outage stopped at once does not come back at once. */
  readonly random: () => number;
  /** An answer that did not arrive, and why. */
  readonly failed: (what: string, because: string) => void;
}

/** Teams cuts a press off after 5 seconds; by then its client has been told that the answer follows. */
const PRESS_ANSWERED_WITHIN = seconds(3.5);
/** What Teams asks to have tried again (412, 429, 502, 504) is, this often, for somebody waits for it. */
const TRIES = 3;
/** A note beside a card is read at a glance. */
const NOTE_MAX = 1_200;

/** An answer to a typed line stands where the line does, in its thread: Teams has nothing that one person alone sees there. */
export function messageReply(where: Whereabouts, acknowledge: () => void, voice: Voice): Reply {
  return {
    acknowledge: async () => acknowledge(),
    answer: async (card) => {
      acknowledge();
      await say(where.conversation, card, voice);
    },
  };
}

/** What a press is told by `Action.Execute`: a note that its person alone sees beside the card. */
export interface Note {
  readonly reply: PressReply;
  /** The note, in time for Teams in any case. */
  readonly told: Promise<string>;
}

/** A press in a channel is answered beside the card, to its person alone; what comes later than Teams waits is said in the thread. */
export function executeReply(press: Press, voice: Voice): Note {
  const { promise: answered, resolve } = Promise.withResolvers<string>();
  let open = true;
  const close = (words: string): boolean => {
    const was = open;
    open = false;
    resolve(words);
    return was;
  };
  const told = Promise.race([
    answered,
    voice.wait(PRESS_ANSWERED_WITHIN).then(() => {
      close(WORKING);
      return WORKING;
    }),
  ]);
  const answer = async (card: Card): Promise<void> => {
    // Alone with one person the answer is worth a card, which stays.
    if (press.personal) {
      await say(press.conversation, card, voice);
      close(noteOf({ ...card, lines: [] }));
    } else if (!close(noteOf(card))) await say(press.conversation, card, voice);
  };
  return {
    reply: { acknowledge: async () => {}, answer, askReason: (_asking, about) => answer(noReason(about)) },
    told,
  };
}

/** A press by a client that knows no `Action.Execute` comes as a message, and is answered as one. */
export function submitReply(press: Press, acknowledge: () => void, voice: Voice): PressReply {
  const { answer } = messageReply(press, acknowledge, voice);
  return { acknowledge: async () => acknowledge(), answer, askReason: (_asking, about) => answer(noReason(about)) };
}

const WORKING = 'Working on it: the answer comes as a message.';

/** A card as a note of plain text. */
function noteOf(card: Card): string {
  const text = cardText({ ...card, buttons: [] });
  return text.length <= NOTE_MAX ? text : `${text.slice(0, NOTE_MAX - 1).toWellFormed()}…`;
}

/** The form that asks for the reason came back without one. */
const noReason = ({ button }: FormAbout): Card => ({
  key: 'answer',
  under: null,
  tone: 'calm',
  title: `A reason is needed: press ${button} again and write why. Nothing was changed.`,
  lines: [],
  buttons: [],
});

async function say(conversation: string, card: Card, voice: Voice): Promise<void> {
  let message = voice.answerOf(card);
  for (let tried = 1; ; tried += 1) {
    try {
      await voice.connector.post(conversation, message);
      return;
    } catch (error) {
      const setback = setbackOf(error);
      const again = setback.kind === 'later' || setback.kind === 'unknown' || setback.kind === 'refused';
      if (!again || tried === TRIES) {
        voice.failed('an answer', 'because' in setback ? setback.because : setback.kind);
        return;
      }
      if (setback.kind === 'refused') message = voice.plainOf(card);
      await voice.pause(setback.kind === 'later' ? setback.afterMs : backOff(tried, voice.random()));
    }
  }
}
