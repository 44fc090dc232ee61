import type { PoolFqdn } from '../../domain/pool.ts';
import type { Card } from '../../messages/card.ts';
import type { About, ChatSurface } from '../../ports.ts';
import type { Outage, Wanted } from './delivery-world.ts';

/** One of the platforms that a pool may be talked about on. */
export interface Platform {
  readonly name: string;
  readonly surface: ChatSurface;
  /** Whether the pool has a place there. */
  readonly isHome: (pool: PoolFqdn) => boolean;
}

/**
 * The same cards on every platform where their pool is talked about. While none of those answers, whatever is open, and
 * whatever comes, stands on the others as well: with the owner of the run, if the pool has no place there.
 */
export class Mirror implements ChatSurface {
  readonly #platforms: Platform[] = [];
  readonly #silent = new Set<string>();
  /** Platforms that stood in for a card, by its key: what stands there is kept true afterwards. */
  readonly #standIns = new Map<string, Set<string>>();
  readonly #log: (facts: Readonly<Record<string, unknown>>, message: string) => void;

  constructor(log: (facts: Readonly<Record<string, unknown>>, message: string) => void) {
    this.#log = log;
  }

  /** To be called for each platform before anything is shown. */
  add(platform: Platform): void {
    this.#platforms.push(platform);
  }

  async show(card: Card, about: About): Promise<void> {
    const homes = this.#homesOf(about.pool);
    const standIns = this.#standIns.get(card.key) ?? new Set<string>();
    if (homes.every(({ name }) => this.#silent.has(name)))
      for (const { name } of this.#platforms) if (!this.#silent.has(name)) standIns.add(name);
    if (standIns.size > 0) this.#standIns.set(card.key, standIns);
    const shown = this.#platforms.filter((each) => homes.includes(each) || standIns.has(each.name));
    await Promise.all(shown.map(({ surface }) => surface.show(card, about)));
  }

  /** What a platform says when it does not answer any longer, and when it does again. */
  outageOf(name: string): Outage {
    return {
      began: (open) => {
        this.#silent.add(name);
        this.#log({ platform: name, open: open.length }, 'a platform does not answer');
        for (const wanted of open) this.#standIn(wanted);
      },
      ended: () => {
        this.#silent.delete(name);
        this.#log({ platform: name }, 'a platform answers again');
      },
    };
  }

  #homesOf(pool: PoolFqdn): readonly Platform[] {
    const homes = this.#platforms.filter(({ isHome }) => isHome(pool));
    return homes.length > 0 ? homes : this.#platforms;
  }

  #standIn({ card, about }: Wanted): void {
    if (this.#homesOf(about.pool).every(({ name }) => this.#silent.has(name))) void this.show(card, about);
  }
}
