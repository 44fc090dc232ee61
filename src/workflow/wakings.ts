import type { Instant } from '../domain/time.ts';

/**
 * Who is to be woken when, by number: runs, or operations. Each is walked by one walk at a time; what a walk comes back with is
 * when it wants to be woken again, and null for one that waits for a person alone.
 */
export class Wakings {
  readonly #walk: (number: number) => Promise<Instant | null>;
  readonly #due = new Map<number, Instant>();
  readonly #walking = new Map<number, Promise<void>>();
  readonly #again = new Set<number>();

  constructor(walk: (number: number) => Promise<Instant | null>) {
    this.#walk = walk;
  }

  /** Wakes it at that time, whenever it was to be woken before. */
  at(number: number, due: Instant): void {
    this.#due.set(number, due);
  }

  /** When one is next due; null when each waits for a person. */
  nextDue(): Instant | null {
    return this.#due.size === 0 ? null : Math.min(...this.#due.values());
  }

  /** Wakes all that are due, the oldest first, one after the other. */
  async runDue(now: Instant): Promise<void> {
    for (const [number, due] of [...this.#due].toSorted(([left], [right]) => left - right))
      if (due <= now) await this.wake(number);
  }

  /** Walks it as far as it goes now. One that is being walked is walked once more after that, and both are waited for. */
  async wake(number: number): Promise<void> {
    const walking = this.#walking.get(number);
    if (walking !== undefined) {
      this.#again.add(number);
      return walking;
    }
    const walk = this.#walkOut(number).finally(() => this.#walking.delete(number));
    this.#walking.set(number, walk);
    return walk;
  }

  async #walkOut(number: number): Promise<void> {
    do {
      this.#again.delete(number);
      this.#due.delete(number);
      const due = await this.#walk(number);
      if (due !== null) this.#due.set(number, due);
    } while (this.#again.has(number));
  }
}
