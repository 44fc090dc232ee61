import { Delivery, type DeliveryOptions } from '../../../src/adapters/chat/delivery.ts';
import type { Content, Messenger, Post } from '../../../src/adapters/chat/messenger.ts';
import type { Setback } from '../../../src/adapters/chat/setback.ts';
import { seconds } from '../../../src/domain/time.ts';
import type { Card } from '../../../src/messages/card.ts';
import type { About, Posted } from '../../../src/ports.ts';
import { dana, POOL01 } from '../../support.ts';

export const C1 = 'C1';
export const C2 = 'C2';
/** Dana's Slack user, and the conversation with her. */
export const [DANA, DM] = ['U-dana', 'D-U-dana'];
export const ABOUT: About = { pool: POOL01, owner: dana };

/** A card of run 1: `live('checking')`, `ask('approve?')`. */
export const card = (key: string, title: string, more: Partial<Card> = {}): Card => ({
  key,
  under: null,
  tone: 'calm',
  title,
  lines: [],
  buttons: [],
  ...more,
});
export const live = (title: string, more: Partial<Card> = {}): Card => card('run-1', title, more);
export const milestone = (seq: number, title: string, more: Partial<Card> = {}): Card =>
  card(`run-1-${seq}`, title, { under: 'run-1', ...more });
export const request = (title: string, more: Partial<Card> = {}): Card =>
  card('run-1-request-1', title, {
    under: 'run-1',
    tone: 'ask',
    buttons: [{ id: 'approve', label: 'Approve', command: 'approve 7KQ4', asks: null, confirm: null }],
    ...more,
  });

type Method = 'post' | 'edit' | 'find' | 'permalink' | 'open';
type Fault = Setback | 'lost' | 'killed-after';

/** A message as the workspace has it. */
export interface Message extends Post {
  readonly id: string;
  shows: Content;
  deleted: boolean;
}

/** Slack in memory: what stands where, and every call that was made, with what it was told to answer. */
export class Workspace implements Messenger {
  readonly messages: Message[] = [];
  readonly calls: { readonly at: number; readonly call: Method; readonly channel: string; readonly says: string }[] = [];
  readonly closed = new Map<string, string>();
  readonly #faults: { call: Method; channel: string | null; fault: Fault }[] = [];
  readonly #pace: VirtualPace;

  constructor(pace: VirtualPace) {
    this.#pace = pace;
  }

  /** The next such calls end like this. `lost`: done, but the answer never came. */
  fails(call: Method, fault: Fault, times = 1, channel: string | null = null): void {
    for (let time = 0; time < times; time += 1) this.#faults.push({ call, channel, fault });
  }

  /** No call fails any more. */
  mends(): void {
    this.#faults.length = 0;
  }

  /** What people see, oldest first. */
  seen(channel: string): readonly string[] {
    return this.standing(channel).map(({ shows }) => shows.card.title);
  }

  standing(channel: string): readonly Message[] {
    return this.messages.filter((message) => message.channel === channel && !message.deleted);
  }

  delete(title: string): void {
    for (const message of this.messages) if (message.shows.card.title === title) message.deleted = true;
  }

  post(post: Post): Promise<{ kind: 'sent'; messageId: string } | Setback> {
    return this.#answer('post', post.channel, post.content.card.title, () => {
      const parent = this.messages.find(({ id }) => id === post.thread);
      if (post.thread !== null && (parent === undefined || parent.deleted)) return { kind: 'gone' };
      const id = `${this.messages.length + 1}.0`;
      this.messages.push({ ...post, id, shows: post.content, deleted: false });
      return { kind: 'sent', messageId: id };
    });
  }

  edit(channel: string, messageId: string, content: Content): Promise<{ kind: 'sent'; messageId: string } | Setback> {
    return this.#answer('edit', channel, content.card.title, () => {
      const message = this.messages.find(({ id }) => id === messageId);
      if (message === undefined || message.deleted) return { kind: 'gone' };
      message.shows = content;
      return { kind: 'sent', messageId };
    });
  }

  find(
    channel: string,
    thread: string | null,
    stamp: Post['stamp'],
  ): Promise<{ kind: 'found'; messageId: string | null } | Setback> {
    return this.#answer('find', channel, stamp.key, () => {
      const ours = this.standing(channel).find(
        (message) => message.thread === thread && message.stamp.key === stamp.key && message.stamp.mark === stamp.mark,
      );
      return { kind: 'found', messageId: ours?.id ?? null };
    });
  }

  async permalink(channel: string, messageId: string): Promise<string | null> {
    const answer = await this.#answer<{ kind: 'link' }>('permalink', channel, messageId, () => ({ kind: 'link' }));
    return answer.kind === 'link' ? `https://slack.test/${channel}/${messageId}` : null;
  }

  openDirect(user: string): Promise<{ kind: 'opened'; channel: string } | Setback> {
    return this.#answer('open', user, user, () => ({ kind: 'opened', channel: `D-${user}` }));
  }

  async #answer<Good>(call: Method, channel: string, says: string, act: () => Good | Setback): Promise<Good | Setback> {
    this.calls.push({ at: this.#pace.now(), call, channel, says });
    const index = this.#faults.findIndex((each) => each.call === call && (each.channel ?? channel) === channel);
    const fault = index === -1 ? null : (this.#faults.splice(index, 1)[0]?.fault ?? null);
    if (fault !== null && typeof fault !== 'string') return fault;
    const because = this.closed.get(channel);
    if (because !== undefined) return { kind: 'closed', because };
    const done = act();
    if (fault === 'killed-after') return await new Promise(() => undefined);
    return fault === 'lost' ? { kind: 'unknown', because: 'no answer' } : done;
  }
}

/** A clock that stands still until it is moved. */
export class VirtualPace {
  #now = 1_900_000_000_000;
  #waiting: { readonly at: number; readonly go: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((go) => this.#waiting.push({ at: this.#now + milliseconds, go }));
  }

  /** Whatever can happen without time passing has happened. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Goes to the next time that somebody waits for, unless that is later than this. */
  async next(latest = Number.POSITIVE_INFINITY): Promise<boolean> {
    const at = Math.min(...this.#waiting.map((each) => each.at));
    if (at > latest || at === Number.POSITIVE_INFINITY) return false;
    const due = this.#waiting.filter((each) => each.at === at);
    this.#waiting = this.#waiting.filter((each) => each.at !== at);
    this.#now = Math.max(this.#now, at);
    for (const { go } of due) go();
    await this.settle();
    return true;
  }

  async advance(milliseconds: number): Promise<void> {
    await this.settle();
    const until = this.#now + milliseconds;
    while (await this.next(until));
    this.#now = until;
    await this.settle();
  }
}

/** What was posted where, as a record on disk keeps it: it outlives the bot. */
export class Postings {
  readonly #rows = new Map<string, Posted>();
  /** How many more writes there are before the bot is killed. */
  writesLeft = Number.POSITIVE_INFINITY;

  async posted(key: string, place: string): Promise<Posted | null> {
    return this.#rows.get(`${key} ${place}`) ?? null;
  }

  async savePosted(key: string, place: string, posted: Posted): Promise<void> {
    this.writesLeft -= 1;
    if (this.writesLeft < 0) return await new Promise(() => undefined);
    this.#rows.set(`${key} ${place}`, posted);
  }
}

/** A workspace, a record, and a bot that can be started anew on both. */
export class DeliveryWorld {
  readonly pace = new VirtualPace();
  readonly slack = new Workspace(this.pace);
  readonly record = new Postings();
  readonly logged: { readonly facts: Readonly<Record<string, unknown>>; readonly message: string }[] = [];
  channels: readonly string[] = [C1];
  trusted: 'yes' | 'no' | 'unknown' = 'yes';
  /** What another platform is told: the cards that are open here, and that this one is back. */
  readonly outages: (readonly string[] | 'over')[] = [];
  readonly outage = {
    began: (open: readonly { readonly card: Card }[]) => void this.outages.push(open.map(({ card }) => card.key)),
    ended: () => void this.outages.push('over'),
  };
  delivery: Delivery;

  constructor(more: Partial<DeliveryOptions> = {}) {
    this.delivery = this.started(more);
  }

  started(more: Partial<DeliveryOptions> = {}): Delivery {
    return new Delivery({
      platform: 'Slack',
      rate: { every: seconds(1), burst: 3 },
      messenger: this.slack,
      store: this.record,
      pace: this.pace,
      random: () => 0.5,
      mark: 'installation-1',
      destinations: { channelsOf: () => this.channels, userOf: (person) => `U-${person}` },
      trusted: async (channel) => (channel === C1 ? this.trusted : 'yes'),
      outage: this.outage,
      log: (facts, message) => this.logged.push({ facts, message }),
      ...more,
    });
  }

  /** The process is gone, and another works on what it left. */
  restart(): void {
    this.record.writesLeft = Number.POSITIVE_INFINITY;
    this.delivery = this.started();
  }

  async show(...cards: readonly Card[]): Promise<void> {
    for (const each of cards) await this.delivery.show(each, ABOUT);
  }

  /** Shows these and lets time pass until nothing is left to send. */
  async sends(...cards: readonly Card[]): Promise<void> {
    await this.show(...cards);
    let idle = false;
    void this.delivery.idle().then(() => {
      idle = true;
    });
    await this.pace.settle();
    for (let turns = 0; !idle; turns += 1) {
      if (turns > 10_000 || !(await this.pace.next())) throw new Error('it never comes to rest');
    }
  }
}
