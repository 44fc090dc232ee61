import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/domain/run.ts';
import type { Step } from '../../src/domain/step.ts';
import { minutes } from '../../src/domain/time.ts';
import { type Kill, Night } from './night.ts';

const POOL = '! pool pool01 version 2015 servers 4 domains fe1,fe2|fe3|fe4 patch by-command';
const FAILOVER = '! pool pool01 version 2019 servers 4 domains fe1,fe2|fe3|fe4 patch by-command';

async function nightOf(pool: string, request: string, freezeAfter: number | null, kill: Kill | null): Promise<Night> {
  const night = new Night(pool, kill, freezeAfter);
  await night.pass(request);
  return night;
}
/** Neighbouring looks are alike: every other event is enough, and half the time. */
const EVERY_OTHER = 2;

/** What is taken, and with it the last step before which a freeze is tried together with a kill, besides the first. */
for (const [name, pool, request, last] of [
  ['by upgrade domains', POOL, 'upgrade pool01 domains 1', 'patch'],
  ['by server-failover', FAILOVER, 'upgrade pool01 servers fe2', 'restart'],
] as const) {
  const undisturbed = await nightOf(pool, request, null, null);
  const after = (is: (event: RunEvent) => boolean): number => undisturbed.events.findIndex(is) + 1;
  const begun = (action: Step['action']) => after((event) => event.kind === 'step-started' && event.step.action === action);
  const settledAt = after(({ kind }) => kind === 'settled') - 1;

  test(`${name}, frozen for half an hour anywhere: nothing is done meanwhile, and afterwards the same things happen, each once`, async () => {
    for (let event = 1; event < settledAt; event += EVERY_OTHER) {
      const night = await nightOf(pool, request, event, null);
      const where = `frozen after event ${event}, ${undisturbed.events[event - 1]?.kind}`;
      assert.deepEqual(night.whileFrozen, [], where);
      assert.deepEqual(night.effects, undisturbed.effects, where);
      assert.equal(night.run.ended?.ending.how, 'finished', where);
      const told = night.events.filter(({ kind }) => kind === 'frozen' || kind === 'thawed').map(({ kind }) => kind);
      assert.deepEqual(told, ['frozen', 'thawed'], where);
    }
  });

  // Just before the first step, and with a step under way and more to come.
  for (const [what, event] of [
    ['the yes', after(({ kind }) => kind === 'approved')],
    [`the ${last} began`, begun(last)],
  ] as const) {
    for (const [when, away] of [
      ['before', minutes(0)],
      ['after', minutes(9)],
    ] as const) {
      test(`${name}, frozen after ${what}, killed ${when} any event until past the thaw, away for ${away / minutes(1)} minutes: each once`, async () => {
        const frozen = await nightOf(pool, request, event, null);
        const thawedAt = frozen.events.findIndex(({ kind }) => kind === 'thawed');
        for (let seq = event; seq < thawedAt + 8; seq += 1) {
          const night = await nightOf(pool, request, event, { seq, when, away });
          const cut = `killed ${when} event ${seq}, ${frozen.events[seq]?.kind}`;
          assert.deepEqual(night.whileFrozen, [], cut);
          assert.deepEqual(night.effects, frozen.effects, cut);
          assert.equal(night.run.ended?.ending.how, 'finished', cut);
          for (const kind of ['frozen', 'thawed'])
            assert.equal(night.events.filter((each) => each.kind === kind).length, 1, `${cut}: ${kind}`);
          assert.deepEqual(
            [...night.posts].filter(([, times]) => times > 1),
            [],
            cut,
          );
        }
      });
    }
  }
}
