import { leftWorks } from './carried.ts';
import { blockersIn, runChecks } from './checks.ts';
import type { HoldReason } from './hold.ts';
import { leftBehind } from './left-behind.ts';
import { AWAIT_PERSON, hold, LOOK_EVERY, type Move, observePool, problemOf, record } from './moves.ts';
import { planUpgrade } from './plan.ts';
import { joinTopology, namesOf, sameTopology, type UpgradeDomain } from './pool.ts';
import { countedIn, isRestart } from './purpose.ts';
import { checkQuestion } from './questions.ts';
import { domainsOf } from './readiness.ts';
import { type DomainWork, nextUpgradeDomain, type Run, unreachable, upgradedSoFar } from './run.ts';
import { isFresh, type PoolSighting, runningServers } from './sighting.ts';
import { hours, type Instant } from './time.ts';

/** How long blockers that may clear by themselves are waited for before a person is asked. As long as an approval is open. */
const CHECKING_BOUND = hours(4);

/** Looks until nothing stands against the next upgrade domain, then asks for approval. */
export function moveWhileChecking(run: Run, now: Instant): Move {
  const { plan, seen } = run;
  const next = nextUpgradeDomain(run);
  if (plan !== null && next === null) return moveToEnd(run, now);
  if (seen === null) return observePool(next);
  if (isRestart(run) && plan === null && noServerRuns(seen))
    return record({ kind: 'ended', ending: { how: 'refused', because: [WHOLE_POOL_DOWN] } });
  const problem = problemOf(run, seen.verdict);
  if (problem !== null && !(next === null && isCuredByGoingOn(run, problem))) return hold(problem);
  if (next === null) return moveToPlan(run, seen, now);
  const changed = topologyChange(run, seen);
  if (changed !== null) return hold(changed);

  const results = runChecks(checkQuestion(run, next, 'first') ?? unreachable('there is a plan and a look'));
  const blockers = blockersIn(results);
  if (blockers.length === 0 && isFresh(seen, now)) return requestStop(run, next, results);
  if (blockers.length > 0 && now - run.checkingSince >= CHECKING_BOUND) return hold({ kind: 'checks-failed', blockers });
  return lookAgain(seen, next, now, blockers.map((each) => each.seen).join('; '));
}

/** A settle time is not looked at for the pool's servers: a topology published meanwhile has every server restarted once more. */
function moveToEnd(run: Run, now: Instant): Move {
  if (isRestart(run)) {
    if (!isFresh(run.seen, now)) return observePool(null);
    if (run.seen.computers === null) return unread(run, run.seen, 'the topology could not be read', now);
    const changed = topologyChange(run, run.seen);
    if (changed !== null) return hold(changed);
  }
  const left = leftBehind(run);
  return record({ kind: 'ended', ending: { how: 'finished', ...(left.length === 0 ? {} : { left }) } });
}

/** For a configuration change with the whole pool down: Pool-level quorum loss, on changing the topology. */
export const WHOLE_POOL_DOWN =
  'no server of the pool runs, so there is nothing to restart one after the other: `reset` is for a pool that was down as a whole while its topology was published';

/** Whether the services were read, and not one RTCSRV runs. */
export const noServerRuns = (seen: PoolSighting): boolean => runningServers(seen)?.length === 0;

/** Where servers of ours are what the pool lacks, and this run brings them back, waiting for it to say otherwise mends nothing. */
const isCuredByGoingOn = (run: Run, { kind }: HoldReason): boolean =>
  kind === 'our-servers-are-down' &&
  [...(run.work === null ? [] : [run.work]), ...leftWorks(run.request.carried)].some(
    ({ purpose }) => purpose === run.request.purpose,
  );

/** A server of the domain that is upgraded already, by hand or by this run, is not taken down again. */
export const requestStop = (run: Run, upgradeDomain: UpgradeDomain, checks: ReturnType<typeof runChecks>): Move => ({
  kind: 'request-approval',
  gate: {
    kind: 'stop-domain',
    upgradeDomain,
    servers: upgradeDomain.servers.filter((server) => !upgradedSoFar(run).includes(server)),
    stopMode: run.request.stopMode,
  },
  checks,
});

/** What need not be taken again in the pool that was seen. */
const doneIn = (run: Run, { computers }: PoolSighting): ReturnType<typeof upgradedSoFar> =>
  upgradedSoFar(computers === null ? run : countedIn(run, computers));

/** A person said `retry` after the topology changed while servers of ours are down: planned anew before anything else. */
export function moveToPlanAgain(run: Run, work: DomainWork, now: Instant): Move {
  if (run.paused !== null) return AWAIT_PERSON;
  const { seen } = run;
  if (!isFresh(seen, now)) return observePool(work.upgradeDomain);
  const problem = problemOf(run, seen.verdict);
  if (problem !== null && !isCuredByGoingOn(run, problem)) return hold(problem);
  const planned = planUpgrade(run.request, run.settings, doneIn(run, seen), seen);
  if (planned.kind === 'planned') return record(planned);
  const { computers } = seen;
  if (planned.kind === 'refused' && computers !== null && !work.servers.some(({ server }) => computers.includes(server)))
    return record({ kind: 'ended', ending: { how: 'refused', because: planned.because } });
  // Ending a run, or waiting, would leave servers down that nobody brings back: a person decides.
  return hold({ kind: 'topology-changed', because: planned.kind === 'refused' ? planned.because.join('; ') : planned.because });
}

function moveToPlan(run: Run, seen: PoolSighting, now: Instant): Move {
  const planned = planUpgrade(run.request, run.settings, doneIn(run, seen), seen);
  switch (planned.kind) {
    case 'planned':
      return record({ kind: 'planned', topology: planned.topology, upgradeDomains: planned.upgradeDomains });
    case 'refused':
      // What was left for this run has gone from the pool since it was planned.
      if (planned.nothingLeft === true && run.upgraded.length > 0) return moveToEnd(run, now);
      return record({ kind: 'ended', ending: { how: 'refused', because: planned.because } });
    case 'unread':
      return unread(run, seen, planned.because, now);
  }
}

/** Which servers the pool has is not guessed: it is asked again, until a person is. */
function unread(run: Run, seen: PoolSighting, because: string, now: Instant): Move {
  if (now - run.checkingSince < CHECKING_BOUND) return lookAgain(seen, null, now, because);
  const finding = { verdict: 'blocked', seen: because, server: null, clears: 'the cmdlets answer' } as const;
  return hold({
    kind: 'checks-failed',
    blockers: [{ ...finding, check: 'topology-unchanged', where: seen.askedOf, at: seen.at }],
  });
}

/** Ten minutes after a counted Busy, else every minute. */
function lookAgain(seen: PoolSighting, next: UpgradeDomain | null, now: Instant, because: string): Move {
  const until = Math.max(seen.at + LOOK_EVERY, seen.verdict.kind === 'busy' ? seen.verdict.askAgainAt : 0);
  return until > now ? { kind: 'wait', until, because } : observePool(next);
}

/** A pool that is seen to be another than was planned for is never planned again by itself. Unread is not changed. */
export function topologyChange(run: Run, { computers, readiness }: PoolSighting): HoldReason | null {
  const { plan } = run;
  if (plan === null || computers === null) return null;
  if (computers.join() !== plan.topology.servers.join()) {
    return {
      kind: 'topology-changed',
      because: `the pool now has ${namesOf(computers)}; planned for ${namesOf(plan.topology.servers)}`,
      ...(isRestart(run) ? { inRestart: true } : {}),
    };
  }
  if (readiness === null) return null;
  const read = joinTopology(computers, domainsOf(readiness));
  if (read.kind === 'differs') return { kind: 'topology-changed', because: read.because };
  return sameTopology(read.topology, plan.topology)
    ? null
    : { kind: 'topology-changed', because: 'the upgrade domains are not those that were planned for' };
}
