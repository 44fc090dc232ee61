import type { Card } from '../../messages/card.ts';
import type { HomePage } from '../../messages/home.ts';

/** How often the pages of those who have looked at theirs are brought up to date at most, in milliseconds. */
const REFRESH_EVERY = 10_000;
/** How many pages are kept up to date: whoever looked longest ago has theirs made anew when they open it again. */
const KEPT = 50;

/** What the pages take. `Account` is how the platform knows people. */
export interface HomesHands<Account> {
  /** One text for each account. */
  readonly nameOf: (account: Account) => string;
  readonly pageOf: (account: Account) => Promise<HomePage | Card>;
  /** `opened`: they asked to see it just now. */
  readonly publish: (account: Account, page: HomePage | Card, opened: boolean) => Promise<void>;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Everybody's own page: made when it is opened, and brought up to date while things happen. */
export class Homes<Account> {
  readonly #hands: HomesHands<Account>;
  readonly #opened = new Map<string, Account>();
  #refreshing = false;

  constructor(hands: HomesHands<Account>) {
    this.#hands = hands;
  }

  async opened(account: Account): Promise<void> {
    const name = this.#hands.nameOf(account);
    this.#opened.delete(name);
    this.#opened.set(name, account);
    const [longestAgo] = this.#opened.keys();
    if (this.#opened.size > KEPT && longestAgo !== undefined) this.#opened.delete(longestAgo);
    await this.#show(account, true);
  }

  /** Something changed that a page may show. However often it does, the pages follow now and then. */
  async changed(): Promise<void> {
    if (this.#refreshing || this.#opened.size === 0) return;
    this.#refreshing = true;
    await this.#hands.wait(REFRESH_EVERY);
    this.#refreshing = false;
    for (const account of [...this.#opened.values()]) await this.#show(account, false);
  }

  async #show(account: Account, opened: boolean): Promise<void> {
    const { pageOf, publish } = this.#hands;
    await publish(account, await pageOf(account), opened);
  }
}
