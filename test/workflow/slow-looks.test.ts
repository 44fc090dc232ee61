import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '../../src/domain/time.ts';
import { Night } from '../session/night.ts';

const POOL = '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 patch by-command';

/** A night in which these readings take so long, each. */
async function slowNight(readings: Night['slow']['readings'], by: number): Promise<Night> {
  const night = new Night(POOL, null);
  night.slow = { readings, by };
  await night.pass('upgrade pool01 domains 1');
  return night;
}

test('readings of ten seconds hold nothing up', async () => {
  assert.equal((await slowNight(['services', 'server'], seconds(10))).run.ended?.ending.how, 'finished');
});
for (const readings of [['services'], ['server']] as const) {
  test(`a pool whose ${readings} take longer than a minute to read is a person's after three looks, and nothing is done in it`, async () => {
    const night = await slowNight(readings, seconds(61));
    assert.equal(night.run.held?.reason.kind, 'looks-too-slow');
    assert.deepEqual(night.effects, []);
    const first = night.events[0]?.at ?? 0;
    assert.ok((night.run.held?.at ?? 0) - first < minutes(15), 'it is said soon');
  });
}
test('so is one of which each look is fresh, and never both that a stop needs', async () => {
  const night = await slowNight(['services', 'server'], seconds(40));
  assert.equal(night.run.held?.reason.kind, 'looks-too-slow');
  assert.deepEqual(night.effects, []);
});
test('a pool that answers slowly once its servers are back settles all the same', async () => {
  const night = new Night(POOL, null);
  night.intruder = async (_store, _run, _seq, { kind }) => {
    if (kind === 'server-back') night.slow = { readings: ['services'], by: seconds(70) };
    if (kind === 'settled') night.slow = { readings: [], by: 0 };
    return null;
  };
  await night.pass('upgrade pool01 domains 1');
  assert.equal(night.run.ended?.ending.how, 'finished');
});
