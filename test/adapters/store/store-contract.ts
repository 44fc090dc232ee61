import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { READINGS_KEPT } from '../../../src/domain/readiness.ts';
import { NOTHING_WATCHED } from '../../../src/domain/watch.ts';
import { journalContract, opened, type RecordPlace } from './journal-contract.ts';
import {
  delivery,
  event,
  FREEZE,
  operation,
  POOL01,
  POOL02,
  reading,
  SIGHTING,
  startOperation,
  startRun,
  THAW,
} from './samples.ts';

/** Every promise of the `Store` port, for whatever database stands behind it. */
export function storeContract(name: string, place: (t: TestContext) => RecordPlace): void {
  journalContract(name, place);
  poolContract(name, place);
  freezeContract(name, place);
  watchContract(name, place);
}

function poolContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: readings belong to their pool, newest last`, async (t) => {
    const store = await opened(t, place);
    const readings = [
      reading(10, 'Busy'),
      reading(30, null),
      // The clock was set back: the order in which they were taken is what counts.
      reading(20, 'InsufficientActiveFrontEnds', true),
      reading(20, 'Ready'),
    ];
    for (const reading of readings) await store.addReading(POOL01, reading);
    assert.deepEqual(await store.readings(POOL01), readings);
    assert.deepEqual(await store.readings(POOL02), []);
  });

  test(`${name}: the newest ${READINGS_KEPT} readings are returned`, async (t) => {
    const store = await opened(t, place);
    for (let at = 0; at < READINGS_KEPT + 5; at += 1) await store.addReading(POOL01, reading(at, 'Busy'));
    const kept = await store.readings(POOL01);
    assert.deepEqual([kept.length, kept[0]?.at, kept.at(-1)?.at], [READINGS_KEPT, 5, READINGS_KEPT + 4]);
  });

  test(`${name}: a pool has one last look`, async (t) => {
    const store = await opened(t, place);
    await store.saveLook(POOL01, SIGHTING);
    await store.saveLook(POOL01, { ...SIGHTING, at: 6 });
    assert.deepEqual(await store.lastLook(POOL01), { ...SIGHTING, at: 6 });
    assert.equal(await store.lastLook(POOL02), null);
  });

  test(`${name}: what is posted is kept per key and place, the newest only`, async (t) => {
    const store = await opened(t, place);
    await store.savePosted('run-1', 'console', { messageId: '1', digest: 'a' });
    await store.savePosted('run-1', 'slack:C1', { messageId: '2', digest: 'a' });
    await store.savePosted('run-1', 'console', { messageId: '3', digest: 'b' });
    assert.deepEqual(await store.posted('run-1', 'console'), { messageId: '3', digest: 'b' });
    assert.deepEqual(await store.posted('run-1', 'slack:C1'), { messageId: '2', digest: 'a' });
    assert.equal(await store.posted('run-2', 'console'), null);
  });

  test(`${name}: the bot was last alive when it last said so`, async (t) => {
    const store = await opened(t, place);
    await store.sayAlive(1_900_000_000_000);
    await store.sayAlive(1_900_000_001_000);
    assert.equal(await store.lastAlive(), 1_900_000_001_000);
  });
}

function watchContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: what a watch remembers comes back word for word, each pool's its own`, async (t) => {
    const store = await opened(t, place);
    assert.deepEqual(await store.watched(POOL01), { seq: 0, watched: NOTHING_WATCHED });
    const mute = { by: FREEZE.by, at: 1_900_000_000_000, until: 1_900_000_000_001, because: 'café "drill" \\ \n 😀' };
    const watched = { ...NOTHING_WATCHED, mute };
    assert.equal(await store.saveWatched(POOL01, 0, watched, delivery('D1')), 'saved');
    assert.deepEqual(await store.watched(POOL01), { seq: 1, watched });
    assert.deepEqual(await store.watched(POOL02), { seq: 0, watched: NOTHING_WATCHED });
  });

  test(`${name}: of two changes that were decided on the same, one is decided again`, async (t) => {
    const store = await opened(t, place);
    const looked = { ...NOTHING_WATCHED, lookedAt: 5 };
    assert.equal(await store.saveWatched(POOL01, 0, looked, null), 'saved');
    assert.equal(await store.saveWatched(POOL01, 0, { ...looked, lookedAt: 6 }, delivery('D1')), 'taken');
    assert.deepEqual(await store.watched(POOL01), { seq: 1, watched: looked });
    assert.equal(await store.saveWatched(POOL01, 1, { ...looked, lookedAt: 6 }, delivery('D1')), 'saved');
    assert.equal(await store.saveWatched(POOL01, 2, looked, delivery('D1')), 'heard-before');
    assert.deepEqual(await store.watched(POOL01), { seq: 2, watched: { ...looked, lookedAt: 6 } });
  });
}

function freezeContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: a freeze stands, word for word, until it is ended; then who ended it is known`, async (t) => {
    const store = await opened(t, place);
    assert.equal(await store.setFreeze(FREEZE, delivery('D1')), 'set');
    assert.deepEqual([await store.freeze(), await store.lastThaw()], [FREEZE, null]);
    assert.equal(await store.endFreeze(THAW, delivery('D2')), 'set');
    assert.deepEqual([await store.freeze(), await store.lastThaw()], [null, THAW]);
    const again = { ...FREEZE, at: 9, because: 'once more' };
    assert.equal(await store.setFreeze(again, delivery('D3')), 'set');
    assert.deepEqual([await store.freeze(), await store.lastThaw()], [again, null]);
  });

  test(`${name}: a freeze of what is frozen changes nothing, and neither does the end of none`, async (t) => {
    const store = await opened(t, place);
    assert.equal(await store.endFreeze(THAW, delivery('D1')), 'as-it-is');
    assert.equal(await store.lastThaw(), null);
    assert.equal(await store.setFreeze(FREEZE, delivery('D2')), 'set');
    assert.equal(await store.setFreeze({ ...FREEZE, because: 'another' }, delivery('D3')), 'as-it-is');
    assert.deepEqual(await store.freeze(), FREEZE);
    assert.equal(await store.endFreeze(THAW, delivery('D1')), 'set', 'a delivery that changed nothing may be decided again');
  });

  test(`${name}: a freeze that is delivered twice does not freeze again what was thawed meanwhile`, async (t) => {
    const store = await opened(t, place);
    assert.equal(await store.setFreeze(FREEZE, delivery('D1')), 'set');
    assert.equal(await store.setFreeze(FREEZE, delivery('D1')), 'heard-before');
    assert.equal(await store.endFreeze(THAW, delivery('D2')), 'set');
    assert.equal(await store.setFreeze(FREEZE, delivery('D1')), 'heard-before');
    assert.equal(await store.endFreeze(THAW, delivery('D2')), 'heard-before');
    assert.equal(await store.freeze(), null);
  });

  test(`${name}: of many who freeze at once exactly one does, and its words stand`, async (t) => {
    const store = await opened(t, place);
    const rivals = Array.from({ length: 10 }, (_, at) => ({ ...FREEZE, at }));
    const answers = await Promise.all(rivals.map((freeze) => store.setFreeze(freeze, delivery(`D${freeze.at}`))));
    assert.deepEqual(answers.toSorted(), [...Array.from({ length: 9 }, () => 'as-it-is'), 'set']);
    assert.deepEqual(await store.freeze(), rivals[answers.indexOf('set')]);
  });
}

/** For a record that is kept: `open` again, after closing, is the same record. */
export function reopenContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: everything is there when the record is opened again`, async (t) => {
    const where = place(t);
    const before = await where.open();
    const run = await startRun(before, POOL01);
    await before.append(run, 1, event('held', 2), delivery('D1'));
    const number = await startOperation(before, POOL01);
    await before.appendOperation(number, 1, operation('held', 6), delivery('D3'));
    await before.addReading(POOL01, reading(3, null, true));
    await before.saveLook(POOL01, SIGHTING);
    await before.savePosted('run-1', 'console', { messageId: '1', digest: 'a' });
    await before.sayAlive(4);
    await before.setFreeze(FREEZE, delivery('D2'));
    await before.close();
    await assert.rejects(before.read(run), 'a closed record answers nothing');

    const after = await where.open();
    t.after(() => after.close());
    assert.deepEqual(await after.activeRuns(), [{ run, pool: POOL01, ended: false }]);
    assert.deepEqual(await after.read(run), [event('requested', 1), event('held', 2)]);
    assert.equal(await after.append(run, 2, event('held', 2), delivery('D1')), 'heard-before');
    assert.deepEqual(await after.openRun(POOL01, event('requested', 5), null), { kind: 'active', run });
    assert.deepEqual(await after.activeOperations(), [{ run: number, pool: POOL01, ended: false }]);
    assert.deepEqual(await after.readOperation(number), [operation('requested', 1), operation('held', 6)]);
    assert.equal(await after.appendOperation(number, 2, operation('held', 6), delivery('D3')), 'heard-before');
    assert.deepEqual(await after.openOperation(POOL01, operation('requested', 5), null), { kind: 'active', run: number });
    assert.deepEqual(await after.readings(POOL01), [reading(3, null, true)]);
    assert.deepEqual(await after.lastLook(POOL01), SIGHTING);
    assert.deepEqual(await after.posted('run-1', 'console'), { messageId: '1', digest: 'a' });
    assert.equal(await after.lastAlive(), 4);
    assert.deepEqual(await after.freeze(), FREEZE);
    assert.equal(await after.setFreeze(FREEZE, delivery('D2')), 'heard-before');
  });
}
