import { Application, type TurnState } from '@microsoft/teams-ai';
import { ActivityTypes, type TurnContext } from 'botbuilder';
import type { Conversation } from '../chat/conversation.ts';
import type { Homes } from '../chat/homes.ts';
import { invokeIn, messageIn, type Press, type TeamsAccount, type Typed } from './intake.ts';
import { executeReply, messageReply, submitReply, type Voice } from './replies.ts';

/** What the handlers lead to. */
export interface HandlerHands {
  readonly conversation: Conversation<TeamsAccount>;
  readonly homes: Homes<TeamsAccount>;
  readonly voice: Voice;
  /** An activity that is not of a shape Teams documents. */
  readonly strange: (what: string) => void;
  /** Has what goes on after its turn known, until it ends. A bug in it is one of the program. */
  readonly goesOn: (work: Promise<void>) => void;
}

/** What is not one of ours is answered too, and not only the client that is told of no handler. */
const ANY_VERB = /(?:)/u;

/** The word by which a person has their own page shown anew; in a personal chat only. */
const HOME = /^home$/iu;

/**
 * Everything that Teams may send, brought to the conversation. A turn ends, and Teams is told that its activity arrived, as
 * soon as an order is in the record or a question is understood; what follows goes on without it.
 */
export function application(hands: HandlerHands): Application<TurnState> {
  const app = new Application<TurnState>({ removeRecipientMention: false });
  const words = (selected: TurnContext): Promise<void> =>
    acknowledged(hands, (acknowledge) => hear(selected, acknowledge, hands));
  app.activity(ActivityTypes.Message, words);
  app.activity(ActivityTypes.InstallationUpdate, ({ activity }) =>
    acknowledged(hands, async (acknowledge) => {
      acknowledge();
      if (activity.action === 'add') await welcome(activity, hands);
    }),
  );
  app.adaptiveCards.actionExecute(ANY_VERB, async ({ activity }) => {
    const press = invokeIn(activity);
    if (press === null) {
      hands.strange('a press');
      return 'That button is not one of mine. Nothing was changed.';
    }
    const { reply, told } = executeReply(press, hands.voice);
    const pressed = hands.conversation.pressed(press, reply);
    hands.goesOn(pressed);
    return Promise.race([told, pressed.then(() => told)]);
  });
  return app;
}

/** Ends when the first of it is acknowledged, or all of it is done; what fails is a bug, and is not told as having arrived. */
async function acknowledged(hands: HandlerHands, work: (acknowledge: () => void) => Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = work(resolve);
  done.then(resolve, reject);
  hands.goesOn(done);
  await promise;
}

async function hear({ activity }: TurnContext, acknowledge: () => void, hands: HandlerHands): Promise<void> {
  const said = messageIn(activity);
  if (said === null) {
    hands.strange('a message');
    return;
  }
  if (isPress(said)) return hands.conversation.pressed(said, submitReply(said, acknowledge, hands.voice));
  if (said.personal && HOME.test(said.text)) {
    acknowledge();
    return hands.homes.opened(said.account);
  }
  await hands.conversation.typed(said, messageReply(said, acknowledge, hands.voice));
}

const isPress = (said: Typed | Press): said is Press => 'pressed' in said;

/** Whoever installs the app for themselves finds their page in their conversation with it. */
async function welcome(activity: unknown, { homes }: HandlerHands): Promise<void> {
  const from = messageIn({ ...Object(activity), text: 'home', value: undefined });
  if (from?.personal) await homes.opened(from.account);
}
