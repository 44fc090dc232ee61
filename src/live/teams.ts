import type { TeamsChat, TeamsHands } from '../adapters/teams/app.ts';
import type { People } from '../adapters/teams/members.ts';
import type { TeamsEnvironment } from '../config/teams-environment.ts';
import type { Config } from '../config.ts';
import { type ChatHands, outside } from './chat-hands.ts';

/** Gets Teams ready. Its SDK is large, and is loaded here and nowhere else: a bot without Teams never has it. */
export async function openTeamsOf(config: Config, teams: TeamsEnvironment, hands: ChatHands): Promise<TeamsChat> {
  const { openTeams } = await import('../adapters/teams/app.ts');
  return openTeams(teams, teamsHands(config, teams, hands));
}

/** What the Teams adapter needs, from the configuration and with time as it is outside. */
function teamsHands(config: Config, teams: TeamsEnvironment, { store, log, outage }: ChatHands): TeamsHands {
  return {
    store,
    people: teamsPeople(config, teams),
    conversationsOf: (pool) => teamsConversationsOf(config, pool),
    ...outside,
    tokenTime: outside.now,
    outage,
    log: (level, facts, message) => log[level](facts, message),
  };
}

/** The conversations in which a pool is talked about, best first. */
export const teamsConversationsOf = ({ pools }: Config, fqdn: string): readonly string[] =>
  pools.find((pool) => pool.fqdn === fqdn)?.teamsConversations ?? [];

/** Who is who: each account is one person's, and a person is called by the first account they have in the first tenant. */
function teamsPeople({ people }: Config, { tenants }: TeamsEnvironment): People {
  const accounts = new Map([...people].flatMap(([person, { teams }]) => teams.map((account) => [account, person] as const)));
  return {
    personOf: ({ tenant, objectId }) => accounts.get(`${tenant}:${objectId}`) ?? null,
    objectOf: (person) =>
      people
        .get(person)
        ?.teams.find((account) => account.startsWith(`${tenants[0]}:`))
        ?.split(':')[1] ?? null,
  };
}

/** Where people reach the bot, for the terminal. */
export const inTeams = ({ host, appPassword }: TeamsEnvironment, port: number): string =>
  `Teams: listening on ${host}:${port}${appPassword === null ? ', and nobody who calls there is asked who they are' : ''}`;
