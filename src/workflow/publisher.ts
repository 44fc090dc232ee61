import type { PoolFqdn } from '../domain/pool.ts';
import type { Run } from '../domain/run.ts';
import { type Card, cardText } from '../messages/card.ts';
import { cardsOf } from '../messages/run-cards.ts';
import { type Hands, poolNamed } from './hands.ts';

/**
 * Shows what the journal says. Cards are computed from state and compared with what was posted, so the newest always
 * wins, and a restarted bot shows the same cards and posts none twice.
 */
export class Publisher {
  readonly #hands: Hands;
  /** Digests of what stands, by place and key: what `posted` says, kept at hand. */
  readonly #digests = new Map<string, string>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  async publish(run: number, state: Run): Promise<void> {
    const { fqdn, timeZone, simulated } = poolNamed(this.#hands.pools, state.request.pool);
    for (const card of cardsOf(run, state, poolNamed(this.#hands.pools, fqdn), { timeZone, simulated }))
      await this.show(fqdn, card);
  }

  /** Posts the card in the pool's place, or edits the one that stands there under its key, or does nothing when it is the same. */
  async show(pool: PoolFqdn, card: Card): Promise<void> {
    const { store, surface, placeOf } = this.#hands;
    const place = placeOf(pool);
    const where = `${place.surface}:${place.conversation}`;
    const digest = cardText(card);
    const known = `${where} ${card.key}`;
    if (this.#digests.get(known) === digest) return;
    const posted = await store.posted(card.key, where);
    if (posted?.digest !== digest) {
      const messageId = await surface.show(place, card, posted?.messageId ?? null);
      await store.savePosted(card.key, where, { messageId, digest });
    }
    this.#digests.set(known, digest);
  }
}
