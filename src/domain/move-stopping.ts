import { differencesSince } from './approval.ts';
import { blockersIn, runChecks } from './checks.ts';
import { topologyChange } from './move-checking.ts';
import { freshLook, hold, holdStep, type Move, observePool, problemIn, record, TIMES_NOT_DONE_MAX } from './moves.ts';
import { checkQuestion } from './questions.ts';
import { type DomainWork, type Run, unreachable } from './run.ts';
import { isFresh } from './sighting.ts';
import type { Instant } from './time.ts';

/** The look after the yes, or after our own last stop: everything is asked of the first stop, of a further one what still can be. */
export function moveBeforeStop(run: Run, work: DomainWork, now: Instant): Move {
  const { upgradeDomain } = work;
  const server =
    work.servers.find(({ stage }) => stage === 'up')?.server ?? unreachable('a domain that is stopping has a server up');
  if (!isFresh(run.seen, now)) return observePool(upgradeDomain);
  const against = work.servers.every(({ stage }) => stage === 'up') ? againstFirstStop(run, work) : againstFurtherStop(run, work);
  if (against !== null) return against;

  const stopMode = run.request.stopMode;
  const look = freshLook(run, server, now);
  if (look === null) return { kind: 'observe-server', server, also: 'patch' };
  const step = { action: 'stop', server, stopMode } as const;
  if (work.timesNotDone >= TIMES_NOT_DONE_MAX) return holdStep(step, `seen not done ${work.timesNotDone} times`);
  if (look.answer === null) return holdStep(step, 'the server does not answer');
  if (look.answer.services === 'Stopped') return record({ kind: 'step-not-needed', action: 'stop', server });
  return { kind: 'perform', step };
}

function againstFirstStop(run: Run, work: DomainWork): Move | null {
  const seen = run.seen ?? unreachable('the pool was looked at');
  const held = problemIn(seen.verdict) ?? topologyChange(run, seen);
  if (held !== null) return hold(held);
  const gate = run.gates.at(-1)?.gate ?? unreachable('a domain under way was approved');
  const differences = differencesSince(run, gate, work);
  return differences.length === 0 ? null : hold({ kind: 'approval-void', differences });
}

/** Null: nothing stands against it. A domain whose approval no longer covers the rest is asked for again. */
export function againstFurtherStop(run: Run, work: DomainWork): Move | null {
  const seen = run.seen ?? unreachable('the pool was looked at');
  const held = problemIn(seen.verdict) ?? topologyChange(run, seen);
  if (held !== null) return hold(held);
  const results = runChecks(checkQuestion(run, work.upgradeDomain, 'further') ?? unreachable('there is a plan and a look'));
  const blockers = blockersIn(results);
  if (blockers.length > 0) return hold({ kind: 'checks-failed', blockers });
  if (work.approved) return null;
  const servers = work.servers.filter(({ stage }) => stage === 'up').map(({ server }) => server);
  const gate = { kind: 'stop-rest', upgradeDomain: work.upgradeDomain, servers, stopMode: run.request.stopMode } as const;
  return { kind: 'request-approval', gate, checks: results };
}
