import { backup, type DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { ClientBase } from 'pg';
import { insertRows, recordTables, rowsOfPostgres } from './copy.ts';
import { RecordRefused } from './opened.ts';
import { contentsOf, type Reached, reach, refusalOf } from './postgres-session.ts';
import { MIGRATION_NAMES, type Tables } from './schema.ts';
import { openFile, type SqliteFile, settle } from './sqlite-file.ts';
import { writeWhole } from './whole-file.ts';

/** Copies the record of an open file, as it is between two writes, to the new file `to`. Throws `RecordRefused`. */
export async function backupFile({ database, db }: SqliteFile, to: string): Promise<void> {
  await writeWhole(to, async (temporary) => {
    // Writers wait their turn: the copy would otherwise begin again with each of their transactions.
    await db.connection().execute(() => backup(database, temporary));
    settle(temporary);
  });
}

/**
 * Copies the record on PostgreSQL at `url` to the new SQLite file `to`, over a connection of its own: whoever leads works
 * on meanwhile, and it is the same from another machine. Throws `RecordRefused`.
 */
export async function backupPostgres(url: string, to: string): Promise<void> {
  const reached = await reach(url, null);
  const { client, place, hangUp } = reached;
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    await mustBeOfThisVersion(reached);
    await writeWhole(to, async (temporary) => {
      const { database, db } = await openFile(temporary);
      const copied = db.transaction().execute((writing) => copyAll(client, database, writing));
      await copied.finally(() => db.destroy());
      settle(temporary);
    });
  } catch (error) {
    throw refusalOf(place, error);
  } finally {
    await hangUp();
  }
}

async function copyAll(client: ClientBase, database: DatabaseSync, writing: Kysely<Tables>): Promise<void> {
  for (const table of recordTables(database)) {
    for await (const rows of rowsOfPostgres(client, table)) await insertRows(writing, table, rows);
  }
}

/** A record of an older version has other tables, and only who leads may change that. */
async function mustBeOfThisVersion(reached: Reached): Promise<void> {
  const { migrations } = await contentsOf(reached);
  if (migrations.join() === MIGRATION_NAMES.join()) return;
  const because = migrations.length === 0 ? 'is not there yet' : 'was written by an older Lifeguard; that one can back it up';
  throw new RecordRefused(`pool record in ${reached.place} ${because}`);
}
