import { adopt } from './by-hand.ts';
import { closeGate } from './evolve-approval.ts';
import { planned } from './evolve-plan.ts';
import { settlingFrom, withoutUntouched } from './evolve-settle.ts';
import type { ServerFqdn } from './pool.ts';
import { isRestart } from './purpose.ts';
import { type DomainWork, openGate, type Run, type RunEvent, type ServerWork, type Stage, unreachable } from './run.ts';
import { advanced, goingDown, hookRan, mark, withoutServer, withServer } from './server-work.ts';
import type { ServerSighting } from './sighting.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';
import { withDown, withoutDown } from './two-servers.ts';

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

/** A rolling restart has nothing between the stop and the restart. */
const stagesBefore = (run: Run, action: Moving): readonly Stage[] => {
  if (!isRestart(run)) return STAGE_BEFORE[action];
  return action === 'patch' ? [] : action === 'restart' ? ['down'] : STAGE_BEFORE[action];
};

/** Steps: written before the act, ended by a look. Whatever changes a server forgets the looks from before. */
export function evolveStep(run: Run, event: StepEvent): Run {
  const work = run.work ?? unreachable(`"${event.kind}" cannot follow: no domain is worked on`);
  switch (event.kind) {
    case 'step-started': {
      const { step } = event;
      expectMayStart(run, work, step);
      if (step.action === 'hook')
        return { ...run, work: { ...work, started: { step, at: event.at, accepted: false } }, seenServers: [] };
      const first = work.servers.every(({ stage }) => stage === 'up') && work.started === null;
      const fabricAtFirstStop = first ? (run.seen?.fabric ?? null) : work.fabricAtFirstStop;
      const look = lookAt(run, step.server);
      const servers =
        step.action === 'start'
          ? mark(work.servers, step.server, (each) => ({ ...each, startTried: true }))
          : found(run, work, step, look);
      const started = { step, at: event.at, accepted: false };
      return {
        ...run,
        downByUs: withServer(run.downByUs, step.server),
        patchedTo:
          step.action === 'restart' && !isRestart(run) ? (raisedTo(work, step.server, look) ?? run.patchedTo) : run.patchedTo,
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
          wentDown:
            STAGE_AFTER[event.step.action] === 'down' ? withDown(run.wentDown, event.step.server, event.at) : run.wentDown,
          work: {
            ...advanced(withRestart(run, work, event.step), event.step.server, STAGE_AFTER[event.step.action], event.at),
            immediate: 'no',
          },
        };
      if (event.step.action === 'stop' || event.step.action === 'fail-over')
        return stopNotDone(looksForgotten, work, event.step.server, event.at);
      return { ...looksForgotten, work: { ...work, started: null, timesNotDone: work.timesNotDone + 1 } };
    }
    case 'step-not-needed': {
      if (work.started !== null) return unreachable('a step is under way');
      const downByUs = withServer(run.downByUs, event.server);
      const servers = found(run, work, event, lookAt(run, event.server));
      return {
        ...run,
        downByUs,
        wentDown: event.action === 'stop' ? withDown(run.wentDown, event.server, event.at) : run.wentDown,
        work: {
          ...advanced({ ...work, servers }, event.server, STAGE_AFTER[event.action], event.at),
          fabricAtFirstStop: work.fabricAtFirstStop ?? run.seen?.fabric ?? null,
        },
        seen: null,
        seenServers: [],
      };
    }
  }
}

/** That a server has a new boot is all that a rolling restart is about. */
const withRestart = (run: Run, work: DomainWork, { action, server }: Step): DomainWork =>
  action === 'restart' && isRestart(run)
    ? { ...work, servers: mark(work.servers, server, (each) => ({ ...each, restarted: true })) }
    : work;

const lookAt = ({ seenServers }: Run, server: ServerFqdn): ServerSighting | null =>
  seenServers.find((look) => look.server === server) ?? null;

/** What a server was like before it was taken down: whatever differs later and was not our doing is somebody else's. */
function found(
  { settings }: Run,
  work: DomainWork,
  { action, server }: Pick<Step, 'action' | 'server'>,
  look: ServerSighting | null,
): readonly ServerWork[] {
  if (action !== 'stop' && action !== 'fail-over') return work.servers;
  const servers = goingDown(settings, work.servers, server);
  if (look?.answer == null) return servers;
  const asFound = { bootTime: look.answer.bootTime, level: look.patchLevel };
  // The look before the end of a drain did not ask for the version.
  return mark(servers, server, (each) => (work.started === null ? { ...each, asFound } : each));
}

/** The version that a patch has brought to a server; null when it shows no other than before. */
function raisedTo(work: DomainWork, server: ServerFqdn, look: ServerSighting | null): string | null {
  const before = work.servers.find((each) => each.server === server)?.asFound?.level ?? null;
  const now = look?.patchLevel ?? null;
  return before !== null && now !== before ? now : null;
}

function hookEnded(run: Run, work: DomainWork, { server, hook }: Step & { readonly action: 'hook' }, done: boolean): Run {
  if (!done) return { ...run, work: { ...work, started: null, timesNotDone: work.timesNotDone + 1 } };
  return {
    ...run,
    work: { ...work, servers: hookRan(run.settings, work.servers, server, hook), started: null, timesNotDone: 0 },
  };
}

const stageOf = (work: DomainWork, server: ServerFqdn): Stage | undefined =>
  work.servers.find((each) => each.server === server)?.stage;

/** A server that took the stop and runs again was disturbed by us, whoever brought it back. */
function stopNotDone(run: Run, work: DomainWork, server: ServerFqdn, at: Instant): Run {
  const accepted = work.started?.accepted === true;
  const heard = accepted ? { lastBackAt: at, unsettled: true } : {};
  const after = {
    ...run,
    ...heard,
    downByUs: withoutServer(run.downByUs, server),
    work: {
      ...work,
      started: null,
      timesNotDone: work.timesNotDone + 1,
      ...(accepted ? { spent: 'a stop was taken, and undone by somebody' } : {}),
    },
  };
  return withoutUntouched(after, at);
}

function expectMayStart(run: Run, work: DomainWork, step: Step): void {
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
  if (stage === undefined || !stagesBefore(run, step.action).includes(stage) || (work.started !== null && !endsDrain))
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
      return planned(run, event);
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
      return {
        ...run,
        downByUs: withoutServer(run.downByUs, event.server),
        wentDown: withoutDown(run.wentDown, event.server),
        lastBackAt: event.at,
        unsettled: true,
      };
  }
}

function serverBack(run: Run, server: ServerFqdn, at: Instant): Run {
  const work = run.work ?? unreachable('"server-back" cannot follow: no domain is worked on');
  if (stageOf(work, server) !== 'booting') throw new Error(`"server-back" ${server} cannot follow: it is not on its way up`);
  const done = work.servers.some((each) => each.server === server && (isRestart(run) ? each.restarted : each.patched));
  // What there was to put back is, and one that was only taken out is by whoever does that.
  const after = advanced({ ...work, servers: hookRan(run.settings, work.servers, server, 'after') }, server, 'back', at);
  const back: Run = {
    ...run,
    downByUs: withoutServer(run.downByUs, server),
    wentDown: withoutDown(run.wentDown, server),
    lastBackAt: at,
    unsettled: true,
    upgraded: done ? [...run.upgraded, server] : run.upgraded,
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
  if (work === null || aborting !== null || ended !== null || isRestart(run)) return false;
  const stages = work.servers.map(({ stage }) => stage);
  const stage = work.servers.find((each) => each.server === server)?.stage;
  if (stage !== 'down' || stages.includes('up')) return false;
  return settings.patchMode === 'by-hand' || (aboutPatching(run) && heldServer(run) === server);
}

/** Whether the hold is about a patch command, or somebody's work: then a person may have done it by hand. */
const aboutPatching = ({ held }: Run): boolean =>
  held?.reason.kind === 'patch-failed' ||
  held?.reason.kind === 'changed-by-hand' ||
  ((held?.reason.kind === 'step-unclear' || held?.reason.kind === 'step-refused') && held.reason.step.action === 'patch');

const heldServer = ({ held }: Run): ServerFqdn | null => {
  if (held?.reason.kind === 'patch-failed' || held?.reason.kind === 'changed-by-hand') return held.reason.server;
  return held?.reason.kind === 'step-unclear' || held?.reason.kind === 'step-refused' ? held.reason.step.server : null;
};
