import type { WithoutAt } from './moves.ts';
import { LOOK_EVERY, TIMES_NOT_DONE_MAX } from './moves.ts';
import {
  type Operation,
  type OperationEvent,
  type OperationFinding,
  type OperationGate,
  type OperationHold,
  type OperationSighting,
  type OperationStep,
  openOperationGate,
} from './operation.ts';
import { againstIt, findingsOf } from './operation-checks.ts';
import { concludeOperation, goalOf } from './operation-end.ts';
import { hasCmdlet } from './pool-operation.ts';
import { isFresh } from './sighting.ts';
import { hours, type Instant, minutes } from './time.ts';

/** What to do next with an operation, as data. Only the runner turns a move into an effect. */
export type OperationMove =
  /** `whole` asks everything that is judged before the act, `progress` what tells whether it has come to its end. */
  | { readonly kind: 'look'; readonly scope: 'whole' | 'progress' }
  | { readonly kind: 'perform'; readonly step: OperationStep }
  /** The runner adds the code, the votes needed and the expiry. */
  | {
      readonly kind: 'request-approval';
      readonly steps: OperationStepWithoutToken[];
      readonly findings: readonly OperationFinding[];
    }
  | { readonly kind: 'record'; readonly event: WithoutAt<OperationEvent> }
  | { readonly kind: 'wait'; readonly until: Instant; readonly because: string }
  | { readonly kind: 'await-person' }
  | { readonly kind: 'finish' };

/** A step before the runner gives its cmdlet the token by which its end is known. */
export type OperationStepWithoutToken = OperationStep extends infer Step
  ? Step extends OperationStep
    ? Omit<Step, 'token'>
    : never
  : never;

/** What an operation is decided on besides its own journal. */
export interface OperationNow {
  readonly now: Instant;
  /** Nothing new may be started on any pool. */
  readonly frozen: boolean;
  /** Of the pool as it is configured now. */
  readonly revision: string;
}

/** What stands against it is waited for as long as an upgrade waits; then a person is asked. */
const CHECKING_BOUND = hours(4);
/** How long servers may take to come up once the cmdlet is done: 32174 may last an hour in large pools. */
const VERIFYING_BOUND = minutes(60);

const AWAIT: OperationMove = { kind: 'await-person' };
const record = (event: WithoutAt<OperationEvent>): OperationMove => ({ kind: 'record', event });
const hold = (reason: OperationHold): OperationMove => record({ kind: 'held', reason });

/** Nothing new is started; whether that has ended is looked for once a minute. */
const whileFrozen = (now: Instant): OperationMove => ({ kind: 'wait', until: now + LOOK_EVERY, because: 'frozen' });

/** What to do next, decided from the operation's state, the time, the freeze and the configuration alone. */
export function nextOperationMove(operation: Operation, at: OperationNow): OperationMove {
  const { ended, held, started, approved } = operation;
  if (ended !== null) return { kind: 'finish' };
  if (held !== null) return AWAIT;
  if (started !== null) return moveAfterStart(operation, at.now);
  const opened = openOperationGate(operation);
  if (opened !== null)
    return at.now >= opened.gate.expiresAt
      ? record({ kind: 'approval-expired', code: opened.gate.code })
      : { kind: 'wait', until: opened.gate.expiresAt, because: 'approval' };
  return approved ? moveUnderYes(operation, at) : moveWhileChecking(operation, at);
}

function moveWhileChecking(operation: Operation, { now, frozen }: OperationNow): OperationMove {
  const { seen } = operation;
  if (seen === null) return { kind: 'look', scope: 'whole' };
  const findings = findingsOf(operation, seen);
  const refused = findings.filter(({ verdict }) => verdict === 'refused');
  if (refused.length > 0)
    return record({
      kind: 'ended',
      ending: { how: 'refused', because: refused.map(({ seen: what, clears }) => `${what}: ${clears}`) },
    });
  const against = againstIt(findings);
  if (against.length > 0) {
    if (now - operation.checkingSince >= CHECKING_BOUND) return hold({ kind: 'findings', findings: against });
    return lookAgain(seen, 'whole', now, against.map((each) => each.seen).join('; '));
  }
  if (!isFresh(seen, now)) return { kind: 'look', scope: 'whole' };
  return frozen ? whileFrozen(now) : { kind: 'request-approval', steps: stepsOf(operation, seen), findings };
}

/** The cmdlet, on the first server that answers; where the product has none, the services of each server that answers and does not run. */
function stepsOf({ request: { kind, version } }: Operation, seen: OperationSighting): OperationStepWithoutToken[] {
  const { answers } = seen;
  const there = answers.filter(({ answer }) => answer !== null);
  const together = kind === 'start' && (!hasCmdlet(kind, version) || answers.length === 2);
  if (together)
    return there
      .filter(({ answer }) => answer?.services !== 'Running')
      .map(({ server }) => ({ action: 'start-services', server }));
  const best = there.find(({ answer }) => answer?.rtcsrv === 'Running') ?? there[0];
  return best === undefined ? [] : [{ action: 'cmdlet', server: best.server }];
}

function moveUnderYes(operation: Operation, at: OperationNow): OperationMove {
  const gate = operation.gates.at(-1)?.gate;
  if (gate === undefined) throw new Error('a yes without a request');
  const left = stepsLeft(operation, gate);
  const [next] = left;
  if (next === undefined) return moveWhileVerifying(operation, at.now);
  if (at.frozen) return whileFrozen(at.now);
  if (at.now >= gate.expiresAt) return hold({ kind: 'void', because: ['it was not acted on in its time'] });
  if (at.revision !== gate.revision) return hold({ kind: 'void', because: ['the configuration of the pool is another'] });
  if (operation.timesNotDone >= TIMES_NOT_DONE_MAX)
    return hold({ kind: 'unclear', because: `${next.server} was told ${operation.timesNotDone} times, and nothing came of it` });
  const { seen } = operation;
  if (!isFresh(seen, at.now)) return { kind: 'look', scope: 'whole' };
  // What our own first step has changed is not held against the second.
  const begun = left.length < gate.steps.length;
  const against = begun ? [] : againstIt(findingsOf(operation, seen));
  if (against.length > 0) return hold({ kind: 'void', because: against.map((each) => `${each.check}: ${each.seen}`) });
  const there = seen.answers.some(({ server, answer }) => server === next.server && answer !== null);
  if (!there) return hold({ kind: 'void', because: [`${next.server} does not answer any more`] });
  return { kind: 'perform', step: next };
}

/** Steps under the last yes that were not seen done. */
export const stepsLeft = ({ done, gates }: Operation, gate: OperationGate): readonly OperationStep[] => {
  const since = gates.at(-1)?.at ?? 0;
  return gate.steps.filter(({ server }) => !done.some((each) => each.step.server === server && each.at >= since));
};

function moveAfterStart(operation: Operation, now: Instant): OperationMove {
  const { started, seen } = operation;
  if (started === null) throw new Error('nothing was started');
  if (seen === null) return { kind: 'look', scope: 'progress' };
  const conclusion = concludeOperation(started, seen);
  switch (conclusion.kind) {
    case 'still-going':
      return lookAgain(seen, 'progress', now, 'the cmdlet');
    case 'done':
    case 'not-done':
      return record({ kind: 'step-ended', step: started.step, conclusion: conclusion.kind });
    case 'failed':
    case 'unclear':
      return hold(conclusion);
  }
}

function moveWhileVerifying(operation: Operation, now: Instant): OperationMove {
  const { seen, done, checkingSince } = operation;
  if (seen === null) return { kind: 'look', scope: 'progress' };
  const goal = goalOf(operation.request, seen);
  if (goal.kind === 'reached') return record({ kind: 'ended', ending: { how: 'done', seen: goal.seen } });
  const since = Math.max(done.at(-1)?.at ?? 0, checkingSince);
  return now - since >= VERIFYING_BOUND
    ? hold({ kind: 'not-verified', because: goal.because })
    : lookAgain(seen, 'progress', now, goal.because);
}

function lookAgain(seen: OperationSighting, scope: 'whole' | 'progress', now: Instant, because: string): OperationMove {
  const until = seen.at + LOOK_EVERY;
  return until > now ? { kind: 'wait', until, because } : { kind: 'look', scope };
}
