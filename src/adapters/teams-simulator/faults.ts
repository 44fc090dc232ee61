import type { CallKind, Fault, ReceivedCall } from './model.ts';

/** A call before it is answered. */
export type Asked = Omit<ReceivedCall, 'error'>;

interface Armed {
  readonly kinds: readonly CallKind[];
  readonly fault: Fault;
  readonly where: (call: Asked) => boolean;
}

/** What is to go wrong: each is met once, by the next call that it is meant for. */
export class Faults {
  readonly #armed: Armed[] = [];

  /** The next `times` calls of these kinds, of those that `where` picks, meet this. */
  next(kinds: CallKind | readonly CallKind[], fault: Fault, times = 1, where: (call: Asked) => boolean = () => true): void {
    const armed = { kinds: typeof kinds === 'string' ? [kinds] : kinds, fault, where };
    for (let time = 0; time < times; time += 1) this.#armed.push(armed);
  }

  /** What this call meets, which is then over; null: nothing. */
  met(call: Asked): Fault | null {
    const at = this.#armed.findIndex(({ kinds, where }) => kinds.includes(call.kind) && where(call));
    const [met] = at < 0 ? [] : this.#armed.splice(at, 1);
    return met?.fault ?? null;
  }
}
