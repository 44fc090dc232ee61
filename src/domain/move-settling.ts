import { hold, LOOK_EVERY, type Move, observePool, problemOf, record } from './moves.ts';
import type { Run, Settling } from './run.ts';
import { hours, type Instant, minutes } from './time.ts';

/** "Adding a 20-minute wait between each upgrade domain after it reaches Ready": Improving the Reliability of Pool Upgrades. */
export const SETTLE_TIME = minutes(20);
/** A pool that has not been quiet for twenty minutes in this time needs a person. Our own bound. */
const SETTLING_BOUND = hours(4);

/** Looks every minute until the pool has been quiet and Ready for the whole settle time. Looking goes on while paused or frozen. */
export function moveWhileSettling(run: Run, { since, began, upgradeDomain, because }: Settling, now: Instant): Move {
  const { seen } = run;
  if (seen === null) return observePool(null, 'quiet');
  const problem = problemOf(run, seen.verdict);
  if (problem !== null) return hold(problem);
  if (since !== null && seen.at - since >= SETTLE_TIME)
    return run.paused === null && run.frozen === null
      ? record({ kind: 'settled', upgradeDomain })
      : lookEveryMinute(seen.at, now);
  if (now - began >= SETTLING_BOUND)
    return hold({ kind: 'not-settling', because: because ?? 'the pool was never quiet for 20 minutes' });
  return lookEveryMinute(seen.at, now);
}

const lookEveryMinute = (lookedAt: Instant, now: Instant): Move =>
  lookedAt + LOOK_EVERY > now
    ? { kind: 'wait', until: lookedAt + LOOK_EVERY, because: 'the pool to settle' }
    : observePool(null, 'quiet');
