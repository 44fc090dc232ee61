import type { PersonId, PoolFqdn, ProductVersion } from './pool.ts';
import type { QuietHours } from './quiet-hours.ts';
import { hours, minutes } from './time.ts';

/** `view`: ask about the pool. `operate`: run its upgrade. `approve`: say yes to a stop that somebody else asked for. */
export const RIGHTS = ['view', 'operate', 'approve'] as const;
/** One of the three rights. */
export type Right = (typeof RIGHTS)[number];

/** How a stopped server gets its update: a person says so per server, or the pool's one configured command runs on it. */
export type PatchMode = 'by-hand' | 'by-command';

/** The two documented ways to upgrade a pool. A pool has one; they are never mixed. */
export type Procedure = 'upgrade-domains' | 'server-failover';

/** When a command of the pool's own runs on a server: before it is taken down, and after it accepts connections again. */
export type Hook = 'before' | 'after';

/** Which of the two a pool has. What they run is configured, and is part of its revision. */
export type Hooks = Readonly<Record<Hook, boolean>>;

/** How a pool is looked at outside runs. */
export interface WatchRule {
  /** The time between two looks, in ms: `WATCH_EVERY` says how short and how long it may be. */
  readonly every: number;
  /** When only alarms are told; null: always everything is. */
  readonly quietHours: QuietHours | null;
  /** The time between two looks at certificates and patch levels, in ms; absent: `EXAMINE_EVERY` says. */
  readonly examineEvery?: number;
}

/** Bounds of the time between two looks: each costs a readiness cmdlet, and a state that changed counts after two. */
export const WATCH_EVERY = { least: minutes(5), most: hours(24) } as const;

/** Bounds of the time between two looks at certificates and patch levels, which change slowly and cost every server some seconds. */
export const EXAMINE_EVERY = { least: hours(1), most: hours(24) * 7, unlessSaid: hours(24) } as const;

/** One pool as configured: what it is and who may do what. Nothing here is read from the pool. */
export interface ManagedPool {
  readonly fqdn: PoolFqdn;
  /** Other names people type for it, in lower case. */
  readonly aliases: readonly string[];
  readonly version: ProductVersion;
  readonly procedure: Procedure;
  readonly backupPool: PoolFqdn | null;
  readonly patchMode: PatchMode;
  readonly hooks: Hooks;
  /** How many different people must approve each gate, at least one. */
  readonly approvalsNeeded: number;
  /** What a change ticket has to match as a whole; null: an upgrade needs none. */
  readonly changeTicket: RegExp | null;
  /** Who may do what. A person who is not listed may do nothing; an empty list means nobody. */
  readonly rights: ReadonlyMap<PersonId, ReadonlySet<Right>>;
  /** Who is called when the pool has a problem: people, or groups of them that have no rights by themselves. */
  readonly called: readonly PersonId[];
  /** Absent: nobody looks at it outside runs unless asked to. */
  readonly watch?: WatchRule;
  /** IANA zone in which times are shown, such as `Europe/London`. */
  readonly timeZone: string;
  /** A simulated pool says so on every card. */
  readonly simulated: boolean;
  /** Digest of this pool's configuration. A different one is another question to an approver. */
  readonly revision: string;
}

/** Whether the configuration gives this person the right; nothing else does. */
export const mayDo = (pool: ManagedPool, person: PersonId, right: Right): boolean => pool.rights.get(person)?.has(right) ?? false;

/** Everybody who has the right on the pool, in the order configured. */
export const peopleWith = (pool: ManagedPool, right: Right): readonly PersonId[] =>
  [...pool.rights].filter(([, rights]) => rights.has(right)).map(([person]) => person);
