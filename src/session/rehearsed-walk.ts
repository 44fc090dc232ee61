import { NoChance } from '../adapters/simulator/chance.ts';
import { SimulatedOperator, SimulatedReader } from '../adapters/simulator/direct.ts';
import type { SimulatedPool } from '../adapters/simulator/pool.ts';
import { openStore } from '../adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../bot.ts';
import { settingsOf } from '../commands/orders.ts';
import { evolve, replay } from '../domain/evolve.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import {
  awaitedOfPeople,
  othersToApprove,
  type PersonDoes,
  type PersonNeeded,
  type Played,
  type PlayedEnd,
  type Rehearsable,
} from '../domain/rehearsal.ts';
import { openGate, type Run } from '../domain/run.ts';
import { hours, type Instant } from '../domain/time.ts';
import type { Store } from '../ports.ts';
import { poolAsSeen } from './pool-as-seen.ts';

/** A walk is over in a night. One that is not after this long will not be: our own number. */
const GIVEN_UP_AFTER = hours(7 * 24);

/**
 * Plays one upgrade to its end: the whole bot, on a simulated pool of its own and with a record in memory that is gone with
 * it. `share`: how much is taken of every time that the simulator knows as a range, 0 the least and 1 the most.
 */
export async function playAhead(asked: Rehearsable, share: number): Promise<Played> {
  const store = await openStore(':memory:');
  try {
    return await new Play(asked, store, poolAsSeen(asked, new NoChance(share))).toTheEnd();
  } finally {
    await store.close();
  }
}

const requested = ({ pool, by, stopMode, scope, carried, at }: Rehearsable) =>
  ({
    kind: 'requested',
    at,
    request: {
      pool: pool.fqdn,
      by,
      stopMode,
      scope,
      settings: settingsOf(pool),
      carried,
    },
  }) as const;

/** One upgrade in virtual time, by people who do at once what is asked of them. */
class Play {
  readonly #asked: Rehearsable;
  readonly #store: Store;
  readonly #model: SimulatedPool;
  readonly #bot: Lifeguard;
  readonly #needed: PersonNeeded[] = [];
  /** The run as its journal tells it so far. */
  #run: Run;
  #now: Instant;
  #said = 0;

  constructor(asked: Rehearsable, store: Store, model: SimulatedPool) {
    this.#asked = asked;
    this.#store = store;
    this.#model = model;
    this.#now = asked.at;
    this.#run = replay([requested(asked)]);
    this.#bot = lifeguard({
      pools: [asked.pool],
      reader: new SimulatedReader([model]),
      operator: new SimulatedOperator([model]),
      store: this.#followed(store),
      clock: { now: () => this.#now },
      surface: null,
      placeOf: () => 'rehearsal',
      log: () => {},
    });
  }

  async toTheEnd(): Promise<Played> {
    await this.#begin();
    for (;;) {
      await this.#bot.runDue();
      const state = this.#run;
      const end = this.#endOf(state);
      if (end !== null) return { needed: this.#needed, end, lasts: this.#now - this.#asked.at };
      if (!(await this.#doneByPeople(state))) this.#passTime();
    }
  }

  async #begin(): Promise<void> {
    const { pool } = this.#asked;
    await this.#store.openRun(pool.fqdn, requested(this.#asked), null);
    await this.#bot.start();
  }

  #endOf(run: Run): PlayedEnd | null {
    const { ended, held } = run;
    const { pool, by } = this.#asked;
    if (ended?.ending.how === 'refused') return { kind: 'refused', because: ended.ending.because };
    if (ended !== null) return { kind: 'finished' };
    if (held !== null) return { kind: 'held', reason: held.reason };
    const gate = openGate(run)?.gate;
    if (gate !== undefined && othersToApprove(pool, by).length < gate.votesNeeded)
      return { kind: 'not-approved', upgradeDomain: gate.upgradeDomain };
    return this.#now - this.#asked.at > GIVEN_UP_AFTER ? { kind: 'not-over' } : null;
  }

  async #doneByPeople(state: Run): Promise<boolean> {
    const awaited = awaitedOfPeople(state);
    for (const does of awaited) {
      this.#needed.push({ ...does, after: this.#now - this.#asked.at });
      await this.#do(does);
    }
    return awaited.length > 0;
  }

  async #do(does: PersonDoes): Promise<void> {
    const { pool, by } = this.#asked;
    switch (does.kind) {
      case 'approve':
        for (const approver of othersToApprove(pool, by).slice(0, does.gate.votesNeeded)) await this.#say(approver, 'approve');
        return;
      case 'patched':
        for (const server of does.servers) {
          this.#model.machine(server).patchByHand();
          await this.#say(by, `patched ${shortName(server)}`);
        }
        return;
      case 'tick':
        await this.#say(by, `tick ${does.check} ${shortName(does.server ?? pool.fqdn)}`);
    }
  }

  async #say(by: PersonId, text: string): Promise<void> {
    this.#said += 1;
    const { follow, taken, card } = await this.#bot.hear({ text, by, deliveryId: `rehearsed-${this.#said}` });
    if (!taken) throw new Error(`"${text}" was not taken in a rehearsal: ${card.title}`);
    await follow();
  }

  #followed(store: Store): Store {
    return {
      ...store,
      append: async (run, seq, event, delivery) => {
        const outcome = await store.append(run, seq, event, delivery);
        if (outcome === 'appended') this.#run = evolve(this.#run, event);
        return outcome;
      },
    };
  }

  #passTime(): void {
    const due = Math.min(this.#bot.nextDue() ?? Number.POSITIVE_INFINITY, this.#model.nextDue() ?? Number.POSITIVE_INFINITY);
    this.#now = Math.max(this.#now, Math.min(due, this.#asked.at + GIVEN_UP_AFTER + 1));
    this.#model.advanceTo(this.#now);
  }
}
