import { changedByHand } from './by-hand.ts';
import type { HoldReason } from './hold.ts';
import { moveAfterStart } from './move-started.ts';
import { moveBeforeStop } from './move-stopping.ts';
import { moveWhileVerifying, restartNext } from './move-verifying.ts';
import { AWAIT_PERSON, freshLook, hold, holdStep, type Move, TIMES_NOT_DONE_MAX } from './moves.ts';
import { workPhase } from './phase.ts';
import { shortName } from './pool.ts';
import { type DomainWork, openGate, type Run, type ServerWork, unreachable } from './run.ts';
import { type Instant, minutes } from './time.ts';
import { isOfTwo, moveToWatchTheOther, withNextVitals } from './two-servers.ts';

/** One upgrade domain on its way down, through its patch, and up again. */
export function moveWhileWorking(run: Run, work: DomainWork, now: Instant): Move {
  // Nothing stands between the patch and the restart of a server whose pool has only one other.
  const restarts = work.started === null && workPhase(run) === 'restarting';
  return (restarts ? null : moveToWatchTheOther(run, now)) ?? withNextVitals(run, moveAtHand(run, work, now), now);
}

function moveAtHand(run: Run, work: DomainWork, now: Instant): Move {
  if (work.started !== null) return moveAfterStart(run, work, work.started, now);
  const opened = openGate(run);
  if (opened !== null) return { kind: 'wait', until: opened.gate.expiresAt, because: 'approval' };
  const phase = workPhase(run);
  if (run.paused !== null && phase !== 'verifying' && !(phase === 'restarting' && isOfTwo(run))) return AWAIT_PERSON;
  switch (phase) {
    case 'stopping':
      return moveBeforeStop(run, work, now);
    case 'patching':
      return moveWhilePatching(run, work, now);
    case 'restarting':
      return restartNext(run, work, now);
    case 'verifying':
      return moveWhileVerifying(run, work, now);
    default:
      return unreachable(`a domain under way is not ${phase}`);
  }
}

/** By hand the people are waited for; by command one server after the other, each looked at before. */
function moveWhilePatching(run: Run, work: DomainWork, now: Instant): Move {
  // One that somebody brought up, and whose work was adopted, is not down any more and need not be.
  const down = work.servers.filter(({ stage }) => stage === 'down' || stage === 'patched');
  if (run.settings.patchMode === 'by-hand') {
    // What was adopted is not kept waiting for what people patch meanwhile.
    const adopted = work.servers.some(({ stage }) => stage === 'booting') ? moveWhileVerifying(run, work, now) : null;
    if (adopted !== null && adopted.kind !== 'wait') return adopted;
    const watching = watchHands(run, down, now);
    return adopted !== null && watching.kind === 'wait' && adopted.until < watching.until ? adopted : watching;
  }
  const own = down.find(({ stage }) => stage === 'down') ?? unreachable('a domain that is patched has a server down');
  const { server } = own;
  const others = down.filter((each) => each !== own);
  const unseen = others.find((each) => freshLook(run, each.server, now) === null);
  if (unseen !== undefined) return { kind: 'observe-server', server: unseen.server, also: 'patch' };
  const look = freshLook(run, server, now);
  if (look === null) return { kind: 'observe-server', server, also: 'patch' };
  const step = { action: 'patch', server, levelBefore: look.patchLevel } as const;
  if (work.timesNotDone >= TIMES_NOT_DONE_MAX) return holdStep(step, `seen not done ${work.timesNotDone} times`);
  if (look.answer === null) return holdStep(step, 'the server does not answer');
  const byHand = workedOn(run, down);
  if (byHand !== null) return hold(byHand);
  if (look.answer.services !== 'Stopped') return holdStep(step, `its services are ${look.answer.services}, not Stopped`);
  const notDown = others.find((each) => freshLook(run, each.server, now)?.answer?.services !== 'Stopped');
  if (notDown !== undefined)
    return holdStep(step, `${shortName(notDown.server)} of the same domain is not stopped any more, or does not answer`);
  if (look.patchRun?.kind === 'running') return holdStep(step, 'the patch command already runs there');
  return { kind: 'perform', step };
}

/** How often a server that people patch is looked at. Our own number: nothing is waited for but their word. */
const HANDS_LOOK_EVERY = minutes(5);

/** While people patch, what they do besides is noticed: a restart, or services that run again. */
function watchHands(run: Run, down: readonly ServerWork[], now: Instant): Move {
  const lookedAt = ({ server }: ServerWork) =>
    run.seenServers.find((look) => look.server === server)?.at ?? Number.NEGATIVE_INFINITY;
  const due = down.find((each) => lookedAt(each) + HANDS_LOOK_EVERY <= now);
  const byHand = workedOn(run, down);
  if (byHand !== null) return hold(byHand);
  if (due !== undefined) return { kind: 'observe-server', server: due.server, also: 'patch' };
  return { kind: 'wait', until: Math.min(...down.map(lookedAt)) + HANDS_LOOK_EVERY, because: 'people to patch' };
}

/** What the looks show of somebody else's work on the first of these servers that has any. */
function workedOn(run: Run, servers: readonly ServerWork[]): HoldReason | null {
  for (const each of servers) {
    const look = run.seenServers.find(({ server }) => server === each.server);
    const byHand = look === undefined ? null : changedByHand(each, look, run);
    if (byHand !== null) return byHand;
  }
  return null;
}
