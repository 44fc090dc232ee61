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

/** Nights in which what is wrong is found by the rare looks, or by counting who runs. */
const NOTES = [
  '! pool pool01 version 2015 servers 4 domains fe1|fe2|fe3|fe4 watch 30m examine 1h',
  '! certificate fe3 10d',
  '+60m',
  '! by-hand patched fe2',
  '+2h',
  '! readiness Ready',
  '! down fe3',
  '! down fe4',
  '! pairing pool02',
  '+90m',
  '! up fe3',
  '! certificate fe3 6d',
  '+2h',
  '! up fe4',
  '+2h',
  '! certificate fe3 400d',
  '! by-hand patched fe1',
  '! by-hand patched fe3',
  '! by-hand patched fe4',
  '+2h',
];
const noted = await new WatchedNight(null).play(NOTES);

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

test('what the rare looks find is told once, worse once more, and its end once', () => {
  const notes = noted.posts.filter((title) => /certificate|patch levels|paired|seen to/.test(title));
  assert.deepEqual(
    notes.map((title) => title.replace(/ \(\d\d:\d\d\)| since \d\d:\d\d|, on [\d-]+/g, '')),
    [
      'pool01: certificate of fe3 ends within 30 days (simulated)',
      'pool01: patch levels differ: fe2 from fe1, fe3, fe4 (simulated)',
      'pool01: paired with pool02, and 3 servers have not run together since (simulated)',
      'pool01: certificate of fe3 ends within 7 days (simulated)',
      'pool01: seen to (simulated)',
    ],
  );
});

for (const [when, away] of [
  ['before', 0],
  ['after', 0],
  ['before', minutes(4)],
  ['after', minutes(9)],
] as const) {
  test(`killed ${when} any look was written and away for ${away / minutes(1)} minutes: as much is told, and nothing twice`, async () => {
    const withoutTimes = (posts: readonly string[]) => posts.map((title) => title.replace(/\d\d:\d\d|, on [\d-]+/g, ''));
    for (const [lines, night] of [
      [EPISODES, undisturbed],
      [NOTES, noted],
    ] as const)
      for (let write = 1; write <= night.writes; write += 1) {
        const { posts } = await new WatchedNight({ write, when, away }).play(lines);
        assert.deepEqual(withoutTimes(posts), withoutTimes(night.posts), `killed ${when} write ${write}`);
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
    return `! pool pool${index} version 2013 servers 3 domains ${servers} watch 5m examine 1h`;
  });
  const night = await new WatchedNight(null).play([...pools, '+5m', '! kill', '+60m']);
  assert.equal(night.mostAtOnce, 4);
  assert.deepEqual(night.posts, []);
  assert.equal(night.mostExaminedAtOnce, 2);
  assert.equal(new Set(night.examined).size, 30, 'each pool was also asked for its certificates');
  for (const [pool, looks] of Map.groupBy(night.looks, ({ pool }) => pool)) assert.equal(looks.length, 2, pool);
});
