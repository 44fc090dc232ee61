import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../src/bot.ts';
import { replayOperation } from '../../src/domain/evolve-operation.ts';
import { type Operation, type OperationEvent, openOperationGate } from '../../src/domain/operation.ts';
import { findingsOf } from '../../src/domain/operation-checks.ts';
import { shortName } from '../../src/domain/pool.ts';
import { hours, type Instant } from '../../src/domain/time.ts';
import { cardText } from '../../src/messages/card.ts';
import type { Store } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';
import { shownAtOnce } from '../../src/workflow/at-once.ts';
import type { Kill } from './night.ts';

class Killed extends Error {}

const PLACE = 'console:night';

/** One operation on a whole pool, attended by people who tick and approve at once, with a bot that may be killed once. */
export class OperationNight {
  readonly effects: string[] = [];
  readonly events: OperationEvent[] = [];
  readonly posts = new Map<string, number>();
  readonly world: World;
  /** What happens right after an event is on disk, and right after the switch for all pools was read. */
  written: (store: Store, event: OperationEvent) => Promise<void> = async () => {};
  read: (store: Store) => Promise<void> = async () => {};
  #store: (Store & { close(): Promise<void> }) | null = null;
  #bot: Lifeguard | null = null;
  #kill: Kill | null;
  #lines = 0;

  constructor(weather: readonly string[], kill: Kill | null) {
    this.#kill = kill;
    this.world = new World([], {
      effect: (_pool, server, cmdlet, args) => this.effects.push([cmdlet, shortName(server), ...args].join(' ')),
      state: () => {},
    });
    for (const line of ['! seed 5', ...weather]) this.world.happen(parseLine(line, 0));
    for (const person of ['dana', 'omar', 'eve']) this.world.meet(person);
  }

  /** The last one, as its journal tells it. */
  get operation(): Operation {
    return replayOperation(this.events.slice(this.events.findLastIndex(({ kind }) => kind === 'requested')));
  }

  /** One operation after the other; what holds one is tried again so many times. */
  async pass(requests: string | readonly string[], retries = 0): Promise<void> {
    for (const request of [requests].flat()) {
      await this.#say('dana', request);
      const limit = this.world.now() + hours(6);
      while (this.operation.ended === null && !this.#isLeftHeld(retries) && this.world.now() < limit)
        if (!(await this.#attend())) await this.#untilNext(limit);
    }
    await this.#store?.close();
  }

  #isLeftHeld(retries: number): boolean {
    return this.operation.held !== null && this.events.filter(({ kind }) => kind === 'retried').length >= retries;
  }

  async #attend(): Promise<boolean> {
    const { operation } = this;
    if (operation.held !== null) return this.#say('dana', 'retry pool01');
    const opened = openOperationGate(operation);
    if (opened !== null) {
      const by = ['omar', 'eve'].find((each) => !opened.votes.some((vote) => vote.by === each)) ?? 'omar';
      return this.#say(by, `approve ${opened.gate.code}`);
    }
    if (operation.approved || operation.lastSeen === null) return false;
    const tickable = findingsOf(operation, operation.lastSeen).find(({ verdict }) => verdict === 'tickable');
    return tickable === undefined ? false : this.#say('dana', `tick ${tickable.check} ${shortName(operation.request.pool)}`);
  }
  async #untilNext(limit: Instant): Promise<void> {
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
    const surface = shownAtOnce(PLACE, this.#store, async (card, messageId) => {
      if (messageId === null) this.posts.set(card.key, (this.posts.get(card.key) ?? 0) + 1);
      return `${card.key} ${cardText(card).length > 0}`;
    });
    this.#bot = lifeguard({
      get pools() {
        return world.managed();
      },
      reader: new SimulatedReader(world.pools),
      operator: new SimulatedOperator(world.pools),
      store: this.#mortal(this.#store),
      clock: { now: () => world.now() },
      placeOf: () => PLACE,
      log: () => {},
      surface,
    });
    await this.#bot.start();
    return this.#bot;
  }
  #mortal(store: Store): Store {
    const dies = (when: Kill['when']) => {
      const at = (this.#kill?.seq ?? Number.NaN) + (when === 'after' ? 1 : 0);
      if (this.#kill?.when === when && this.events.length === at) throw new Killed();
    };
    return {
      ...store,
      freeze: async () => {
        const freeze = await store.freeze();
        await this.read(store);
        return freeze;
      },
      openOperation: async (pool, first, delivery) => {
        const opened = await store.openOperation(pool, first, delivery);
        if (opened.kind === 'opened') this.events.push(first);
        return opened;
      },
      appendOperation: async (operation, seq, event, delivery) => {
        dies('before');
        const outcome = await store.appendOperation(operation, seq, event, delivery);
        if (outcome === 'appended') {
          this.events.push(event);
          await this.written(store, event);
          dies('after');
        }
        return outcome;
      },
    };
  }
}
