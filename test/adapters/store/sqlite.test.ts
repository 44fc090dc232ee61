import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { MIGRATION_NAMES } from '../../../src/adapters/store/schema.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { tear } from './places.ts';
import { RELEASE_001 } from './release-001.ts';
import { RELEASE_003 } from './release-003.ts';
import { delivery, event, FREEZE, operation, POOL01, reading, SIGHTING, startOperation, startRun } from './samples.ts';
import { reopenContract, storeContract } from './store-contract.ts';

storeContract('SQLite in memory', () => ({ open: () => openStore(':memory:') }));
for (const contract of [storeContract, reopenContract]) {
  contract('SQLite file', (t) => {
    const file = newFile(t);
    return { open: () => openStore(file) };
  });
}

function newFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return join(folder, 'lifeguard.db');
}

/** Changes a closed record behind the store's back. */
function tamper(file: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(file);
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** A closed record with a run of two events, a reading and a look. */
async function aRecord(t: TestContext): Promise<string> {
  const file = newFile(t);
  const store = await openStore(file);
  const run = await startRun(store, POOL01);
  await store.append(run, 1, event('held', 2), null);
  await store.addReading(POOL01, reading(1, 'Ready'));
  await store.saveLook(POOL01, SIGHTING);
  await store.close();
  return file;
}

test('a record is written ahead, synced in full, and migrated once', async (t) => {
  const file = await aRecord(t);
  const migrations = () => {
    const database = new DatabaseSync(file);
    const rows = database.prepare('select * from migrations').all();
    assert.equal(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
    database.close();
    return rows;
  };
  const before = migrations();
  assert.equal(before.length, MIGRATION_NAMES.length);
  await (await openStore(file)).close();
  assert.deepEqual(migrations(), before);
});

test('a second opening is refused while the first lasts, by name of the file', async (t) => {
  const file = newFile(t);
  const first = await openStore(file);
  const message = `another Lifeguard has pool record ${file} open; only one may work on it`;
  await assert.rejects(openStore(file), { name: 'RecordRefused', message });
  assert.equal(await startRun(first, POOL01), 1, 'the first works on');
  await first.close();
  await (await openStore(file)).close();
});

test('a file that is no record is refused and left alone', async (t) => {
  const file = newFile(t);
  writeFileSync(file, 'Dear diary, '.repeat(1_000));
  await assert.rejects(openStore(file), {
    name: 'RecordRefused',
    message: /pool record .*lifeguard\.db is damaged, or not a record/,
  });
  assert.equal(readFileSync(file, 'utf8'), 'Dear diary, '.repeat(1_000));
});

test("another program's database is refused", async (t) => {
  const file = newFile(t);
  tamper(file, 'create table orders (id integer)');
  await assert.rejects(openStore(file), { name: 'RecordRefused', message: /database of another program/ });
});

test('a record torn where nobody looks at first is refused all the same', async (t) => {
  const file = await aRecord(t);
  tear(file, 'journal');
  await assert.rejects(openStore(file), { name: 'RecordRefused', message: /is damaged/ });
});

test('a record cut short is refused', async (t) => {
  const file = await aRecord(t);
  writeFileSync(file, readFileSync(file).subarray(0, 3 * 4_096 + 100));
  await assert.rejects(openStore(file), { name: 'RecordRefused', message: /is damaged/ });
});

test('a record that a newer Lifeguard has changed is refused', async (t) => {
  const file = await aRecord(t);
  tamper(file, "insert into migrations values ('999-later', '2030-01-01T00:00:00.000Z')");
  const before = readFileSync(file);
  await assert.rejects(openStore(file), {
    name: 'RecordRefused',
    message:
      `pool record ${file} is not a record of this Lifeguard: ` +
      'it was written by a newer Lifeguard, whose 999-later is not known to this one; start the newer one',
  });
  assert.deepEqual(readFileSync(file), before, 'it is left alone');
});

test('a record as release 0.1.0 left it is brought up to this version, and everything in it is there', async (t) => {
  const file = newFile(t);
  tamper(file, ...RELEASE_001);
  const store = await openStore(file);
  t.after(() => store.close());
  assert.deepEqual(await store.activeRuns(), [{ run: 2, pool: POOL01, ended: false }]);
  assert.deepEqual(await store.read(2), [event('requested', 1_763_690_520_000), event('held', 1_763_690_580_000)]);
  assert.equal((await store.readings(POOL01)).length, 1);
  assert.equal(await store.append(2, 2, event('noted', 3), delivery('D1')), 'heard-before');
  assert.equal(await store.freeze(), null);
});

test('a record that knows of no operations on whole pools has them from now on, beside all that is in it', async (t) => {
  const file = newFile(t);
  tamper(file, ...RELEASE_003);
  const store = await openStore(file);
  t.after(() => store.close());
  assert.deepEqual(await store.freeze(), FREEZE);
  assert.equal((await store.watched(POOL01)).seq, 7);
  assert.deepEqual(await store.activeRuns(), [{ run: 2, pool: POOL01, ended: false }]);
  assert.deepEqual(await store.openOperation(POOL01, operation('requested', 3), delivery('D1')), { kind: 'heard-before' });
  assert.equal(await startOperation(store, POOL01), 1);
});

/** What each release added, the newest first: without it the record is that of the release before. */
const ADDED = [
  ['004-operations', 'drop table operation_journal', 'drop table operations'],
  ['003-watch', 'drop table watches'],
  ['002-freeze', 'drop table freeze'],
] as const;
for (const releases of ADDED.map((_release, index) => ADDED.slice(0, index + 1))) {
  const names = releases.map(([name]) => name);
  test(`a record from before ${names.join(', ')} is brought up to this one, and everything in it is there`, async (t) => {
    const file = await aRecord(t);
    tamper(file, ...releases.flatMap(([name, ...drops]) => [...drops, `delete from migrations where name = '${name}'`]));
    const store = await openStore(file);
    t.after(() => store.close());
    assert.deepEqual(await store.read(1), [event('requested', 1), event('held', 2)]);
    assert.deepEqual(await store.lastLook(POOL01), SIGHTING);
    assert.equal(await store.freeze(), null);
    assert.equal(await store.setFreeze(FREEZE, delivery('D1')), 'set');
    assert.deepEqual(await store.activeOperations(), []);
  });
}

test('a file in a folder that is not there is refused', async (t) => {
  const file = join(newFile(t), 'nowhere', 'lifeguard.db');
  await assert.rejects(openStore(file), {
    name: 'RecordRefused',
    message: `pool record ${file} cannot be opened: unable to open database file`,
  });
});

for (const [damage, statement] of [
  ['a body that is not JSON', `update journal set body = '{"at":2,"ki' where seq = 1`],
  ['a body that is no object', "update journal set body = 'null' where seq = 1"],
  ['a body of another event', `update journal set body = '{"at":2,"kind":"approved"}' where seq = 1`],
] as const) {
  test(`${damage} is told, not read around`, async (t) => {
    const file = await aRecord(t);
    tamper(file, statement);
    const store = await openStore(file);
    t.after(() => store.close());
    await assert.rejects(store.read(1), /event 1 of run 1 is damaged in the record/);
  });
}

test('what is damaged in the journal of an operation is told too, by its name', async (t) => {
  const file = newFile(t);
  const before = await openStore(file);
  await startOperation(before, POOL01);
  await before.close();
  tamper(file, "update operation_journal set body = 'null'");
  const store = await openStore(file);
  t.after(() => store.close());
  await assert.rejects(store.readOperation(1), /event 0 of operation 1 is damaged in the record/);
});

test('an event that has gone missing is told', async (t) => {
  const file = await aRecord(t);
  tamper(file, 'delete from journal where seq = 0');
  const store = await openStore(file);
  t.after(() => store.close());
  await assert.rejects(store.read(1), /event 0 of run 1 is missing from the record/);
});

test('a damaged reading and a damaged look are told', async (t) => {
  const file = await aRecord(t);
  tamper(file, `update readings set body = '{"at":1,"state":"ready"}'`, "update looks set body = ''");
  const store = await openStore(file);
  t.after(() => store.close());
  await assert.rejects(store.readings(POOL01), /a reading of pool01\.contoso\.com is damaged in the record/);
  await assert.rejects(store.lastLook(POOL01), /the last look at pool01\.contoso\.com is damaged in the record/);
});

test('a write that failed leaves the record able to write', async (t) => {
  const store = await openStore(newFile(t));
  t.after(() => store.close());
  const run = await startRun(store, POOL01);
  await assert.rejects(store.append(run, 1, event('held', Number.NaN), delivery('D1')), /NOT NULL/);
  assert.equal(await store.append(run, 1, event('held', 2), delivery('D1')), 'appended');
});

/** Opens a record and hands out the connection under it. */
async function openedInside(t: TestContext): Promise<{ store: OpenedStore; database: DatabaseSync }> {
  const prepare = t.mock.method(DatabaseSync.prototype, 'prepare');
  const store = await openStore(newFile(t));
  t.after(() => store.close());
  const database = prepare.mock.calls[0]?.this;
  assert.ok(database instanceof DatabaseSync);
  prepare.mock.restore();
  return { store, database };
}

test('every write is synced to the disk before it is promised', async (t) => {
  const { database } = await openedInside(t);
  assert.equal(database.prepare('pragma synchronous').get()?.['synchronous'], 2);
});

test('a full disk is told as one, and the record writes on once there is room', async (t) => {
  const { store, database } = await openedInside(t);
  const run = await startRun(store, POOL01);
  const pages = Number(database.prepare('pragma page_count').get()?.['page_count']);
  const large = event('held', 2, { because: 'x'.repeat(1_000_000) });
  database.exec(`pragma max_page_count = ${pages + 5}`);
  await assert.rejects(store.append(run, 1, large, delivery('D1')), /database or disk is full/);
  assert.equal((await store.read(run)).length, 1);
  database.exec('pragma max_page_count = 1000000');
  assert.equal(await store.append(run, 1, large, delivery('D1')), 'appended');
});

test('a migration that fails half way leaves nothing of itself', async (t) => {
  const file = newFile(t);
  tamper(file, 'create table migrations (name text primary key, timestamp text)', 'create table posted (taken integer)');
  await assert.rejects(openStore(file), { name: 'RecordRefused', message: /posted.* already exists/ });
  const database = new DatabaseSync(file);
  t.after(() => database.close());
  const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all();
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['migrations', 'migrations_lock', 'posted'],
  );
});
