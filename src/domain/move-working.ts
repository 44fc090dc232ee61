import { changedByHand } from './by-hand.ts';
import { moveAfterStart } from './move-started.ts';
import { moveBeforeStop } from './move-stopping.ts';
import { moveWhileVerifying, restartOf } from './move-verifying.ts';
import { AWAIT_PERSON, freshLook, hold, holdStep, type Move, TIMES_NOT_DONE_MAX } from './moves.ts';
import { workPhase } from './phase.ts';
import { shortName } from './pool.ts';
import { type DomainWork, openGate, type Run, unreachable } from './run.ts';
import { type Instant, minutes } from './time.ts';

/** One upgrade domain on its way down, through its patch, and up again. */
export function moveWhileWorking(run: Run, work: DomainWork, now: Instant): Move {
  if (work.started !== null) return moveAfterStart(run, work, work.started, now);
  const opened = openGate(run);
  if (opened !== null) return { kind: 'wait', until: opened.gate.expiresAt, because: 'approval' };
  const phase = workPhase(run);
  if (run.paused !== null && phase !== 'verifying') return AWAIT_PERSON;
  switch (phase) {
    case 'stopping':
      return moveBeforeStop(run, work, now);
    case 'patching':
      return moveWhilePatching(run, work, now);
    case 'restarting':
      return restartOf(run, work, now);
    case 'verifying':
      return moveWhileVerifying(run, work, now);
    default:
      return unreachable(`a domain under way is not ${phase}`);
  }
}

/** By hand the people are waited for; by command one server after the other, each looked at before. */
function moveWhilePatching(run: Run, work: DomainWork, now: Instant): Move {
  if (run.settings.patchMode === 'by-hand') return watchHands(run, work, now);
  const server =
    work.servers.find(({ stage }) => stage === 'down')?.server ?? unreachable('a domain that is patched has a server down');
  const others = work.servers.filter((each) => each.server !== server);
  const unseen = others.find((each) => freshLook(run, each.server, now) === null);
  if (unseen !== undefined) return { kind: 'observe-server', server: unseen.server, also: 'nothing' };
  const look = freshLook(run, server, now);
  if (look === null) return { kind: 'observe-server', server, also: 'patch' };
  const step = { action: 'patch', server, levelBefore: look.patchLevel } as const;
  if (work.timesNotDone >= TIMES_NOT_DONE_MAX) return holdStep(step, `seen not done ${work.timesNotDone} times`);
  if (look.answer === null) return holdStep(step, 'the server does not answer');
  const own = work.servers.find((each) => each.server === server);
  const byHand = own === undefined ? null : changedByHand(own, look);
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
function watchHands(run: Run, work: DomainWork, now: Instant): Move {
  const down = work.servers.filter(({ stage }) => stage === 'down');
  for (const each of down) {
    const look = run.seenServers.find(({ server }) => server === each.server);
    if (look === undefined || look.at + HANDS_LOOK_EVERY <= now)
      return { kind: 'observe-server', server: each.server, also: 'patch' };
    const byHand = changedByHand(each, look);
    if (byHand !== null) return hold(byHand);
  }
  const looked = down.map(({ server }) => run.seenServers.find((each) => each.server === server)?.at ?? now);
  return { kind: 'wait', until: Math.min(...looked) + HANDS_LOOK_EVERY, because: 'people to patch' };
}
