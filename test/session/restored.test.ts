import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import type { OpenedStore } from '../../src/adapters/store/opened.ts';
import { restore } from '../../src/adapters/store/restore.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../src/bot.ts';
import type { ServerFqdn } from '../../src/domain/pool.ts';
import { minutes } from '../../src/domain/time.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-restored-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** One pool that lives on while bots come and go, and what was done to its servers and seen of them, in order. */
class LongNight {
  readonly happened: string[] = [];
  readonly world: World;
  readonly #dana;
  readonly #omar;
  #delivered = 0;

  constructor(pool: string) {
    this.world = new World([], {
      effect: (_pool, server, cmdlet) => void this.happened.push(`${cmdlet} ${server}`),
      state: () => {},
    });
    this.world.happen(parseLine(pool, 0));
    this.#dana = this.world.meet('dana');
    this.#omar = this.world.meet('omar');
  }

  async bot(store: OpenedStore): Promise<Lifeguard> {
    const { world, happened } = this;
    class Watched extends SimulatedReader {
      override async server(...[pool, server]: Parameters<SimulatedReader['server']>) {
        happened.push(`look ${server}`);
        return super.server(pool, server);
      }
    }
    const bot = lifeguard({
      pools: world.managed(),
      reader: new Watched(world.pools),
      operator: new SimulatedOperator(world.pools),
      store,
      clock: { now: () => world.now() },
      placeOf: () => 'console:night',
      log: () => {},
      surface: { show: async () => {} },
    });
    await bot.start();
    await bot.runDue();
    return bot;
  }
  async say(bot: Lifeguard, text: string): Promise<string> {
    this.#delivered += 1;
    const by = text.startsWith('approve') ? this.#omar : this.#dana;
    const { card, follow } = await bot.hear({ text, by, deliveryId: `line-${this.#delivered}` });
    await follow();
    return [card.title, ...card.lines].join('\n');
  }
  /** Minutes pass, one by one, and somebody says yes to whatever is asked. */
  async pass(bot: Lifeguard, count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      const until = this.world.now() + minutes(1);
      for (let due = bot.nextDue(); due !== null && due <= until; due = bot.nextDue()) {
        if (due > this.world.now()) this.world.moveTo(due);
        await bot.runDue();
      }
      this.world.moveTo(until);
      await this.say(bot, 'approve');
    }
  }
}

for (const [name, pool] of [
  ['upgrade-domains', '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 patch by-command'],
  ['server-failover', '! pool pool01 version 2019 servers 3 domains fe1|fe2|fe3 patch by-command'],
] as const) {
  test(`${name}: a record restored in the middle of a run is a quarter of an hour old; its bot looks before each thing it does`, {
    timeout: 120_000,
  }, async () => {
    for (let minute = 1; minute <= 50; minute += 6) {
      const night = new LongNight(pool);
      const store = await openStore(':memory:');
      const first = await night.bot(store);
      await night.say(first, 'upgrade pool01');
      await night.pass(first, minute);
      const copy = join(folder, `${name}-${minute}.db`);
      await store.backup(copy);
      await night.pass(first, 15);
      await store.close();

      const file = join(folder, `${name}-${minute}-restored.db`);
      await restore(copy, { file });
      const restored = await openStore(file);
      const begins = night.happened.length;
      const second = await night.bot(restored);
      await night.pass(second, 300);
      const since = night.happened.slice(begins);
      for (const [index, what] of since.entries()) {
        if (what.startsWith('look ')) continue;
        const server = what.split(' ')[1] as ServerFqdn;
        const before = since.slice(0, index).findLast((each) => each.endsWith(` ${server}`));
        assert.equal(before, `look ${server}`, `restored at minute ${minute}: ${what} after ${before ?? 'nothing'}`);
      }
      const status = await night.say(second, 'status pool01');
      const why = await night.say(second, 'why pool01');
      assert.match(`${status}\n${why}`, /is OK|held/, `restored at minute ${minute}`);
      await restored.close();
    }
  });
}
