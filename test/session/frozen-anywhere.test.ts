import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import { type Kill, Night } from './night.ts';

const POOL = '! pool pool01 version 2015 servers 4 domains fe1,fe2|fe3|fe4 patch by-command';

async function nightOf(freezeAfter: number | null, kill: Kill | null): Promise<Night> {
  const night = new Night(POOL, kill, freezeAfter);
  await night.pass('upgrade pool01 domains 1');
  return night;
}
const undisturbed = await nightOf(null, null);
const settledAt = undisturbed.events.findIndex(({ kind }) => kind === 'settled');
/** Neighbouring looks are alike: every other event is enough, and half the time. */
const EVERY_OTHER = 2;

test('frozen for half an hour anywhere: nothing is done meanwhile, and afterwards the same things happen, each once', async () => {
  for (let after = 1; after < settledAt; after += EVERY_OTHER) {
    const night = await nightOf(after, null);
    const where = `frozen after event ${after}, ${undisturbed.events[after - 1]?.kind}`;
    assert.deepEqual(night.whileFrozen, [], where);
    assert.deepEqual(night.effects, undisturbed.effects, where);
    assert.equal(night.run.ended?.ending.how, 'finished', where);
    const told = night.events.filter(({ kind }) => kind === 'frozen' || kind === 'thawed').map(({ kind }) => kind);
    assert.deepEqual(told, ['frozen', 'thawed'], where);
  }
});

/** Just before the first step, and with a step under way and more to come. */
const FROZEN_AFTER = [
  ['the yes', undisturbed.events.findIndex(({ kind }) => kind === 'approved') + 1],
  [
    'the first patch began',
    undisturbed.events.findIndex((event) => event.kind === 'step-started' && event.step.action === 'patch') + 1,
  ],
] as const;
for (const [what, after] of FROZEN_AFTER) {
  for (const [when, away] of [
    ['before', minutes(0)],
    ['after', minutes(9)],
  ] as const) {
    test(`frozen after ${what}, killed ${when} any event until past the thaw, away for ${away / minutes(1)} minutes: each once`, async () => {
      const frozen = await nightOf(after, null);
      const thawedAt = frozen.events.findIndex(({ kind }) => kind === 'thawed');
      for (let seq = after; seq < thawedAt + 8; seq += 1) {
        const night = await nightOf(after, { seq, when, away });
        const cut = `killed ${when} event ${seq}, ${frozen.events[seq]?.kind}`;
        assert.deepEqual(night.whileFrozen, [], cut);
        assert.deepEqual(night.effects, frozen.effects, cut);
        assert.equal(night.run.ended?.ending.how, 'finished', cut);
        for (const kind of ['frozen', 'thawed'])
          assert.equal(night.events.filter((event) => event.kind === kind).length, 1, `${cut}: ${kind}`);
        assert.deepEqual(
          [...night.posts].filter(([, times]) => times > 1),
          [],
          cut,
        );
      }
    });
  }
}
