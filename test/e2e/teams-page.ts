import type { Browser, Locator, Page } from 'playwright-core';
import { AT_THE_PAGE, BOT_NAME, type PlaygroundUser } from './playground-people.ts';
import { WITHIN } from './process.ts';

/** The chats beside the conversation, as the page names them. */
const CHATS = { personal: 'Personal Chat', group: 'Ops approvals', channel: 'lync-ops' } as const;
type Chat = keyof typeof CHATS;

/** Narrower, and the list of chats is hidden. */
const SIZE = { width: 1_400, height: 1_000 };
/** A post with its whole thread, in pixels. */
const TALL = 2_400;

/** A page shows only what is told on its stream, and what is told before that is open never comes. */
const TELLS_OF_ITS_STREAM = `
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      const tell = () => (document.documentElement.dataset.stream = 'open');
      if (String(where[0]).includes('/conversations/stream')) this.addEventListener('open', tell);
    }
  };
`;
/** What the page says of itself, which Teams does not: cards are not as wide here as they are there. */
const HIDES_NOTES = `
  for (const each of document.querySelectorAll('span'))
    if (each.textContent.startsWith('Full width control is not supported yet')) each.parentElement.parentElement.style.display = 'none';
`;

/**
 * The Playground's page, as a person uses it. It is always Dana's; what somebody else presses is sent in their name. A reply in
 * a thread that was begun on another page ends all that it hears: a line for all pages to see is typed where there are no threads.
 */
export class TeamsPage {
  readonly page: Page;
  #user: PlaygroundUser = AT_THE_PAGE;

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WITHIN);
  }

  static async open(browser: Browser, address: string, user: PlaygroundUser = AT_THE_PAGE): Promise<TeamsPage> {
    const page = await browser.newPage({ viewport: SIZE });
    const opened = new TeamsPage(page);
    opened.actAs(user);
    await page.route(/_conversation\/v1\/(invoke|submit)$/, async (route) => {
      const body = route.request().postDataJSON() as object;
      await route.continue({ postData: JSON.stringify({ ...body, from: { id: opened.#user } }) });
    });
    await page.addInitScript(TELLS_OF_ITS_STREAM);
    await page.goto(address);
    await page.locator('html[data-stream="open"]').waitFor({ state: 'attached' });
    await page.getByText('Connected.').waitFor();
    return opened;
  }

  /** Whoever presses from now on. What is typed is Dana's whoever types it. */
  actAs(user: PlaygroundUser): void {
    this.#user = user;
  }
  async openChat(chat: Chat): Promise<void> {
    const item = this.page.getByRole('treeitem', { name: CHATS[chat] });
    await item.click();
    await this.#composer().waitFor();
  }
  /** Types a line and sends it; where others read along, the bot hears it only when it is mentioned. */
  async say(text: string, chat: Chat): Promise<void> {
    await this.openChat(chat);
    await this.#composer().click();
    if (chat !== 'personal') {
      await this.page.keyboard.type(`@${BOT_NAME.slice(0, 4)}`);
      await this.page.getByRole('menuitem', { name: BOT_NAME }).click();
    }
    await this.page.keyboard.type(text);
    if (chat === 'channel') await this.page.getByRole('button', { name: 'Post', exact: true }).click();
    else await this.page.keyboard.press('Enter');
  }
  /** The card that says this. */
  card(words: RegExp): Locator {
    return this.page.locator('.ac-adaptiveCard', { hasText: words }).last();
  }
  /** Everything under one post of the channel, the card that says this among it. */
  post(words: RegExp): Locator {
    return this.page.locator('.fui-Card', { has: this.card(words) }).first();
  }
  /** Presses one button after the other, each of which shows the next. */
  async press(words: RegExp, ...names: readonly string[]): Promise<void> {
    for (const name of names) await this.card(words).getByRole('button', { name, exact: true }).first().click();
  }
  /** Writes into the field that a button has opened. */
  async fill(words: RegExp, text: string): Promise<void> {
    const field = this.card(words).locator('textarea');
    await field.fill(text);
    await field.blur();
  }
  /** What this person alone is told beside a card. */
  async told(words: RegExp): Promise<void> {
    await this.page.getByText(words).last().waitFor();
  }
  /** All of it, without what the page says of itself, which Teams does not. */
  async picture(file: string, of: Locator): Promise<void> {
    const before = this.page.viewportSize() ?? SIZE;
    await this.page.setViewportSize({ ...before, height: TALL });
    await this.page.evaluate(HIDES_NOTES);
    await of.screenshot({ path: file });
    await this.page.setViewportSize(before);
  }

  #composer(): Locator {
    return this.page.locator('[data-lexical-editor="true"]').first();
  }
}
