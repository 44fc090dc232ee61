import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

/** The tables of the record. Times are integers in milliseconds; bodies are JSON text; `ended` and `frozen` are 1 or 0. */
export interface Tables {
  runs: { run: number; pool: string; ended: number };
  journal: { run: number; seq: number; at: number; kind: string; body: string };
  deliveries: { id: string; at: number };
  readings: { pool: string; seq: number; at: number; body: string };
  looks: { pool: string; body: string };
  posted: { key: string; place: string; message_id: string; digest: string };
  alive: { one: number; at: number };
  /** One row at most: the switch as it was last turned. `body` is a freeze, or the thaw that ended it. */
  freeze: { one: number; frozen: number; body: string };
  /** What the watch of each pool remembers. `seq` counts its changes. */
  watches: { pool: string; seq: number; body: string };
  /** As `runs` and `journal`: `run` is the operation's number. */
  operations: { run: number; pool: string; ended: number };
  operation_journal: { run: number; seq: number; at: number; kind: string; body: string };
}

/** The first table of every record: which migrations it has had. */
export const MIGRATIONS_TABLE = 'migrations';
/** The other table that only migrating needs. */
export const MIGRATIONS_LOCK_TABLE = 'migrations_lock';

/** In the order of their names, which never change once a record may have them. Only what SQLite and PostgreSQL share. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-record': {
    async up(db: Kysely<unknown>) {
      await createRuns(db);
      await createPoolTables(db);
      await createBotTables(db);
    },
  },
  '002-freeze': { up: createFreeze },
  '003-watch': { up: createWatches },
  '004-operations': {
    up: (db: Kysely<unknown>) => createJournal(db, 'operations', 'operation_journal', 'one_active_operation_per_pool'),
  },
};

/** Every migration that this version knows, in order. A record that has had another one is a newer version's. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await createJournal(db, 'runs', 'journal', 'one_active_run_per_pool');
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
}

/** What there is, of which a pool has one at a time that has not ended; and what happened to each. */
async function createJournal({ schema }: Kysely<unknown>, head: string, journal: string, oneActive: string): Promise<void> {
  await schema
    .createTable(head)
    .addColumn('run', 'integer', (column) => column.primaryKey())
    .addColumn('pool', 'text', (column) => column.notNull())
    .addColumn('ended', 'integer', (column) => column.notNull())
    .execute();
  await schema.createIndex(oneActive).unique().on(head).column('pool').where(sql.ref('ended'), '=', 0).execute();
  await schema
    .createTable(journal)
    .addColumn('run', 'integer', (column) => column.notNull().references(`${head}.run`))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint(`${journal}_once`, ['run', 'seq'])
    .execute();
}

async function createPoolTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('readings')
    .addColumn('pool', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('readings_once', ['pool', 'seq'])
    .execute();
  await schema
    .createTable('looks')
    .addColumn('pool', 'text', (column) => column.notNull().primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

async function createBotTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('posted')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('message_id', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('posted_once', ['key', 'place'])
    .execute();
  await schema
    .createTable('alive')
    .addColumn('one', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createFreeze({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('freeze')
    .addColumn('one', 'integer', (column) => column.primaryKey())
    .addColumn('frozen', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

async function createWatches({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('watches')
    .addColumn('pool', 'text', (column) => column.notNull().primaryKey())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

/** Brings a record up to this version. Throws when it cannot, also for a record that a newer version has written. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: MIGRATIONS_TABLE,
    migrationLockTableName: MIGRATIONS_LOCK_TABLE,
  }).migrateToLatest();
  if (error !== undefined) throw error;
}
