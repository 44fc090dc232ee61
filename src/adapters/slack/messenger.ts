import type { ChatPostMessageArguments, KnownBlock, WebClient, WebClientOptions } from '@slack/web-api';
import { seconds } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { Content, Messenger, Post, Sent, Stamp } from '../chat/messenger.ts';
import type { Setback } from '../chat/setback.ts';
import type { BoltLogger } from './bolt-log.ts';
import type { Picture } from './message-blocks.ts';
import type { CardPictures } from './pictures.ts';
import { setbackOf } from './setback.ts';

/** How a card becomes a message: `text` is what notifications and screen readers have, `blocks` what is seen. */
export type Render = (
  card: Card,
  note: string | null,
  picture: Picture | null,
) => { readonly text: string; readonly blocks: KnownBlock[] };

/** Longer than Slack takes when it is well; what has not been answered by then counts as unknown. */
const CALL_TIMEOUT = seconds(15);

/**
 * The options of the client that cards are sent with. By itself the SDK tries again for some 30 minutes: an old text could
 * overtake a newer one, a post whose answer was lost would be made twice, and one channel's limit would stop all of them.
 * Here every call is made once, and whoever made it decides what comes next.
 *
 * @param apiUrl where Slack is; null for its own address
 * @param logger where the client's own words go; its default is the program's output
 */
export const slackClientOptions = (apiUrl: string | null, logger: BoltLogger): WebClientOptions => ({
  logger,
  ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: CALL_TIMEOUT,
  allowAbsoluteUrls: false,
});

const EVENT_TYPE = 'lifeguard_card';

/** Slack, over its Web API. `client` is one made with `slackClientOptions`. */
export function webMessenger(client: WebClient, render: Render, pictures: CardPictures): Messenger {
  const post = (made: Post, picture: Picture | null): Promise<Sent | Setback> =>
    attempt(async () => {
      const { ts } = await client.chat.postMessage(postArguments(made, shown(made.content, render, picture)));
      return sent(ts);
    });
  return {
    post: async (made) => {
      const picture = made.content.plain ? null : await pictures.made(made.content.card);
      const outcome = await post(made, picture);
      if (picture === null || outcome.kind !== 'refused') return outcome;
      // A message is worth more than its picture: it may be the picture that Slack does not take.
      await pictures.dropped(made.content.card);
      return post(made, null);
    },

    edit: async (channel, messageId, content) => {
      const picture = await pictures.kept(content.card);
      return attempt(async () => {
        const { ts } = await client.chat.update({ channel, ts: messageId, ...shown(content, render, picture), ...AS_WRITTEN });
        return sent(ts ?? messageId);
      });
    },

    find: (channel, thread, stamp) =>
      attempt(async () => ({
        kind: 'found',
        messageId:
          thread === null ? await findInChannel(client, channel, stamp) : await findInThread(client, channel, thread, stamp),
      })),

    async permalink(channel, messageId) {
      const answer = await attempt(async () => {
        const { permalink } = await client.chat.getPermalink({ channel, message_ts: messageId });
        return { kind: 'link' as const, url: permalink ?? null };
      });
      return answer.kind === 'link' ? answer.url : null;
    },

    openDirect: (user) =>
      attempt(async () => {
        const { channel } = await client.conversations.open({ users: user });
        if (channel?.id === undefined) return { kind: 'unknown', because: 'Slack opened a conversation without an id' };
        return { kind: 'opened', channel: channel.id };
      }),
  };
}

async function attempt<Good>(call: () => Promise<Good | Setback>): Promise<Good | Setback> {
  try {
    return await call();
  } catch (error) {
    return setbackOf(error);
  }
}

const sent = (ts: string | undefined): Sent | Setback =>
  ts === undefined ? { kind: 'unknown', because: 'Slack took it and did not say as what' } : { kind: 'sent', messageId: ts };

/** Slack is not to find names, channels or links of its own in what we write. */
const AS_WRITTEN = { link_names: false, parse: 'none' } as const;

function postArguments({ channel, thread, broadcast, stamp }: Post, content: Shown): ChatPostMessageArguments {
  const message = {
    channel,
    ...content,
    ...AS_WRITTEN,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { key: stamp.key, mark: stamp.mark } },
  };
  return thread === null ? message : { ...message, thread_ts: thread, reply_broadcast: broadcast };
}

interface Shown {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** An edit without `blocks` keeps those that stand, so a plain one says that there are none. */
function shown({ card, note, plain }: Content, render: Render, picture: Picture | null): Shown {
  const { text, blocks } = render(card, note, picture);
  return { text, blocks: plain ? [] : blocks };
}

/** The most that Slack recommends to ask for at once ("Pagination"). */
const PAGE = 200;
/** A thread is read from its beginning: 1,000 messages are more than a run and those who talk about it write. */
const THREAD_PAGES = 5;

async function findInChannel(client: WebClient, channel: string, stamp: Stamp): Promise<string | null> {
  const { messages } = await client.conversations.history({ channel, limit: PAGE, include_all_metadata: true });
  return stamped(messages ?? [], stamp);
}

async function findInThread(client: WebClient, channel: string, thread: string, stamp: Stamp): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < THREAD_PAGES; page += 1) {
    const asked = { channel, ts: thread, limit: PAGE, include_all_metadata: true };
    const answer = await client.conversations.replies(cursor === undefined ? asked : { ...asked, cursor });
    const found = stamped(answer.messages ?? [], stamp);
    if (found !== null) return found;
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
  }
  return null;
}

/** Messages as Slack returns them. Its types know no payload of ours, and what another app wrote there may be anything. */
interface Returned {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
}

function stamped(messages: readonly Returned[], { key, mark }: Stamp): string | null {
  const ours = messages.find(({ metadata }) => {
    if (metadata?.event_type !== EVENT_TYPE) return false;
    const payload: { readonly key?: unknown; readonly mark?: unknown } = metadata.event_payload ?? {};
    return payload.key === key && payload.mark === mark;
  });
  return ours?.ts ?? null;
}
