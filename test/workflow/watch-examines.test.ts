import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { lifeguard } from '../../src/bot.ts';
import { minutes } from '../../src/domain/time.ts';
import { plain } from '../../src/messages/spans.ts';
import type { PoolReader } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';
import { dana } from '../support.ts';

/** A watched pool of which one server was patched by hand; `meanwhile` happens while it is asked for its patch levels. */
async function examined(...weather: readonly string[]) {
  const world = new World([], { effect: () => {}, state: () => {} });
  const lines = ['! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 watch 5m', '! person dana view operate', ...weather];
  for (const line of lines) world.happen(parseLine(line, 1));
  const said = new Set<string>();
  const asked: (readonly string[])[] = [];
  let meanwhile = async (): Promise<void> => {};
  const reader: PoolReader = new Proxy(new SimulatedReader(world.pools), {
    get: (from, name: keyof PoolReader) => {
      const read = from[name].bind(from) as (...words: readonly unknown[]) => Promise<unknown>;
      return async (...words: readonly unknown[]) => {
        if (name !== 'condition') return read(...words);
        asked.push([words[1], words[2]].map(String));
        const found = await read(...words);
        await meanwhile();
        return found;
      };
    },
  });
  const bot = lifeguard({
    pools: world.managed(),
    reader,
    operator: new SimulatedOperator(world.pools),
    store: await openStore(':memory:'),
    clock: { now: () => world.now() },
    surface: { show: async ({ title }) => void said.add(plain(title)) },
    placeOf: () => 'channel',
    log: () => {},
  });
  await bot.start();
  const pass = async (time: number): Promise<void> => {
    for (const until = world.now() + time; world.now() < until; ) {
      world.moveTo(Math.min(until, Math.max(world.now(), bot.nextDue() ?? until, world.now() + 1)));
      await bot.runDue();
    }
  };
  const notes = (): readonly string[] => [...said].filter((title) => title.includes('patch levels'));
  return { bot, asked, pass, notes, during: (happens: () => Promise<void>) => (meanwhile = happens) };
}

test('levels that were read while somebody began a run are not told; once it is over they are, if nothing of it is left', async () => {
  const { bot, pass, notes, during } = await examined('! by-hand patched fe2');
  let said = 0;
  const say = async (text: string): Promise<void> => {
    said += 1;
    await (await bot.hear({ text, by: dana, deliveryId: `D${said}` })).follow();
  };
  during(async () => {
    during(async () => {});
    await say('upgrade pool01');
  });
  await pass(minutes(30));
  assert.deepEqual(notes(), []);
  await say('abort pool01');
  await pass(minutes(15));
  assert.deepEqual(notes(), ['pool01: patch levels differ: fe2 from fe1, fe3 (simulated)']);
});

test('every server is asked, those that run first, and no more until a day is over', async () => {
  const { asked, pass } = await examined('! down fe1');
  await pass(minutes(60 * 23));
  const [fe1, fe2, fe3] = [1, 2, 3].map((each) => `fe${each}.sim.example`);
  assert.deepEqual(asked, [[`${fe2},${fe3},${fe1}`, `${fe1},${fe2},${fe3}`]]);
  await pass(minutes(60 * 2));
  assert.equal(asked.length, 2);
});
