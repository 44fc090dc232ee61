import type { Environment } from './environment.ts';
import { type ConfigFault, environmentFault } from './faults.ts';
import type { PoolsFile } from './pools-file.ts';
import type { PoolDraft } from './pools-schema.ts';
import type { TeamsEnvironment } from './teams-environment.ts';

/** What is wrong between the chats Lifeguard is in and the pools file: a pool needs somewhere to be talked about, and somebody has to be somebody there. */
export function chatFaults({ slack, teams }: Environment, file: PoolsFile | null): readonly ConfigFault[] {
  if (file === null) {
    const names = (chat: string, places: string) =>
      `needs LIFEGUARD_POOLS: the file says who is who in ${chat}, and which ${places}`;
    return [
      ...(slack === null ? [] : [environmentFault(`SLACK_BOT_TOKEN ${names('Slack', 'channels')}`)]),
      ...(teams === null ? [] : [environmentFault(`TEAMS_APP_ID ${names('Teams', 'conversations')}`)]),
    ];
  }
  const homeless = homelessness(slack !== null, teams !== null);
  return [
    ...file.drafts.flatMap((draft, index) => {
      const because = draft.fqdn === undefined ? null : homeless(draft);
      return because === null ? [] : [file.faultAt(['pools', index], `${draft.fqdn} has ${because}`)];
    }),
    ...(slack === null ? [] : nobodyIn('slack', file)),
    ...(teams === null ? [] : [...nobodyIn('teams', file), ...foreignAccounts(teams, file), ...unguarded(teams, file)]),
  ];
}

/** With both chats a pool may be in one of them, or in both. */
function homelessness(inSlack: boolean, inTeams: boolean): (pool: PoolDraft) => string | null {
  return ({ slack, teams }) => {
    if ((inSlack && slack !== undefined) || (inTeams && teams !== undefined)) return null;
    if (inSlack && inTeams) return 'neither slack channels nor teams conversations, and Lifeguard is in both';
    if (inSlack) return 'no slack channels, and Lifeguard is in Slack';
    return inTeams ? 'no teams conversations, and Lifeguard is in Teams' : null;
  };
}

function nobodyIn(chat: 'slack' | 'teams', { people, faultAt }: PoolsFile): readonly ConfigFault[] {
  const someone = Object.values(people ?? {}).some((person) => (person?.[chat] ?? []).length > 0);
  return someone || people === undefined ? [] : [faultAt(['people'], `none of the people has a ${chat} account`)];
}

/** A proxy on this machine would let the whole world in, as anybody. */
function unguarded({ appPassword }: TeamsEnvironment, { drafts }: PoolsFile): readonly ConfigFault[] {
  const real = drafts.find(({ connection }) => connection !== undefined && connection.kind !== 'simulated');
  if (appPassword !== null || real === undefined) return [];
  return [environmentFault(`DANGEROUS_NO_AUTH is for simulated pools, and ${real.fqdn} is real: set TEAMS_APP_PASSWORD`)];
}

/** Whoever is of a tenant that is not listened to would never be heard. */
const foreignAccounts = ({ tenants }: TeamsEnvironment, { people, faultAt }: PoolsFile): readonly ConfigFault[] =>
  Object.entries(people ?? {}).flatMap(([id, person]) =>
    (person?.teams ?? []).flatMap((account, index) =>
      tenants.some((tenant) => account.startsWith(`${tenant}:`))
        ? []
        : [faultAt(['people', id, 'teams', index], `${account} is of a tenant that is not in TEAMS_TENANTS`)],
    ),
  );
