import type { Instant } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { About, Posted } from '../../ports.ts';
import { digestOf, isOpen, isPending, newWish, rankOf, type Wish } from './delivery-wish.ts';

/** What can be asked of the platform for a card. */
export type Call = 'find' | 'post' | 'edit';

/** What to do next in a place: read the record about a key, call the platform for a card, or nothing until then (null: for ever). */
export type Turn =
  | { readonly kind: 'load'; readonly key: string }
  | { readonly kind: 'send'; readonly wish: Wish; readonly call: Call }
  | { readonly kind: 'rest'; readonly until: Instant | null };

/** What is wanted in one place and what stands there; decides whose turn it is. */
export class Queue {
  readonly #wishes = new Map<string, Wish>();
  /** What the record says about each key here; a key that is not in it has not been read. */
  readonly #standing = new Map<string, Posted | null>();
  /** Keys with an intent of which it is known that no message stands: a post is safe. */
  readonly #absent = new Set<string>();
  /** Retry-After, by method: what stops an edit does not stop a prompt. */
  readonly #holds = new Map<Call, Instant>();
  #wanted = 0;

  get empty(): boolean {
    return this.#wishes.size === 0;
  }

  want(card: Card, about: About): void {
    const wish = this.#wishes.get(card.key);
    if (wish === undefined) {
      this.#wishes.set(card.key, newWish(card, about, this.#order()));
      return;
    }
    if (!this.#isPending(wish)) wish.since = this.#order();
    wish.card = card;
    wish.digest = digestOf(card);
  }

  /** Takes a card's wish away; null: it is not wanted here. */
  release(key: string): Wish | null {
    const wish = this.#wishes.get(key) ?? null;
    this.#wishes.delete(key);
    return wish;
  }

  /** Takes away everything that is still to be said or answered, oldest first. */
  releaseOpen(): readonly Wish[] {
    const open = [...this.#wishes.values()].filter((wish) => isOpen(wish) || this.#isPending(wish));
    for (const { card } of open) this.#wishes.delete(card.key);
    return open.toSorted((left, right) => left.since - right.since);
  }

  /** What waits for somebody here, or is to be seen, oldest first. */
  open(): readonly Wish[] {
    return [...this.#wishes.values()].filter(isOpen).toSorted((left, right) => left.since - right.since);
  }

  /** Takes away what has never been said here and asks nobody for anything, oldest first. */
  releaseUnsaid(): readonly Wish[] {
    const unsaid = [...this.#wishes.values()].filter(
      (wish) => wish.card.under !== null && !isOpen(wish) && this.#isPending(wish) && !this.#isPosted(wish.card.key),
    );
    for (const { card } of unsaid) this.#wishes.delete(card.key);
    return unsaid.toSorted((left, right) => left.since - right.since);
  }

  standing(key: string): Posted | null {
    return this.#standing.get(key) ?? null;
  }

  /** What the record now says about a key. */
  stands(key: string, posted: Posted | null): void {
    this.#standing.set(key, posted);
    if (posted?.messageId !== '') this.#absent.delete(key);
  }

  /** Nothing of ours stands under this key: it may be posted. */
  absent(key: string): void {
    this.#absent.add(key);
  }

  /** Something of ours may stand under this key: it has to be looked for. */
  perhapsPosted(key: string): void {
    this.#absent.delete(key);
  }

  hold(call: Call, until: Instant): void {
    this.#holds.set(call, until);
  }

  /** A card that has been sent takes its place behind the others, should it have changed meanwhile. */
  sent(wish: Wish): void {
    wish.failures = 0;
    wish.since = this.#order();
  }

  /** The message whose thread a card belongs to; null: it stands by itself. */
  threadOf({ card }: Wish): string | null {
    return card.under === null ? null : (this.standing(card.under)?.messageId ?? null);
  }

  /** The newest message under a card. Message ids are times on every platform that has threads. */
  newestUnder(key: string): string | null {
    const ids = [...this.#wishes.values()]
      .filter(({ card }) => card.under === key)
      .map(({ card }) => this.standing(card.key)?.messageId ?? '')
      .filter((id) => id !== '');
    return ids.toSorted((left, right) => Number(left) - Number(right)).at(-1) ?? null;
  }

  /** @param spendableAt when the next call may go out at all */
  turn(now: Instant, spendableAt: Instant): Turn {
    const unread = [...this.#wishes.values()].flatMap(({ card }) => [card.key, ...(card.under === null ? [] : [card.under])]);
    const key = unread.find((each) => !this.#standing.has(each));
    if (key !== undefined) return { kind: 'load', key };
    const waiting = [...this.#wishes.values()]
      .filter((wish) => this.#isPending(wish))
      .toSorted((left, right) => this.#compare(left, right));
    let until: Instant | null = null;
    for (const wish of waiting) {
      const first = this.#firstFor(wish);
      if (first === null) continue;
      const call = this.#callFor(first);
      const at = Math.max(first.notBefore, this.#holds.get(call) ?? 0, spendableAt);
      if (at <= now) return { kind: 'send', wish: first, call };
      until = until === null ? at : Math.min(until, at);
    }
    return { kind: 'rest', until };
  }

  #compare(left: Wish, right: Wish): number {
    const byRank = rankOf(left, this.standing(left.card.key)) - rankOf(right, this.standing(right.card.key));
    return byRank === 0 ? left.since - right.since : byRank;
  }

  /** The card that has to be sent before this one can be: what it stands under, or itself; null: nobody wants what it stands under. */
  #firstFor(wish: Wish): Wish | null {
    if (wish.card.under === null || this.#isPosted(wish.card.under)) return wish;
    const parent = this.#parentOf(wish);
    return parent !== null && this.#isPending(parent) ? parent : null;
  }

  #callFor({ card }: Wish): Call {
    if (this.#isPosted(card.key)) return 'edit';
    return this.standing(card.key) === null || this.#absent.has(card.key) ? 'post' : 'find';
  }

  #parentOf({ card }: Wish): Wish | null {
    return card.under === null ? null : (this.#wishes.get(card.under) ?? null);
  }

  #isPosted(key: string): boolean {
    return (this.standing(key)?.messageId ?? '') !== '';
  }

  #isPending(wish: Wish): boolean {
    return isPending(wish, this.standing(wish.card.key));
  }

  #order(): number {
    this.#wanted += 1;
    return this.#wanted;
  }
}
