import type { PersonId, PoolFqdn } from '../../domain/pool.ts';
import { type Instant, minutes } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { About, ChatSurface } from '../../ports.ts';
import type { Wish } from './delivery-wish.ts';
import type { Place, World } from './delivery-world.ts';
import { Lane } from './lane.ts';
import { unsaidCard } from './unsaid-card.ts';

/** Who is told what, as configured. */
export interface Destinations {
  /** The channels of a pool, best first. */
  channelsOf(pool: PoolFqdn): readonly string[];
  /** The platform's user of a person; null: they have none here. */
  userOf(person: PersonId): string | null;
}

/** What the delivery of cards needs. */
export type DeliveryOptions = World & { readonly destinations: Destinations };

/** A place that took nothing is asked again after this long, if there is something new to show by then. */
const CLOSED_FOR = minutes(10);

/** The record's key for since when a place has been known to be closed: its people are told once, restarts or not. */
const FALLEN = 'fallen';

/**
 * Sees to it that each card's newest state stands once where its pool is talked about: in the first of the pool's channels
 * that takes it, at last in a conversation with the run's owner. A record that cannot be written ends the program.
 */
export class Delivery implements ChatSurface {
  readonly #options: DeliveryOptions;
  readonly #lanes = new Map<string, Lane>();
  /** The lane each card was last put into, by key. */
  readonly #laneOf = new Map<string, Lane>();
  /** Places that take nothing, and until when that is believed. */
  readonly #closedUntil = new Map<string, Instant>();
  /** Places of which the record has been told that they can be reached. */
  readonly #reached = new Set<string>();
  #whenIdle: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async show(card: Card, about: About): Promise<void> {
    const place = this.#placeFor(about);
    if (place === null) {
      this.#options.log({ key: card.key, pool: about.pool }, 'a card has no place to go to');
      return;
    }
    this.#want(place, card, about);
  }

  /** Comes back when nothing is left to send. A card whose turn comes later, be it in a minute, is left to send. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Starts no further call, and comes back when those under way have ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
  }

  #want(place: Place, card: Card, about: About): void {
    const lane = this.#laneTo(place);
    // What a card stands under has to stand in the same place; it comes along, in its newest state.
    if (card.under !== null) this.#moveTo(lane, card.under);
    const before = this.#laneOf.get(card.key);
    if (before !== lane) before?.release(card.key);
    this.#laneOf.set(card.key, lane);
    lane.holdUntil(this.#closedUntilOf(place));
    lane.want(card, about);
  }

  #moveTo(lane: Lane, key: string): void {
    const before = this.#laneOf.get(key);
    if (before === undefined || before === lane) return;
    const wish = before.release(key);
    if (wish === null) return;
    this.#laneOf.set(key, lane);
    lane.want(wish.card, wish.about);
  }

  #laneTo(place: Place): Lane {
    const name = nameOf(place);
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane = new Lane(place, this.#options, {
      closed: (because) => this.#fall(place, because),
      reached: () => this.#reach(place),
      silent: () => this.#options.outage.began(this.#lanes.get(name)?.open() ?? []),
      returned: (since) => this.#return(name, since),
      rested: () => this.#rested(),
    });
    this.#lanes.set(name, lane);
    return lane;
  }

  /** The first place for this pool's cards that is not known to be closed, or else the first of all; null: it has none. */
  #placeFor({ pool, owner }: About): Place | null {
    const { channelsOf } = this.#options.destinations;
    const user = this.#userOf(owner);
    const places: readonly Place[] = [
      ...channelsOf(pool).map((channel) => ({ kind: 'channel' as const, channel })),
      ...(user === null ? [] : [{ kind: 'direct' as const, user }]),
    ];
    const now = this.#options.pace.now();
    return places.find((place) => this.#closedUntilOf(place) <= now) ?? places[0] ?? null;
  }

  #closedUntilOf(place: Place): Instant {
    return this.#closedUntil.get(nameOf(place)) ?? 0;
  }

  #userOf(owner: PersonId | null): string | null {
    return owner === null ? null : this.#options.destinations.userOf(owner);
  }

  /** A place takes nothing any longer. What is still open there moves on, and the owners of those runs are told. */
  async #fall(place: Place, because: string): Promise<void> {
    const name = nameOf(place);
    this.#closedUntil.set(name, this.#options.pace.now() + CLOSED_FOR);
    this.#reached.delete(name);
    const fallen = this.#lanes.get(name)?.releaseOpen() ?? [];
    for (const { card } of fallen) this.#laneOf.delete(card.key);
    // What was for one person alone is not for anybody else.
    const moving = fallen.filter(({ card }) => !card.key.startsWith(`${FALLEN}-`));
    for (const { card, about } of moving) await this.show(card, about);
    if (place.kind === 'channel') await this.#tell(place.channel, because, moving);
  }

  async #tell(channel: string, because: string, fallen: readonly Wish[]): Promise<void> {
    const since = await this.#closedSince(channel);
    const owners = new Map(fallen.map(({ about }) => [about.owner, about]));
    for (const [owner, about] of owners) {
      const user = this.#userOf(owner);
      if (user === null) continue;
      const card = fallenCard({ channel, because, since, user, pool: about.pool, now: this.#placeFor(about) });
      this.#want({ kind: 'direct', user }, card, about);
    }
  }

  /** Since when this place has been closed; written down the first time. */
  async #closedSince(channel: string): Promise<string> {
    const { store, pace } = this.#options;
    const known = await store.posted(FALLEN, channel);
    if (known !== null && known.digest !== '') return known.digest;
    const since = String(pace.now());
    await store.savePosted(FALLEN, channel, { messageId: '', digest: since });
    return since;
  }

  /** It takes what it is given: should it close again, that is news. */
  async #reach(place: Place): Promise<void> {
    const name = nameOf(place);
    if (place.kind === 'direct' || this.#reached.has(name)) return;
    this.#reached.add(name);
    const { store } = this.#options;
    const known = await store.posted(FALLEN, place.channel);
    if (known !== null && known.digest !== '') await store.savePosted(FALLEN, place.channel, { messageId: '', digest: '' });
  }

  /** The platform answers again: of what was not said meanwhile one message for each run tells, and the cards stand as they are now. */
  #return(name: string, since: Instant): void {
    this.#options.outage.ended();
    const lane = this.#lanes.get(name);
    const unsaid = lane?.releaseUnsaid() ?? [];
    for (const [under, wishes] of Map.groupBy(unsaid, ({ card }) => card.under)) {
      const [first] = wishes;
      if (first === undefined || lane === undefined) continue;
      const card = unsaidCard({
        name,
        under,
        since,
        until: this.#options.pace.now(),
        titles: wishes.map((wish) => wish.card.title),
      });
      this.#laneOf.set(card.key, lane);
      lane.want(card, first.about);
    }
  }

  #isIdle(): boolean {
    return [...this.#lanes.values()].every(({ idle }) => idle);
  }

  #rested(): void {
    if (!this.#isIdle()) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}

const nameOf = (place: Place): string => (place.kind === 'channel' ? place.channel : `direct ${place.user}`);

interface Fallen {
  readonly channel: string;
  readonly because: string;
  readonly since: string;
  readonly user: string;
  readonly pool: PoolFqdn;
  readonly now: Place | null;
}

/** What the owner of a run is told: where its cards do not come any longer, why, and where they are. */
const fallenCard = ({ channel, because, since, user, pool, now }: Fallen): Card => ({
  key: `${FALLEN}-${channel}-${user}-${since}`,
  under: null,
  tone: 'alarm',
  title: `I cannot write to channel ${channel} any longer: ${because}`,
  lines: [
    `It is where ${pool} is talked about.`,
    now === null || now.kind === 'direct' ? 'Its cards come to you here.' : `Its cards are in channel ${now.channel} now.`,
  ],
  buttons: [],
});
