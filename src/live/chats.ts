import type { Logger } from 'pino';
import { Mirror } from '../adapters/chat/mirror.ts';
import { type SlackChat, SlackRefused } from '../adapters/slack/app.ts';
import type { SlackEnvironment } from '../config/slack-environment.ts';
import type { Config } from '../config.ts';
import { seconds } from '../domain/time.ts';
import type { Card } from '../messages/card.ts';
import type { About, ChatSurface, Listener, Store } from '../ports.ts';
import { outside } from './chat-hands.ts';
import { inSlack, openPatiently, slackChannelsOf, slackHands } from './slack.ts';
import { inTeams, openTeamsOf, teamsConversationsOf } from './teams.ts';

/** What the chats of a bot take. */
export interface ChatsOptions {
  readonly config: Config;
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  readonly log: Logger;
  /** Comes when the program is to end. */
  readonly ended: Promise<void>;
  /** Comes back after that many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** All platforms that the bot is on, as one. */
export interface Chats {
  readonly surface: ChatSurface;
  /** Lets people in, on each platform as soon as it can be reached. `say` is told where they find the bot. */
  start(listener: Listener, say: (line: string) => void): Promise<void>;
  stop(): Promise<void>;
}

/** One platform: what it shows, and letting people in. */
interface Part {
  readonly surface: ChatSurface;
  start(listener: Listener): Promise<string>;
  stop(): Promise<void>;
}

/** With another platform there, people wait no longer than this for one that cannot be reached. */
const ALONE_AFTER = seconds(10);

/** Whether Lifeguard is on any platform at all. */
export const inSomeChat = ({ slack, teams }: Config): boolean => slack !== null || teams !== null;

/** Where a pool is talked about, in one word for the record. */
export const placesOf = (config: Config, pool: string): string =>
  [...slackChannelsOf(config, pool), ...teamsConversationsOf(config, pool)].join(' ');

/** Opens every platform that is configured; null when the program is to end before the only one can be reached. Throws `SlackRefused`. */
export async function openChats(options: ChatsOptions): Promise<Chats | null> {
  const { config, log } = options;
  const mirror = new Mirror((facts, message) => log.warn(facts, message));
  const parts: Part[] = [];
  const add = (name: string, part: Part, homes: (pool: string) => readonly string[]): void => {
    mirror.add({ name, surface: part.surface, isHome: (pool) => homes(pool).length > 0 });
    parts.push(part);
  };
  if (config.teams !== null) add('Teams', await teamsPart(options, mirror), (pool) => teamsConversationsOf(config, pool));
  if (config.slack !== null) {
    const alone = config.teams === null;
    const part = await slackPart(config.slack, options, mirror, alone);
    if (part === null) return null;
    add('Slack', part, (pool) => slackChannelsOf(config, pool));
  }
  return {
    surface: mirror,
    start: async (listener, say) => {
      for (const part of parts) await part.start(listener).then((where) => say(`Lifeguard is in ${where}. Ctrl+C ends it.`));
    },
    stop: async () => void (await Promise.all(parts.map((part) => part.stop()))),
  };
}

async function teamsPart({ config, store, log }: ChatsOptions, mirror: Mirror): Promise<Part> {
  const { teams } = config;
  if (teams === null) throw new Error('Teams is not configured');
  const chat = await openTeamsOf(config, teams, { store, log, outage: mirror.outageOf('Teams') });
  return {
    surface: chat.surface,
    start: async (listener) => inTeams(teams, await chat.start(listener)),
    stop: () => chat.stop(),
  };
}

/** Slack has to say who we are before anything can be shown there. Beside another platform it may do so later. */
async function slackPart(
  slack: SlackEnvironment,
  { config, store, log, ended, wait }: ChatsOptions,
  mirror: Mirror,
  alone: boolean,
): Promise<Part | null> {
  const outage = mirror.outageOf('Slack');
  const opening = openPatiently(slack, slackHands(config, { store, log, outage }), ended);
  const late = Symbol('late');
  const first = alone ? await opening : await Promise.race([opening, wait(ALONE_AFTER).then(() => late)]);
  if (first === null) return null;
  const waiting = new Waiting();
  if (first === late) outage.began([]);
  let there: SlackChat | null = null;
  const opened = opening.then(async (chat) => {
    there = chat;
    if (first === late) outage.ended();
    if (chat !== null) await waiting.goesTo(chat.surface);
    return chat;
  });
  opened.catch((error: unknown) => {
    if (!(error instanceof SlackRefused)) outside.crash(error);
    else log.error({ because: error.message }, 'Slack stays out');
  });
  return {
    surface: waiting,
    start: async (listener) => {
      if (first !== late) return started(await opened, slack, listener);
      void opened.then((chat) => started(chat, slack, listener)).catch(() => {});
      return 'Slack: as soon as it can be reached';
    },
    stop: async () => there?.stop(),
  };
}

async function started(
  chat: Awaited<ReturnType<typeof openPatiently>>,
  slack: SlackEnvironment,
  listener: Listener,
): Promise<string> {
  if (chat === null) return 'no Slack any more';
  await chat.start(listener);
  return inSlack(chat, slack);
}

/** Keeps the newest state of each card until there is somewhere to show it. */
class Waiting implements ChatSurface {
  readonly #cards = new Map<string, { readonly card: Card; readonly about: About }>();
  #surface: ChatSurface | null = null;

  async show(card: Card, about: About): Promise<void> {
    if (this.#surface !== null) return this.#surface.show(card, about);
    this.#cards.delete(card.key);
    this.#cards.set(card.key, { card, about });
  }

  async goesTo(surface: ChatSurface): Promise<void> {
    this.#surface = surface;
    for (const { card, about } of this.#cards.values()) await surface.show(card, about);
    this.#cards.clear();
  }
}
