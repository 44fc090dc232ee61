import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { MIGRATION_NAMES } from '../../../src/adapters/store/schema.ts';
import { asAdministrator, nameIn, newDatabase, openAt, postgresTest, SERVER_URL, withDatabase } from './databases.ts';
import { startRelay } from './relay.ts';
import { RELEASE_001 } from './release-001.ts';
import { RELEASE_003 } from './release-003.ts';
import { delivery, event, FREEZE, POOL01, startOperation, startRun } from './samples.ts';
import { reopenContract, storeContract } from './store-contract.ts';

if (SERVER_URL === null) {
  test('POSTGRESQL IS NOT TESTED', { skip: 'LIFEGUARD_TEST_DATABASE_URL names no server to make databases on' }, () => {});
} else {
  for (const contract of [storeContract, reopenContract]) {
    contract('PostgreSQL', () => {
      let made: Promise<string> | null = null;
      return {
        open: async () => {
          made ??= newDatabase();
          return openAt(await made);
        },
      };
    });
  }
}

/** Where the test's own record is. */
async function aRecord(): Promise<string> {
  const url = await newDatabase();
  const store = await openAt(url);
  await startRun(store, POOL01);
  await store.close();
  return url;
}

postgresTest('a wrong password is refused in words that do not hold it', async () => {
  const url = new URL(await newDatabase());
  url.password = 'opensesame';
  await assert.rejects(openAt(url.href), (error: Error) => {
    const where = `database ${nameIn(url.href)} on ${url.hostname}:${url.port}`;
    const because = `password authentication failed for user "${url.username}"`;
    assert.equal(error.message, `pool record in ${where} cannot be opened: ${because}`);
    assert.equal(error.name, 'RecordRefused');
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /opensesame/);
    return true;
  });
});

for (const [wrong, url] of [
  ['no scheme', 'bot:opensesame@db/lifeguard'],
  ['another scheme', 'mysql://bot:opensesame@db/lifeguard'],
  ['a / in the password', 'postgres://bot:12/opensesame@db/lifeguard'],
  ['a # in the password', 'postgres://bot:12#opensesame@db/lifeguard'],
  ['a ? in the password', 'postgres://bot:12?opensesame@db/lifeguard'],
  ['no number where the port is', 'postgres://bot:opensesame@db:port/lifeguard'],
] as const) {
  test(`a URL with ${wrong} is refused in words that do not hold the password`, async () => {
    await assert.rejects(openAt(url), (error: Error) => {
      assert.match(error.message, /^the URL of the database is not understood: postgres:\/\/USER:PASSWORD@HOST/);
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /opensesame/);
      return true;
    });
  });
}

for (const host of ['127.0.0.1', 'localhost']) {
  test(`a server that is not there is refused by name: ${host}`, async () => {
    await assert.rejects(openAt(`postgres://bot:opensesame@${host}:1/lifeguard`), {
      name: 'RecordRefused',
      message: new RegExp(`^pool record in database lifeguard on ${host}:1 cannot be opened: connect ECONNREFUSED `),
    });
  });
}

postgresTest('a database that is not there is refused', async () => {
  await assert.rejects(openAt(withDatabase('nowhere')), { name: 'RecordRefused', message: /database "nowhere" does not exist/ });
});

for (const [whose, statement] of [
  ['of another program', 'create table orders (id integer)'],
  [
    'of another program that migrates too',
    'create table migrations (id integer, name text); insert into migrations values (1, 1)',
  ],
  ['of another program in a schema of its own', 'create schema shop; create table shop.migrations (name text)'],
] as const) {
  postgresTest(`the database ${whose} is refused and left alone`, async () => {
    const url = await newDatabase();
    await asAdministrator(statement, url);
    await assert.rejects(openAt(url), { name: 'RecordRefused', message: /it is the database of another program/ });
    const tables = "select from pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('public', 'shop')";
    assert.equal((await asAdministrator(tables, url)).length, 1);
  });
}

postgresTest('a record of an older Lifeguard is brought up to this version with all that is in it', async (t) => {
  const url = await newDatabase();
  await asAdministrator(RELEASE_001.join(';'), url);
  const store = await openAt(url);
  t.after(() => store.close());
  assert.deepEqual(await store.activeRuns(), [{ run: 2, pool: POOL01, ended: false }]);
  assert.deepEqual(await store.read(2), [event('requested', 1_763_690_520_000), event('held', 1_763_690_580_000)]);
  assert.equal((await store.readings(POOL01)).length, 1);
  const migrations = await asAdministrator<{ name: string }>('select name from migrations order by name', url);
  assert.deepEqual(
    migrations.map(({ name }) => name),
    MIGRATION_NAMES,
  );
});

postgresTest('a record that knows of no operations on whole pools has them from now on, beside all that is in it', async (t) => {
  const url = await newDatabase();
  await asAdministrator(RELEASE_003.join(';'), url);
  const store = await openAt(url);
  t.after(() => store.close());
  assert.deepEqual(await store.freeze(), FREEZE);
  assert.equal((await store.watched(POOL01)).seq, 7);
  assert.equal(await startOperation(store, POOL01), 1);
});

postgresTest('a record that a newer Lifeguard has changed is refused and left alone', async () => {
  const url = await aRecord();
  await asAdministrator("insert into migrations values ('999-later', '2030-01-01T00:00:00.000Z')", url);
  await assert.rejects(openAt(url), {
    name: 'RecordRefused',
    message: /is not a record of this Lifeguard: it was written by a newer Lifeguard, whose 999-later is not known to this one/,
  });
});

postgresTest('a database that takes no writes is refused', async () => {
  const url = await newDatabase();
  await asAdministrator(`alter database ${nameIn(url)} set default_transaction_read_only = on`);
  await assert.rejects(openAt(url), { name: 'RecordRefused', message: /it takes no writes/ });
});

postgresTest('a database that cannot hold every character is refused', async () => {
  const url = await newDatabase("encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'");
  await assert.rejects(openAt(url), { name: 'RecordRefused', message: /it is encoded in LATIN1; make one with encoding UTF8/ });
});

postgresTest("a pooler in between is refused, for the lock is a session's", async (t) => {
  // Like PgBouncer, it tells each client a process number that is not the one of the session behind it.
  const relay = await startRelay(t, await newDatabase(), (said) => {
    const key = said.indexOf(Buffer.from([...Buffer.from('K'), 0, 0, 0, 12]));
    if (key >= 0) said.writeInt32BE(said.readInt32BE(key + 5) + 1, key + 5);
    return said;
  });
  await assert.rejects(openAt(relay.url), { name: 'RecordRefused', message: /goes through a pooler such as PgBouncer/ });
});

postgresTest('a database with settings of its own keeps its promises to this session', async (t) => {
  const url = await newDatabase();
  const odd = [
    'synchronous_commit = off',
    "statement_timeout = '5s'",
    "idle_session_timeout = '1h'",
    "client_encoding = 'LATIN1'",
  ];
  await asAdministrator(odd.map((setting) => `alter database ${nameIn(url)} set ${setting}`).join(';'));
  const query = t.mock.method(Client.prototype, 'query');
  const store = await openAt(url);
  t.after(() => store.close());
  const session: unknown = query.mock.calls[0]?.this;
  query.mock.restore();
  assert.ok(session instanceof Client);
  const names = ['synchronous_commit', 'statement_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout'];
  const asked = names.map((name) => `current_setting('${name}')`).join();
  const { rows } = await session.query({ text: `select ${asked}`, rowMode: 'array' });
  assert.deepEqual(rows, [['on', '0', '5s', '5s']]);
  const run = await startRun(store, POOL01);
  await store.append(run, 1, event('noted', 2), delivery('ż'));
  const kept = await asAdministrator('select char_length(id) as length from deliveries', url);
  assert.deepEqual(kept, [{ length: 1 }]);
});

postgresTest('a number too large for us is told and not rounded', async (t) => {
  const url = await aRecord();
  await asAdministrator('update journal set at = 9007199254740993', url);
  const store = await openAt(url);
  t.after(() => store.close());
  await assert.rejects(store.read(1), /9007199254740993 in the record is too large/);
});

postgresTest('a write that failed leaves the record able to write', async (t) => {
  const store = await openAt(await aRecord());
  t.after(() => store.close());
  await assert.rejects(store.append(1, 1, event('held', Number.NaN), delivery('D1')), /invalid input syntax for type bigint/);
  assert.equal(await store.append(1, 1, event('held', 2), delivery('D1')), 'appended');
});

postgresTest('a migration that fails half way leaves nothing of itself', async () => {
  const url = await newDatabase();
  await asAdministrator(
    'create table migrations (name text primary key, timestamp text); create table posted (taken integer)',
    url,
  );
  await assert.rejects(openAt(url), { name: 'RecordRefused', message: /"posted" already exists/ });
  const tables = await asAdministrator<{ relname: string }>(
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname",
    url,
  );
  assert.deepEqual(
    tables.map(({ relname }) => relname),
    ['migrations', 'migrations_lock', 'posted'],
  );
});
