import type { ManagedPool, WatchRule } from '../domain/inventory.ts';
import type { PoolFqdn } from '../domain/pool.ts';
import { quietUntil } from '../domain/quiet-hours.ts';
import { judgeReadiness } from '../domain/readiness.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import type { Instant } from '../domain/time.ts';
import { afterLook, afterProblem, type Mute, type Watched } from '../domain/watch.ts';
import { nextLook } from '../domain/watch-due.ts';
import { isHeldBack, told } from '../domain/watch-telling.ts';
import { watchCards } from '../messages/watch-cards.ts';
import type { Delivery } from '../ports.ts';
import type { Hands } from './hands.ts';
import type { Publisher } from './publisher.ts';
import type { Runs } from './runs.ts';

/** How many pools are looked at by the watch at the same time. */
const LOOKS_AT_ONCE = 4;
/** How often a change is decided again because another came first; nothing changes a pool's watch that fast. */
const OFFERS_MAX = 20;

/** A pool that has a watch. */
type WatchedPool = ManagedPool & { readonly watch: WatchRule };

const isWatched = (pool: ManagedPool): pool is WatchedPool => pool.watch !== undefined;

/**
 * Looks at pools outside runs and tells what changed. It starts nothing and has no operator. What it knows is in the
 * record; the cards are computed from that, so that telling twice and forgetting are both impossible.
 */
export class Watch {
  readonly #hands: Omit<Hands, 'operator'>;
  readonly #runs: Runs;
  readonly #publisher: Publisher;
  readonly #look: (pool: ManagedPool) => Promise<PoolSighting>;
  /** When each pool is looked at next, and when it next has something to tell without a look. */
  readonly #lookAt = new Map<PoolFqdn, Instant>();
  readonly #tellAt = new Map<PoolFqdn, Instant>();
  readonly #looking = new Set<PoolFqdn>();

  constructor(
    hands: Omit<Hands, 'operator'>,
    runs: Runs,
    publisher: Publisher,
    look: (pool: ManagedPool) => Promise<PoolSighting>,
  ) {
    this.#hands = hands;
    this.#runs = runs;
    this.#publisher = publisher;
    this.#look = look;
  }

  /** After a start: what was decided to be told is told, and every watched pool has its next look. */
  async start(): Promise<void> {
    for (const pool of this.#hands.pools) {
      const { watched } = await this.#hands.store.watched(pool.fqdn);
      // A mute, and a card that stands, outlive the watch that a configuration has no more.
      await this.#publish(pool, watched);
      if (!isWatched(pool)) continue;
      // A look that nobody was there to take is taken at once.
      this.#lookAt.set(pool.fqdn, await this.#nextLook(pool, watched));
      this.#settle(pool, watched);
    }
  }

  /** When something is next due; null when no pool is watched, and while as many are being looked at as may be. */
  nextDue(): Instant | null {
    if (this.#looking.size >= LOOKS_AT_ONCE) return null;
    const dues = [...this.#lookAt, ...this.#tellAt].filter(([pool]) => !this.#looking.has(pool)).map(([, due]) => due);
    return dues.length === 0 ? null : Math.min(...dues);
  }

  /** Looks at every pool that is due, a few at a time, and comes back when all have answered. */
  async runDue(): Promise<void> {
    const now = this.#hands.clock.now();
    const isDue = ({ fqdn }: ManagedPool): boolean =>
      !this.#looking.has(fqdn) && [this.#lookAt.get(fqdn), this.#tellAt.get(fqdn)].some((at) => at !== undefined && at <= now);
    const due = this.#hands.pools.filter(isWatched).filter(isDue);
    const waiting = due.slice(0, LOOKS_AT_ONCE - this.#looking.size);
    await Promise.all(waiting.map((pool) => this.#turn(pool)));
    if (due.length > waiting.length && this.#looking.size < LOOKS_AT_ONCE) await this.runDue();
  }

  /** A reading that anybody asked for outside a run. */
  async noticeReading(pool: ManagedPool): Promise<void> {
    if (!isWatched(pool) || this.#looking.has(pool.fqdn)) return;
    const verdict = judgeReadiness(await this.#hands.store.readings(pool.fqdn));
    if (verdict.kind !== 'pool-problem') return;
    const at = this.#hands.clock.now();
    await this.#change(pool, null, (watched) => afterProblem(watched, verdict, at));
  }

  /** What the watch of a pool remembers. */
  async of(pool: PoolFqdn): Promise<Watched> {
    return (await this.#hands.store.watched(pool)).watched;
  }

  /** Mutes the pool, or ends that. The answer is what was there before. */
  async mute(pool: ManagedPool, mute: Mute | null, delivery: Delivery): Promise<Mute | null | 'heard-before'> {
    let before: Mute | null = null;
    const outcome = await this.#change(pool, delivery, (watched) => {
      before = watched.mute;
      return { ...watched, mute };
    });
    return outcome === 'heard-before' ? outcome : before;
  }

  async #turn(pool: WatchedPool): Promise<void> {
    this.#looking.add(pool.fqdn);
    try {
      const looked = await this.#lookIfDue(pool);
      await this.#change(pool, null, (watched) =>
        looked === null ? watched : afterLook(watched, looked, pool.version, pool.watch.every),
      );
      this.#lookAt.set(pool.fqdn, await this.#lookAfterThis(pool));
    } finally {
      this.#looking.delete(pool.fqdn);
    }
  }

  /** Null while a run looks itself, and when it is only time to tell what was held back. */
  async #lookIfDue(pool: WatchedPool): Promise<PoolSighting | null> {
    if ((this.#lookAt.get(pool.fqdn) ?? Number.POSITIVE_INFINITY) > this.#hands.clock.now()) return null;
    if ((await this.#runs.activeOf(pool.fqdn)) !== null) return null;
    const look = await this.#look(pool);
    // A run that began meanwhile has servers down that the look may have seen.
    return (await this.#runs.activeOf(pool.fqdn)) === null ? look : null;
  }

  /** Decides on what the record has, writes it, and only then tells it. */
  async #change(
    pool: ManagedPool,
    delivery: Delivery | null,
    decide: (watched: Watched) => Watched,
  ): Promise<'saved' | 'heard-before'> {
    const { store, clock, log } = this.#hands;
    for (let offer = 0; offer < OFFERS_MAX; offer += 1) {
      const { seq, watched } = await store.watched(pool.fqdn);
      const now = clock.now();
      const after = told(decide(watched), { now, quiet: this.#quietUntil(pool, now) !== null });
      const outcome = await store.saveWatched(pool.fqdn, seq, after, delivery);
      if (outcome === 'taken') continue;
      if (outcome === 'heard-before') return outcome;
      log({ pool: pool.fqdn, event: 'watch' }, after.episode?.over === null ? 'something is wrong' : 'all is well');
      await this.#publish(pool, after);
      this.#settle(pool, after);
      return outcome;
    }
    throw new Error(`the watch of ${pool.fqdn} took ${OFFERS_MAX} other changes before one`);
  }

  async #publish(pool: ManagedPool, watched: Watched): Promise<void> {
    for (const card of watchCards(watched, pool)) await this.#publisher.show(card, { pool: pool.fqdn, owner: null });
  }

  #settle(pool: ManagedPool, watched: Watched): void {
    const quiet = isHeldBack(watched) ? this.#quietUntil(pool, this.#hands.clock.now()) : null;
    const dues = [quiet, watched.mute?.until ?? null].filter((due) => due !== null);
    if (dues.length === 0) this.#tellAt.delete(pool.fqdn);
    else this.#tellAt.set(pool.fqdn, Math.min(...dues));
  }

  async #nextLook(pool: WatchedPool, watched: Watched): Promise<Instant> {
    const verdict = judgeReadiness(await this.#hands.store.readings(pool.fqdn));
    return nextLook(pool.fqdn, pool.watch.every, watched, verdict, this.#hands.clock.now());
  }

  /** A moment that passed while a look took long, or while a run looked, is not made up for. */
  async #lookAfterThis(pool: WatchedPool): Promise<Instant> {
    const now = this.#hands.clock.now();
    const watched = await this.of(pool.fqdn);
    const next = await this.#nextLook(pool, watched);
    return next > now ? next : this.#nextLook(pool, { ...watched, lookedAt: null });
  }

  #quietUntil({ watch, timeZone }: ManagedPool, now: Instant): Instant | null {
    return quietUntil(now, watch?.quietHours ?? null, timeZone);
  }
}
