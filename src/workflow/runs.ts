import { evolve, replay } from '../domain/evolve.ts';
import { untoldTo } from '../domain/freeze.ts';
import type { WithoutAt } from '../domain/moves.ts';
import type { PoolFqdn } from '../domain/pool.ts';
import { disturbedByUs, type Run, type RunEvent } from '../domain/run.ts';
import type { Instant } from '../domain/time.ts';
import type { Delivery, Opened, Store } from '../ports.ts';
import type { OpenRun } from './hands.ts';

/**
 * The runs as their journals tell them. One process writes them, so a folded run is kept and folded on; when an append
 * finds its place taken the journal is read again.
 */
export class Runs {
  readonly #store: Store;
  readonly #folded = new Map<number, Run>();

  constructor(store: Store) {
    this.#store = store;
  }

  async load(run: number): Promise<Run> {
    const known = this.#folded.get(run);
    if (known !== undefined) return known;
    const state = replay(await this.#store.read(run));
    this.#folded.set(run, state);
    return state;
  }

  async open(pool: PoolFqdn, first: RunEvent, delivery: Delivery | null): Promise<Opened> {
    return this.#store.openRun(pool, first, delivery);
  }

  /** The run after the event; null when another event came first, and what was decided without it must be decided again. */
  async append(run: number, before: Run, event: RunEvent, delivery: Delivery | null): Promise<Run | 'taken' | 'heard-before'> {
    const after = evolve(before, event); // an event that cannot follow throws before it is written
    const outcome = await this.#store.append(run, before.seq, event, delivery);
    if (outcome === 'appended') {
      this.#folded.set(run, after);
      return after;
    }
    this.#folded.delete(run);
    return outcome;
  }

  /** What this run has not been told of the switch for all pools; null when it knows how it stands. */
  async untold(state: Run): Promise<WithoutAt<RunEvent> | null> {
    const freeze = await this.#store.freeze();
    const thawed = freeze === null && state.frozen !== null;
    return untoldTo(state, freeze, thawed ? await this.#store.lastThaw() : null);
  }

  /** Runs that have not ended, oldest first. */
  async active(): Promise<readonly OpenRun[]> {
    const keys = await this.#store.activeRuns();
    const runs: OpenRun[] = [];
    for (const { run } of keys) runs.push({ run, state: await this.load(run) });
    return runs;
  }

  async activeOf(pool: PoolFqdn): Promise<OpenRun | null> {
    return (await this.active()).find(({ state }) => state.request.pool === pool) ?? null;
  }

  /** The pool's last run, ended or not; null when it has never been upgraded by this bot. */
  async latestOf(pool: PoolFqdn): Promise<OpenRun | null> {
    const [latest] = await this.#store.runsOf(pool, 1);
    return latest === undefined ? null : { run: latest.run, state: await this.load(latest.run) };
  }

  /** Whether a reading of this pool now says more about our own work than about the pool. The fact belongs to the pool. */
  async disturbs(pool: PoolFqdn, at: Instant): Promise<boolean> {
    const latest = await this.latestOf(pool);
    return latest !== null && disturbedByUs(latest.state, at);
  }
}
