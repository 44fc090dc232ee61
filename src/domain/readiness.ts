import type { UpgradeDomain } from './pool.ts';
import { type Instant, minutes } from './time.ts';

/** Spelt as `Get-CsPoolUpgradeReadinessState` spells them. */
export const POOL_UPGRADE_STATES = ['Ready', 'Busy', 'InsufficientActiveFrontEnds'] as const;
/** What the pool says of itself. */
export type PoolUpgradeState = (typeof POOL_UPGRADE_STATES)[number];

/** One upgrade domain as the readiness cmdlet shows it. */
export interface DomainReadiness extends UpgradeDomain {
  /** `ReadyforUpgrade`: its servers may be taken down now. */
  readonly readyForUpgrade: boolean;
}

/** What `Get-CsPoolUpgradeReadinessState` (2019: `Get-CsUpgradeDomainInfo`) says of its own pool. */
export interface PoolReadiness {
  readonly state: PoolUpgradeState;
  readonly upgradeDomains: readonly DomainReadiness[];
}

/** One reading, kept with the pool and not with a run: a Busy streak spans questions, runs and restarts. */
export interface Reading {
  readonly at: Instant;
  /** Null is no answer: nothing, a time-out, or text that is not understood. */
  readonly state: PoolUpgradeState | null;
  /** Our own stopped or just returned servers explain what this reading says: it is shown, and counts for nothing. */
  readonly disturbedByUs: boolean;
  /** The answer word for word, for whoever has to read what a rule could not. */
  readonly raw: string;
}

/** What the readings so far mean for somebody who wants to take servers down. */
export type ReadinessVerdict =
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy'; readonly counted: number; readonly countedAt: readonly Instant[]; readonly askAgainAt: Instant }
  | { readonly kind: 'pool-problem'; readonly cause: PoolProblemCause; readonly seenAt: readonly Instant[] }
  | { readonly kind: 'our-servers-are-down' }
  | { readonly kind: 'no-answer'; readonly inARow: number };

/** Which of the two documented signs makes it a problem with the pool. */
export type PoolProblemCause = 'busy-streak' | 'insufficient-active-front-ends';

/** "wait for 10 minutes, and then try again": Upgrade or update Front End Servers in Lync Server 2013, step 1. */
export const BUSY_WAIT = minutes(10);
/** "Busy for at least three consecutive times": the same step. */
export const BUSY_STREAK_LIMIT = 3;
/** Our own rule, for the documents say nothing of a cmdlet that does not answer: this many in a row are told of. */
export const NO_ANSWER_LIMIT = 3;
/** How many of a pool's readings are ever needed: a streak is judged on these, newest last. */
export const READINGS_KEPT = 200;

/** Judges a pool's readings, newest last: one Busy is patience, three spaced ones are a problem with the pool. */
export function judgeReadiness(readings: readonly Reading[]): ReadinessVerdict {
  const latest = readings.at(-1);
  switch (latest?.state) {
    case 'Ready':
      return { kind: 'ready' };
    case 'InsufficientActiveFrontEnds':
      return latest.disturbedByUs
        ? { kind: 'our-servers-are-down' }
        : { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [latest.at] };
    case 'Busy': {
      const countedAt = busyStreak(readings);
      if (countedAt.length >= BUSY_STREAK_LIMIT) return { kind: 'pool-problem', cause: 'busy-streak', seenAt: countedAt };
      const last = countedAt.at(-1);
      // A reading that our own servers disturbed started no patience, so the next one need not wait for it.
      const askAgainAt = latest.disturbedByUs || last === undefined ? latest.at + minutes(1) : last + BUSY_WAIT;
      return { kind: 'busy', counted: countedAt.length, countedAt, askAgainAt };
    }
    case null:
    case undefined:
      return { kind: 'no-answer', inARow: readings.length - 1 - readings.findLastIndex(({ state }) => state !== null) };
  }
}

/**
 * When each counted Busy was read: since the last other answer, and ten minutes after the one counted before it, so that
 * somebody asking every minute neither raises the alarm early nor puts it off. No answer neither counts nor resets, and
 * nothing that our own servers disturb does; Ready resets whenever it is seen.
 */
function busyStreak(readings: readonly Reading[]): readonly Instant[] {
  const lastOther = readings.findLastIndex(
    ({ state, disturbedByUs }) => state === 'Ready' || (state === 'InsufficientActiveFrontEnds' && !disturbedByUs),
  );
  const counted: Instant[] = [];
  for (const { at, state, disturbedByUs } of readings.slice(lastOther + 1)) {
    if (state !== 'Busy' || disturbedByUs) continue;
    const previous = counted.at(-1);
    if (previous === undefined || at - previous >= BUSY_WAIT) counted.push(at);
  }
  return counted;
}

/** The domains of an answer without their flags, as a topology keeps them. */
export const domainsOf = ({ upgradeDomains }: PoolReadiness): readonly UpgradeDomain[] =>
  upgradeDomains.map(({ name, servers }): UpgradeDomain => ({ name, servers }));

/** Whether the flag of the domain with this name is True. A domain that is not listed is not ready. */
export const isReadyForUpgrade = (readiness: PoolReadiness, domainName: string): boolean =>
  readiness.upgradeDomains.some(({ name, readyForUpgrade }) => name === domainName && readyForUpgrade);
