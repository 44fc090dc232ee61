import type { WithoutAt } from './moves.ts';
import type { PersonId } from './pool.ts';
import { type Run, type RunEvent, unreachable } from './run.ts';
import type { Instant } from './time.ts';

/** The one switch that stops every new effect on every pool: who turned it, when, and why in their own words. */
export interface Freeze {
  readonly by: PersonId;
  readonly at: Instant;
  readonly because: string;
}

/** Who ended a freeze, and when. */
export interface Thaw {
  readonly by: PersonId;
  readonly at: Instant;
}

/**
 * What a run was not told of the switch; null when it knows how it stands. The switch is turned once for all runs and
 * each run learns it in its own journal, so a bot that died in between makes up for it here.
 */
export function untoldTo(run: Run, freeze: Freeze | null, lastThaw: Thaw | null): WithoutAt<RunEvent> | null {
  if (run.ended !== null) return null;
  if (freeze !== null)
    return run.frozen !== null && isSame(run.frozen, freeze)
      ? null
      : { kind: 'frozen', by: freeze.by, because: freeze.because, since: freeze.at };
  if (run.frozen === null) return null;
  return { kind: 'thawed', by: lastThaw?.by ?? unreachable('a run is frozen, and the switch was never turned') };
}

const isSame = (left: Freeze, right: Freeze): boolean =>
  left.by === right.by && left.at === right.at && left.because === right.because;
