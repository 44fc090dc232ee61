import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { breaksMute, isAlarm, isNote, keyOf } from '../../src/domain/watch-finding.ts';
import { findingsIn } from '../../src/domain/watch-look.ts';
import { findingWords } from '../../src/messages/watch-words.ts';
import { aPool, dana, healthy, readiness, UTC } from '../support.ts';
import { condition, EVERY, examinedAs, LOOKED_AT, Nights, read, SIX, UNREAD, without } from './watch-looks.ts';

const problem = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } as const;
const LOOKS: readonly PoolSighting[] = [
  without(),
  without(),
  without('fe3'),
  without('fe3', 'fe4', 'fe5'),
  without('fe2', 'fe3', 'fe4', 'fe5'),
  { ...without('fe2', 'fe3', 'fe4', 'fe5'), backupPool: null },
  { ...without(), backupPool: 'unread' },
  { ...without('fe3'), backEnd: 'mirror' },
  { ...without('fe3'), backEnd: 'down' },
  { ...without(), backEnd: null },
  { ...without(), services: null },
  healthy(SIX, { readiness: null, computers: null, services: null, fabric: null, backEnd: null }),
  healthy(SIX, { readiness: readiness(aPool(6, 2), 'Busy') }),
  healthy(SIX, { readiness: readiness(aPool(6, 2), 'InsufficientActiveFrontEnds'), verdict: problem }),
];

/** What a rare look finds, its certificates a while from their ends; null: none is taken. */
const RARE: readonly (ReturnType<typeof examinedAs> | null)[] = [
  null,
  examinedAs(),
  examinedAs({ fe1: condition(31), fe2: condition(8) }),
  examinedAs({ fe1: condition(30.2), fe2: condition(30.2), fe3: UNREAD }),
  examinedAs({ fe3: UNREAD, fe4: condition(9999, { patchLevel: UNREAD }) }),
  examinedAs({ fe5: condition(9999, { patchLevel: read('6.0.9319.510') }) }),
];

/** Each note that counts, and how urgent. */
const notesOf = ({ watched }: Nights): ReadonlySet<string> =>
  new Set(
    watched.seen.flatMap(({ finding, counts }) =>
      counts && isNote(finding) ? [`${keyOf(finding)} ${finding.kind === 'certificate' ? finding.step : ''}`] : [],
    ),
  );

/** So many looks that show one of those, by night or by day, and whether somebody mutes the pool before them. */
const spell = fc.record({
  look: fc.constantFrom(...LOOKS),
  times: fc.integer({ min: 1, max: 4 }),
  quiet: fc.boolean(),
  mutes: fc.boolean(),
  rare: fc.constantFrom(...RARE),
  mixedByUs: fc.boolean(),
  /** Hours that pass before them. */
  pause: fc.integer({ min: 0, max: 100 }),
});

test('whatever the weather, no change is posted twice, and no alarm is kept back for longer than two looks', () => {
  fc.assert(
    fc.property(fc.array(spell, { maxLength: 25 }), (spells) => {
      const nights = new Nights();
      let before: ReadonlySet<string> = new Set();
      let changes = 0;
      let notes = notesOf(nights);
      const count = (): void => {
        const after = notesOf(nights);
        changes += [...after].filter((note) => !notes.has(note)).length + (after.size === 0 && notes.size > 0 ? 1 : 0);
        notes = after;
      };
      for (const { look, times, quiet, mutes, rare, mixedByUs, pause } of spells) {
        nights.pass(hours(pause));
        // Looks that are hours apart are not two in a row.
        let row = pause > 0 ? new Set<string>() : before;
        if (rare !== null) nights.examine(rare, { mixedByUs, quiet });
        count();
        if (mutes) {
          changes += 1;
          const mute = { by: dana, at: nights.now, until: nights.now + minutes(25), because: null };
          nights.decide((watched) => ({ ...watched, mute }), quiet);
        }
        for (let time = 0; time < times; time += 1) {
          const { present } = findingsIn(look, LOOKED_AT);
          const now = new Set(present.map(keyOf));
          // What begins is a change; so is that all of it has gone.
          changes += [...now].filter((key) => !before.has(key)).length + (now.size === 0 && before.size > 0 ? 1 : 0);
          nights.see(look, 1, quiet);
          count();
          const muted = nights.watched.mute !== null;
          for (const finding of present) {
            const twice = row.has(keyOf(finding)) || finding.kind === 'pool-problem';
            if (!twice || !isAlarm(finding) || (muted && !breaksMute(finding))) continue;
            assert.ok(nights.card.includes(findingWords(finding, UTC)), `${keyOf(finding)} is silent: ${nights.card}`);
          }
          for (const { finding, counts } of nights.watched.seen)
            if (counts && isNote(finding) && !quiet && !muted)
              assert.ok(nights.notes.includes(findingWords(finding, UTC)), `${keyOf(finding)} is silent: ${nights.notes}`);
          assert.ok(
            nights.posts.length <= changes,
            `${nights.posts.length} posts, ${changes} changes: ${nights.posts.join(' | ')}`,
          );
          before = now;
          row = now;
        }
      }
      nights
        .pass(EVERY * 10)
        .examine(examinedAs())
        .see(without(), 3);
      for (const episode of [nights.watched.episode, nights.watched.notes ?? null])
        assert.ok(episode === null || (episode.over !== null && episode.overTold !== 'no'), 'all is well, and that was not told');
      const told = nights.posts.length;
      nights.examine(examinedAs()).see(without(), 20);
      assert.equal(nights.posts.length, told, 'nothing changes any more, and something is posted');
    }),
    { numRuns: 400 },
  );
});
