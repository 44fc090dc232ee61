import { type Instant, minutes } from '../../domain/time.ts';
import type { Posted } from '../../ports.ts';
import { type Budget, backOff } from './delivery-budget.ts';
import type { Call, Queue } from './delivery-queue.ts';
import { INTENT, type Wish } from './delivery-wish.ts';
import type { LaneListener, Place, World } from './delivery-world.ts';
import type { Content, Stamp } from './messenger.ts';
import type { Setback } from './setback.ts';

/** Until somebody has given us a token that works, it is enough to ask now and then. */
export const UNAUTHORISED_PAUSE = minutes(1);

/** After so long without an answer something else has to be done than to try again. */
const SILENT_FOR = minutes(5);

/** One card as it was when a call was made for it: it may change before the answer comes. */
interface Try {
  readonly wish: Wish;
  readonly channel: string;
  readonly digest: string;
  readonly content: Content;
}

/** What a lane and its sender work on together. */
export interface Workplace {
  readonly place: Place;
  readonly world: World;
  readonly listener: LaneListener;
  readonly queue: Queue;
  readonly budget: Budget;
}

/** Makes the calls for one place, one for each turn, and sees to what comes of them. */
export class Sender {
  readonly #place: Place;
  readonly #world: World;
  readonly #listener: LaneListener;
  readonly #queue: Queue;
  readonly #budget: Budget;
  /** It was seen to be shared: until it is known to be ours alone again, nothing at all goes there. */
  #shared = false;
  /** Since when nothing has been answered; null: the last call was. */
  #silentSince: Instant | null = null;
  #silenceTold = false;

  constructor({ place, world, listener, queue, budget }: Workplace) {
    this.#place = place;
    this.#world = world;
    this.#listener = listener;
    this.#queue = queue;
    this.#budget = budget;
  }

  async send(wish: Wish, call: Call, channel: string): Promise<void> {
    const { digest, card, note } = wish;
    const attempt = { wish, channel, digest, content: { card, note, plain: wish.plain === digest } };
    if (call === 'find') return await this.#find(attempt);
    if (!(await this.#mayShow(attempt))) return;
    return call === 'post' ? await this.#post(attempt) : await this.#edit(attempt);
  }

  /** Buttons that change servers are not for strangers, and a channel may have been shared since the last look. */
  async #mayShow({ wish, channel, content }: Try): Promise<boolean> {
    if (this.#place.kind === 'direct' || (content.card.buttons.length === 0 && !this.#shared)) return true;
    const trusted = await this.#world.trusted(channel);
    this.#shared = trusted === 'no' || (this.#shared && trusted === 'unknown');
    if (trusted === 'unknown') this.#backOff(wish, 'it is not known whether the channel is shared');
    if (trusted === 'no') await this.#listener.closed('it is shared with another organisation');
    return trusted === 'yes';
  }

  /** An intent without a message: it was posted and we do not know, or it was not. */
  async #find(attempt: Try): Promise<void> {
    const { wish, channel } = attempt;
    this.#spend();
    const found = await this.#world.messenger.find(channel, this.#queue.threadOf(wish), this.#stamp(wish));
    // A thread that is gone has nothing of ours in it.
    if (found.kind === 'gone' || (found.kind === 'found' && found.messageId === null)) return this.#queue.absent(wish.card.key);
    if (found.kind === 'found')
      return await this.#remember(channel, wish.card.key, { messageId: found.messageId ?? '', digest: '' });
    if (found.kind === 'refused') return this.#backOff(wish, `it could not be looked for: ${found.because}`);
    await this.#setBack(attempt, 'find', found);
  }

  async #post(attempt: Try): Promise<void> {
    const { wish, channel, content } = attempt;
    const { key, tone } = content.card;
    if (this.#queue.standing(key) === null) await this.#remember(channel, key, INTENT);
    this.#spend();
    const thread = this.#queue.threadOf(wish);
    const broadcast = thread !== null && tone === 'alarm';
    const answer = await this.#world.messenger.post({ channel, thread, broadcast, content, stamp: this.#stamp(wish) });
    if (answer.kind === 'sent') return await this.#sent(attempt, answer.messageId);
    if (answer.kind === 'unknown') this.#queue.perhapsPosted(key);
    else this.#queue.absent(key);
    if (answer.kind === 'gone') this.#threadGone(wish);
    else await this.#setBack(attempt, 'post', answer);
  }

  async #edit(attempt: Try): Promise<void> {
    const { wish, channel, content } = attempt;
    const messageId = this.#queue.standing(wish.card.key)?.messageId ?? '';
    this.#spend();
    const answer = await this.#world.messenger.edit(channel, messageId, content);
    if (answer.kind === 'sent') await this.#sent(attempt, messageId);
    else if (answer.kind === 'gone') await this.#postAgain(attempt);
    else await this.#setBack(attempt, 'edit', answer);
  }

  async #sent({ wish, channel, digest }: Try, messageId: string): Promise<void> {
    this.#queue.sent(wish);
    await this.#remember(channel, wish.card.key, { messageId, digest });
    await this.#listener.reached();
    this.#answered();
  }

  /** What was never said meanwhile is old by now; whoever listens makes one message of it. */
  #answered(): void {
    const [since, told] = [this.#silentSince, this.#silenceTold];
    this.#silentSince = null;
    this.#silenceTold = false;
    if (since !== null && told) this.#listener.returned(since);
  }

  #unanswered(): void {
    const now = this.#world.pace.now();
    this.#silentSince ??= now;
    if (this.#silenceTold || now - this.#silentSince < SILENT_FOR) return;
    this.#silenceTold = true;
    this.#listener.silent();
  }

  /** What it stands under seems to be deleted; whether it is, an edit of that will say. */
  #threadGone(wish: Wish): void {
    const { under } = wish.card;
    const parent = under === null ? null : this.#queue.standing(under);
    if (under !== null && parent !== null) this.#queue.stands(under, { ...parent, digest: '' });
    this.#backOff(wish, 'its thread is gone');
  }

  /** Somebody deleted it. What was said under it is still there, and is where people will look for it. */
  async #postAgain({ wish, channel, content }: Try): Promise<void> {
    const { key, under } = content.card;
    const near = under === null ? this.#queue.newestUnder(key) : (this.#queue.standing(under)?.messageId ?? null);
    const link = near === null ? null : await this.#world.messenger.permalink(channel, near);
    wish.note = `Posted again: the message before was deleted.${link === null ? '' : ` Its thread: ${link}`}`;
    await this.#remember(channel, key, INTENT);
    this.#queue.absent(key);
  }

  /** What became of a call that did not do what it was for. */
  async #setBack({ wish, digest, content }: Try, call: Call, setback: Exclude<Setback, { kind: 'gone' }>): Promise<void> {
    const facts = { key: content.card.key, place: this.#place, call, ...setback };
    switch (setback.kind) {
      case 'later':
        this.#world.log(facts, `${this.#world.platform} asks for fewer calls`);
        this.#queue.hold(call, this.#in(setback.afterMs));
        return;
      case 'unknown':
        this.#unanswered();
        this.#backOff(wish, setback.because);
        return;
      case 'closed':
        this.#world.log(facts, 'the place takes nothing from us');
        await this.#listener.closed(setback.because);
        return;
      case 'unauthorised':
        this.#world.log(facts, `${this.#world.platform} does not let us in`);
        this.#unanswered();
        this.#budget.holdUntil(this.#in(UNAUTHORISED_PAUSE));
        return;
      case 'refused':
        this.#world.log(
          { ...facts, card: content.card },
          content.plain ? 'a card was refused as plain text too' : 'a card was refused',
        );
        if (content.plain) wish.givenUp = digest;
        else wish.plain = digest;
    }
  }

  #backOff(wish: Wish, because: string): void {
    wish.failures += 1;
    wish.notBefore = this.#in(backOff(wish.failures, this.#world.random()));
    this.#world.log({ key: wish.card.key, place: this.#place, failures: wish.failures, because }, 'a card could not be sent');
  }

  async #remember(channel: string, key: string, posted: Posted): Promise<void> {
    this.#queue.stands(key, posted);
    await this.#world.store.savePosted(key, channel, posted);
  }

  #spend(): void {
    this.#budget.spend(this.#world.pace.now());
  }

  #in(milliseconds: number): Instant {
    return this.#world.pace.now() + milliseconds;
  }

  #stamp({ card }: Wish): Stamp {
    return { key: card.key, mark: this.#world.mark };
  }
}
