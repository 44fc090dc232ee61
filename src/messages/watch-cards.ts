import type { ManagedPool } from '../domain/inventory.ts';
import { shortName } from '../domain/pool.ts';
import { hours } from '../domain/time.ts';
import type { Mute, Watched } from '../domain/watch.ts';
import type { AlarmPost, Entry, Episode } from '../domain/watch-episode.ts';
import { breaksMute, type Finding, isAlarm, isNote, type PoolProblem } from '../domain/watch-finding.ts';
import type { Button, Card } from './card.ts';
import { failoverButton, poolProblemPrompt } from './hold-words.ts';
import { adviceFor, findingWords } from './watch-words.ts';
import { clockTime, dayAndTime, titled, withoutPrompt } from './words.ts';

/** Everything that the watch of a pool has to say, as it now reads: the same state, the same cards. */
export function watchCards(watched: Watched, pool: ManagedPool): readonly Card[] {
  const { episode, notes, ranOut } = watched;
  return [
    ...(episode === null || !episode.shown ? [] : episodeCards(episode, pool, ILLS)),
    ...(notes === undefined || !notes.shown ? [] : episodeCards(notes, pool, NOTES)),
    ...(ranOut === null || !ranOut.told ? [] : [ranOutCard(ranOut.mute, pool)]),
  ];
}

/** What is wrong with the pool, and what may stand for weeks: each has its card, and its words for the end of it. */
interface Track {
  readonly key: string;
  readonly since: string;
  readonly over: string;
  readonly back: string;
}
const ILLS: Track = {
  key: '',
  since: 'All is well since',
  over: 'the watch sees nothing wrong any more',
  back: 'back to normal since',
};
const NOTES: Track = { key: 'notes-', since: 'Seen to since', over: 'nothing is left to be seen to', back: 'seen to since' };

function episodeCards(episode: Episode, pool: ManagedPool, track: Track): readonly Card[] {
  const key = `watch-${pool.fqdn}-${track.key}${episode.number}`;
  return [
    card(key, null, pool, episodeSaid(episode, pool, track)),
    ...episode.alarms.map((alarm) => card(`${key}-${alarm.number}`, key, pool, alarmSaid(alarm, episode, pool))),
    ...(episode.overTold === 'by-a-post' ? [card(`${key}-over`, key, pool, overSaid(episode, pool, track))] : []),
  ];
}

type Said = Pick<Card, 'tone' | 'title' | 'lines'> & { readonly buttons?: readonly Button[] };

const card = (key: string, under: string | null, pool: ManagedPool, { tone, title, lines, buttons = [] }: Said): Card => ({
  key,
  under,
  tone,
  title: titled(title, pool),
  lines,
  buttons,
});

function episodeSaid(episode: Episode, pool: ManagedPool, track: Track): Said {
  const open = episode.entries.filter(({ until }) => until === null);
  const lines = [
    ...(episode.over === null ? [] : [`${track.since} ${clockTime(episode.over, pool)}.`]),
    ...allLines(episode.entries, pool),
  ];
  if (episode.head !== null) {
    const prompt = promptOf(episode.head, pool);
    return { tone: 'alarm', title: prompt.title, lines: [...prompt.lines, ...lines], buttons: planButtons(episode, pool) };
  }
  const name = shortName(pool.fqdn);
  const [worst] = open.toSorted(worstFirst);
  if (worst === undefined) return { tone: 'calm', title: `${name}: ${track.over}`, lines };
  const more = open.length === 1 ? '' : `; and ${open.length - 1} more`;
  return {
    tone: open.some(({ finding }) => isAlarm(finding)) ? 'alarm' : 'calm',
    title: `${name}: ${findingWords(worst.finding, pool)}${more}`,
    lines,
  };
}

/** What is still so stands first; of that alarms, the loss of quorum before all, then servers. */
function worstFirst(left: Entry, right: Entry): number {
  const kind = (finding: Finding): number => (breaksMute(finding) ? 0 : isAlarm(finding) ? 1 : 'server' in finding ? 2 : 3);
  const rank = ({ finding, until }: Entry): number => (until === null ? 0 : 4) + kind(finding);
  return rank(left) - rank(right);
}

/** Advice that several share stands once, under the last of them. */
function allLines(entries: readonly Entry[], pool: ManagedPool): readonly string[] {
  const lines = entries.toSorted(worstFirst).flatMap((entry) => entryLines(entry, pool));
  return lines.filter((line, index) => lines.lastIndexOf(line) === index);
}

/** A time of day says when only for so long. */
const DAY_MAX = hours(20);

function entryLines({ finding, since, until }: Entry, pool: ManagedPool): readonly string[] {
  const words = findingWords(finding, pool);
  if (until !== null && isNote(finding)) return [`ok ${words}: seen to at ${clockTime(until, pool)}`];
  if (until !== null) {
    const from = until - since < DAY_MAX ? clockTime(since, pool) : dayAndTime(since, pool);
    return [`ok ${words}: from ${from} to ${clockTime(until, pool)}`, ...addAgain(finding, pool)];
  }
  const sign = isAlarm(finding) ? '!!' : '?';
  // Since when something is known that a rare look has found says nothing of it.
  if (isNote(finding)) return [`${sign} ${words}`, ...adviceFor(finding, pool)];
  const from = finding.kind === 'down-for-days' ? dayAndTime(finding.since, pool) : clockTime(since, pool);
  return [`${sign} ${words}, since ${from}`, ...adviceFor(finding, pool)];
}

/** Whoever removed it meanwhile, as we had advised, has to undo that. */
const addAgain = (finding: Finding, { fqdn }: ManagedPool): readonly string[] =>
  finding.kind === 'down-for-days'
    ? [
        `${shortName(finding.server)} is back: if it was removed from the topology, add it again; then restart every server, one at a time: \`restart ${shortName(fqdn)}\`.`,
      ]
    : [];

const promptOf = ({ cause, seenAt }: PoolProblem, pool: ManagedPool) =>
  poolProblemPrompt(pool.fqdn, pool.backupPool, cause, seenAt, pool, pool.called);

/** For as long as the problem lasts, and where there is somewhere to fail over to. */
const planButtons = ({ entries }: Episode, { fqdn, backupPool }: ManagedPool): readonly Button[] =>
  backupPool !== null && entries.some(({ finding, until }) => finding.kind === 'pool-problem' && until === null)
    ? [failoverButton(shortName(fqdn))]
    : [];

function alarmSaid({ finding, at }: AlarmPost, episode: Episode, pool: ManagedPool): Said {
  if (finding.kind === 'pool-problem') return { tone: 'alarm', ...promptOf(finding, pool), buttons: planButtons(episode, pool) };
  const title = `${shortName(pool.fqdn)}: ${findingWords(finding, pool)} (${clockTime(at, pool)})`;
  return { tone: isAlarm(finding) ? 'alarm' : 'calm', title, lines: adviceFor(finding, pool) };
}

function overSaid({ over, entries }: Episode, pool: ManagedPool, { back }: Track): Said {
  const lines = entries.flatMap(({ finding }) => (isNote(finding) ? [findingWords(finding, pool)] : addAgain(finding, pool)));
  return { tone: 'calm', title: `${shortName(pool.fqdn)}: ${back} ${clockTime(over ?? 0, pool)}`, lines };
}

function ranOutCard(mute: Mute, pool: ManagedPool): Card {
  return card(`watch-${pool.fqdn}-mute-${mute.at}`, null, pool, {
    tone: 'calm',
    title: `${shortName(pool.fqdn)}: the mute by ${mute.by} ran out at ${clockTime(mute.until, pool)}`,
    lines: ['What the watch sees is told again.'],
  });
}

/** `muted by dana until 23:00: the switches are replaced`; nothing for a pool that is not. */
export const mutedLines = ({ mute }: Watched, pool: ManagedPool): readonly string[] =>
  mute === null
    ? []
    : [
        `muted by ${mute.by} until ${clockTime(mute.until, pool)}${mute.because === null ? '' : `: ${withoutPrompt(mute.because)}`}`,
      ];

/** What the watch sees now, for whoever asks why. */
export function watchLines(watched: Watched, pool: ManagedPool): readonly string[] {
  const { lookedAt, episode, notes, examined } = watched;
  const open = [...(episode?.entries ?? []), ...(notes?.entries ?? [])].filter(({ until }) => until === null);
  return [
    ...mutedLines(watched, pool).map((line) => `${line}; \`unmute ${shortName(pool.fqdn)}\` ends that`),
    ...allLines(open, pool),
    ...(lookedAt === null
      ? []
      : [`the watch looked last at ${clockTime(lookedAt, pool)}${open.length === 0 ? ', and sees nothing wrong' : ''}`]),
    ...(examined === undefined ? [] : [`certificates and patch levels were looked at last at ${dayAndTime(examined.at, pool)}`]),
  ];
}
