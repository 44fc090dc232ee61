import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replay } from '../../src/domain/evolve.ts';
import { nextMove } from '../../src/domain/next-move.ts';
import { minutes } from '../../src/domain/time.ts';
import { type Kill, Night } from './night.ts';

const BY_HAND = '! pool pool01 version 2013 servers 4 domains fe1,fe2|fe3|fe4 paired pool02';
const BY_COMMAND = '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 patch by-command';
const OF_TWO = '! pool pool01 version 2015 servers 2 domains fe1|fe2 patch by-command';
const FAILOVER_BY_HAND = '! pool pool01 version 2015 servers 4 domains fe1,fe2|fe3|fe4 procedure server-failover';
const FAILOVER_BY_COMMAND = '! pool pool01 version 2019 servers 3 domains fe1|fe2|fe3 patch by-command';

async function nightOf(pool: string, request: string, kill: Kill | null): Promise<Night> {
  const night = new Night(pool, kill);
  await night.pass(request);
  return night;
}

for (const [name, pool, request] of [
  ['patched by hand', BY_HAND, 'upgrade pool01 domains 1'],
  ['patched by command', BY_COMMAND, 'upgrade pool01 domains 1'],
  ['one of a pool of two', OF_TWO, 'upgrade pool01 domains 1'],
  ['failed over and patched by hand, one of two servers of a domain', FAILOVER_BY_HAND, 'upgrade pool01 servers fe2'],
  ['failed over and patched by command', FAILOVER_BY_COMMAND, 'upgrade pool01 servers fe2'],
  ['restarted alone, one of two servers of a domain', BY_HAND, 'restart pool01 servers fe2'],
  ['failed over and restarted, and nothing patched', FAILOVER_BY_COMMAND, 'restart pool01 servers fe2'],
] as const) {
  const undisturbed = await nightOf(pool, request, null);

  test(`${name}: the night that nobody disturbs finishes`, () => {
    assert.equal(undisturbed.run.ended?.ending.how, 'finished');
    assert.ok(undisturbed.events.length > 40, `${undisturbed.events.length} events`);
  });

  for (const [when, away] of [
    ['before', minutes(0)],
    ['after', minutes(9)],
  ] as const) {
    test(`${name}: killed ${when} any event and away for ${away / minutes(1)} minutes, the same things happen, each once`, async () => {
      for (let seq = 1; seq < undisturbed.events.length; seq += 1) {
        const night = await nightOf(pool, request, { seq, when, away });
        const cut = `killed ${when} event ${seq}, ${undisturbed.events[seq]?.kind}`;
        assert.deepEqual(night.effects, undisturbed.effects, cut);
        assert.equal(night.run.ended?.ending.how, 'finished', cut);
        assert.deepEqual(night.repeated, [], cut);
        assert.deepEqual(
          [...night.posts].filter(([, times]) => times > 1),
          [],
          cut,
        );
      }
    });
  }
}

test('every cut of a finished journal folds to a state that knows what to do next', async () => {
  const { events } = await nightOf(BY_HAND, 'upgrade pool01', null);
  for (let length = 1; length <= events.length; length += 1) {
    const cut = events.slice(0, length);
    const move = nextMove(replay(cut), cut.at(-1)?.at ?? 0);
    assert.equal(move.kind === 'finish', length === events.length, `after ${length} events`);
  }
});

test('after a restart every shown card is what the undisturbed night ends with', async () => {
  const undisturbed = await nightOf(BY_HAND, 'upgrade pool01 domains 1', null);
  const seq = undisturbed.events.findIndex(({ kind }) => kind === 'patched');
  const night = await nightOf(BY_HAND, 'upgrade pool01 domains 1', { seq, when: 'after', away: 0 });
  const ofRun = ({ shown }: Night) => [...shown].filter(([key]) => key.startsWith('run-'));
  assert.deepEqual(ofRun(night), ofRun(undisturbed));
  assert.ok([...night.shown.values()].some((text) => text.includes('I was away')));
});
