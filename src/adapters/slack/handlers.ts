import type { App } from '@slack/bolt';
import type { Conversation } from '../chat/conversation.ts';
import type { Homes } from '../chat/homes.ts';
import type { Account } from './accounts.ts';

import { homeIn, messageIn, pressIn, shortcutIn, slashIn, submissionIn } from './intake.ts';
import { ACKNOWLEDGE } from './receivers.ts';
import { messageReply, pressReply, slashReply, submissionReply, type Voice } from './replies.ts';
import { aboutOf, pressOf, REASON_VIEW } from './views.ts';

/** The names the app's manifest registers; a test compares the two. */
export const SLASH_COMMAND = '/pool';
export const SHORTCUT = 'ask-lifeguard';

/** What the handlers lead to. */
export interface HandlerHands {
  readonly conversation: Conversation<Account>;
  readonly homes: Homes<Account>;
  readonly voice: Voice;
  readonly botUser: string;
  /** A payload that is not of the shape Slack documents. */
  readonly strange: (what: string) => void;
  /** A bug: nothing may go on as if it had not happened. */
  readonly crash: (bug: unknown) => void;
}

/** Connects everything that Slack may send to the conversation. */
export function listen(app: App, hands: HandlerHands): void {
  listenToWords(app, hands);
  listenToPresses(app, hands);
  app.event('app_home_opened', ({ body }) =>
    watched(hands, async () => {
      const account = homeIn(body);
      if (account !== null) await hands.homes.opened(account);
    }),
  );
}

function listenToWords(app: App, hands: HandlerHands): void {
  const { conversation, voice, botUser } = hands;
  const refuse = refusing(hands);
  app.command(SLASH_COMMAND, ({ body, ack, respond }) =>
    watched(hands, async () => {
      const typed = slashIn(body);
      if (typed === null) return refuse('slash command', ack);
      await conversation.typed(typed, slashReply(ack, respond, typed, voice));
    }),
  );
  const onMessage = (body: unknown, context: Readonly<Record<string, unknown>>): Promise<void> =>
    watched(hands, async () => {
      const typed = messageIn(body, botUser);
      if (typed !== null) await conversation.typed(typed, messageReply(acknowledgeIn(context), typed, voice));
    });
  app.event('app_mention', ({ body, context }) => onMessage(body, context));
  app.event('message', async ({ body, context, event }) => {
    // In a channel only a mention is meant for the bot; a direct conversation is all its own.
    if (event.channel_type === 'im') await onMessage(body, context);
  });
  app.shortcut(SHORTCUT, ({ body, ack, respond }) =>
    watched(hands, async () => {
      const pointed = shortcutIn(body, botUser);
      if (pointed === null) return refuse('shortcut', ack);
      await conversation.pointedAt(
        pointed,
        slashReply(() => ack(), respond, pointed, voice),
      );
    }),
  );
}

function listenToPresses(app: App, hands: HandlerHands): void {
  const { conversation, voice } = hands;
  const refuse = refusing(hands);
  app.action({ type: 'block_actions' }, ({ body, ack, respond }) =>
    watched(hands, async () => {
      const press = pressIn(body);
      if (press === null) return refuse('press', ack);
      await conversation.pressed(
        { ...press, pressed: pressOf(press.actionId, press.value) },
        pressReply(ack, press.channel === null ? undefined : respond, press, voice),
      );
    }),
  );
  app.view({ callback_id: REASON_VIEW, type: 'view_submission' }, ({ body, ack }) =>
    watched(hands, async () => {
      const submission = submissionIn(body);
      if (submission === null) return refuse('form', ack);
      const about = aboutOf(submission.about);
      const from = { user: submission.account.user, channel: about?.channel ?? null, thread: about?.thread ?? null };
      await conversation.submitted(
        { ...submission, about, channel: about?.channel ?? null },
        submissionReply((answer) => ack(answer), from, voice),
      );
    }),
  );
}

/** Acknowledged, so that Slack does not send it again; nothing is done on it. */
const refusing =
  ({ strange }: HandlerHands) =>
  async (what: string, acknowledge: () => Promise<void>): Promise<void> => {
    strange(what);
    await acknowledge();
  };

async function watched({ crash }: HandlerHands, work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (bug) {
    crash(bug);
  }
}

function acknowledgeIn(context: Readonly<Record<string, unknown>>): () => Promise<void> {
  const acknowledge = context[ACKNOWLEDGE];
  return async () => {
    if (typeof acknowledge === 'function') await acknowledge();
  };
}
