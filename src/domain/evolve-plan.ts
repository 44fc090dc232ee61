import { leftWorks, withoutLeft } from './carried.ts';
import { settlingFrom } from './evolve-settle.ts';
import type { ServerFqdn, UpgradeDomain } from './pool.ts';
import { countedIn, isOtherPool, isRestart } from './purpose.ts';
import type { DomainWork, Run, RunEvent, ServerWork } from './run.ts';
import { isOut, isWhole, onlyBegun } from './server-work.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
import type { Instant } from './time.ts';

/** The topology is known, and what is upgraded in which order; what an earlier run left in the middle is taken up. */
export function planned(run: Run, { at, topology, upgradeDomains }: RunEvent & { readonly kind: 'planned' }): Run {
  const ofKind = leftWorks(run.request.carried).filter(({ purpose }) => purpose === run.request.purpose);
  const left = ofKind.find((each) => has(upgradeDomains, each.upgradeDomain)) ?? null;
  const taken = run.work === null ? left : null;
  const work = run.work === null ? takenUp(taken, run.seen, at) : replanned(run.work, upgradeDomains, at);
  const downByUs = work === null ? run.downByUs : [...new Set([...run.downByUs, ...downIn(work)])];
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
    work: isRestart(run) && isOtherPool(run, topology.servers) ? restartedForNothing(work) : work,
    settling,
    downByUs,
    checkingSince: at,
    seen: null,
  };
}

/**
 * A domain that an aborted run left in the middle is gone on with, if the pool still has it: a step in flight is looked
 * at as after a crash, and what is left to stop is asked for anew. A server that runs again was brought back by somebody,
 * so it is done from its beginning; when all of them run, and no hook has taken one out of something, there is nothing to go
 * on with.
 */
function takenUp(work: DomainWork | null, seen: PoolSighting | null, at: Instant): DomainWork | null {
  if (work === null || seen === null) return null;
  const running = runningServers(seen) ?? [];
  const servers = work.servers.map((each): ServerWork => {
    const again =
      running.includes(each.server) &&
      !(seen.disabled ?? []).includes(each.server) &&
      (each.stage === 'down' || each.stage === 'patched') &&
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

/** A server on its way up may have been restarted before its pool became another: it comes once more in its turn. */
const restartedForNothing = (work: DomainWork | null): DomainWork | null =>
  work === null ? null : { ...work, servers: work.servers.map((each) => ({ ...each, restarted: false })) };

/** Servers of the domain that are not up by what we did, or may have done, to them. */
const downIn = ({ servers, started }: DomainWork): readonly ServerFqdn[] =>
  servers
    .filter(({ server, stage }) => (stage !== 'up' && stage !== 'back') || movedBy(started) === server)
    .map(({ server }) => server);

const has = (upgradeDomains: readonly UpgradeDomain[], { name, servers }: UpgradeDomain): boolean =>
  upgradeDomains.some((each) => each.name === name && each.servers.join() === servers.join());

/** A hook moves no server. */
const movedBy = (started: DomainWork['started']): ServerFqdn | null =>
  started === null || started.step.action === 'hook' ? null : started.step.server;

/**
 * A domain under way stays under way; where the new plan has it no more, only its servers that are down are finished, and
 * those that a hook before has taken out of something are put back.
 */
function replanned(work: DomainWork, upgradeDomains: readonly UpgradeDomain[], at: Instant): DomainWork | null {
  const unapproved = { ...work, approved: false };
  if (has(upgradeDomains, work.upgradeDomain)) return unapproved;
  const servers = onlyBegun(work.servers, at);
  return servers.length === 0 ? null : { ...unapproved, servers };
}
