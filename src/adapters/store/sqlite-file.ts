import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { objectionTo } from './contents.ts';
import { RecordRefused } from './opened.ts';
import { MIGRATIONS_TABLE, migrate, type Tables } from './schema.ts';

/** A record's file, open and brought up to this version: the one connection to it, and the same through Kysely. */
export interface SqliteFile {
  readonly database: DatabaseSync;
  readonly db: Kysely<Tables>;
}

/** Opens the record in `file`, made when there is none. Nobody else may have it open. Throws `RecordRefused`. */
export async function openFile(file: string): Promise<SqliteFile> {
  const database = openAlone(file);
  const db = new Kysely<Tables>({ dialect: new TransactionalSqliteDialect({ database: bridge(database) }) });
  try {
    await migrate(db);
  } catch (error) {
    database.close();
    throw refusal(file, error);
  }
  return { database, db };
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
    mustBeOurs(file, database);
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec('begin immediate; commit');
    mustBeWhole(database);
    return database;
  } catch (error) {
    database?.close();
    throw refusal(file, error);
  }
}

/** Throws `RecordRefused` for the database of another program, and for a newer Lifeguard's. */
export function mustBeOurs(file: string, database: DatabaseSync): void {
  const tables = names(database, "select name from sqlite_master where type = 'table'");
  const migrations = tables.includes(MIGRATIONS_TABLE) ? names(database, `select name from ${MIGRATIONS_TABLE}`) : [];
  const objection = objectionTo(tables, migrations);
  if (objection !== null) throw new RecordRefused(`pool record ${file} is not a record of this Lifeguard: ${objection}`);
}

/** A torn file can still answer some questions; a bot that restarts servers does not work on what is left. */
export function mustBeWhole(database: DatabaseSync): void {
  const found = database.prepare('pragma quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw new Error(String(found));
}

/** Makes one file of a closed record, without a log beside it, and looks through all of it. */
export function settle(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma journal_mode = delete');
    mustBeWhole(database);
  } finally {
    database.close();
  }
}

const names = (database: DatabaseSync, query: string): readonly string[] =>
  database
    .prepare(query)
    .all()
    .map(({ name }) => String(name));

/** SQLite's primary result codes; extended ones carry more in the higher bits. */
const BUSY = 5;
const READ_ONLY = 8;
const FULL = 13;
const CANNOT_OPEN = 14;
/** Codes that say nothing against the file itself. */
const NOT_THE_FILE: readonly (number | null)[] = [READ_ONLY, FULL, CANNOT_OPEN];

/** What went wrong with a file, in words. */
export function refusal(file: string, error: unknown): RecordRefused {
  if (error instanceof RecordRefused) return error;
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
  if (code === BUSY) {
    return new RecordRefused(`another Lifeguard has pool record ${file} open; only one may work on it`, { cause: error });
  }
  if (NOT_THE_FILE.includes(code)) return new RecordRefused(`pool record ${file} cannot be opened: ${said}`, { cause: error });
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
