import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../src/bot.ts';
import { replay } from '../../src/domain/evolve.ts';
import { waitsForPatched } from '../../src/domain/evolve-step.ts';
import { shortName } from '../../src/domain/pool.ts';
import { openGate, type Run, type RunEvent } from '../../src/domain/run.ts';
import { hours, type Instant, minutes } from '../../src/domain/time.ts';
import { cardText } from '../../src/messages/card.ts';
import type { PoolReader, Store } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';
import { shownAtOnce } from '../../src/workflow/at-once.ts';

class Killed extends Error {}

/** Where the bot dies: just before or just after its journal event with this number is on disk, and for how long it is away. */
export interface Kill {
  readonly seq: number;
  readonly when: 'before' | 'after';
  readonly away: number;
}

const PLACE = 'console:night';
/** How long a freeze lasts in which nobody approves anything. */
const FROZEN_FOR = minutes(30);

/** One upgrade attended by people who answer everything at once, with a bot that may be killed once. */
export class Night {
  readonly effects: string[] = [];
  readonly events: RunEvent[] = [];
  readonly shown = new Map<string, string>();
  /** How often each key was posted anew: more than once is a message that stands twice. */
  readonly posts = new Map<string, number>();
  /** Keys of cards that were shown again as they already stood. */
  readonly repeated: string[] = [];
  /** What was done to a server while everything was frozen. */
  readonly whileFrozen: string[] = [];
  readonly world: World;
  #store: (Store & { close(): Promise<void> }) | null = null;
  #bot: Lifeguard | null = null;
  #kill: Kill | null;
  #lines = 0;
  #freezeAfter: number | null;
  #thawAt: Instant | null = null;
  #frozen = false;
  /** Somebody else who writes to the journal, just before the bot would. */
  intruder: (store: Store, run: number, seq: number, event: RunEvent) => Promise<RunEvent | null> = async () => null;

  /** `freezeAfter` so many journal events somebody freezes everything for half an hour. */
  /** What happens right after the bot was told how the switch for all pools stands. */
  told: (store: Store) => Promise<void> = async () => {};

  /** Readings that take so many ms longer. */
  slow: { readonly readings: readonly (keyof PoolReader)[]; readonly by: number } = { readings: [], by: 0 };

  constructor(pool: string, kill: Kill | null, freezeAfter: number | null = null) {
    this.#kill = kill;
    this.#freezeAfter = freezeAfter;
    this.world = new World([], {
      effect: (_pool, server, cmdlet, args) => {
        const effect = [cmdlet, shortName(server), ...args].join(' ');
        this.effects.push(effect);
        if (this.#frozen) this.whileFrozen.push(effect);
      },
      state: () => {},
    });
    this.world.happen(parseLine('! seed 5', 0));
    this.world.happen(parseLine(pool, 0));
    for (const person of ['dana', 'omar']) this.world.meet(person);
  }

  get run(): Run {
    return replay(this.events);
  }

  /** Lets the night pass: people approve and patch as soon as they are asked. */
  async pass(request: string): Promise<void> {
    await this.#say('dana', request);
    const limit = this.world.now() + hours(24);
    while (this.run.ended === null && this.world.now() < limit) {
      if (await this.#attend()) continue;
      await this.#untilNext(limit);
    }
    await this.#store?.close();
  }

  async #attend(): Promise<boolean> {
    const { run } = this;
    if (await this.#turnTheSwitch()) return true;
    if (openGate(run) !== null && !this.#frozen) return this.#say('omar', 'approve');
    const waiting = run.work?.servers.find(({ server }) => waitsForPatched(run, server));
    return waiting === undefined ? false : this.#say('dana', `patched ${shortName(waiting.server)}`);
  }
  async #turnTheSwitch(): Promise<boolean> {
    const now = this.world.now();
    if (this.#freezeAfter !== null && this.events.length >= this.#freezeAfter) {
      [this.#freezeAfter, this.#thawAt] = [null, now + FROZEN_FOR];
      return this.#say('omar', 'freeze storage drill');
    }
    if (this.#thawAt === null || now < this.#thawAt) return false;
    this.#thawAt = null;
    return this.#say('omar', 'thaw');
  }
  async #untilNext(until: Instant): Promise<void> {
    const limit = Math.min(until, this.#thawAt ?? until);
    const due = Math.min(this.world.nextDue() ?? limit, this.#bot?.nextDue() ?? limit, limit);
    this.world.moveTo(Math.max(due, this.world.now()));
    await this.#alive((bot) => bot.runDue());
  }
  async #say(by: string, text: string): Promise<true> {
    this.#lines += 1;
    const heard = { text, by: this.world.meet(by), deliveryId: `line-${this.#lines}` };
    await this.#alive(async (bot) => (await bot.hear(heard)).follow());
    return true;
  }
  async #alive(act: (bot: Lifeguard) => Promise<void>): Promise<void> {
    try {
      await act(this.#bot ?? (await this.#start()));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#bot = null;
      this.world.moveTo(this.world.now() + (this.#kill?.away ?? 0));
      this.#kill = null;
      await this.#alive((bot) => bot.runDue());
    }
  }
  async #start(): Promise<Lifeguard> {
    this.#store ??= await openStore(':memory:');
    const { world } = this;
    this.#bot = lifeguard({
      get pools() {
        return world.managed();
      },
      reader: this.#slowed(new SimulatedReader(world.pools)),
      operator: new SimulatedOperator(world.pools),
      store: this.#mortal(this.#store),
      clock: { now: () => world.now() },
      placeOf: () => PLACE,
      log: () => {},
      surface: shownAtOnce(PLACE, this.#store, async (card, messageId) => {
        if (this.shown.get(card.key) === cardText(card)) this.repeated.push(card.key);
        this.shown.set(card.key, cardText(card));
        if (messageId === null) this.posts.set(card.key, (this.posts.get(card.key) ?? 0) + 1);
        return card.key;
      }),
    });
    await this.#bot.start();
    return this.#bot;
  }
  #slowed(reader: SimulatedReader): PoolReader {
    return new Proxy<PoolReader>(reader, {
      get: (from, name: keyof PoolReader) => {
        const read = from[name].bind(from) as (...asked: readonly unknown[]) => unknown;
        return (...asked: readonly unknown[]) => {
          if (this.slow.readings.includes(name)) this.world.moveTo(this.world.now() + this.slow.by);
          return read(...asked);
        };
      },
    });
  }
  #mortal(store: Store): Store {
    const dies = (when: Kill['when']) => {
      if (this.#kill !== null && this.#kill.when === when && this.events.length === this.#kill.seq + (when === 'after' ? 1 : 0))
        throw new Killed();
    };
    return {
      ...store,
      freeze: async () => {
        const freeze = await store.freeze();
        await this.told(store);
        return freeze;
      },
      setFreeze: async (freeze, delivery) => {
        const outcome = await store.setFreeze(freeze, delivery);
        this.#frozen = outcome === 'set';
        return outcome;
      },
      endFreeze: async (thaw, delivery) => {
        const outcome = await store.endFreeze(thaw, delivery);
        this.#frozen = outcome !== 'set';
        return outcome;
      },
      openRun: async (pool, first, delivery) => {
        const opened = await store.openRun(pool, first, delivery);
        if (opened.kind === 'opened') this.events.push(first);
        return opened;
      },
      append: async (run, seq, event, delivery) => {
        dies('before');
        const intruded = await this.intruder(store, run, seq, event);
        if (intruded !== null) this.events.push(intruded);
        const outcome = await store.append(run, seq, event, delivery);
        if (outcome === 'appended') this.events.push(event);
        dies('after');
        return outcome;
      },
    };
  }
}
