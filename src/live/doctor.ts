import type { Finding } from '../adapters/chat/finding.ts';
import type { Expected as ExpectedInSlack } from '../adapters/slack/doctor.ts';
import type { Expected as ExpectedInTeams } from '../adapters/teams/doctor.ts';
import type { Config } from '../config.ts';
import { seconds } from '../domain/time.ts';

/** What is to be looked at, and where it is told. */
export interface DoctorOptions {
  readonly config: Config;
  /** Posts a test card in every channel. */
  readonly send: boolean;
  readonly out: (line: string) => void;
}

/** How long a look-up may take. */
const LOOK_UP_WITHIN = seconds(10);

/** Looks at what Lifeguard needs and says of each thing whether it is there, or what to do. 0: all of it is. 1: not all. */
export async function doctor({ config, send, out }: DoctorOptions): Promise<0 | 1> {
  out(`ok    configuration: pools: ${config.pools.length}, people: ${config.people.size}`);
  let well = true;
  const tell = ({ what, cure }: Finding): void => {
    out(cure === null ? `ok    ${what}` : `BAD   ${what}: ${cure}`);
    well &&= cure === null;
  };
  const now = () => Date.now();
  const { slack, teams } = config;
  if (slack === null) out('      not in Slack: SLACK_BOT_TOKEN is not set');
  else {
    const { examineSlack } = await import('../adapters/slack/doctor.ts');
    await examineSlack(slack, inSlack(config), { now, send, tell });
  }
  if (teams === null) out('      not in Teams: TEAMS_APP_ID is not set');
  else {
    const { examineTeams } = await import('../adapters/teams/doctor.ts');
    await examineTeams(teams, inTeams(config), { now, send, tell, within: () => AbortSignal.timeout(LOOK_UP_WITHIN) });
  }
  return well ? 0 : 1;
}

const inSlack = ({ pools, people }: Config): ExpectedInSlack => ({
  channels: pools.flatMap(({ fqdn, slackChannels }) => slackChannels.map((channel) => ({ pool: fqdn, channel }))),
  accounts: [...people].flatMap(([person, { slack }]) => slack.map((account) => ({ person, account }))),
  groups: [...people].flatMap(([name, { slackGroup }]) => (slackGroup === null ? [] : [{ name, group: slackGroup }])),
});

const inTeams = ({ pools, people }: Config): ExpectedInTeams => ({
  conversations: pools.flatMap(({ fqdn, teamsConversations }) =>
    teamsConversations.map((conversation) => ({ pool: fqdn, conversation })),
  ),
  accounts: [...people].flatMap(([person, { teams }]) => teams.map((account) => ({ person, account }))),
});
