import type { PoolFqdn } from '../../domain/pool.ts';
import { seconds } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { HomePage } from '../../messages/home.ts';
import type { ChatSurface, Listener, Store } from '../../ports.ts';
import { Conversation } from '../chat/conversation.ts';
import { Delivery } from '../chat/delivery.ts';
import type { Outage } from '../chat/delivery-world.ts';
import { Homes } from '../chat/homes.ts';
import { answerOf, messageOf, plainMessageOf } from './adaptive-card.ts';
import { type Connector, type Credentials, connectorOf, teamsAdapter } from './connector.ts';
import { type GateSettings, openGate, openlyAdmitting } from './gate.ts';
import { application } from './handlers.ts';
import { homeCardOf } from './home-card.ts';
import { type TeamsServer, teamsServer } from './http.ts';
import type { TeamsAccount } from './intake.ts';
import type { TeamsReader } from './markdown.ts';
import { Members, type People } from './members.ts';
import { teamsMessenger } from './messenger.ts';
import { References } from './references.ts';
import type { Voice } from './replies.ts';
import { setbackOf } from './setback.ts';

/** Where Teams comes in, who is let in, and how Teams is spoken to. */
export interface TeamsSettings extends GateSettings {
  /** Null: nothing is signed, which only a machine that nobody else reaches may be. */
  readonly appPassword: string | null;
  /** Where a conversation is reached that nothing was heard from yet. */
  readonly serviceUrl: string;
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

/** What the adapter needs of the rest. */
export interface TeamsHands {
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  readonly people: People;
  readonly conversationsOf: (pool: PoolFqdn) => readonly string[];
  /** Time as it is outside, in milliseconds: tokens and limits know no other. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** What the times in tokens are compared with, in milliseconds. */
  readonly tokenTime: () => number;
  /** How long a person waits before something is said, which is not told by the delivery's own time. */
  readonly patience: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly outage: Outage;
  readonly log: (level: 'info' | 'warn' | 'error', facts: Readonly<Record<string, unknown>>, message: string) => void;
  /** A bug in a handler: the program ends, the record is whole. */
  readonly crash: (bug: unknown) => void;
}

/** Lifeguard in Microsoft Teams. */
export interface TeamsChat {
  readonly surface: ChatSurface;
  /** Lets people in; comes back with the port it listens on. */
  start(listener: Listener): Promise<number>;
  /** Comes back when every card that was to be shown is shown. */
  shown(): Promise<void>;
  /** Comes back when everything that people began has ended, and is shown. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * "Rate limiting for bots": a conversation takes 60 messages in 30 seconds and 1,800 in an hour, and bursts of 7 in a
 * second; one of two seconds each stays below all of them.
 */
const TEAMS_RATE = { every: seconds(2), burst: 5 };

/** Gets everything ready; nothing is heard before `start`, and nothing is asked of Teams. */
export function openTeams(settings: TeamsSettings, hands: TeamsHands): TeamsChat {
  const credentials: Credentials = { ...settings, tenant: settings.tenants[0] ?? '' };
  const adapter = teamsAdapter(credentials);
  const unheard = { serviceUrl: settings.serviceUrl, bot: `28:${settings.appId}`, tenant: credentials.tenant };
  const references = new References(hands.store, unheard, settings.serviceHosts);
  const connector = connectorOf(adapter, credentials, references);
  const members = new Members({
    people: hands.people,
    tenants: settings.tenants,
    connector,
    now: hands.now,
    wait: hands.patience,
  });
  const reader = readerFor(hands.people, true);
  const delivery = new Delivery({
    platform: 'Teams',
    rate: TEAMS_RATE,
    messenger: teamsMessenger(connector, references, {
      message: (card, note) => messageOf(card, { reader, note }),
      plain: (card, note) => plainMessageOf(card, { reader, note }),
    }),
    store: hands.store,
    pace: { now: hands.now, wait: hands.wait },
    random: hands.random,
    mark: 'teams',
    trusted: (conversation) => members.trusted(conversation),
    outage: hands.outage,
    destinations: { channelsOf: hands.conversationsOf, userOf: (person) => hands.people.objectOf(person) },
    log: (facts, message) => hands.log('warn', facts, message),
  });
  const underWay = new Set<Promise<void>>();
  let homes: Homes<TeamsAccount> | null = null;
  let server: TeamsServer | null = null;
  return {
    surface: {
      show: async (card, about) => {
        await delivery.show(card, about);
        void homes?.changed().catch(hands.crash);
      },
    },
    shown: () => delivery.idle(),
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
      await delivery.idle();
    },
    start: async (listener) => {
      const conversation = new Conversation<TeamsAccount>({
        listener,
        identify: (account) => members.identify(account),
        trusted: (place) => members.trustedNow(place),
        messageOf: async (card, place) => (await hands.store.posted(card, place))?.messageId ?? null,
        wait: hands.patience,
      });
      homes = homesOver(connector, conversation, hands);
      const app = application({
        conversation,
        homes,
        voice: voiceOf(connector, hands),
        strange: (what) => hands.log('warn', { event: what }, 'an activity of no known shape'),
        goesOn: (work) => {
          const watched = work.catch(hands.crash).finally(() => underWay.delete(watched));
          underWay.add(watched);
        },
      });
      server = teamsServer({
        gate: settings.appPassword === null ? openlyAdmitting(settings) : openGate(settings, { now: hands.tokenTime }),
        host: settings.host,
        port: settings.port,
        log: hands.log,
        failed: hands.crash,
        handle: async (request, response) => {
          await references.heard(request.body);
          await adapter.process(request, response, async (context) => {
            try {
              await app.run(context);
            } catch (error) {
              // What is thrown further the SDK writes to the console.
              hands.log('error', { event: 'turn', because: String(error).slice(0, 300) }, 'an activity came to nothing');
              response.status(500).end();
            }
          });
        },
      });
      return server.start();
    },
    stop: async () => {
      await server?.stop();
      await delivery.stop();
    },
  };
}

const readerFor = (people: People, calls: boolean): TeamsReader => ({
  calls,
  memberOf: (person) => {
    const id = people.objectOf(person);
    return id === null ? null : { id, name: person };
  },
});

/** Nobody is called in what one person alone is told. */
function voiceOf(connector: Connector, { people, patience, wait, random, log }: TeamsHands): Voice {
  const reader = readerFor(people, false);
  return {
    connector,
    answerOf: (card) => answerOf(card, reader),
    plainOf: (card) => plainMessageOf(card, { reader, note: null }),
    wait: patience,
    pause: wait,
    random,
    failed: (what, because) => log('warn', { event: what, because }, 'did not arrive'),
  };
}

/** Everybody's own page is a card in their conversation with the bot: posted when they ask for it, and edited after that. */
function homesOver(
  connector: Connector,
  conversation: Conversation<TeamsAccount>,
  { people, wait, log }: TeamsHands,
): Homes<TeamsAccount> {
  const reader = readerFor(people, false);
  const standing = new Map<string, { readonly id: string; readonly shows: string }>();
  const cardOf = (page: HomePage | Card) => ({ summary: 'Lifeguard: your page', card: homeCardOf(page, reader) });
  return new Homes({
    nameOf: ({ conversation: place }) => place,
    pageOf: (account) => conversation.home(account),
    publish: async ({ conversation: place }, page, opened) => {
      const message = cardOf(page);
      const shows = JSON.stringify(message);
      const before = standing.get(place);
      if (!opened && before?.shows === shows) return;
      try {
        if (opened || before === undefined) standing.set(place, { id: await connector.post(place, message), shows });
        else {
          await connector.update(place, before.id, message);
          standing.set(place, { id: before.id, shows });
        }
      } catch (error) {
        log('warn', { ...setbackOf(error) }, 'a page could not be shown');
      }
    },
    wait,
  });
}
