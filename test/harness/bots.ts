import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BotLine, BotSettings, HeardLine } from './wire.ts';

const PROGRAM = fileURLToPath(new URL('bot.ts', import.meta.url));
/** How long a bot that ended by itself is left alone, as whatever starts it again would, in ms. */
const AGAIN_AFTER = 200;

/** How a bot ended. */
export interface Death {
  readonly bot: string;
  /** Whether we ended it. */
  readonly killed: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  /** What it said on its way out. */
  readonly words: string;
}

/** One bot process. */
export class Bot {
  readonly name: string;
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  /** How many were ready before it; null while it is not. */
  turn: number | null = null;
  frozen = false;
  killed = false;
  readonly #waits = new Map<string, (taken: boolean) => void>();

  constructor(settings: BotSettings, said: (line: BotLine) => void, died: (death: Death) => void) {
    this.name = settings.name;
    const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'lifeguard-harness-compiled') };
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'pipe'], env });
    this.process = child;
    // It may be gone before it has read what it is told.
    child.stdin.on('error', () => {});
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (text) => {
      const line = JSON.parse(text) as BotLine;
      if (line.kind === 'heard') this.#waits.get(line.deliveryId)?.(line.taken);
      said(line);
    });
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    this.ended = Promise.all([exit, once(lines, 'close'), once(child.stderr, 'close')]).then(([[code, signal]]) =>
      died({ bot: this.name, killed: this.killed, code, signal, words }),
    );
  }

  /** Whether it took it; null when it ended before it said so. */
  async hear(heard: HeardLine): Promise<boolean | null> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waits.set(heard.deliveryId, resolve);
    this.process.stdin?.write(`${JSON.stringify(heard)}\n`);
    return Promise.race([promise, this.ended.then(() => null)]);
  }
}

/** So many bots, started again whenever one ends. */
export class Bots {
  readonly deaths: Death[] = [];
  /** In ms: from the end of the one that led to the word of the next that it is ready. */
  readonly takeovers: number[] = [];
  kills = 0;
  /** How many are kept running. */
  count = 0;
  readonly #settings: Omit<BotSettings, 'name'>;
  readonly #alive = new Map<string, Bot>();
  #started = 0;
  #turns = 0;
  #closing = false;
  #leaderGoneAt: number | null = null;
  readonly #standby = Promise.withResolvers<void>();
  #stirred = Promise.withResolvers<void>();

  constructor(settings: Omit<BotSettings, 'name'>) {
    this.#settings = settings;
  }

  /** Keeps one more running. */
  keepOne(): void {
    this.count += 1;
    this.#start();
  }
  #start(): void {
    this.#started += 1;
    const bot: Bot = new Bot(
      { ...this.#settings, name: `bot-${this.#started}` },
      (line) => this.#said(bot, line),
      (death) => void this.#died(death),
    );
    this.#alive.set(bot.name, bot);
  }

  /** The bot that works: the one that was ready last, unless it is frozen. Null: none does now. */
  get leader(): string | null {
    return this.#leader()?.name ?? null;
  }

  /** The one that was started last. */
  get newest(): string {
    return `bot-${this.#started}`;
  }

  /** `kill -9`, now. */
  kill(name: string | null): void {
    const bot = this.#alive.get(name ?? '');
    if (bot === undefined || bot.killed) return;
    if (bot === this.#leader()) this.#leaderGoneAt = performance.now();
    bot.killed = true;
    this.kills += 1;
    bot.process.kill('SIGKILL');
  }

  /** Stops it in whatever it does, and lets it go on after so many ms. Comes back then. */
  async freeze(name: string, milliseconds: number): Promise<void> {
    const bot = this.#alive.get(name);
    if (bot === undefined) return;
    if (bot === this.#leader()) this.#leaderGoneAt = performance.now();
    bot.frozen = true;
    bot.process.kill('SIGSTOP');
    await pause(milliseconds);
    bot.frozen = false;
    bot.process.kill('SIGCONT');
    this.#stir();
  }

  processOf(name: string): number {
    return this.#alive.get(name)?.process.pid ?? unknown(name);
  }

  /** Comes back when one has said that it waits for another one's end. */
  standingBy(): Promise<void> {
    return this.#standby.promise;
  }

  /** Comes back when that one has ended. */
  async endOf(name: string): Promise<void> {
    await this.#alive.get(name)?.ended;
  }

  /** Says it to the one that works, and again with the same number until somebody has heard it. */
  async deliver(heard: HeardLine): Promise<{ readonly taken: boolean; readonly times: number }> {
    for (let times = 1; ; times += 1) {
      const taken = await (await this.working()).hear(heard);
      if (taken !== null) return { taken, times };
    }
  }

  /** Comes back with the one that works as soon as one does. */
  async working(): Promise<Bot> {
    for (;;) {
      const bot = this.#leader();
      if (bot !== null) return bot;
      await this.#stirred.promise;
    }
  }

  /** Ends them all. */
  async close(): Promise<void> {
    this.#closing = true;
    const ends = [...this.#alive.values()].map((bot) => {
      bot.killed = true;
      bot.process.kill('SIGKILL');
      return bot.ended;
    });
    await Promise.all(ends);
  }

  #leader(): Bot | null {
    const able = [...this.#alive.values()].filter(({ turn, frozen, killed }) => turn !== null && !frozen && !killed);
    return able.toSorted((left, right) => (left.turn ?? 0) - (right.turn ?? 0)).at(-1) ?? null;
  }
  #said(bot: Bot, line: BotLine): void {
    if (line.kind === 'waiting') this.#standby.resolve();
    if (line.kind !== 'ready') return;
    bot.turn = this.#turns;
    this.#turns += 1;
    if (this.#leaderGoneAt !== null) this.takeovers.push(performance.now() - this.#leaderGoneAt);
    this.#leaderGoneAt = null;
    this.#stir();
  }
  async #died(death: Death): Promise<void> {
    this.deaths.push(death);
    this.#alive.delete(death.bot);
    if (!death.killed) await pause(AGAIN_AFTER);
    if (!this.#closing) this.#start();
  }
  #stir(): void {
    this.#stirred.resolve();
    this.#stirred = Promise.withResolvers();
  }
}

function unknown(name: string): never {
  throw new Error(`${name} does not run`);
}
