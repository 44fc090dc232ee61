import type { Hook } from './inventory.ts';
import type { ServerFqdn } from './pool.ts';
import type { FailoverDirection, ServerAnswer, ServerSighting, ServiceStatus } from './sighting.ts';
import { hours, type Instant, minutes, seconds } from './time.ts';

/** `graceful`: connections end by themselves. `immediate`: a declared downtime, or an approved end to a drain. */
export type StopMode = 'graceful' | 'immediate';

/** One change to one server, as told to it. */
export type Step =
  | { readonly action: 'stop'; readonly server: ServerFqdn; readonly stopMode: StopMode }
  | { readonly action: 'patch'; readonly server: ServerFqdn; readonly levelBefore: string | null }
  /** Carries the boot that was seen: another boot is not restarted. */
  | { readonly action: 'restart'; readonly server: ServerFqdn; readonly bootTimeSeen: Instant }
  | { readonly action: 'start'; readonly server: ServerFqdn }
  | { readonly action: FailoverDirection; readonly server: ServerFqdn }
  /** The pool's own command before the server goes down, or after it is back. */
  | { readonly action: 'hook'; readonly server: ServerFqdn; readonly hook: Hook };

/** A step that may or may not have reached its server. Written before the act; only a look at the server ends it. */
export interface StartedStep {
  readonly step: Step;
  readonly at: Instant;
  /** Whether the server's answer to the act came and was recorded; false after a crash in between, or no word. */
  readonly accepted: boolean;
}

/** Where a started step stands: `ask` is for a person, `not-done` may be done once more. */
export type Conclusion =
  | { readonly kind: 'done' | 'still-going' | 'not-done' }
  | { readonly kind: 'drain-overdue' }
  | { readonly kind: 'patch-failed'; readonly exitCode: number }
  | { readonly kind: 'hook-failed'; readonly because: string }
  | { readonly kind: 'failover-failed'; readonly because: string; readonly services: ServiceStatus; readonly disabled: boolean }
  | { readonly kind: 'ask'; readonly because: string };

/**
 * How long a begun step may leave no trace at its server. A call to PowerShell is over within two minutes, and a server
 * that shows nothing of it by then never heard of it.
 */
export const TRACE_BOUND = minutes(5);
/** Our own bounds: the documents give none. A graceful stop waits for the calls that are still up. */
export const DRAIN_BOUND = minutes(60);
/** `-WaitTime` of FailOver and FailBack: the cmdlets' own default, one hour. On its end they fail. */
export const FAILOVER_WAIT = minutes(60);
/** `-DrainingTimeout` of FailOver: conferences that are still up then are ended. The documented example's half hour. */
export const DRAINING_TIMEOUT = minutes(30);
/** Either cmdlet ends itself after its `-WaitTime`; this much later it will not any more. */
const FAILOVER_BOUND = FAILOVER_WAIT + minutes(30);
const IMMEDIATE_STOP_BOUND = minutes(10);
const PATCH_BOUND = hours(2);
/** How long a server may have been told to start a hook before we wrote down that we would: its clock counts whole seconds. */
const TOLD_WITHIN = seconds(30);
/** A load balancer or a monitoring system answers in minutes; a snapshot may take longer. */
const HOOK_BOUND = minutes(30);
/** A server that installs Windows updates on its way up may take half an hour to answer. */
const RESTART_BOUND = minutes(30);
/** Windows corrects its boot time when it corrects its clock; no server restarts twice in a minute. */
const SAME_BOOT_WITHIN = minutes(1);

/** Whether two boot times are of the same boot, in spite of a corrected clock. */
export const sameBoot = (left: Instant, right: Instant): boolean => Math.abs(left - right) < SAME_BOOT_WITHIN;

const timeBound = (step: Step): number => {
  switch (step.action) {
    case 'stop':
      return step.stopMode === 'graceful' ? DRAIN_BOUND : IMMEDIATE_STOP_BOUND;
    case 'patch':
      return PATCH_BOUND;
    case 'restart':
    case 'start':
      return RESTART_BOUND;
    case 'fail-over':
    case 'fail-back':
      return FAILOVER_BOUND;
    case 'hook':
      return HOOK_BOUND;
  }
};

/** What a look says about a started step: the same question after a crash of ours as in any other minute. */
export function conclude(started: StartedStep, look: ServerSighting): Conclusion {
  const { step, at } = started;
  const since = look.at - at;
  const overdue = since >= timeBound(step);
  const { answer } = look;
  if (answer === null) return overdue ? ask('the server does not answer') : { kind: 'still-going' };
  switch (step.action) {
    case 'stop':
      return concludeStop(step.stopMode, answer, since, overdue);
    case 'patch':
      return concludePatch(started, step.levelBefore, look, overdue);
    case 'restart':
      if (!sameBoot(answer.bootTime, step.bootTimeSeen)) return { kind: 'done' };
      return since >= TRACE_BOUND ? { kind: 'not-done' } : { kind: 'still-going' };
    case 'start':
      if (answer.services !== 'Stopped') return { kind: 'done' };
      return since >= TRACE_BOUND ? { kind: 'not-done' } : { kind: 'still-going' };
    case 'fail-over':
    case 'fail-back':
      return concludeFailover(step.action, answer, look, since, overdue);
    case 'hook':
      return concludeHook(started, look, since, overdue);
  }
}

/**
 * Neither cmdlet prints anything, so its end and the services have to agree. "-WaitTime: if it expires the cmdlet fails and
 * no action is taken" (FailOver); "services will not be started or enabled" (FailBack).
 */
function concludeFailover(
  direction: FailoverDirection,
  { services, disabled }: ServerAnswer,
  { failoverRun }: ServerSighting,
  since: number,
  overdue: boolean,
): Conclusion {
  if (failoverRun === null) return overdue ? ask('nobody can tell what became of the cmdlet') : { kind: 'still-going' };
  const there = direction === 'fail-over' ? services === 'Stopped' && disabled : services !== 'Stopped' && !disabled;
  const untouched = direction === 'fail-over' ? services === 'Running' && !disabled : services === 'Stopped' && disabled;
  const ours = failoverRun.kind !== 'none' && failoverRun.direction === direction;
  if (ours && failoverRun.kind === 'running') return overdue ? ask('the cmdlet still runs') : { kind: 'still-going' };
  if (ours && failoverRun.kind === 'ended' && failoverRun.failed !== null)
    return { kind: 'failover-failed', because: failoverRun.failed, services, disabled };
  if (there) return { kind: 'done' };
  if (since < TRACE_BOUND) return { kind: 'still-going' };
  return untouched ? { kind: 'not-done' } : ask(`its services are ${services}${disabled ? ' and disabled' : ''}`);
}

function concludeStop(stopMode: StopMode, { services }: ServerAnswer, since: number, overdue: boolean): Conclusion {
  if (services === 'Stopped') return { kind: 'done' };
  if (services === 'Running') return since >= TRACE_BOUND ? { kind: 'not-done' } : { kind: 'still-going' };
  if (!overdue) return { kind: 'still-going' };
  return services === 'StopPending' && stopMode === 'graceful' ? { kind: 'drain-overdue' } : ask(`its services are ${services}`);
}

/** A hook has no other trace than its end, and an end may be that of an earlier upgrade: it has to have begun when we told it to. */
function concludeHook({ accepted }: StartedStep, { hookRun }: ServerSighting, since: number, overdue: boolean): Conclusion {
  switch (hookRun?.kind) {
    case undefined:
      return overdue ? ask('nobody can tell what became of the hook') : { kind: 'still-going' };
    case 'running':
      return overdue ? ask('the hook still runs') : { kind: 'still-going' };
    case 'ended':
    case 'failed':
      if (!accepted && hookRun.age > since + TOLD_WITHIN)
        return since < TRACE_BOUND ? { kind: 'still-going' } : { kind: 'not-done' };
      if (hookRun.kind === 'failed') return { kind: 'hook-failed', because: hookRun.because };
      return hookRun.exitCode === 0 ? { kind: 'done' } : { kind: 'hook-failed', because: `ended with ${hookRun.exitCode}` };
    case 'none':
      if (since < TRACE_BOUND) return { kind: 'still-going' };
      return accepted ? ask('no trace of the hook') : { kind: 'not-done' };
  }
}

/**
 * No document says what an installer's exit codes mean, so where the product can tell its patch level that decides.
 * 3010 is Windows Installer's "done, restart needed".
 */
function concludePatch(
  { accepted, at }: StartedStep,
  levelBefore: string | null,
  look: ServerSighting,
  overdue: boolean,
): Conclusion {
  const { patchRun, patchLevel } = look;
  const raised = patchLevel !== null && levelBefore !== null && patchLevel !== levelBefore;
  switch (patchRun?.kind) {
    case undefined:
      return overdue ? ask('nobody can tell what became of the patch command') : { kind: 'still-going' };
    case 'running':
      return overdue ? ask('the patch command still runs') : { kind: 'still-going' };
    case 'ended':
      if (patchRun.exitCode !== 0 && patchRun.exitCode !== 3010) return { kind: 'patch-failed', exitCode: patchRun.exitCode };
      if (raised) return { kind: 'done' };
      if (patchLevel !== null)
        return ask(`the patch command ended with ${patchRun.exitCode}, and the version is still ${patchLevel}`);
      // Lync Server 2013 cannot tell its patch level: the end of a command that we did not see accepted proves nothing.
      return accepted
        ? { kind: 'done' }
        : ask(`the patch command ended with ${patchRun.exitCode}, and this product cannot tell its patch level`);
    case 'none':
      if (raised) return { kind: 'done' };
      if (look.at - at < TRACE_BOUND) return { kind: 'still-going' };
      if (patchLevel === null) return ask('no trace of the patch command, and this product cannot tell its patch level');
      return levelBefore === null
        ? ask('no trace of the patch command, and the version before was not read')
        : { kind: 'not-done' };
  }
}

const ask = (because: string): Conclusion => ({ kind: 'ask', because });
