import type { ServerFqdn } from './pool.ts';
import type { Request, Run } from './run.ts';

/** Whether a run restarts servers and patches none: after a published topology every Front End Server has to be restarted. */
export const isRestart = ({ request }: Pick<Run, 'request'>): boolean => request.purpose === 'restart';

/** What people call such a run: `upgrade`, or `rolling restart`. */
export const runName = (run: Pick<Run, 'request'>): 'upgrade' | 'rolling restart' =>
  isRestart(run) ? 'rolling restart' : 'upgrade';

/** The mark of its kind on what a run works on. */
export const markOf = ({ request: { purpose } }: Pick<Run, 'request'>): Pick<Request, 'purpose'> =>
  purpose === undefined ? {} : { purpose };

/** Servers that an unfinished run of the same kind has brought to its end. */
export const doneBefore = ({ purpose, carried }: Pick<Request, 'purpose' | 'carried'>): readonly ServerFqdn[] =>
  purpose === 'restart' ? (carried.restarted?.servers ?? []) : carried.upgraded;

/**
 * The run with what still counts in a pool of these servers: a newly published topology has every server restarted, so a
 * restart from before the servers changed is none any more. An upgrade counts all the same.
 */
export function countedIn(run: Run, servers: readonly ServerFqdn[]): Run {
  if (!isRestart(run)) return run;
  const { restarted, ...carried } = run.request.carried;
  const stillCounts = restarted !== undefined && restarted.of.join() === servers.join();
  const request = { ...run.request, carried: { ...carried, ...(stillCounts ? { restarted } : {}) } };
  const { plannedFor } = run;
  if (plannedFor === null || !isOtherPool(run, servers)) return { ...run, request };
  return { ...run, upgraded: [], request: { ...request, knownServers: plannedFor } };
}

/** Whether the last plan was made for other servers. */
export const isOtherPool = ({ plannedFor }: Run, servers: readonly ServerFqdn[]): boolean =>
  plannedFor !== null && plannedFor.join() !== servers.join();
