import type { PoolCondition } from './condition.ts';
import type { PersonId, ProductVersion, ServerFqdn } from './pool.ts';
import type { PoolSighting } from './sighting.ts';
import { hours, type Instant, minutes } from './time.ts';
import { type Episode, episodeAfter, type Sighted } from './watch-episode.ts';
import { type Examined, examinedAgain, findingsOf } from './watch-examination.ts';
import { type Finding, isNote, keyOf, type PoolProblem } from './watch-finding.ts';
import { type Findings, findingsIn, isBlank } from './watch-look.ts';
import { type Pairing, pairingAfter, pairingNeeds } from './watch-pairing.ts';

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
  /** The same of notes, which may stand for weeks; absent: there was none yet. */
  readonly notes?: Episode;
  /** What the rare looks know; absent: there was none yet. */
  readonly examined?: Examined;
  /** Absent: the backup relationship was never read. */
  readonly pairing?: Pairing;
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

/** What the events of a server that starts say; asked of those that `newlyStarting` names. */
export type Whys = ReadonlyMap<ServerFqdn, string>;

/** What a look is judged by. */
export interface LookedAt {
  readonly version: ProductVersion;
  readonly every: number;
  /** Whether the pool's users are at its backup pool: then nothing prompts to fail over. */
  readonly failedOver: boolean;
}

/** What the watch knows after a look of its own. */
export function afterLook(before: Watched, look: PoolSighting, pool: LookedAt, whys: Whys = new Map()): Watched {
  const pairing = pairingAfter(before.pairing, look);
  const needs = pairingNeeds(pairing, look);
  const { present, saysNothingOf } = findingsIn(look, pool);
  const inRow = before.lookedAt !== null && look.at - before.lookedAt <= ROW_MAX * pool.every;
  const known = before.seen.filter(({ counts }) => counts || inRow);
  const findings: Findings = {
    present: [...present.map((finding) => withWhy(finding, whys)), ...needs, ...longDown(known, present, look)],
    // Three servers that nobody could count have neither run together nor not.
    saysNothingOf: (finding) =>
      finding.kind === 'three-servers' ? pairing?.owes === true && needs.length === 0 : saysNothingOf(finding),
  };
  const blanks = isBlank(look) ? before.blanks + 1 : 0;
  const after = { ...before, lookedAt: look.at, blanks, ...(pairing === undefined ? {} : { pairing }) };
  return inEpisodes(before.seen, { ...after, seen: sightedBy(findings, known, look.at) }, look.at);
}

/** Servers that are Starting for too long since this look: somebody should ask their events why. */
export const newlyStarting = (before: Watched, after: Watched): readonly ServerFqdn[] =>
  after.seen.flatMap(({ finding, counts }) =>
    finding.kind === 'server-starting' &&
    counts &&
    !before.seen.some((each) => each.counts && keyOf(each.finding) === keyOf(finding))
      ? [finding.server]
      : [],
  );

/** What the watch knows after a rare look, which needs no second one: nothing that it sees comes and goes. */
export function afterExamination(before: Watched, servers: PoolCondition['servers'], at: Instant, mixedByUs: boolean): Watched {
  const examined = examinedAgain(before.examined, servers, at);
  const down = before.seen.flatMap(({ finding, counts }) => (finding.kind === 'server-down' && counts ? [finding.server] : []));
  const seen = sightedBy(findingsOf(examined, { down, mixedByUs }), before.seen, at);
  return inEpisodes(before.seen, { ...before, examined, seen }, at);
}

/** A reading that somebody else asked for makes it a problem with the pool: that needs no second look. */
export function afterProblem(before: Watched, finding: PoolProblem, at: Instant): Watched {
  const others = before.seen.filter((each) => each.finding.kind !== 'pool-problem');
  return inEpisodes(before.seen, { ...before, seen: [...others, again(before.seen, finding, at)] }, at);
}

const withWhy = (finding: Finding, whys: Whys): Finding => {
  const why = finding.kind === 'server-starting' ? whys.get(finding.server) : undefined;
  return finding.kind === 'server-starting' && why !== undefined ? { ...finding, why } : finding;
};

/** Servers that have been down for three days by now. */
const longDown = (known: readonly Sighted[], present: readonly Finding[], { at, computers }: PoolSighting): readonly Finding[] =>
  present.flatMap((finding): readonly Finding[] => {
    if (finding.kind !== 'server-down') return [];
    const since = known.find((each) => keyOf(each.finding) === keyOf(finding))?.since ?? at;
    const size = computers === null ? {} : { of: computers.length };
    return at - since >= DOWN_FOR_DAYS ? [{ kind: 'down-for-days', server: finding.server, since, ...size }] : [];
  });

/** What is there now and since when, and what is missed. */
function sightedBy({ present, saysNothingOf }: Findings, known: readonly Sighted[], at: Instant): readonly Sighted[] {
  const keys = new Set(present.map(keyOf));
  return [
    ...present.map((finding) => again(known, finding, at)),
    ...known.filter(({ finding }) => !keys.has(keyOf(finding))).flatMap((sighted) => missed(sighted, saysNothingOf, at)),
  ];
}

function again(known: readonly Sighted[], finding: Finding, at: Instant): Sighted {
  const before = known.find((each) => keyOf(each.finding) === keyOf(finding));
  const since = before?.since ?? at;
  const looks = (before?.looks ?? 0) + 1;
  const counts = before?.counts === true || isEnough(finding, looks, at - since);
  return { finding: before === undefined ? finding : newer(before.finding, finding), since, looks, counts, goneSince: null };
}

function isEnough({ kind }: Finding, looks: number, lasted: number): boolean {
  switch (kind) {
    // Three readings, or one that the documents want no second of; three days; and what does not come and go.
    case 'pool-problem':
    case 'down-for-days':
    case 'certificate':
    case 'patch-levels':
    case 'unexamined':
      return true;
    case 'server-starting':
      return lasted >= STARTING_MAX;
    default:
      return looks >= LOOKS_THAT_COUNT;
  }
}

/** What was read first stays: a streak goes on, another server may be the one that is silent, and events were asked once. */
const newer = (first: Finding, now: Finding): Finding =>
  first.kind === 'pool-problem' || first.kind === 'unread' || (first.kind === 'server-starting' && first.why !== undefined)
    ? first
    : now;

/** One that was told has to be missed twice in a row, but for a note; of what a look could not see it says nothing. */
function missed(sighted: Sighted, saysNothingOf: (finding: Finding) => boolean, at: Instant): readonly Sighted[] {
  if (saysNothingOf(sighted.finding)) return [sighted];
  if (!sighted.counts || sighted.goneSince !== null || isNote(sighted.finding)) return [];
  return [{ ...sighted, goneSince: at }];
}

/** Each of the two cards has an episode of its own. */
function inEpisodes(before: readonly Sighted[], watched: Watched, at: Instant): Watched {
  const counting = watched.seen.filter(({ counts }) => counts);
  const [ills, notes] = [counting.filter((each) => !isNote(each.finding)), counting.filter((each) => isNote(each.finding))];
  const noted = episodeAfter(watched.notes ?? null, notes, before, at);
  const episode = episodeAfter(watched.episode, ills, before, at);
  return { ...watched, episode, ...(noted === null ? {} : { notes: noted }) };
}
