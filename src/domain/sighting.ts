import type { FabricState } from './fabric.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn } from './pool.ts';
import type { BackEnd } from './quorum.ts';
import type { PoolReadiness, ReadinessVerdict } from './readiness.ts';
import { type Instant, minutes } from './time.ts';

/** `Status` of RTCSRV as Windows names it. Null: the server gave no answer, or an unknown word. */
export type ServiceStatus = 'Running' | 'StartPending' | 'StopPending' | 'Stopped';

/** RTCSRV of one server. */
export interface ServerService {
  readonly server: ServerFqdn;
  readonly rtcsrv: ServiceStatus | null;
}

/** Windows that must be closed on a server before the fabric is patched: processes `mmc` and `perfmon`. */
export interface Viewers {
  readonly server: ServerFqdn;
  /** Names of the open ones; null when the server could not be asked. */
  readonly open: readonly string[] | null;
}

/** One look at a whole pool. Null always means: asked, and no usable answer came. */
export interface PoolSighting {
  /** When readiness was answered: everything else was asked after it, so nothing in here is older. */
  readonly at: Instant;
  readonly readiness: PoolReadiness | null;
  readonly verdict: ReadinessVerdict;
  /** The Front End Server that answered for the pool. */
  readonly askedOf: ServerFqdn | null;
  /** `Get-CsComputer -Pool`, in topology order. */
  readonly computers: readonly ServerFqdn[] | null;
  /** `Get-CsServerVersion`, as the product it is. */
  readonly product: ProductVersion | null;
  readonly services: readonly ServerService[] | null;
  /** Of the servers that do not run those whose services are disabled, as FailOver leaves them; only looked for by server-failover. */
  readonly disabled?: readonly ServerFqdn[];
  readonly fabric: FabricState | null;
  readonly backEnd: BackEnd | null;
  readonly viewers: readonly Viewers[];
  /** `Get-CsPoolBackupRelationship`: null for a pool that has none. */
  readonly backupPool: PoolFqdn | null | 'unread';
  /** The paired pool, when it is being upgraded and began before us, or is not long over with it. */
  readonly pairUnderWay: PoolFqdn | null;
  /** Its run has ended: the servers that it left down; none, and they are only just back. Absent: it has not ended. */
  readonly pairLeftDown?: readonly ServerFqdn[];
  /** What that one is in is a rolling restart; absent: an upgrade. */
  readonly pairRestarts?: true;
  /** By our record the pool's users are at its backup pool; whether its backup service says so too (FinalState). Absent: they are at home. */
  readonly elsewhere?: 'confirmed' | 'unconfirmed';
  /** What of operations on whole pools stands against taking a server down, and whether a person may let it; absent: nothing. */
  readonly operationAgainst?: { readonly seen: string; readonly tickable: boolean };
  /** What answers said that could not be understood, word for word, each after the cmdlet's name. */
  readonly raw: readonly string[];
}

/**
 * A quick look at what a pool of two stands on while one of its servers is down: the services of both and the back end. No
 * readiness, which may take minutes to answer. Null: asked, and no usable answer came.
 */
export interface Vitals {
  /** When its first question was asked: nothing in here is older. */
  readonly at: Instant;
  readonly askedOf: ServerFqdn | null;
  readonly services: readonly ServerService[] | null;
  readonly backEnd: BackEnd | null;
}

/** How many servers the pool has, as this look shows it; three where it does not, for a pool of two is told apart by its two. */
export const sizeSeen = ({ computers, services }: Pick<PoolSighting, 'computers' | 'services'>): number =>
  computers?.length ?? services?.length ?? 3;

/** Servers whose RTCSRV runs; null when the services were not read at all. */
export const runningServers = ({ services }: PoolSighting): readonly ServerFqdn[] | null =>
  services?.filter(({ rtcsrv }) => rtcsrv === 'Running').map(({ server }) => server) ?? null;

/** What the patch command on a server is doing, as the server tells. */
export type PatchRun =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly exitCode: number };

/** What became of a hook of the pool on a server. `age`: how long ago it was told to start, in ms by the server's own clock. */
export type HookRun =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly age: number }
  /** It could not be run, or its process is gone without an exit code; `because` goes on from "the hook". */
  | { readonly kind: 'failed'; readonly because: string; readonly age: number };

/** Which way `Invoke-CsComputerFailOver` (out of the pool) or `Invoke-CsComputerFailBack` (into it again) takes a server. */
export type FailoverDirection = 'fail-over' | 'fail-back';

/**
 * What the last `Invoke-CsComputerFailOver` or `Invoke-CsComputerFailBack` that we started on a server is doing, as the
 * server tells. Neither cmdlet has output, so `done` is only that it raised no error: the services say the rest.
 */
export type FailoverRun =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly direction: FailoverDirection }
  | { readonly kind: 'ended'; readonly direction: FailoverDirection; readonly failed: string | null };

/** One look at one server: enough to tell whether a step has happened to it. Null fields: asked, no usable answer. */
export interface ServerAnswer {
  readonly bootTime: Instant;
  /** All Lync / Skype services together: `Stopped` only when every one is; `StopPending` and `StartPending` as soon as one is. */
  readonly services: ServiceStatus;
  readonly rtcsrv: ServiceStatus | null;
  /** Whether RTCSRV may not be started: `Invoke-CsComputerFailOver` disables the services, across restarts too. */
  readonly disabled: boolean;
  /** Calls and conferences still carried, from `ActivityLevel`; null when no counter was understood. */
  readonly calls: number | null;
  readonly conferences: number | null;
}

/** One look at one server, and beyond it as far as the step needed. */
export interface ServerSighting {
  readonly at: Instant;
  readonly server: ServerFqdn;
  /** Null: the server did not answer, as any server in the middle of a restart. */
  readonly answer: ServerAnswer | null;
  /** For a server that does not answer: the first look in a row that it missed. Put in as looks are folded in. */
  readonly silentSince?: Instant;
  /** TCP 5061 as seen from another Front End Server; null when not asked or not answered. */
  readonly sipPortOpen: boolean | null;
  /** Shown as OK and UP by the fabric; null when not asked or not answered. */
  readonly inFabric: boolean | null;
  /** What `Get-CsServerPatchVersion` says; null where the product cannot tell, or it was not asked or not answered. */
  readonly patchLevel: string | null;
  readonly patchRun: PatchRun | null;
  readonly failoverRun: FailoverRun | null;
  /** The hook that was looked for. */
  readonly hookRun: HookRun | null;
}

/** RTCSRV Running, the SIP port open, no longer missing from the fabric: our workable definition, for no cmdlet proves it. */
export const acceptsConnections = ({ answer, sipPortOpen, inFabric }: ServerSighting): boolean =>
  answer !== null && answer.rtcsrv === 'Running' && sipPortOpen === true && inFabric === true;

/** Nothing is started on an older look. Replay after an outage hands us old looks; they are history, not eyes. */
export const FRESH_FOR = minutes(1);

/** Whether a look may still be acted on. One from the future, after a clock was set back, may not. */
export const isFresh = <T extends { readonly at: Instant }>(seen: T | null, now: Instant): seen is T =>
  seen !== null && now - seen.at <= FRESH_FOR && now >= seen.at;
