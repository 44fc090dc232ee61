import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { READINGS_KEPT } from '../../../src/domain/readiness.ts';
import { NOTHING_WATCHED } from '../../../src/domain/watch.ts';
import { delivery, event, FREEZE, POOL01, POOL02, reading, SIGHTING, startRun, THAW } from './samples.ts';

/** Where one record lives. */
export interface RecordPlace {
  open(): Promise<OpenedStore>;
}

/** A fresh record, closed when the test ends. */
async function opened(t: TestContext, place: (t: TestContext) => RecordPlace): Promise<OpenedStore> {
  const store = await place(t).open();
  t.after(() => store.close());
  return store;
}

/** Every promise of the `Store` port, for whatever database stands behind it. */
export function storeContract(name: string, place: (t: TestContext) => RecordPlace): void {
  runContract(name, place);
  deliveryContract(name, place);
  concurrencyContract(name, place);
  poolContract(name, place);
  freezeContract(name, place);
  watchContract(name, place);
}

function runContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: a new record knows nothing`, async (t) => {
    const store = await opened(t, place);
    assert.deepEqual(await store.activeRuns(), []);
    assert.deepEqual(await store.runsOf(POOL01, 10), []);
    assert.deepEqual(await store.readings(POOL01), []);
    assert.deepEqual(await store.read(1), []);
    assert.equal(await store.lastLook(POOL01), null);
    assert.equal(await store.posted('run-1', 'console'), null);
    assert.equal(await store.lastAlive(), null);
    assert.equal(await store.freeze(), null);
    assert.equal(await store.lastThaw(), null);
  });

  test(`${name}: a journal comes back in order and word for word`, async (t) => {
    const store = await opened(t, place);
    const first = event('requested', 1_900_000_000_123, {
      by: 'dana',
      said: 'café "quoted" \\ \n 😀',
      deep: { list: [1, null, true] },
    });
    const second = event('held', 1_900_000_000_124, { because: 'x'.repeat(100_000) });
    assert.deepEqual(await store.openRun(POOL01, first, null), { kind: 'opened', run: 1 });
    assert.equal(await store.append(1, 1, second, null), 'appended');
    assert.deepEqual(await store.read(1), [first, second]);
  });

  test(`${name}: a pool has one run at a time, and another pool its own`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    assert.deepEqual(await store.openRun(POOL01, event('requested', 2), null), { kind: 'active', run });
    assert.notEqual(await startRun(store, POOL02), run);
    assert.deepEqual(await store.read(run), [event('requested', 1)]);
  });

  test(`${name}: an ended run frees its pool, and only its own`, async (t) => {
    const store = await opened(t, place);
    const first = await startRun(store, POOL01);
    const other = await startRun(store, POOL02);
    assert.equal(await store.append(first, 1, event('ended', 3), null), 'appended');
    assert.deepEqual(await store.activeRuns(), [{ run: other, pool: POOL02, ended: false }]);
    const second = await startRun(store, POOL01);
    assert.ok(second > other, 'a run number is never used again');
    assert.deepEqual(await store.activeRuns(), [
      { run: other, pool: POOL02, ended: false },
      { run: second, pool: POOL01, ended: false },
    ]);
    assert.deepEqual(await store.runsOf(POOL01, 10), [
      { run: second, pool: POOL01, ended: false },
      { run: first, pool: POOL01, ended: true },
    ]);
    assert.deepEqual(await store.runsOf(POOL01, 1), [{ run: second, pool: POOL01, ended: false }]);
  });

  test(`${name}: a place in the journal that is taken stays as it is`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    assert.equal(await store.append(run, 0, event('ended', 2), null), 'taken');
    assert.deepEqual(await store.read(run), [event('requested', 1)]);
    assert.equal((await store.activeRuns()).length, 1, 'an ended event that was not kept ends nothing');
  });

  test(`${name}: a gap, no place at all and an unknown run are bugs`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    for (const seq of [2, -1, 1.5, Number.NaN]) {
      await assert.rejects(store.append(run, seq, event('held', 2), delivery('gap')), /is not next/);
    }
    await assert.rejects(store.append(99, 0, event('held', 2), delivery('gap')), /no run 99/);
    assert.equal(await store.append(run, 1, event('held', 2), delivery('gap')), 'appended', 'what failed has not been heard');
    assert.equal((await store.read(run)).length, 2);
  });
}

function deliveryContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: the same delivery twice is heard once, on any run`, async (t) => {
    const store = await opened(t, place);
    assert.deepEqual(await store.openRun(POOL01, event('requested', 1), delivery('D1')), { kind: 'opened', run: 1 });
    assert.deepEqual(await store.openRun(POOL01, event('requested', 1), delivery('D1')), { kind: 'heard-before' });
    assert.deepEqual(await store.openRun(POOL02, event('requested', 1), delivery('D1')), { kind: 'heard-before' });
    assert.equal(await store.append(1, 1, event('approved', 2), delivery('D1')), 'heard-before');
    assert.equal(await store.append(1, 1, event('approved', 2), delivery('D2')), 'appended');
    assert.equal(
      await store.append(1, 1, event('approved', 2), delivery('D2')),
      'heard-before',
      'not "taken": it was this very one',
    );
    assert.equal(await store.append(1, 2, event('approved', 2), delivery('D2')), 'heard-before');
    assert.equal((await store.read(1)).length, 2);
    assert.equal((await store.activeRuns()).length, 1);
  });

  test(`${name}: a delivery that caused no event may be decided again`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    assert.deepEqual(await store.openRun(POOL01, event('requested', 2), delivery('D1')), { kind: 'active', run });
    assert.equal(await store.append(run, 0, event('approved', 2), delivery('D1')), 'taken');
    assert.equal(await store.append(run, 1, event('approved', 2), delivery('D1')), 'appended');
  });
}

function concurrencyContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: of many appends to one place exactly one wins, and only its delivery is heard`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    const rivals = Array.from({ length: 20 }, (_, rival) => rival);
    const append = (rival: number, seq: number) => store.append(run, seq, event('approved', rival), delivery(`D${rival}`));
    const answers = await Promise.all(rivals.map((rival) => append(rival, 1)));
    assert.deepEqual(answers.toSorted(), ['appended', ...Array.from({ length: 19 }, () => 'taken')]);
    const winner = answers.indexOf('appended');
    assert.deepEqual(await store.read(run), [event('requested', 1), event('approved', winner)]);
    assert.equal(await append(winner, 2), 'heard-before');
    assert.equal(await append((winner + 1) % 20, 2), 'appended');
  });

  test(`${name}: of many openings of one pool exactly one wins`, async (t) => {
    const store = await opened(t, place);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => store.openRun(POOL01, event('requested', at), null)));
    assert.equal(answers.filter(({ kind }) => kind === 'opened').length, 1);
    assert.equal(answers.filter(({ kind }) => kind === 'active').length, 19);
    assert.equal((await store.runsOf(POOL01, 50)).length, 1);
  });

  test(`${name}: writers in each other's way lose nothing`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    const TURNS_MAX = 200;
    const write = async (writer: number, count: number): Promise<void> => {
      for (let turn = 0, written = 0; written < count; turn += 1) {
        assert.ok(turn < TURNS_MAX, 'a writer never got its turn');
        const { length } = await store.read(run);
        await store.addReading(POOL01, reading(writer * 100 + turn, 'Busy'));
        const answer = await store.append(run, length, event('noted', writer * 100 + written), delivery(`${writer}-${written}`));
        if (answer === 'appended') written += 1;
      }
    };
    await Promise.all([1, 2, 3, 4, 5].map((writer) => write(writer, 8)));
    const ats = (await store.read(run)).slice(1).map(({ at }) => at);
    const expected = [1, 2, 3, 4, 5].flatMap((writer) => Array.from({ length: 8 }, (_, nth) => writer * 100 + nth));
    assert.deepEqual(
      ats.toSorted((left, right) => left - right),
      expected,
    );
  });
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
    assert.deepEqual(await after.readings(POOL01), [reading(3, null, true)]);
    assert.deepEqual(await after.lastLook(POOL01), SIGHTING);
    assert.deepEqual(await after.posted('run-1', 'console'), { messageId: '1', digest: 'a' });
    assert.equal(await after.lastAlive(), 4);
    assert.deepEqual(await after.freeze(), FREEZE);
    assert.equal(await after.setFreeze(FREEZE, delivery('D2')), 'heard-before');
  });
}
