import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { backupPostgres } from '../../../src/adapters/store/backup.ts';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { asAdministrator, newDatabase, openAt, postgresTest } from './databases.ts';
import { KINDS, newFolder, rowsIn } from './places.ts';
import { RELEASE_001 } from './release-001.ts';
import { RELEASE_003 } from './release-003.ts';
import { delivery, event, FREEZE, operation, POOL01, POOL02, reading, SIGHTING, startOperation, startRun } from './samples.ts';

/** A run that has ended, one under way, as much of operations, and something in every other table. */
async function fill(store: OpenedStore): Promise<void> {
  const ended = await startRun(store, POOL01);
  await store.append(ended, 1, event('ended', 2), delivery('ended'));
  const run = await startRun(store, POOL01);
  for (let seq = 1; seq <= 450; seq += 1) {
    await store.append(run, seq, event('noted', 1_900_000_000_000 + seq, { text: `é😀 ${seq}` }), delivery(`D${seq}`));
  }
  const done = await startOperation(store, POOL01);
  await store.appendOperation(done, 1, operation('ended', 2), delivery('done'));
  await startOperation(store, POOL02);
  for (let at = 0; at < 5; at += 1) await store.addReading(POOL02, reading(at, 'Busy'));
  await store.saveLook(POOL01, SIGHTING);
  await store.savePosted('run-2', 'slack:C1', { messageId: '17.1', digest: 'a' });
  await store.sayAlive(1_900_000_000_000);
  await store.setFreeze(FREEZE, delivery('freeze'));
}

for (const [kind, newPlace] of KINDS) {
  test(`${kind}: a backup holds every row, and is one file that only its owner reads`, async (t) => {
    const place = await newPlace(t);
    const store = await place.open();
    await fill(store);
    const to = join(newFolder(t), 'backup.db');
    await store.backup(to);
    assert.deepEqual(readdirSync(dirname(to)), ['backup.db']);
    if (process.platform !== 'win32') assert.equal(statSync(to).mode & 0o777, 0o600);
    assert.equal(readFileSync(to)[18], 1, 'it says of itself that it needs no log beside it');
    const kept = rowsIn(to);
    assert.deepEqual([kept['journal']?.length, kept['runs']?.length, kept['deliveries']?.length], [453, 2, 453]);
    assert.deepEqual([kept['operation_journal']?.length, kept['operations']?.length], [3, 2]);
    assert.deepEqual(readdirSync(dirname(to)), ['backup.db'], 'looking at it leaves no log beside it');
    await store.close();
    assert.deepEqual(kept, await place.rows());
  });

  test(`${kind}: a backup taken while much is written has each event with its delivery, and no gap`, async (t) => {
    const store = await (await newPlace(t)).open();
    t.after(() => store.close());
    const run = await startRun(store, POOL01);
    const folder = newFolder(t);
    const files = [0, 1, 2].map((nth) => join(folder, `${nth}.db`));
    let backingUp = true;
    const write = async () => {
      let seq = 1;
      for (; backingUp; seq += 1) {
        await store.append(run, seq, event('noted', seq), delivery(`D${seq}`));
        await soon();
      }
      return seq - 1;
    };
    const written = write();
    for (const file of files) await store.backup(file);
    backingUp = false;
    assert.ok((await written) > 0, 'nothing was written meanwhile');
    for (const file of files) {
      const { journal = [], deliveries = [] } = rowsIn(file);
      assert.equal(journal.length, deliveries.length + 1, file);
      const kept = await openStore(file);
      assert.equal((await kept.read(run)).length, journal.length, 'read tells of a gap');
      await kept.close();
    }
    assert.equal((await store.read(run)).length, (await written) + 1);
  });

  test(`${kind}: nothing is written over, and nothing is left of a backup that could not be written`, async (t) => {
    const store = await (await newPlace(t)).open();
    t.after(() => store.close());
    const folder = newFolder(t);
    const there = join(folder, 'there.db');
    writeFileSync(there, 'Dear diary');
    await assert.rejects(store.backup(there), {
      name: 'RecordRefused',
      message: `${there} is there already; nothing is written over it`,
    });
    assert.equal(readFileSync(there, 'utf8'), 'Dear diary');
    writeFileSync(join(folder, 'gone.db-wal'), 'of another record');
    await assert.rejects(store.backup(join(folder, 'gone.db')), {
      name: 'RecordRefused',
      message: /gone\.db-wal is there already/,
    });
    await assert.rejects(store.backup(join(folder, 'no', 'folder.db')), {
      name: 'RecordRefused',
      message: /folder\.db cannot be written: ENOENT/,
    });
    assert.deepEqual(readdirSync(folder).toSorted(), ['gone.db-wal', 'there.db']);
  });
}

test('a record in memory can be backed up too', async (t) => {
  const store = await openStore(':memory:');
  t.after(() => store.close());
  await startRun(store, POOL01);
  const to = join(newFolder(t), 'backup.db');
  await store.backup(to);
  assert.equal(rowsIn(to)['runs']?.length, 1);
});

test('a record is still ours alone after it was backed up', async (t) => {
  const folder = newFolder(t);
  const file = join(folder, 'lifeguard.db');
  const store = await openStore(file);
  t.after(() => store.close());
  await store.backup(join(folder, 'backup.db'));
  assert.throws(() => new DatabaseSync(file, { timeout: 0 }).exec('select * from runs'), /database is locked/);
  await assert.rejects(store.backup(file), { name: 'RecordRefused', message: /is there already/ });
  assert.equal(await startRun(store, POOL01), 1);
});

postgresTest('a record on PostgreSQL is backed up by whoever reaches it, leader or not', async (t) => {
  const url = await newDatabase();
  const store = await openAt(url);
  t.after(() => store.close());
  await fill(store);
  const to = join(newFolder(t), 'backup.db');
  await backupPostgres(url, to);
  assert.equal(rowsIn(to)['journal']?.length, 453);
});

postgresTest('a database without a record, one of an older Lifeguard and one of another program are not backed up', async (t) => {
  const folder = newFolder(t);
  for (const [statements, because] of [
    [[], /is not there yet/],
    [RELEASE_001, /was written by an older Lifeguard; that one can back it up/],
    [RELEASE_003, /was written by an older Lifeguard; that one can back it up/],
    [['create table orders (id integer)'], /it is the database of another program/],
  ] as const) {
    const url = await newDatabase();
    await asAdministrator(statements.join(';'), url);
    await assert.rejects(backupPostgres(url, join(folder, 'backup.db')), { name: 'RecordRefused', message: because });
  }
  assert.deepEqual(readdirSync(folder), []);
});

postgresTest('a backup that breaks off half way leaves nothing', async (t) => {
  const url = await newDatabase();
  const store = await openAt(url);
  t.after(() => store.close());
  await fill(store);
  await asAdministrator('update alive set at = 9007199254740993', url);
  const folder = newFolder(t);
  await assert.rejects(store.backup(join(folder, 'backup.db')), {
    name: 'RecordRefused',
    message: /9007199254740993 in the record/,
  });
  assert.deepEqual(readdirSync(folder), []);
});
