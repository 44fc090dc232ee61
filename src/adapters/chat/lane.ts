import type { Instant } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { About } from '../../ports.ts';
import { Budget, backOff } from './delivery-budget.ts';
import { Queue, type Turn } from './delivery-queue.ts';
import { Sender, UNAUTHORISED_PAUSE } from './delivery-sender.ts';
import type { Wish } from './delivery-wish.ts';
import type { LaneListener, Place, World } from './delivery-world.ts';

type Step = Exclude<Turn, { kind: 'rest' }> | { readonly kind: 'open'; readonly user: string };

/**
 * The way to one place: one call at a time and no more of them than the place may be given, the newest state of each card
 * and nothing older. A card that cannot be sent holds up itself and what stands under it, and nothing else.
 */
export class Lane {
  readonly #place: Place;
  readonly #world: World;
  readonly #listener: LaneListener;
  readonly #queue = new Queue();
  readonly #budget: Budget;
  readonly #sender: Sender;
  #channel: string | null;
  #failedOpenings = 0;
  #wakeAt: Instant | null = null;
  #busy = false;
  /** Ends when the calls under way have. */
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(place: Place, world: World, listener: LaneListener) {
    this.#place = place;
    this.#world = world;
    this.#listener = listener;
    this.#budget = new Budget(world.rate);
    this.#sender = new Sender({ place, world, listener, queue: this.#queue, budget: this.#budget });
    this.#channel = place.kind === 'channel' ? place.channel : null;
  }

  /** Whether no call is under way and nothing waits for its time. */
  get idle(): boolean {
    return !this.#busy && (this.#stopped || this.#wakeAt === null);
  }

  /** Wants this card, and nothing older, to stand here. */
  want(card: Card, about: About): void {
    this.#queue.want(card, about);
    // Not at once: what is wanted together is all wanted before anything is sent, for the last of it may go first.
    if (!this.#busy && !this.#stopped) this.#wake(this.#world.pace.now());
  }

  /** Wants a card no longer, which is somebody else's to place now; null: it was not wanted. */
  release(key: string): Wish | null {
    return this.#queue.release(key);
  }

  /** Wants nothing any longer that is still to be said or answered. */
  releaseOpen(): readonly Wish[] {
    return this.#queue.releaseOpen();
  }

  /** What waits for somebody here, or is to be seen. */
  open(): readonly Wish[] {
    return this.#queue.open();
  }

  /** Wants nothing any longer that has never been said here and asks nobody for anything. */
  releaseUnsaid(): readonly Wish[] {
    return this.#queue.releaseUnsaid();
  }

  /** Sends nothing before then. */
  holdUntil(at: Instant): void {
    this.#budget.holdUntil(at);
  }

  /** Starts no further call, and comes back when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
    this.#listener.rested();
  }

  #go(): void {
    if (this.#busy || this.#stopped) return;
    this.#busy = true;
    this.#working = this.#work();
  }

  async #work(): Promise<void> {
    let turn = this.#turn();
    while (turn.kind !== 'rest' && !this.#stopped) {
      await this.#take(turn);
      turn = this.#turn();
    }
    this.#busy = false;
    this.#wake(turn.kind === 'rest' ? turn.until : null);
    this.#listener.rested();
  }

  #turn(): Turn | Step {
    const now = this.#world.pace.now();
    const at = this.#budget.readyAt();
    if (this.#channel !== null || this.#place.kind === 'channel' || this.#queue.empty) return this.#queue.turn(now, at);
    return at <= now ? { kind: 'open', user: this.#place.user } : { kind: 'rest', until: at };
  }

  #wake(at: Instant | null): void {
    if (this.#wakeAt === at) return;
    this.#wakeAt = at;
    if (at === null) return;
    void this.#world.pace.wait(at - this.#world.pace.now()).then(() => {
      // Something that may go earlier has made another time of it.
      if (this.#wakeAt !== at) return;
      this.#wakeAt = null;
      this.#go();
    });
  }

  async #take(turn: Step): Promise<void> {
    if (turn.kind === 'open') return await this.#open(turn.user);
    const channel = this.#channel;
    if (channel === null) return;
    if (turn.kind === 'load') return this.#queue.stands(turn.key, await this.#world.store.posted(turn.key, channel));
    return await this.#sender.send(turn.wish, turn.call, channel);
  }

  /** What stands in a conversation is in the record under the conversation's id, which the platform alone knows. */
  async #open(user: string): Promise<void> {
    this.#budget.spend(this.#world.pace.now());
    const answer = await this.#world.messenger.openDirect(user);
    if (answer.kind === 'opened') {
      this.#channel = answer.channel;
      return;
    }
    this.#failedOpenings += 1;
    this.#world.log({ user, ...answer }, 'a conversation could not be opened');
    if (answer.kind === 'closed' || answer.kind === 'refused') await this.#listener.closed(answer.because);
    else if (answer.kind === 'later') this.holdUntil(this.#in(answer.afterMs));
    else if (answer.kind === 'unauthorised') this.holdUntil(this.#in(UNAUTHORISED_PAUSE));
    else this.holdUntil(this.#in(backOff(this.#failedOpenings, this.#world.random())));
  }

  #in(milliseconds: number): Instant {
    return this.#world.pace.now() + milliseconds;
  }
}
