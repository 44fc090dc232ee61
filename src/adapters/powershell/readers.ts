import { Shell, type ShellAnswer, type ShellStart } from './shell.ts';

/** How many processes are kept for reading. Every one costs some 100 MB on its machine. */
export interface ReaderLimits {
  /** At the same time on one machine. Two or more let a look go on while readiness blocks. */
  readonly perMachine: number;
  /** At the same time in all. */
  readonly alive: number;
  /** Calls after which a process is replaced: whatever its cmdlets leak is gone with it. */
  readonly calls: number;
}

interface Reader {
  readonly machine: string;
  readonly shell: Shell;
  calls: number;
  busy: boolean;
}

/**
 * Warm PowerShell processes for reading. Each takes one call at a time and is replaced after any fault or enough calls.
 * A call that finds none free waits for its turn.
 */
export class Readers {
  readonly #limits: ReaderLimits;
  #readers: Reader[] = [];
  #waiting: (() => void)[] = [];
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  /** Asks the machine, which is whatever name `start` is for; the time-out, in ms, counts from when it is its turn. */
  async ask(machine: string, start: ShellStart, line: string, timeOut: number): Promise<ShellAnswer> {
    const reader = await this.#acquire(machine, start);
    if (reader === null) return { kind: 'lost', because: 'the bot is closing', timedOut: false, raw: '' };
    try {
      return await reader.shell.ask(line, timeOut);
    } finally {
      reader.calls += 1;
      reader.busy = false;
      if (reader.calls >= this.#limits.calls) this.#remove(reader);
      // One of those that wait is for this machine, or needs its place; the others go on waiting.
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Ends every reader, also one in the middle of a call, and returns when all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const reader of this.#readers) this.#remove(reader);
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all(this.#ending);
  }

  async #acquire(machine: string, start: ShellStart): Promise<Reader | null> {
    while (!this.#closed) {
      this.#readers = this.#readers.filter(({ shell, busy }) => busy || !shell.dead);
      const reader = this.#idle(machine) ?? this.#another(machine, start);
      if (reader !== null) {
        reader.busy = true;
        // Last used last: the first idle one is the one that was not needed for longest.
        this.#readers = [...this.#readers.filter((each) => each !== reader), reader];
        return reader;
      }
      const turn = Promise.withResolvers<void>();
      this.#waiting.push(turn.resolve);
      await turn.promise;
    }
    return null;
  }

  #idle(machine: string): Reader | null {
    return this.#readers.find((each) => each.machine === machine && !each.busy) ?? null;
  }

  #another(machine: string, start: ShellStart): Reader | null {
    if (this.#readers.filter((each) => each.machine === machine).length >= this.#limits.perMachine) return null;
    if (this.#readers.length >= this.#limits.alive) {
      const unused = this.#readers.find(({ busy }) => !busy);
      if (unused === undefined) return null;
      this.#remove(unused);
    }
    const reader: Reader = { machine, shell: new Shell(start), calls: 0, busy: false };
    this.#readers.push(reader);
    return reader;
  }

  #remove(reader: Reader): void {
    this.#readers = this.#readers.filter((each) => each !== reader);
    const ending = reader.shell.end().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
