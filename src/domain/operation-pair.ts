import type { Found, OperationQuestion } from './operation-checks.ts';
import { namesOf, shortName } from './pool.ts';
import { judgeBackup } from './preflight-pool.ts';
import { judgeQuorum } from './quorum.ts';

const ok = (seen: string): Found => ({ verdict: 'ok', seen, clears: '' });

/** By the record; a failback also goes by what the backup service says, for somebody may have failed the pool over by hand. */
export function failedOver({ request: { kind, failedOver: byUs, backupPool }, seen: { copies } }: OperationQuestion): Found {
  const to = backupPool === null ? 'its backup pool' : shortName(backupPool);
  if (kind === 'failover') return byUs ? failedOverBefore(to, copies) : ok('not failed over, by this record');
  if (byUs) return ok(`failed over to ${to}, by this record`);
  const modules = copies?.backup.kind === 'read' ? copies.backup.value : [];
  if (modules.some(({ exporting }) => exporting === 'FinalState')) return ok('the backup service says FinalState');
  return {
    verdict: 'tickable',
    seen: 'this record knows of no failover of the pool',
    clears: 'somebody who knows that it was failed over by hand ticks it',
  };
}

/** Somebody may have failed it back by hand: then its backup service does not say FinalState any more. */
function failedOverBefore(to: string, copies: OperationQuestion['seen']['copies']): Found {
  const modules = copies?.backup.kind === 'read' ? copies.backup.value : [];
  return modules.length > 0 && modules.every(({ exporting }) => exporting !== 'FinalState')
    ? {
        verdict: 'tickable',
        seen: `by this record its users are at ${to}, and its backup service does not say FinalState`,
        clears: 'somebody who knows that it was failed back by hand ticks it',
      }
    : { verdict: 'refused', seen: `its users are at ${to} already`, clears: 'failback' };
}

/** "a pool … paired … fail over to the backup pool": the relationship is read, and has to be the configured one. */
export function backupRelated({ request: { backupPool }, seen }: OperationQuestion): Found {
  if (seen.backupPool === 'unread')
    return { verdict: 'blocked', seen: 'Get-CsPoolBackupRelationship was not answered', clears: 'it answers' };
  if (seen.backupPool === null)
    return { verdict: 'refused', seen: 'the pool has no backup pool', clears: 'there is nowhere to fail over to' };
  if (backupPool === seen.backupPool) return ok(`fails over to ${shortName(backupPool)}`);
  const configured = backupPool === null ? 'none' : backupPool;
  return {
    verdict: 'refused',
    seen: `the backup pool is ${seen.backupPool}, and the configuration says ${configured}`,
    clears: 'correct the configuration first',
  };
}

/**
 * Every module has to be steady. `FinalState` is what a pool that was failed over is expected to say (our inference). Where
 * the answer is not understood or not given, a person who has run the cmdlet may say so.
 */
export function backupSteady({ request: { kind, backupPool }, seen: { copies } }: OperationQuestion): Found {
  if (copies === null) return { verdict: 'blocked', seen: 'the backup service was not asked', clears: 'the next look' };
  const { holdsCms } = copies;
  const backup =
    kind === 'failback' && copies.backup.kind === 'read'
      ? {
          ...copies.backup,
          value: copies.backup.value.map((each) =>
            each.exporting === 'FinalState' ? { ...each, exporting: 'SteadyState' } : each,
          ),
        }
      : copies.backup;
  const faults = judgeBackup({ backup, holdsCms }, backupPool).filter(({ mark }) => mark !== 'ok');
  if (faults.length === 0) return ok(kind === 'failback' ? 'not behind' : 'SteadyState, NormalState');
  const seen = faults.map((each) => each.seen).join('; ');
  const known = faults.every(({ mark }) => mark === 'bad' || mark === 'look');
  return known
    ? { verdict: 'blocked', seen, clears: 'it becomes steady; Invoke-CsBackupServiceSync tries again' }
    : { verdict: 'tickable', seen, clears: 'somebody runs Get-CsBackupServiceStatus, sees it steady and ticks it' };
}

/** The backup pool has to serve two pools' users. Whether it is large enough no cmdlet tells. */
export function backupPoolWell({ request: { backupPool }, seen: { backup } }: OperationQuestion): Found {
  const name = backupPool === null ? 'the backup pool' : shortName(backupPool);
  const services = backup?.services ?? null;
  if (services === null)
    return { verdict: 'tickable', seen: `how ${name} is could not be read`, clears: `somebody looks at ${name} and ticks it` };
  const down = services.filter(({ rtcsrv }) => rtcsrv !== 'Running').map(({ server }) => server);
  if (services.length === 0 || down.length === services.length)
    return { verdict: 'blocked', seen: `no server of ${name} runs`, clears: `${name} runs` };
  if (backup?.backEnd === 'down') return { verdict: 'blocked', seen: `the back end of ${name} is down`, clears: 'it is up' };
  const running = services.filter(({ rtcsrv }) => rtcsrv === 'Running').map(({ server }) => server);
  const mirror = backup?.backEnd === 'mirror' ? 'mirror' : 'primary';
  const quorum =
    backup === null
      ? null
      : judgeQuorum({ version: backup.version, servers: backup.servers, running, stopping: [], backEnd: mirror });
  if (quorum !== null && quorum.kind !== 'unknown' && quorum.margin < 0)
    return { verdict: 'blocked', seen: `too few servers of ${name} run: margin ${quorum.margin}`, clears: `more of ${name} run` };
  if (down.length > 0)
    return { verdict: 'tickable', seen: `${namesOf(down)} of ${name} not running`, clears: 'they run, or somebody ticks it' };
  return ok(`all ${services.length} servers of ${name} run`);
}

/** A pool that hosts the Central Management Store: "fail the Central Management Server over first". That is a person's work. */
export function cmsElsewhere({ request: { backupPool }, seen: { copies } }: OperationQuestion): Found {
  const holds = copies?.holdsCms;
  if (holds?.kind !== 'read')
    return { verdict: 'tickable', seen: 'who holds the CMS could not be read', clears: 'run Get-CsPool, and tick it' };
  if (!holds.value) return ok('this pool does not hold the CMS');
  const where = backupPool === null ? 'the backup pool' : shortName(backupPool);
  return {
    verdict: 'blocked',
    seen: 'this pool holds the CMS',
    clears: `fail it over by hand first: Invoke-CsManagementServerFailover on a server of ${where}`,
  };
}

/** No cmdlet says it: Topology Builder does. */
export const edgeNextHop = ({ request: { pool } }: OperationQuestion): Found => ({
  verdict: 'tickable',
  seen: `whether an Edge pool has ${shortName(pool)} as its next hop is not for a cmdlet to tell`,
  clears: 'look in Topology Builder, give Edge another next hop and publish, then tick it',
});

/** Everybody comes back at once, so every server has to be there. */
export function poolWell({ seen: { services, computers } }: OperationQuestion): Found {
  if (services === null || computers === null)
    return { verdict: 'blocked', seen: 'the services of the pool could not be read', clears: 'Get-CsWindowsService answers' };
  const running = services.filter(({ rtcsrv }) => rtcsrv === 'Running').map(({ server }) => server);
  const down = computers.filter((server) => !running.includes(server));
  return down.length === 0
    ? ok(`all ${computers.length} servers run`)
    : { verdict: 'blocked', seen: `${namesOf(down)} not running`, clears: 'they run' };
}
