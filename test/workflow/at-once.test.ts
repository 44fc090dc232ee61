import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { lifeguard } from '../../src/bot.ts';
import type { PoolCondition } from '../../src/domain/condition.ts';
import type { PoolFqdn, ServerFqdn } from '../../src/domain/pool.ts';
import type { PoolReadiness } from '../../src/domain/readiness.ts';
import { minutes } from '../../src/domain/time.ts';
import type { Answer, Ask } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';

/** A pool whose readiness cmdlet answers only when the test lets it. */
class SlowReader extends SimulatedReader {
  asked = 0;
  gate: Promise<void> = Promise.resolve();
  preflights = 0;
  override async condition(pool: PoolFqdn, ask: Ask, servers: readonly ServerFqdn[]): Promise<PoolCondition> {
    this.preflights += 1;
    await this.gate;
    return super.condition(pool, ask, servers);
  }
  override async readiness(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolReadiness>> {
    this.asked += 1;
    await this.gate;
    return super.readiness(pool, ask);
  }
}

/** One pool that was looked at five minutes ago; what the person at the other end has no patience for is over when `impatient` is called. */
async function night(context: TestContext) {
  const world = new World([], { effect: () => {}, state: () => {} });
  world.happen(parseLine('! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3', 0));
  const [dana, omar] = [world.meet('dana'), world.meet('omar')];
  const store = await openStore(':memory:');
  context.after(() => store.close());
  const reader = new SlowReader(world.pools);
  let impatient = Promise.withResolvers<void>();
  const bot = lifeguard({
    pools: world.managed(),
    reader,
    operator: new SimulatedOperator(world.pools),
    store,
    clock: { now: () => world.now() },
    patience: () => impatient.promise,
    placeOf: () => 'console:night',
    log: () => {},
    surface: { show: async () => {} },
  });
  await bot.start();
  let delivered = 0;
  const ask = async (text: string, by = dana) => {
    delivered += 1;
    return (await bot.hear({ text, by, deliveryId: `line-${delivered}` })).card.lines;
  };
  await ask('status pool01');
  world.moveTo(world.now() + minutes(5));
  const slow = Promise.withResolvers<void>();
  reader.gate = slow.promise;
  return {
    ask,
    omar,
    reader,
    answer: () => slow.resolve(),
    impatient: () => impatient.resolve(),
    patientAgain: () => {
      impatient = Promise.withResolvers();
    },
  };
}

test('the status of a pool that takes its time is the last one, with its age; the next one is new', async (context) => {
  const { ask, answer, impatient, patientAgain } = await night(context);
  const asked = ask('status pool01');
  impatient();
  assert.match((await asked).at(-1) ?? '', /^seen .*, 5 minutes ago$/);
  answer();
  patientAgain();
  assert.match((await ask('status pool01')).at(-1) ?? '', /^seen \S*$/);
});

test('a pool that answers at once is seen as it is now', async (context) => {
  const { ask, answer } = await night(context);
  const asked = ask('status pool01');
  answer();
  assert.doesNotMatch((await asked).at(-1) ?? '', /ago/);
});

test('what several people ask at the same time is asked of the pool once', async (context) => {
  const { ask, omar, reader, answer } = await night(context);
  const before = reader.asked;
  const answers = [ask('status pool01'), ask('status pool01', omar), ask('quorum pool01')];
  answer();
  await Promise.all(answers);
  assert.equal(reader.asked, before + 1);
  await ask('readiness pool01');
  assert.equal(reader.asked, before + 2);
});

test('a pre-flight that several people ask for at the same time is flown once', async (context) => {
  const { ask, omar, reader, answer } = await night(context);
  const answers = [ask('preflight pool01'), ask('preflight pool01', omar)];
  answer();
  const [danas, omars] = await Promise.all(answers);
  assert.deepEqual([reader.preflights, danas], [1, omars]);
  await ask('preflight pool01');
  assert.equal(reader.preflights, 2);
});
