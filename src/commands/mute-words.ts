import { hours, minutes } from '../domain/time.ts';
import type { Command } from './grammar.ts';

/** As long as somebody may mute a pool: one day. Who wants longer says so again. */
const MUTE_MAX = hours(24);

/** `pool01 2h [why]`, or what is wrong with the words. */
export function readMute([pool, time, ...why]: readonly string[]): Command | string {
  if (pool === undefined) return 'Which pool?';
  const [, count, unit] = /^(\d{1,4})(m|h)$/i.exec(time ?? '') ?? [];
  if (count === undefined) return 'For how long?';
  const lasts = unit?.toLowerCase() === 'h' ? hours(Number(count)) : minutes(Number(count));
  if (lasts < minutes(1) || lasts > MUTE_MAX) return 'A mute lasts from 1m to 24h.';
  return { kind: 'mute', pool, lasts, because: why.length === 0 ? null : why.join(' ') };
}
