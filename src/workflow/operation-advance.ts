import { approvalCode } from '../domain/approval.ts';
import type { WithoutAt } from '../domain/moves.ts';
import {
  needsTwo,
  OPERATION_OPEN_FOR,
  type Operation,
  type OperationEvent,
  type OperationGate,
  type OperationStep,
} from '../domain/operation.ts';
import { nextOperationMove, type OperationMove, type OperationStepWithoutToken } from '../domain/operation-moves.ts';
import { isFresh } from '../domain/sighting.ts';
import type { Told } from '../ports.ts';
import { type Hands, poolNamed } from './hands.ts';
import { lookForOperation } from './operation-look.ts';
import type { Operations } from './operations.ts';
import type { Runs } from './runs.ts';

/** An operation needs a few turns between two pauses; a hundred mean that it goes round. */
const TURNS_MAX = 100;
/** Looks one after the other that were older than a minute when they were whole, before a person is asked. */
const SLOW_LOOKS_MAX = 3;
/** How often a fact that must not be lost is offered to a journal that others write too. */
const OFFERS_MAX = 20;

type Pause = OperationMove & { readonly kind: 'wait' | 'await-person' | 'finish' };

/** Drives one operation from its journal until it must wait for time or for a person. */
export async function advanceOperation(number: number, hands: Hands, runs: Runs, operations: Operations): Promise<Pause> {
  const walk = new OperationWalk(number, hands, runs, operations);
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const state = await operations.load(number);
    const { revision } = poolNamed(hands.pools, state.request.pool);
    const frozen = (await hands.store.freeze()) !== null;
    const move = nextOperationMove(state, { now: hands.clock.now(), frozen, revision });
    if (move.kind === 'wait' || move.kind === 'await-person' || move.kind === 'finish') {
      await operations.publish(number, state);
      return move;
    }
    await walk.take(move, state);
  }
  throw new Error(`operation ${number} took ${TURNS_MAX} turns without a pause`);
}

class OperationWalk {
  readonly #number: number;
  readonly #hands: Hands;
  readonly #runs: Runs;
  readonly #operations: Operations;
  #slowLooks = 0;

  constructor(number: number, hands: Hands, runs: Runs, operations: Operations) {
    this.#number = number;
    this.#hands = hands;
    this.#runs = runs;
    this.#operations = operations;
  }

  async take(move: Exclude<OperationMove, Pause>, state: Operation): Promise<void> {
    switch (move.kind) {
      case 'look': {
        if (this.#slowLooks >= SLOW_LOOKS_MAX && state.started === null) {
          await this.#append(state, { kind: 'held', reason: { kind: 'looks-too-slow' } });
          return;
        }
        const pool = poolNamed(this.#hands.pools, state.request.pool);
        const sighting = await lookForOperation(pool, state, move.scope, this.#hands, this.#runs);
        if (move.scope === 'whole' && !isFresh(sighting, this.#hands.clock.now())) this.#slowLooks += 1;
        await this.#append(state, { kind: 'looked', sighting });
        return;
      }
      case 'request-approval':
        await this.#append(state, {
          kind: 'approval-requested',
          gate: this.#gate(move.steps, state),
          findings: move.findings,
        });
        return;
      case 'record':
        await this.#append(state, move.event);
        return;
      case 'perform':
        await this.#perform(move.step, state);
    }
  }

  #gate(steps: readonly OperationStepWithoutToken[], { gates, request: { kind, pool: fqdn } }: Operation): OperationGate {
    const { approvalsNeeded, revision } = poolNamed(this.#hands.pools, fqdn);
    const now = this.#hands.clock.now();
    const attempt = gates.length + 1;
    // A restored record counts from where it was copied: the time makes it a token that no server has seen.
    const token = `op-${this.#number}-${attempt}-${now.toString(36)}`;
    return {
      attempt,
      code: approvalCode(`${fqdn} ${kind} ${this.#number}`, attempt),
      revision,
      steps: steps.map((step) =>
        step.action === 'cmdlet' ? { ...step, action: 'cmdlet', token } : { ...step, action: 'start-services' },
      ),
      expiresAt: now + OPERATION_OPEN_FOR,
      votesNeeded: Math.max(approvalsNeeded, needsTwo(kind) ? 2 : 1),
    };
  }

  /** Written, then done, then looked at. */
  async #perform(step: OperationStep, state: Operation): Promise<void> {
    if ((await this.#hands.store.freeze()) !== null) return;
    if (!(await this.#append(state, { kind: 'step-started', step }))) return;
    // It was written, and then this process stood still: nobody is told any more, and a look finds the step not done.
    if (!isFresh(state.seen, this.#hands.clock.now())) return;
    const told = await this.#tell(step, state);
    if (told.kind === 'accepted') await this.#insist((now) => (now.started === null ? null : { kind: 'step-accepted', step }));
    if (told.kind === 'refused')
      await this.#insist((now) =>
        now.held === null && now.ended === null ? { kind: 'held', reason: { kind: 'refused', because: told.because } } : null,
      );
    this.#hands.log({ pool: state.request.pool, event: `${state.request.kind} on ${step.server}` }, told.kind);
  }

  #tell(step: OperationStep, { request: { pool, kind } }: Operation): Promise<Told> {
    const { operator } = this.#hands;
    return step.action === 'cmdlet'
      ? operator.operate(pool, step.server, kind, step.token)
      : operator.startServices(pool, step.server);
  }

  async #append(state: Operation, event: WithoutAt<OperationEvent>): Promise<boolean> {
    const now = this.#hands.clock.now();
    const after = await this.#operations.append(this.#number, state, { ...event, at: now }, null);
    return typeof after !== 'string';
  }

  async #insist(event: (state: Operation) => WithoutAt<OperationEvent> | null): Promise<void> {
    for (let offer = 0; offer < OFFERS_MAX; offer += 1) {
      const state = await this.#operations.load(this.#number);
      const fact = event(state);
      if (fact === null || (await this.#append(state, fact))) return;
    }
    throw new Error(`operation ${this.#number} took ${OFFERS_MAX} other events before a fact`);
  }
}
