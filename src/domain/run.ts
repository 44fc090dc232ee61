import type { CheckName, CheckResult } from './checks.ts';
import type { FabricState } from './fabric.ts';
import type { Freeze } from './freeze.ts';
import type { Gate, OpenedGate } from './gate.ts';
import type { HoldReason, VitalAlarm, WentDown } from './hold.ts';
import type { Hooks, PatchMode, Procedure } from './inventory.ts';
import type { Milestone } from './milestone.ts';
import type { PersonId, PoolFqdn, ProductVersion, ServerFqdn, Topology, UpgradeDomain } from './pool.ts';
import { doneBefore } from './purpose.ts';
import type { BackEnd } from './quorum.ts';
import type { PoolUpgradeState } from './readiness.ts';
import type { PoolSighting, ServerSighting, Vitals } from './sighting.ts';
import type { StartedStep, Step, StopMode } from './step.ts';
import { hours, type Instant, minutes } from './time.ts';

/** Which upgrade domains a run takes: those an unfinished run left, every one, or the named ones. */
export type Scope =
  | { readonly kind: 'left' }
  | { readonly kind: 'all' }
  | { readonly kind: 'domains'; readonly names: readonly string[] };

/** The pool's configuration as it was when the run began, or when it was last taken anew. */
export interface Settings {
  readonly version: ProductVersion;
  readonly procedure: Procedure;
  readonly backupPool: PoolFqdn | null;
  readonly patchMode: PatchMode;
  /** Absent in journals from before there were any. */
  readonly hooks?: Hooks;
  readonly approvalsNeeded: number;
  readonly revision: string;
}

/** What the pool's last run left behind. */
export interface Carried {
  /** Servers that an unfinished run has upgraded already; empty after a finished one. */
  readonly upgraded: readonly ServerFqdn[];
  /** Servers that an unfinished rolling restart has restarted, and the whole pool as it was then; absent: none. */
  readonly restarted?: { readonly servers: readonly ServerFqdn[]; readonly of: readonly ServerFqdn[] };
  readonly downByUs: readonly ServerFqdn[];
  readonly lastBackAt: Instant | null;
  /** Servers of ours came back and the pool was not seen quiet for the settle time since. */
  readonly unsettled: boolean;
  /** The upgrade domain that an abort left in the middle of its way; the next run goes on with it. */
  readonly work: DomainWork | null;
  /** Further ones that runs before that left, and that nobody has gone on with; absent: none. */
  readonly others?: readonly DomainWork[];
}

/** What a pool without an earlier run carries. */
export const NOTHING_CARRIED: Carried = { upgraded: [], downByUs: [], lastBackAt: null, unsettled: false, work: null };

/** What somebody asked for, and what the run began with. */
export interface Request {
  readonly pool: PoolFqdn;
  readonly by: PersonId;
  /** Absent: an upgrade. `restart`: each server by itself is stopped, restarted and brought back, and none is patched. */
  readonly purpose?: 'restart';
  /** For a rolling restart: the pool's servers before, by the last plan, or else the last look; absent: there was neither. */
  readonly knownServers?: readonly ServerFqdn[];
  readonly stopMode: StopMode;
  readonly scope: Scope;
  readonly settings: Settings;
  readonly carried: Carried;
  /** The change ticket it was asked for with, as typed; absent: none, or a journal from before there were any. */
  readonly ticket?: string;
}

/** How a run ended; `left` and `because` are told to people as they are. */
export type Ending =
  | { readonly how: 'finished'; readonly left?: readonly string[] }
  | { readonly how: 'aborted'; readonly left: readonly string[] }
  | { readonly how: 'refused'; readonly because: readonly string[] };

/** What happened, in the past tense. The journal is these and nothing else. */
export type RunEvent = { readonly at: Instant } & (
  | { readonly kind: 'requested'; readonly request: Request }
  | { readonly kind: 'reconfigured'; readonly settings: Settings }
  | { readonly kind: 'pool-observed'; readonly sighting: PoolSighting }
  | { readonly kind: 'vitals-observed'; readonly sighting: Vitals }
  | { readonly kind: 'server-observed'; readonly sighting: ServerSighting }
  | { readonly kind: 'planned'; readonly topology: Topology; readonly upgradeDomains: readonly UpgradeDomain[] }
  | { readonly kind: 'approval-requested'; readonly gate: Gate; readonly checks: readonly CheckResult[] }
  | { readonly kind: 'approved'; readonly code: string; readonly by: PersonId }
  | { readonly kind: 'denied'; readonly code: string; readonly by: PersonId; readonly because: string }
  | { readonly kind: 'approval-expired'; readonly code: string }
  /** A yes that was given covers nothing any more; what is left to stop is asked for anew. */
  | { readonly kind: 'approval-lapsed'; readonly because: string }
  | { readonly kind: 'step-started'; readonly step: Step }
  | { readonly kind: 'step-accepted'; readonly step: Step }
  | { readonly kind: 'step-ended'; readonly step: Step; readonly conclusion: 'done' | 'not-done' }
  /** A look showed that the server is already where the step would bring it: nothing was done. */
  | { readonly kind: 'step-not-needed'; readonly action: 'stop' | 'start'; readonly server: ServerFqdn }
  | { readonly kind: 'patched'; readonly server: ServerFqdn; readonly by: PersonId }
  | { readonly kind: 'server-back'; readonly server: ServerFqdn }
  /** `seen` is what was let stand, and anything else is not; absent in journals from before it was kept. */
  | {
      readonly kind: 'ticked';
      readonly check: CheckName;
      readonly server: ServerFqdn | null;
      readonly by: PersonId;
      readonly seen?: string;
    }
  /** A person asked while the pool settles, and it was not Ready. */
  | { readonly kind: 'not-ready-read'; readonly state: PoolUpgradeState | null }
  | { readonly kind: 'settled'; readonly upgradeDomain: string | null }
  | { readonly kind: 'held'; readonly reason: HoldReason }
  /** The pool of two is in danger while the run is held for something else, or brings everything back: it is told, and goes on. */
  | { readonly kind: 'alarmed'; readonly reason: VitalAlarm }
  | { readonly kind: 'retried'; readonly by: PersonId; readonly immediate: boolean }
  /** What a person did by hand on a server counts as the run's own. */
  | { readonly kind: 'adopted'; readonly server: ServerFqdn; readonly by: PersonId }
  | { readonly kind: 'paused' | 'resumed'; readonly by: PersonId }
  | { readonly kind: 'aborted'; readonly by: PersonId; readonly how: 'bring-back' | 'leave' }
  /** The pool's users were seen moved to its backup pool, or home again, by an operation on the whole pool. */
  | { readonly kind: 'failed-over'; readonly since: Instant }
  | { readonly kind: 'failed-back' }
  /** The switch for all pools was turned, at `since`; the run may have learned it later. */
  | { readonly kind: 'frozen'; readonly by: PersonId; readonly because: string; readonly since: Instant }
  | { readonly kind: 'thawed'; readonly by: PersonId }
  | { readonly kind: 'ended'; readonly ending: Ending }
  /** After the end: a server that an aborted run had left down was seen running. */
  | { readonly kind: 'left-server-back'; readonly server: ServerFqdn }
);

/** Where one server of the upgrade domain stands on its way down and up again. */
export type Stage = 'up' | 'down' | 'patched' | 'booting' | 'back';

/** One server of the domain under way. */
export interface ServerWork {
  readonly server: ServerFqdn;
  readonly stage: Stage;
  /** When it came to this stage. */
  readonly since: Instant;
  readonly patched: boolean;
  /** It was restarted in a run that does nothing else. */
  readonly restarted?: boolean;
  /** `Start-CsWindowsService` has been tried after its restart. */
  readonly startTried: boolean;
  /** The hook before has run, and the one after has not yet put it back; false: it has. */
  readonly prepared?: boolean;
  /**
   * Something is to be put back by the hook after, whatever is configured meanwhile: a hook before was tried, or the server
   * was told to go down with a hook after alone. Absent in journals from before this was kept.
   */
  readonly owesAfter?: boolean;
  /** The boot it was told to restart from, where nobody has seen the end of that and waits for it no more. */
  readonly restartToldFrom?: Instant;
  /** As it was just before it was taken down; absent in journals from before this was kept. */
  readonly asFound?: { readonly bootTime: Instant; readonly level: string | null };
}

/** One upgrade domain from its approval until its settle time begins. */
export interface DomainWork {
  readonly upgradeDomain: UpgradeDomain;
  /** As its run's: only a run of the same kind goes on with what is left of it. */
  readonly purpose?: 'restart';
  readonly servers: readonly ServerWork[];
  /** Set from just before an act until a look has shown its end, across any number of restarts of ours. */
  readonly started: StartedStep | null;
  readonly timesNotDone: number;
  /** Whether a yes covers the servers that are still to be stopped. */
  readonly approved: boolean;
  /** A stop under that yes came to nothing, which uses it up: why. Absent: it has not. */
  readonly spent?: string;
  readonly evidence: PoolSighting;
  /** The placement just before the first stop: what every further stop is compared with. */
  readonly fabricAtFirstStop: FabricState | null;
  /** An immediate stop of the draining server: asked for, and whether the yes has come. */
  readonly immediate: 'no' | 'wanted' | 'approved';
}

/** The twenty minutes after a domain is back, as far as they have come. */
export interface Settling {
  /** Null: what an earlier run left is settled first. */
  readonly upgradeDomain: string | null;
  readonly began: Instant;
  /** The first look of an unbroken row of quiet, Ready ones; null while there is none. */
  readonly since: Instant | null;
  readonly fabricThen: FabricState | null;
  readonly lookedAt: Instant | null;
  /** How often the twenty minutes have begun. */
  readonly starts: number;
  /** Why it does not count yet, or was started again last. */
  readonly because: string | null;
}

/** A check that a person let stand, as it was seen; absent: however it is seen, in a journal from before that was kept. */
export interface Tick {
  readonly check: CheckName;
  readonly server: ServerFqdn | null;
  readonly seen?: string;
  readonly by: PersonId;
  readonly at: Instant;
}

/** One upgrade, or one rolling restart, of one pool as its journal tells it. */
export interface Run {
  readonly request: Request;
  readonly requestedAt: Instant;
  readonly settings: Settings;
  /** Null until a look has shown which servers and upgrade domains there are, and again when a person re-plans. */
  readonly plan: { readonly topology: Topology; readonly upgradeDomains: readonly UpgradeDomain[] } | null;
  /** The servers of the pool that the last plan was made for, kept while a person plans anew; null before the first. */
  readonly plannedFor: readonly ServerFqdn[] | null;
  /** Servers that this run has patched, or in a rolling restart restarted, and seen back. */
  readonly upgraded: readonly ServerFqdn[];
  /** The version that this run's update has brought, once a server has shown it. */
  readonly patchedTo: string | null;
  readonly gates: readonly OpenedGate[];
  readonly work: DomainWork | null;
  readonly settling: Settling | null;
  readonly checkingSince: Instant;
  readonly ticks: readonly Tick[];
  readonly held: { readonly reason: HoldReason; readonly at: Instant } | null;
  readonly paused: { readonly by: PersonId; readonly at: Instant } | null;
  readonly aborting: { readonly by: PersonId; readonly at: Instant; readonly how: 'bring-back' | 'leave' } | null;
  /** Since when the pool's users are at its backup pool, by our record; absent: they are at home, as far as it knows. */
  readonly failedOverAt?: Instant;
  /** Nothing is started on any server meanwhile. */
  readonly frozen: Freeze | null;
  readonly ended: { readonly ending: Ending; readonly at: Instant } | null;
  /** The latest looks since the work last changed; whatever changes it forgets them. */
  readonly seen: PoolSighting | null;
  readonly seenServers: readonly ServerSighting[];
  /** The latest looks of all, for cards: history, not eyes. */
  readonly lastSeen: PoolSighting | null;
  /** The last two quick looks at a pool of two; null while there were none. */
  readonly vitals: Vitals | null;
  readonly vitalsBefore: Vitals | null;
  /** What of a pool of two was told and has not been seen well since. */
  readonly alarmed: readonly VitalAlarm[];
  /** Servers that went down and are not back, as far as was seen: the first one first. */
  readonly wentDown: readonly WentDown[];
  /** The copy of the back end that was last seen in charge; null while none was. */
  readonly principal: Exclude<BackEnd, 'down'> | null;
  /** Since when each check has failed without a break. */
  readonly failingSince: Readonly<Record<string, Instant>>;
  /** Servers that we stopped, or may have stopped, and have not yet seen accept connections again. */
  readonly downByUs: readonly ServerFqdn[];
  readonly lastBackAt: Instant | null;
  readonly unsettled: boolean;
  readonly milestones: readonly Milestone[];
  /** How many events are folded in. */
  readonly seq: number;
}

/** An approval may be given for this long; then it is asked for again by `retry`. The number. */
export const APPROVAL_OPEN_FOR = hours(4);
/** Replicas rebuild for 15 to 30 minutes, and readiness suffers meanwhile. Our inference; the cards say so. */
export const REBUILD_TIME = minutes(30);

/** Whether readings at this time say more about our own work than about the pool. */
export const disturbedByUs = ({ downByUs, lastBackAt }: Pick<Run, 'downByUs' | 'lastBackAt'>, at: Instant): boolean =>
  downByUs.length > 0 || (lastBackAt !== null && at - lastBackAt < REBUILD_TIME);

/** The request that waits for votes, if one does. */
export const openGate = ({ gates }: Run): OpenedGate | null => {
  const last = gates.at(-1);
  return last !== undefined && last.outcome === null ? last : null;
};

/** What the yes for the domain under way was given to; null when none was given. */
export const stopGate = ({ gates }: Run): Gate | null =>
  gates.findLast(({ gate, outcome }) => gate.kind !== 'immediate-stop' && outcome?.kind === 'approved')?.gate ?? null;

/** The upgrade domain that is under way or comes next; null when every planned one is upgraded. */
export const nextUpgradeDomain = (run: Run): UpgradeDomain | null => {
  const upgraded = upgradedSoFar(run);
  return run.plan?.upgradeDomains.find(({ servers }) => servers.some((server) => !upgraded.includes(server))) ?? null;
};

/** Servers that need not be taken again: this run's own, and an earlier unfinished run's when this one goes on with it. */
export const upgradedSoFar = ({ request, upgraded }: Run): readonly ServerFqdn[] =>
  request.scope.kind === 'left' ? [...doneBefore(request), ...upgraded] : upgraded;

/** For a state that only a bug or a damaged journal can bring about: the process ends, the journal is intact. */
export function unreachable(claim: string): never {
  throw new Error(`broken invariant: ${claim}`);
}
