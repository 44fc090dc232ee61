import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { operationsAsRuns } from './as-runs.ts';
import { delivery, event, operation, POOL01, POOL02, reading, startOperation, startRun } from './samples.ts';

/** Where one record lives. */
export interface RecordPlace {
  open(): Promise<OpenedStore>;
}

/** A fresh record, closed when the test ends. */
export async function opened(t: TestContext, place: (t: TestContext) => RecordPlace): Promise<OpenedStore> {
  const store = await place(t).open();
  t.after(() => store.close());
  return store;
}

/** Every promise of the `Store` port about journals: of runs, of operations on whole pools, and of one beside the other. */
export function journalContract(name: string, place: (t: TestContext) => RecordPlace): void {
  const operations = (t: TestContext) => {
    const record = place(t);
    return { open: async () => operationsAsRuns(await record.open()) };
  };
  for (const contract of [runContract, deliveryContract, concurrencyContract]) {
    contract(name, place);
    contract(`${name}, operations on whole pools`, operations);
  }
  operationContract(name, place);
}

function operationContract(name: string, place: (t: TestContext) => RecordPlace): void {
  test(`${name}: a run and an operation of one pool are numbered and ended each by itself`, async (t) => {
    const store = await opened(t, place);
    const run = await startRun(store, POOL01);
    assert.equal(await startOperation(store, POOL01), 1);
    assert.equal(await store.append(run, 1, event('ended', 4), null), 'appended');
    assert.deepEqual(await store.activeOperations(), [{ run: 1, pool: POOL01, ended: false }]);
    assert.deepEqual(await store.activeRuns(), []);
    assert.deepEqual(await store.readOperation(1), [operation('requested', 1)]);
  });

  test(`${name}: what a run has heard an operation does not hear again, and the other way round`, async (t) => {
    const store = await opened(t, place);
    assert.equal((await store.openRun(POOL01, event('requested', 1), delivery('D1'))).kind, 'opened');
    assert.deepEqual(await store.openOperation(POOL01, operation('requested', 1), delivery('D1')), { kind: 'heard-before' });
    assert.equal((await store.openOperation(POOL01, operation('requested', 1), delivery('D2'))).kind, 'opened');
    assert.equal(await store.append(1, 1, event('approved', 2), delivery('D2')), 'heard-before');
    assert.equal(await store.append(1, 1, event('approved', 2), delivery('D3')), 'appended');
    assert.equal(await store.appendOperation(1, 1, operation('approved', 2), delivery('D3')), 'heard-before');
  });
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
    await assert.rejects(store.append(99, 0, event('held', 2), delivery('gap')), /no (?:run|operation) 99/);
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
