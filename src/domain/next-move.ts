import { moveWhileAborting } from './move-aborting.ts';
import { moveToPlanAgain, moveWhileChecking } from './move-checking.ts';
import { moveWhileSettling } from './move-settling.ts';
import { moveWhileVerifying } from './move-verifying.ts';
import { moveWhileWorking } from './move-working.ts';
import { AWAIT_PERSON, LOOK_EVERY, type Move, record } from './moves.ts';
import { shortName } from './pool.ts';
import { openGate, type Run } from './run.ts';
import type { Instant } from './time.ts';

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
  return work?.servers.some(({ stage }) => stage === 'booting') ? moveWhileVerifying(run, work, now) : AWAIT_PERSON;
}

function moveOf(run: Run, now: Instant): Move {
  if (run.ended !== null) return { kind: 'finish' };
  if (run.aborting?.how === 'leave') return record({ kind: 'ended', ending: { how: 'aborted', left: leftBehind(run) } });
  if (run.held !== null) return AWAIT_PERSON;
  const opened = openGate(run);
  if (opened !== null && now >= opened.gate.expiresAt) return record({ kind: 'approval-expired', code: opened.gate.code });
  if (run.aborting !== null) return moveWhileAborting(run, leftBehind(run), now);
  if (run.settling !== null) return moveWhileSettling(run, run.settling, now);
  if (run.work !== null) return run.plan === null ? moveToPlanAgain(run, run.work, now) : moveWhileWorking(run, run.work, now);
  if (opened !== null) return { kind: 'wait', until: opened.gate.expiresAt, because: 'approval' };
  return run.paused === null ? moveWhileChecking(run, now) : AWAIT_PERSON;
}

/** Every server that is not as it was found, in words: what an abort leaves to people. */
function leftBehind({ work, downByUs, settings }: Run): readonly string[] {
  const inHand = work?.started?.step ?? null;
  const worked =
    work?.servers.filter(
      ({ server, stage, prepared }) =>
        stage !== 'back' && (stage !== 'up' || downByUs.includes(server) || prepared === true || inHand?.server === server),
    ) ?? [];
  const told = worked.map(({ server, stage, patched }) => {
    const name = shortName(server);
    const inFlight = inHand?.server === server ? inHand : null;
    if (inFlight?.action === 'hook') return `${name}: told to run the hook ${inFlight.hook}, not seen done`;
    if (inFlight !== null && inFlight.action !== 'stop')
      return `${name}: told to ${inFlight.action}, not seen done${patched ? ', patched' : ''}`;
    if (stage === 'up' && !downByUs.includes(server)) return `${name}: the hook before has run, and the one after has not`;
    if (stage === 'up') return `${name}: told to stop, not seen down`;
    const failedOver = settings.procedure === 'server-failover';
    if (stage === 'booting' && !failedOver) return `${name}: told to start, not seen back${patched ? ', patched' : ''}`;
    if (stage === 'booting')
      return `${name}: not seen back${patched ? ', patched' : ''}; while its services are disabled only Invoke-CsComputerFailBack brings it back`;
    const off = failedOver ? ' and disabled: only Invoke-CsComputerFailBack brings it back' : '';
    return `${name}: services stopped, ${patched ? 'patched' : 'not patched'}${off}`;
  });
  const others = downByUs.filter((server) => !work?.servers.some((each) => each.server === server));
  return [...told, ...others.map((server) => `${shortName(server)}: left down by an earlier run`)];
}
