import { z } from 'zod/v4';
import { shownMessage } from './content.ts';
import { conversationScope, flag, type Given, id, isOn, type Method, PAGED, pageOf, scope, team_id } from './method.ts';
import { Refused, type SimulatedChannel, type SimulatedMessage } from './model.ts';
import type { WorkspaceState } from './state.ts';

const READ = {
  ...PAGED,
  channel: id,
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag,
  include_all_metadata: flag,
  team_id,
};

/** Conversations, and what was said in them. */
export const CONVERSATION_METHODS: Readonly<Record<string, Method>> = {
  'conversations.info': {
    takes: z.strictObject({ channel: id, team_id }),
    needs: conversationScope('read'),
    does: (given, state) => ({ channel: shownChannel(state.channel(given['channel']), state.options.bot.userId) }),
  },
  'conversations.open': {
    takes: z.strictObject({ users: id, team_id }),
    needs: scope('im:write'),
    does: (given, state) => {
      const user = state.users.get(String(given['users']));
      if (user?.deactivated === true) throw new Refused('user_disabled');
      if (user?.bot === true) throw new Refused('cannot_dm_bot');
      return { channel: { id: state.direct(String(given['users'])).id } };
    },
  },
  'conversations.history': {
    takes: z.strictObject(READ),
    needs: conversationScope('history'),
    does: (given, state) => {
      const channel = readable(given, state);
      const seen = channel.messages.filter(({ threadTs, broadcast }) => threadTs === null || broadcast);
      return messagePage(seen.toReversed(), channel, given, state);
    },
  },
  'conversations.replies': {
    takes: z.strictObject({ ...READ, ts: id }),
    needs: conversationScope('history'),
    does: (given, state) => {
      const channel = readable(given, state);
      const thread = channel.messages.filter(({ ts, threadTs }) => ts === given['ts'] || threadTs === given['ts']);
      if (thread.length === 0) throw new Refused('thread_not_found');
      return messagePage(thread, channel, given, state);
    },
  },
};

/** A conversation that the bot may read: one that it is in. */
function readable(given: Given, state: WorkspaceState): SimulatedChannel {
  const channel = state.channel(given['channel']);
  if (!channel.members.has(state.options.bot.userId)) throw new Refused('not_in_channel');
  return channel;
}

function messagePage(
  messages: readonly SimulatedMessage[],
  channel: SimulatedChannel,
  given: Given,
  state: WorkspaceState,
): Given {
  const within = messages.filter(withinTime(given));
  const { shown, more, response_metadata } = pageOf(within, ({ ts }) => ts, given);
  return {
    messages: shown.map((message) => {
      const { metadata, ...others } = shownMessage(message, channel, state);
      return metadata !== undefined && isOn(given['include_all_metadata']) ? { ...others, metadata } : others;
    }),
    has_more: more,
    response_metadata,
  };
}

/** Between the two times; the messages of just these times belong to it when that is asked for. */
function withinTime({ oldest, latest, inclusive }: Given): (message: SimulatedMessage) => boolean {
  const from = oldest === undefined ? Number.NEGATIVE_INFINITY : Number(oldest);
  const until = latest === undefined ? Number.POSITIVE_INFINITY : Number(latest);
  if (Number.isNaN(from)) throw new Refused('invalid_ts_oldest');
  if (Number.isNaN(until)) throw new Refused('invalid_ts_latest');
  const counts = isOn(inclusive);
  return ({ ts }) => {
    const at = Number(ts);
    return (at > from && at < until) || (counts && (at === from || at === until));
  };
}

/** A conversation as Slack shows it. */
export function shownChannel({ id: channel, name, user, archived, shared, members }: SimulatedChannel, bot: string): Given {
  if (user !== null) return { id: channel, user, is_im: true, is_archived: archived, is_ext_shared: false, is_org_shared: false };
  return {
    id: channel,
    name,
    is_im: false,
    is_channel: true,
    is_private: channel.startsWith('G'),
    is_archived: archived,
    is_shared: shared,
    is_ext_shared: shared,
    is_member: members.has(bot),
    num_members: members.size,
  };
}
