import { moveAfterStart } from './move-started.ts';
import { failBack, holdStuck, hookAfter, moveWhileVerifying, restartOf } from './move-verifying.ts';
import { freshLook, holdStep, type Move, record, TIMES_NOT_DONE_MAX } from './moves.ts';
import type { ServerFqdn } from './pool.ts';
import type { DomainWork, Run } from './run.ts';
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
  const down = work.servers.find(({ stage }) => stage === 'down')?.server;
  if (down !== undefined) return bringUp(run, work, down, now);
  if (work.servers.some(({ stage }) => stage === 'booting')) return moveWhileVerifying(run, work, now);
  const told = work.servers.find(({ server, stage }) => stage === 'up' && run.downByUs.includes(server))?.server;
  if (told !== undefined) {
    const look = freshLook(run, told, now);
    if (look === null) return { kind: 'observe-server', server: told, also: 'nothing' };
    if (look.answer?.services === 'Stopped') return record({ kind: 'step-not-needed', action: 'stop', server: told });
  }
  const prepared =
    run.settings.hooks?.after === true ? work.servers.find(({ stage, prepared }) => stage === 'up' && prepared) : undefined;
  if (prepared === undefined) return ended;
  const look = freshLook(run, prepared.server, now);
  if (look === null) return { kind: 'observe-server', server: prepared.server, also: 'connections' };
  return acceptsConnections(look)
    ? hookAfter(work, prepared.server)
    : holdStep({ action: 'hook', server: prepared.server, hook: 'after' }, 'it accepts no connections');
}

/** Starts the services of a server that was only stopped, by FailBack if they are disabled. */
function bringUp(run: Run, work: DomainWork, down: ServerFqdn, now: Instant): Move {
  const look = freshLook(run, down, now);
  if (look === null) return { kind: 'observe-server', server: down, also: 'nothing' };
  if (look.answer === null) return holdStuck(run, work, [down], 'it does not answer, so its services cannot be started', now);
  if (look.answer.services !== 'Stopped') return record({ kind: 'step-not-needed', action: 'start', server: down });
  if (look.answer.disabled) return failBack(run, work, down, now);
  const step = { action: 'start', server: down } as const;
  return work.timesNotDone >= TIMES_NOT_DONE_MAX
    ? holdStep(step, `seen not done ${work.timesNotDone} times`)
    : { kind: 'perform', step };
}
