import type { HoldReason, VitalAlarm, WentDown } from './hold.ts';
import { LOOK_EVERY, type Move } from './moves.ts';
import type { ServerFqdn } from './pool.ts';
import type { Run } from './run.ts';
import { isFresh, type PoolSighting, type ServiceStatus, type Vitals } from './sighting.ts';
import { hours, type Instant, minutes } from './time.ts';

/**
 * Whether the pool that was planned for has two Front End Servers. "special care": either of them has to come back at once,
 * and the pool "would likely soon go down" with its back end. Source: Front End pool with two Front End servers.
 */
export const isOfTwo = ({ plan }: Pick<Run, 'plan'>): boolean => plan?.topology.servers.length === 2;

/** The servers of the pool that went down and are not back, as far as this run has seen it: the first one first. */
export const wentDownOrder = ({ wentDown }: Pick<Run, 'wentDown'>): readonly ServerFqdn[] => wentDown.map(({ server }) => server);

/** After so long somebody else has seen to the pool, and what was seen of its servers says nothing any more. */
const ORDER_COUNTS_FOR = hours(12);

/** The same, as far as servers may be brought back by it: none where an earlier run left one down, or where it is of another day. */
export function orderToBringBackBy(run: Pick<Run, 'wentDown' | 'request'>, now: Instant): readonly ServerFqdn[] {
  const latest = run.wentDown.at(-1)?.at ?? now;
  return run.request.carried.downByUs.length > 0 || now - latest >= ORDER_COUNTS_FOR ? [] : wentDownOrder(run);
}

/** Those that went down with this server among them, at its time unless it was down already. */
export const withDown = (wentDown: readonly WentDown[], server: ServerFqdn, at: Instant): readonly WentDown[] =>
  wentDown.some((each) => each.server === server) ? wentDown : [...wentDown, { server, at }];

/** And without it: it serves again. */
export const withoutDown = (wentDown: readonly WentDown[], server: ServerFqdn): readonly WentDown[] =>
  wentDown.filter((each) => each.server !== server);

/** What a look at the services says of who is down. A server that is still on its way down, or did not answer, says nothing yet. */
export function downBy(
  wentDown: readonly WentDown[],
  { services, at }: Pick<PoolSighting, 'services' | 'at'>,
): readonly WentDown[] {
  return (services ?? []).reduce((down, { server, rtcsrv }) => {
    if (rtcsrv === 'Running') return withoutDown(down, server);
    return rtcsrv === 'Stopped' ? withDown(down, server, at) : down;
  }, wentDown);
}

/** Folds a quick look in: whatever is decided next is decided on it. */
export function evolveVitals(run: Run, vitals: Vitals): Run {
  const { services, backEnd } = vitals;
  const after: Run = {
    ...run,
    vitals,
    vitalsBefore: run.vitals,
    wentDown: downBy(run.wentDown, vitals),
    principal: principalBy(run.principal, backEnd),
    seen: run.seen === null ? null : { ...run.seen, services, backEnd },
  };
  const other = run.plan?.topology.servers.find((server) => !run.downByUs.includes(server));
  const well = {
    'both-down': other !== undefined && rtcsrvOf(vitals, other) === 'Running',
    'back-end-lost': backEnd === 'primary',
  };
  return { ...after, alarmed: run.alarmed.filter(({ kind }) => !well[kind]) };
}

/** Which copy of the back end is in charge, as the last look that could tell showed it. */
export const principalBy = (before: Run['principal'], backEnd: Vitals['backEnd']): Run['principal'] =>
  backEnd === 'primary' || backEnd === 'mirror' ? backEnd : before;

/** Folds in that it was told: it is not told again before all was well in between. */
export function alarmTold(run: Run, reason: HoldReason): Run {
  if (!isVitalAlarm(reason)) return run;
  const alarmed = [...run.alarmed.filter(({ kind }) => kind !== reason.kind), reason];
  return { ...run, alarmed, wentDown: reason.kind === 'both-down' ? reason.order : run.wentDown };
}

const isVitalAlarm = (reason: HoldReason): reason is VitalAlarm => reason.kind === 'both-down' || reason.kind === 'back-end-lost';

/** What was told of the other server or the back end, was not seen well since, and is not what the run is held for. */
export const standingAlarms = (run: Run): readonly VitalAlarm[] =>
  leansOnTheOther(run) ? run.alarmed.filter(({ kind }) => kind !== run.held?.reason.kind) : [];

/** Whether one of two servers is told to go down, down, or on its way up, and nobody has ended it. */
const leansOnTheOther = (run: Run): boolean => isOfTwo(run) && run.work !== null && run.downByUs.length > 0 && run.ended === null;

/**
 * While one of two servers is down the other one and the back end are looked at every minute, whatever else is waited for or
 * held. What is wrong with them holds the run; one that is held for something else, or brings everything back, only tells it, so that
 * nobody loses what to say to the hold or waits for a server. Null: nothing is to be said of them now.
 */
export function moveToWatchTheOther(run: Run, now: Instant): Move | null {
  if (!leansOnTheOther(run)) return null;
  const { vitals } = run;
  if (vitals === null || vitals.at > now || vitals.at + LOOK_EVERY <= now) return { kind: 'observe-vitals' };
  const alarm = alarmsIn(run).find(({ kind }) => !run.alarmed.some((told) => told.kind === kind));
  if (alarm === undefined) return null;
  const heldForIt = run.held !== null && isVitalAlarm(run.held.reason);
  const goesOn = run.held === null ? run.aborting !== null : !heldForIt;
  return { kind: 'record', event: { kind: goesOn ? 'alarmed' : 'held', reason: alarm } };
}

/** The move, but not waiting past the next quick look: one that is due is taken instead of a wait. */
export function withNextVitals(run: Run, move: Move, now: Instant): Move {
  if (!leansOnTheOther(run) || run.vitals === null) return move;
  const next = run.vitals.at + LOOK_EVERY;
  if (next <= now && (move.kind === 'await-person' || move.kind === 'wait')) return { kind: 'observe-vitals' };
  if (move.kind === 'await-person') return { kind: 'wait', until: next, because: 'a person' };
  return move.kind === 'wait' && move.until > next ? { ...move, until: next } : move;
}

/** Before the stop itself the other server and the back end are looked at once more, after everything else was. */
export const isVitalLookDue = (run: Run, now: Instant): boolean =>
  isOfTwo(run) && !(isFresh(run.vitals, now) && run.vitals.at >= (run.seen?.at ?? now));

/** What the last quick looks show to be wrong. One that brought no answer may only have been slow; two in a row did not. */
function alarmsIn({ request, plan, vitals, vitalsBefore, downByUs, wentDown }: Run): readonly VitalAlarm[] {
  const [down] = downByUs;
  const server = plan?.topology.servers.find((each) => each !== down);
  if (vitals === null || down === undefined || server === undefined) return [];
  const before = vitalsBefore !== null && vitals.at - vitalsBefore.at <= SAME_WATCH_WITHIN ? vitalsBefore : null;
  const silent = (ask: (look: Vitals) => unknown): boolean => before !== null && ask(before) === null && ask(vitals) === null;
  const { backEnd } = vitals;
  const found = rtcsrvOf(vitals, server);
  const otherLost = found === null ? silent((look) => rtcsrvOf(look, server)) : found !== 'Running';
  // Where no server answers there was nobody to ask about the back end.
  const unasked = vitals.services === null;
  const backEndLost = backEnd === null ? !unasked && silent((look) => look.backEnd) : backEnd !== 'primary';
  const at = found === null && before !== null ? before.at : vitals.at;
  const order = withDown(wentDown, server, at);
  const backEndAlarm = { kind: 'back-end-lost', down, backEnd: backEnd === 'primary' ? null : backEnd } as const;
  const bothAlarm = { kind: 'both-down', pool: request.pool, down, server, found, order } as const;
  return [...(backEndLost ? [backEndAlarm] : []), ...(otherLost ? [bothAlarm] : [])];
}

/** A look from longer before is of another time that a server was down. */
const SAME_WATCH_WITHIN = minutes(5);

const rtcsrvOf = ({ services }: Vitals, server: ServerFqdn): ServiceStatus | null =>
  services?.find((each) => each.server === server)?.rtcsrv ?? null;
