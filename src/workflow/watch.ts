import { carriedFrom } from '../domain/carried.ts';
import type { ManagedPool, WatchRule } from '../domain/inventory.ts';
import type { PoolFqdn, ServerFqdn } from '../domain/pool.ts';
import { quietUntil } from '../domain/quiet-hours.ts';
import { judgeReadiness } from '../domain/readiness.ts';
import { type PoolSighting, runningServers } from '../domain/sighting.ts';
import type { Instant } from '../domain/time.ts';
import { afterExamination, afterLook, afterProblem, type Mute, newlyStarting, type Watched, type Whys } from '../domain/watch.ts';
import { isExaminedNow, nextLook } from '../domain/watch-due.ts';
import { isHeldBack, told } from '../domain/watch-telling.ts';
import { whyStarting } from '../domain/watch-why.ts';
import { watchCards } from '../messages/watch-cards.ts';
import type { Ask, Delivery } from '../ports.ts';
import type { Hands } from './hands.ts';
import type { Operations } from './operations.ts';
import { failedOverAt } from './operations-against.ts';
import type { Publisher } from './publisher.ts';
import type { Runs } from './runs.ts';

/** How many pools are looked at by the watch at the same time. */
const LOOKS_AT_ONCE = 4;
/** And how many of them for certificates and patch levels too, which takes longer: the others of that time are left for looks. */
const EXAMINED_AT_ONCE = 2;
/** How often a change is decided again because another came first; nothing changes a pool's watch that fast. */
const OFFERS_MAX = 20;

/** A pool that has a watch. */
type WatchedPool = ManagedPool & { readonly watch: WatchRule };

const isWatched = (pool: ManagedPool): pool is WatchedPool => pool.watch !== undefined;

/** The servers of the pool, those that run first: the others take their time to say that they are not there. */
function askedAfter(looked: PoolSighting): Ask {
  const running = runningServers(looked) ?? [];
  return [...running, ...(looked.computers ?? []).filter((server) => !running.includes(server))];
}

/**
 * Looks at pools outside runs and tells what changed. It starts nothing and has no operator. What it knows is in the
 * record; the cards are computed from that, so that telling twice and forgetting are both impossible.
 */
export class Watch {
  readonly #hands: Omit<Hands, 'operator'>;
  readonly #runs: Runs;
  readonly #operations: Pick<Operations, 'activeOf'>;
  readonly #publisher: Publisher;
  readonly #look: (pool: ManagedPool) => Promise<PoolSighting>;
  /** When each pool is looked at next, and when it next has something to tell without a look. */
  readonly #lookAt = new Map<PoolFqdn, Instant>();
  readonly #tellAt = new Map<PoolFqdn, Instant>();
  readonly #looking = new Set<PoolFqdn>();
  #examining = 0;

  constructor(
    hands: Omit<Hands, 'operator'>,
    runs: Runs,
    operations: Pick<Operations, 'activeOf'>,
    publisher: Publisher,
    look: (pool: ManagedPool) => Promise<PoolSighting>,
  ) {
    this.#hands = hands;
    this.#runs = runs;
    this.#operations = operations;
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
    if (verdict.kind !== 'pool-problem' || (await this.#isUnderWay(pool)) || (await this.#isFailedOver(pool))) return;
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
      if (looked === null) await this.#change(pool, null, (watched) => watched);
      else {
        await this.#take(pool, looked);
        await this.#examineIfDue(pool, looked);
      }
      this.#lookAt.set(pool.fqdn, await this.#lookAfterThis(pool));
    } finally {
      this.#looking.delete(pool.fqdn);
    }
  }

  /** A run, or an operation on the whole pool: either looks itself, and takes servers down on purpose. */
  async #isUnderWay({ fqdn }: ManagedPool): Promise<boolean> {
    return (await this.#runs.activeOf(fqdn)) !== null || (await this.#operations.activeOf(fqdn)) !== null;
  }

  async #isFailedOver({ fqdn }: ManagedPool): Promise<boolean> {
    return (await failedOverAt(fqdn, this.#hands.store)) !== null;
  }

  /** Null while a run looks itself, and when it is only time to tell what was held back. */
  async #lookIfDue(pool: WatchedPool): Promise<PoolSighting | null> {
    if ((this.#lookAt.get(pool.fqdn) ?? Number.POSITIVE_INFINITY) > this.#hands.clock.now()) return null;
    if (await this.#isUnderWay(pool)) return null;
    const look = await this.#look(pool);
    // A run that began meanwhile has servers down that the look may have seen.
    return (await this.#isUnderWay(pool)) ? null : look;
  }

  /** What the look shows; of a server that is Starting for too long, its events are asked once, when that is told. */
  async #take(pool: WatchedPool, looked: PoolSighting): Promise<void> {
    const by = { version: pool.version, every: pool.watch.every, failedOver: await this.#isFailedOver(pool) };
    const after = (watched: Watched, whys?: Whys) => afterLook(watched, looked, by, whys);
    const before = await this.of(pool.fqdn);
    const whys = await this.#whys(pool, looked, newlyStarting(before, after(before)));
    await this.#change(pool, null, (watched) => after(watched, whys));
  }

  async #whys({ fqdn }: WatchedPool, looked: PoolSighting, servers: readonly ServerFqdn[]): Promise<Whys> {
    if (servers.length === 0) return new Map();
    const { servers: conditions } = await this.#hands.reader.condition(fqdn, askedAfter(looked), servers);
    return new Map(conditions.map(({ server, seen }) => [server, whyStarting(seen)]));
  }

  /**
   * Certificates and patch levels, once in a long time, right after a look that named the servers: a pool that did not even
   * answer that is not asked more, and one that finds too many others at it waits for its next look.
   */
  async #examineIfDue(pool: WatchedPool, looked: PoolSighting): Promise<void> {
    const { computers } = looked;
    const watched = await this.of(pool.fqdn);
    if (computers === null || !isExaminedNow(pool.watch, watched, this.#hands.clock.now())) return;
    if (this.#examining >= EXAMINED_AT_ONCE) return;
    this.#examining += 1;
    try {
      await this.#examine(pool, computers, askedAfter(looked));
    } finally {
      this.#examining -= 1;
    }
  }

  /** Like a look it comes to nothing when a run began meanwhile. */
  async #examine(pool: WatchedPool, computers: readonly ServerFqdn[], ask: Ask): Promise<void> {
    const { reader, clock } = this.#hands;
    const { servers } = await reader.condition(pool.fqdn, ask, computers);
    if (await this.#isUnderWay(pool)) return;
    const latest = await this.#runs.latestOf(pool.fqdn);
    const left = latest === null ? null : carriedFrom(latest.state);
    const mixedByUs = left !== null && (left.upgraded.length > 0 || left.work !== null);
    await this.#change(pool, null, (watched) => afterExamination(watched, servers, clock.now(), mixedByUs));
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
