import { carriedIn, leftWorks, withoutLeft } from './carried.ts';
import { settlingFrom } from './evolve-settle.ts';
import type { ServerFqdn, Topology, UpgradeDomain } from './pool.ts';
import { countedIn, isOtherPool, isRestart } from './purpose.ts';
import type { DomainWork, Run, RunEvent, ServerWork } from './run.ts';
import { isOut, isWhole, movedBy, onlyBegun } from './server-work.ts';
import { runningServers } from './sighting.ts';
import type { Instant } from './time.ts';

/** The topology is known, and what is upgraded in which order; what an earlier run left in the middle is taken up. */
export function planned(before: Run, { at, topology, upgradeDomains }: RunEvent & { readonly kind: 'planned' }): Run {
  const run = { ...before, request: { ...before.request, carried: carriedIn(before.request.carried, topology.servers) } };
  const taken = run.work === null ? leftFor(run, upgradeDomains) : null;
  const gone = (server: ServerFqdn): boolean => !topology.servers.includes(server);
  const work =
    run.work === null
      ? takenUp(run, taken === null ? null : asPlanned(taken, upgradeDomains, at), topology, at)
      : replanned(run, run.work, { topology, upgradeDomains, at });
  const downByUs = [...new Set([...run.downByUs, ...(work === null ? [] : downIn(work))])].filter((server) => !gone(server));
  const whole = work === null || (work.started === null && isWhole({ downByUs }, work));
  const settlesFirst = run.settling === null && run.unsettled && downByUs.length === 0 && whole;
  const settling = settlesFirst ? settlingFrom(null, at) : run.settling;
  // What an earlier run left is taken up once: a plan that is made anew finds what this run has made of it.
  const { upgraded, request } = countedIn(run, topology.servers);
  return {
    ...run,
    upgraded,
    request: withoutLeft(request, taken),
    plan: { topology, upgradeDomains },
    plannedFor: topology.servers,
    work,
    settling,
    downByUs,
    wentDown: run.wentDown.filter(({ server }) => !gone(server)),
    checkingSince: at,
    seen: null,
  };
}

/** What an earlier run of the same kind left of the servers that this one takes; null: nothing. */
function leftFor({ request }: Run, upgradeDomains: readonly UpgradeDomain[]): DomainWork | null {
  const taken = upgradeDomains.flatMap(({ servers }) => servers);
  const left = leftWorks(request.carried).filter(({ purpose }) => purpose === request.purpose);
  return (
    left.find((each) => has(upgradeDomains, each.upgradeDomain)) ??
    left.find((each) => each.servers.some(({ server }) => taken.includes(server))) ??
    null
  );
}

/** In a pool whose upgrade domains are others by now only what was begun is gone on with; the rest comes in its turn. */
function asPlanned(left: DomainWork, upgradeDomains: readonly UpgradeDomain[], at: Instant): DomainWork | null {
  if (has(upgradeDomains, left.upgradeDomain)) return left;
  const servers = onlyBegun(left, at);
  return servers.length === 0 ? null : { ...left, servers };
}

/**
 * A domain that an aborted run left in the middle is gone on with, as far as the pool still has it: a step in flight is looked
 * at as after a crash, and what is left to stop is asked for anew. A server that runs again was brought back by somebody,
 * so it is done from its beginning; when all of them run, and no hook has taken one out of something, there is nothing to go
 * on with.
 */
function takenUp(run: Run, found: DomainWork | null, topology: Topology, at: Instant): DomainWork | null {
  const { seen, request } = run;
  if (found === null || seen === null) return null;
  const running = runningServers(seen) ?? [];
  const otherPool = isRestart(run) && found.evidence.computers?.join() !== topology.servers.join();
  const startsOver = request.scope.kind === 'all' || otherPool;
  const work = startsOver ? doneForNothing(found, at) : found;
  const servers = work.servers.map((each): ServerWork => {
    const again =
      running.includes(each.server) &&
      !(seen.disabled ?? []).includes(each.server) &&
      (each.stage === 'down' || each.stage === 'patched' || (startsOver && each.stage === 'booting')) &&
      work.started?.step.server !== each.server;
    return again
      ? { ...each, stage: 'up', since: at, patched: false, restarted: false, startTried: false }
      : { ...each, since: at, startTried: false };
  });
  if (work.started === null && servers.every((each) => each.stage === 'up' && !isOut(each))) return null;
  // A hook has no other trace than its end, and that is as old as its telling.
  const started = work.started === null || work.started.step.action === 'hook' ? work.started : { ...work.started, at };
  // Where none is down any more the domain is begun anew, behind everything that stands before a first stop.
  const left = servers.filter(({ stage }) => stage !== 'back');
  const anew = movedBy(started) === null && left.every(({ stage }) => stage === 'up');
  return {
    ...work,
    servers: anew ? left : servers,
    started,
    timesNotDone: 0,
    approved: false,
    immediate: 'no',
    evidence: seen,
    ...(anew ? { fabricAtFirstStop: null } : {}),
  };
}

/**
 * Where everything starts over, it counts where each server is, and not what was done to it before: an update of then, or a
 * restart before the pool became another. One in flight may have been in time or not, so it is only let come back.
 */
function doneForNothing(work: DomainWork, at: Instant): DomainWork {
  const step = work.started?.step ?? null;
  const restart = step?.action === 'restart' ? step.server : null;
  const servers = work.servers.map((each): ServerWork => {
    const undone = { ...each, patched: false, restarted: false };
    if (each.server === restart) return { ...undone, stage: 'booting', since: at };
    return each.stage === 'patched' ? { ...undone, stage: 'down', since: at } : undone;
  });
  return { ...work, servers, started: restart !== null || step?.action === 'patch' ? null : work.started };
}

/** Servers of the domain that are not up by what we did, or may have done, to them. */
const downIn = ({ servers, started }: DomainWork): readonly ServerFqdn[] =>
  servers
    .filter(({ server, stage }) => (stage !== 'up' && stage !== 'back') || movedBy(started) === server)
    .map(({ server }) => server);

const has = (upgradeDomains: readonly UpgradeDomain[], { name, servers }: UpgradeDomain): boolean =>
  upgradeDomains.some((each) => each.name === name && each.servers.join() === servers.join());

/**
 * A domain under way stays under way; where the new plan has it no more, only its servers that are down, or were told to go
 * down, are finished, and those that a hook before has taken out of something are put back. A server that is the pool's no
 * more is nobody's to bring back.
 */
function replanned(
  run: Run,
  before: DomainWork,
  { topology, upgradeDomains, at }: Pick<RunEvent & { readonly kind: 'planned' }, 'topology' | 'upgradeDomains' | 'at'>,
): DomainWork | null {
  const work = isRestart(run) && isOtherPool(run, topology.servers) ? doneForNothing(before, at) : before;
  const unapproved = { ...work, approved: false };
  if (has(upgradeDomains, work.upgradeDomain)) return unapproved;
  const own = (server: ServerFqdn): boolean => topology.servers.includes(server);
  const started = work.started !== null && own(work.started.step.server) ? work.started : null;
  const begun = onlyBegun({ servers: work.servers.filter(({ server }) => own(server)), started }, at);
  const upgradeDomain = { ...work.upgradeDomain, servers: work.upgradeDomain.servers.filter(own) };
  return begun.every(({ stage }) => stage === 'back') ? null : { ...unapproved, upgradeDomain, started, servers: begun };
}
