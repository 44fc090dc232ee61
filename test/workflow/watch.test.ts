import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { lifeguard } from '../../src/bot.ts';
import { minutes } from '../../src/domain/time.ts';
import type { PoolReader } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';

/** Two watched pools in a world whose time goes on meanwhile; pool01 answers readiness when it is let to. */
async function aSlowPool() {
  const world = new World([], { effect: () => {}, state: () => {} });
  for (const name of ['pool01', 'pool02']) {
    const servers = [1, 2, 3].map((each) => `${name}fe${each}`).join('|');
    world.happen(parseLine(`! pool ${name} version 2013 servers 3 domains ${servers} watch 5m`, 1));
  }
  const [slow] = world.managed();
  const answers = Promise.withResolvers<void>();
  const asked: string[] = [];
  const reader: PoolReader = new Proxy(new SimulatedReader(world.pools), {
    get: (from, name: keyof PoolReader) => {
      const read = from[name].bind(from) as (...words: readonly unknown[]) => Promise<unknown>;
      return async (...words: readonly unknown[]) => {
        if (name === 'readiness') asked.push(String(words[0]));
        if (name === 'readiness' && words[0] === slow?.fqdn) await answers.promise;
        return read(...words);
      };
    },
  });
  const store = await openStore(':memory:');
  const bot = lifeguard({
    pools: world.managed(),
    reader,
    operator: new SimulatedOperator(world.pools),
    store,
    clock: { now: () => world.now() },
    surface: { show: async () => {} },
    patience: async () => {},
    placeOf: () => 'channel',
    log: () => {},
  });
  await bot.start();
  return { world, bot, store, asked, answers, slow: String(slow?.fqdn) };
}

test('a pool that does not answer its watch keeps nobody waiting, and is not asked again meanwhile', async () => {
  const { world, bot, asked, slow } = await aSlowPool();
  for (let times = 0; times < 6; times += 1) {
    world.moveTo(world.now() + minutes(5));
    await bot.runDue();
    // The other pool is looked at beside it; each of its looks needs some turns of the loop.
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(asked.filter((pool) => pool === slow).length, 1);
  assert.ok(asked.filter((pool) => pool !== slow).length >= 5, asked.join());
  assert.ok((bot.nextDue() ?? 0) > world.now(), 'what is being looked at is not due');
});

test('a look that is still under way when the program ends brings nothing down', async () => {
  const { world, bot, store, answers } = await aSlowPool();
  world.moveTo(world.now() + minutes(5));
  await bot.runDue();
  bot.stop();
  await new Promise((resolve) => setImmediate(resolve));
  await store.close();
  answers.resolve();
  // An unhandled rejection would fail this test.
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
});
