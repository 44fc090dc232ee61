import { adopt } from './by-hand.ts';
import { closeGate } from './evolve-approval.ts';
import { settlingFrom, withoutUntouched } from './evolve-settle.ts';
import type { ServerFqdn, UpgradeDomain } from './pool.ts';
import { type DomainWork, openGate, type Run, type RunEvent, type ServerWork, type Stage, unreachable } from './run.ts';
import { advanced, mark, withoutServer, withServer } from './server-work.ts';
import type { ServerSighting } from './sighting.ts';
import { runningServers } from './sighting.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';

type StepEvent = RunEvent & { readonly kind: 'step-started' | 'step-accepted' | 'step-ended' | 'step-not-needed' };
type WorkEvent = RunEvent & { readonly kind: 'planned' | 'patched' | 'adopted' | 'server-back' | 'left-server-back' };

/** A hook moves no server. */
type Moving = Exclude<Step['action'], 'hook'>;

const STAGE_AFTER: Readonly<Record<Moving, Stage>> = {
  stop: 'down',
  patch: 'patched',
  restart: 'booting',
  start: 'booting',
  'fail-over': 'down',
  'fail-back': 'booting',
};
/** What a server must be before a step on it may begin. */
const STAGE_BEFORE: Readonly<Record<Moving, readonly Stage[]>> = {
  stop: ['up'],
  patch: ['down'],
  restart: ['patched'],
  start: ['down', 'booting'],
  'fail-over': ['up'],
  'fail-back': ['down', 'booting'],
};

/** Steps: written before the act, ended by a look. Whatever changes a server forgets the looks from before. */
export function evolveStep(run: Run, event: StepEvent): Run {
  const work = run.work ?? unreachable(`"${event.kind}" cannot follow: no domain is worked on`);
  switch (event.kind) {
    case 'step-started': {
      const { step } = event;
      expectMayStart(work, step);
      if (step.action === 'hook')
        return { ...run, work: { ...work, started: { step, at: event.at, accepted: false } }, seenServers: [] };
      const first = work.servers.every(({ stage }) => stage === 'up') && work.started === null;
      const fabricAtFirstStop = first ? (run.seen?.fabric ?? null) : work.fabricAtFirstStop;
      const look = run.seenServers.find(({ server }) => server === step.server) ?? null;
      const servers =
        step.action === 'start'
          ? mark(work.servers, step.server, (each) => ({ ...each, startTried: true }))
          : found(work, step, look);
      const started = { step, at: event.at, accepted: false };
      return {
        ...run,
        downByUs: withServer(run.downByUs, step.server),
        patchedTo: step.action === 'restart' ? (raisedTo(work, step.server, look) ?? run.patchedTo) : run.patchedTo,
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
      if (event.step.action === 'hook') return hookEnded(looksForgotten, work, event.step, event.conclusion === 'done');
      if (event.conclusion === 'done')
        return {
          ...looksForgotten,
          work: { ...advanced(work, event.step.server, STAGE_AFTER[event.step.action], event.at), immediate: 'no' },
        };
      if (event.step.action === 'stop' || event.step.action === 'fail-over')
        return stopNotDone(looksForgotten, work, event.step.server, event.at);
      return { ...looksForgotten, work: { ...work, started: null, timesNotDone: work.timesNotDone + 1 } };
    }
    case 'step-not-needed': {
      if (work.started !== null) return unreachable('a step is under way');
      const downByUs = withServer(run.downByUs, event.server);
      return {
        ...run,
        downByUs,
        work: {
          ...advanced(work, event.server, STAGE_AFTER[event.action], event.at),
          fabricAtFirstStop: work.fabricAtFirstStop ?? run.seen?.fabric ?? null,
        },
        seen: null,
        seenServers: [],
      };
    }
  }
}

/** What a server was like before it was taken down: whatever differs later and was not our doing is somebody else's. */
function found(work: DomainWork, { action, server }: Step, look: ServerSighting | null): readonly ServerWork[] {
  if ((action !== 'stop' && action !== 'fail-over') || look?.answer == null) return work.servers;
  const asFound = { bootTime: look.answer.bootTime, level: look.patchLevel };
  return mark(work.servers, server, (each) => ({ ...each, asFound: each.asFound ?? asFound }));
}

/** The version that a patch has brought to a server; null when it shows no other than before. */
function raisedTo(work: DomainWork, server: ServerFqdn, look: ServerSighting | null): string | null {
  const before = work.servers.find((each) => each.server === server)?.asFound?.level ?? null;
  const now = look?.patchLevel ?? null;
  return before !== null && now !== before ? now : null;
}

function hookEnded(run: Run, work: DomainWork, { server, hook }: Step & { readonly action: 'hook' }, done: boolean): Run {
  if (!done) return { ...run, work: { ...work, started: null, timesNotDone: work.timesNotDone + 1 } };
  const servers = mark(work.servers, server, (each) => ({ ...each, prepared: hook === 'before' }));
  return { ...run, work: { ...work, servers, started: null, timesNotDone: 0 } };
}

const stageOf = (work: DomainWork, server: ServerFqdn): Stage | undefined =>
  work.servers.find((each) => each.server === server)?.stage;

/** A server that took the stop and runs again was disturbed by us, whoever brought it back. */
function stopNotDone(run: Run, work: DomainWork, server: ServerFqdn, at: Instant): Run {
  const heard = work.started?.accepted === true ? { lastBackAt: at, unsettled: true } : {};
  const after = {
    ...run,
    ...heard,
    downByUs: withoutServer(run.downByUs, server),
    work: { ...work, started: null, timesNotDone: work.timesNotDone + 1 },
  };
  return withoutUntouched(after, at);
}

function expectMayStart(work: DomainWork, step: Step): void {
  const stage = stageOf(work, step.server);
  if (step.action === 'hook') {
    const may = step.hook === 'before' ? stage === 'up' && work.approved : stage === 'up' || stage === 'booting';
    if (!may || work.started !== null) throw new Error(`"step-started" of the hook ${step.hook} on ${step.server} cannot follow`);
    return;
  }
  const endsDrain =
    work.started?.step.action === 'stop' &&
    work.started.step.server === step.server &&
    step.action === 'stop' &&
    work.immediate === 'approved';
  if (stage === undefined || !STAGE_BEFORE[step.action].includes(stage) || (work.started !== null && !endsDrain))
    throw new Error(`"step-started" of ${step.action} ${step.server} cannot follow`);
  if ((step.action === 'stop' || step.action === 'fail-over') && !work.approved)
    throw new Error(`"step-started" of ${step.action} ${step.server} cannot follow: nobody approved it`);
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
    case 'planned':
      return plan(run, event);
    case 'patched': {
      const work = run.work ?? unreachable('"patched" cannot follow: no domain is worked on');
      if (!waitsForPatched(run, event.server)) throw new Error(`"patched" ${event.server} cannot follow: it is not waited for`);
      return {
        ...run,
        work: advanced(work, event.server, 'patched', event.at),
        seenServers: [],
      };
    }
    case 'adopted':
      return adopt(run, event.server, event.at);
    case 'server-back':
      return serverBack(run, event.server, event.at);
    case 'left-server-back':
      return { ...run, downByUs: withoutServer(run.downByUs, event.server), lastBackAt: event.at, unsettled: true };
  }
}

function plan(run: Run, { at, topology, upgradeDomains }: RunEvent & { readonly kind: 'planned' }): Run {
  const work = run.work === null ? takenUp(run, upgradeDomains, at) : replanned(run.work, upgradeDomains);
  const settlesFirst = run.settling === null && run.unsettled && run.downByUs.length === 0 && work === null;
  const settling = settlesFirst ? settlingFrom(null, at) : run.settling;
  const downByUs = work === null ? run.downByUs : [...new Set([...run.downByUs, ...downIn(work)])];
  // What an earlier run left is taken up once: a plan that is made anew finds what this run has made of it.
  const request = { ...run.request, carried: { ...run.request.carried, work: null } };
  return { ...run, request, plan: { topology, upgradeDomains }, work, settling, downByUs, checkingSince: at, seen: null };
}

/**
 * A domain that an aborted run left in the middle is gone on with, if the pool still has it: a step in flight is looked
 * at as after a crash, and what is left to stop is asked for anew. A server that runs again was brought back by somebody,
 * so it is done from its beginning; when all of them run there is nothing to go on with.
 */
function takenUp({ request: { carried }, seen }: Run, upgradeDomains: readonly UpgradeDomain[], at: Instant): DomainWork | null {
  const { work } = carried;
  if (work === null || seen === null || !upgradeDomains.some((each) => isSameDomain(each, work.upgradeDomain))) return null;
  const running = runningServers(seen) ?? [];
  const servers = work.servers.map((each): ServerWork => {
    const again =
      running.includes(each.server) &&
      (each.stage === 'down' || each.stage === 'patched') &&
      work.started?.step.server !== each.server;
    return again
      ? { ...each, stage: 'up', since: at, patched: false, startTried: false }
      : { ...each, since: at, startTried: false };
  });
  if (work.started === null && servers.every(({ stage }) => stage === 'up')) return null;
  const started = work.started === null ? null : { ...work.started, at };
  return { ...work, servers, started, timesNotDone: 0, approved: false, immediate: 'no', evidence: seen };
}

/** Servers of the domain that are not up by what we did, or may have done, to them. */
const downIn = ({ servers, started }: DomainWork): readonly ServerFqdn[] =>
  servers
    .filter(({ server, stage }) => (stage !== 'up' && stage !== 'back') || started?.step.server === server)
    .map(({ server }) => server);

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
    downByUs: withoutServer(run.downByUs, server),
    lastBackAt: at,
    unsettled: true,
    upgraded: patched ? [...run.upgraded, server] : run.upgraded,
    work: after,
  };
  if (run.aborting !== null || after.servers.some(({ stage }) => stage !== 'back')) return back;
  return {
    ...back,
    work: null,
    settling: settlingFrom(work.upgradeDomain.name, at),
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
