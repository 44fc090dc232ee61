import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personId } from '../../src/domain/pool.ts';
import { minutes } from '../../src/domain/time.ts';
import type { Store } from '../../src/ports.ts';
import { OperationNight } from '../session/operation-night.ts';

const DOWN = ['! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3', '! whole-pool down'];
const FREEZE = { by: personId('eve'), at: 0, because: 'storage drill' };
const freeze = async (store: Store) => assert.equal(await store.setFreeze(FREEZE, { id: 'elsewhere', at: 0 }), 'set');
const kinds = ({ events }: OperationNight): readonly string[] => events.map(({ kind }) => kind);
/** The look under the yes is the last thing before the call. */
const lookedUnderYes = (night: OperationNight): boolean => kinds(night).join().endsWith('approved,looked');

test('frozen with the last look before the call: it is not made', async () => {
  const night = new OperationNight(DOWN, null);
  let done = false;
  night.written = async (store) => {
    if (done || !lookedUnderYes(night)) return;
    done = true;
    await freeze(store);
  };
  await night.pass('start pool01');
  assert.deepEqual(night.effects, []);
  assert.ok(done && !kinds(night).includes('step-started'), kinds(night).join());
});

test('frozen when the call is already decided: the record is asked once more, and it is not made', async () => {
  const night = new OperationNight(DOWN, null);
  let reads = 0;
  night.read = async (store) => {
    if (!lookedUnderYes(night)) return;
    reads += 1;
    // The first is for the card, the second is what the call is decided on.
    if (reads === 2) await freeze(store);
  };
  await night.pass('start pool01');
  assert.deepEqual(night.effects, []);
  assert.ok(reads > 2 && !kinds(night).includes('step-started'), kinds(night).join());
});

test('whoever stood still after writing that it begins tells nobody; a look finds it not done, and it is made once', async () => {
  const night = new OperationNight(DOWN, null);
  let stood = 0;
  night.written = async (_store, event) => {
    if (event.kind !== 'step-started' || stood > 0) return;
    stood += 1;
    assert.deepEqual(night.effects, []);
    night.world.moveTo(night.world.now() + minutes(2));
  };
  await night.pass('start pool01');
  assert.equal(night.effects.length, 1);
  const ends = night.events.flatMap((event) => (event.kind === 'step-ended' ? [event.conclusion] : []));
  assert.deepEqual(ends, ['not-done', 'done']);
});

test('the server refuses what it cannot do, and that holds with its words', async () => {
  const night = new OperationNight(DOWN, null);
  night.written = async () => {
    if (lookedUnderYes(night)) for (const pool of night.world.pools) Object.assign(pool, { version: '2013' });
  };
  await night.pass('start pool01');
  const reason = night.operation.held?.reason;
  assert.ok(reason?.kind === 'refused' && /Start-CsPool/.test(reason.because), JSON.stringify(reason));
});
