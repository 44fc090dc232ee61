import type { PoolCondition, PoolCopies } from './domain/condition.ts';
import type { FabricState } from './domain/fabric.ts';
import type { Freeze, Thaw } from './domain/freeze.ts';
import type { Hook } from './domain/inventory.ts';
import type { OperationEvent } from './domain/operation.ts';
import type { PersonId, PoolFqdn, ProductVersion, ServerFqdn } from './domain/pool.ts';
import type { OperationRun, PoolOperationKind } from './domain/pool-operation.ts';
import type { BackEnd } from './domain/quorum.ts';
import type { PoolReadiness, Reading } from './domain/readiness.ts';
import type { Rehearsable, RehearsedOrNot } from './domain/rehearsal.ts';
import type { RunEvent } from './domain/run.ts';
import type {
  FailoverDirection,
  FailoverRun,
  HookRun,
  PatchRun,
  PoolSighting,
  ServerAnswer,
  ServerService,
} from './domain/sighting.ts';
import type { StopMode } from './domain/step.ts';
import type { Instant } from './domain/time.ts';
import type { Watched } from './domain/watch.ts';
import type { Card } from './messages/card.ts';
import type { HomePage } from './messages/home.ts';

/**
 * What came back from asking a pool one thing. `silent` is nothing, a time-out or a fault; `garbage` is text that is not
 * understood. Neither is ever a yes. `raw` is the answer word for word (capped), kept for the person who has to read it.
 * `notUnderstood` are members of an understood answer that no document knows, as `name=value`: shown, and decided on by nobody.
 */
export type Answer<Value> =
  | {
      readonly kind: 'understood';
      readonly value: Value;
      readonly askedOf: ServerFqdn | null;
      readonly raw: string;
      readonly notUnderstood?: readonly string[];
    }
  | { readonly kind: 'silent' | 'garbage'; readonly because: string; readonly askedOf: ServerFqdn | null; readonly raw: string };

/** The Front End Servers a question about a pool may be put to, best first: those that stay up. Empty: whichever is known. */
export type Ask = readonly ServerFqdn[];

/** Looking at a pool. Query commands are given this and nothing more. Never throws: no answer is an answer. */
export interface PoolReader {
  /** `Get-CsComputer -Pool` and `Get-CsPool`: the pool's servers in topology order. */
  computers(pool: PoolFqdn, ask: Ask): Promise<Answer<readonly ServerFqdn[]>>;
  /** `Get-CsPoolUpgradeReadinessState` or, where that is what the product has, `Get-CsUpgradeDomainInfo`. May take minutes. */
  readiness(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolReadiness>>;
  /** `Get-CsPoolFabricState`; verbose adds the routing groups with missing replicas to `raw`. */
  fabric(pool: PoolFqdn, ask: Ask, detail: 'plain' | 'verbose'): Promise<Answer<FabricState>>;
  /** `Get-CsWindowsService -ComputerName` for RTCSRV of each of these servers. */
  services(pool: PoolFqdn, ask: Ask, servers: readonly ServerFqdn[]): Promise<Answer<readonly ServerService[]>>;
  /** `Get-CsDatabaseMirrorState`. */
  backEnd(pool: PoolFqdn, ask: Ask): Promise<Answer<BackEnd>>;
  /** `Get-CsPoolBackupRelationship`: the backup pool, or null for a pool that has none. */
  backupPool(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolFqdn | null>>;
  /** `Get-CsServerVersion`: which product one of these servers has. Subscription Edition counts as 2019. */
  product(pool: PoolFqdn, ask: Ask): Promise<Answer<ProductVersion>>;
  /** Services with their activity and the boot time, asked on that server. */
  server(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<ServerAnswer>>;
  /** Whether TCP 5061 of `server` takes a connection from one of `ask`. */
  sipPort(pool: PoolFqdn, ask: Ask, server: ServerFqdn): Promise<Answer<boolean>>;
  /** Open Event Viewers and Performance Monitors (`mmc`, `perfmon`), asked on that server. */
  viewers(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<readonly string[]>>;
  /** `Get-CsServerPatchVersion`, asked on that server; null where the product has no such cmdlet. */
  patchLevel(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<string | null>>;
  /** What became of the pool's patch command on that server since it was last started there. */
  patchRun(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<PatchRun>>;
  /** What became of the pool's hook on that server since it was last started there. */
  hookRun(pool: PoolFqdn, server: ServerFqdn, hook: Hook): Promise<Answer<HookRun>>;
  /** What became of the last FailOver or FailBack that was started on that server; asked there. */
  failoverRun(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<FailoverRun>>;
  /**
   * What a pre-flight looks at, of each of these servers, some at a time: asked there, but its ports from another server.
   * A server that did not answer once is asked nothing more.
   */
  condition(pool: PoolFqdn, ask: Ask, servers: readonly ServerFqdn[]): Promise<PoolCondition>;
  /** `Get-CsBackupServiceStatus`, `Get-CsPool` and `Get-CsManagementStoreReplicationStatus`: what a pre-flight looks at of copies alone. */
  copies(pool: PoolFqdn, ask: Ask): Promise<PoolCopies>;
  /** What became of the last operation on the whole pool that was started on that server; asked there. */
  operationRun(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<OperationRun>>;
}

/**
 * Changing a server. Each verb returns once the server has been told, not once it is done: the end is for a look to
 * find. Never throws: what went wrong underneath is `unknown`, for it says nothing about what happened.
 */
export interface PoolOperator {
  /** `Stop-CsWindowsService -NoWait -Verbose`, with `-Graceful` unless a downtime was declared. */
  stopServices(pool: PoolFqdn, server: ServerFqdn, stopMode: StopMode): Promise<Told>;
  /** `Start-CsWindowsService -NoWait`. */
  startServices(pool: PoolFqdn, server: ServerFqdn): Promise<Told>;
  /** `Restart-Computer` of the boot that was seen and no other: refused when the server has restarted since. Never forced. */
  restart(pool: PoolFqdn, server: ServerFqdn, bootTimeSeen: Instant): Promise<Told>;
  /** Starts the pool's one configured patch command on the server. */
  patch(pool: PoolFqdn, server: ServerFqdn): Promise<Told>;
  /** Starts the pool's own command for this moment on the server. */
  hook(pool: PoolFqdn, server: ServerFqdn, hook: Hook): Promise<Told>;
  /**
   * Starts `Invoke-CsComputerFailOver` or `Invoke-CsComputerFailBack` of the server on the server, in a process of its
   * own: it may take an hour. Never `-Force` and never `-WhatIf`, which FailOver ignores beside it.
   */
  failover(pool: PoolFqdn, server: ServerFqdn, direction: FailoverDirection): Promise<Told>;
  /**
   * Starts the cmdlet of this operation on the whole pool on that server, in a process of its own: it may take an hour. Refused
   * where one runs there, or where the same token was started before. `token`: lower-case letters, digits and dashes, at most 40.
   */
  operate(pool: PoolFqdn, server: ServerFqdn, operation: PoolOperationKind, token: string): Promise<Told>;
}

/** `refused`: the server says that this call changed nothing, and why. `unknown`: only a look can tell. */
export type Told = { readonly kind: 'accepted' } | { readonly kind: 'refused' | 'unknown'; readonly because: string };

/** The platform's own number of a delivery (a typed line, a click): the same one delivered twice is heard once. */
export interface Delivery {
  readonly id: string;
  readonly at: Instant;
}

/**
 * The record: journals of runs, readings and looks of pools, what was posted where. Every write is on disk when it
 * returns. One process at a time; a second one is refused when the record is opened.
 */
export interface Store {
  /** Opens a run of `pool` with its first event. `active`: that pool already has one that has not ended. */
  openRun(pool: PoolFqdn, first: RunEvent, delivery: Delivery | null): Promise<Opened>;
  read(run: number): Promise<readonly RunEvent[]>;
  /** `taken`: somebody else's event came first, and what was decided without it is decided again. A run's `ended` event frees its pool. */
  append(run: number, seq: number, event: RunEvent, delivery: Delivery | null): Promise<'appended' | 'taken' | 'heard-before'>;
  /** Runs that have not ended, oldest first. */
  activeRuns(): Promise<readonly RunKey[]>;
  /** Runs of a pool, newest first, at most `limit`. */
  runsOf(pool: PoolFqdn, limit: number): Promise<readonly RunKey[]>;

  /** Opens an operation on the whole of `pool`, numbered by itself. `active`: that pool has one that has not ended. */
  openOperation(pool: PoolFqdn, first: OperationEvent, delivery: Delivery | null): Promise<Opened>;
  readOperation(operation: number): Promise<readonly OperationEvent[]>;
  /** As `append`. An operation's `ended` event frees its pool. */
  appendOperation(
    operation: number,
    seq: number,
    event: OperationEvent,
    delivery: Delivery | null,
  ): Promise<'appended' | 'taken' | 'heard-before'>;
  /** Operations that have not ended, oldest first; `run` is the operation's number. */
  activeOperations(): Promise<readonly RunKey[]>;
  /** Operations of a pool, newest first, at most `limit`. */
  operationsOf(pool: PoolFqdn, limit: number): Promise<readonly RunKey[]>;

  /** The pool's readings, newest last, at most `READINGS_KEPT`. */
  readings(pool: PoolFqdn): Promise<readonly Reading[]>;
  addReading(pool: PoolFqdn, reading: Reading): Promise<void>;
  lastLook(pool: PoolFqdn): Promise<PoolSighting | null>;
  saveLook(pool: PoolFqdn, sighting: PoolSighting): Promise<void>;

  posted(key: string, place: string): Promise<Posted | null>;
  savePosted(key: string, place: string, posted: Posted): Promise<void>;

  /** The freeze that stands on every pool; null while none does. */
  freeze(): Promise<Freeze | null>;
  /** Who ended the last freeze; null while one stands, and on a record that was never frozen. */
  lastThaw(): Promise<Thaw | null>;
  /** `as-it-is`: one stands already, and stays. */
  setFreeze(freeze: Freeze, delivery: Delivery): Promise<'set' | 'as-it-is' | 'heard-before'>;
  /** `as-it-is`: none stands. */
  endFreeze(thaw: Thaw, delivery: Delivery): Promise<'set' | 'as-it-is' | 'heard-before'>;

  /** What the watch of the pool remembers, and how often that has changed. */
  watched(pool: PoolFqdn): Promise<{ readonly seq: number; readonly watched: Watched }>;
  /** `taken`: it has changed since `seq`, and what was decided without that is decided again. */
  saveWatched(
    pool: PoolFqdn,
    seq: number,
    watched: Watched,
    delivery: Delivery | null,
  ): Promise<'saved' | 'taken' | 'heard-before'>;

  /** When the bot last said it was alive; null on a new record. */
  lastAlive(): Promise<Instant | null>;
  sayAlive(at: Instant): Promise<void>;
}

/** A run, by its number. */
export interface RunKey {
  readonly run: number;
  readonly pool: PoolFqdn;
  readonly ended: boolean;
}

/** What became of the wish to open a run. */
export type Opened =
  | { readonly kind: 'opened'; readonly run: number }
  | { readonly kind: 'active'; readonly run: number }
  | { readonly kind: 'heard-before' };

/** What stands in a place under a key: the surface's own id for the message, and the digest of what it shows. */
export interface Posted {
  readonly messageId: string;
  readonly digest: string;
}

/** The time, which only `main` and tests know how to tell. */
export interface Clock {
  now(): Instant;
}

/** One line from a person. */
export interface Heard {
  readonly text: string;
  readonly by: PersonId;
  readonly deliveryId: string;
}

/** A pressed button: which of which card, with whatever that button asked the person for. */
export interface Pressed {
  readonly card: string;
  readonly button: string;
  /** What was answered to the button's question; null while it has not been asked. */
  readonly words: string | null;
  readonly by: PersonId;
  readonly deliveryId: string;
}

/** What came of a line or a button, for the person alone. What it led to goes on with `follow`, once they have been told. */
export interface Answered {
  readonly kind: 'answered';
  readonly card: Card;
  /** Whether it was taken: written to a run, or a question that was answered. False: refused or misread, and nothing changed. */
  readonly taken: boolean;
  /** Goes as far as it can for now. To be called once. */
  follow(): Promise<void>;
}

/** A button that has to ask something first: nothing has been done yet. */
export interface Asking {
  readonly kind: 'asking';
  readonly question: string;
  /** What the answer belongs to. */
  readonly title: string;
}

/** What a chat brings its people to. An order has been written when its answer comes. */
export interface Listener {
  hear(heard: Heard): Promise<Answered>;
  press(pressed: Pressed): Promise<Answered | Asking>;
  /** What concerns this person, from what is known now: nothing is looked at anew. */
  home(person: PersonId): Promise<HomePage>;
}

/** What a card is about, for a surface that has to know where it goes. */
export interface About {
  readonly pool: PoolFqdn;
  /** Who asked for the run; null for a card of no run. */
  readonly owner: PersonId | null;
}

/** A chat, as far as the core needs it. */
export interface ChatSurface {
  /**
   * Sees to it that this card, and nothing older, stands once under its key where its pool is talked about. A surface
   * whose platform makes it wait comes back before that, and never throws for what the platform does.
   */
  show(card: Card, about: About): Promise<void>;
}

/**
 * Plays an upgrade ahead on a simulated pool that is made from a look. Data go in and data come out: it is given no way to a
 * pool, to a chat or to the record, and what it does leaves nothing behind.
 */
export interface Rehearsal {
  rehearse(asked: Rehearsable): Promise<RehearsedOrNot>;
}
