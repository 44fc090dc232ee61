import { endsDrain } from './approval.ts';
import { runChecks } from './checks.ts';
import { topologyChange } from './move-checking.ts';
import { againstFurtherStop } from './move-stopping.ts';
import { holdGone, holdStuck } from './move-verifying.ts';
import { freshLook, hold, holdStep, LOOK_EVERY, type LookAlso, type Move, observePool, record } from './moves.ts';
import { checkQuestion } from './questions.ts';
import { type DomainWork, openGate, type Run, unreachable } from './run.ts';
import { isFresh } from './sighting.ts';
import { conclude, type StartedStep, type Step } from './step.ts';
import type { Instant } from './time.ts';

/** Looks at the server until the step shows its end. What the act itself answered, or whether we died, changes nothing. */
export function moveAfterStart(run: Run, work: DomainWork, started: StartedStep, now: Instant): Move {
  const { step } = started;
  const look = run.seenServers.find(({ server }) => server === step.server);
  const observe: Move = { kind: 'observe-server', server: step.server, also: alsoFor(step) };
  if (look === undefined) return observe;
  const conclusion = conclude(started, look);
  switch (conclusion.kind) {
    case 'done':
    case 'not-done':
      return record({ kind: 'step-ended', step, conclusion: conclusion.kind });
    case 'patch-failed':
      return hold({ kind: 'patch-failed', server: step.server, exitCode: conclusion.exitCode });
    case 'hook-failed':
      if (step.action !== 'hook') return unreachable('only a hook fails as one');
      // However far it came, an abort has it put back by the hook after.
      if (run.aborting !== null && step.hook === 'before') return record({ kind: 'step-ended', step, conclusion: 'done' });
      return hold({ kind: 'hook-failed', server: step.server, hook: step.hook, because: conclusion.because });
    case 'failover-failed': {
      const direction = step.action === 'fail-back' ? 'fail-back' : 'fail-over';
      const { because, services, disabled } = conclusion;
      // It took no action, and an abort asks for none.
      if (run.aborting !== null && direction === 'fail-over' && services === 'Running')
        return record({ kind: 'step-ended', step, conclusion: 'not-done' });
      return hold({ kind: 'failover-failed', server: step.server, direction, because, services, disabled });
    }
    case 'still-going':
    case 'drain-overdue':
      if (work.immediate !== 'no') return moveToEndDrain(run, work, started, now);
      if (conclusion.kind === 'drain-overdue') return hold({ kind: 'drain-overdue', server: step.server, since: started.at });
      return look.at + LOOK_EVERY > now ? { kind: 'wait', until: look.at + LOOK_EVERY, because: step.action } : observe;
    case 'ask':
      // One that does not answer may be the pool's no more.
      if (look.answer === null && (run.seen === null || run.seen.at < started.at)) return observePool(work.upgradeDomain);
      if (look.answer === null) {
        const gone = holdGone(run, [step.server]);
        if (gone !== null) return gone;
      }
      return step.action === 'restart' || step.action === 'start' || step.action === 'fail-back'
        ? holdStuck(run, work, [step.server], conclusion.because, started.at)
        : holdStep(step, conclusion.because);
  }
}

/** What has to be looked at besides the services to see the end of a step. */
function alsoFor(step: Step): LookAlso {
  const { action } = step;
  if (step.action === 'hook') return `hook-${step.hook}`;
  if (action === 'patch') return 'patch';
  return action === 'fail-over' || action === 'fail-back' ? 'failover' : 'nothing';
}

/** A person asked for an immediate stop of a server that will not drain: its own gate, behind the checks of any further stop. */
function moveToEndDrain(run: Run, work: DomainWork, { step }: StartedStep, now: Instant): Move {
  const opened = openGate(run);
  const look = freshLook(run, step.server, now);
  if (opened !== null) {
    const lookAt = (run.seenServers.find(({ server }) => server === step.server)?.at ?? now) + LOOK_EVERY;
    if (lookAt <= now) return { kind: 'observe-server', server: step.server, also: 'nothing' };
    return { kind: 'wait', until: Math.min(lookAt, opened.gate.expiresAt), because: 'approval' };
  }
  if (!isFresh(run.seen, now)) return observePool(work.upgradeDomain);
  if (look === null) return { kind: 'observe-server', server: step.server, also: 'nothing' };
  const immediate = { action: 'stop', server: step.server, stopMode: 'immediate' } as const;
  // An abort plans nothing anew, and what the checks would be asked about is not there any more.
  const another = run.aborting !== null && (run.plan === null || topologyChange(run, run.seen) !== null);
  if (another) return holdStep(immediate, 'the topology changed since the plan; stop its services there, or `abort now`');
  const against = againstFurtherStop({ ...run, work }, { ...work, approved: true });
  if (against !== null) return against;
  if (endsDrain(run, work, now)) return { kind: 'perform', step: immediate };
  const gate = {
    kind: 'immediate-stop',
    upgradeDomain: work.upgradeDomain,
    servers: [step.server],
    stopMode: 'immediate',
  } as const;
  const question = checkQuestion(run, work.upgradeDomain, 'further') ?? unreachable('there is a plan and a look');
  return { kind: 'request-approval', gate, checks: runChecks(question) };
}
