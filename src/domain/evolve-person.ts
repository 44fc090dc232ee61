import { closeGate, holdOn } from './evolve-approval.ts';
import { settlingFrom } from './evolve-settle.ts';
import { cameBackFromFailOver, type HoldReason } from './hold.ts';
import { letGo } from './let-go.ts';
import { type DomainWork, openGate, type Run, type RunEvent, type Tick } from './run.ts';
import { isOut, isWhole, mark, withoutServer } from './server-work.ts';
import type { Instant } from './time.ts';
import { alarmTold } from './two-servers.ts';

type PersonEvent = RunEvent & {
  readonly kind:
    | 'ticked'
    | 'held'
    | 'alarmed'
    | 'approval-lapsed'
    | 'retried'
    | 'paused'
    | 'resumed'
    | 'aborted'
    | 'frozen'
    | 'thawed';
};

/** What stops a run for a person, and what a person then says. */
export function evolvePerson(run: Run, event: PersonEvent): Run {
  switch (event.kind) {
    case 'ticked':
      return { ...run, ticks: [...run.ticks, tickIn(event)] };
    case 'held':
      return alarmTold(
        holdOn(usedUp(withoutAttempt(run, event.reason, event.at), 'the run was held', event.at), event.reason, event.at),
        event.reason,
      );
    case 'alarmed':
      return alarmTold(run, event.reason);
    case 'approval-lapsed':
      return lapsed(run, event.because, event.at);
    case 'retried':
      return retry(run, event);
    case 'paused': {
      const paused = { ...run, paused: { by: event.by, at: event.at } };
      return openGate(run) === null ? paused : { ...usedUp(paused, `paused by ${event.by}`, event.at), seen: null };
    }
    case 'resumed':
      return { ...run, paused: null, seen: null, seenServers: [], checkingSince: event.at };
    case 'aborted': {
      const aborting = { by: event.by, at: event.at, how: event.how };
      // A yes to end a drain was for going on; after an abort it is asked for again.
      const freed = letGo(run, run.held?.reason);
      const work = freed.work === null ? null : { ...freed.work, immediate: 'no' as const };
      const forgotten = { ...freed, work, aborting, held: null, paused: null, seen: null, seenServers: [] };
      return openGate(run) === null
        ? forgotten
        : closeGate(forgotten, { kind: 'void', because: [`aborted by ${event.by}`] }, event.at);
    }
    case 'frozen':
      return { ...run, frozen: { by: event.by, at: event.since, because: event.because } };
    case 'thawed':
      return thaw(run, event.at);
  }
}

const tickIn = ({ check, server, by, at, seen }: RunEvent & { readonly kind: 'ticked' }): Tick => ({
  check,
  server,
  by,
  at,
  ...(seen === undefined ? {} : { seen }),
});

/**
 * A server that stayed up through its FailOver, or starts again after it, and one whose FailOver was refused, are asked for
 * anew. What ran for up to an hour has disturbed the pool all the same.
 */
function withoutAttempt(run: Run, reason: HoldReason, at: Instant): Run {
  const { work } = run;
  const refused = reason.kind === 'step-refused' && reason.step.action === 'fail-over';
  const failed = cameBackFromFailOver(reason);
  if (work?.started == null || !(refused || failed)) return run;
  const { server } = work.started.step;
  const disturbed = failed ? { lastBackAt: at, unsettled: true } : {};
  const downByUs = run.downByUs.filter((each) => each !== server);
  return { ...run, ...disturbed, downByUs, work: { ...work, started: null } };
}

/** Everything is looked at anew. */
const thaw = (run: Run, at: Instant): Run =>
  withoutLateYes({ ...run, frozen: null, seen: null, seenServers: [], checkingSince: at }, 'frozen', at);

/** A yes that was not acted on before its request would have expired is not acted on any more. */
export function withoutLateYes(run: Run, was: 'frozen' | 'held', at: Instant): Run {
  const last = run.gates.at(-1);
  const late = openGate(run) === null && last !== undefined && at >= last.gate.expiresAt;
  return late ? usedUp(run, `${was} for longer than the request was open`, at) : run;
}

/** With servers of the domain down the others are asked for by themselves; a whole one comes in its turn, once what came back has settled. */
function lapsed(run: Run, because: string, at: Instant): Run {
  const { work, gates } = usedUp(run, because, at);
  const unapproved = { ...run, gates, work: work === null ? null : { ...work, approved: false } };
  const whole = work === null || isWhole(run, work);
  const settles = whole && run.settling === null && run.unsettled && run.downByUs.length === 0;
  const settling = settles ? settlingFrom(null, at) : run.settling;
  return { ...unapproved, settling, seen: null, seenServers: [], checkingSince: at };
}

/** A hold before the first stop uses the approval up; with servers of the domain down the yes for the rest stands. */
function usedUp(run: Run, because: string, at: Instant): Run {
  const { work } = run;
  const untouched = work !== null && work.started === null && isWhole(run, work);
  if (openGate(run) === null && !untouched) return run;
  const given = openGate(run) !== null || work?.approved === true;
  const closed = given ? closeGate(run, { kind: 'void', because: [because] }, at) : run;
  if (!untouched) return closed;
  // A hook before has taken a server out of something: that is not forgotten with the yes.
  return { ...closed, work: work.servers.some(isOut) ? { ...work, approved: false } : null };
}

/** Goes on where the run was held, with every look to be taken anew and every bound counted anew. */
function retry(run: Run, { at, immediate }: RunEvent & { readonly kind: 'retried' }): Run {
  const reason = run.held?.reason;
  const actFailed = reason !== undefined && ACT_FAILED.includes(reason.kind);
  const unrefused = reason === undefined ? run : withoutRefused(withTried(run, reason), reason);
  const freed = run.aborting === null ? unrefused : letGo(unrefused, reason);
  const work = freed.work === null ? null : retriedWork(freed.work, actFailed, immediate, at);
  const retried = { ...freed, work };
  const after = withoutLateYes(retried, 'held', at);
  const { work: left } = after;
  // What came back after a stop that used its yes up is quiet for twenty minutes before anything is asked for again.
  const unbegun = left === null || (!left.approved && left.started === null && isWhole(after, left));
  const owed = run.unsettled && unbegun && run.plan !== null && after.downByUs.length === 0;
  const settling = run.settling === null ? (owed ? settlingFrom(null, at) : null) : { ...run.settling, began: at };
  const plan = reason?.kind === 'topology-changed' ? null : run.plan;
  return { ...after, held: null, plan, settling, checkingSince: at, seen: null, seenServers: [] };
}

/** Holds after which the act itself is done again, instead of looked for. */
const ACT_FAILED: readonly HoldReason['kind'][] = ['patch-failed', 'step-refused', 'failover-failed', 'hook-failed'];

/** However far a hook before came that failed, the hook after puts it back. */
function withTried(run: Run, reason: HoldReason): Run {
  const { work, settings } = run;
  if (work === null || reason.kind !== 'hook-failed' || reason.hook !== 'before') return run;
  const owesAfter = settings.hooks?.after === true;
  return { ...run, work: { ...work, servers: mark(work.servers, reason.server, (each) => ({ ...each, owesAfter })) } };
}

/** A server that refused to stop at all is as it was. One that was to end its drain at once drains on. */
function withoutRefused(run: Run, reason: HoldReason): Run {
  const { work } = run;
  const refused = reason.kind === 'step-refused' && reason.step.action === 'stop' ? reason.step.server : null;
  if (work === null || refused === null || run.gates.at(-1)?.gate.kind === 'immediate-stop') return run;
  const spent = { ...work, spent: 'the stop was refused' };
  return { ...run, downByUs: withoutServer(run.downByUs, refused), work: spent };
}

function retriedWork(work: DomainWork, actFailed: boolean, immediate: boolean, at: Instant): DomainWork {
  const started = work.started === null || actFailed ? null : { ...work.started, at };
  const servers = work.servers.map((each) => (each.stage === 'booting' ? { ...each, since: at, startTried: false } : each));
  return {
    ...work,
    started,
    servers,
    timesNotDone: 0,
    immediate: immediate && started?.step.action === 'stop' ? 'wanted' : 'no',
  };
}
