import type { EventSeen, PoolCopies } from './condition.ts';
import type { FabricState } from './fabric.ts';
import type { GateOutcome } from './gate.ts';
import type { PersonId, PoolFqdn, ProductVersion, ServerFqdn } from './pool.ts';
import type { OperationRun, PoolOperationKind } from './pool-operation.ts';
import type { BackEnd } from './quorum.ts';
import type { ServerAnswer, ServerService } from './sighting.ts';
import { hours, type Instant } from './time.ts';

/** Each is named for the good state, as the checks of an upgrade are. */
export const OPERATION_CHECKS = [
  'nothing-under-way',
  'backup-related',
  'backup-steady',
  'backup-pool-well',
  'cms-elsewhere',
  'edge-next-hop',
  'failed-over',
  'pool-well',
  'pool-down',
  'enough-answer',
  'groups-lost',
  'pool-quorum',
  'topology-published',
  'back-end-reachable',
] as const;
/** The name of one. */
export type OperationCheckName = (typeof OPERATION_CHECKS)[number];

/**
 * One thing that has to be so before the whole pool is operated on. `blocked` is waited for; `tickable` waits for a person's
 * word by name; `refused` is what no waiting changes, and ends it.
 */
export interface OperationFinding {
  readonly check: OperationCheckName;
  readonly verdict: 'ok' | 'blocked' | 'tickable' | 'refused';
  /** What was seen, in words. */
  readonly seen: string;
  /** What makes it go away. */
  readonly clears: string;
  /** It would block, and a person let it stand. */
  readonly ticked?: true;
}

/**
 * One look at everything an operation is judged on. Readiness is none of it: its cmdlet may take a quarter of an hour to say
 * nothing of a pool that is down. Null always means: asked, and no usable answer came.
 */
export interface OperationSighting {
  /** When its first question was asked: nothing in here is older. */
  readonly at: Instant;
  readonly askedOf: ServerFqdn | null;
  readonly computers: readonly ServerFqdn[] | null;
  readonly services: readonly ServerService[] | null;
  readonly fabric: FabricState | null;
  readonly backEnd: BackEnd | null;
  readonly backupPool: PoolFqdn | null | 'unread';
  /** Null: not looked at, for this operation does not hang on it. */
  readonly copies: PoolCopies | null;
  /** Every server of the pool, asked itself; `answer` null: it did not. */
  readonly answers: readonly { readonly server: ServerFqdn; readonly answer: ServerAnswer | null }[];
  /** The servers of the backup pool; null: Lifeguard does not look after it, or it could not be read. */
  readonly backup: {
    readonly version: ProductVersion;
    readonly servers: readonly ServerFqdn[];
    readonly services: readonly ServerService[] | null;
    readonly backEnd: BackEnd | null;
  } | null;
  /** What else is under way on this pool or its pair and stands against it, in words; null: nothing. */
  readonly underWay: string | null;
  /** What an earlier operation left here: its cmdlet, which may still run, or users of another pool; in words; null: nothing. */
  readonly leftRunning: string | null;
  /** What became of the cmdlet that was started; null: nothing was, or its server did not answer. */
  readonly run: OperationRun | null;
  /** Why servers do not come up, by their own events of the last hour; looked for only where one is starting for long. */
  readonly stuck: readonly { readonly server: ServerFqdn; readonly events: readonly EventSeen[] }[];
}

/** What somebody asked for, with the pool's configuration as it was then. */
export interface OperationRequest {
  readonly pool: PoolFqdn;
  readonly kind: PoolOperationKind;
  readonly by: PersonId;
  readonly version: ProductVersion;
  readonly backupPool: PoolFqdn | null;
  readonly revision: string;
  /** By the record: this pool's users were failed over and not failed back since. */
  readonly failedOver: boolean;
  /** As far as this bot saw it: the servers that went down and are not back, the first one first. */
  readonly wentDown: readonly ServerFqdn[];
  readonly ticket?: string;
}

/** One act: the operation's cmdlet, run on that server; or, where the product has none, the services of every server. */
export type OperationStep =
  | { readonly action: 'cmdlet'; readonly server: ServerFqdn; readonly token: string }
  | { readonly action: 'start-services'; readonly server: ServerFqdn };

/** What exactly a yes is given to. */
export interface OperationGate {
  readonly attempt: number;
  readonly code: string;
  readonly revision: string;
  readonly steps: readonly OperationStep[];
  readonly expiresAt: Instant;
  readonly votesNeeded: number;
}

/** A request for approval, what was seen when it was made, and what became of it. */
export interface OpenedOperationGate {
  readonly gate: OperationGate;
  readonly at: Instant;
  readonly findings: readonly OperationFinding[];
  readonly votes: readonly { readonly by: PersonId; readonly at: Instant }[];
  readonly outcome: (GateOutcome & { readonly at: Instant }) | null;
}

/** Why it waits for a person to say `retry` or `abort`. */
export type OperationHold =
  | { readonly kind: 'findings'; readonly findings: readonly OperationFinding[] }
  | { readonly kind: 'void'; readonly because: readonly string[] }
  | { readonly kind: 'denied'; readonly by: PersonId; readonly because: string }
  | { readonly kind: 'expired' | 'looks-too-slow' }
  /** The cmdlet ended with these words. */
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string }
  /** Nobody can tell what became of it. */
  | { readonly kind: 'unclear'; readonly because: string }
  /** The cmdlet is done, and what it is for was not seen in its time. */
  | { readonly kind: 'not-verified'; readonly because: string };

/** How it ended. `left` says what an aborted one may have left behind. */
export type OperationEnding =
  | { readonly how: 'done'; readonly seen: readonly string[] }
  | { readonly how: 'aborted'; readonly by: PersonId; readonly left: readonly string[] }
  | { readonly how: 'refused'; readonly because: readonly string[] };

/** What happened, in the past tense. */
export type OperationEvent = { readonly at: Instant } & (
  | { readonly kind: 'requested'; readonly request: OperationRequest }
  | { readonly kind: 'looked'; readonly sighting: OperationSighting }
  | { readonly kind: 'ticked'; readonly check: OperationCheckName; readonly by: PersonId; readonly seen: string }
  | { readonly kind: 'approval-requested'; readonly gate: OperationGate; readonly findings: readonly OperationFinding[] }
  | { readonly kind: 'approved'; readonly code: string; readonly by: PersonId }
  | { readonly kind: 'denied'; readonly code: string; readonly by: PersonId; readonly because: string }
  | { readonly kind: 'approval-expired'; readonly code: string }
  | { readonly kind: 'step-started'; readonly step: OperationStep }
  | { readonly kind: 'step-accepted'; readonly step: OperationStep }
  | { readonly kind: 'step-ended'; readonly step: OperationStep; readonly conclusion: 'done' | 'not-done' }
  | { readonly kind: 'held'; readonly reason: OperationHold }
  | { readonly kind: 'retried'; readonly by: PersonId }
  | { readonly kind: 'ended'; readonly ending: OperationEnding }
);

/** One operation on one pool as its journal tells it. */
export interface Operation {
  readonly request: OperationRequest;
  readonly requestedAt: Instant;
  /** What a person let stand, as it was seen then: whatever else is seen later is another question. */
  readonly ticks: readonly { readonly check: OperationCheckName; readonly by: PersonId; readonly seen: string }[];
  readonly gates: readonly OpenedOperationGate[];
  /** Whether a yes covers the steps of the last request. */
  readonly approved: boolean;
  readonly checkingSince: Instant;
  /** Begun, and not seen ended. */
  readonly started: { readonly step: OperationStep; readonly at: Instant; readonly accepted: boolean } | null;
  /** Seen done, in the order they were. */
  readonly done: readonly { readonly step: OperationStep; readonly at: Instant }[];
  /** Ran, and ended with an error: what it has changed until then nobody knows. */
  readonly failed: readonly { readonly step: OperationStep; readonly at: Instant }[];
  /** Seen not done, since the yes. */
  readonly timesNotDone: number;
  readonly held: { readonly reason: OperationHold; readonly at: Instant } | null;
  readonly ended: { readonly ending: OperationEnding; readonly at: Instant } | null;
  /** The latest look since the work last changed; null once something changed it. */
  readonly seen: OperationSighting | null;
  /** The latest look of all, for cards. */
  readonly lastSeen: OperationSighting | null;
  /** Each hold and the end, for lines of their own. */
  readonly told: readonly { readonly seq: number; readonly at: Instant; readonly what: OperationHold | OperationEnding }[];
  /** How many events are folded in. */
  readonly seq: number;
}

/** A request may be approved for as long as an upgrade's. */
export const OPERATION_OPEN_FOR = hours(4);

/** Resets restart services on the whole pool and may lose data that is not written yet: two people, whatever is configured. */
export const needsTwo = (kind: PoolOperationKind): boolean => kind === 'recover' || kind === 'reset';

/** The request that waits for votes, if one does. */
export function openOperationGate({ gates, held, ended }: Operation): OpenedOperationGate | null {
  const last = gates.at(-1) ?? null;
  return last === null || last.outcome !== null || held !== null || ended !== null ? null : last;
}
