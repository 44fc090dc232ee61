import type { CheckResult } from './checks.ts';
import type { Hook } from './inventory.ts';
import type { PersonId, PoolFqdn, ServerFqdn } from './pool.ts';
import type { PoolProblemCause } from './readiness.ts';
import type { FailoverDirection, ServiceStatus } from './sighting.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';

/** Where a server stands that somebody else has worked on. */
export interface ByHand {
  readonly restarted: boolean;
  /** Whether its services run, or are on their way up. */
  readonly running: boolean;
  /** Whether its version is another than before; null where the product cannot tell. */
  readonly patched: boolean | null;
  readonly bootTime: Instant;
  /** It was found in a rolling restart, which asks nobody for a version. */
  readonly inRestart?: true;
}

/** A server that was seen to serve no more, and when. */
export interface WentDown {
  readonly server: ServerFqdn;
  readonly at: Instant;
}

/** Why the run stopped and waits for a person to say `retry`. */
export type HoldReason =
  | { readonly kind: 'pool-problem'; readonly cause: PoolProblemCause; readonly seenAt: readonly Instant[] }
  | { readonly kind: 'our-servers-are-down' }
  /**
   * `inRestart`: the pool has other servers, so a rolling restart has all of them before it. `gone`: it is a server in hand
   * that the pool has no more.
   */
  | { readonly kind: 'topology-changed'; readonly because: string; readonly inRestart?: true; readonly gone?: true }
  | { readonly kind: 'checks-failed'; readonly blockers: readonly CheckResult[] }
  | { readonly kind: 'approval-void'; readonly differences: readonly string[] }
  | { readonly kind: 'approval-denied'; readonly by: PersonId; readonly because: string }
  | { readonly kind: 'approval-expired' }
  | { readonly kind: 'step-unclear' | 'step-refused'; readonly step: Step; readonly because: string }
  | { readonly kind: 'drain-overdue'; readonly server: ServerFqdn; readonly since: Instant }
  | { readonly kind: 'patch-failed'; readonly server: ServerFqdn; readonly exitCode: number }
  /** The cmdlet's own words, and how it left the services. */
  | {
      readonly kind: 'failover-failed';
      readonly server: ServerFqdn;
      readonly direction: FailoverDirection;
      readonly because: string;
      readonly services: ServiceStatus;
      readonly disabled: boolean;
    }
  /** `because` goes on from the hook's name. */
  | { readonly kind: 'hook-failed'; readonly server: ServerFqdn; readonly hook: Hook; readonly because: string }
  /** Somebody else did something to a server of this run; `seen` says what, and the others what it comes to. */
  | ({ readonly kind: 'changed-by-hand'; readonly server: ServerFqdn; readonly seen: readonly string[] } & ByHand)
  /** `inRestart`: what comes next is a server, and not an upgrade domain. */
  | {
      readonly kind: 'stuck';
      readonly servers: readonly ServerFqdn[];
      readonly because: string;
      readonly service: string;
      readonly inRestart?: true;
    }
  | { readonly kind: 'not-settling'; readonly because: string }
  /** One server of a pool of two is `down` by us, and the other one does not run either, or answers nothing (`found` null). */
  | {
      readonly kind: 'both-down';
      readonly pool: PoolFqdn;
      readonly down: ServerFqdn;
      readonly server: ServerFqdn;
      readonly found: ServiceStatus | null;
      /** As they went down, the first one first. */
      readonly order: readonly WentDown[];
    }
  /** One server of a pool of two is `down` by us, and its witness is gone: another copy is in charge, none, or nobody can tell. */
  | { readonly kind: 'back-end-lost'; readonly down: ServerFqdn; readonly backEnd: 'mirror' | 'down' | null }
  /** Nothing is done on a look older than a minute, and every look is by the time it is whole. */
  | { readonly kind: 'looks-too-slow' };

/** What takes a pool of two down while one of its servers is: the other one, or the back end that both load their users from. */
export type VitalAlarm = HoldReason & { readonly kind: 'both-down' | 'back-end-lost' };

/**
 * A FailOver failed and its server serves people, or will again: it took no action, or somebody has restarted the server since.
 * The yes for it is used up: whoever may be on the server by now was not there when it was given.
 */
export const cameBackFromFailOver = (reason: HoldReason): boolean =>
  reason.kind === 'failover-failed' &&
  reason.direction === 'fail-over' &&
  (reason.services === 'Running' || reason.services === 'StartPending');
