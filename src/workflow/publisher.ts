import type { Run } from '../domain/run.ts';
import { type Card, cardText } from '../messages/card.ts';
import { cardsOf } from '../messages/run-cards.ts';
import type { About } from '../ports.ts';
import { type Hands, poolNamed } from './hands.ts';

/**
 * Says what the journal says. Cards are computed from state, so the newest always wins, and a restarted bot asks for the
 * same cards; that none is posted twice is the surface's business.
 */
export class Publisher {
  readonly #hands: Hands;
  /** What each key was last asked to show, so that an unchanged card costs nothing. */
  readonly #asked = new Map<string, string>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  async publish(run: number, state: Run): Promise<void> {
    if (this.#hands.surface === null) return;
    const pool = poolNamed(this.#hands.pools, state.request.pool);
    const about: About = { pool: pool.fqdn, owner: state.request.by };
    for (const card of cardsOf(run, state, pool, pool)) await this.show(card, about);
  }

  async show(card: Card, about: About): Promise<void> {
    const text = cardText(card);
    if (this.#asked.get(card.key) === text) return;
    await this.#hands.surface?.show(card, about);
    this.#asked.set(card.key, text);
  }
}
