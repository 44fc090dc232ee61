import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, TOKENS } from './emulator.ts';
import type { Playground } from './playground.ts';
import { accountOf, CHANNEL, GROUP } from './playground-people.ts';
import { Running } from './process.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How the program is to be, and where: in Slack, in Teams, or in both. */
export interface LifeguardOptions {
  readonly folder: string;
  readonly slack?: SlackSeat;
  readonly teams?: Playground;
  /** How many times as fast as outside time runs for the simulated pools. */
  readonly speed: number;
  /** How many people have to approve a domain, besides whoever asked: one, or two, of whom kim may then be one. */
  readonly approvals?: 1 | 2;
}

/** The emulated workspace. */
export interface SlackSeat {
  readonly emulator: Emulator;
  /** The port of HTTP mode; null: Socket Mode. */
  readonly port: number | null;
}

const PEOPLE = ['dana', 'omar', 'kim'] as const;

/** Two simulated pools; dana and omar may do everything, kim may look. The second pool is talked about in the group chat of Teams. */
function poolsIn({ slack, teams, approvals = 1 }: LifeguardOptions): string {
  const people = PEOPLE.map((id) => {
    const name = `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`;
    const inSlack = slack === undefined ? '' : `, slack: [T0CONTOSO:U0${id.toUpperCase()}]`;
    const inTeams = teams === undefined ? '' : `, teams: ['${accountOf(id)}']`;
    return `  ${id}: { name: ${name}${inSlack}${inTeams} }`;
  });
  const talkedAboutIn = (conversations: readonly string[]): string =>
    [
      ...(slack === undefined ? [] : ['    slack: { channels: [C0LYNCOPS, C0FALLBACK] }']),
      ...(teams === undefined ? [] : [`    teams: { conversations: ['${conversations.join("', '")}'] }`]),
    ].join('\n');
  return `
people:
${people.join('\n')}
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe1.contoso.com, fe2.contoso.com], [fe3.contoso.com, fe4.contoso.com], [fe5.contoso.com, fe6.contoso.com]] }
    backupPool: pool02.contoso.com
    approvals: ${approvals}
    rights: { dana: [view, operate, approve], omar: [view, operate, approve], kim: [view${approvals === 2 ? ', approve' : ''}] }
${talkedAboutIn([CHANNEL, GROUP])}
  - fqdn: pool02.contoso.com
    version: 2015
    procedure: upgrade-domains
    connection: { kind: simulated, upgradeDomains: [[fe11.contoso.com], [fe12.contoso.com], [fe13.contoso.com]] }
    backupPool: pool01.contoso.com
    patch: { command: 'C:\\Patches\\update.exe' }
    rights: { dana: [view, operate, approve], omar: [view, operate, approve], kim: [view] }
${talkedAboutIn([GROUP])}
`;
}

const slackEnvironment = ({ emulator, port }: SlackSeat): Readonly<Record<string, string>> => ({
  SLACK_BOT_TOKEN: TOKENS.bot,
  SLACK_API_URL: emulator.apiUrl,
  ...(port === null ? { SLACK_APP_TOKEN: TOKENS.app } : { SLACK_SIGNING_SECRET: TOKENS.secret, SLACK_PORT: String(port) }),
});

/** Starts the real program where it is to be. What is typed to it is weather for its simulated pools. */
export async function startLifeguard(options: LifeguardOptions): Promise<Running> {
  const { folder, slack, teams, speed } = options;
  const pools = join(folder, 'pools.yaml');
  writeFileSync(pools, poolsIn(options));
  const program = new Running(process.execPath, [MAIN, '--speed', String(speed)], {
    LIFEGUARD_POOLS: pools,
    LIFEGUARD_STORE: join(folder, 'lifeguard.db'),
    ...(slack === undefined ? {} : slackEnvironment(slack)),
    ...(teams === undefined ? {} : teams.environment),
  });
  if (teams !== undefined) await program.said(/Lifeguard is in Teams/);
  if (slack !== undefined) await program.said(/Lifeguard is in Slack/);
  return program;
}
