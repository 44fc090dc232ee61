import { leftBehind } from './left-behind.ts';
import { moveWhileAborting } from './move-aborting.ts';
import { moveToPlanAgain, moveWhileChecking } from './move-checking.ts';
import { moveWhileSettling } from './move-settling.ts';
import { moveWhileVerifying } from './move-verifying.ts';
import { moveWhileWorking } from './move-working.ts';
import { AWAIT_PERSON, LOOK_EVERY, type Move, record } from './moves.ts';
import { openGate, type Run } from './run.ts';
import type { Instant } from './time.ts';
import { moveToWatchTheOther, withNextVitals } from './two-servers.ts';

/** What to do next, decided from the run's state and the time alone. */
export function nextMove(run: Run, now: Instant): Move {
  const move = moveOf(run, now);
  return run.frozen === null ? move : whileFrozen(run, move, now);
}

/** Nothing is started, and nobody is asked to let anything start. What a server was told before is looked at to its end. */
function whileFrozen(run: Run, move: Move, now: Instant): Move {
  if (move.kind !== 'perform' && move.kind !== 'request-approval') return move;
  const { work, seenServers } = run;
  const step = work?.started?.step;
  if (step !== undefined) {
    const lookAt = (seenServers.find(({ server }) => server === step.server)?.at ?? 0) + LOOK_EVERY;
    return lookAt > now
      ? { kind: 'wait', until: lookAt, because: step.action }
      : { kind: 'observe-server', server: step.server, also: 'nothing' };
  }
  const booting = work?.servers.some(({ stage }) => stage === 'booting') === true;
  return moveBesideTheOther(run, booting ? moveWhileVerifying(run, work, now) : AWAIT_PERSON, now);
}

/** Of two servers the other one is looked at besides; nothing that brings one back waits for that. */
const moveBesideTheOther = (run: Run, move: Move, now: Instant): Move =>
  move.kind === 'perform' ? move : (moveToWatchTheOther(run, now) ?? withNextVitals(run, move, now));

function moveOf(run: Run, now: Instant): Move {
  if (run.ended !== null) return { kind: 'finish' };
  if (run.aborting?.how === 'leave') return record({ kind: 'ended', ending: { how: 'aborted', left: leftBehind(run) } });
  if (run.held !== null) return moveBesideTheOther(run, AWAIT_PERSON, now);
  const opened = openGate(run);
  if (opened !== null && now >= opened.gate.expiresAt) return record({ kind: 'approval-expired', code: opened.gate.code });
  if (run.aborting !== null) return moveBesideTheOther(run, moveWhileAborting(run, leftBehind(run), now), now);
  if (run.settling !== null) return moveWhileSettling(run, run.settling, now);
  if (run.work !== null) return run.plan === null ? moveToPlanAgain(run, run.work, now) : moveWhileWorking(run, run.work, now);
  if (opened !== null) return { kind: 'wait', until: opened.gate.expiresAt, because: 'approval' };
  return run.paused === null ? moveWhileChecking(run, now) : AWAIT_PERSON;
}
