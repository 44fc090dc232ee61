import { DateTime, Duration, Settings as LuxonSettings } from 'luxon';
import type { Request } from '../domain/run.ts';
import type { Instant } from '../domain/time.ts';
import { plain, timeSpan, withoutSpans } from './spans.ts';

LuxonSettings.throwOnInvalid = true;

/** How a pool's messages speak: its team's zone, and whether the pool is a simulated one. */
export interface Voice {
  /** IANA zone, such as `Europe/London`. */
  readonly timeZone: string;
  readonly simulated: boolean;
}

/** How what concerns all pools speaks: in their one zone, or in UTC where they have several. */
export function voiceForAll(pools: readonly Voice[]): Voice {
  const [zone = 'UTC', ...others] = new Set(pools.map(({ timeZone }) => timeZone));
  return { timeZone: others.length === 0 ? zone : 'UTC', simulated: pools.every(({ simulated }) => simulated) };
}

/** `22:04`, in the team's zone; in the reader's own where a surface can. */
export const clockTime = (at: Instant, { timeZone }: Voice): string =>
  timeSpan(at, DateTime.fromMillis(at, { zone: timeZone }).toFormat('HH:mm'));

/** `22:04 on 3 Mar`: for what may be read on another day. */
export const dayAndTime = (at: Instant, { timeZone }: Voice): string =>
  DateTime.fromMillis(at, { zone: timeZone }).toFormat("HH:mm 'on' d MMM");

/** `12 minutes`, `1 hour 5 minutes`; `less than a minute` for anything shorter. */
export function span(milliseconds: number): string {
  const { hours = 0, minutes = 0 } = Duration.fromMillis(Math.max(0, milliseconds)).shiftTo('hours', 'minutes').toObject();
  const whole = Math.floor(minutes);
  const words = [
    ...(hours > 0 ? [`${hours} hour${hours === 1 ? '' : 's'}`] : []),
    ...(whole > 0 ? [`${whole} minute${whole === 1 ? '' : 's'}`] : []),
  ];
  return words.length === 0 ? 'less than a minute' : words.join(' ');
}

/** The mark that every card about a simulated pool carries. */
export const simulatedTitle = (title: string): string => `${title} (simulated)`;
/** The title of a card of a run: with the ticket the run was asked for with, where there is one. */
export const runTitle = (title: string, { ticket }: Pick<Request, 'ticket'>, voice: Voice): string =>
  titled(ticket === undefined ? title : `${title} [${ticket}]`, voice);
/** A title with the mark of a simulated pool, where it is one. */
export const titled = (title: string, { simulated }: Voice): string => (simulated ? simulatedTitle(title) : title);

/** How wide a line may be on a phone before it breaks. Requirement E7. */
export const PHONE_COLUMNS = 45;
/** A line that fits a phone, cut with an ellipsis where it must be. */
export const shortened = (line: string, columns = PHONE_COLUMNS): string =>
  plain(line).length <= columns ? line : `${plain(line).slice(0, columns - 1)}…`;

/** Words that are not ours, without what only ours have: spans, and the two that the prompt to fail over begins with. */
export const withoutPrompt = (text: string): string => withoutSpans(text).replace(/(pool problem)\s*:/giu, '$1');
