import { type Instant, minutes, seconds } from '../../domain/time.ts';

/** What a platform takes in one place: a message each so many milliseconds, and so many at once after a pause. */
export interface Rate {
  readonly every: number;
  readonly burst: number;
}

/** How often one place may be written to: a bucket that fills at the platform's rate, and pauses when told to. */
export class Budget {
  /** When the bucket is full again, were nothing sent any more. */
  #fullAt: Instant = 0;
  #heldUntil: Instant = 0;
  readonly #rate: Rate;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** When the next call may go out. */
  readyAt(): Instant {
    return Math.max(this.#heldUntil, this.#fullAt - (this.#rate.burst - 1) * this.#rate.every);
  }

  /** No call goes out before then. */
  holdUntil(at: Instant): void {
    this.#heldUntil = Math.max(this.#heldUntil, at);
  }

  spend(now: Instant): void {
    this.#fullAt = Math.max(this.#fullAt, now) + this.#rate.every;
  }
}

const LONGEST = minutes(1);

/**
 * Milliseconds until the next try after so many failures in a row: 1 s to 60 s, doubling. Spread out, so that what an
 * outage stopped at once does not come back at once.
 *
 * @param random a number from 0 up to 1
 */
export function backOff(failures: number, random: number): number {
  const whole = Math.min(LONGEST, seconds(2 ** Math.min(failures, 6)));
  return Math.max(seconds(1), Math.round(whole * (0.5 + random / 2)));
}
