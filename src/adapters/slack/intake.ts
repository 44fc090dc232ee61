import { z } from 'zod/v4';
import type { Account } from './accounts.ts';

/** A line that somebody typed, as a slash command, a mention or a direct message. */
export interface Typed {
  readonly account: Account;
  readonly channel: string;
  readonly text: string;
  /** The thread it was typed in; null at the top level. */
  readonly thread: string | null;
  readonly deliveryId: string;
}

/** A press of a button. `message` is null for one on a person's own page. */
export interface Press {
  readonly account: Account;
  readonly channel: string | null;
  readonly message: string | null;
  readonly thread: string | null;
  readonly actionId: string;
  readonly value: string;
  readonly triggerId: string;
  readonly deliveryId: string;
}

/** A reason that was submitted. `about` is what the view was opened with. */
export interface Submission {
  readonly account: Account;
  readonly about: string;
  readonly words: string;
  readonly deliveryId: string;
}

/** The message shortcut: somebody points at a message. `author` is who wrote it; null for an app. */
export interface PointedAt extends Typed {
  readonly author: string | null;
}

const id = z.string().min(1).max(64);
const text = z.string().max(40_000);

const SLASH = z.object({ team_id: id, user_id: id, channel_id: id, text: text.default(''), trigger_id: z.string().min(1) });
const MESSAGE = z.object({
  team_id: id,
  event: z.object({
    user: id,
    channel: id,
    ts: id,
    text,
    thread_ts: id.optional(),
    user_team: id.optional(),
    channel_type: z.string().optional(),
    subtype: z.string().optional(),
    bot_id: z.string().optional(),
  }),
});
const USER = z.object({ id, team_id: id.optional() });
const ACTION = z.object({ action_id: z.string().min(1), action_ts: z.string().optional(), value: z.string().default('') });
const PRESS = z.object({
  team: z.object({ id }),
  user: USER,
  trigger_id: z.string().min(1),
  // A press on a person's own page has no channel; some clients of test workspaces send an empty one.
  channel: z.object({ id: z.string().max(64) }).optional(),
  message: z.object({ ts: id, thread_ts: id.optional() }).optional(),
  actions: z.array(ACTION).min(1),
});
const SUBMISSION = z.object({
  team: z.object({ id }),
  user: USER,
  view: z.object({
    id,
    private_metadata: z.string().max(3_000),
    state: z.object({ values: z.object({ reason: z.object({ words: z.object({ value: z.string().nullish() }) }) }) }),
  }),
});
const SHORTCUT = z.object({
  team: z.object({ id }),
  user: USER,
  trigger_id: z.string().min(1),
  channel: z.object({ id }),
  message: z.object({
    ts: id,
    thread_ts: id.optional(),
    text: text.default(''),
    user: id.optional(),
    bot_id: z.string().optional(),
  }),
});
const HOME = z.object({ team_id: id, event: z.object({ user: id, tab: z.string().optional(), user_team: id.optional() }) });

/** A slash command. Null, here as below, for a payload that is not of the shape Slack documents: nothing is done on it. */
export function slashIn(body: unknown): Typed | null {
  const read = SLASH.safeParse(body).data;
  if (read === undefined) return null;
  const { team_id: team, user_id: user, channel_id: channel, trigger_id: trigger } = read;
  return { account: { team, user }, channel, thread: null, text: asTyped(read.text), deliveryId: `slack-slash-${trigger}` };
}

/**
 * A mention or a direct message of a person; null for what apps write and for edits. The delivery is the message: the same
 * one redelivered, or heard both as a mention and as a message, is one.
 */
export function messageIn(body: unknown, botUser: string): Typed | null {
  const read = MESSAGE.safeParse(body).data;
  if (read === undefined || read.event.bot_id !== undefined || read.event.subtype !== undefined) return null;
  const { user, channel, ts, thread_ts: thread = null, user_team: team = read.team_id } = read.event;
  return {
    account: { team, user },
    channel,
    thread,
    text: asTyped(withoutMention(read.event.text, botUser)),
    deliveryId: `slack-message-${channel}-${ts}`,
  };
}

/** A pressed button, on a card or on a person's own page. */
export function pressIn(body: unknown): Press | null {
  const read = PRESS.safeParse(body).data;
  const action = read?.actions[0];
  if (read === undefined || action === undefined) return null;
  return {
    account: accountOf(read),
    channel: read.channel?.id || null,
    message: read.message?.ts ?? null,
    thread: threadOf(read.message),
    actionId: action.action_id,
    value: action.value,
    triggerId: read.trigger_id,
    deliveryId: `slack-press-${read.trigger_id}`,
  };
}

/** A form that was sent. */
export function submissionIn(body: unknown): Submission | null {
  const read = SUBMISSION.safeParse(body).data;
  if (read === undefined) return null;
  const words = read.view.state.values.reason.words.value ?? '';
  return {
    account: accountOf(read),
    about: read.view.private_metadata,
    // A reason is one line of the record, however it was typed.
    words: asTyped(words).replace(/\s+/gu, ' ').trim(),
    deliveryId: `slack-view-${read.view.id}`,
  };
}

/** The message shortcut. Only an app's message has no author. */
export function shortcutIn(body: unknown, botUser: string): PointedAt | null {
  const read = SHORTCUT.safeParse(body).data;
  if (read === undefined) return null;
  const { message, channel, trigger_id: trigger } = read;
  return {
    account: accountOf(read),
    channel: channel.id,
    thread: message.thread_ts ?? null,
    text: asTyped(withoutMention(message.text, botUser)),
    author: message.bot_id === undefined ? (message.user ?? null) : null,
    deliveryId: `slack-shortcut-${trigger}`,
  };
}

/** Whose page was opened; null for the other tab. */
export function homeIn(body: unknown): Account | null {
  const read = HOME.safeParse(body).data;
  if (read === undefined || (read.event.tab ?? 'home') !== 'home') return null;
  return { team: read.event.user_team ?? read.team_id, user: read.event.user };
}

/** A message that has replies says that it is in its own thread; whoever looks at it there is in the channel. */
const threadOf = (message: { readonly ts: string; readonly thread_ts?: string | undefined } | undefined): string | null =>
  message?.thread_ts === undefined || message.thread_ts === message.ts ? null : message.thread_ts;

const accountOf = ({
  team,
  user,
}: {
  readonly team: { readonly id: string };
  readonly user: z.output<typeof USER>;
}): Account => ({
  team: user.team_id ?? team.id,
  user: user.id,
});

const withoutMention = (typed: string, botUser: string): string =>
  typed.replaceAll(new RegExp(`^\\s*<@${botUser}(?:\\|[^>]*)?>[:,]?\\s*`, 'gu'), '');

/** Slack writes three characters of what people type as entities; nothing else is encoded. */
const asTyped = (sent: string): string => sent.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
