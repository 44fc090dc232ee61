import type { CheckResult } from './checks.ts';
import type { PersonId, ServerFqdn, UpgradeDomain } from './pool.ts';
import type { PoolSighting } from './sighting.ts';
import type { StopMode } from './step.ts';
import type { Instant } from './time.ts';

/** What exactly a yes is given to. Pool, procedure, step, ordered servers, stop mode, configuration: another of any is another question. */
export interface Gate {
  /** Counts up through a run, so that yesterday's button opens nothing. */
  readonly attempt: number;
  /** What people type: `approve 7KQ4`. */
  readonly code: string;
  readonly kind: 'stop-domain' | 'stop-rest' | 'immediate-stop';
  readonly upgradeDomain: UpgradeDomain;
  /** To be stopped, in this order. */
  readonly servers: readonly ServerFqdn[];
  readonly stopMode: StopMode;
  readonly revision: string;
  readonly expiresAt: Instant;
  readonly votesNeeded: number;
}

/** How a request ended. */
export type GateOutcome =
  | { readonly kind: 'approved' }
  | { readonly kind: 'denied'; readonly by: PersonId; readonly because: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'void'; readonly because: readonly string[] };

/** A request for approval and what has become of it. */
export interface OpenedGate {
  readonly gate: Gate;
  readonly at: Instant;
  readonly evidence: PoolSighting;
  readonly checks: readonly CheckResult[];
  readonly votes: readonly { readonly by: PersonId; readonly at: Instant }[];
  readonly outcome: (GateOutcome & { readonly at: Instant }) | null;
}
