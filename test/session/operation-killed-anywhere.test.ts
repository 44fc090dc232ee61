import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import type { Kill } from './night.ts';
import { OperationNight } from './operation-night.ts';

const PAIRED = '! pool pool01 version 2015 servers 4 domains fe1|fe2|fe3|fe4 paired pool02';

async function nightOf(weather: readonly string[], request: string, kill: Kill | null): Promise<OperationNight> {
  const night = new OperationNight(weather, kill);
  await night.pass(request);
  return night;
}

for (const [name, weather, request, calls] of [
  ['a failover', [PAIRED], 'failover pool01', 1],
  ['a start', [PAIRED, '! whole-pool down'], 'start pool01', 1],
  [
    'a start of Lync Server 2013',
    ['! pool pool01 version 2013 servers 3 domains fe1|fe2|fe3', '! whole-pool down'],
    'start pool01',
    3,
  ],
  ['a quorum recovery', [PAIRED, '! lose-quorum 2'], 'recover pool01', 1],
  ['a service reset', [PAIRED, '! whole-pool down'], 'reset pool01', 1],
] as const) {
  const undisturbed = await nightOf(weather, request, null);

  test(`${name}: the night that nobody disturbs comes to its end`, () => {
    assert.equal(undisturbed.operation.ended?.ending.how, 'done', JSON.stringify(undisturbed.operation.held));
    assert.equal(undisturbed.effects.length, calls);
  });

  for (const [when, away] of [
    ['before', minutes(0)],
    ['after', minutes(0)],
    ['after', minutes(9)],
  ] as const)
    test(`${name}: killed ${when} any event and away for ${away / minutes(1)} minutes, the same call is made, once`, async () => {
      for (let seq = 1; seq < undisturbed.events.length; seq += 1) {
        const night = await nightOf(weather, request, { seq, when, away });
        const cut = `killed ${when} event ${seq}, ${undisturbed.events[seq]?.kind}`;
        assert.deepEqual(night.effects, undisturbed.effects, cut);
        assert.equal(night.operation.ended?.ending.how, 'done', `${cut}: ${JSON.stringify(night.operation.held)}`);
        const twice = [...night.posts].filter(([, times]) => times > 1);
        assert.deepEqual(twice, [], cut);
      }
    });
}
