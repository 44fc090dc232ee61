import type { HoldReason } from './hold.ts';
import type { ServerFqdn } from './pool.ts';
import type { DomainWork, Run, ServerWork } from './run.ts';
import { mark, withoutServer } from './server-work.ts';
import type { Step, StopMode } from './step.ts';

/**
 * What an abort was held for keeps no other server down: the server that it was about comes last from now on, a step that
 * nobody saw the end of is waited for no more, and one that has left the pool is forgotten.
 */
export function letGo(run: Run, reason: HoldReason | undefined): Run {
  if (run.work === null || reason === undefined) return run;
  if (reason.kind === 'topology-changed') return reason.gone === true ? withoutGone(run, run.work) : run;
  const servers = serversOf(reason);
  if (servers.length === 0) return run;
  const work = isAbout(reason, run.work.started?.step) ? withoutUnseen(run.work) : run.work;
  const last = work.servers.filter(({ server }) => servers.includes(server));
  const others = work.servers.filter((each) => !last.includes(each));
  const anyWaits = others.some(({ stage }) => stage !== 'up' && stage !== 'back');
  return { ...run, work: anyWaits ? { ...work, servers: [...others, ...last] } : work };
}

function serversOf(reason: HoldReason): readonly ServerFqdn[] {
  if (reason.kind === 'stuck') return reason.servers;
  return reason.kind === 'step-unclear' || reason.kind === 'step-refused' ? [reason.step.server] : [];
}

/** Whether the end of the step in flight is what was held for; the end of a drain that was to be cut short is not. */
function isAbout(reason: HoldReason, step: Step | undefined): boolean {
  if (step === undefined) return false;
  if (reason.kind === 'stuck') return reason.servers.includes(step.server);
  return reason.kind === 'step-unclear' && reason.step.action === step.action && stopModeOf(reason.step) === stopModeOf(step);
}

const stopModeOf = (step: Step): StopMode | null => (step.action === 'stop' ? step.stopMode : null);

/**
 * The end of a stop, a restart or a start shows in a look at the server, which is looked at before it is told anything. A
 * patch command, a FailOver, a FailBack or a hook after may still be running there, and is not told twice.
 */
function withoutUnseen(work: DomainWork): DomainWork {
  const { started, servers } = work;
  const step = started?.step;
  const change = step === undefined ? null : unseen(step);
  return step === undefined || change === null ? work : { ...work, started: null, servers: mark(servers, step.server, change) };
}

function unseen(step: Step): ((each: ServerWork) => ServerWork) | null {
  switch (step.action) {
    case 'stop':
    case 'start':
      return (each) => each;
    case 'restart':
      return (each) => ({ ...each, restartToldFrom: step.bootTimeSeen });
    case 'hook':
      // However far it came, the hook after puts it back.
      return step.hook === 'before' ? (each) => ({ ...each, owesAfter: true }) : null;
    default:
      return null;
  }
}

/** The servers in hand that the last look at the pool does not list. */
function withoutGone(run: Run, work: DomainWork): Run {
  const computers = run.lastSeen?.computers ?? null;
  if (computers === null) return run;
  const gone = work.servers.map(({ server }) => server).filter((server) => !computers.includes(server));
  const servers = work.servers.filter(({ server }) => !gone.includes(server));
  const started = work.started !== null && gone.includes(work.started.step.server) ? null : work.started;
  return {
    ...run,
    downByUs: gone.reduce(withoutServer, run.downByUs),
    work: servers.length === 0 ? null : { ...work, servers, started },
  };
}
