import type { Part } from './condition.ts';
import type { ServerFqdn } from './pool.ts';

/** What a pre-flight looks at, in the order in which it is told. */
export const PREFLIGHT_CHECKS = [
  'answers',
  'services',
  'events',
  'ports',
  'pending-restart',
  'disk',
  'certificates',
  'patch-levels',
  'backup-service',
  'replication',
] as const;
export type PreflightCheck = (typeof PREFLIGHT_CHECKS)[number];

/** What each of them protects, and the cmdlet or question behind it. */
export const PREFLIGHT: Readonly<Record<PreflightCheck, { readonly protects: string; readonly source: string }>> = {
  answers: { protects: 'a server that cannot be asked cannot be looked after either', source: 'PowerShell' },
  services: { protects: 'Ready is not proof of health: a server may hang in Starting for days', source: 'Win32_Service' },
  events: { protects: 'a server that waits for quorum or for its routing groups is not up', source: 'Get-WinEvent' },
  ports: { protects: 'users and the other servers reach it', source: 'Test-NetConnection' },
  'pending-restart': { protects: 'an installer may refuse, or restart the server by itself', source: 'registry' },
  disk: { protects: 'the update, its logs and a dump find room', source: 'Win32_LogicalDisk' },
  certificates: { protects: 'services start again after they were stopped', source: 'Get-CsCertificate' },
  'patch-levels': { protects: 'a night that ended half way is found before the next', source: 'Get-CsServerPatchVersion' },
  'backup-service': { protects: 'the backup pool has what a failover would need', source: 'Get-CsBackupServiceStatus' },
  replication: { protects: 'the servers act on the topology as it is', source: 'Get-CsManagementStoreReplicationStatus' },
};

/** `bad` stands against a night; `unknown` was not answered and is no yes; `look` wants a person's eye; `ok` is as it should be. */
export type PreflightMark = 'bad' | 'unknown' | 'look' | 'ok';

/** One thing that was found; `server` is null for what belongs to the pool, `cure` for what needs nothing. */
export interface PreflightFinding {
  readonly mark: PreflightMark;
  readonly check: PreflightCheck;
  readonly server: ServerFqdn | null;
  readonly seen: string;
  readonly cure: string | null;
}

/** A finding before it is said whose it is. */
export type Told = Omit<PreflightFinding, 'server'>;

/** As it should be. */
export const ok = (check: PreflightCheck, seen: string): Told => ({ mark: 'ok', check, seen, cure: null });
/** Stands against a night. */
export const bad = (check: PreflightCheck, seen: string, cure: string): Told => ({ mark: 'bad', check, seen, cure });
/** Wants a person's eye. */
export const look = (check: PreflightCheck, seen: string, cure: string): Told => ({ mark: 'look', check, seen, cure });
/** Was not answered, or not in words that are understood. */
export const unknown = (check: PreflightCheck, seen: string, cure: string): Told => ({ mark: 'unknown', check, seen, cure });

/** What a check says of what was read; whatever was not read is not known. */
export const part = <Value>(
  check: PreflightCheck,
  read: Part<Value>,
  cure: string,
  judge: (value: Value) => readonly Told[],
): readonly Told[] => (read.kind === 'read' ? judge(read.value) : [unknown(check, `not read (${read.because})`, cure)]);
