import type { CheckQuestion, Stop } from './checks.ts';
import type { UpgradeDomain } from './pool.ts';
import type { Run } from './run.ts';

/** What the checks are asked about a run's latest look; null while there is no plan or no look. */
export function checkQuestion(run: Run, upgradeDomain: UpgradeDomain, stop: Stop): CheckQuestion | null {
  const { plan, seen, settings, downByUs, ticks, work } = run;
  if (plan === null || seen === null) return null;
  const fabricAtFirstStop = work?.fabricAtFirstStop ?? null;
  return {
    backupPool: settings.backupPool,
    version: settings.version,
    topology: plan.topology,
    upgradeDomain,
    seen,
    stop,
    downByUs,
    fabricAtFirstStop,
    ticks,
    failedOver: run.failedOverAt !== undefined,
  };
}
