import type { Given } from './method.ts';
import type { Fault } from './model.ts';

interface Armed {
  readonly method: string;
  readonly fault: Fault;
  readonly where: (given: Given) => boolean;
}

/** What is to go wrong: each is met once, by the next call that it is meant for. */
export class Faults {
  readonly #armed: Armed[] = [];

  arm(armed: Armed, times: number): void {
    for (let time = 0; time < times; time += 1) this.#armed.push(armed);
  }

  /** What this call meets, which is then over; null: nothing. */
  met(method: string, given: Given): Fault | null {
    const at = this.#armed.findIndex((each) => each.method === method && each.where(given));
    const [met] = at < 0 ? [] : this.#armed.splice(at, 1);
    return met?.fault ?? null;
  }
}
