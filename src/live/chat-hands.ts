import type { Logger } from 'pino';
import type { Outage } from '../adapters/chat/delivery-world.ts';
import type { Store } from '../ports.ts';

/** What every chat platform is given. */
export interface ChatHands {
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  readonly log: Logger;
  readonly outage: Outage;
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, Math.max(0, milliseconds)).unref());

/** Time and chance as they are outside, and the end of the program for a bug: the record is whole, and the next one goes on. */
export const outside = {
  now: () => Date.now(),
  wait,
  patience: wait,
  random: Math.random,
  crash: (bug: unknown): void =>
    void setImmediate(() => {
      throw bug;
    }),
};
