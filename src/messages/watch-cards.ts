import type { ManagedPool } from '../domain/inventory.ts';
import { shortName } from '../domain/pool.ts';
import { hours } from '../domain/time.ts';
import type { AlarmPost, Entry, Episode, Mute, Watched } from '../domain/watch.ts';
import { breaksMute, type Finding, isAlarm, type PoolProblem } from '../domain/watch-finding.ts';
import type { Card } from './card.ts';
import { poolProblemPrompt } from './hold-words.ts';
import { adviceFor, findingWords } from './watch-words.ts';
import { clockTime, dayAndTime, titled, withoutPrompt } from './words.ts';

/** Everything that the watch of a pool has to say, as it now reads: the same state, the same cards. */
export function watchCards(watched: Watched, pool: ManagedPool): readonly Card[] {
  const { episode, ranOut } = watched;
  return [
    ...(episode === null || !episode.shown ? [] : episodeCards(episode, pool)),
    ...(ranOut === null || !ranOut.told ? [] : [ranOutCard(ranOut.mute, pool)]),
  ];
}

const episodeKey = ({ fqdn }: ManagedPool, { number }: Episode): string => `watch-${fqdn}-${number}`;

function episodeCards(episode: Episode, pool: ManagedPool): readonly Card[] {
  const key = episodeKey(pool, episode);
  return [
    card(key, null, pool, episodeSaid(episode, pool)),
    ...episode.alarms.map((alarm) => card(`${key}-${alarm.number}`, key, pool, alarmSaid(alarm, pool))),
    ...(episode.overTold === 'by-a-post' ? [card(`${key}-over`, key, pool, overSaid(episode, pool))] : []),
  ];
}

type Said = Pick<Card, 'tone' | 'title' | 'lines'>;

const card = (key: string, under: string | null, pool: ManagedPool, { tone, title, lines }: Said): Card => ({
  key,
  under,
  tone,
  title: titled(title, pool),
  lines,
  buttons: [],
});

function episodeSaid(episode: Episode, pool: ManagedPool): Said {
  const open = episode.entries.filter(({ until }) => until === null);
  const lines = [
    ...(episode.over === null ? [] : [`All is well since ${clockTime(episode.over, pool)}.`]),
    ...episode.entries.toSorted(worstFirst).flatMap((entry) => entryLines(entry, pool)),
  ];
  if (episode.head !== null) {
    const prompt = promptOf(episode.head, pool);
    return { tone: 'alarm', title: prompt.title, lines: [...prompt.lines, ...lines] };
  }
  const name = shortName(pool.fqdn);
  const [worst] = open.toSorted(worstFirst);
  if (worst === undefined) return { tone: 'calm', title: `${name}: the watch sees nothing wrong any more`, lines };
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

/** A time of day says when only for so long. */
const DAY_MAX = hours(20);

function entryLines({ finding, since, until }: Entry, pool: ManagedPool): readonly string[] {
  const words = findingWords(finding, pool);
  if (until !== null) {
    const from = until - since < DAY_MAX ? clockTime(since, pool) : dayAndTime(since, pool);
    return [`ok ${words}: from ${from} to ${clockTime(until, pool)}`, ...addAgain(finding)];
  }
  const sign = isAlarm(finding) ? '!!' : '?';
  const from = finding.kind === 'down-for-days' ? dayAndTime(finding.since, pool) : clockTime(since, pool);
  return [`${sign} ${words}, since ${from}`, ...adviceFor(finding)];
}

/** Whoever removed it meanwhile, as we had advised, has to undo that. */
const addAgain = (finding: Finding): readonly string[] =>
  finding.kind === 'down-for-days'
    ? [
        `${shortName(finding.server)} is back: if it was removed from the topology, add it again; then restart every server, one at a time.`,
      ]
    : [];

const promptOf = ({ cause, seenAt }: PoolProblem, pool: ManagedPool) =>
  poolProblemPrompt(pool.fqdn, pool.backupPool, cause, seenAt, pool, pool.called);

function alarmSaid({ finding, at }: AlarmPost, pool: ManagedPool): Said {
  if (finding.kind === 'pool-problem') return { tone: 'alarm', ...promptOf(finding, pool) };
  const title = `${shortName(pool.fqdn)}: ${findingWords(finding, pool)} (${clockTime(at, pool)})`;
  return { tone: 'alarm', title, lines: adviceFor(finding) };
}

function overSaid({ over, entries }: Episode, pool: ManagedPool): Said {
  const since = over === null ? '' : ` since ${clockTime(over, pool)}`;
  const lines = entries.flatMap(({ finding }) => addAgain(finding));
  return { tone: 'calm', title: `${shortName(pool.fqdn)}: back to normal${since}`, lines };
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
  const open = watched.episode?.entries.filter(({ until }) => until === null) ?? [];
  const { lookedAt } = watched;
  return [
    ...mutedLines(watched, pool).map((line) => `${line}; \`unmute ${shortName(pool.fqdn)}\` ends that`),
    ...open.toSorted(worstFirst).flatMap((entry) => entryLines(entry, pool)),
    ...(lookedAt === null
      ? []
      : [`the watch looked last at ${clockTime(lookedAt, pool)}${open.length === 0 ? ', and sees nothing wrong' : ''}`]),
  ];
}
