import { evolveOperation, replayOperation } from '../domain/evolve-operation.ts';
import type { Operation, OperationEvent } from '../domain/operation.ts';
import type { PoolFqdn } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';
import { cardsOfOperation } from '../messages/operation-cards.ts';
import type { Delivery, Opened } from '../ports.ts';
import { type Hands, poolNamed } from './hands.ts';
import { advanceOperation } from './operation-advance.ts';
import type { Publisher } from './publisher.ts';
import type { Runs } from './runs.ts';
import { Wakings } from './wakings.ts';

/** An operation as the record has it, folded. */
export interface OpenOperation {
  readonly operation: number;
  readonly state: Operation;
}

/** The operations on whole pools as their journals tell them: opens, wakes, walks and shows them. */
export class Operations {
  readonly #hands: Hands;
  readonly #runs: Runs;
  readonly #publisher: Publisher;
  readonly #folded = new Map<number, Operation>();
  readonly #wakings = new Wakings(async (operation) => {
    const pause = await advanceOperation(operation, this.#hands, this.#runs, this);
    return pause.kind === 'wait' ? pause.until : null;
  });

  constructor(hands: Hands, runs: Runs, publisher: Publisher) {
    this.#hands = hands;
    this.#runs = runs;
    this.#publisher = publisher;
  }

  /** After a start: the pool's last operation is shown as it is, and one that has not ended goes on. */
  async start(): Promise<void> {
    for (const pool of this.#hands.pools) {
      const latest = await this.latestOf(pool.fqdn);
      if (latest === null) continue;
      await this.publish(latest.operation, latest.state);
      if (latest.state.ended === null) this.#wakings.at(latest.operation, this.#hands.clock.now());
    }
  }

  /** When one is next due; null when each waits for a person. */
  nextDue(): Instant | null {
    return this.#wakings.nextDue();
  }

  runDue(): Promise<void> {
    return this.#wakings.runDue(this.#hands.clock.now());
  }

  /** Walks an operation as far as it goes now; one that is being walked is walked once more after that. */
  wake(operation: number): Promise<void> {
    return this.#wakings.wake(operation);
  }

  async load(operation: number): Promise<Operation> {
    const known = this.#folded.get(operation);
    if (known !== undefined) return known;
    const state = replayOperation(await this.#hands.store.readOperation(operation));
    this.#folded.set(operation, state);
    return state;
  }

  async open(pool: PoolFqdn, first: OperationEvent, delivery: Delivery): Promise<Opened> {
    return this.#hands.store.openOperation(pool, first, delivery);
  }

  /** The operation after the event, shown; `taken`: another event came first, and what was decided is decided again. */
  async append(
    operation: number,
    before: Operation,
    event: OperationEvent,
    delivery: Delivery | null,
  ): Promise<Operation | 'taken' | 'heard-before'> {
    const after = evolveOperation(before, event); // an event that cannot follow throws before it is written
    const outcome = await this.#hands.store.appendOperation(operation, before.seq, event, delivery);
    if (outcome !== 'appended') {
      this.#folded.delete(operation);
      return outcome;
    }
    this.#folded.set(operation, after);
    this.#hands.log({ pool: after.request.pool, event: `${after.request.kind} ${event.kind}` }, 'operation');
    await this.publish(operation, after);
    return after;
  }

  async publish(operation: number, state: Operation): Promise<void> {
    const pool = poolNamed(this.#hands.pools, state.request.pool);
    const freeze = state.ended === null ? await this.#hands.store.freeze() : null;
    for (const card of cardsOfOperation(operation, state, pool, freeze))
      await this.#publisher.show(card, { pool: pool.fqdn, owner: state.request.by });
  }

  async activeOf(pool: PoolFqdn): Promise<OpenOperation | null> {
    const key = (await this.#hands.store.activeOperations()).find((each) => each.pool === pool);
    return key === undefined ? null : { operation: key.run, state: await this.load(key.run) };
  }

  async latestOf(pool: PoolFqdn): Promise<OpenOperation | null> {
    return (await this.of(pool, 1))[0] ?? null;
  }

  /** The pool's operations, newest first. */
  async of(pool: PoolFqdn, limit: number): Promise<readonly OpenOperation[]> {
    const found: OpenOperation[] = [];
    for (const { run } of await this.#hands.store.operationsOf(pool, limit))
      found.push({ operation: run, state: await this.load(run) });
    return found;
  }
}
