import type { ManagedPool } from '../domain/inventory.ts';
import type { Instant } from '../domain/time.ts';
import type { Card } from './card.ts';
import { clockTime, titled } from './words.ts';

/** Told after a start: from when to when nobody was there. A click made in between may be lost. `seq` is the run's, so that each start is told once. */
export function awayCard(pool: ManagedPool, from: Instant, to: Instant, seq: number): Card {
  const times =
    clockTime(from, pool) === clockTime(to, pool)
      ? `at ${clockTime(to, pool)}`
      : `from ${clockTime(from, pool)} to ${clockTime(to, pool)}`;
  return {
    key: `away-${pool.fqdn}-${to}-${seq}`,
    under: null,
    tone: 'calm',
    title: titled(`I was away ${times} and am back; what was under way is being looked at`, pool),
    lines: ['What was typed or pressed in that time may be lost: please say it again.'],
    buttons: [],
  };
}
