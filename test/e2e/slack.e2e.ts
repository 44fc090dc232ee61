import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Emulator } from './emulator.ts';
import { startLifeguard } from './lifeguard.ts';
import { openBrowser, SlackPage } from './page.ts';
import { pictureFile } from './pictures.ts';
import { freePort, type Running } from './process.ts';

const MODES = ['socket', 'http'] as const;
type Mode = (typeof MODES)[number];

/** The emulator, and the program in it. */
interface Rig {
  readonly emulator: Emulator;
  readonly lifeguard: Running;
  /** Kills the program and starts it again on its record. */
  restart(): Promise<Running>;
}

async function rig(t: TestContext, mode: Mode, speed: number): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-e2e-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = mode === 'http' ? await freePort() : null;
  const emulator = await Emulator.start(folder, port === null ? 'socket' : 'events', `http://127.0.0.1:${port}/slack/events`);
  t.after(() => emulator.end());
  const start = async (): Promise<Running> => {
    const started = await startLifeguard({ folder, slack: { emulator, port }, speed });
    t.after(() => started.end());
    return started;
  };
  const lifeguard = await start();
  return {
    emulator,
    lifeguard,
    restart: async () => {
      await lifeguard.end('SIGKILL');
      return start();
    },
  };
}

async function pageOf(t: TestContext, { emulator }: Rig): Promise<SlackPage> {
  const browser = await openBrowser();
  t.after(() => browser.close());
  return SlackPage.open(browser, emulator.address);
}

for (const mode of MODES) {
  test(`${mode}: two people upgrade a whole pool in the browser`, async (t) => {
    const it = await rig(t, mode, 600);
    const page = await pageOf(t, it);
    await page.actAs('U0DANA');
    await page.type('/pool upgrade pool01');
    for (const [domain, servers] of [
      ['1', ['fe1', 'fe2']],
      ['2', ['fe3', 'fe4']],
      ['3', ['fe5', 'fe6']],
    ] as const) {
      const request = new RegExp(`Approve\\? pool01: take upgrade domain ${domain} down`);
      await it.emulator.seen(request);
      await page.actAs('U0OMAR');
      await page.openThread(/Upgrade of pool01/);
      await page.thread(request).getByRole('button', { name: 'Approve' }).waitFor();
      if (domain === '1') await page.picture(pictureFile(`approval-${mode}`), await it.emulator.pictures());
      await page.press(page.thread(request), 'Approve');
      await page
        .thread(request)
        .getByText(/APPROVED at/)
        .waitFor();
      await page.closeThread();
      await page.actAs('U0DANA');
      for (const server of servers) {
        await page.press(page.inChannel(/Upgrade of pool01/), `Patched ${server}`);
        await it.emulator.seen(new RegExp(`${server}: patched, says dana`));
      }
      if (domain === '2') await page.picture(pictureFile(`live-card-${mode}`));
    }
    await it.emulator.seen(/pool01: finished: every upgrade domain of this run is upgraded/);
    await page.inChannel(/Upgrade of pool01: finished/).waitFor();
    await page.openThread(/Upgrade of pool01/);
    await page.picture(pictureFile(`finished-${mode}`));
    const standing = (await it.emulator.messages()).filter(({ ephemeral_to: to }) => to === undefined);
    const top = standing.filter(({ thread_ts: thread, ts }) => thread === undefined || thread === ts);
    assert.equal(top.length, 1, top.map(({ text }) => text).join('\n--\n'));
    assert.ok(standing.length - 1 <= 3 * 4 + 1, `${standing.length - 1} posts in the thread of a run of three domains`);
  });

  test(`${mode}: Deny asks for a reason, and a button from before says what became of it`, async (t) => {
    const it = await rig(t, mode, 60);
    const page = await pageOf(t, it);
    await it.emulator.command('U0DANA', 'upgrade pool01');
    const request = await it.emulator.seen(/Approve\? pool01/);
    await page.actAs('U0OMAR');
    await page.openThread(/Upgrade of pool01/);
    await page.press(page.thread(/Approve\? pool01/), 'Deny');
    await page.page.locator('.modal').waitFor();
    await page.picture(pictureFile(`reason-${mode}`));
    await page.answerForm('the backup pool is not steady');
    await page.thread(/DENIED by omar/).waitFor();
    await it.emulator.seen(/held: denied by omar: the backup pool is not steady/);
    await it.emulator.press('U0OMAR', request, 'press:approve');
    await it.emulator.seen(/no longer open: omar denied it: the backup pool is not steady/);
  });

  test(`${mode}: who may not approve changes nothing, and is told who may`, async (t) => {
    const it = await rig(t, mode, 60);
    await it.emulator.command('U0DANA', 'upgrade pool01');
    const request = await it.emulator.seen(/Approve\? pool01/);
    await it.emulator.press('U0KIM', request, 'press:approve');
    await it.emulator.seen(/that needs the right to approve on pool01, and you do not have it; dana, omar may/);
    await it.emulator.press('U0DANA', request, 'press:approve');
    await it.emulator.seen(/somebody else has to approve: omar/);
    assert.match((await it.emulator.seen(/Approve\? pool01/)).text, /code [2-9A-Z]{4}$/, 'the request is as it was');
  });

  test(`${mode}: killed while a request is open, it comes back, repairs its cards and takes the click`, async (t) => {
    const it = await rig(t, mode, 60);
    await it.emulator.command('U0DANA', 'upgrade pool01');
    const request = await it.emulator.seen(/Approve\? pool01/);
    // The emulator keeps no metadata, so a post that was not yet noted could not be found again: an answer comes after it.
    await it.emulator.command('U0KIM', 'pools');
    await it.emulator.seen(/^2 pools/);
    await it.restart();
    await it.emulator.seen(/I was away/);
    await it.emulator.press('U0OMAR', request, 'press:approve');
    await it.emulator.seen(/approved by omar; looking at the pool once more/);
    await it.emulator.seen(/Upgrade of pool01: stopping/);
    const requests = (await it.emulator.messages()).filter(({ text }) => /^:?.*Approve\? pool01/.test(text));
    assert.equal(requests.length, 1);
  });

  test(`${mode}: Busy three times prompts to fail over, and the page of one's own has it all`, async (t) => {
    const it = await rig(t, mode, 600);
    const page = await pageOf(t, it);
    it.lifeguard.type('! readiness Busy');
    await it.emulator.command('U0DANA', 'upgrade pool01');
    const prompt = await it.emulator.seen(/Pool problem: pool01: Busy 3 times, 10 minutes apart/);
    assert.match(prompt.text, /Advice: fail over to pool02.*Failing over is a person's decision/);
    assert.match(prompt.text, /Called: dana, omar\./);
    await page.actAs('U0DANA');
    await page.openThread(/Upgrade of pool01: held/);
    await page.thread(/Pool problem/).waitFor();
    await page.picture(pictureFile(`prompt-${mode}`));
    await page.closeThread();
    await page.openHome();
    await page.page.getByText(/Upgrade of pool01: held/).waitFor();
    await page.picture(pictureFile(`home-${mode}`));
    await page.page.getByRole('button', { name: 'Status' }).first().click();
    await page.page.locator('.modal').waitFor();
    await page.picture(pictureFile(`status-${mode}`));
    await page.page.locator('.modal', { hasText: /pool01 is NOT OK/ }).waitFor({ timeout: 5000 });
  });

  test(`${mode}: from the prompt a failover is planned, ticked, approved by somebody else, and told with what comes next`, async (t) => {
    const it = await rig(t, mode, 600);
    const page = await pageOf(t, it);
    it.lifeguard.type('! readiness InsufficientActiveFrontEnds');
    await it.emulator.command('U0DANA', 'upgrade pool01');
    await it.emulator.seen(/Pool problem: pool01: InsufficientActiveFrontEnds/);
    await page.actAs('U0DANA');
    await page.openThread(/Upgrade of pool01: held/);
    await page.press(page.thread(/Pool problem/), 'Plan failover');
    await page.closeThread();
    await page.press(page.inChannel(/Failover of pool01 to pool02: checking/), 'Tick edge-next-hop');
    await it.emulator.seen(/Approve\? Failover of pool01 to pool02/);
    await page.picture(pictureFile(`failover-card-${mode}`));
    await page.actAs('U0OMAR');
    await page.openThread(/Failover of pool01 to pool02/);
    await page
      .thread(/Approve\? Failover/)
      .getByRole('button', { name: 'Approve' })
      .waitFor();
    await page.picture(pictureFile(`failover-approval-${mode}`));
    await page.press(page.thread(/Approve\? Failover/), 'Approve');
    await it.emulator.seen(/Failover of pool01 to pool02: done; pool02 serves its users/);
    await page.inChannel(/Failover of pool01 to pool02: done/).waitFor();
    await page.picture(pictureFile(`failover-done-${mode}`));
  });
}
