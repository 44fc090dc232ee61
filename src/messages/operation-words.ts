import type { Operation, OperationHold, OperationRequest, OperationStep } from '../domain/operation.ts';
import { openOperationGate } from '../domain/operation.ts';
import { againstIt, findingsOf } from '../domain/operation-checks.ts';
import { backupWords, goalOf, whyStuck } from '../domain/operation-end.ts';
import { namesOf, type PersonId, type PoolFqdn, shortName } from '../domain/pool.ts';
import { OPERATION_CMDLETS, type PoolOperationKind } from '../domain/pool-operation.ts';
import type { Instant } from '../domain/time.ts';
import { personSpan } from './spans.ts';
import { clockTime, dayAndTime, type Voice, withoutPrompt } from './words.ts';

/** What the operation is called at the head of its cards: `Failover of pool01 to pool02`. */
export function operationName({ kind, pool, backupPool }: Pick<OperationRequest, 'kind' | 'pool' | 'backupPool'>): string {
  const name = shortName(pool);
  const other = backupPool === null ? 'its backup pool' : shortName(backupPool);
  switch (kind) {
    case 'failover':
      return `Failover of ${name} to ${other}`;
    case 'failback':
      return `Failback of ${name} from ${other}`;
    case 'start':
      return `Start of ${name}`;
    case 'recover':
      return `Quorum recovery of ${name}`;
    case 'reset':
      return `Service reset of ${name}`;
  }
}

/** What people call it in a sentence. */
export const OPERATION_NOUNS: Readonly<Record<PoolOperationKind, string>> = {
  failover: 'failover',
  failback: 'failback',
  start: 'start',
  recover: 'quorum recovery',
  reset: 'service reset',
};

/** Where an operation is, by its word. */
export function operationPhase(
  operation: Operation,
): 'checking' | 'awaiting approval' | 'under way' | 'verifying' | 'held' | 'done' | 'aborted' | 'refused' {
  const { ended, held, started, approved, done, gates } = operation;
  if (ended !== null) return ended.ending.how;
  if (held !== null) return 'held';
  if (openOperationGate(operation) !== null) return 'awaiting approval';
  if (started !== null || (approved && done.length < (gates.at(-1)?.gate.steps.length ?? 0))) return 'under way';
  return approved ? 'verifying' : 'checking';
}

/** What is done where: the whole call, as it will be made. */
export function stepsInWords(kind: PoolOperationKind, pool: PoolFqdn, steps: readonly OperationStep[]): string {
  const [first] = steps;
  if (first?.action === 'cmdlet') return `${OPERATION_CMDLETS[kind]} -PoolFqdn ${pool}, run on ${shortName(first.server)}`;
  return `Start-CsWindowsService on ${namesOf(steps.map(({ server }) => server))}, one right after the other`;
}

/**
 * What it brings about and what it may cost, for whoever says yes. Sources: Reset-CsPoolRegistrarState, Invoke-CsPoolFailOver
 * and the disaster recovery pages; the figures are theirs.
 */
export const COSTS: Readonly<Record<PoolOperationKind, readonly string[]>> = {
  failover: [
    "every user of the pool is served by the backup pool until failback; 15 to 20 minutes is Microsoft's target",
    'what is younger than 5 minutes may not be there yet; whether the backup pool can carry both no cmdlet tells',
  ],
  failback: ['its users come home; up to 60 minutes for 20,000 users', 'what they have is copied back first'],
  start: ['services start on every server that answers; routing groups are placed for up to an hour in a large pool'],
  recover: [
    'RESTARTS services on the WHOLE pool: calls and conferences in it end',
    'MAY LOSE what users had not yet written to the back end database',
    'users of the lost routing groups are loaded from the back end again',
  ],
  reset: [
    'STOPS and RESTARTS RTCSRV and FabricHostSvc on the WHOLE pool',
    'only for a topology that changed while the whole pool was down',
  ],
};

/** Why it is held, in one line. */
export function operationHoldWords(reason: OperationHold): string {
  switch (reason.kind) {
    case 'findings':
      return `not ready for it after four hours: ${reason.findings.map(({ seen }) => seen).join('; ')}`;
    case 'void':
      return `the approval is void: ${reason.because.join('; ')}`;
    case 'denied':
      return `denied by ${reason.by}: ${withoutPrompt(reason.because)}`;
    case 'expired':
      return 'nobody decided in four hours';
    case 'looks-too-slow':
      return 'the pool answers too slowly to act on what it says';
    case 'failed':
      return `the cmdlet failed: ${withoutPrompt(reason.because)}`;
    case 'refused':
      return `the server refused it: ${withoutPrompt(reason.because)}`;
    case 'unclear':
      return `nobody can tell what became of it: ${reason.because}`;
    case 'not-verified':
      return `done, and not seen to help: ${reason.because}`;
  }
}

/** What is best done about a hold, in a line or two. */
export function operationHoldAdvice(reason: OperationHold, kind: PoolOperationKind): readonly string[] {
  switch (reason.kind) {
    case 'unclear':
      return ['`retry` looks again and does nothing twice. Look at the server; `abort` ends this and leaves it as it is.'];
    case 'failed':
      return kind === 'failover'
        ? ['The pool may be in between: look at it before anything. `retry` looks anew and asks for another approval.']
        : [
            ...(kind === 'start' ? ['If the topology was published while the pool was down, `reset` is what brings it up.'] : []),
            '`retry` looks anew and asks for another approval.',
          ];
    case 'not-verified':
      return ['`retry` goes on looking; it restarts nothing. `preflight` says more of each server.'];
    default:
      return ['`retry` looks anew and asks for another approval.'];
  }
}

/** How far it has come, by the last look; null before anything was begun. */
export function operationProgress(operation: Operation): string | null {
  const { lastSeen, started, done, request, ended } = operation;
  if (lastSeen === null || ended !== null || (started === null && done.length === 0)) return null;
  if (request.kind === 'failover' || request.kind === 'failback') return `backup service: ${backupWords(lastSeen)}`;
  const count = (...states: readonly (string | null | undefined)[]) =>
    lastSeen.answers.filter(({ answer }) => states.includes(answer === null ? undefined : answer.rtcsrv)).length;
  const silent = count(undefined);
  const others = [
    ...(count('StartPending') === 0 ? [] : [`${count('StartPending')} starting`]),
    ...(count('Stopped', 'StopPending', null) === 0 ? [] : [`${count('Stopped', 'StopPending', null)} not running`]),
    ...(silent === 0 ? [] : [`${silent} silent`]),
  ];
  return [`${count('Running')} of ${lastSeen.answers.length} servers run`, ...others].join(', ');
}

/** What is waited for, in one line: the last line of its live card. */
export function operationBlocker(operation: Operation, approvers: readonly PersonId[], voice: Voice): string {
  const { ended, held, started, lastSeen, approved } = operation;
  if (ended !== null) return 'nothing is waited for';
  if (held !== null) return `held: ${operationHoldWords(held.reason)}; \`retry\` goes on`;
  const opened = openOperationGate(operation);
  if (opened !== null) {
    const missing = opened.gate.votesNeeded - opened.votes.length;
    const left = approvers.filter((person) => !opened.votes.some(({ by }) => by === person));
    const who = left.length === 0 ? 'nobody' : left.map(personSpan).join(', ');
    return `waits for ${missing === 1 ? '1 approval' : `${missing} approvals`} by ${who} until ${clockTime(opened.gate.expiresAt, voice)}`;
  }
  if (started !== null)
    return `waits for ${started.step.action === 'cmdlet' ? 'the cmdlet' : 'services'} on ${shortName(started.step.server)}, since ${clockTime(started.at, voice)}${lastSeen === null ? '' : whyStuck(lastSeen)}`;
  if (lastSeen === null) return 'looks at the pool';
  if (!approved) {
    const against = operation.seen === null ? [] : againstIt(findingsOf(operation, operation.seen)).map(({ check }) => check);
    return against.length === 0 ? 'looks at the pool' : `waits for ${against.join(', ')}`;
  }
  if (operationPhase(operation) === 'under way') return 'looks at the pool once more';
  const goal = goalOf(operation.request, lastSeen);
  return goal.kind === 'waiting' ? `waits: ${goal.because}` : `looks at the pool${whyStuck(lastSeen)}`;
}

/** What a whole pool's operations make of it, for its status: who serves its users, and what is under way. */
export function operationStatus(
  operation: Operation | null,
  failedOverAt: Instant | null,
  { backupPool }: { readonly backupPool: PoolFqdn | null },
  voice: Voice,
): readonly string[] {
  const where = backupPool === null ? 'its backup pool' : shortName(backupPool);
  return [
    ...(failedOverAt === null ? [] : [`failed over to ${where} since ${clockTime(failedOverAt, voice)}`]),
    ...(operation === null || operation.ended !== null
      ? []
      : [`${operation.request.kind}: ${operationPhase(operation)}: \`why\``]),
  ];
}

/** The pool's operations in one line each, the newest last. */
export function operationHistory(operations: readonly Operation[], voice: Voice): readonly string[] {
  return operations.toReversed().map(({ request, requestedAt, gates, ended }) => {
    const yes = gates.at(-1)?.votes.map(({ by }) => by) ?? [];
    const approved = yes.length === 0 ? '' : `, approved by ${yes.join(', ')}`;
    return `${dayAndTime(requestedAt, voice)} ${operationName(request)}: ${ended === null ? 'not ended' : ended.ending.how}, asked for by ${request.by}${approved}`;
  });
}
