import type { Part, PoolCondition, ServerCondition } from '../../src/domain/condition.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { hours, type Instant, minutes } from '../../src/domain/time.ts';
import { afterExamination, afterLook, type LookedAt, NOTHING_WATCHED, type Watched } from '../../src/domain/watch.ts';
import { told } from '../../src/domain/watch-telling.ts';
import { watchCards } from '../../src/messages/watch-cards.ts';
import { aManagedPool, aPool, healthy, named, placement } from '../support.ts';

export const SIX = aPool(6, 2);
export const EVERY = minutes(10);
const POOL = aManagedPool();
export const LOOKED_AT: LookedAt = { version: '2013', every: EVERY, failedOver: false };

/** A look at a pool of six of which these servers do not run; the fabric has rebuilt what they had. */
export const without = (...servers: readonly string[]): PoolSighting =>
  healthy(SIX, {
    services: SIX.servers.map((server) => ({
      server,
      rtcsrv: servers.map(named).includes(server) ? 'Stopped' : 'Running',
    })),
    fabric: placement(SIX),
  });

export const read = <Value>(value: Value): Part<Value> => ({ kind: 'read', value });
export const UNREAD: Part<never> = { kind: 'unread', because: 'access is denied' };

/** What a rare look finds on a server with nothing wrong; its certificate ends after so many days. */
export const condition = (endsInDays: number, changes: Partial<ServerCondition> = {}): Part<ServerCondition> =>
  read({
    services: read([]),
    events: read([]),
    ports: read([]),
    restart: read([]),
    disks: read([]),
    certificates: read([{ use: 'Default', ends: hours(24) * endsInDays }]),
    patchLevel: read('6.0.9319.598'),
    ...changes,
  });

/** The pool of six, whose servers are all as they should be but for these. */
export const examinedAs = (changes: Readonly<Record<string, Part<ServerCondition>>> = {}): PoolCondition['servers'] =>
  SIX.servers.map((server, index) => ({ server, seen: changes[`fe${index + 1}`] ?? condition(9999) }));

/** The watch of one pool, looked at every ten minutes: what it remembers, and every post it made. */
export class Nights {
  watched: Watched = NOTHING_WATCHED;
  now: Instant = 0;
  /** Titles of new posts, in their order. */
  readonly posts: string[] = [];
  readonly #keys = new Set<string>();

  /** So many looks that show the same. */
  see(look: PoolSighting, times = 1, quiet = false, failedOver = false): this {
    for (let time = 0; time < times; time += 1) {
      this.now += EVERY;
      this.decide((watched) => afterLook(watched, { ...look, at: this.now }, { ...LOOKED_AT, failedOver }), quiet);
    }
    return this;
  }
  /** A rare look. */
  examine(servers: PoolCondition['servers'], { mixedByUs = false, quiet = false } = {}): this {
    return this.decide((watched) => afterExamination(watched, servers, this.now, mixedByUs), quiet);
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
    return this.#saidBy((key) => !key.includes('notes'));
  }
  /** What the card of the notes says now. */
  get notes(): string {
    return this.#saidBy((key) => key.includes('notes'));
  }
  #saidBy(isIt: (key: string) => boolean): string {
    const card = watchCards(this.watched, POOL).find(({ key }) => isIt(key));
    return card === undefined ? '' : [card.title, ...card.lines].join('\n');
  }
}
