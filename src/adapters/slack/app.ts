import { randomUUID } from 'node:crypto';
import { App, type Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { PersonId, PoolFqdn } from '../../domain/pool.ts';
import { seconds } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { ChatSurface, Listener, Store } from '../../ports.ts';
import { Conversation } from '../chat/conversation.ts';
import { Delivery } from '../chat/delivery.ts';
import { backOff } from '../chat/delivery-budget.ts';
import type { Outage } from '../chat/delivery-world.ts';
import { Homes } from '../chat/homes.ts';
import { type Account, Accounts, type People } from './accounts.ts';
import { boltLogger } from './bolt-log.ts';
import { Channels } from './channels.ts';
import { listen } from './handlers.ts';
import { channelLookUp, reasonOf, userLookUp } from './lookups.ts';
import { messageOf } from './message-blocks.ts';
import { slackClientOptions, webMessenger } from './messenger.ts';
import { type Drawn, Pictures } from './pictures.ts';
import { type HttpSettings, holdingAcknowledgements, httpReceiver, socketReceiver } from './receivers.ts';
import { setbackOf } from './setback.ts';
import { homeView } from './views.ts';

/** How what people do in Slack reaches this program. `given` is a receiver that somebody else feeds. */
export type Transport =
  | { readonly kind: 'socket'; readonly appToken: string }
  | ({ readonly kind: 'http' } & HttpSettings)
  | { readonly kind: 'given'; readonly receiver: Receiver };

/** Where Slack is and how to be let in. */
export interface SlackSettings {
  readonly botToken: string;
  /** Null for Slack's own address. */
  readonly apiUrl: string | null;
  readonly transport: Transport;
}

/** What the adapter needs of the rest. */
export interface SlackHands {
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  readonly people: People;
  readonly channelsOf: (pool: PoolFqdn) => readonly string[];
  /** Time as it is outside, in milliseconds: signatures and limits know no other. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** How long a person waits before something is said, which is not told by the delivery's own time. */
  readonly patience: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly outage: Outage;
  /** The picture that goes with a card; null: none. */
  readonly draw: (card: Card) => Drawn | null;
  readonly log: (level: 'info' | 'warn' | 'error', facts: Readonly<Record<string, unknown>>, message: string) => void;
  /** A bug in a handler: the program ends, the record is whole. */
  readonly crash: (bug: unknown) => void;
}

/** Slack takes about one message per second and channel, and tolerates short bursts ("Rate limits", chat.postMessage). */
const SLACK_RATE = { every: seconds(1), burst: 3 };

/** Lifeguard in one Slack workspace. */
export interface SlackChat {
  readonly surface: ChatSurface;
  /** The bot as Slack knows it. */
  readonly bot: { readonly name: string; readonly user: string; readonly team: string; readonly workspace: string };
  /** Lets people in. */
  start(listener: Listener): Promise<void>;
  /** Comes back when everything that was to be shown is shown. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Slack does not let us in, in words for the person who started the bot. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused';
}

/** Asks Slack who we are, until it answers, and gets everything ready; nothing is heard before `start`. Throws `SlackRefused`. */
export async function openSlack({ botToken, apiUrl, transport }: SlackSettings, hands: SlackHands): Promise<SlackChat> {
  const log = boltLogger((level, line) => hands.log(level, { event: 'bolt' }, line));
  const client = new WebClient(botToken, slackClientOptions(apiUrl, log));
  const bot = await whoWeAre(client, hands);
  const userOf = (person: PersonId): string | null => hands.people.userOf(person, bot.team);
  const reader = { userOf };
  const channels = new Channels({ lookUp: channelLookUp(client), now: hands.now, wait: hands.patience });
  const pictures = new Pictures({
    client,
    store: hands.store,
    draw: hands.draw,
    log: (because) => hands.log('warn', { because }, 'a picture was left out'),
  });
  const delivery = new Delivery({
    platform: 'Slack',
    rate: SLACK_RATE,
    messenger: webMessenger(
      client,
      (card, note, picture) => messageOf(card, { reader: { ...reader, calls: true }, note, picture }),
      pictures,
    ),
    store: hands.store,
    pace: { now: hands.now, wait: hands.wait },
    random: hands.random,
    mark: await markOf(hands.store),
    trusted: (channel) => channels.trusted(channel),
    outage: hands.outage,
    destinations: { channelsOf: hands.channelsOf, userOf },
    log: (facts, message) => hands.log('warn', facts, message),
  });
  let homes: Homes<Account> | null = null;
  let app: App | null = null;
  return {
    bot,
    surface: {
      show: async (card, about) => {
        await delivery.show(card, about);
        void homes?.changed().catch(hands.crash);
      },
    },
    settled: () => delivery.idle(),
    start: async (listener) => {
      const accounts = new Accounts({
        team: bot.team,
        people: hands.people,
        lookUp: userLookUp(client),
        now: hands.now,
        wait: hands.patience,
      });
      const messageIn = async (card: string, channel: string) => (await hands.store.posted(card, channel))?.messageId ?? null;
      const conversation = new Conversation<Account>({
        listener,
        identify: (account) => accounts.identify(account),
        trusted: (channel) => channels.trustedNow(channel),
        messageOf: messageIn,
        wait: hands.patience,
      });
      homes = new Homes({
        nameOf: ({ user }) => user,
        pageOf: (account) => conversation.home(account),
        publish: async ({ user }, page) => {
          try {
            await client.views.publish({ user_id: user, view: homeView(page, { ...reader, calls: false }) });
          } catch (error) {
            hands.log('warn', { because: reasonOf(error) }, 'a page could not be shown');
          }
        },
        wait: hands.wait,
      });
      const receiver = receiverFor(transport, apiUrl, log, hands.now);
      app = new App({
        token: botToken,
        botId: bot.botId,
        botUserId: bot.user,
        tokenVerificationEnabled: false,
        receiver: holdingAcknowledgements(receiver),
        clientOptions: slackClientOptions(apiUrl, log),
        logger: log,
      });
      app.error(async (error) => hands.crash(error));
      listen(app, {
        conversation,
        homes,
        botUser: bot.user,
        voice: {
          client,
          reader: { ...reader, calls: false },
          failed: (what, because) => hands.log('warn', { event: what, because }, 'did not arrive'),
        },
        strange: (what) => hands.log('warn', { event: what }, 'a payload of no known shape'),
        crash: hands.crash,
      });
      await app.start();
    },
    stop: async () => {
      await app?.stop();
      await delivery.stop();
    },
  };
}

function receiverFor(
  transport: Transport,
  apiUrl: string | null,
  log: ReturnType<typeof boltLogger>,
  now: () => number,
): Receiver {
  switch (transport.kind) {
    case 'socket':
      return socketReceiver(transport.appToken, apiUrl, log);
    case 'http':
      return httpReceiver(transport, log, now);
    case 'given':
      return transport.receiver;
  }
}

type Bot = SlackChat['bot'] & { readonly botId: string };

/** A night's work does not end because Slack cannot be reached for a while: whatever is no refusal is asked again. */
async function whoWeAre(client: WebClient, { wait, log, random }: SlackHands): Promise<Bot> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await askWhoWeAre(client);
    } catch (error) {
      if (error instanceof SlackRefused) throw error;
      const setback = setbackOf(error);
      if (setback.kind !== 'unknown' && setback.kind !== 'later')
        throw new SlackRefused(`Slack does not let Lifeguard in: ${reasonOf(error)}`);
      log('warn', { because: reasonOf(error), failures }, 'Slack cannot be reached, and is asked again');
      await wait(setback.kind === 'later' ? setback.afterMs : backOff(failures, random()));
    }
  }
}

async function askWhoWeAre(client: WebClient): Promise<Bot> {
  const { user_id: user, bot_id: botId, team_id: team, user: name = '', team: workspace = '' } = await client.auth.test();
  if (user === undefined || botId === undefined || team === undefined) throw new SlackRefused('Slack: the token is no bot token');
  return { name, user, botId, team, workspace };
}

/** Which record this is: cards of another one may stand in the same channel under the same keys. */
async function markOf(store: Pick<Store, 'posted' | 'savePosted'>): Promise<string> {
  const known = await store.posted('record', 'slack');
  if (known !== null) return known.messageId;
  const mark = randomUUID();
  await store.savePosted('record', 'slack', { messageId: mark, digest: '' });
  return mark;
}
