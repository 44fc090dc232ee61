import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personId } from '../../src/domain/pool.ts';
import type { Store } from '../../src/ports.ts';
import { Night } from '../session/night.ts';

const POOL = '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 patch by-command';
const FREEZE = { by: personId('eve'), at: 0, because: 'storage drill' };
const freeze = async (store: Store) => assert.equal(await store.setFreeze(FREEZE, { id: 'elsewhere', at: 0 }), 'set');
const kinds = ({ events }: Night): readonly string[] => events.map(({ kind }) => kind);

/** Everything is frozen in the record, and no run is told of it. */
function nothingWasDone(night: Night): void {
  assert.deepEqual(night.effects, []);
  assert.ok(!kinds(night).includes('step-started'), kinds(night).join());
  assert.deepEqual(night.run.frozen, FREEZE);
  assert.ok([...night.shown.values()].some((text) => text.includes('FROZEN by eve 00:00: storage drill')));
}

test('frozen with the last look before a stop: the run learns it from the record alone, and no step is begun', async () => {
  const night = new Night(POOL, null);
  let done = false;
  night.intruder = async (store, _run, _seq, event) => {
    if (!done && event.kind === 'server-observed') await freeze(store);
    done ||= event.kind === 'server-observed';
    return null;
  };
  await night.pass('upgrade pool01 domains 1');
  nothingWasDone(night);
});

test('frozen when the stop is already decided: the record is asked once more, and no step is begun', async () => {
  const night = new Night(POOL, null);
  let looks: 'not yet' | 'done' | 'frozen' = 'not yet';
  night.intruder = async (_store, _run, _seq, event) => {
    if (looks === 'not yet' && event.kind === 'server-observed') looks = 'done';
    return null;
  };
  night.told = async (store) => {
    if (looks !== 'done') return;
    looks = 'frozen';
    await freeze(store);
  };
  await night.pass('upgrade pool01 domains 1');
  nothingWasDone(night);
});

test('a run that is opened while somebody freezes everything learns of it before it is asked about', async () => {
  const night = new Night(POOL, null);
  let done = false;
  night.intruder = async (store) => {
    if (!done) await freeze(store);
    done = true;
    return null;
  };
  await night.pass('upgrade pool01 domains 1');
  assert.ok(kinds(night).includes('frozen') && !kinds(night).includes('approval-requested'), kinds(night).join());
  nothingWasDone(night);
});
