import type { AckFn, RespondArguments, RespondFn } from '@slack/bolt';
import type { View } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Card } from '../../messages/card.ts';
import type { FormReply, PressReply, Reply } from '../chat/conversation.ts';
import type { Press, Typed } from './intake.ts';
import { reasonOf } from './lookups.ts';
import { messageOf } from './message-blocks.ts';
import type { Reader } from './mrkdwn.ts';
import { answerView, reasonView, waitingView } from './views.ts';

/** What answering takes. */
export interface Voice {
  readonly client: WebClient;
  readonly reader: Reader;
  /** An answer that did not arrive, and why. */
  readonly failed: (what: string, because: string) => void;
}

/** A slash command is answered within its acknowledgement when the answer is there by then. */
export function slashReply(ack: AckFn<string | RespondArguments>, respond: RespondFn, typed: Typed, voice: Voice): Reply {
  let acknowledged = false;
  return {
    acknowledge: async () => {
      acknowledged = true;
      await ack();
    },
    answer: async (card) => {
      const message = { response_type: 'ephemeral' as const, ...contentOf(card, voice) };
      if (!acknowledged) {
        acknowledged = true;
        await ack(message);
      } else
        await arrive(
          'answer to a slash command',
          () => respond(message),
          () => whisper(typed, card, voice),
          voice,
        );
    },
  };
}

/** A mention is answered to its person alone, in the thread it was in; a direct message in its conversation. */
export function messageReply(acknowledge: () => Promise<void>, typed: Typed, voice: Voice): Reply {
  return {
    acknowledge,
    answer: async (card) => {
      await acknowledge();
      await arrive(
        'answer to a message',
        () => whisper(typed, card, voice),
        () => direct(typed.account.user, card, voice),
        voice,
      );
    },
  };
}

/**
 * A press on a card is answered beside it, to its person alone; one on their own page in a view over it, which is opened
 * with the acknowledgement because Slack takes it for only three seconds.
 */
export function pressReply(ack: AckFn<void>, respond: RespondFn | undefined, press: Press, voice: Voice): PressReply {
  let acknowledged = false;
  let viewId: string | null = null;
  const acknowledge = async (): Promise<void> => {
    if (acknowledged) return;
    acknowledged = true;
    await ack();
  };
  const show = async (view: View): Promise<void> => {
    if (viewId !== null) await voice.client.views.update({ view_id: viewId, view });
    else viewId = (await voice.client.views.open({ trigger_id: press.triggerId, view })).view?.id ?? null;
  };
  return {
    acknowledge: async () => {
      await acknowledge();
      if (respond === undefined)
        await arrive(
          'view',
          () => show(waitingView()),
          async () => {},
          voice,
        );
    },
    answer: async (card) => {
      await acknowledge();
      const first = (): Promise<unknown> =>
        respond === undefined
          ? show(answerView(card))
          : respond({ response_type: 'ephemeral', replace_original: false, ...inThread(press), ...contentOf(card, voice) });
      await arrive('answer to a press', first, () => direct(press.account.user, card, voice), voice);
    },
    askReason: async (asking, about) => {
      await acknowledge();
      const view = reasonView(asking, { ...about, channel: press.channel, thread: press.thread });
      await arrive(
        'form',
        () => show(view),
        () => direct(press.account.user, noForm(asking.title), voice),
        voice,
      );
    },
  };
}

/** A submitted form closes when it is taken; else it stays, with the reason why not under what was typed. */
export function submissionReply(
  ack: AckFn<{ response_action: 'errors'; errors: Record<string, string> } | undefined>,
  from: { readonly user: string; readonly channel: string | null; readonly thread: string | null },
  voice: Voice,
): FormReply {
  return {
    accept: () => ack(undefined),
    refuse: (because) => ack({ response_action: 'errors', errors: { reason: because.slice(0, REASON_ERROR_MAX) } }),
    answer: (card) =>
      arrive(
        'answer to a form',
        () =>
          from.channel === null ? direct(from.user, card, voice) : whisperIn(from.channel, from.thread, from.user, card, voice),
        () => direct(from.user, card, voice),
        voice,
      ),
  };
}

/** Longer ones are not shown whole under a field. */
const REASON_ERROR_MAX = 250;

const contentOf = (card: Card, { reader }: Voice) => messageOf(card, { reader, note: null, picture: null });

/** Where the button was pressed is where its person looks for the answer. */
const inThread = ({ thread }: Press): { readonly thread_ts?: string } => (thread === null ? {} : { thread_ts: thread });

/** Tries the nearest way back and then the surest. What still did not arrive is logged: the person can ask again. */
async function arrive(
  what: string,
  first: () => Promise<unknown>,
  then: () => Promise<unknown>,
  { failed }: Voice,
): Promise<void> {
  try {
    await first();
  } catch (error) {
    failed(what, reasonOf(error));
    try {
      await then();
    } catch (last) {
      failed(`${what}, by direct message`, reasonOf(last));
    }
  }
}

async function whisper({ account, channel, thread }: Typed, card: Card, voice: Voice): Promise<unknown> {
  // In a direct conversation everything is private already, and stays there to be read again.
  if (channel.startsWith('D')) return say(channel, thread, card, voice);
  return whisperIn(channel, thread, account.user, card, voice);
}

function whisperIn(channel: string, thread: string | null, user: string, card: Card, voice: Voice): Promise<unknown> {
  const thread_ts = thread === null ? {} : { thread_ts: thread };
  return voice.client.chat.postEphemeral({ channel, user, ...thread_ts, ...contentOf(card, voice) });
}

async function direct(user: string, card: Card, voice: Voice): Promise<unknown> {
  const { channel } = await voice.client.conversations.open({ users: user });
  if (channel?.id === undefined) throw new Error('Slack opened no conversation');
  return say(channel.id, null, card, voice);
}

function say(channel: string, thread: string | null, card: Card, voice: Voice): Promise<unknown> {
  const message = { channel, unfurl_links: false, unfurl_media: false, ...contentOf(card, voice) };
  return voice.client.chat.postMessage(thread === null ? message : { ...message, thread_ts: thread });
}

const noForm = (title: string): Card => ({
  key: 'answer',
  under: null,
  tone: 'calm',
  title: 'Slack did not open the form, so nothing was changed: press again, or type it',
  lines: [title],
  buttons: [],
});
