import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../src/bot.ts';
import type { Instant } from '../../src/domain/time.ts';
import { plain } from '../../src/messages/spans.ts';
import type { PoolReader, Store } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';
import { shownAtOnce } from '../../src/workflow/at-once.ts';

class Killed extends Error {}

/** Where a bot dies: at the how-manieth write of what its watch knows, and how long it is away then. */
export interface WatchKill {
  readonly write: number;
  readonly when: 'before' | 'after';
  readonly away: number;
}

/** Nights of watched pools without runs: lines of a session that make weather and move the clock, and a bot that may die. */
export class WatchedNight {
  readonly world = new World([], { effect: () => {}, state: () => {} });
  /** Titles of new posts, in their order, but for those that tell of an outage. */
  readonly posts: string[] = [];
  /** When each look at which pool began. */
  readonly looks: { readonly pool: string; readonly at: Instant }[] = [];
  /** How many pools were being looked at, at most. */
  mostAtOnce = 0;
  writes = 0;
  /** The same of looks at certificates and patch levels. */
  readonly examined: string[] = [];
  mostExaminedAtOnce = 0;
  #examining = 0;
  readonly #looking = new Set<string>();
  #kill: WatchKill | null;
  #store: (Store & { close(): Promise<void> }) | null = null;
  #bot: Lifeguard | null = null;

  constructor(kill: WatchKill | null) {
    this.#kill = kill;
  }

  async play(lines: readonly string[]): Promise<this> {
    for (const text of lines) {
      const line = parseLine(text, 1);
      if (line.kind === 'clock') await this.#pass(line.by);
      else if (line.kind === 'kill') this.#bot = null;
      else this.world.happen(line);
    }
    await this.#store?.close();
    return this;
  }

  async #pass(by: number): Promise<void> {
    const target = this.world.now() + by;
    // A bot that was killed is away until then.
    if (this.#store !== null && this.#bot === null) this.world.moveTo(target);
    this.#bot ??= await this.#started();
    await this.#alive();
    for (;;) {
      const due = Math.min(this.world.nextDue() ?? Number.POSITIVE_INFINITY, this.#bot.nextDue() ?? Number.POSITIVE_INFINITY);
      if (due > target) break;
      this.world.moveTo(Math.max(due, this.world.now()));
      await this.#alive();
    }
    this.world.moveTo(Math.max(target, this.world.now()));
  }

  async #alive(): Promise<void> {
    try {
      await this.#bot?.runDue();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      const away = this.#kill?.away ?? 0;
      this.#kill = null;
      this.world.moveTo(this.world.now() + away);
      this.#bot = await this.#started();
    }
  }

  async #started(): Promise<Lifeguard> {
    this.#store ??= await openStore(':memory:');
    const { world } = this;
    const store = this.#mortal(this.#store);
    const bot = lifeguard({
      get pools() {
        return world.managed();
      },
      reader: this.#watchedReader(),
      operator: new SimulatedOperator(world.pools),
      store,
      clock: { now: () => world.now() },
      surface: shownAtOnce('channel', store, async (card, messageId) => {
        const away = card.key.startsWith('away-');
        if (messageId === null && !away) this.posts.push(plain(card.title));
        return card.key;
      }),
      placeOf: () => 'channel',
      log: () => {},
    });
    await bot.start();
    return bot;
  }

  #watchedReader(): PoolReader {
    const reader = new SimulatedReader(this.world.pools);
    return new Proxy<PoolReader>(reader, {
      get: (from, name: keyof PoolReader) => {
        const read = from[name].bind(from) as (...asked: readonly unknown[]) => Promise<unknown>;
        return (...asked: readonly unknown[]) => {
          if (name === 'readiness') this.#begins(String(asked[0]));
          if (name === 'condition') return this.#examines(String(asked[0]), () => read(...asked));
          return read(...asked);
        };
      },
    });
  }

  #begins(pool: string): void {
    this.looks.push({ pool, at: this.world.now() });
    this.#looking.add(pool);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#looking.size);
  }

  async #examines(pool: string, read: () => Promise<unknown>): Promise<unknown> {
    this.examined.push(pool);
    this.#examining += 1;
    this.mostExaminedAtOnce = Math.max(this.mostExaminedAtOnce, this.#examining);
    // Longer than anything else takes.
    for (let turn = 0; turn < 500; turn += 1) await Promise.resolve();
    return read().finally(() => {
      this.#examining -= 1;
    });
  }

  #mortal(store: Store): Store {
    return {
      ...store,
      saveWatched: async (pool, seq, watched, delivery) => {
        this.writes += 1;
        const dies = this.#kill?.write === this.writes ? this.#kill.when : null;
        if (dies === 'before') throw new Killed();
        const outcome = await store.saveWatched(pool, seq, watched, delivery);
        this.#looking.delete(pool);
        if (dies === 'after') throw new Killed();
        return outcome;
      },
    };
  }
}
