import type { PersonId, ProductVersion } from './pool.ts';
import type { PoolSighting } from './sighting.ts';
import { hours, type Instant, minutes } from './time.ts';
import { type Finding, findingsIn, isBlank, keyOf, type PoolProblem } from './watch-finding.ts';

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

/** Somebody wants to hear nothing of a pool for a while. */
export interface Mute {
  readonly by: PersonId;
  readonly at: Instant;
  readonly until: Instant;
  /** In their own words; null: none were given. */
  readonly because: string | null;
}

/** What the watch of a pool remembers. It is in the record: a bot that is started again repeats nothing and forgets nothing. */
export interface Watched {
  readonly lookedAt: Instant | null;
  /** Looks in a row to which nothing at all was answered. */
  readonly blanks: number;
  readonly seen: readonly Sighted[];
  /** The last one, over or not; null: there was none yet. */
  readonly episode: Episode | null;
  readonly mute: Mute | null;
  /** The mute that ran out last, which is told. */
  readonly ranOut: { readonly mute: Mute; readonly told: boolean } | null;
}

/** A pool that was never looked at by its watch. */
export const NOTHING_WATCHED: Watched = { lookedAt: null, blanks: 0, seen: [], episode: null, mute: null, ranOut: null };

/** A change counts when two looks in a row saw it; looks are never less than five minutes apart. Ours, against flapping. */
const LOOKS_THAT_COUNT = 2;
/** Replicas take 15 to 30 minutes to be rebuilt, and a service starts only after them: longer than that is too long. */
export const STARTING_MAX = minutes(30);
/** "unlikely to be replaced for a few days or more": Front End pool configuration failures and changes. We take three. */
export const DOWN_FOR_DAYS = hours(72);
/** Looks further apart than so many intervals are not in a row: what was seen once before is seen anew. */
const ROW_MAX = 3;

/** What the watch knows after a look of its own. */
export function afterLook(before: Watched, look: PoolSighting, version: ProductVersion, every: number): Watched {
  const { present, saysNothingOf } = findingsIn(look, version);
  const inRow = before.lookedAt !== null && look.at - before.lookedAt <= ROW_MAX * every;
  const known = before.seen.filter(({ counts }) => counts || inRow);
  const all = [...present, ...longDown(known, present, look.at)];
  const keys = new Set(all.map(keyOf));
  const seen = [
    ...all.map((finding) => again(known, finding, look.at)),
    ...known.filter(({ finding }) => !keys.has(keyOf(finding))).flatMap((sighted) => missed(sighted, saysNothingOf, look.at)),
  ];
  const blanks = isBlank(look) ? before.blanks + 1 : 0;
  return inEpisode(before.seen, { ...before, lookedAt: look.at, blanks, seen }, look.at);
}

/** A reading that somebody else asked for makes it a problem with the pool: that needs no second look. */
export function afterProblem(before: Watched, finding: PoolProblem, at: Instant): Watched {
  const others = before.seen.filter((each) => each.finding.kind !== 'pool-problem');
  return inEpisode(before.seen, { ...before, seen: [...others, again(before.seen, finding, at)] }, at);
}

/** Servers that have been down for three days by now. */
const longDown = (known: readonly Sighted[], present: readonly Finding[], at: Instant): readonly Finding[] =>
  present.flatMap((finding): readonly Finding[] => {
    if (finding.kind !== 'server-down') return [];
    const since = known.find((each) => keyOf(each.finding) === keyOf(finding))?.since ?? at;
    return at - since >= DOWN_FOR_DAYS ? [{ kind: 'down-for-days', server: finding.server, since }] : [];
  });

function again(known: readonly Sighted[], finding: Finding, at: Instant): Sighted {
  const before = known.find((each) => keyOf(each.finding) === keyOf(finding));
  const since = before?.since ?? at;
  const looks = (before?.looks ?? 0) + 1;
  const counts = before?.counts === true || isEnough(finding, looks, at - since);
  return { finding: before === undefined ? finding : newer(before.finding, finding), since, looks, counts, goneSince: null };
}

function isEnough({ kind }: Finding, looks: number, lasted: number): boolean {
  switch (kind) {
    // Three readings, or one that the documents want no second of; and three days.
    case 'pool-problem':
    case 'down-for-days':
      return true;
    case 'server-starting':
      return lasted >= STARTING_MAX;
    default:
      return looks >= LOOKS_THAT_COUNT;
  }
}

/** What was read first stays: a streak goes on, and another server may be the one that is silent. */
const newer = (first: Finding, now: Finding): Finding => (first.kind === 'pool-problem' || first.kind === 'unread' ? first : now);

/** One that was told has to be missed twice in a row; of what a look could not see it says nothing. */
function missed(sighted: Sighted, saysNothingOf: (finding: Finding) => boolean, at: Instant): readonly Sighted[] {
  if (saysNothingOf(sighted.finding)) return [sighted];
  if (!sighted.counts || sighted.goneSince !== null) return [];
  return [{ ...sighted, goneSince: at }];
}

/** Opens the episode, changes what is in it, or ends it. What counts no more did so until it was missed first. */
function inEpisode(before: readonly Sighted[], watched: Watched, at: Instant): Watched {
  const counting = watched.seen.filter(({ counts }) => counts);
  const last = watched.episode;
  const goesOn = last !== null && last.overTold === 'no';
  if (!goesOn && counting.length === 0) return watched;
  const episode = goesOn ? last : opened((last?.number ?? 0) + 1);
  const keys = counting.map(({ finding }) => keyOf(finding));
  const goneAt = (key: string): Instant => before.find(({ finding }) => keyOf(finding) === key)?.goneSince ?? at;
  let entries: readonly Entry[] = episode.entries.map((entry) => {
    const key = keyOf(entry.finding);
    return entry.until !== null || keys.includes(key) ? entry : { ...entry, until: goneAt(key) };
  });
  for (const sighted of counting) entries = withEntry(entries, sighted);
  const over = counting.length > 0 ? null : (episode.over ?? Math.max(...entries.map(({ until }) => until ?? at)));
  return { ...watched, episode: { ...episode, entries, over } };
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
  const after: Entry = before.until === null ? { ...before, finding } : { finding, since, until: null, told: false };
  return entries.with(index, after);
}
