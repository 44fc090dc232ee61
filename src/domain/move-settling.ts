import { topologyChange } from './move-checking.ts';
import { hold, LOOK_EVERY, type Move, observePool, problemOf, record } from './moves.ts';
import type { Run, Settling } from './run.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
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
  const changed = topologyChange(run, seen);
  if (changed !== null) return hold(changed);
  const look = observePool(null, lacksServers(run, seen) ? 'whole' : 'quiet');
  if (since !== null && seen.at - since >= SETTLE_TIME)
    return run.paused === null && run.frozen === null
      ? record({ kind: 'settled', upgradeDomain })
      : everyMinute(look, seen.at, now);
  if (now - began >= SETTLING_BOUND)
    return hold({ kind: 'not-settling', because: because ?? 'the pool was never quiet for 20 minutes' });
  return everyMinute(look, seen.at, now);
}

/** A server that does not run may be the pool's no more, which is only asked while one does not. */
function lacksServers({ plan }: Run, seen: PoolSighting): boolean {
  const running = runningServers(seen);
  if (plan === null) return true;
  return running !== null && plan.topology.servers.some((server) => !running.includes(server));
}

const everyMinute = (look: Move, lookedAt: Instant, now: Instant): Move =>
  lookedAt + LOOK_EVERY > now ? { kind: 'wait', until: lookedAt + LOOK_EVERY, because: 'the pool to settle' } : look;
