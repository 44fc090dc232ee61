import type { ServerFqdn } from './pool.ts';
import type { DomainWork, ServerWork, Settings, Stage } from './run.ts';
import type { Instant } from './time.ts';

/** A server that has come to the next stage, by a step of ours or by somebody's hand. */
export function advanced(work: DomainWork, server: ServerFqdn, stage: Stage, at: Instant): DomainWork {
  const servers = mark(work.servers, server, (each) => ({
    ...each,
    stage,
    since: at,
    patched: each.patched || stage === 'patched',
  }));
  return { ...work, servers, started: null, timesNotDone: 0 };
}

/** Whether the hook after is still to run once the server is back: what the hook before did, or the server's way down and up, is over. */
export const owesHookAfter = ({ hooks }: Settings, { prepared }: ServerWork): boolean =>
  hooks?.after === true && (prepared ?? !hooks.before);

/** The servers of a domain of which no more are taken down: what a hook before has taken out of something is put back. */
export const onlyBegun = (servers: readonly ServerWork[], at: Instant): readonly ServerWork[] =>
  servers
    .filter(({ stage, prepared }) => stage !== 'up' || prepared === true)
    .map((each) => (each.stage === 'up' ? { ...each, stage: 'booting', since: at } : each));

/** The servers with this one changed. */
export const mark = (
  servers: readonly ServerWork[],
  server: ServerFqdn,
  change: (each: ServerWork) => ServerWork,
): readonly ServerWork[] => servers.map((each) => (each.server === server ? change(each) : each));

/** The servers without this one. */
export const withoutServer = (servers: readonly ServerFqdn[], server: ServerFqdn): readonly ServerFqdn[] =>
  servers.filter((each) => each !== server);
/** The servers with this one, named once. */
export const withServer = (servers: readonly ServerFqdn[], server: ServerFqdn): readonly ServerFqdn[] => [
  ...withoutServer(servers, server),
  server,
];
