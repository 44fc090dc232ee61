import { closeGate } from './evolve-approval.ts';
import type { ServerFqdn, UpgradeDomain } from './pool.ts';
import { type DomainWork, openGate, type Run, type RunEvent, type ServerWork, type Stage, unreachable } from './run.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';

type StepEvent = RunEvent & { readonly kind: 'step-started' | 'step-accepted' | 'step-ended' | 'step-not-needed' };
type WorkEvent = RunEvent & { readonly kind: 'planned' | 'patched' | 'server-back' | 'left-server-back' };

const STAGE_AFTER: Readonly<Record<Step['action'], Stage>> = {
  stop: 'down',
  patch: 'patched',
  restart: 'booting',
  start: 'booting',
};
/** What a server must be before a step on it may begin. */
const STAGE_BEFORE: Readonly<Record<Step['action'], readonly Stage[]>> = {
  stop: ['up'],
  patch: ['down'],
  restart: ['patched'],
  start: ['down', 'booting'],
};

/** Steps: written before the act, ended by a look. Whatever changes a server forgets the looks from before. */
export function evolveStep(run: Run, event: StepEvent): Run {
  const work = run.work ?? unreachable(`"${event.kind}" cannot follow: no domain is worked on`);
  switch (event.kind) {
    case 'step-started': {
      const { step } = event;
      expectMayStart(work, step);
      const first = work.servers.every(({ stage }) => stage === 'up') && work.started === null;
      const fabricAtFirstStop = first ? (run.seen?.fabric ?? null) : work.fabricAtFirstStop;
      const servers =
        step.action === 'start' ? mark(work.servers, step.server, (each) => ({ ...each, startTried: true })) : work.servers;
      const started = { step, at: event.at, accepted: false };
      return {
        ...run,
        downByUs: withServer(run.downByUs, step.server),
        work: { ...work, servers, started, fabricAtFirstStop, immediate: 'no' },
        seenServers: [],
      };
    }
    case 'step-accepted':
      return { ...run, work: { ...work, started: { ...startedOf(work, event.step), accepted: true } } };
    case 'step-ended': {
      startedOf(work, event.step);
      const withdrawn =
        openGate(run) === null
          ? run
          : closeGate(run, { kind: 'void', because: ['the services stopped by themselves'] }, event.at);
      const looksForgotten = { ...withdrawn, seen: null, seenServers: [] };
      if (event.conclusion === 'done')
        return {
          ...looksForgotten,
          work: { ...advanced(work, event.step.server, STAGE_AFTER[event.step.action], event.at), immediate: 'no' },
        };
      const downByUs = event.step.action === 'stop' ? without(run.downByUs, event.step.server) : run.downByUs;
      return { ...looksForgotten, downByUs, work: { ...work, started: null, timesNotDone: work.timesNotDone + 1 } };
    }
    case 'step-not-needed': {
      if (work.started !== null) return unreachable('a step is under way');
      const downByUs = withServer(run.downByUs, event.server);
      return {
        ...run,
        downByUs,
        work: advanced(work, event.server, STAGE_AFTER[event.action], event.at),
        seen: null,
        seenServers: [],
      };
    }
  }
}

const stageOf = (work: DomainWork, server: ServerFqdn): Stage | undefined =>
  work.servers.find((each) => each.server === server)?.stage;

function expectMayStart(work: DomainWork, step: Step): void {
  const stage = stageOf(work, step.server);
  const endsDrain =
    work.started?.step.action === 'stop' &&
    work.started.step.server === step.server &&
    step.action === 'stop' &&
    work.immediate === 'approved';
  if (stage === undefined || !STAGE_BEFORE[step.action].includes(stage) || (work.started !== null && !endsDrain))
    throw new Error(`"step-started" of ${step.action} ${step.server} cannot follow`);
  if (step.action === 'stop' && !work.approved)
    throw new Error(`"step-started" of stop ${step.server} cannot follow: nobody approved it`);
}

function startedOf(work: DomainWork, step: Step) {
  const { started } = work;
  if (started === null || started.step.server !== step.server || started.step.action !== step.action)
    throw new Error(`${step.action} ${step.server} is not under way`);
  return started;
}

/** The plan, a person's word that a server is patched, and servers that came back. */
export function evolveWork(run: Run, event: WorkEvent): Run {
  switch (event.kind) {
    case 'planned': {
      const { topology, upgradeDomains } = event;
      const settlesFirst = run.settling === null && run.unsettled && run.downByUs.length === 0 && run.work === null;
      const settling = settlesFirst ? { ...NOT_SETTLED, upgradeDomain: null, began: event.at } : run.settling;
      return {
        ...run,
        plan: { topology, upgradeDomains },
        work: run.work === null ? takenUp(run, upgradeDomains) : replanned(run.work, upgradeDomains),
        settling,
        checkingSince: event.at,
        seen: null,
      };
    }
    case 'patched': {
      const work = run.work ?? unreachable('"patched" cannot follow: no domain is worked on');
      if (!waitsForPatched(run, event.server)) throw new Error(`"patched" ${event.server} cannot follow: it is not waited for`);
      return {
        ...run,
        work: advanced(work, event.server, 'patched', event.at),
        seenServers: [],
      };
    }
    case 'server-back':
      return serverBack(run, event.server, event.at);
    case 'left-server-back':
      return { ...run, downByUs: without(run.downByUs, event.server), lastBackAt: event.at, unsettled: true };
  }
}

const NOT_SETTLED = { since: null, fabricThen: null, lookedAt: null, starts: 0, because: null } as const;

/** A domain that an aborted run left in the middle is gone on with, if the pool still has it; what is left to stop is asked for anew. */
function takenUp({ request: { carried }, seen }: Run, upgradeDomains: readonly UpgradeDomain[]): DomainWork | null {
  const { work } = carried;
  if (work === null || seen === null || !upgradeDomains.some((each) => isSameDomain(each, work.upgradeDomain))) return null;
  const servers = work.servers.map((each) => ({ ...each, startTried: false }));
  return { ...work, servers, started: null, timesNotDone: 0, approved: false, immediate: 'no', evidence: seen };
}

const isSameDomain = (left: UpgradeDomain, right: UpgradeDomain): boolean =>
  left.name === right.name && left.servers.join() === right.servers.join();

/** A domain under way stays under way; where the new plan has it no more, only its servers that are down are finished. */
function replanned(work: DomainWork, upgradeDomains: readonly UpgradeDomain[]): DomainWork {
  const still = upgradeDomains.some((each) => isSameDomain(each, work.upgradeDomain));
  return { ...work, approved: false, servers: still ? work.servers : work.servers.filter(({ stage }) => stage !== 'up') };
}

function serverBack(run: Run, server: ServerFqdn, at: Instant): Run {
  const work = run.work ?? unreachable('"server-back" cannot follow: no domain is worked on');
  if (stageOf(work, server) !== 'booting') throw new Error(`"server-back" ${server} cannot follow: it is not on its way up`);
  const patched = work.servers.some((each) => each.server === server && each.patched);
  const after = advanced(work, server, 'back', at);
  const back: Run = {
    ...run,
    downByUs: without(run.downByUs, server),
    lastBackAt: at,
    unsettled: true,
    upgraded: patched ? [...run.upgraded, server] : run.upgraded,
    work: after,
  };
  if (run.aborting !== null || after.servers.some(({ stage }) => stage !== 'back')) return back;
  return {
    ...back,
    work: null,
    settling: { ...NOT_SETTLED, upgradeDomain: work.upgradeDomain.name, began: at },
    seen: null,
    seenServers: [],
  };
}

/** Whether a person's `patched` for this server is what the run waits for. */
export function waitsForPatched(run: Run, server: ServerFqdn): boolean {
  const { work, settings, aborting, ended } = run;
  if (work === null || aborting !== null || ended !== null) return false;
  const stages = work.servers.map(({ stage }) => stage);
  const stage = work.servers.find((each) => each.server === server)?.stage;
  if (stage !== 'down' || stages.includes('up')) return false;
  return settings.patchMode === 'by-hand' || (aboutPatching(run) && heldServer(run) === server);
}

/** Whether the hold is about a patch command: then a person may have done it by hand. */
const aboutPatching = ({ held }: Run): boolean =>
  held?.reason.kind === 'patch-failed' ||
  ((held?.reason.kind === 'step-unclear' || held?.reason.kind === 'step-refused') && held.reason.step.action === 'patch');

const heldServer = ({ held }: Run): ServerFqdn | null => {
  if (held?.reason.kind === 'patch-failed') return held.reason.server;
  return held?.reason.kind === 'step-unclear' || held?.reason.kind === 'step-refused' ? held.reason.step.server : null;
};

function advanced(work: DomainWork, server: ServerFqdn, stage: Stage, at: Instant): DomainWork {
  const servers = mark(work.servers, server, (each) => ({
    ...each,
    stage,
    since: at,
    patched: each.patched || stage === 'patched',
  }));
  return { ...work, servers, started: null, timesNotDone: 0 };
}

const mark = (
  servers: readonly ServerWork[],
  server: ServerFqdn,
  change: (each: ServerWork) => ServerWork,
): readonly ServerWork[] => servers.map((each) => (each.server === server ? change(each) : each));

const without = (servers: readonly ServerFqdn[], server: ServerFqdn): readonly ServerFqdn[] =>
  servers.filter((each) => each !== server);
const withServer = (servers: readonly ServerFqdn[], server: ServerFqdn): readonly ServerFqdn[] => [
  ...without(servers, server),
  server,
];
