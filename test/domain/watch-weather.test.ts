import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { minutes } from '../../src/domain/time.ts';
import { breaksMute, findingsIn, isAlarm, keyOf } from '../../src/domain/watch-finding.ts';
import { findingWords } from '../../src/messages/watch-words.ts';
import { aPool, dana, healthy, readiness, UTC } from '../support.ts';
import { EVERY, Nights, SIX, without } from './watch-looks.ts';

const problem = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } as const;
const LOOKS: readonly PoolSighting[] = [
  without(),
  without(),
  without('fe3'),
  without('fe3', 'fe4', 'fe5'),
  without('fe2', 'fe3', 'fe4', 'fe5'),
  { ...without('fe3'), backEnd: 'mirror' },
  { ...without('fe3'), backEnd: 'down' },
  { ...without(), backEnd: null },
  { ...without(), services: null },
  healthy(SIX, { readiness: null, computers: null, services: null, fabric: null, backEnd: null }),
  healthy(SIX, { readiness: readiness(aPool(6, 2), 'Busy') }),
  healthy(SIX, { readiness: readiness(aPool(6, 2), 'InsufficientActiveFrontEnds'), verdict: problem }),
];

/** So many looks that show one of those, by night or by day, and whether somebody mutes the pool before them. */
const spell = fc.record({
  look: fc.constantFrom(...LOOKS),
  times: fc.integer({ min: 1, max: 4 }),
  quiet: fc.boolean(),
  mutes: fc.boolean(),
});

test('whatever the weather, no change is posted twice, and no alarm is kept back for longer than two looks', () => {
  fc.assert(
    fc.property(fc.array(spell, { maxLength: 25 }), (spells) => {
      const nights = new Nights();
      let before: ReadonlySet<string> = new Set();
      let changes = 0;
      for (const { look, times, quiet, mutes } of spells) {
        if (mutes) {
          changes += 1;
          const mute = { by: dana, at: nights.now, until: nights.now + minutes(25), because: null };
          nights.decide((watched) => ({ ...watched, mute }), quiet);
        }
        for (let time = 0; time < times; time += 1) {
          const { present } = findingsIn(look, '2013');
          const now = new Set(present.map(keyOf));
          // What begins is a change; so is that all of it has gone.
          changes += [...now].filter((key) => !before.has(key)).length + (now.size === 0 && before.size > 0 ? 1 : 0);
          nights.see(look, 1, quiet);
          const muted = nights.watched.mute !== null;
          for (const finding of present) {
            const twice = before.has(keyOf(finding)) || finding.kind === 'pool-problem';
            if (!twice || !isAlarm(finding) || (muted && !breaksMute(finding))) continue;
            assert.ok(nights.card.includes(findingWords(finding, UTC)), `${keyOf(finding)} is silent: ${nights.card}`);
          }
          assert.ok(
            nights.posts.length <= changes,
            `${nights.posts.length} posts, ${changes} changes: ${nights.posts.join(' | ')}`,
          );
          before = now;
        }
      }
      nights.pass(EVERY * 10).see(without(), 3);
      const { episode } = nights.watched;
      assert.ok(episode === null || (episode.over !== null && episode.overTold !== 'no'), 'all is well, and that was not told');
      const told = nights.posts.length;
      nights.see(without(), 20);
      assert.equal(nights.posts.length, told, 'nothing changes any more, and something is posted');
    }),
    { numRuns: 400 },
  );
});
