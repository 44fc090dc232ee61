import type { View } from '@slack/types';
import type { Card } from '../../messages/card.ts';
import type { HomePage } from '../../messages/home.ts';
import type { Account } from './accounts.ts';

/** How often the pages of those who have looked at theirs are brought up to date at most, in milliseconds. */
const REFRESH_EVERY = 10_000;
/** How many pages are kept up to date: whoever looked longest ago has theirs made anew when they open it again. */
const KEPT = 50;

/** What the pages take. */
export interface HomesHands {
  readonly pageOf: (account: Account) => Promise<HomePage | Card>;
  readonly viewOf: (page: HomePage | Card) => View;
  readonly publish: (user: string, view: View) => Promise<void>;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Everybody's own page: made when it is opened, and brought up to date while things happen. */
export class Homes {
  readonly #hands: HomesHands;
  readonly #opened = new Map<string, Account>();
  #refreshing = false;

  constructor(hands: HomesHands) {
    this.#hands = hands;
  }

  async opened(account: Account): Promise<void> {
    this.#opened.delete(account.user);
    this.#opened.set(account.user, account);
    const [longestAgo] = this.#opened.keys();
    if (this.#opened.size > KEPT && longestAgo !== undefined) this.#opened.delete(longestAgo);
    await this.#show(account);
  }

  /** Something changed that a page may show. However often it does, the pages follow now and then. */
  async changed(): Promise<void> {
    if (this.#refreshing || this.#opened.size === 0) return;
    this.#refreshing = true;
    await this.#hands.wait(REFRESH_EVERY);
    this.#refreshing = false;
    for (const account of [...this.#opened.values()]) await this.#show(account);
  }

  async #show(account: Account): Promise<void> {
    const { pageOf, viewOf, publish } = this.#hands;
    await publish(account.user, viewOf(await pageOf(account)));
  }
}
