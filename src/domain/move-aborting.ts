import { moveAfterStart } from './move-started.ts';
import { failBack, holdStuck, hookAfter, moveWhileVerifying, restartOf } from './move-verifying.ts';
import { freshLook, holdStep, type Move, record, TIMES_NOT_DONE_MAX } from './moves.ts';
import type { DomainWork, Run, ServerWork } from './run.ts';
import { owesHookAfter } from './server-work.ts';
import { acceptsConnections } from './sighting.ts';
import type { Instant } from './time.ts';

/**
 * Brings the domain under way back up, and ends: a patched server is restarted as it would have been, one that was only
 * stopped gets its services started. A step in flight is let end first.
 */
export function moveWhileAborting(run: Run, left: readonly string[], now: Instant): Move {
  const { work } = run;
  const ended = record({ kind: 'ended', ending: { how: 'aborted', left } });
  if (work === null) return ended;
  if (work.started !== null) return moveAfterStart(run, work, work.started, now);
  const patched = work.servers.find(({ stage }) => stage === 'patched')?.server;
  if (patched !== undefined) {
    const services = freshLook(run, patched, now)?.answer?.services ?? 'Stopped';
    return services === 'Stopped'
      ? restartOf(run, work, now)
      : record({ kind: 'step-not-needed', action: 'start', server: patched });
  }
  const down = work.servers.find(({ stage }) => stage === 'down');
  if (down !== undefined) return bringUp(run, work, down, now);
  if (work.servers.some(({ stage }) => stage === 'booting')) return moveWhileVerifying(run, work, now);
  const told = work.servers.find(({ server, stage }) => stage === 'up' && run.downByUs.includes(server))?.server;
  if (told !== undefined) {
    const look = freshLook(run, told, now);
    if (look === null) return { kind: 'observe-server', server: told, also: 'nothing' };
    if (look.answer?.services === 'Stopped') return record({ kind: 'step-not-needed', action: 'stop', server: told });
  }
  const out = work.servers.find((each) => each.stage === 'up' && owesHookAfter(run.settings, each))?.server;
  if (out === undefined) return ended;
  const look = freshLook(run, out, now);
  if (look === null) return { kind: 'observe-server', server: out, also: 'connections' };
  return acceptsConnections(look)
    ? hookAfter(run, work, out)
    : holdStep({ action: 'hook', server: out, hook: 'after' }, 'it accepts no connections');
}

/** Starts the services of a server that was only stopped, by FailBack if they are disabled. */
function bringUp(run: Run, work: DomainWork, down: ServerWork, now: Instant): Move {
  const { server } = down;
  const look = freshLook(run, server, now);
  if (look === null) return { kind: 'observe-server', server, also: 'nothing' };
  if (look.answer === null)
    return holdStuck(run, work, [server], 'it does not answer, so its services cannot be started', down.since);
  if (look.answer.services !== 'Stopped') return record({ kind: 'step-not-needed', action: 'start', server });
  if (look.answer.disabled) return failBack(run, work, down);
  const step = { action: 'start', server } as const;
  return work.timesNotDone >= TIMES_NOT_DONE_MAX
    ? holdStep(step, `seen not done ${work.timesNotDone} times`)
    : { kind: 'perform', step };
}
