import type { PoolFqdn, ServerFqdn } from './pool.ts';
import type { Instant } from './time.ts';

/** One thing that was looked at: what was found, or why it could not be read. No answer is never a good one. */
export type Part<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'unread'; readonly because: string };

/** Services without which a Front End Server serves nobody: Front-End, Windows or Service Fabric, replicator, web. */
export const KEY_SERVICES = ['RTCSRV', 'FabricHostSvc', 'REPLICA', 'W3SVC'] as const;
/** TCP ports of a Front End Server: SIP over TLS, web services inside and published, and the one by which others know it lives. */
export const KEY_PORTS = [5061, 443, 4443, 5090] as const;
export type KeyPort = (typeof KEY_PORTS)[number];
/**
 * Events of the log `Lync Server` that say why a server does not start or that its pool is coming apart, in the words of
 * the posts about those nights; 61029 is of LS MCU Infrastructure, the others of LS User Services.
 */
export const TELLING_EVENTS = [32163, 32169, 32170, 32173, 32174, 61029] as const;

/** A key service as Windows has it; `state` in its own words, such as `Start Pending`, and empty when the server has no such service. */
export interface ServiceSeen {
  readonly name: string;
  readonly state: string;
  /** When its process began; null when it is not starting, or when that is not known. */
  readonly since: Instant | null;
}

/** One telling event of the last hour, by the server's own clock. */
export interface EventSeen {
  readonly id: number;
  readonly at: Instant;
  /** Its message, capped. */
  readonly text: string;
}

/** What was found on one Front End Server that answered. */
export interface ServerCondition {
  readonly services: Part<readonly ServiceSeen[]>;
  readonly events: Part<readonly EventSeen[]>;
  /** Each key port, asked of another server of the pool where one answers, and whether it takes a connection. */
  readonly ports: Part<readonly { readonly port: KeyPort; readonly open: boolean }[]>;
  /** What wants Windows to be restarted; empty: nothing does. */
  readonly restart: Part<readonly string[]>;
  /** Free space in bytes. */
  readonly disks: Part<readonly { readonly root: string; readonly free: number }[]>;
  /** `ends` is null for a certificate whose end was not understood. */
  readonly certificates: Part<readonly { readonly use: string; readonly ends: Instant | null }[]>;
  /** The versions of its components in one text; null for a product that cannot tell (Lync Server 2013). */
  readonly patchLevel: Part<string | null>;
}

/** One module of `Get-CsBackupServiceStatus`, such as `UserServices.PresenceFocus`; statuses in its own words. */
export interface BackupModule {
  readonly name: string;
  readonly exporting: string;
  readonly importing: string;
}

/** How far a pool has been copied to where else it has to be: its backup pool, and the Central Management Store's replicas. */
export interface PoolCopies {
  readonly backup: Part<readonly BackupModule[]>;
  /** Whether the pool holds the Central Management Store. */
  readonly holdsCms: Part<boolean>;
  /** `UpToDate` of the replicas of the Central Management Store, of all servers of the topology. */
  readonly replicas: Part<readonly { readonly server: string; readonly upToDate: boolean }[]>;
}

/** Everything that is looked at of a pool before a night, beyond its readiness, fabric and quorum. */
export interface PoolCondition extends PoolCopies {
  readonly servers: readonly { readonly server: ServerFqdn; readonly seen: Part<ServerCondition> }[];
}

/** The condition of a pool, and when it was asked for; its backup pool is what the configuration says, and null for none. */
export interface ConditionOf {
  readonly backupPool: PoolFqdn | null;
  readonly condition: PoolCondition;
  readonly now: Instant;
}
