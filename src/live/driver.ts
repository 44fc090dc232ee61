import type { Lifeguard } from '../bot.ts';
import { seconds } from '../domain/time.ts';
import type { Answered, Listener } from '../ports.ts';

/** The record says at least this often that somebody was there, so that an outage is told to the half minute. */
const ALIVE_EVERY = seconds(30);

/** Wakes the bot when something is due. A bug in it ends the process: the record is whole, and the next one goes on. */
export class Driver {
  readonly #bot: Lifeguard;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(bot: Lifeguard) {
    this.#bot = bot;
  }

  again(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const wait = Math.max(0, Math.min((this.#bot.nextDue() ?? Number.POSITIVE_INFINITY) - Date.now(), ALIVE_EVERY));
    this.#timer = setTimeout(() => this.watch(this.#bot.runDue().finally(() => this.again())), wait);
  }
  /** The bot as a chat reaches it: whatever somebody says may make something due earlier. */
  driving(listener: Listener): Listener {
    const driven = (answered: Answered): Answered => ({
      ...answered,
      follow: () => answered.follow().finally(() => this.again()),
    });
    return {
      ...listener,
      hear: async (heard) => driven(await listener.hear(heard)),
      press: async (pressed) => {
        const answer = await listener.press(pressed);
        return answer.kind === 'asking' ? answer : driven(answer);
      },
    };
  }
  watch(work: Promise<void>): void {
    work.catch((bug: unknown) => {
      throw bug;
    });
  }
  stop(): void {
    this.#stopped = true;
    this.#bot.stop();
    this.again();
  }
}
