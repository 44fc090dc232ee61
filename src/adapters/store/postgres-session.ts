import { setTimeout as pause } from 'node:timers/promises';
import { Client, type ClientBase, type CustomTypesConfig, types } from 'pg';
import { objectionTo } from './contents.ts';
import { RecordRefused } from './opened.ts';
import { MIGRATIONS_TABLE } from './schema.ts';

/** A connection to a database, without anything between. */
export interface Reached {
  readonly client: Client;
  /** Which database, in words that name no user and no password. */
  readonly place: string;
  /** Ends the connection, whatever state it is in. */
  hangUp(): Promise<void>;
}

const CONNECT_WITHIN_MS = 10_000;
/** How long a goodbye may take before the line is cut. */
const HANG_UP_WITHIN_MS = 1_000;
/** A server that is gone without a word is noticed some ten seconds after the last one it said. */
const KEEP_ALIVE_AFTER_MS = 1_000;

/** A raw @ or # of a password would put the rest of it where a database's name or port is looked for, and shown. */
const URL_SHAPE = /^postgres(?:ql)?:\/\/[^/?#]*(?:[/?][^@#]*)?$/;
const URL_WORDS =
  'the URL of the database is not understood: postgres://USER:PASSWORD@HOST:PORT/DATABASE is wanted, ' +
  'with / ? # @ : % in the password written as %2F %3F %23 %40 %3A %25';

/**
 * Connects to the database at `url`. Throws `RecordRefused`, whose words and causes never hold the password, or the reason
 * of the signal.
 */
export async function reach(url: string, signal: AbortSignal | null): Promise<Reached> {
  const client = clientFor(url);
  const place = `database ${client.database} on ${client.host}:${client.port}`;
  // Whoever waits for an answer hears of it there; with nobody waiting, an unheard event would end the process.
  client.on('error', () => {});
  const hangUp = async () => {
    await Promise.race([client.end(), pause(HANG_UP_WITHIN_MS, undefined, { ref: false })]);
    client.connection.stream.destroy();
  };
  try {
    await cutBy(signal, client, () => client.connect());
    return { client, place, hangUp };
  } catch (error) {
    await hangUp();
    signal?.throwIfAborted();
    throw refusalOf(place, error);
  }
}

/** Does `work`, and cuts the line it is done over when the signal is given: then it fails. */
export async function cutBy<Done>(signal: AbortSignal | null, client: Client, work: () => Promise<Done>): Promise<Done> {
  signal?.throwIfAborted();
  const cut = () => client.connection.stream.destroy();
  signal?.addEventListener('abort', cut);
  return work().finally(() => signal?.removeEventListener('abort', cut));
}

function clientFor(url: string): Client {
  if (!URL_SHAPE.test(url)) throw new RecordRefused(URL_WORDS);
  try {
    return new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      fallback_application_name: 'lifeguard',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      types: NUMBERS,
    });
  } catch {
    // The error would carry the URL.
    throw new RecordRefused(URL_WORDS);
  }
}

/** Times are `bigint` in the record, which pg would hand out as text. */
const NUMBERS: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? wholeNumber : types.getTypeParser(oid, format)),
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${text} in the record is too large for a number`);
  return value;
}

/** What went wrong with a database, in words. */
export function refusalOf(place: string, error: unknown): RecordRefused {
  if (error instanceof RecordRefused) return error;
  return new RecordRefused(`pool record in ${place} cannot be opened: ${saidBy(error)}`, { cause: error });
}

/** An attempt on several addresses at once fails without a message of its own. */
export function saidBy(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(saidBy).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** What stands in a database: every table that is not the server's own, those of other schemas with the schema's name. */
export interface Contents {
  readonly tables: readonly string[];
  /** In the order of their names. */
  readonly migrations: readonly string[];
}

/** Looks what is in the database. Throws `RecordRefused` when that is not for this version to work on. */
export async function contentsOf({ client, place }: Reached): Promise<Contents> {
  const { rows } = await client.query<{ schema: string; name: string; here: boolean }>(TABLES);
  const here = rows.filter((row) => row.here).map(({ name }) => name);
  const ours = here.includes(MIGRATIONS_TABLE);
  const tables = ours ? here : rows.map((row) => (row.here ? row.name : `${row.schema}.${row.name}`));
  const migrations = ours ? await migrationsOn(client) : [];
  const objection = objectionTo(tables, migrations);
  if (objection !== null) throw new RecordRefused(`pool record in ${place} is not a record of this Lifeguard: ${objection}`);
  return { tables, migrations };
}

const TABLES = `
  select nspname as schema, relname as name, nspname = current_schema() as here
  from pg_catalog.pg_class tables join pg_catalog.pg_namespace schemas on schemas.oid = relnamespace
  where relkind in ('r', 'p') and nspname !~ '^pg_' and nspname <> 'information_schema'
  order by schema, name`;

async function migrationsOn(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by name`);
  return rows.map(({ name }) => name);
}
