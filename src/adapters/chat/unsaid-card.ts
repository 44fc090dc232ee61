import { DateTime } from 'luxon';
import type { Instant } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import { plain, timeSpan } from '../../messages/spans.ts';

/** How many titles are listed: the record has them all (`history`). */
const TITLES_MAX = 8;

/** What could not be said under one card in one place, oldest first, and from when until when. */
export interface Unsaid {
  readonly name: string;
  readonly under: string | null;
  readonly since: Instant;
  readonly until: Instant;
  readonly titles: readonly string[];
}

/** Instead of everything that was not said while a platform was away: one message. What asks for somebody is not in it. */
export function unsaidCard({ name, under, since, until, titles }: Unsaid): Card {
  const left = titles.slice(-TITLES_MAX);
  const more = titles.length - left.length;
  return {
    key: `unsaid-${name}-${under}-${since}`,
    under,
    tone: 'calm',
    title: `I could not write here from ${at(since)} to ${at(until)}. Meanwhile:`,
    lines: [...(more > 0 ? [`(${more} more before these: \`history\`)`] : []), ...left.map(plain)],
    buttons: [],
  };
}

const at = (time: Instant): string => timeSpan(time, `${DateTime.fromMillis(time, { zone: 'utc' }).toFormat('HH:mm')} UTC`);
