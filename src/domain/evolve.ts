import { evolveApproval } from './evolve-approval.ts';
import { evolvePerson } from './evolve-person.ts';
import { evolveLook, notReadyRead, settleOn } from './evolve-settle.ts';
import { evolveStep, evolveWork } from './evolve-step.ts';
import type { Milestone } from './milestone.ts';
import type { UpgradeDomain } from './pool.ts';
import { type DomainWork, type Run, type RunEvent, unreachable } from './run.ts';
import { evolveVitals } from './two-servers.ts';

/** A run as its journal tells it. An event that cannot follow is a bug or a damaged journal, so it throws. */
export function replay(journal: readonly RunEvent[]): Run {
  const [first, ...rest] = journal;
  if (first?.kind !== 'requested') throw new Error('a journal starts with "requested"');
  return rest.reduce(evolve, begin(first));
}

function begin({ at, request }: RunEvent & { readonly kind: 'requested' }): Run {
  const { settings, carried } = request;
  return {
    request,
    requestedAt: at,
    settings,
    plan: null,
    plannedFor: null,
    upgraded: [],
    patchedTo: null,
    gates: [],
    work: null,
    settling: null,
    checkingSince: at,
    ticks: [],
    held: null,
    paused: null,
    aborting: null,
    frozen: null,
    ended: null,
    seen: null,
    seenServers: [],
    lastSeen: null,
    failingSince: {},
    vitals: null,
    vitalsBefore: null,
    alarmed: [],
    wentDown: carried.downByUs.map((server) => ({ server, at })),
    principal: null,
    downByUs: carried.downByUs,
    lastBackAt: carried.lastBackAt,
    unsettled: carried.unsettled,
    milestones: [],
    seq: 1,
  };
}

/** Folds one event in. */
export function evolve(run: Run, event: RunEvent): Run {
  if (run.ended !== null && event.kind !== 'left-server-back') throw new Error(`"${event.kind}" cannot follow the end`);
  const after = fold(run, event);
  const milestone = milestoneOf(run, after, event);
  const milestones = milestone === null ? after.milestones : told(after.milestones, { ...milestone, at: event.at, seq: run.seq });
  return { ...after, seq: run.seq + 1, milestones };
}

/** A settle time that starts again is told of in one line, which is edited: six moves are not six messages. */
function told(milestones: readonly Milestone[], next: Milestone): readonly Milestone[] {
  const last = milestones.at(-1);
  if (next.kind !== 'settle-restarted' || last?.kind !== 'settle-restarted') return [...milestones, next];
  return [...milestones.slice(0, -1), { ...last, because: next.because, lastAt: next.lastAt, times: last.times + 1 }];
}

function fold(run: Run, event: RunEvent): Run {
  switch (event.kind) {
    case 'requested':
      return unreachable('an upgrade is requested once');
    case 'pool-observed':
      return evolveLook(run, event.sighting);
    case 'vitals-observed':
      return evolveVitals(run, event.sighting);
    case 'server-observed': {
      const { sighting } = event;
      const before = run.seenServers.find(({ server }) => server === sighting.server);
      const others = run.seenServers.filter((each) => each !== before);
      const silent = sighting.answer === null ? { silentSince: before?.silentSince ?? sighting.at } : {};
      return { ...run, seenServers: [...others, { ...sighting, ...silent }] };
    }
    case 'approval-requested':
    case 'approved':
    case 'denied':
    case 'approval-expired':
    case 'reconfigured':
      return evolveApproval(run, event);
    case 'step-started':
    case 'step-accepted':
    case 'step-ended':
    case 'step-not-needed':
      return evolveStep(run, event);
    case 'planned':
    case 'patched':
    case 'adopted':
    case 'server-back':
    case 'left-server-back':
      return evolveWork(run, event);
    case 'ticked':
    case 'held':
    case 'alarmed':
    case 'approval-lapsed':
    case 'retried':
    case 'paused':
    case 'resumed':
    case 'aborted':
    case 'frozen':
    case 'thawed':
      return evolvePerson(run, event);
    case 'not-ready-read':
      return notReadyRead(run, event.state, event.at);
    case 'settled':
      return settleOn(run, event.upgradeDomain, event.at);
    case 'failed-over':
      return { ...run, failedOverAt: event.since, seen: null };
    case 'failed-back': {
      const { failedOverAt: _failedOverAt, ...home } = run;
      return { ...home, seen: null };
    }
    case 'ended':
      return { ...run, ended: { ending: event.ending, at: event.at }, held: null, settling: null };
  }
}

type WithoutPlace<Each> = Each extends unknown ? Omit<Each, 'at' | 'seq'> : never;

/** What of this event the channel is told in a line of its own. */
function milestoneOf(before: Run, after: Run, event: RunEvent): WithoutPlace<Milestone> | null {
  const domain = before.work?.upgradeDomain;
  const stages = ({ work }: Run) => work?.servers.map(({ stage }) => stage) ?? [];
  switch (event.kind) {
    case 'step-ended':
    case 'step-not-needed':
      return domain !== undefined &&
        after.work !== null &&
        before.aborting === null &&
        stages(before).includes('up') &&
        !stages(after).includes('up')
        ? { kind: 'down', upgradeDomain: takenDown(domain, after.work) }
        : null;
    case 'server-back':
      return domain !== undefined && after.settling !== null ? { kind: 'back', upgradeDomain: domain } : null;
    case 'vitals-observed':
    case 'pool-observed':
    case 'not-ready-read':
      return milestoneOfLook(before, after);
    case 'settled': {
      const settled = before.plan?.upgradeDomains.find(({ name }) => name === event.upgradeDomain);
      return settled === undefined ? null : { kind: 'settled', upgradeDomain: settled };
    }
    case 'held':
    case 'denied':
    case 'approval-expired':
    case 'reconfigured':
      return after.held === null || after.held === before.held ? null : { kind: 'held', reason: after.held.reason };
    case 'alarmed':
      return { kind: 'alarmed', reason: event.reason };
    case 'frozen':
      return after.frozen === null ? null : { kind: 'frozen', freeze: after.frozen };
    case 'thawed':
      return { kind: 'thawed', by: event.by };
    case 'ended':
      return { kind: 'ended', ending: event.ending };
    default:
      return null;
  }
}

/** What of the domain people have to patch: a server that an earlier run has upgraded is not among it. */
const takenDown = (domain: UpgradeDomain, work: DomainWork): UpgradeDomain => ({
  ...domain,
  servers: domain.servers.filter((server) => work.servers.some((each) => each.server === server)),
});

function milestoneOfLook(before: Run, after: Run): WithoutPlace<Milestone> | null {
  const { principal } = after;
  const underWay = after.work !== null || after.settling !== null;
  if (underWay && before.principal !== null && principal !== null && principal !== before.principal)
    return { kind: 'principal-moved', to: principal };
  const restarted = before.settling?.since != null && after.settling?.since !== before.settling.since;
  if (restarted)
    return {
      kind: 'settle-restarted',
      because: after.settling?.because ?? 'nobody knows why',
      lastAt: after.lastSeen?.at ?? 0,
      times: 1,
    };
  const silences = ({ lastSeen }: Run) => (lastSeen?.verdict.kind === 'no-answer' ? lastSeen.verdict.inARow : 0);
  if (silences(after) >= 3 && silences(before) < 3) return { kind: 'no-answer', askedOf: after.lastSeen?.askedOf ?? null };
  return null;
}
