import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Store } from '../../ports.ts';
import { storeOn } from './record.ts';
import { MIGRATIONS_TABLE, migrate, type Tables } from './schema.ts';

/** A record that is open. Closing it lets another Lifeguard work on the file; so does the end of this process, however it ends. */
export type OpenedStore = Store & { close(): Promise<void> };

/** Why a file cannot be worked on, in words for the person who started the bot. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
}

/**
 * Opens the pool record in `file`, made when there is none; `:memory:` is one that nobody keeps. Throws `RecordRefused`
 * when another process has it open, and when it is damaged or not a record.
 */
export async function openStore(file: string): Promise<OpenedStore> {
  const database = openAlone(file);
  const db = new Kysely<Tables>({ dialect: new TransactionalSqliteDialect({ database: bridge(database) }) });
  try {
    await migrate(db);
  } catch (error) {
    database.close();
    throw refusal(file, error);
  }
  return { ...storeOn(db), close: () => db.destroy() };
}

/**
 * The exclusive lock is what makes this the only bot: it is taken before anything is written and SQLite keeps it until the
 * file is closed or the process is gone. Nothing else in this process may open the file meanwhile: on POSIX systems,
 * closing that second handle would give the lock away.
 */
function openAlone(file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('pragma locking_mode = exclusive');
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
    const ours = tables.length === 0 || tables.some(({ name }) => name === MIGRATIONS_TABLE);
    if (!ours) throw new Error('it is the database of another program');
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec('begin immediate; commit');
    // A torn file can still answer some questions; a bot that restarts servers does not work on what is left.
    const found = database.prepare('pragma quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw new Error(String(found));
    return database;
  } catch (error) {
    database?.close();
    throw refusal(file, error);
  }
}

/** SQLite's primary result codes; extended ones carry more in the higher bits. */
const BUSY = 5;
const CANNOT_OPEN = 14;

function refusal(file: string, error: unknown): RecordRefused {
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
  if (code === BUSY) {
    return new RecordRefused(`another Lifeguard has pool record ${file} open; only one may work on it`, { cause: error });
  }
  if (code === CANNOT_OPEN) return new RecordRefused(`pool record ${file} cannot be opened: ${said}`, { cause: error });
  return new RecordRefused(`pool record ${file} is damaged, or not a record of this Lifeguard: ${said}`, { cause: error });
}

/** Kysely holds that SQLite cannot undo a `create table`. It can, and a kill in the middle of a migration needs it to. */
class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** `node:sqlite` in the shape that Kysely's own dialect expects of better-sqlite3. */
function bridge(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      // A full disk makes SQLite roll back by itself; a second rollback would hide that error behind its own.
      const nothingToUndo = sql === 'rollback' && !database.isTransaction;
      return statement(database.prepare(nothingToUndo ? 'select 1' : sql));
    },
  };
}

const statement = (prepared: StatementSync): SqliteStatement => ({
  reader: prepared.columns().length > 0,
  all: (parameters) => prepared.all(...parameters.map(bound)),
  run: (parameters) => prepared.run(...parameters.map(bound)),
  iterate: (parameters) => prepared.iterate(...parameters.map(bound)),
});

function bound(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint') return value;
  throw new Error(`a ${typeof value} cannot be written to the record`);
}
