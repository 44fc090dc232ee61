import { differencesSince, whyLapsed } from './approval.ts';
import { patchedByHand } from './by-hand.ts';
import { blockersIn, runChecks } from './checks.ts';
import { requestStop, topologyChange } from './move-checking.ts';
import { freshLook, hold, holdStep, LOOK_EVERY, type Move, observePool, problemOf, record, TIMES_NOT_DONE_MAX } from './moves.ts';
import type { ServerFqdn } from './pool.ts';
import { checkQuestion } from './questions.ts';
import { type DomainWork, type Run, stopGate, unreachable } from './run.ts';
import { isWhole } from './server-work.ts';
import { isFresh } from './sighting.ts';
import { DRAIN_BOUND, type Step } from './step.ts';
import type { Instant } from './time.ts';
import { isVitalLookDue } from './two-servers.ts';

/** The look after the yes, or after our own last stop: everything is asked of the first stop, of a further one what still can be. */
export function moveBeforeStop(run: Run, work: DomainWork, now: Instant): Move {
  const { upgradeDomain } = work;
  const server =
    work.servers.find(({ stage }) => stage === 'up')?.server ?? unreachable('a domain that is stopping has a server up');
  const lapsed = whyLapsed(run, work, now);
  if (lapsed !== null) return record({ kind: 'approval-lapsed', because: lapsed });
  if (!isFresh(run.seen, now)) return observePool(upgradeDomain);
  if (isVitalLookDue(run, now)) return { kind: 'observe-vitals' };
  const untouched = isWhole(run, work);
  const against = untouched ? (work.approved ? againstFirstStop(run, work) : askAnew(run, work)) : againstFurtherStop(run, work);
  if (against !== null) return against;

  const stopMode = run.request.stopMode;
  const look = freshLook(run, server, now);
  if (look === null) return { kind: 'observe-server', server, also: 'patch' };
  const step: Step =
    run.settings.procedure === 'server-failover' ? { action: 'fail-over', server } : { action: 'stop', server, stopMode };
  const prepared = work.servers.some((each) => each.server === server && each.prepared);
  const hook = run.settings.hooks?.before === true && !prepared ? ({ action: 'hook', server, hook: 'before' } as const) : null;
  if (work.timesNotDone >= TIMES_NOT_DONE_MAX) return holdStep(hook ?? step, `seen not done ${work.timesNotDone} times`);
  if (look.answer === null) return holdStep(step, 'the server does not answer');
  const byHand = patchedByHand(run, look);
  if (byHand !== null) return hold(byHand);
  if (look.answer.services === 'Stopped' && (step.action === 'stop' || look.answer.disabled))
    return record({ kind: 'step-not-needed', action: 'stop', server });
  if (look.answer.services === 'StartPending') return holdStep(step, 'somebody is starting its services');
  // An earlier run told it to stop and it still drains: it is not told again.
  if (look.answer.services === 'StopPending' && run.downByUs.includes(server)) return waitForDrain(run, work, server, now);
  return { kind: 'perform', step: hook ?? step };
}

function waitForDrain(run: Run, work: DomainWork, server: ServerFqdn, now: Instant): Move {
  const since = work.servers.find((each) => each.server === server)?.since ?? now;
  if (now - Math.max(since, run.checkingSince) >= DRAIN_BOUND)
    return holdStep({ action: 'stop', server, stopMode: run.request.stopMode }, 'it still drains');
  const lookAt = (run.seenServers.find((each) => each.server === server)?.at ?? now) + LOOK_EVERY;
  if (lookAt <= now) return { kind: 'observe-server', server, also: 'patch' };
  return { kind: 'wait', until: lookAt, because: 'the drain that an earlier run began' };
}

/** A hook before has run and its yes is used up: everything is asked of the first stop again, and a person for another yes. */
function askAnew(run: Run, { upgradeDomain }: DomainWork): Move {
  const seen = run.seen ?? unreachable('the pool was looked at');
  const held = problemOf(run, seen.verdict) ?? topologyChange(run, seen);
  if (held !== null) return hold(held);
  const checks = runChecks(checkQuestion(run, upgradeDomain, 'first') ?? unreachable('there is a plan and a look'));
  const blockers = blockersIn(checks);
  if (blockers.length > 0) return hold({ kind: 'checks-failed', blockers });
  return requestStop(run, upgradeDomain, checks);
}

function againstFirstStop(run: Run, work: DomainWork): Move | null {
  const seen = run.seen ?? unreachable('the pool was looked at');
  const held = problemOf(run, seen.verdict) ?? topologyChange(run, seen);
  if (held !== null) return hold(held);
  const gate = stopGate(run) ?? unreachable('a domain under way was approved');
  const differences = differencesSince(run, gate, work);
  return differences.length === 0 ? null : hold({ kind: 'approval-void', differences });
}

/** Null: nothing stands against it. A domain whose approval no longer covers the rest is asked for again. */
export function againstFurtherStop(run: Run, work: DomainWork): Move | null {
  const seen = run.seen ?? unreachable('the pool was looked at');
  const held = problemOf(run, seen.verdict) ?? topologyChange(run, seen);
  if (held !== null) return hold(held);
  const results = runChecks(checkQuestion(run, work.upgradeDomain, 'further') ?? unreachable('there is a plan and a look'));
  // A domain that an earlier run left is begun anew as far as the paired pool is concerned.
  const pair = work.approved
    ? []
    : runChecks(checkQuestion(run, work.upgradeDomain, 'first') ?? unreachable('as above')).filter(
        ({ check }) => check === 'pair-quiet',
      );
  const blockers = blockersIn([...results, ...pair]);
  if (blockers.length > 0) return hold({ kind: 'checks-failed', blockers });
  if (work.approved) return null;
  const servers = work.servers.filter(({ stage }) => stage === 'up').map(({ server }) => server);
  const gate = { kind: 'stop-rest', upgradeDomain: work.upgradeDomain, servers, stopMode: run.request.stopMode } as const;
  return { kind: 'request-approval', gate, checks: results };
}
