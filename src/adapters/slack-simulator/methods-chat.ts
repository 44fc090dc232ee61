import { z } from 'zod/v4';
import { Refused, type SimulatedChannel, type SimulatedMessage } from './model.ts';
import type { WorkspaceState } from './state.ts';

/** A method: what it takes, the scopes of which it needs one, and what it does. */
export interface Method {
  readonly takes: z.ZodType;
  readonly needs: readonly string[];
  readonly does: (given: Readonly<Record<string, unknown>>, state: WorkspaceState) => Readonly<Record<string, unknown>>;
}

const id = z.string().min(1);
const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0'])]).optional();
const blocks = z.array(z.record(z.string(), z.unknown())).optional();
const METADATA = z.strictObject({ event_type: id, event_payload: z.record(z.string(), z.unknown()) });
const isOn = (given: unknown): boolean => given === true || given === 'true' || given === '1';

const SHOWN = {
  text: z.string().optional(),
  blocks,
  parse: z.literal('none').optional(),
  link_names: flag,
  team_id: id.optional(),
};

/** Posting, editing and finding messages. */
export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': {
    takes: z.strictObject({
      ...SHOWN,
      channel: id,
      thread_ts: id.optional(),
      reply_broadcast: flag,
      unfurl_links: flag,
      unfurl_media: flag,
      metadata: METADATA.optional(),
    }),
    needs: ['chat:write'],
    does: (given, state) => {
      const channel = state.writable(given['channel']);
      const threadTs = given['thread_ts'] === undefined ? null : state.message(channel, given['thread_ts']).ts;
      const message: SimulatedMessage = {
        ...contentOf(given, state),
        ts: state.newTs(),
        threadTs,
        user: state.options.bot.userId,
        byBot: true,
        metadata: given['metadata'] ?? null,
        broadcast: isOn(given['reply_broadcast']),
        edits: 0,
      };
      channel.messages.push(message);
      tell('chat.postMessage', given, channel, message, state);
      return { channel: channel.id, ts: message.ts, message: shownMessage(message, state) };
    },
  },
  'chat.update': {
    takes: z.strictObject({ ...SHOWN, channel: id, ts: id, metadata: METADATA.optional() }),
    needs: ['chat:write'],
    does: (given, state) => {
      const channel = state.writable(given['channel']);
      const message = state.message(channel, given['ts']);
      if (!message.byBot) throw new Refused('cant_update_message');
      Object.assign(message, contentOf(given, state), { edits: message.edits + 1 });
      tell('chat.update', given, channel, message, state);
      return { channel: channel.id, ts: message.ts, text: message.text };
    },
  },
  'chat.postEphemeral': {
    takes: z.strictObject({ ...SHOWN, channel: id, user: id, thread_ts: id.optional() }),
    needs: ['chat:write'],
    does: (given, state) => {
      const channel = state.writable(given['channel']);
      const user = String(given['user']);
      if (!channel.members.has(user)) throw new Refused('user_not_in_channel');
      const content = contentOf(given, state);
      state.ephemeral.push({ user, channel: channel.id, ...content });
      state.options.sent({
        method: 'chat.postEphemeral',
        arguments: given,
        to: { kind: 'user', id: user },
        text: content.text,
        ts: null,
      });
      return { message_ts: state.newTs() };
    },
  },
  'chat.getPermalink': {
    takes: z.strictObject({ channel: id, message_ts: id, team_id: id.optional() }),
    needs: [],
    does: (given, state) => {
      const channel = state.channel(given['channel']);
      const { ts } = state.message(channel, given['message_ts']);
      return { channel: channel.id, permalink: `https://session.slack.com/archives/${channel.id}/p${ts.replace('.', '')}` };
    },
  },
  'conversations.history': {
    takes: pageOf({}),
    needs: ['channels:history', 'groups:history', 'im:history'],
    does: (given, state) =>
      page(
        given,
        state.channel(given['channel']).messages.filter(({ threadTs, broadcast }) => threadTs === null || broadcast),
        'newest first',
        state,
      ),
  },
  'conversations.replies': {
    takes: pageOf({ ts: id }),
    needs: ['channels:history', 'groups:history', 'im:history'],
    does: (given, state) => {
      const channel = state.channel(given['channel']);
      const replies = channel.messages.filter(({ ts, threadTs }) => ts === given['ts'] || threadTs === given['ts']);
      if (replies.length === 0) throw new Refused('thread_not_found');
      return page(given, replies, 'oldest first', state);
    },
  },
};

function pageOf(more: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const amount = z.coerce.number().int().min(1).max(999).optional();
  return z.strictObject({
    ...more,
    channel: id,
    limit: amount,
    cursor: z.string().optional(),
    include_all_metadata: flag,
    team_id: id.optional(),
  });
}

function page(
  given: Readonly<Record<string, unknown>>,
  messages: readonly SimulatedMessage[],
  order: 'newest first' | 'oldest first',
  state: WorkspaceState,
): Readonly<Record<string, unknown>> {
  const ordered = order === 'newest first' ? messages.toReversed() : messages;
  const from = given['cursor'] === undefined || given['cursor'] === '' ? 0 : Number(given['cursor']);
  if (!Number.isInteger(from)) throw new Refused('invalid_cursor');
  const until = from + Number(given['limit'] ?? 100);
  const withMetadata = isOn(given['include_all_metadata']);
  return {
    messages: ordered.slice(from, until).map((message) => {
      const { metadata, ...shown } = shownMessage(message, state);
      return withMetadata && metadata !== null ? { ...shown, metadata } : shown;
    }),
    has_more: until < ordered.length,
    response_metadata: { next_cursor: until < ordered.length ? String(until) : '' },
  };
}

/** A message as Slack shows it to a client, and puts it into the payload of a press on it. */
export const shownMessage = (
  { ts, threadTs, user, byBot, text, blocks: shown, metadata }: SimulatedMessage,
  state: WorkspaceState,
) => ({
  type: 'message',
  ts,
  user,
  text,
  blocks: shown,
  ...(threadTs === null ? {} : { thread_ts: threadTs }),
  ...(byBot ? { bot_id: state.options.bot.botId, app_id: state.options.bot.appId, team: state.options.team.id } : {}),
  metadata,
});

/** What a message is to show; refused as Slack refuses what it cannot show. */
export function contentOf(given: Readonly<Record<string, unknown>>, state: WorkspaceState) {
  const text = String(given['text'] ?? '');
  const shown = (given['blocks'] ?? []) as SimulatedMessage['blocks'];
  if (text === '' && shown.length === 0) throw new Refused('no_text');
  const faults = state.options.check(given);
  if (faults.length > 0) throw new Refused(text.length > 40_000 ? 'msg_too_long' : 'invalid_blocks', faults);
  return { text, blocks: shown };
}

function tell(
  method: string,
  given: Readonly<Record<string, unknown>>,
  { id: channel, user }: SimulatedChannel,
  { text, ts }: SimulatedMessage,
  { options }: WorkspaceState,
): void {
  const to = user === null ? { kind: 'channel' as const, id: channel } : { kind: 'user' as const, id: user };
  options.sent({ method, arguments: given, to, text, ts });
}
