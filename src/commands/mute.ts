import type { ManagedPool } from '../domain/inventory.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { clockTime } from '../messages/words.ts';
import type { Delivery } from '../ports.ts';
import { type Desk, type Outcome, told } from './desk.ts';
import type { Command } from './grammar.ts';

/** `mute`: what the watch sees of the pool is told later. A mute that stands is replaced. */
export async function mute(
  { lasts, because }: Command & { kind: 'mute' },
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  if (pool.watch === undefined) return told(pool, `${name} is not watched, so there is nothing to mute. Nothing was changed.`);
  const until = delivery.at + lasts;
  const before = await desk.mute(pool, { by, at: delivery.at, until, because }, delivery);
  if (before === 'heard-before') return told(pool, 'That was heard already');
  return told(
    pool,
    `${name} is muted until ${clockTime(until, pool)}`,
    ...(before === null ? [] : [`It was muted by ${before.by} until ${clockTime(before.until, pool)}.`]),
    'Only that quorum is lost is still told; the rest when it ends. What a run of the pool says is not muted.',
    `\`unmute ${name}\` ends it.`,
  );
}

/** `unmute`: what was held back is told now, or when the quiet hours end. */
export async function unmute(pool: ManagedPool, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const before = await desk.mute(pool, null, delivery);
  if (before === 'heard-before') return told(pool, 'That was heard already');
  if (before === null) return told(pool, `${name} is not muted. Nothing was changed.`);
  return told(pool, `${name} is not muted any more`, `It was muted by ${before.by} until ${clockTime(before.until, pool)}.`);
}
