import { type ManagedPool, peopleWith } from '../domain/inventory.ts';
import type { WithoutAt } from '../domain/moves.ts';
import {
  needsTwo,
  OPERATION_CHECKS,
  type Operation,
  type OperationCheckName,
  type OperationEvent,
  type OperationStep,
} from '../domain/operation.ts';
import { findingsOf } from '../domain/operation-checks.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { ticketObjection } from '../domain/ticket.ts';
import { orderToBringBackBy } from '../domain/two-servers.ts';
import { frozenLines, frozenWords, THAW_GOES_ON } from '../messages/freeze-words.ts';
import { operationName, operationPhase, stepsInWords } from '../messages/operation-words.ts';
import type { Delivery } from '../ports.ts';
import { type Desk, type KnownOperation, type Outcome, told } from './desk.ts';
import type { Command } from './grammar.ts';
import type { OperationCommand } from './operation-grammar.ts';
import { howToGive, JudgeAgain } from './orders.ts';

/** Opens an operation on the whole pool. Nothing is done by it: what it needs is read, and somebody else has to say yes. */
export async function operate(
  { kind, ticket }: OperationCommand,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const refuse = (because: string, ...lines: readonly string[]): Outcome =>
    told(pool, `${name}: ${kind} refused: ${because}. Nothing was changed.`, ...lines);
  const pair = kind === 'failover' || kind === 'failback';
  if (pair && pool.backupPool === null) return refuse('the configuration names no backup pool');
  const freeze = await desk.freeze();
  if (freeze !== null) return refuse(frozenWords(freeze, pool), THAW_GOES_ON);
  const active = await desk.activeOperation(pool.fqdn);
  if (active !== null)
    return refuse(
      `${operationName(active.state.request)} is ${operationPhase(active.state)}, asked for by ${active.state.request.by}`,
      '`why` says what it waits for; `abort` ends it.',
    );
  const others = peopleWith(pool, 'approve').filter((person) => person !== by);
  const needed = Math.max(pool.approvalsNeeded, needsTwo(kind) ? 2 : 1);
  if (others.length < needed)
    return refuse(
      `${needed} ${needed === 1 ? 'person has' : 'different people have'} to approve it besides you, and the configuration lists ${others.length === 0 ? 'nobody' : others.join(', ')}`,
    );
  const unticketed = pair ? ticketObjection(ticket, pool.changeTicket) : null;
  if (unticketed !== null && pool.changeTicket !== null)
    return refuse(unticketed, `Type ${howToGive(pool.changeTicket, `${kind} ${name}`)}`);
  const latest = await desk.latestRun(pool.fqdn);
  const request = {
    pool: pool.fqdn,
    kind,
    by,
    version: pool.version,
    backupPool: pool.backupPool,
    revision: pool.revision,
    failedOver: (await desk.failedOverAt(pool.fqdn)) !== null,
    wentDown: latest === null ? [] : orderToBringBackBy(latest.state, delivery.at),
    ...(ticket === null ? {} : { ticket }),
  };
  const opened = await desk.openOperation(pool.fqdn, { kind: 'requested', at: delivery.at, request }, delivery);
  if (opened.kind === 'heard-before') return told(pool, `${name}: that was heard already`);
  if (opened.kind === 'active') throw new JudgeAgain();
  const asked = told(pool, `${operationName(request)}: asked for by ${by}; reading what it needs, nothing is done yet`);
  return { ...asked, wakeOperations: [opened.run] };
}

/** `retry` and `abort` of an operation; the others are for runs. */
export async function steerOperation(
  command: Command & { kind: 'pause' | 'resume' | 'retry' | 'abort' },
  known: KnownOperation,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const { state } = known;
  const name = operationName(state.request);
  const not = (because: string) => told(pool, `${name}: ${because}. Nothing was changed.`);
  switch (command.kind) {
    case 'pause':
    case 'resume':
      return not(`it cannot be ${command.kind === 'pause' ? 'paused' : 'resumed'}: \`abort\` ends it`);
    case 'retry':
      if (command.immediate) return not('there is no drain to end');
      if (state.held === null) return not('nothing is held');
      return say(known, pool, { kind: 'retried', by }, delivery, desk, `${name}: goes on, says ${by}; looking again first`);
    case 'abort': {
      const left = leftBy(state);
      const words = left.length === 0 ? 'aborted; nothing was done' : 'aborted; what was begun is left as it is';
      return say(
        known,
        pool,
        { kind: 'ended', ending: { how: 'aborted', by, left } },
        delivery,
        desk,
        `${name}: ${words}, says ${by}`,
      );
    }
  }
}

/** What was done of it, and what nobody knows the end of. */
function leftBy({ started, done, failed, request }: Operation): readonly string[] {
  const call = (step: OperationStep) => stepsInWords(request.kind, request.pool, [step]);
  return [
    ...done.map(({ step }) => `${call(step)}: done`),
    ...failed.map(({ step }) => `${call(step)}: ended with an error; look at what it has changed`),
    ...(started === null ? [] : [`${call(started.step)}: told, not seen done; it goes on by itself`]),
  ];
}

/** Whether a word names a check of operations. */
export const operationCheck = (word: string): OperationCheckName | null => OPERATION_CHECKS.find((each) => each === word) ?? null;

/** `tick edge-next-hop pool01`: only where that stands against the operation and a person may let it. */
export async function tickOperation(
  check: OperationCheckName,
  known: KnownOperation,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const { state } = known;
  const found =
    state.seen === null || state.approved ? undefined : findingsOf(state, state.seen).find((each) => each.check === check);
  if (found?.verdict !== 'tickable')
    return told(pool, `There is nothing to tick: ${check} does not wait for a person. Nothing was changed.`);
  const words = `${shortName(pool.fqdn)}: ${check} may stand, says ${by}: ${found.seen}`;
  return say(known, pool, { kind: 'ticked', check, by, seen: found.seen }, delivery, desk, words);
}

/** Appends what a person said to the operation as it was judged; another event in between means: judge again. */
export async function say(
  { operation, state }: KnownOperation,
  pool: ManagedPool,
  event: WithoutAt<OperationEvent>,
  delivery: Delivery,
  desk: Desk,
  words: string,
): Promise<Outcome> {
  const outcome = await desk.appendOperation(operation, state, { ...event, at: delivery.at }, delivery);
  if (outcome === 'heard-before') return told(pool, `${shortName(pool.fqdn)}: that was heard already`);
  if (outcome === 'taken') throw new JudgeAgain();
  return { ...told(pool, words, ...frozenLines(await desk.freeze(), pool)), wakeOperations: [operation] };
}
