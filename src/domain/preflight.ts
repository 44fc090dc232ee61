import type { ConditionOf } from './condition.ts';
import { PREFLIGHT_CHECKS, type PreflightFinding, type PreflightMark } from './preflight-finding.ts';
import { judgeBackup, judgePatchLevels, judgeReplication, judgeRunning } from './preflight-pool.ts';
import { judgeServer } from './preflight-server.ts';

/** Judges the condition of a pool: every finding, worst first, then in the order of the checks and of the servers. */
export function judgeCondition({ backupPool, condition, now }: ConditionOf): readonly PreflightFinding[] {
  const { servers } = condition;
  const findings = [
    ...servers.flatMap(({ server, seen }) => judgeServer(server, seen, now)),
    ...judgeRunning(servers),
    ...judgePatchLevels(servers),
    ...judgeBackup(condition, backupPool),
    ...judgeReplication(condition),
  ];
  return findings.toSorted(
    (left, right) =>
      WORST_FIRST.indexOf(left.mark) - WORST_FIRST.indexOf(right.mark) ||
      PREFLIGHT_CHECKS.indexOf(left.check) - PREFLIGHT_CHECKS.indexOf(right.check),
  );
}

const WORST_FIRST: readonly PreflightMark[] = ['bad', 'unknown', 'look', 'ok'];
