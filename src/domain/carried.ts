import type { ServerFqdn } from './pool.ts';
import { doneBefore, isRestart } from './purpose.ts';
import type { Carried, DomainWork, Request, Run } from './run.ts';
import { isOut } from './server-work.ts';

/** What the next run of the pool has to know of this one: what upgrades left, and what rolling restarts did, each by itself. */
export function carriedFrom(run: Run): Carried {
  const { request, downByUs, lastBackAt, unsettled } = run;
  const { carried } = request;
  const restart = isRestart(run);
  const restarted = restart ? restartedSoFar(run) : carried.restarted;
  // What an earlier run left, and this one has not taken up, is still left.
  const works = [...(run.work === null ? [] : [run.work]), ...leftWorks(carried)].filter((each) => isLeft(each, run));
  const left: Carried = {
    upgraded: restart ? carried.upgraded : stillDone(run),
    ...(restarted === undefined ? {} : { restarted }),
    downByUs,
    lastBackAt,
    unsettled,
    work: null,
  };
  return withWorks(left, works);
}

/** What the next run of the same kind need not take again. */
function stillDone({ request, ended, plan, upgraded }: Run): readonly ServerFqdn[] {
  const { scope } = request;
  const before = doneBefore(request);
  const all = scope.kind === 'all' ? upgraded : [...new Set([...before, ...upgraded])];
  // A finished run of named domains finishes an earlier unfinished one only when nothing of the pool is left.
  const goesOn =
    scope.kind === 'domains' && before.length > 0 && (plan?.topology.servers.some((server) => !all.includes(server)) ?? true);
  return ended?.ending.how === 'finished' && !goesOn ? [] : all;
}

function restartedSoFar(run: Run): Carried['restarted'] {
  const servers = stillDone(run);
  const of = run.plannedFor ?? run.request.carried.restarted?.of;
  return servers.length === 0 || of === undefined ? undefined : { servers, of };
}

/** The domains that earlier runs left in the middle, the last one first. */
export const leftWorks = ({ work, others }: Carried): readonly DomainWork[] => [
  ...(work === null ? [] : [work]),
  ...(others ?? []),
];

/** The request once this run goes on with that domain. */
export const withoutLeft = (request: Request, taken: DomainWork | null): Request => {
  if (taken === null) return request;
  const { others: _others, ...carried } = request.carried;
  const works = leftWorks(request.carried).filter((each) => each !== taken);
  return { ...request, carried: withWorks(carried, works) };
};

/** The same in a pool of these servers: whatever was left of others is nobody's to bring back. */
export function carriedIn(carried: Carried, servers: readonly ServerFqdn[]): Carried {
  const own = (server: ServerFqdn): boolean => servers.includes(server);
  const { others: _others, ...rest } = carried;
  const downByUs = carried.downByUs.filter(own);
  const works = leftWorks(carried)
    .map((work) => workIn(work, own))
    .filter((each) => isLeft(each, { downByUs }));
  return withWorks({ ...rest, downByUs }, works);
}

const workIn = (work: DomainWork, own: (server: ServerFqdn) => boolean): DomainWork =>
  work.servers.every(({ server }) => own(server))
    ? work
    : {
        ...work,
        upgradeDomain: { ...work.upgradeDomain, servers: work.upgradeDomain.servers.filter(own) },
        servers: work.servers.filter(({ server }) => own(server)),
        started: work.started !== null && own(work.started.step.server) ? work.started : null,
      };

function withWorks(carried: Carried, [work, ...others]: readonly DomainWork[]): Carried {
  return { ...carried, work: work ?? null, ...(others.length === 0 ? {} : { others }) };
}

/** Whether something of the domain is not as it was found: a server is down or out, or was told something nobody has seen the end of. */
const isLeft = ({ servers, started }: DomainWork, { downByUs }: Pick<Run, 'downByUs'>): boolean =>
  started !== null || servers.some((each) => isOut(each) || downByUs.includes(each.server));
