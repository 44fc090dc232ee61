import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { restore } from '../../../src/adapters/store/restore.ts';
import { MIGRATION_NAMES } from '../../../src/adapters/store/schema.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { asAdministrator, newDatabase, openAt, postgresTest } from './databases.ts';
import { change, KINDS, newFolder, rowsIn, tear } from './places.ts';
import { RELEASE_001 } from './release-001.ts';
import { RELEASE_003 } from './release-003.ts';
import { delivery, event, FREEZE, operation, POOL01, POOL02, reading, SIGHTING, startOperation, startRun } from './samples.ts';

/** A backup of a record in the middle of run 2, and what is in it. */
async function aBackup(t: TestContext): Promise<string> {
  const store = await openStore(':memory:');
  const first = await startRun(store, POOL02);
  await store.append(first, 1, event('ended', 2), null);
  const run = await startRun(store, POOL01);
  for (let seq = 1; seq <= 450; seq += 1) {
    await store.append(run, seq, event('noted', 1_900_000_000_000 + seq, { text: `é😀 ${seq}` }), delivery(`D${seq}`));
  }
  const done = await startOperation(store, POOL01);
  await store.appendOperation(done, 1, operation('ended', 2), delivery('done'));
  await startOperation(store, POOL01);
  for (let at = 0; at < 3; at += 1) await store.addReading(POOL01, reading(at, 'Busy'));
  await store.saveLook(POOL01, SIGHTING);
  await store.savePosted('run-2', 'slack:C1', { messageId: '17.1', digest: 'a' });
  await store.sayAlive(1_900_000_000_000);
  await store.setFreeze(FREEZE, delivery('freeze'));
  const file = join(newFolder(t), 'backup.db');
  await store.backup(file);
  await store.close();
  return file;
}

const refusedWith = (message: RegExp) => ({ name: 'RecordRefused', message });

for (const [kind, newPlace] of KINDS) {
  test(`${kind}: a record that is restored in the middle of a run goes on from there`, async (t) => {
    const backup = await aBackup(t);
    const before = readFileSync(backup);
    const place = await newPlace(t);
    await restore(backup, place.into);
    assert.deepEqual(readFileSync(backup), before, 'the backup stays as it is');
    assert.deepEqual(await place.rows(), rowsIn(backup));

    const store = await place.open();
    t.after(() => store.close());
    assert.deepEqual(await store.activeRuns(), [{ run: 2, pool: POOL01, ended: false }]);
    assert.equal((await store.read(2)).length, 451);
    assert.deepEqual(await store.openRun(POOL01, event('requested', 9), null), { kind: 'active', run: 2 });
    assert.equal(await store.append(2, 450, event('noted', 9), null), 'taken');
    assert.equal(await store.append(2, 451, event('noted', 9), delivery('D450')), 'heard-before');
    assert.equal(await store.append(2, 451, event('noted', 9), delivery('D451')), 'appended');
    assert.equal(await startRun(store, POOL02), 3, 'a run number is never used again');
    assert.deepEqual(await store.activeOperations(), [{ run: 2, pool: POOL01, ended: false }]);
    assert.deepEqual(await store.readOperation(1), [operation('requested', 1), operation('ended', 2)]);
    assert.equal(await store.appendOperation(2, 1, operation('held', 9), delivery('done')), 'heard-before');
    assert.equal(await store.appendOperation(2, 1, operation('held', 9), null), 'appended');
    await store.addReading(POOL01, reading(3, 'Ready'));
    assert.deepEqual((await store.readings(POOL01)).at(-1), reading(3, 'Ready'));
    assert.deepEqual(await store.freeze(), FREEZE);
  });

  test(`${kind}: a record is not restored over another one`, async (t) => {
    const backup = await aBackup(t);
    const place = await newPlace(t);
    const store = await place.open();
    await store.sayAlive(1);
    await store.close();
    const before = await place.rows();
    await assert.rejects(restore(backup, place.into), refusedWith(/nothing is written over it/));
    assert.deepEqual(await place.rows(), before);
  });

  for (const [release, older] of [
    ['0.1.0', RELEASE_001],
    ['before operations on whole pools', RELEASE_003],
  ] as const)
    test(`${kind}: the backup of an older Lifeguard, ${release}, is brought up to this version`, async (t) => {
      const backup = join(newFolder(t), 'backup.db');
      change(backup, older);
      const place = await newPlace(t);
      await restore(backup, place.into);
      const names = (await place.rows())['migrations']?.map((row) => 'name' in row && row.name);
      assert.deepEqual(names, MIGRATION_NAMES);
      const store = await place.open();
      t.after(() => store.close());
      assert.deepEqual(await store.activeRuns(), [{ run: 2, pool: POOL01, ended: false }]);
      assert.equal((await store.read(2)).length, 2);
      assert.equal(await startOperation(store, POOL01), 1);
    });

  for (const [what, spoil, because] of [
    ['that is not there', () => {}, /cannot be opened/],
    ['that is empty', (file: string) => writeFileSync(file, ''), /is empty/],
    ['that is no database', (file: string) => writeFileSync(file, 'Dear diary, '.repeat(1_000)), /backup\.db is damaged, or/],
    ['of another program', (file: string) => change(file, ['create table orders (id integer)']), /of another program/],
    [
      'of a newer Lifeguard',
      (file: string) => change(file, [...RELEASE_001, `insert into migrations values ('999-later', '')`]),
      /it was written by a newer Lifeguard, whose 999-later/,
    ],
    [
      'that is torn',
      (file: string) => {
        change(file, RELEASE_001);
        tear(file, 'journal');
      },
      /pool record .*backup\.db is damaged/,
    ],
  ] as const) {
    test(`${kind}: a backup ${what} is refused and leaves no record`, async (t) => {
      const backup = join(newFolder(t), 'backup.db');
      spoil(backup);
      const place = await newPlace(t);
      await assert.rejects(restore(backup, place.into), refusedWith(because));
      if ('file' in place.into) assert.equal(existsSync(place.into.file), false);
      else assert.deepEqual(await place.rows(), {});
    });
  }
}

test('a record that somebody works on is no backup', async (t) => {
  const folder = newFolder(t);
  const file = join(folder, 'lifeguard.db');
  const store = await openStore(file);
  t.after(() => store.close());
  await startRun(store, POOL01);
  await assert.rejects(restore(file, { file: join(folder, 'new.db') }), refusedWith(/another Lifeguard has pool record .* open/));
});

test('a log that is left of a lost record is not read into the restored one', async (t) => {
  const folder = newFolder(t);
  const file = join(folder, 'lifeguard.db');
  writeFileSync(`${file}-wal`, 'of the lost record');
  await assert.rejects(restore(await aBackup(t), { file }), refusedWith(/lifeguard\.db-wal is there already/));
  assert.deepEqual(readdirSync(folder), ['lifeguard.db-wal']);
});

postgresTest('a backup of PostgreSQL becomes a SQLite record, and the other way round', async (t) => {
  const [from, to] = [await newDatabase(), await newDatabase()];
  const backup = await aBackup(t);
  await restore(backup, { url: from });
  const folder = newFolder(t);
  const store = await openAt(from);
  await store.backup(join(folder, 'second.db'));
  await store.close();
  await restore(join(folder, 'second.db'), { file: join(folder, 'lifeguard.db') });
  await restore(join(folder, 'second.db'), { url: to });
  assert.deepEqual(rowsIn(join(folder, 'lifeguard.db')), rowsIn(backup));
});

postgresTest('a record that was made and never written to may be restored into', async (t) => {
  const url = await newDatabase();
  await (await openAt(url)).close();
  await restore(await aBackup(t), { url });
  const store = await openAt(url);
  t.after(() => store.close());
  assert.equal((await store.read(2)).length, 451);
});

postgresTest('a database that a Lifeguard works on, or another program has, is not restored into', async (t) => {
  const backup = await aBackup(t);
  const [led, strange] = [await newDatabase(), await newDatabase()];
  const store = await openAt(led);
  t.after(() => store.close());
  await assert.rejects(restore(backup, { url: led }), refusedWith(/a Lifeguard works on pool record in .*; stop it first/));
  await asAdministrator('create table orders (id integer)', strange);
  await assert.rejects(restore(backup, { url: strange }), refusedWith(/it is the database of another program/));
});

postgresTest('a restore that breaks off half way leaves a record without a row, and may be tried again', async (t) => {
  const backup = await aBackup(t);
  const [broken, url] = [join(newFolder(t), 'broken.db'), await newDatabase()];
  await restore(backup, { file: broken });
  // SQLite takes the zero character in a text, which PostgreSQL does not.
  change(broken, ["insert into posted values ('run-3', 'console', char(0), 'b')"]);
  await assert.rejects(restore(broken, { url }), refusedWith(/invalid byte sequence/));
  assert.equal((await asAdministrator('select * from runs', url)).length, 0);
  await restore(backup, { url });
  assert.equal((await asAdministrator('select * from runs', url)).length, 2);
});
