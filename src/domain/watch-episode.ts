import type { Instant } from './time.ts';
import { type Finding, isWorse, keyOf, type PoolProblem } from './watch-finding.ts';

/** A finding as the looks have it: since when it is seen or missed, and whether it counts. */
export interface Sighted {
  readonly finding: Finding;
  readonly since: Instant;
  readonly looks: number;
  /** It was there often or long enough to count. */
  readonly counts: boolean;
  /** When it was first missed, while it is; null as long as it is there. */
  readonly goneSince: Instant | null;
}

/** A finding that counted in an episode; `until` null while it still does. `told`: somebody was told of it by a post. */
export interface Entry {
  readonly finding: Finding;
  readonly since: Instant;
  readonly until: Instant | null;
  readonly told: boolean;
}

/** An alarm that came while the card of its episode stood already: a post of its own under that card. */
export interface AlarmPost {
  readonly number: number;
  readonly finding: Finding;
  readonly at: Instant;
}

/** From the first finding that counts until none does: one card. */
export interface Episode {
  readonly number: number;
  readonly entries: readonly Entry[];
  /** Whether the card stands. Not yet in quiet hours, or while the pool is muted. */
  readonly shown: boolean;
  /** The prompt to fail over, when the card began as one. */
  readonly head: PoolProblem | null;
  readonly alarms: readonly AlarmPost[];
  /** Since when all is well; null while it is not. */
  readonly over: Instant | null;
  /** How the end was told: with the card itself, when that came as late, or by a post under it. */
  readonly overTold: 'no' | 'with-the-card' | 'by-a-post';
}

/** Opens the episode, changes what is in it, or ends it. What counts no more did so until it was missed first. */
export function episodeAfter(
  last: Episode | null,
  counting: readonly Sighted[],
  before: readonly Sighted[],
  at: Instant,
): Episode | null {
  const goesOn = last !== null && last.overTold === 'no';
  if (!goesOn && counting.length === 0) return last;
  const episode = goesOn ? last : opened((last?.number ?? 0) + 1);
  const keys = counting.map(({ finding }) => keyOf(finding));
  const goneAt = (key: string): Instant => before.find(({ finding }) => keyOf(finding) === key)?.goneSince ?? at;
  let entries: readonly Entry[] = episode.entries.map((entry) => {
    const key = keyOf(entry.finding);
    return entry.until !== null || keys.includes(key) ? entry : { ...entry, until: goneAt(key) };
  });
  for (const sighted of counting) entries = withEntry(entries, sighted);
  const over = counting.length > 0 ? null : (episode.over ?? Math.max(...entries.map(({ until }) => until ?? at)));
  return { ...episode, entries, over };
}

const opened = (number: number): Episode => ({
  number,
  entries: [],
  shown: false,
  head: null,
  alarms: [],
  over: null,
  overTold: 'no',
});

/** What came back after it had gone is a change again: an alarm is told anew, and its times begin anew. */
function withEntry(entries: readonly Entry[], { finding, since }: Sighted): readonly Entry[] {
  const index = entries.findIndex((entry) => keyOf(entry.finding) === keyOf(finding));
  const before = entries[index];
  if (before === undefined) return [...entries, { finding, since, until: null, told: false }];
  const told = before.told && !isWorse(before.finding, finding);
  const after: Entry = before.until === null ? { ...before, finding, told } : { finding, since, until: null, told: false };
  return entries.with(index, after);
}
