import { type Given, isOn } from './method.ts';
import { Refused, type SimulatedChannel, type SimulatedMessage, type SlackBlock } from './model.ts';
import type { WorkspaceState } from './state.ts';

/** Longer ones are not taken ("Truncating content", docs.slack.dev). */
const TEXT_MAX = 40_000;

/** What a message is to show; refused as Slack refuses what it cannot show. */
export function contentOf(
  given: Given,
  state: WorkspaceState,
): { readonly text: string; readonly blocks: readonly SlackBlock[] } {
  const text = String(given['text'] ?? '');
  const blocks = blocksOf(given['blocks']);
  if (text === '' && blocks.length === 0) throw new Refused('no_text');
  if (text.length > TEXT_MAX) throw new Refused('msg_too_long');
  const faults = [...state.options.check(given), ...pictureFaults(blocks, state)];
  if (faults.length > 0) throw new Refused('invalid_blocks', faults);
  return { text, blocks };
}

/** The blocks of a call. One without a name of its own is given one. */
function blocksOf(given: unknown): readonly SlackBlock[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw new Refused('invalid_blocks_format');
  return given.map((block: unknown, at) => {
    if (typeof block !== 'object' || block === null) throw new Refused('invalid_blocks_format');
    return { block_id: `block${at}`, ...block };
  });
}

/** A picture can be shown once its file is there as a whole. */
const pictureFaults = (blocks: readonly SlackBlock[], { files }: WorkspaceState): readonly string[] =>
  blocks.flatMap(({ slack_file: file }, at) => {
    const known = file === undefined ? undefined : files.get(String(Object(file).id));
    return file === undefined || known?.complete === true ? [] : [`invalid slack file [json-pointer:/blocks/${at}/slack_file]`];
  });

/** The message that a call makes of the bot's own, put where it belongs. */
export function postOwn(
  channel: SimulatedChannel,
  given: Given,
  content: Pick<SimulatedMessage, 'text' | 'blocks' | 'files'>,
  state: WorkspaceState,
): SimulatedMessage {
  const message: SimulatedMessage = {
    ...content,
    ts: state.newTs(),
    threadTs: threadIn(channel, given['thread_ts']),
    user: state.options.bot.userId,
    byBot: true,
    metadata: metadataOf(given['metadata']),
    broadcast: isOn(given['reply_broadcast']),
    edits: 0,
  };
  channel.messages.push(message);
  return message;
}

/** The thread that is meant. A deleted message has none any more, and a reply is no place for replies. */
export function threadIn(channel: SimulatedChannel, ts: unknown): string | null {
  if (ts === undefined) return null;
  const parent = channel.messages.find((each) => each.ts === ts);
  if (parent === undefined) throw new Refused('thread_not_found');
  if (parent.threadTs !== null) throw new Refused('cannot_reply_to_message');
  return parent.ts;
}

/** What a message carries unseen; null for the empty object that takes it away. */
export function metadataOf(given: unknown): Given | null {
  if (given === undefined) return null;
  if (typeof given !== 'object' || given === null) throw new Refused('invalid_metadata_format');
  const { event_type: type, event_payload: payload, ...others } = given as Given;
  if (type === undefined && payload === undefined) return null;
  const wellFormed = typeof type === 'string' && type !== '' && typeof payload === 'object' && payload !== null;
  if (!wellFormed || Object.keys(others).length > 0) throw new Refused('invalid_metadata_format');
  return { event_type: type, event_payload: payload };
}

/** A message as Slack shows it to a client, and puts it into the payload of a press on it. */
export function shownMessage(message: SimulatedMessage, channel: SimulatedChannel, { options }: WorkspaceState): Given {
  const { ts, threadTs, user, byBot, text, blocks, metadata, broadcast, files } = message;
  const replies = channel.messages.filter((each) => each.threadTs === ts);
  return {
    type: 'message',
    ts,
    user,
    text,
    blocks,
    ...(byBot ? { bot_id: options.bot.botId, app_id: options.bot.appId, team: options.team.id } : {}),
    ...(threadTs === null ? {} : { thread_ts: threadTs, parent_user_id: authorOf(threadTs, channel) }),
    ...(broadcast && threadTs !== null ? { subtype: 'thread_broadcast' } : {}),
    // A message with replies says that it is its own thread.
    ...(replies.length === 0 ? {} : { thread_ts: ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts }),
    ...(files.length === 0 ? {} : { files: files.map((file) => ({ id: file })) }),
    ...(metadata === null ? {} : { metadata }),
  };
}

const authorOf = (ts: string, { messages }: SimulatedChannel): string | undefined =>
  messages.find((each) => each.ts === ts)?.user;

/** Tells whoever looks on that a message of the bot's was made or changed. */
export function tellOfMessage(
  method: string,
  given: Given,
  { id: channel, user }: SimulatedChannel,
  { text, ts }: SimulatedMessage,
  { options }: WorkspaceState,
): void {
  const to = user === null ? { kind: 'channel' as const, id: channel } : { kind: 'user' as const, id: user };
  options.sent({ method, arguments: given, to, text, ts });
}

/** Shows something to one person alone, which nobody can find again. */
export function tellAlone(
  method: string,
  given: Given,
  seen: { readonly channel: string; readonly user: string; readonly text: string; readonly blocks: readonly SlackBlock[] },
  state: WorkspaceState,
): void {
  state.ephemeral.push(seen);
  state.options.sent({ method, arguments: given, to: { kind: 'user', id: seen.user }, text: seen.text, ts: null });
}
