import type { Logger } from 'pino';
import { drawCard } from '../adapters/picture/draw.ts';
import type { People } from '../adapters/slack/accounts.ts';
import { openSlack, type SlackChat, type SlackHands } from '../adapters/slack/app.ts';
import { lifeguard } from '../bot.ts';
import type { SlackEnvironment } from '../config/slack-environment.ts';
import type { Config } from '../config.ts';
import { minutes } from '../domain/time.ts';
import type { Store } from '../ports.ts';
import { Driver, patience } from './driver.ts';
import { connect } from './pools.ts';
import { openRecord } from './record.ts';

/** The configuration, where Slack and the record are, and who is told that the bot is there. */
export interface LiveSlackOptions {
  readonly config: Config;
  readonly slack: SlackEnvironment;
  readonly log: Logger;
  readonly say: (line: string) => void;
  /** Comes when the program is to end. */
  readonly ended: Promise<void>;
  readonly exit: (because: string) => void;
}

/** Lifeguard on real pools, with Slack as its channel. Everybody speaks for themselves. */
export async function liveInSlack({ config, slack, log, say, ended, exit }: LiveSlackOptions): Promise<void> {
  const record = await openRecord({ config, log, say, ended, exit });
  if (record === null) return;
  const { store } = record;
  const hands = connect(config, log);
  const chat = await openPatiently(slack, slackHands(config, store, log), ended);
  if (chat !== null) await converse(chat);
  await hands.close();
  await record.close();

  async function converse(chat: SlackChat): Promise<void> {
    const bot = lifeguard({
      ...hands,
      store,
      pools: config.pools,
      clock: { now: () => Date.now() },
      patience,
      placeOf: (pool) => channelsOf(config, pool).join(' '),
      log: (line, message) => log.info(line, message),
      surface: chat.surface,
    });
    const driver = new Driver(bot);
    await bot.start();
    driver.again();
    await chat.start(driver.driving(bot));
    record?.working();
    say(whereabouts(chat, slack));
    await ended;
    driver.stop();
    await chat.stop();
  }
}

/** Opens Slack, however long it cannot be reached; null when the program is to end before that. Nothing else keeps it alive meanwhile. */
export async function openPatiently(slack: SlackEnvironment, hands: SlackHands, ended: Promise<void>): Promise<SlackChat | null> {
  const staying = setInterval(() => {}, minutes(1));
  try {
    return await Promise.race([openSlack(slack, hands), ended.then(() => null)]);
  } finally {
    clearInterval(staying);
  }
}

/** What is said on the terminal once people can reach the bot. */
export const whereabouts = ({ bot }: SlackChat, { transport }: SlackEnvironment): string =>
  `Lifeguard is in Slack: @${bot.name} in ${bot.workspace} (${bot.team}), ${
    transport.kind === 'socket' ? 'Socket Mode' : `listening on ${transport.host}:${transport.port}`
  }. Ctrl+C ends it.`;

/** What the Slack adapter needs, from the configuration and with time as it is outside. */
export function slackHands(config: Config, store: Store, log: Logger): SlackHands {
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => void setTimeout(resolve, Math.max(0, milliseconds)).unref());
  return {
    store,
    people: slackPeople(config),
    channelsOf: (pool) => channelsOf(config, pool),
    now: () => Date.now(),
    wait,
    patience: wait,
    random: Math.random,
    draw: drawCard,
    log: (level, facts, message) => log[level](facts, message),
    crash: (bug) =>
      setImmediate(() => {
        throw bug;
      }),
  };
}

const channelsOf = ({ pools }: Config, fqdn: string): readonly string[] =>
  pools.find((pool) => pool.fqdn === fqdn)?.slackChannels ?? [];

/** Who is who: each account is one person's, and a person or a group is called by the first account they have. */
function slackPeople({ people }: Config): People {
  const accounts = new Map([...people].flatMap(([person, { slack }]) => slack.map((account) => [account, person] as const)));
  return {
    personOf: ({ team, user }) => accounts.get(`${team}:${user}`) ?? null,
    userOf: (person, team) => {
      const known = people.get(person);
      return known?.slackGroup ?? known?.slack.find((account) => account.startsWith(`${team}:`))?.split(':')[1] ?? null;
    },
  };
}
