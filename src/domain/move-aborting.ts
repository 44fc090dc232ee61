import { moveAfterStart } from './move-started.ts';
import { failBack, holdStuck, hookAfter, moveWhileVerifying, restartOf, silenceOf, waitForAnswer } from './move-verifying.ts';
import { freshLook, holdStep, LOOK_EVERY, type Move, record, TIMES_NOT_DONE_MAX } from './moves.ts';
import type { ServerFqdn } from './pool.ts';
import type { DomainWork, Run, ServerWork } from './run.ts';
import { owesHookAfter } from './server-work.ts';
import { acceptsConnections, type ServerSighting } from './sighting.ts';
import { sameBoot } from './step.ts';
import type { Instant } from './time.ts';

/**
 * Brings the domain under way back up, and ends: a patched server is restarted as it would have been, one that was only
 * stopped gets its services started. A step in flight is let end first. One that cannot be brought back keeps no other down.
 */
export function moveWhileAborting(run: Run, left: readonly string[], now: Instant): Move {
  const { work } = run;
  const ended = record({ kind: 'ended', ending: { how: 'aborted', left } });
  if (work === null) return ended;
  if (work.started !== null) return moveAfterStart(run, work, work.started, now);
  const own = work.servers.filter(({ server }) => !isGone(run, server));
  const down = own.filter(({ stage }) => stage === 'patched' || stage === 'down');
  const booting = own.filter(({ stage }) => stage === 'booting');
  const moves = [
    ...down.map((each) => bringUp(run, work, each, now)),
    ...(booting.length === 0 ? [] : [moveWhileVerifying(run, { ...work, servers: booting }, now)]),
  ];
  if (moves.length > 0) return whatCanBeDone(moves) ?? ended;
  const told = own.find(({ server, stage }) => stage === 'up' && run.downByUs.includes(server))?.server;
  if (told !== undefined) {
    const look = freshLook(run, told, now);
    if (look === null) return { kind: 'observe-server', server: told, also: 'nothing' };
    if (look.answer?.services === 'Stopped') return record({ kind: 'step-not-needed', action: 'stop', server: told });
    const waits = waitsForTold(look, now);
    if (waits !== null) return waits;
  }
  const out = own.find((each) => each.stage === 'up' && owesHookAfter(run.settings, each))?.server;
  if (out === undefined) return ended;
  const look = freshLook(run, out, now);
  if (look === null) return { kind: 'observe-server', server: out, also: 'connections' };
  return acceptsConnections(look)
    ? hookAfter(run, work, out)
    : holdStep({ action: 'hook', server: out, hook: 'after' }, 'it accepts no connections');
}

/** Whether the last look that listed the pool's servers has this one no more: it is nobody's to bring back. */
const isGone = ({ lastSeen }: Run, server: ServerFqdn): boolean => lastSeen?.computers?.includes(server) === false;

/** Something that can be done; else the first wait to be over; and only then what a person is needed for. */
function whatCanBeDone(moves: readonly Move[]): Move | undefined {
  const waits = moves.filter((move) => move.kind === 'wait').toSorted((one, other) => one.until - other.until);
  return moves.find((move) => move.kind !== 'wait' && !isForAPerson(move)) ?? waits[0] ?? moves[0];
}

/** A hold, or the look at the pool that comes before one. */
const isForAPerson = (move: Move): boolean =>
  move.kind === 'observe-pool' || (move.kind === 'record' && move.event.kind === 'held');

/** A server that was told to stop, and of which nobody has seen the end: it drains, or does not answer yet. */
function waitsForTold(look: ServerSighting, now: Instant): Move | null {
  if (look.answer === null) return waitForAnswer(look, 'nothing', now);
  if (look.answer.services !== 'StopPending') return null;
  const until = look.at + LOOK_EVERY;
  return until > now
    ? { kind: 'wait', until, because: 'stop' }
    : { kind: 'observe-server', server: look.server, also: 'nothing' };
}

/** The restart that nobody saw the end of has come: it is not told again. */
const hasNewBoot = ({ restartToldFrom }: Pick<ServerWork, 'restartToldFrom'>, look: ServerSighting | null): boolean =>
  restartToldFrom !== undefined && look?.answer != null && !sameBoot(look.answer.bootTime, restartToldFrom);

/** A patched server is restarted; one that was only stopped gets its services started, by FailBack if they are disabled. */
function bringUp(run: Run, work: DomainWork, { server, stage, ...own }: ServerWork, now: Instant): Move {
  const look = freshLook(run, server, now);
  const services = look?.answer?.services ?? 'Stopped';
  if (stage === 'patched') {
    const up = services !== 'Stopped' || hasNewBoot(own, look);
    return up ? record({ kind: 'step-not-needed', action: 'start', server }) : restartOf(run, work, server, now);
  }
  if (look === null) return { kind: 'observe-server', server, also: 'nothing' };
  if (look.answer === null)
    return (
      waitForAnswer(look, 'nothing', now) ??
      holdStuck(run, work, [server], 'it does not answer, so its services cannot be started', silenceOf(look))
    );
  if (services !== 'Stopped') return record({ kind: 'step-not-needed', action: 'start', server });
  if (look.answer.disabled) return failBack(run, work, { server, stage, ...own });
  const step = { action: 'start', server } as const;
  // How often it came to nothing may be another server's count.
  return own.startTried && work.timesNotDone >= TIMES_NOT_DONE_MAX
    ? holdStep(step, `seen not done ${work.timesNotDone} times`)
    : { kind: 'perform', step };
}
