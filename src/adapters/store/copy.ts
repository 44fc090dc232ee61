import type { DatabaseSync } from 'node:sqlite';
import { type Kysely, sql } from 'kysely';
import type { ClientBase } from 'pg';
import { MIGRATIONS_LOCK_TABLE, MIGRATIONS_TABLE, type Tables } from './schema.ts';

/** Few enough for one statement, and for memory when each has a long body. */
const ROWS_AT_ONCE = 200;

type Row = Readonly<Record<string, unknown>>;

/** Every table with something to copy, in the order they were made in: a row comes after what it refers to. */
export function recordTables(sqlite: DatabaseSync): readonly string[] {
  const tables = sqlite.prepare("select name from sqlite_master where type = 'table' order by rowid").all();
  const migrating: readonly string[] = [MIGRATIONS_TABLE, MIGRATIONS_LOCK_TABLE];
  return tables.map(({ name }) => String(name)).filter((name) => !migrating.includes(name));
}

/** The rows of a table of a SQLite record, some at a time. */
export function* rowsOfSqlite(sqlite: DatabaseSync, table: string): Generator<readonly Row[]> {
  let rows: Row[] = [];
  for (const row of sqlite.prepare(`select * from "${table}"`).iterate()) {
    rows.push(row);
    if (rows.length < ROWS_AT_ONCE) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** The rows of a table of a record on PostgreSQL, some at a time. In a transaction. */
export async function* rowsOfPostgres(client: ClientBase, table: string): AsyncGenerator<readonly Row[]> {
  await client.query(`declare copied no scroll cursor for select * from "${table}"`);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${ROWS_AT_ONCE} from copied`);
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query('close copied');
}

/** Writes rows into a table of the same columns. */
export async function insertRows(into: Kysely<Tables>, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(values)}`.execute(into);
}
