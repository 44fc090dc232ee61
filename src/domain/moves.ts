import type { CheckResult } from './checks.ts';
import type { Gate } from './gate.ts';
import type { HoldReason } from './hold.ts';
import type { Hook } from './inventory.ts';
import type { ServerFqdn, UpgradeDomain } from './pool.ts';
import type { ReadinessVerdict } from './readiness.ts';
import type { Run, RunEvent } from './run.ts';
import { isFresh, type ServerSighting } from './sighting.ts';
import type { Step } from './step.ts';
import { type Instant, minutes } from './time.ts';

/** `connections` also asks whether a server accepts them; `patch` what became of the patch command, and the version; `failover` of FailOver or FailBack; a hook what became of it. */
export type LookAlso = 'nothing' | 'connections' | 'patch' | 'failover' | `hook-${Hook}`;

/** What to do next, as data. Only the runner turns a move into an effect. */
export type Move =
  /** `whole` asks everything that stands before a stop; `quiet` asks what a settle time is judged on. */
  | { readonly kind: 'observe-pool'; readonly scope: 'whole' | 'quiet'; readonly upgradeDomain: UpgradeDomain | null }
  /** The other server of a pool of two and the back end, while one server is down. */
  | { readonly kind: 'observe-vitals' }
  | { readonly kind: 'observe-server'; readonly server: ServerFqdn; readonly also: LookAlso }
  | { readonly kind: 'perform'; readonly step: Step }
  /** The runner adds the code, the votes needed and the expiry. */
  | {
      readonly kind: 'request-approval';
      readonly gate: Pick<Gate, 'kind' | 'upgradeDomain' | 'servers' | 'stopMode'>;
      readonly checks: readonly CheckResult[];
    }
  | { readonly kind: 'record'; readonly event: WithoutAt<RunEvent> }
  | { readonly kind: 'wait'; readonly until: Instant; readonly because: string }
  | { readonly kind: 'await-person' }
  | { readonly kind: 'finish' };

/** An event before the runner stamps it with its time. */
export type WithoutAt<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** Readiness and fabric are read at least once a minute while settling, and a server under way is looked at as often. */
export const LOOK_EVERY = minutes(1);
/** A step seen not done is done once more; not done again, it is a person's to understand. */
export const TIMES_NOT_DONE_MAX = 2;

/** Nothing to do until somebody says something. */
export const AWAIT_PERSON: Move = { kind: 'await-person' };
/** Look at the pool, with the servers of this domain for their open viewers. */
export const observePool = (upgradeDomain: UpgradeDomain | null, scope: 'whole' | 'quiet' = 'whole'): Move => ({
  kind: 'observe-pool',
  scope,
  upgradeDomain,
});
/** Write this down; it is decided. */
export const record = (event: WithoutAt<RunEvent>): Move => ({ kind: 'record', event });
/** Stop for a person. */
export const hold = (reason: HoldReason): Move => record({ kind: 'held', reason });

/** A readiness that no waiting mends, as the reason to hold; null for any other. */
export const problemIn = (verdict: ReadinessVerdict): HoldReason | null => {
  if (verdict.kind === 'pool-problem') return { kind: 'pool-problem', cause: verdict.cause, seenAt: verdict.seenAt };
  return verdict.kind === 'our-servers-are-down' ? { kind: 'our-servers-are-down' } : null;
};

/** The same for a run: where the pool's users are elsewhere, that is no reason to hold any more. */
export const problemOf = ({ failedOverAt }: Run, verdict: ReadinessVerdict): HoldReason | null =>
  failedOverAt === undefined ? problemIn(verdict) : null;

/** A step that only a person can understand. */
export const holdStep = (step: Step, because: string): Move => hold({ kind: 'step-unclear', step, because });

/** The latest look at this server, if it is recent enough to act on. */
export function freshLook({ seenServers }: Run, server: ServerFqdn, now: Instant): ServerSighting | null {
  const look = seenServers.find((each) => each.server === server) ?? null;
  return isFresh(look, now) ? look : null;
}
