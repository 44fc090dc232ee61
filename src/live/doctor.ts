import { type Expected, examineSlack, type Finding } from '../adapters/slack/doctor.ts';
import type { Config } from '../config.ts';

/** What is to be looked at, and where it is told. */
export interface DoctorOptions {
  readonly config: Config;
  /** Posts a test card in every channel. */
  readonly send: boolean;
  readonly out: (line: string) => void;
}

/** Looks at what Lifeguard needs and says of each thing whether it is there, or what to do. 0: all of it is. 1: not all. */
export async function doctor({ config, send, out }: DoctorOptions): Promise<0 | 1> {
  out(`ok    configuration: ${config.pools.length} pools, ${config.people.size} people`);
  if (config.slack === null) {
    out('      not in Slack: SLACK_BOT_TOKEN is not set');
    return 0;
  }
  let well = true;
  const tell = ({ what, cure }: Finding): void => {
    out(cure === null ? `ok    ${what}` : `BAD   ${what}: ${cure}`);
    well &&= cure === null;
  };
  await examineSlack(config.slack, expectedBy(config), { now: () => Date.now(), send, tell });
  return well ? 0 : 1;
}

const expectedBy = ({ pools, people }: Config): Expected => ({
  channels: pools.flatMap(({ fqdn, slackChannels }) => slackChannels.map((channel) => ({ pool: fqdn, channel }))),
  accounts: [...people].flatMap(([person, { slack }]) => slack.map((account) => ({ person, account }))),
  groups: [...people].flatMap(([name, { slackGroup }]) => (slackGroup === null ? [] : [{ name, group: slackGroup }])),
});
