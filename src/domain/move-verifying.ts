import { changedByHand } from './by-hand.ts';
import { notFullyServed } from './fabric.ts';
import { hold, holdStep, LOOK_EVERY, type LookAlso, type Move, observePool, record, TIMES_NOT_DONE_MAX } from './moves.ts';
import { namesOf, type ServerFqdn, shortName } from './pool.ts';
import { isRestart } from './purpose.ts';
import { type DomainWork, type Run, type ServerWork, unreachable } from './run.ts';
import { owesHookAfter } from './server-work.ts';
import { acceptsConnections, isFresh, type PoolSighting, type ServerSighting, sizeSeen } from './sighting.ts';
import { type Instant, minutes } from './time.ts';
import { isOfTwo } from './two-servers.ts';

/** Our own bounds, for the documents give none: services that neither run nor start this long after the boot are started once. */
export const START_BOUND = minutes(5);
/** And this long after the boot, or that start, a server that accepts no connections is a person's. */
export const BACK_BOUND = minutes(20);

/** A server that is to be told something may miss a look; silent for longer than this, somebody has to see to it. Our own bound. */
const SILENT_BOUND = minutes(5);

/** Since when a server that does not answer has not. */
export const silenceOf = ({ silentSince, at }: ServerSighting): Instant => silentSince ?? at;

/** Looks again at a server that does not answer; null: it has not for too long. */
export function waitForAnswer(look: ServerSighting, also: LookAlso, now: Instant): Move | null {
  if (now - silenceOf(look) >= SILENT_BOUND) return null;
  const until = look.at + LOOK_EVERY;
  return until > now
    ? { kind: 'wait', until, because: `${shortName(look.server)} to answer` }
    : { kind: 'observe-server', server: look.server, also };
}

/** All servers are patched, or only have to be restarted: one after the other is told to, the next as soon as the last has a new boot. */
export function restartNext(run: Run, work: DomainWork, now: Instant): Move {
  const next =
    work.servers.find(({ stage }) => stage === 'patched' || (stage === 'down' && isRestart(run)))?.server ??
    unreachable('a domain that restarts has a server to be restarted');
  return restartOf(run, work, next, now);
}

/** One server is told to restart, with its services stopped and nobody else at work on it. */
export function restartOf(run: Run, work: DomainWork, server: ServerFqdn, now: Instant): Move {
  const look = run.seenServers.find((each) => each.server === server) ?? null;
  if (!isFresh(look, now)) return { kind: 'observe-server', server, also: 'patch' };
  const own = work.servers.find((each) => each.server === server);
  if (look.answer === null)
    return (
      waitForAnswer(look, 'patch', now) ??
      holdStuck(run, work, [server], 'it does not answer, so its restart could not be told', silenceOf(look))
    );
  const byHand = own === undefined || run.aborting !== null ? null : changedByHand(own, look, run);
  if (byHand !== null) return hold(byHand);
  const step = { action: 'restart', server, bootTimeSeen: look.answer.bootTime } as const;
  // Somebody, or the installer, started its services: people may be on it again, and no yes covers another stop.
  if (look.answer.services !== 'Stopped')
    return holdStep(step, `its services are ${look.answer.services}; stop them there, or abort`);
  if (work.timesNotDone >= TIMES_NOT_DONE_MAX) return holdStep(step, `seen not done ${work.timesNotDone} times`);
  return { kind: 'perform', step };
}

/** Every server of the domain must accept connections again before the settle time begins. */
export function moveWhileVerifying(run: Run, work: DomainWork, now: Instant): Move {
  // A pause keeps nobody from bringing one of two servers back.
  const mayAct = (run.paused === null || isOfTwo(run)) && run.frozen === null;
  const waiting = work.servers.filter(({ stage }) => stage === 'booting');
  const looks = waiting.map((each) => ({ each, look: run.seenServers.find(({ server }) => server === each.server) ?? null }));
  for (const { each, look } of looks) {
    if (look === null || look.at + LOOK_EVERY <= now) return { kind: 'observe-server', server: each.server, also: 'connections' };
    if (!isBack(look)) continue;
    if (!owesHookAfter(run.settings, each)) return record({ kind: 'server-back', server: each.server });
    if (mayAct) return hookAfter(run, work, each.server);
  }
  const failedOver = looks.find(({ look }) => isFailedOver(look));
  if (failedOver !== undefined && mayAct) return failBack(run, work, failedOver.each);
  const toStart = mayAct ? looks.find(({ each, look }) => needsStart(each, look, now)) : undefined;
  if (toStart !== undefined) return { kind: 'perform', step: { action: 'start', server: toStart.each.server } };
  // What a pause or a freeze keeps us from bringing back is not stuck.
  const overdue = looks.filter(({ each, look }) => now - each.since >= BACK_BOUND && (mayAct || !waitsForUs(look)));
  if (overdue.length > 0) {
    const because = overdue.map(({ look }) => whyNotBack(look)).join('; ');
    return holdStuck(
      run,
      work,
      overdue.map(({ each }) => each.server),
      because,
      Math.min(...overdue.map(({ each }) => each.since)) + BACK_BOUND,
    );
  }
  const until = Math.min(...looks.map(({ look }) => (look?.at ?? now) + LOOK_EVERY));
  return { kind: 'wait', until, because: 'the servers to accept connections' };
}

/** What the hook before took the server out of, it is put into again once it accepts connections. */
export function hookAfter({ settings }: Run, work: DomainWork, server: ServerFqdn): Move {
  const step = { action: 'hook', server, hook: 'after' } as const;
  if (settings.hooks?.after !== true) return holdStep(step, 'it was configured when the server was taken down, and is no more');
  return work.timesNotDone >= TIMES_NOT_DONE_MAX
    ? holdStep(step, `seen not done ${work.timesNotDone} times`)
    : { kind: 'perform', step };
}

/** A server that runs with its services disabled would stay off after its next restart: it is not back. */
const isBack = (look: ServerSighting): boolean => acceptsConnections(look) && look.answer?.disabled === false;

const isFailedOver = (look: ServerSighting | null): boolean => look?.answer?.services === 'Stopped' && look.answer.disabled;

/** Whether all that is missing is what the run does itself: FailBack, or the hook after. */
export const waitsForUs = (look: ServerSighting | null): boolean => look !== null && (isBack(look) || isFailedOver(look));

/** Services that FailOver disabled start by FailBack and by nothing else. By the other procedure a person has disabled them. */
export function failBack(run: Run, work: DomainWork, { server, since }: ServerWork): Move {
  if (run.settings.procedure !== 'server-failover')
    return holdStuck(
      run,
      work,
      [server],
      'its services are disabled, as Invoke-CsComputerFailOver leaves them: a person has to bring it back',
      since,
    );
  const step = { action: 'fail-back', server } as const;
  return work.timesNotDone >= TIMES_NOT_DONE_MAX
    ? holdStep(step, `seen not done ${work.timesNotDone} times`)
    : { kind: 'perform', step };
}

/** Neither StartPending nor Running a while after the new boot: `Start-CsWindowsService`, once. */
const needsStart = ({ since, startTried }: ServerWork, look: ServerSighting | null, now: Instant): boolean =>
  look?.answer?.services === 'Stopped' && !startTried && now - since >= START_BOUND;

function whyNotBack(look: ServerSighting | null): string {
  if (look?.answer == null) return 'it does not answer';
  if (look.answer.rtcsrv !== 'Running') return `RTCSRV is ${look.answer.rtcsrv ?? 'unknown'}`;
  if (look.answer.disabled) return 'its services run and are disabled: they would stay off after its next restart';
  return look.sipPortOpen === true ? 'the fabric does not show it as UP' : 'TCP 5061 takes no connection';
}

/**
 * A stuck server is told of together with what it means for users, so the pool is looked at first, once the trouble may have
 * begun; one that has left the pool meanwhile is no such. However old that look is by now: nothing is done on it.
 */
export function holdStuck(run: Run, work: DomainWork, servers: readonly ServerFqdn[], because: string, since: Instant): Move {
  if (run.seen === null || run.seen.at < since) return observePool(work.upgradeDomain);
  const inRestart = isRestart(run) ? { inRestart: true as const } : {};
  const gone = holdGone(run, servers);
  if (gone !== null) return gone;
  return hold({ kind: 'stuck', servers, because, service: serviceInWords(run.seen), ...inRestart });
}

/** What the last look at the pool says of servers that do not answer: that it has them no more; null: nothing. */
export function holdGone(run: Run, servers: readonly ServerFqdn[]): Move | null {
  const computers = run.seen?.computers ?? null;
  const gone = computers === null ? [] : servers.filter((server) => !computers.includes(server));
  if (gone.length === 0) return null;
  const inRestart = isRestart(run) ? { inRestart: true as const } : {};
  const because = `${namesOf(gone)} is not in the pool any more`;
  return hold({ kind: 'topology-changed', because, gone: true, ...inRestart });
}

/** "this will confirm whether all users have service": Improving the Reliability of Pool Upgrades. */
export function serviceInWords(seen: PoolSighting): string {
  const { fabric } = seen;
  if (fabric === null) return 'whether all users have service could not be read';
  const without = notFullyServed(fabric, sizeSeen(seen));
  if (without.length === 0)
    return `all users have service: every routing group has a primary${sizeSeen(seen) === 2 ? '' : ' and a secondary'}`;
  return `${without.length} of ${fabric.groups.length} routing groups lack a primary or any secondary: their users may be without service`;
}
