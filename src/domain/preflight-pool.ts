import type { BackupModule, ConditionOf, Part, PoolCondition, PoolCopies } from './condition.ts';
import { type ServerFqdn, shortName } from './pool.ts';
import { bad, look, ok, type PreflightFinding, part, type Told, unknown } from './preflight-finding.ts';
import { SERVERS_WANTED } from './watch-pairing.ts';

/** Advice, and only where fewer of them run than the documents want for what nobody can see coming: users who are moved, and a pairing. */
export function judgeRunning(servers: PoolCondition['servers']): readonly PreflightFinding[] {
  const states = servers.map(({ seen }) => {
    if (seen.kind === 'unread' || seen.value.services.kind === 'unread') return null;
    return seen.value.services.value.find(({ name }) => name.toUpperCase() === 'RTCSRV')?.state ?? null;
  });
  const mayRun = states.filter((state) => state === null || state === 'Running').length;
  if (servers.length < SERVERS_WANTED || mayRun >= SERVERS_WANTED) return [];
  const cure = `until ${SERVERS_WANTED} run, move no users here for the first time, and pair it with no pool`;
  return [{ ...look('services', `fewer than ${SERVERS_WANTED} servers run RTCSRV`, cure), server: null }];
}

/** All servers of a pool should have the same components: compared as they are written, for one number says nothing. */
export function judgePatchLevels(servers: PoolCondition['servers']): readonly PreflightFinding[] {
  const answered = servers.flatMap(({ server, seen }) => (seen.kind === 'read' ? [{ server, read: seen.value.patchLevel }] : []));
  const unread = answered.flatMap(({ server, read }): readonly PreflightFinding[] =>
    read.kind === 'unread'
      ? [{ ...unknown('patch-levels', `not read (${read.because})`, 'run Get-CsServerPatchVersion there'), server }]
      : [],
  );
  const levels = Map.groupBy(
    answered.flatMap(({ server, read }) => (read.kind === 'read' && read.value !== null ? [{ server, level: read.value }] : [])),
    ({ level }) => level,
  );
  const cannotTell = answered.some(({ read }) => read.kind === 'read' && read.value === null);
  return [...unread, ...sameLevel(levels, cannotTell).map((each) => ({ ...each, server: null }))];
}

function sameLevel(
  levels: ReadonlyMap<string, readonly { readonly server: ServerFqdn }[]>,
  cannotTell: boolean,
): readonly Told[] {
  if (cannotTell) return [unknown('patch-levels', 'this product cannot tell', 'compare Programs and Features on each server')];
  const [[only] = []] = [...levels];
  if (only === undefined) return [];
  if (levels.size === 1) return [ok('patch-levels', `the same where read: ${only}`)];
  const each = [...levels].map(([level, same]) => `${same.map(({ server }) => shortName(server)).join(', ')} ${level}`);
  return [
    look('patch-levels', `they differ: ${each.join('; ')}`, 'bring the servers that are behind to the level of the others'),
  ];
}

/** Export and import of every module; what is normal of CMSMaster depends on where the Central Management Store is. */
export function judgeBackup(
  { backup, holdsCms }: Pick<PoolCopies, 'backup' | 'holdsCms'>,
  backupPool: ConditionOf['backupPool'],
): readonly PreflightFinding[] {
  const told = (): readonly Told[] => {
    if (backupPool === null) return [ok('backup-service', 'not paired by the configuration: not asked')];
    const cure = 'run Get-CsBackupServiceStatus as a member of RTCUniversalServerAdmins';
    return part('backup-service', backup, cure, (modules) => {
      if (modules.length === 0) return [unknown('backup-service', 'no module is listed', cure)];
      const faults = modules.flatMap((module) => judgeModule(module, holdsCms));
      return faults.length === 0 ? [ok('backup-service', 'SteadyState, NormalState')] : faults;
    });
  };
  return told().map((each) => ({ ...each, server: null }));
}

/** Neither word is good everywhere, and one that no document knows is good nowhere. */
function judgeModule({ name, exporting, importing }: BackupModule, holdsCms: Part<boolean>): readonly Told[] {
  const cure = 'fail nothing over before it is steady; Invoke-CsBackupServiceSync tries again';
  const seen = `${name}: ${exporting}, ${importing}`;
  if (exporting === 'ErrorState' || importing === 'ErrorState') return [bad('backup-service', seen, cure)];
  if (importing !== 'NormalState') return [unknown('backup-service', seen, cure)];
  switch (exporting) {
    case 'SteadyState':
      return [];
    case 'NonSteadyState':
    case 'FinalState':
      return [look('backup-service', seen, 'it still has something to copy: wait until it is steady')];
    case 'NotInitialized':
      return name === 'CentralMgmt.CMSMaster' ? judgeMaster(seen, holdsCms) : [bad('backup-service', seen, cure)];
    default:
      return [unknown('backup-service', seen, cure)];
  }
}

function judgeMaster(seen: string, holdsCms: Part<boolean>): readonly Told[] {
  if (holdsCms.kind === 'unread')
    return [unknown('backup-service', `${seen}; who holds the CMS: not read (${holdsCms.because})`, 'run Get-CsPool')];
  return holdsCms.value ? [bad('backup-service', `${seen}, and this pool holds the CMS`, 'look at the CMS before anything')] : [];
}

export function judgeReplication({ servers, replicas }: PoolCondition): readonly PreflightFinding[] {
  const cure = 'run Invoke-CsManagementStoreReplication, and look at REPLICA there';
  if (replicas.kind === 'unread')
    return [
      { ...unknown('replication', `not read (${replicas.because})`, 'run Get-CsManagementStoreReplicationStatus'), server: null },
    ];
  return servers.map(({ server }): PreflightFinding => {
    const replica = replicas.value.find((each) => each.server.toLowerCase() === server);
    if (replica === undefined) return { ...unknown('replication', 'not among the replicas', cure), server };
    return { ...(replica.upToDate ? ok('replication', 'up to date') : bad('replication', 'not up to date', cure)), server };
  });
}
