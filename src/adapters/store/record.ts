import { type Kysely, type Selectable, sql } from 'kysely';
import type { Freeze, Thaw } from '../../domain/freeze.ts';
import type { OperationEvent } from '../../domain/operation.ts';
import { POOL_UPGRADE_STATES, READINGS_KEPT, type Reading } from '../../domain/readiness.ts';
import type { RunEvent } from '../../domain/run.ts';
import type { PoolSighting } from '../../domain/sighting.ts';
import { NOTHING_WATCHED, type Watched } from '../../domain/watch.ts';
import type { Store } from '../../ports.ts';
import { journalsOn, OPERATIONS, RUNS } from './journals.ts';
import type { Tables } from './schema.ts';
import { hear, highest, inserted, parsed, undoable } from './writing.ts';

/** The record on an open database that has been migrated. Nothing here is particular to SQLite. */
export const storeOn = (db: Kysely<Tables>): Store => ({
  ...runsOn(db),
  ...operationsOn(db),
  ...poolsOn(db),
  ...botOn(db),
  ...freezeOn(db),
  ...watchesOn(db),
});

function runsOn(db: Kysely<Tables>): Pick<Store, 'openRun' | 'read' | 'append' | 'activeRuns' | 'runsOf'> {
  const runs = journalsOn<RunEvent>(db, RUNS);
  return { openRun: runs.open, read: runs.read, append: runs.append, activeRuns: runs.active, runsOf: runs.of };
}

type OfOperations = 'openOperation' | 'readOperation' | 'appendOperation' | 'activeOperations' | 'operationsOf';

function operationsOn(db: Kysely<Tables>): Pick<Store, OfOperations> {
  const { open, read, append, active, of } = journalsOn<OperationEvent>(db, OPERATIONS);
  return {
    openOperation: open,
    readOperation: read,
    appendOperation: append,
    activeOperations: active,
    operationsOf: of,
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

/** A state that is no state would be judged as no answer, and a streak would go on as if nothing had been lost. */
function readingIn({ pool, at, body }: Selectable<Tables['readings']>): Reading {
  const reading = parsed(body, `a reading of ${pool}`);
  const states: readonly unknown[] = [...POOL_UPGRADE_STATES, null];
  if (!('at' in reading && reading.at === at && 'state' in reading && states.includes(reading.state))) {
    throw new Error(`a reading of ${pool} is damaged in the record: ${body.slice(0, 80)}`);
  }
  return reading as Reading;
}
