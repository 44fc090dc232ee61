import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** How long anything may take before it is given up: far longer than it ever does. */
export const WITHIN = 60_000;

/** A program that runs beside the tests, and everything it has said so far. */
export class Running {
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  output = '';

  /** `cwd` is the folder it is started in, where that matters to it. */
  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = process.cwd()) {
    this.#child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        for (const listener of this.#listeners) listener();
      });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Comes back once it has said this. */
  async said(words: RegExp): Promise<void> {
    if (words.test(this.output)) return;
    await new Promise<void>((resolve, reject) => {
      const bound = setTimeout(
        () => reject(new Error(`it did not say ${words}; it said:\n${this.output.slice(-2_000)}`)),
        WITHIN,
      );
      const listener = (): void => {
        if (!words.test(this.output)) return;
        clearTimeout(bound);
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
      this.#child.once('exit', (code) => reject(new Error(`it ended with ${code}; it said:\n${this.output.slice(-2_000)}`)));
    });
  }
  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }
  /** Ends it, and comes back when it has ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill(signal);
    await ended;
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
