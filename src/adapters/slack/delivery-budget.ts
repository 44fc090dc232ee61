import { type Instant, minutes, seconds } from '../../domain/time.ts';

/** Slack takes about one message per second and channel, and tolerates short bursts ("Rate limits", chat.postMessage). */
const ONE_MESSAGE = seconds(1);
const BURST = 3;

/** How often one channel may be written to: a bucket of three that fills by one a second, and pauses when told to. */
export class Budget {
  /** When the bucket is full again, were nothing sent any more. */
  #fullAt: Instant = 0;
  #heldUntil: Instant = 0;

  /** When the next call may go out. */
  readyAt(): Instant {
    return Math.max(this.#heldUntil, this.#fullAt - (BURST - 1) * ONE_MESSAGE);
  }

  /** No call goes out before then. */
  holdUntil(at: Instant): void {
    this.#heldUntil = Math.max(this.#heldUntil, at);
  }

  spend(now: Instant): void {
    this.#fullAt = Math.max(this.#fullAt, now) + ONE_MESSAGE;
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
