import type { PoolSighting } from '../../src/domain/sighting.ts';
import { type Instant, minutes } from '../../src/domain/time.ts';
import { afterLook, NOTHING_WATCHED, type Watched } from '../../src/domain/watch.ts';
import { told } from '../../src/domain/watch-telling.ts';
import { watchCards } from '../../src/messages/watch-cards.ts';
import { aManagedPool, aPool, healthy, named, placement } from '../support.ts';

export const SIX = aPool(6, 2);
export const EVERY = minutes(10);
const POOL = aManagedPool();

/** A look at a pool of six of which these servers do not run; the fabric has rebuilt what they had. */
export const without = (...servers: readonly string[]): PoolSighting =>
  healthy(SIX, {
    services: SIX.servers.map((server) => ({
      server,
      rtcsrv: servers.map(named).includes(server) ? 'Stopped' : 'Running',
    })),
    fabric: placement(SIX),
  });

/** The watch of one pool, looked at every ten minutes: what it remembers, and every post it made. */
export class Nights {
  watched: Watched = NOTHING_WATCHED;
  now: Instant = 0;
  /** Titles of new posts, in their order. */
  readonly posts: string[] = [];
  readonly #keys = new Set<string>();

  /** So many looks that show the same. */
  see(look: PoolSighting, times = 1, quiet = false): this {
    for (let time = 0; time < times; time += 1) {
      this.now += EVERY;
      this.decide((watched) => afterLook(watched, { ...look, at: this.now }, '2013', EVERY), quiet);
    }
    return this;
  }
  pass(time: number): this {
    this.now += time;
    return this;
  }
  /** Something else that changes what is remembered, and what is then told. */
  decide(change: (watched: Watched) => Watched, quiet = false): this {
    this.watched = told(change(this.watched), { now: this.now, quiet });
    for (const { key, title } of watchCards(this.watched, POOL)) {
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      this.posts.push(title);
    }
    return this;
  }
  /** What the card of the episode says now. */
  get card(): string {
    const [card] = watchCards(this.watched, POOL);
    return card === undefined ? '' : [card.title, ...card.lines].join('\n');
  }
}
