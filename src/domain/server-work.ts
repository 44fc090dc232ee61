import type { Hook } from './inventory.ts';
import type { ServerFqdn } from './pool.ts';
import type { DomainWork, Run, ServerWork, Settings, Stage } from './run.ts';
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
export const owesHookAfter = ({ hooks }: Settings, { stage, prepared, owesAfter }: ServerWork): boolean =>
  owesAfter ?? (hooks?.after === true && (prepared ?? (stage !== 'up' && !hooks.before)));

/** Whether a hook has, or may have, taken the server out of something it is not back in. */
export const isOut = ({ prepared, owesAfter }: ServerWork): boolean => prepared === true || owesAfter === true;

/** What of a hook's work has to be remembered, whatever else is begun anew. */
export const outOf = ({ prepared, owesAfter }: ServerWork): Pick<ServerWork, 'prepared' | 'owesAfter'> => ({
  ...(prepared === undefined ? {} : { prepared }),
  ...(owesAfter === undefined ? {} : { owesAfter }),
});

/** The servers with this one told to go down, or found down when it was to be told so. */
export const goingDown = ({ hooks }: Settings, servers: readonly ServerWork[], server: ServerFqdn): readonly ServerWork[] =>
  mark(servers, server, (each) => ({
    ...each,
    owesAfter: each.owesAfter === true || (hooks?.after === true && (each.prepared === true || !hooks.before)),
  }));

/** The server that a step moves; null for a hook, which moves none. */
export const movedBy = (started: DomainWork['started']): ServerFqdn | null =>
  started === null || started.step.action === 'hook' ? null : started.step.server;

/**
 * The servers of a domain of which no more are told to go down: what a hook before has taken out of something is put back,
 * and one that was told already is looked at to the end of it.
 */
export const onlyBegun = ({ servers, started }: Pick<DomainWork, 'servers' | 'started'>, at: Instant): readonly ServerWork[] => {
  const told = started?.step.server ?? null;
  return servers
    .filter((each) => each.stage !== 'up' || isOut(each) || each.server === told)
    .map((each) => (each.stage === 'up' && each.server !== told ? { ...each, stage: 'booting', since: at } : each));
};

/** The servers with this one taken out by the hook before, or put back by the one after. */
export const hookRan = (
  { hooks }: Settings,
  servers: readonly ServerWork[],
  server: ServerFqdn,
  hook: Hook,
): readonly ServerWork[] =>
  mark(servers, server, (each) =>
    hook === 'after'
      ? { ...each, prepared: false, owesAfter: false }
      : { ...each, prepared: true, owesAfter: each.owesAfter === true || hooks?.after === true },
  );

/** Whether nothing of the domain is down, or told to go down. */
export const isWhole = ({ downByUs }: Pick<Run, 'downByUs'>, { servers }: DomainWork): boolean =>
  servers.every(({ server, stage }) => stage === 'up' && !downByUs.includes(server));

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
