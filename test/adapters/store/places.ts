import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import type { RestoreInto } from '../../../src/adapters/store/restore.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { asAdministrator, newDatabase, openAt, SERVER_URL } from './databases.ts';

/** A place for one record that is not there yet. */
export interface Place {
  readonly into: RestoreInto;
  open(): Promise<OpenedStore>;
  /** Does something to the record behind the store's back, while it is closed. */
  tamper(statements: readonly string[]): Promise<void>;
  /** Every row of the record, by table. */
  rows(): Promise<Rows>;
}

export type Rows = Readonly<Record<string, readonly object[]>>;

/** Each kind of place that this machine has. */
export const KINDS: readonly (readonly [string, (t: TestContext) => Promise<Place>])[] =
  SERVER_URL === null
    ? [['SQLite', sqlitePlace]]
    : [
        ['SQLite', sqlitePlace],
        ['PostgreSQL', postgresPlace],
      ];

/** A folder that goes with the test. */
export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-backup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

async function sqlitePlace(t: TestContext): Promise<Place> {
  const file = join(newFolder(t), 'lifeguard.db');
  return {
    into: { file },
    open: () => openStore(file),
    tamper: async (statements) => change(file, statements),
    rows: async () => rowsIn(file),
  };
}

async function postgresPlace(): Promise<Place> {
  const url = await newDatabase();
  return {
    into: { url },
    open: () => openAt(url),
    tamper: async (statements) => void (await asAdministrator(statements.join(';'), url)),
    rows: async () => {
      const tables = await asAdministrator<{ name: string }>(
        `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
        url,
      );
      const found: Record<string, readonly object[]> = {};
      for (const { name } of tables) found[name] = await asAdministrator<object>(`select * from "${name}"`, url);
      return comparable(found);
    },
  };
}

/** Changes a file that nobody has open. */
export function change(file: string, statements: readonly string[]): void {
  const database = new DatabaseSync(file);
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** Writes nonsense over a table of a file that nobody has open; what else is in it can still be read. */
export function tear(file: string, table: string): void {
  const database = new DatabaseSync(file);
  const page = Number(database.prepare('select rootpage from sqlite_master where name = ?').get(table)?.['rootpage']);
  const size = Number(database.prepare('pragma page_size').get()?.['page_size']);
  database.close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, (page - 1) * size, page * size);
  writeFileSync(file, bytes);
}

/** Every row of a SQLite record that nobody has open. */
export function rowsIn(file: string): Rows {
  const database = new DatabaseSync(file);
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const found = Object.fromEntries(tables.map(({ name }) => [String(name), database.prepare(`select * from "${name}"`).all()]));
  database.close();
  return comparable(found);
}

/** In one order, with numbers as text; when a migration was made is nobody's loss. */
function comparable(found: Readonly<Record<string, readonly object[]>>): Rows {
  const plain = (row: object) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, column === 'timestamp' ? '' : String(value)]));
  const sorted = (rows: readonly object[]) =>
    rows.map(plain).toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  return Object.fromEntries(Object.entries(found).map(([table, rows]) => [table, sorted(rows)]));
}
