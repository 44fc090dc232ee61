import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePoolFqdn } from '../../src/domain/pool.ts';
import { parseQuietHours, quietUntil } from '../../src/domain/quiet-hours.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { isExaminedNow, nextLook } from '../../src/domain/watch-due.ts';
import { must, POOL01 } from '../support.ts';

const READY = { kind: 'ready' } as const;
const EVERY = minutes(10);
const next = (lookedAt: number | null, blanks = 0, now = 0) => nextLook(POOL01, EVERY, { lookedAt, blanks }, READY, now);
const at = (text: string) => Date.parse(text);
const NIGHT = parseQuietHours('22:00-06:00');

test('a pool is looked at once in an interval, and a restart changes nothing', () => {
  const first = next(null);
  assert.ok(first > 0 && first <= EVERY);
  assert.equal(next(first), first + EVERY);
  assert.equal(next(first + minutes(3)), first + EVERY, 'a look that took long does not move the next one');
  assert.equal(next(null, 0, first + 1), first + EVERY);
});

test('two hundred pools do not come all at once', () => {
  const moments = Array.from({ length: 200 }, (_, index) =>
    nextLook(must(parsePoolFqdn(`pool${index}.contoso.com`)), EVERY, { lookedAt: null, blanks: 0 }, READY, 0),
  );
  const perMinute = Map.groupBy(moments, (moment) => Math.floor(moment / minutes(1)));
  assert.ok(Math.max(...[...perMinute.values()].map(({ length }) => length)) < 60, 'a third of all pools in one minute');
});

test('a pool that answers nothing is looked at less often, and as often as before once it answers', () => {
  const first = next(null);
  const waits = [0, 1, 2, 3, 4, 5, 50].map((blanks) => (next(first, blanks) - first) / EVERY);
  assert.deepEqual(waits, [1, 1, 1, 2, 4, 4, 4]);
});

test('a second Busy is not read seconds too early to count', () => {
  const first = next(null);
  const busy = { kind: 'busy', counted: 1, countedAt: [first], askAgainAt: first + EVERY + 20_000 } as const;
  assert.equal(nextLook(POOL01, EVERY, { lookedAt: first, blanks: 0 }, busy, 0), first + EVERY + 20_000);
  assert.equal(nextLook(POOL01, minutes(5), { lookedAt: first, blanks: 0 }, busy, 0) - first <= minutes(5), true);
});

test('certificates and patch levels are looked at once a day unless said otherwise, give or take half an interval', () => {
  const rule = { every: EVERY, quietHours: null };
  const at = (now: number) => isExaminedNow(rule, { examined: { at: 0, servers: [] } }, now);
  assert.equal(isExaminedNow(rule, {}, 0), true, 'never looked at');
  assert.deepEqual(
    [at(hours(23)), at(hours(24) - minutes(6)), at(hours(24) - minutes(5)), at(hours(90))],
    [false, false, true, true],
  );
  const examined = { examined: { at: 0, servers: [] } };
  assert.equal(isExaminedNow(rule, examined, -1), true, 'the clock was set back');
  assert.equal(isExaminedNow({ ...rule, examineEvery: hours(2) }, examined, hours(2)), true);
});

test('quiet hours go over midnight, by the wall clock of the pool', () => {
  assert.equal(quietUntil(at('2026-03-03T21:59:59Z'), NIGHT, 'UTC'), null);
  assert.equal(quietUntil(at('2026-03-03T22:00:00Z'), NIGHT, 'UTC'), at('2026-03-04T06:00:00Z'));
  assert.equal(quietUntil(at('2026-03-04T05:59:59Z'), NIGHT, 'UTC'), at('2026-03-04T06:00:00Z'));
  assert.equal(quietUntil(at('2026-03-04T06:00:00Z'), NIGHT, 'UTC'), null);
  assert.equal(quietUntil(at('2026-07-01T21:30:00Z'), NIGHT, 'Europe/London'), at('2026-07-02T05:00:00Z'));
  assert.equal(quietUntil(at('2026-07-01T21:30:00Z'), null, 'UTC'), null);
});

test('quiet hours within a day, and what are none', () => {
  const lunch = parseQuietHours('12:00-13:30');
  assert.equal(quietUntil(at('2026-03-03T12:10:00Z'), lunch, 'UTC'), at('2026-03-03T13:30:00Z'));
  assert.equal(quietUntil(at('2026-03-03T23:00:00Z'), lunch, 'UTC'), null);
  for (const wrong of ['22-6', '22:00', '24:00-06:00', '22:00-06:60', '22:00-22:00', ''])
    assert.equal(parseQuietHours(wrong), null, wrong);
});
