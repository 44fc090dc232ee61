import { type Kysely, type Selectable, sql } from 'kysely';
import type { PoolFqdn } from '../../domain/pool.ts';
import type { Instant } from '../../domain/time.ts';
import type { Delivery, Opened, RunKey } from '../../ports.ts';
import type { Tables } from './schema.ts';
import { hear, highest, ignore, inserted, parsed, undoable, type Writing } from './writing.ts';

/** Two tables of one shape: what there is, one row each, and what happened to it. A pool has one at a time that has not ended. */
interface JournalTables {
  readonly head: keyof Tables;
  readonly journal: keyof Tables;
  readonly noun: string;
}
/** Upgrades and rolling restarts. */
export const RUNS: JournalTables = { head: 'runs', journal: 'journal', noun: 'run' };
/** Operations on whole pools. */
export const OPERATIONS: JournalTables = { head: 'operations', journal: 'operation_journal', noun: 'operation' };

/** Journals in two such tables: opened, read, appended to and listed. */
export function journalsOn<Event extends { readonly at: Instant; readonly kind: string }>(
  db: Kysely<Tables>,
  tables: JournalTables,
) {
  // Both pairs of tables have the columns of the first, which is what the types are told.
  const head = tables.head as 'runs';
  const journal = tables.journal as 'journal';
  const { noun } = tables;

  const insertHead = async (writing: Writing, run: number, pool: PoolFqdn): Promise<boolean> =>
    inserted(await writing.insertInto(head).values({ run, pool, ended: 0 }).onConflict(ignore).executeTakeFirstOrThrow());
  const activeOf = async (writing: Writing, pool: PoolFqdn): Promise<number> => {
    const active = writing.selectFrom(head).select('run').where('pool', '=', pool).where('ended', '=', 0);
    return (await active.executeTakeFirstOrThrow()).run;
  };
  /** False when that place in the journal is taken. The event that ends it frees its pool in the same stroke. */
  const insertEvent = async (writing: Writing, run: number, seq: number, event: Event): Promise<boolean> => {
    const row = { run, seq, at: event.at, kind: event.kind, body: JSON.stringify(event) };
    const free = inserted(await writing.insertInto(journal).values(row).onConflict(ignore).executeTakeFirstOrThrow());
    if (free && event.kind === 'ended') await writing.updateTable(head).set({ ended: 1 }).where('run', '=', run).execute();
    return free;
  };

  return {
    open: (pool: PoolFqdn, first: Event, delivery: Delivery | null): Promise<Opened> =>
      undoable<Opened>(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return { kind: 'heard-before' };
        const newest = writing.selectFrom(head).select(sql<number | null>`max(run)`.as('highest'));
        const run = ((await highest(newest)) ?? 0) + 1;
        if (!(await insertHead(writing, run, pool))) return undo({ kind: 'active', run: await activeOf(writing, pool) });
        await insertEvent(writing, run, 0, first);
        return { kind: 'opened', run };
      }),

    async read(run: number): Promise<readonly Event[]> {
      const rows = await db.selectFrom(journal).selectAll().where('run', '=', run).orderBy('seq').execute();
      return rows.map((row, seq) => eventIn<Event>(row, seq, noun));
    },

    append: (run: number, seq: number, event: Event, delivery: Delivery | null) =>
      undoable<'appended' | 'taken' | 'heard-before'>(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return 'heard-before';
        const newest = writing.selectFrom(journal).where('run', '=', run).select(sql<number | null>`max(seq)`.as('highest'));
        const length = ((await highest(newest)) ?? -1) + 1;
        if (length === 0) throw new Error(`there is no ${noun} ${run} to append to`);
        // A gap would be an event decided on a state that nobody has seen.
        const possible = Number.isInteger(seq) && seq >= 0 && seq <= length;
        if (!possible) throw new Error(`${noun} ${run} has ${length} events; ${seq} is not next`);
        return (await insertEvent(writing, run, seq, event)) ? 'appended' : undo('taken');
      }),

    async active(): Promise<readonly RunKey[]> {
      return (await db.selectFrom(head).selectAll().where('ended', '=', 0).orderBy('run').execute()).map(runKey);
    },

    async of(pool: PoolFqdn, limit: number): Promise<readonly RunKey[]> {
      const rows = db.selectFrom(head).selectAll().where('pool', '=', pool).orderBy('run', 'desc').limit(limit);
      return (await rows.execute()).map(runKey);
    },
  };
}

const runKey = ({ run, pool, ended }: Selectable<Tables['runs']>): RunKey => ({
  run,
  pool: pool as PoolFqdn,
  ended: ended === 1,
});

/** An event that cannot be trusted whole is not read around: what is read would go on from a state that never was. */
function eventIn<Event>({ run, seq, at, kind, body }: Selectable<Tables['journal']>, place: number, noun: string): Event {
  const where = `event ${place} of ${noun} ${run}`;
  if (seq !== place) throw new Error(`${where} is missing from the record`);
  const event = parsed(body, where);
  if (!('at' in event && event.at === at && 'kind' in event && event.kind === kind)) {
    throw new Error(`${where} is damaged in the record: its body is not the ${kind} that was written`);
  }
  return event as Event;
}
