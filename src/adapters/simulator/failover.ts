import type { FailoverDirection } from '../../domain/sighting.ts';
import type { Instant } from '../../domain/time.ts';

/** `-WaitTime` and `-DrainingTimeout`, in ms; without the latter the last conference is waited for. */
export interface FailoverBounds {
  readonly wait: number;
  readonly draining: number | null;
}

/** The cmdlet behind each direction. */
export const FAILOVER_CMDLETS = { 'fail-over': 'Invoke-CsComputerFailOver', 'fail-back': 'Invoke-CsComputerFailBack' } as const;

/** A FailOver or FailBack that is under way on a simulated server. */
export interface Failover {
  readonly direction: FailoverDirection;
  readonly bounds: FailoverBounds;
  readonly began: Instant;
  /** What it takes back if it fails. */
  readonly drains: boolean;
  readonly wasDisabled: boolean;
  /** Told to run out of time, whatever the server does. */
  readonly doomed: boolean;
}

/**
 * When a FailOver has drained its server: when the last conference ends, and at `-DrainingTimeout` at the latest. A drain
 * beyond `-WaitTime` never comes to its end, for "the cmdlet fails and no action is taken".
 */
export function drainedAt({ began, bounds, doomed }: Failover, lastConferenceEnds: Instant | null): Instant | null {
  if (doomed) return null;
  const forced = bounds.draining === null ? null : began + bounds.draining;
  const drained = Math.min(lastConferenceEnds ?? Number.POSITIVE_INFINITY, forced ?? Number.POSITIVE_INFINITY);
  return drained <= began + bounds.wait ? drained : null;
}

/** When it fails, unless it has come to its end before. */
export const outOfTimeAt = ({ began, bounds }: Failover): Instant => began + bounds.wait;

/** The simulated words of one that ran out of time. */
export const outOfTime = ({ direction, bounds }: Failover): string =>
  direction === 'fail-over'
    ? `${FAILOVER_CMDLETS[direction]} was not done within ${timeSpan(bounds.wait)}, and no action was taken`
    : `${FAILOVER_CMDLETS[direction]} was not done within ${timeSpan(bounds.wait)}, and services were not started or enabled`;

/** What is left to say of one whose server restarted under it: its process is gone, and its state file has no end. */
export const interrupted = (direction: FailoverDirection): string =>
  `the process of ${FAILOVER_CMDLETS[direction]} is gone without a word`;

/** What a FailOver or FailBack of a simulated server is called with, as `--events` shows it. */
export const failoverArguments = ({ wait, draining }: FailoverBounds): readonly string[] => [
  '-WaitTime',
  timeSpan(wait),
  ...(draining === null ? [] : ['-DrainingTimeout', timeSpan(draining)]),
];

/** `01:00:00`, as PowerShell writes a time span of less than a day. */
function timeSpan(duration: number): string {
  const seconds = Math.round(duration / 1_000);
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
