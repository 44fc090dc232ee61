import { z } from 'zod/v4';
import { contentOf, metadataOf, postOwn, shownMessage, tellAlone, tellOfMessage, threadIn } from './content.ts';
import { flag, id, type Method, NO_SCOPE, scope, team_id } from './method.ts';
import { Refused } from './model.ts';

const SHOWN = {
  channel: id,
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  parse: z.enum(['none', 'full']).optional(),
  link_names: flag,
  team_id,
};
const METADATA = { metadata: z.unknown().optional() };
const WRITES = scope('chat:write');

/** Posting, editing and deleting messages. */
export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': {
    takes: z.strictObject({
      ...SHOWN,
      ...METADATA,
      thread_ts: id.optional(),
      reply_broadcast: flag,
      unfurl_links: flag,
      unfurl_media: flag,
    }),
    needs: WRITES,
    does: (given, state) => {
      const channel = state.writable(given['channel']);
      const message = postOwn(channel, given, { ...contentOf(given, state), files: [] }, state);
      tellOfMessage('chat.postMessage', given, channel, message, state);
      return { channel: channel.id, ts: message.ts, message: shownMessage(message, channel, state) };
    },
  },
  'chat.update': {
    takes: z.strictObject({ ...SHOWN, ...METADATA, ts: id }),
    needs: WRITES,
    does: (given, state) => {
      const channel = state.writable(given['channel']);
      const message = state.message(channel, given['ts']);
      if (!message.byBot) throw new Refused('cant_update_message');
      // Text without blocks takes those that stand away; metadata that is not mentioned stays.
      const metadata = given['metadata'] === undefined ? message.metadata : metadataOf(given['metadata']);
      Object.assign(message, contentOf(given, state), { metadata, edits: message.edits + 1 });
      tellOfMessage('chat.update', given, channel, message, state);
      return { channel: channel.id, ts: message.ts, text: message.text, message: shownMessage(message, channel, state) };
    },
  },
  'chat.postEphemeral': {
    takes: z.strictObject({ ...SHOWN, user: id, thread_ts: id.optional() }),
    needs: WRITES,
    does: (given, state) => {
      const channel = state.writable(given['channel']);
      const user = String(given['user']);
      if (!channel.members.has(user)) throw new Refused('user_not_in_channel');
      threadIn(channel, given['thread_ts']);
      tellAlone('chat.postEphemeral', given, { user, channel: channel.id, ...contentOf(given, state) }, state);
      return { message_ts: state.newTs() };
    },
  },
  'chat.delete': {
    takes: z.strictObject({ channel: id, ts: id, team_id }),
    needs: WRITES,
    does: (given, state) => {
      const channel = state.channel(given['channel']);
      const message = state.message(channel, given['ts']);
      if (!message.byBot) throw new Refused('cant_delete_message');
      state.remove(channel, message);
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.getPermalink': {
    takes: z.strictObject({ channel: id, message_ts: id, team_id }),
    needs: NO_SCOPE,
    does: (given, state) => {
      const channel = state.channel(given['channel']);
      const { ts, threadTs } = state.message(channel, given['message_ts']);
      const thread = threadTs === null ? '' : `?thread_ts=${threadTs}&cid=${channel.id}`;
      return { channel: channel.id, permalink: `${state.url}archives/${channel.id}/p${ts.replace('.', '')}${thread}` };
    },
  },
};
