import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import { WatchedNight } from './watched-night.ts';

const POOL = '! pool pool01 version 2013 servers 6 domains fe1,fe2|fe3,fe4|fe5,fe6 paired pool02 watch 10m';
const EPISODES = [
  POOL,
  '+30m',
  '! sql mirror',
  '+40m',
  '! sql principal',
  '+60m',
  '! readiness InsufficientActiveFrontEnds',
  '+20m',
  '! readiness auto',
  '+60m',
  '! sql down',
  '+60m',
  '! sql principal',
  '+60m',
];
const undisturbed = await new WatchedNight(null).play(EPISODES);

test('the nights that nobody disturbs tell of each thing once, and of its end', () => {
  assert.deepEqual(undisturbed.posts, [
    'pool01: the mirror is in charge of the back end: margin 1, with the primary 3 (simulated)',
    'pool01: back to normal since 23:19 (simulated)',
    'Pool problem: pool01: InsufficientActiveFrontEnds at 00:19 (simulated)',
    'pool01: back to normal since 00:39 (simulated)',
    'pool01: the back end is not reached: no quorum number holds without it (simulated)',
    'pool01: back to normal since 02:39 (simulated)',
  ]);
});

for (const [when, away] of [
  ['before', 0],
  ['after', 0],
  ['before', minutes(4)],
  ['after', minutes(9)],
] as const) {
  test(`killed ${when} any look was written and away for ${away / minutes(1)} minutes: as much is told, and nothing twice`, async () => {
    for (let write = 1; write <= undisturbed.writes; write += 1) {
      const night = await new WatchedNight({ write, when, away }).play(EPISODES);
      const withoutTimes = (posts: readonly string[]) => posts.map((title) => title.replace(/\d\d:\d\d/g, ''));
      assert.deepEqual(withoutTimes(night.posts), withoutTimes(undisturbed.posts), `killed ${when} write ${write}`);
    }
  });
}

test('a pool is looked at once in an interval', () => {
  const times = undisturbed.looks.map(({ at }) => at);
  for (const [index, at] of times.entries()) if (index > 0) assert.equal(at - (times[index - 1] ?? 0), minutes(10));
});

test('thirty pools that all became due while nobody was there are asked four at a time, each once', async () => {
  const pools = Array.from({ length: 30 }, (_, index) => {
    const servers = [1, 2, 3].map((each) => `p${index}fe${each}`).join('|');
    return `! pool pool${index} version 2013 servers 3 domains ${servers} watch 5m`;
  });
  const night = await new WatchedNight(null).play([...pools, '+5m', '! kill', '+60m']);
  assert.equal(night.mostAtOnce, 4);
  assert.deepEqual(night.posts, []);
  for (const [pool, looks] of Map.groupBy(night.looks, ({ pool }) => pool)) assert.equal(looks.length, 2, pool);
});
