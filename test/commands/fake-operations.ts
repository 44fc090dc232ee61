import type { Desk, KnownOperation } from '../../src/commands/desk.ts';
import { evolveOperation, replayOperation } from '../../src/domain/evolve-operation.ts';
import type { Operation, OperationEvent } from '../../src/domain/operation.ts';
import type { PoolFqdn } from '../../src/domain/pool.ts';
import type { Delivery, Opened } from '../../src/ports.ts';
import { must } from '../support.ts';

/** The operations of a desk that keeps what is written to it, and refuses what a journal refuses. */
export class FakeOperations {
  readonly written: OperationEvent[] = [];
  readonly #journals: { readonly pool: PoolFqdn; readonly events: OperationEvent[] }[] = [];
  readonly #heard: Set<string>;

  constructor(heard: Set<string>) {
    this.#heard = heard;
  }

  tell(pool: PoolFqdn, events: readonly OperationEvent[]): void {
    this.#journals.push({ pool, events: [...events] });
  }
  of(pool: PoolFqdn): readonly KnownOperation[] {
    const known = this.#journals.map(({ pool: its, events }, index) => ({
      its,
      operation: index + 1,
      state: replayOperation(events),
    }));
    return known.filter(({ its }) => its === pool).toReversed();
  }
  active(pool: PoolFqdn): KnownOperation | null {
    return this.of(pool).find(({ state }) => state.ended === null) ?? null;
  }
  open(pool: PoolFqdn, first: OperationEvent, { id }: Delivery): Opened {
    if (this.#heard.has(id)) return { kind: 'heard-before' };
    const active = this.active(pool);
    if (active !== null) return { kind: 'active', run: active.operation };
    this.#heard.add(id);
    this.written.push(first);
    this.#journals.push({ pool, events: [first] });
    return { kind: 'opened', run: this.#journals.length };
  }
  append(
    operation: number,
    state: Operation,
    event: OperationEvent,
    { id }: Delivery,
  ): Awaited<ReturnType<Desk['appendOperation']>> {
    if (this.#heard.has(id)) return 'heard-before';
    const { events } = must(this.#journals[operation - 1]);
    if (events.length !== state.seq) return 'taken';
    evolveOperation(replayOperation(events), event);
    this.#heard.add(id);
    events.push(event);
    this.written.push(event);
    return 'appended';
  }
}
