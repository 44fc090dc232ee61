import { drawCard } from '../adapters/picture/draw.ts';
import type { People } from '../adapters/slack/accounts.ts';
import { openSlack, type SlackChat, type SlackHands } from '../adapters/slack/app.ts';
import type { SlackEnvironment } from '../config/slack-environment.ts';
import type { Config } from '../config.ts';
import { minutes } from '../domain/time.ts';
import { type ChatHands, outside } from './chat-hands.ts';

/** Opens Slack, however long it cannot be reached; null when the program is to end before that. Nothing else keeps it alive meanwhile. */
export async function openPatiently(slack: SlackEnvironment, hands: SlackHands, ended: Promise<void>): Promise<SlackChat | null> {
  const staying = setInterval(() => {}, minutes(1));
  try {
    return await Promise.race([openSlack(slack, hands), ended.then(() => null)]);
  } finally {
    clearInterval(staying);
  }
}

/** Where people reach the bot, for the terminal. */
export const inSlack = ({ bot }: SlackChat, { transport }: SlackEnvironment): string =>
  `Slack: @${bot.name} in ${bot.workspace} (${bot.team}), ${
    transport.kind === 'socket' ? 'Socket Mode' : `listening on ${transport.host}:${transport.port}`
  }`;

/** What the Slack adapter needs, from the configuration and with time as it is outside. */
export function slackHands(config: Config, { store, log, outage }: ChatHands): SlackHands {
  return {
    store,
    people: slackPeople(config),
    channelsOf: (pool) => slackChannelsOf(config, pool),
    ...outside,
    outage,
    draw: drawCard,
    log: (level, facts, message) => log[level](facts, message),
  };
}

/** The channels in which a pool is talked about, best first. */
export const slackChannelsOf = ({ pools }: Config, fqdn: string): readonly string[] =>
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
