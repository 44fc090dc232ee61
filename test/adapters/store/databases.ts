import { randomUUID } from 'node:crypto';
import { after, type TestContext, test } from 'node:test';
import { Client } from 'pg';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { openPostgres } from '../../../src/adapters/store/postgres.ts';

/** The administrator's URL of a server that tests may make databases on; null when there is none. */
export const SERVER_URL: string | null = process.env['LIFEGUARD_TEST_DATABASE_URL'] || null;

/** Far beyond what any test takes: one that waits for it has failed. */
const TIME_LIMIT_MS = 60_000;

/** A test that needs the server, and is none where there is no server; `postgres.test.ts` says so then. */
export function postgresTest(name: string, work: (t: TestContext) => Promise<void>): void {
  if (SERVER_URL !== null) void test(name, { timeout: TIME_LIMIT_MS }, work);
}

const made: string[] = [];
after(async () => {
  // Sessions that a failed test has left are ended.
  for (const name of made) await asAdministrator(`drop database if exists ${name} with (force)`);
});

/** Makes a database of its own for a test; its URL. It goes with the file of tests. */
export async function newDatabase(options = ''): Promise<string> {
  const name = `lifeguard_${randomUUID().replaceAll('-', '')}`;
  made.push(name);
  await asAdministrator(`create database ${name} template template0 ${options}`);
  return withDatabase(name);
}

/** The server's URL with this database. */
export function withDatabase(name: string): string {
  const url = new URL(SERVER_URL ?? 'postgres://nowhere');
  url.pathname = name;
  return url.href;
}

export const nameIn = (url: string): string => new URL(url).pathname.slice(1);

/** Does one thing on the server beside whatever is tested; in the server's own database unless `url` says another. */
export async function asAdministrator<Row extends object>(sql: string, url = SERVER_URL): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url ?? '' });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Opens the record at `url` for a test that is not about who leads. */
export const openAt = (url: string): Promise<OpenedStore> =>
  openPostgres({ url, waiting: () => {}, lost: () => {}, signal: new AbortController().signal });
