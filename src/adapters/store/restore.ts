import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { insertRows, recordTables, rowsOfSqlite } from './copy.ts';
import { RecordRefused } from './opened.ts';
import { prepare, recordOn, tryToLead } from './postgres-leader.ts';
import { contentsOf, type Reached, reach, refusalOf } from './postgres-session.ts';
import { MIGRATIONS_LOCK_TABLE, MIGRATIONS_TABLE } from './schema.ts';
import { mustBeOurs, mustBeWhole, openFile, refusal, settle } from './sqlite-file.ts';
import { writeWhole } from './whole-file.ts';

/** Where a record is to be: a file that is not there yet, or a database on PostgreSQL without a row of a record. */
export type RestoreInto = { readonly file: string } | { readonly url: string };

/**
 * Makes a record of the backup `from`, brought up to this version; the backup stays as it is. Throws `RecordRefused`
 * when the backup is damaged, no record or a newer Lifeguard's, and when there is anything where the record is to be.
 */
export async function restore(from: string, into: RestoreInto): Promise<void> {
  if ('url' in into) return restoreToPostgres(from, into.url);
  await writeWhole(into.file, async (temporary) => {
    await copyChecked(from, temporary);
    const { db } = await openFile(temporary);
    await db.destroy();
    settle(temporary);
  });
}

async function restoreToPostgres(from: string, url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-restore-'));
  try {
    const copy = join(folder, 'copy.db');
    await writeWhole(copy, (temporary) => copyChecked(from, temporary));
    const { database, db } = await openFile(copy);
    await pour(database, url).finally(() => db.destroy());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies a backup that can be trusted. The copy is what is brought up to this version. */
async function copyChecked(from: string, to: string): Promise<void> {
  const source = openChecked(from);
  await backup(source, to).finally(() => source.close());
}

function openChecked(from: string): DatabaseSync {
  let source: DatabaseSync | null = null;
  try {
    source = new DatabaseSync(from, { readOnly: true });
    mustBeOurs(from, source);
    mustBeWhole(source);
    if (recordTables(source).length === 0) throw new RecordRefused(`backup ${from} is empty`);
    return source;
  } catch (error) {
    source?.close();
    throw refusal(from, error);
  }
}

/** All rows in one transaction: what fails half way leaves a record without a row, into which it may be tried again. */
async function pour(source: DatabaseSync, url: string): Promise<void> {
  const reached = await reach(url, null);
  try {
    await prepare(reached);
    if (!(await tryToLead(reached)))
      throw new RecordRefused(`a Lifeguard works on pool record in ${reached.place}; stop it first`);
    await mustBeEmpty(reached);
    const { db } = await recordOn(reached);
    await db.transaction().execute(async (writing) => {
      for (const table of recordTables(source)) {
        for (const rows of rowsOfSqlite(source, table)) await insertRows(writing, table, rows);
      }
    });
  } catch (error) {
    throw refusalOf(reached.place, error);
  } finally {
    await reached.hangUp();
  }
}

async function mustBeEmpty(reached: Reached): Promise<void> {
  const { tables } = await contentsOf(reached);
  for (const table of tables) {
    if (table === MIGRATIONS_TABLE || table === MIGRATIONS_LOCK_TABLE) continue;
    const { rows } = await reached.client.query(`select from "${table}" limit 1`);
    if (rows.length > 0) throw new RecordRefused(`pool record in ${reached.place} is not empty; nothing is written over it`);
  }
}
