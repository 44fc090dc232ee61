import type { PoolCondition } from '../domain/condition.ts';
import type { FabricState } from '../domain/fabric.ts';
import type { Freeze, Thaw } from '../domain/freeze.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { Operation, OperationEvent } from '../domain/operation.ts';
import type { PoolFqdn, UpgradeDomain } from '../domain/pool.ts';
import type { PoolReadiness, ReadinessVerdict } from '../domain/readiness.ts';
import type { Rehearsable, RehearsedOrNot } from '../domain/rehearsal.ts';
import type { Run, RunEvent } from '../domain/run.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import type { Instant } from '../domain/time.ts';
import type { Mute, Watched } from '../domain/watch.ts';
import type { Answer, Clock, Delivery, Opened } from '../ports.ts';

/** A run with its number. */
export interface KnownRun {
  readonly run: number;
  readonly state: Run;
}

/** An operation on a whole pool with its number. */
export interface KnownOperation {
  readonly operation: number;
  readonly state: Operation;
}

/**
 * What a command works with. Questions look at pools; orders append one event to a run. There is no operator here: no
 * command can touch a server, and what an order leads to is the workflow's to do.
 */
export interface Desk {
  readonly pools: readonly ManagedPool[];
  readonly clock: Clock;
  activeRuns(): Promise<readonly KnownRun[]>;
  /** The pool's last run, ended or not. */
  latestRun(pool: PoolFqdn): Promise<KnownRun | null>;
  openRun(pool: PoolFqdn, first: RunEvent, delivery: Delivery): Promise<Opened>;
  /** `taken`: another event came first, so the command is judged again on the run as it is then. */
  append(run: number, state: Run, event: RunEvent, delivery: Delivery): Promise<'appended' | 'taken' | 'heard-before'>;
  /** The pool's operation that has not ended. */
  activeOperation(pool: PoolFqdn): Promise<KnownOperation | null>;
  /** The pool's operations, newest first, at most `limit`. */
  operationsOf(pool: PoolFqdn, limit: number): Promise<readonly KnownOperation[]>;
  openOperation(pool: PoolFqdn, first: OperationEvent, delivery: Delivery): Promise<Opened>;
  /** As `append`. */
  appendOperation(
    operation: number,
    state: Operation,
    event: OperationEvent,
    delivery: Delivery,
  ): Promise<'appended' | 'taken' | 'heard-before'>;
  /** Since when the pool's users are failed over, by this record; null: they are at home, as far as it knows. */
  failedOverAt(pool: PoolFqdn): Promise<Instant | null>;
  /** The switch for all pools, as the record has it. */
  freeze(): Promise<Freeze | null>;
  lastThaw(): Promise<Thaw | null>;
  setFreeze(freeze: Freeze, delivery: Delivery): Promise<'set' | 'as-it-is' | 'heard-before'>;
  endFreeze(thaw: Thaw, delivery: Delivery): Promise<'set' | 'as-it-is' | 'heard-before'>;
  /** What the watch of the pool remembers, as the record has it. */
  watched(pool: PoolFqdn): Promise<Watched>;
  /** Mutes the pool, or with null ends that. Comes back with the mute that stood before. */
  mute(pool: ManagedPool, mute: Mute | null, delivery: Delivery): Promise<Mute | null | 'heard-before'>;
  /** A whole look, taken now. */
  look(pool: ManagedPool, upgradeDomain: UpgradeDomain | null): Promise<PoolSighting>;
  /** A look taken now if it comes at once, else this one: whoever asks for the status does not wait for a slow pool. */
  soon(pool: ManagedPool, last: PoolSighting | null): Promise<PoolSighting>;
  /** The last look that anybody took, for its servers and for an answer with its age. */
  lastLook(pool: PoolFqdn): Promise<PoolSighting | null>;
  /** Asks for readiness, keeps the reading with the pool, and judges it. */
  readiness(
    pool: ManagedPool,
  ): Promise<{ readonly answer: Answer<PoolReadiness>; readonly verdict: ReadinessVerdict; readonly disturbed: boolean }>;
  fabric(pool: ManagedPool): Promise<Answer<FabricState>>;
  /** What a pre-flight looks at, asked of every server; of none when the servers are not known. */
  condition(pool: ManagedPool): Promise<PoolCondition>;
  /** Plays an upgrade ahead. What several people ask of a pool at the same time is played once. */
  rehearse(asked: Rehearsable): Promise<RehearsedOrNot>;
}

/** What comes of a line: what its person is told, and the runs that have something new to act on. */
export interface Outcome {
  readonly reply: Reply;
  readonly wake: readonly number[];
  /** Operations that have something new to act on; absent: none. */
  readonly wakeOperations?: readonly number[];
}

/** An answer before it becomes a card: every line typed gets one. */
export interface Reply {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: 'calm' | 'ask' | 'alarm';
  /** The pool it is about, which decides the zone and the mark of a simulated one; null: none in particular. */
  readonly pool: ManagedPool | null;
}

/** An answer that leads to nothing: a title and its lines. */
export const told = (pool: ManagedPool | null, title: string, ...lines: readonly string[]): Outcome => ({
  reply: { title, lines, tone: 'calm', pool },
  wake: [],
});
