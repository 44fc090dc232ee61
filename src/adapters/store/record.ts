import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Freeze, Thaw } from '../../domain/freeze.ts';
import type { PoolFqdn } from '../../domain/pool.ts';
import { POOL_UPGRADE_STATES, READINGS_KEPT, type Reading } from '../../domain/readiness.ts';
import type { RunEvent } from '../../domain/run.ts';
import type { PoolSighting } from '../../domain/sighting.ts';
import { NOTHING_WATCHED, type Watched } from '../../domain/watch.ts';
import type { Delivery, RunKey, Store } from '../../ports.ts';
import type { Tables } from './schema.ts';

/** The record on an open database that has been migrated. Nothing here is particular to SQLite. */
export const storeOn = (db: Kysely<Tables>): Store => ({
  ...runsOn(db),
  ...poolsOn(db),
  ...botOn(db),
  ...freezeOn(db),
  ...watchesOn(db),
});

type Writing = Transaction<Tables>;

function runsOn(db: Kysely<Tables>): Pick<Store, 'openRun' | 'read' | 'append' | 'activeRuns' | 'runsOf'> {
  return {
    openRun: (pool, first, delivery) =>
      undoable(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return { kind: 'heard-before' };
        const newest = writing.selectFrom('runs').select(sql<number | null>`max(run)`.as('highest'));
        const run = ((await highest(newest)) ?? 0) + 1;
        if (!(await insertRun(writing, run, pool))) return undo({ kind: 'active', run: await activeRunOf(writing, pool) });
        await insertEvent(writing, run, 0, first);
        return { kind: 'opened', run };
      }),

    async read(run) {
      const rows = await db.selectFrom('journal').selectAll().where('run', '=', run).orderBy('seq').execute();
      return rows.map((row, seq) => eventIn(row, seq));
    },

    append: (run, seq, event, delivery) =>
      undoable(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return 'heard-before';
        const newest = writing.selectFrom('journal').where('run', '=', run).select(sql<number | null>`max(seq)`.as('highest'));
        const length = ((await highest(newest)) ?? -1) + 1;
        if (length === 0) throw new Error(`there is no run ${run} to append to`);
        // A gap would be an event decided on a state that nobody has seen.
        const possible = Number.isInteger(seq) && seq >= 0 && seq <= length;
        if (!possible) throw new Error(`run ${run} has ${length} events; ${seq} is not next`);
        return (await insertEvent(writing, run, seq, event)) ? 'appended' : undo('taken');
      }),

    async activeRuns() {
      return (await db.selectFrom('runs').selectAll().where('ended', '=', 0).orderBy('run').execute()).map(runKey);
    },

    async runsOf(pool, limit) {
      const rows = db.selectFrom('runs').selectAll().where('pool', '=', pool).orderBy('run', 'desc').limit(limit);
      return (await rows.execute()).map(runKey);
    },
  };
}

function poolsOn(db: Kysely<Tables>): Pick<Store, 'readings' | 'addReading' | 'lastLook' | 'saveLook'> {
  return {
    async readings(pool) {
      const newest = db.selectFrom('readings').selectAll().where('pool', '=', pool).orderBy('seq', 'desc').limit(READINGS_KEPT);
      return (await newest.execute()).reverse().map(readingIn);
    },

    // Numbered as they come: a clock that was set back does not change which reading is the newest.
    addReading: (pool, reading) =>
      undoable(db, async (writing) => {
        const newest = writing.selectFrom('readings').where('pool', '=', pool).select(sql<number | null>`max(seq)`.as('highest'));
        const seq = ((await highest(newest)) ?? -1) + 1;
        const row = { pool, seq, at: reading.at, body: JSON.stringify(reading) };
        await writing.insertInto('readings').values(row).execute();
      }),

    async lastLook(pool) {
      const row = await db.selectFrom('looks').select('body').where('pool', '=', pool).executeTakeFirst();
      return row === undefined ? null : (parsed(row.body, `the last look at ${pool}`) as PoolSighting);
    },

    async saveLook(pool, sighting) {
      const body = JSON.stringify(sighting);
      const insert = db.insertInto('looks').values({ pool, body });
      await insert.onConflict((known) => known.column('pool').doUpdateSet({ body })).execute();
    },
  };
}

/** What the bot keeps about itself: where its messages stand, and when it was last alive. */
function botOn(db: Kysely<Tables>): Pick<Store, 'posted' | 'savePosted' | 'lastAlive' | 'sayAlive'> {
  return {
    async posted(key, place) {
      const row = await db.selectFrom('posted').selectAll().where('key', '=', key).where('place', '=', place).executeTakeFirst();
      return row === undefined ? null : { messageId: row.message_id, digest: row.digest };
    },

    async savePosted(key, place, { messageId, digest }) {
      const shown = { message_id: messageId, digest };
      const insert = db.insertInto('posted').values({ key, place, ...shown });
      await insert.onConflict((known) => known.columns(['key', 'place']).doUpdateSet(shown)).execute();
    },

    async lastAlive() {
      return (await db.selectFrom('alive').select('at').executeTakeFirst())?.at ?? null;
    },

    async sayAlive(at) {
      const insert = db.insertInto('alive').values({ one: 1, at });
      await insert.onConflict((known) => known.column('one').doUpdateSet({ at })).execute();
    },
  };
}

/** The switch for all pools. Whoever turns it as it stands already changes nothing: the first one's words stay. */
function freezeOn(db: Kysely<Tables>): Pick<Store, 'freeze' | 'lastThaw' | 'setFreeze' | 'endFreeze'> {
  const lastTurned = async (frozen: 0 | 1): Promise<string | null> =>
    (await db.selectFrom('freeze').select('body').where('frozen', '=', frozen).executeTakeFirst())?.body ?? null;
  return {
    async freeze() {
      const body = await lastTurned(1);
      return body === null ? null : (parsed(body, 'the freeze') as Freeze);
    },

    async lastThaw() {
      const body = await lastTurned(0);
      return body === null ? null : (parsed(body, 'the last thaw') as Thaw);
    },

    setFreeze: (freeze, delivery) =>
      undoable(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return 'heard-before';
        const body = JSON.stringify(freeze);
        const insert = writing.insertInto('freeze').values({ one: 1, frozen: 1, body });
        const turned = insert.onConflict((known) =>
          known.column('one').doUpdateSet({ frozen: 1, body }).where('freeze.frozen', '=', 0),
        );
        return inserted(await turned.executeTakeFirstOrThrow()) ? 'set' : undo('as-it-is');
      }),

    endFreeze: (thaw, delivery) =>
      undoable(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return 'heard-before';
        const turned = writing
          .updateTable('freeze')
          .set({ frozen: 0, body: JSON.stringify(thaw) })
          .where('frozen', '=', 1);
        return (await turned.executeTakeFirstOrThrow()).numUpdatedRows === 1n ? 'set' : undo('as-it-is');
      }),
  };
}

/** The looks of the watch and whoever mutes it write the same row, so each names the change that it knows of. */
function watchesOn(db: Kysely<Tables>): Pick<Store, 'watched' | 'saveWatched'> {
  return {
    async watched(pool) {
      const row = await db.selectFrom('watches').selectAll().where('pool', '=', pool).executeTakeFirst();
      if (row === undefined) return { seq: 0, watched: NOTHING_WATCHED };
      return { seq: row.seq, watched: parsed(row.body, `the watch of ${pool}`) as Watched };
    },

    saveWatched: (pool, seq, watched, delivery) =>
      undoable(db, async (writing, undo) => {
        if (!(await hear(writing, delivery))) return 'heard-before';
        const row = { pool, seq: seq + 1, body: JSON.stringify(watched) };
        const saved = writing
          .insertInto('watches')
          .values(row)
          .onConflict((known) =>
            known.column('pool').doUpdateSet({ seq: row.seq, body: row.body }).where('watches.seq', '=', seq),
          );
        return inserted(await saved.executeTakeFirstOrThrow()) ? 'saved' : undo('taken');
      }),
  };
}

/** One transaction. `undo` ends it with an answer and without a trace; anything thrown leaves no trace either. */
async function undoable<Outcome>(
  db: Kysely<Tables>,
  work: (writing: Writing, undo: (outcome: Outcome) => never) => Promise<Outcome>,
): Promise<Outcome> {
  const signal = new Error('undone');
  const answers: { readonly outcome: Outcome }[] = [];
  const undo = (outcome: Outcome): never => {
    answers.push({ outcome });
    throw signal;
  };
  try {
    return await db.transaction().execute((writing) => work(writing, undo));
  } catch (error) {
    const [answer] = answers;
    if (error === signal && answer !== undefined) return answer.outcome;
    throw error;
  }
}

/** Notes a delivery; false when it is known. Without one there is nothing to know. */
async function hear(writing: Writing, delivery: Delivery | null): Promise<boolean> {
  if (delivery === null) return true;
  const { id, at } = delivery;
  return inserted(await writing.insertInto('deliveries').values({ id, at }).onConflict(ignore).executeTakeFirstOrThrow());
}

async function insertRun(writing: Writing, run: number, pool: PoolFqdn): Promise<boolean> {
  return inserted(await writing.insertInto('runs').values({ run, pool, ended: 0 }).onConflict(ignore).executeTakeFirstOrThrow());
}

async function activeRunOf(writing: Writing, pool: PoolFqdn): Promise<number> {
  const active = writing.selectFrom('runs').select('run').where('pool', '=', pool).where('ended', '=', 0);
  return (await active.executeTakeFirstOrThrow()).run;
}

/** False when that place in the journal is taken. The event that ends a run frees its pool in the same stroke. */
async function insertEvent(writing: Writing, run: number, seq: number, event: RunEvent): Promise<boolean> {
  const row = { run, seq, at: event.at, kind: event.kind, body: JSON.stringify(event) };
  const free = inserted(await writing.insertInto('journal').values(row).onConflict(ignore).executeTakeFirstOrThrow());
  if (free && event.kind === 'ended') await writing.updateTable('runs').set({ ended: 1 }).where('run', '=', run).execute();
  return free;
}

/** A conflict is an answer and not an error: on PostgreSQL an error would end the whole transaction. */
const ignore = <Built>(conflict: { doNothing(): Built }): Built => conflict.doNothing();
const inserted = ({ numInsertedOrUpdatedRows }: { numInsertedOrUpdatedRows?: bigint | undefined }): boolean =>
  numInsertedOrUpdatedRows === 1n;

/** The highest number in use; null when there is none. */
async function highest(query: { executeTakeFirst(): Promise<{ highest: number | null } | undefined> }): Promise<number | null> {
  return (await query.executeTakeFirst())?.highest ?? null;
}

const runKey = ({ run, pool, ended }: Selectable<Tables['runs']>): RunKey => ({
  run,
  pool: pool as PoolFqdn,
  ended: ended === 1,
});

/** An event that cannot be trusted whole is not read around: the run would go on from a state that never was. */
function eventIn({ run, seq, at, kind, body }: Selectable<Tables['journal']>, place: number): RunEvent {
  const where = `event ${place} of run ${run}`;
  if (seq !== place) throw new Error(`${where} is missing from the record`);
  const event = parsed(body, where);
  if (!('at' in event && event.at === at && 'kind' in event && event.kind === kind)) {
    throw new Error(`${where} is damaged in the record: its body is not the ${kind} that was written`);
  }
  return event as RunEvent;
}

/** A state that is no state would be judged as no answer, and a streak would go on as if nothing had been lost. */
function readingIn({ pool, at, body }: Selectable<Tables['readings']>): Reading {
  const reading = parsed(body, `a reading of ${pool}`);
  const states: readonly unknown[] = [...POOL_UPGRADE_STATES, null];
  if (!('at' in reading && reading.at === at && 'state' in reading && states.includes(reading.state))) {
    throw new Error(`a reading of ${pool} is damaged in the record: ${body.slice(0, 80)}`);
  }
  return reading as Reading;
}

function parsed(body: string, where: string): object {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Not JSON: told below, like JSON that is no object.
  }
  throw new Error(`${where} is damaged in the record: ${body.slice(0, 80)}`);
}
