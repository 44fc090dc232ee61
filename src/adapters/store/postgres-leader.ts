import { Kysely, PostgresDialect } from 'kysely';
import { type Client, DatabaseError } from 'pg';
import { type OneConnection, oneConnection } from './one-connection.ts';
import { RecordRefused } from './opened.ts';
import { contentsOf, type Reached } from './postgres-session.ts';
import { migrate, type Tables } from './schema.ts';

/** The first to know how long a session is silent; a lock of a session that nobody can end would be nobody's to take. */
const VERSION_MIN = 140_000;

const SERVER = `select current_setting('server_version_num')::int as version, pg_backend_pid() as session,
  current_setting('server_encoding') as encoding, current_setting('transaction_read_only') = 'on' as read_only`;

/**
 * Checks the server, and sees to it that this session ends when we are gone or frozen and not for any other silence. A
 * frozen process can be idle, in a transaction, or in the way of an answer that its full socket does not take.
 */
export async function prepare({ client, place }: Reached): Promise<void> {
  const { rows } = await client.query<Server>(SERVER);
  const objection = objectionToServer(rows[0], client);
  if (objection !== null) throw new RecordRefused(`pool record in ${place} cannot be opened: ${objection}`);
  await client.query(`
    set idle_session_timeout = '5s';
    set idle_in_transaction_session_timeout = '5s';
    set tcp_user_timeout = '5s';
    set statement_timeout = 0;
    set lock_timeout = 0;
    select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`);
  try {
    // A standby that was killed leaves the queue at once; without, it is found out when its turn comes.
    await client.query("set client_connection_check_interval = '1s'");
  } catch (error) {
    // A server on Windows knows the setting and cannot do it.
    if (!(error instanceof DatabaseError && error.code === INVALID_PARAMETER_VALUE)) throw error;
  }
}

const INVALID_PARAMETER_VALUE = '22023';

interface Server {
  readonly version: number;
  /** The process that serves us. */
  readonly session: number;
  readonly encoding: string;
  readonly read_only: boolean;
}

function objectionToServer(server: Server | undefined, client: Client): string | null {
  // What stands between makes up a number of its own for each of its clients.
  if (server === undefined || !('processID' in client) || client.processID !== server.session) {
    return "the connection goes through a pooler such as PgBouncer; connect to PostgreSQL itself, for the lock is its session's";
  }
  if (server.version < VERSION_MIN) return 'PostgreSQL 14 or later is needed';
  if (server.read_only) return 'it takes no writes (a standby server, or set to read only)';
  if (server.encoding !== 'UTF8') return `it is encoded in ${server.encoding}; make one with encoding UTF8`;
  return null;
}

/** "LIFE", "GUAR": one Lifeguard works on a database. */
const LOCK = [0x4c494645, 0x47554152];

/** Whether this session leads from now on, until it ends. False: another one does. */
export async function tryToLead({ client }: Reached): Promise<boolean> {
  const { rows } = await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1::int, $2::int) as leads', LOCK);
  return rows[0]?.leads === true;
}

/** Comes back when this session leads. */
export async function waitToLead({ client }: Reached): Promise<void> {
  await client.query('select pg_advisory_lock($1::int, $2::int)', LOCK);
}

/** The record, brought up to this version, over the connection that holds the lock. */
export async function recordOn(reached: Reached): Promise<{ connection: OneConnection; db: Kysely<Tables> }> {
  await contentsOf(reached);
  const connection = oneConnection(reached.client, reached.hangUp);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connection }) });
  await migrate(db);
  return { connection, db };
}
