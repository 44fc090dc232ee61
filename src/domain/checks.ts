import { CHECKS } from './check-list.ts';
import type { FabricState } from './fabric.ts';
import { whileFailedOver } from './failed-over.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn, Topology, UpgradeDomain } from './pool.ts';
import type { PoolSighting } from './sighting.ts';
import type { Instant } from './time.ts';

/** Each check is named for the good state, so that a list of failed ones reads as a list of broken promises. */
export const CHECK_NAMES = [
  'pool-ready',
  'domain-ready',
  'servers-running',
  'replicas-complete',
  'replicas-outside',
  'quorum-kept',
  'topology-unchanged',
  'back-end-reachable',
  'viewers-closed',
  'pair-quiet',
] as const;
/** The name of one check. */
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * An upgrade domain is one unit. Everything is checked before its first stop; before each further stop only what our own
 * stop cannot have changed, because replicas rebuild for 15 to 30 minutes after the first and Ready would not come.
 */
export type Stop = 'first' | 'further';

/** What a check looks at: the pool as planned, the upgrade domain that is to go down, and the latest look. */
export interface CheckQuestion {
  readonly backupPool: PoolFqdn | null;
  readonly version: ProductVersion;
  readonly topology: Topology;
  readonly upgradeDomain: UpgradeDomain;
  readonly seen: PoolSighting;
  readonly stop: Stop;
  /** Servers that we have down ourselves; they are not expected to run. */
  readonly downByUs: readonly ServerFqdn[];
  /** The placement just before this domain's first stop; null when none is down yet. */
  readonly fabricAtFirstStop: FabricState | null;
  readonly ticks: readonly {
    readonly check: CheckName;
    readonly server: ServerFqdn | null;
    readonly by: string;
    readonly seen?: string;
  }[];
  /** The pool's users are at its backup pool. */
  readonly failedOver?: boolean;
}

/**
 * `ok`: nothing against the stop. `blocked`: only the pool can clear it. `tickable`: it blocks until it is gone or a
 * person says by name that it may stand.
 */
export interface Finding {
  readonly verdict: 'ok' | 'blocked' | 'tickable';
  /** What was seen, in words. */
  readonly seen: string;
  /** The server it is about, if it is about one. */
  readonly server: ServerFqdn | null;
  /** What makes it go away. */
  readonly clears: string;
}

/** One rule, with the name that people, cards and journals know it by. */
export interface Check {
  readonly name: CheckName;
  /** Why the check exists, in words an operator can read in chat (`checks` prints them). */
  readonly protects: string;
  readonly before: readonly Stop[];
  /** Everything there is to say; a check with nothing against the stop says one `ok`. */
  readonly find: (question: CheckQuestion) => readonly Finding[];
}

/** One finding with its check's name, where it was seen and when. */
export interface CheckResult extends Finding {
  readonly check: CheckName;
  /** It would block, and a person let it stand. */
  readonly ticked?: true;
  /** The Front End Server that answered; null when none did. */
  readonly where: ServerFqdn | null;
  readonly at: Instant;
}

/** All checks, every time, and a person's word for what was seen when it was given: an approver should see the second blocker before fixing the first. */
export function runChecks(question: CheckQuestion): readonly CheckResult[] {
  const { seen, ticks } = question;
  return CHECKS.filter(({ before }) => before.includes(question.stop)).flatMap(({ name, find }) =>
    find(question).map((found): CheckResult => {
      const finding = question.failedOver ? whileFailedOver(name, found, question) : found;
      const tick = ticks.findLast(
        ({ check, server, seen: then }) =>
          check === name &&
          (server === finding.server || finding.server === null) &&
          // Whoever let two groups stand has said nothing of six.
          (then === undefined || then === finding.seen),
      );
      const ticked = finding.verdict === 'tickable' && tick !== undefined;
      const verdict = ticked ? ({ verdict: 'ok', ticked: true, seen: `${finding.seen} (ticked by ${tick.by})` } as const) : {};
      return { ...finding, ...verdict, check: name, where: seen.askedOf, at: seen.at };
    }),
  );
}

/** What stands against the stop. */
export const blockersIn = (results: readonly CheckResult[]): readonly CheckResult[] =>
  results.filter(({ verdict }) => verdict !== 'ok');
