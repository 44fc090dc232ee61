import type { ManagedPool } from '../domain/inventory.ts';
import type { PoolFqdn } from '../domain/pool.ts';
import type { Run } from '../domain/run.ts';
import type { ChatSurface, Clock, PoolOperator, PoolReader, Rehearsal, Store } from '../ports.ts';

/** Everything the bot works with. Queries are handed the `Eyes` alone, so none of them can stop a server. */
export interface Eyes {
  readonly reader: PoolReader;
  readonly store: Store;
  readonly clock: Clock;
  readonly pools: readonly ManagedPool[];
}

/** Everything the walk needs beyond looking: it alone may change a server and show a card. */
export interface Hands extends Eyes {
  readonly operator: PoolOperator;
  /** Null: nobody watches, as in a rehearsal, and no card is made. */
  readonly surface: ChatSurface | null;
  /** Where a pool is talked about: pools with the same answer are told of an outage once. */
  readonly placeOf: (pool: PoolFqdn) => string;
  /** Absent where nobody asks for one, as inside a rehearsal. */
  readonly rehearsal?: Rehearsal;
  /** Comes after so many ms of real time. Absent where time stands still while an answer is awaited: a session, a test. */
  readonly patience?: (milliseconds: number) => Promise<void>;
  /** What happened to a run, for the log. The pino line of an event; nothing decides on it. */
  readonly log: (line: LogLine, message: string) => void;
}

/** The facts of a log line; never a secret, never a whole payload. */
export interface LogLine {
  readonly run?: number;
  readonly pool?: PoolFqdn;
  readonly ticket?: string;
  /** Absent: an upgrade. */
  readonly purpose?: 'restart';
  readonly event?: string;
  readonly because?: string;
}

/** Which run a line is about, and under which change ticket. */
export const aboutRun = (run: number, { request: { pool, ticket, purpose } }: Run): LogLine => ({
  run,
  pool,
  ...(ticket === undefined ? {} : { ticket }),
  ...(purpose === undefined ? {} : { purpose }),
});

/** A run as the store has it, folded. */
export interface OpenRun {
  readonly run: number;
  readonly state: Run;
}

/** The pool by its name. A run of a pool that is configured no more cannot be gone on with, and says so. */
export function poolNamed(pools: readonly ManagedPool[], fqdn: PoolFqdn): ManagedPool {
  const pool = pools.find((each) => each.fqdn === fqdn);
  if (pool === undefined) throw new Error(`${fqdn} is not configured, and a run of it has not ended`);
  return pool;
}
