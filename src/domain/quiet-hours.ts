import { type Instant, minutes } from './time.ts';

/** From when until when, in minutes of the day; `to` may be on the next day. The two are never the same. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * 60;

/** `22:00-06:00`; null for anything else. */
export function parseQuietHours(text: string): QuietHours | null {
  const [, ...parts] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number);
  if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined) return null;
  const hours = { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
  return hours.from === hours.to ? null : hours;
}

/** When the quiet hours end that `now` is in, by the wall clock of the zone; null outside them. */
export function quietUntil(now: Instant, quiet: QuietHours | null, timeZone: string): Instant | null {
  if (quiet === null) return null;
  const minute = minuteOfDay(now, timeZone);
  const inside = quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to;
  const left = (quiet.to - minute + DAY) % DAY;
  return inside ? Math.floor(now / minutes(1)) * minutes(1) + minutes(left) : null;
}

function minuteOfDay(at: Instant, timeZone: string): number {
  const written = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const [hour = 0, minute = 0] = written.split(':').map(Number);
  return hour * 60 + minute;
}
