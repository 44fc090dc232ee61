import { EXAMINE_EVERY, type WatchRule } from './inventory.ts';
import type { PoolFqdn } from './pool.ts';
import type { ReadinessVerdict } from './readiness.ts';
import { hours, type Instant, seconds } from './time.ts';
import type { Watched } from './watch.ts';

/** A pool that answers nothing is looked at half, then a quarter as often: it is told of by then, and asking costs. */
const BLANKS_BEFORE_BACKING_OFF = 2;
const BACK_OFF_MAX = 2;
const EVERY_MAX = hours(24);

/**
 * When the pool is looked at next: once in an interval, at a moment of it that its name decides, so that pools do not all
 * come at once and a restart changes nothing. A Busy that would come seconds too early to count is waited for.
 */
export function nextLook(
  pool: PoolFqdn,
  every: number,
  { lookedAt, blanks }: Pick<Watched, 'lookedAt' | 'blanks'>,
  verdict: ReadinessVerdict,
  now: Instant,
): Instant {
  if (lookedAt === null) return slotAfter(now, every, pool);
  const factor = 2 ** Math.min(BACK_OFF_MAX, Math.max(0, blanks - BLANKS_BEFORE_BACKING_OFF));
  const wait = Math.min(EVERY_MAX, every * factor);
  const slot = slotAfter(lookedAt + wait - every, every, pool);
  return verdict.kind === 'busy' && verdict.askAgainAt - slot < every ? Math.max(slot, verdict.askAgainAt) : slot;
}

/** Whether a look is also one at certificates and patch levels: the first look once the time is over, give or take half an interval. */
export const isExaminedNow = (
  { every, examineEvery = EXAMINE_EVERY.unlessSaid }: WatchRule,
  { examined }: Pick<Watched, 'examined'>,
  now: Instant,
): boolean =>
  // A clock that was set back would put it off for as long.
  examined === undefined || now < examined.at || now - examined.at >= examineEvery - every / 2;

/** The pool's first moment after this one. */
function slotAfter(at: Instant, every: number, pool: PoolFqdn): Instant {
  const phase = seconds(hashOf(pool) % (every / seconds(1)));
  return (Math.floor((at - phase) / every) + 1) * every + phase;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
