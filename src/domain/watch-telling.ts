import type { Instant } from './time.ts';
import type { Watched } from './watch.ts';
import type { AlarmPost, Entry, Episode } from './watch-episode.ts';
import { breaksMute, type Finding, isAlarm, isNews, type PoolProblem } from './watch-finding.ts';

/** How many alarms of one episode are kept for a restart; a pool that flaps for days has no end of them. */
const ALARMS_KEPT = 20;

/** Whether quiet hours are now. */
export interface Hour {
  readonly now: Instant;
  readonly quiet: boolean;
}

/**
 * Decides what is told now: the state says afterwards what stands in the channel, and the cards are computed from it. In
 * quiet hours only alarms are; while somebody has muted the pool only that quorum is lost.
 */
export function told(watched: Watched, { now, quiet }: Hour): Watched {
  const after = ranOut(watched, now, quiet);
  const { episode, notes, mute } = after;
  const muted = mute !== null;
  const loud = (finding: Finding): boolean => (muted ? breaksMute(finding) : !quiet || isAlarm(finding));
  const hour = { now, quiet: quiet || muted };
  return {
    ...after,
    episode: episode === null ? null : episodeTold(episode, loud, hour),
    ...(notes === undefined ? {} : { notes: episodeTold(notes, loud, hour) }),
  };
}

/** Whether something waits for the end of the quiet hours. */
export const isHeldBack = ({ episode, notes, ranOut: expired }: Watched): boolean =>
  (expired !== null && !expired.told) || [episode, notes ?? null].some((each) => each !== null && hasUntold(each));

const hasUntold = (episode: Episode): boolean =>
  !episode.shown ||
  (episode.over !== null && episode.overTold === 'no') ||
  episode.entries.some((each) => isUntold(each, episode));

function ranOut(watched: Watched, now: Instant, quiet: boolean): Watched {
  const { mute, ranOut: before } = watched;
  const expired = mute !== null && now >= mute.until;
  const last = expired ? { mute, told: false } : before;
  return { ...watched, mute: expired ? null : mute, ranOut: last === null || quiet ? last : { ...last, told: true } };
}

function episodeTold(episode: Episode, loud: (finding: Finding) => boolean, { now, quiet }: Hour): Episode {
  const open = episode.entries.filter(({ until }) => until === null).map(({ finding }) => finding);
  if (!episode.shown) {
    if (quiet && !open.some(loud)) return episode;
    const head = open.filter(loud).find((finding): finding is PoolProblem => finding.kind === 'pool-problem') ?? null;
    const overTold = episode.over === null ? 'no' : 'with-the-card';
    // An alarm that a mute holds back is on the card, and is told by a post once the mute has ended.
    const entries = episode.entries.map((entry) => (isAlarm(entry.finding) && !loud(entry.finding) ? entry : asTold(entry)));
    return { ...episode, shown: true, head, overTold, entries };
  }
  const alarms = episode.entries.filter((entry) => isUntold(entry, episode) && loud(entry.finding));
  const last = episode.alarms.at(-1)?.number ?? 0;
  const posts = alarms.map(({ finding }, index): AlarmPost => ({ number: last + index + 1, finding, at: now }));
  return {
    ...episode,
    entries: episode.entries.map((entry) => (alarms.includes(entry) || !isNews(entry.finding) ? asTold(entry) : entry)),
    alarms: [...episode.alarms, ...posts].slice(-ALARMS_KEPT),
    overTold: episode.over !== null && episode.overTold === 'no' && !quiet ? 'by-a-post' : episode.overTold,
  };
}

const asTold = (entry: Entry): Entry => ({ ...entry, told: true });

/** Whether it wants a post of its own. The prompt to fail over comes once in an episode. */
const isUntold = ({ finding, until, told: known }: Entry, { head, alarms }: Episode): boolean =>
  until === null &&
  !known &&
  isNews(finding) &&
  !(finding.kind === 'pool-problem' && (head !== null || alarms.some((each) => each.finding.kind === 'pool-problem')));
