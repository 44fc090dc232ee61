import { type Browser, chromium as driver, type Locator, type Page } from 'playwright-core';
import { chromium } from './machine.ts';
import { WITHIN } from './process.ts';

/** Nothing of the browser looks for anything outside this machine. */
const ALONE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openBrowser = (): Promise<Browser> => driver.launch({ executablePath: chromium(), headless: true, args: ALONE });

/** The emulator's page, as a person uses it. */
export class SlackPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WITHIN);
  }

  static async open(browser: Browser, address: string): Promise<SlackPage> {
    const page = await browser.newPage({ viewport: { width: 1_240, height: 900 } });
    await page.goto(address);
    return new SlackPage(page);
  }

  async actAs(user: string): Promise<void> {
    await this.page.locator('select').first().selectOption(user);
  }
  async type(text: string): Promise<void> {
    await this.page.locator('.composer-input').first().fill(text);
    await this.page.locator('.composer-send').first().click();
  }
  /** Opens the thread under the channel's newest message that says this. */
  async openThread(words: RegExp): Promise<void> {
    await this.#message(words).locator('.thread-summary').click();
    await this.page.locator('.thread-pane').waitFor();
  }
  async closeThread(): Promise<void> {
    await this.page.locator('.thread-x').click();
  }
  thread(words: RegExp): Locator {
    return this.page.locator('.thread-pane .msg', { hasText: words }).last();
  }
  inChannel(words: RegExp): Locator {
    return this.#message(words);
  }
  async press(where: Locator, name: string): Promise<void> {
    await where.getByRole('button', { name, exact: true }).click();
  }
  /** Writes into the form that is open, and sends it. */
  async answerForm(words: string): Promise<void> {
    const modal = this.page.locator('.modal');
    await modal.locator('input, textarea').first().fill(words);
    await modal.getByRole('button', { name: 'Send', exact: true }).click();
    await modal.waitFor({ state: 'detached' });
  }
  async openHome(): Promise<void> {
    await this.page.locator('.sidebar-item', { hasText: 'lifeguard' }).first().click();
    await this.page.getByText('Pool health').waitFor();
  }
  async openChannel(name: string): Promise<void> {
    await this.page.locator('.sidebar-item', { hasText: name }).first().click();
  }
  /** The emulator shows neither Slack's date tokens nor files in image blocks; a picture of it has what Slack shows for them. */
  async picture(file: string, uploaded: readonly string[] = []): Promise<void> {
    await this.page.evaluate(`{
      const uploaded = ${JSON.stringify(uploaded)};
      const broken = [...document.querySelectorAll('.thread-pane img')].filter(({ alt }) => alt.startsWith('Map of'));
      for (const [index, image] of broken.entries()) image.src = uploaded[index] ?? image.src;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
        node.textContent = node.textContent.replace(/<!date\\^\\d+\\^\\{time\\}\\|([^>]+)>/g, '$1');
    }`);
    await this.page.waitForFunction('[...document.images].every(({ complete }) => complete)');
    await this.page.screenshot({ path: file });
  }

  #message(words: RegExp): Locator {
    return this.page.locator('.messages .msg', { hasText: words }).last();
  }
}
