import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../src/bot.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { minutes } from '../../src/domain/time.ts';
import type { PoolOperator, PoolReader, Rehearsal, Store } from '../../src/ports.ts';
import { rehearsals } from '../../src/session/rehearsal.ts';
import type { LogLine } from '../../src/workflow/hands.ts';
import { aManagedPool, aPool, dana, healthy, kim, mallory, must, omar, POOL01 } from '../support.ts';

const topology = aPool(3);
const NOW = minutes(40);

/** Whatever is asked of it is written down, and goes on to `to`; without one it is a mistake to ask anything. */
const noted = <Port extends object>(asked: string[], to?: Port): Port =>
  new Proxy<Port>(to ?? ({} as Port), {
    get: (target, name) => {
      if (to === undefined) throw new Error(`a rehearsal asks for ${String(name)}`);
      const method: unknown = Reflect.get(target, name);
      return (...args: readonly unknown[]) => {
        asked.push(String(name));
        return typeof method === 'function' ? Reflect.apply(method, target, args) : method;
      };
    },
  });

/** A pool whose last look is in the record, and that nothing may be asked of and nothing be done to any more. */
async function night(
  context: TestContext,
  { rehearsal = rehearsals(), seen = {} }: { rehearsal?: Rehearsal; seen?: Partial<PoolSighting> } = {},
) {
  const store = await openStore(':memory:');
  context.after(() => store.close());
  await store.saveLook(POOL01, healthy(topology, seen));
  const asked: string[] = [];
  const shown: string[] = [];
  const logged: LogLine[] = [];
  const bot: Lifeguard = lifeguard({
    pools: [aManagedPool({ patchMode: 'by-command' })],
    reader: noted<PoolReader>(asked),
    operator: noted<PoolOperator>(asked),
    store: noted<Store>(asked, store),
    clock: { now: () => NOW },
    surface: { show: async ({ title }) => void shown.push(title) },
    placeOf: () => 'channel',
    log: (line) => void logged.push(line),
    rehearsal,
  });
  let delivered = 0;
  const ask = async (text: string, by = dana) => {
    delivered += 1;
    const { card, taken, follow } = await bot.hear({ text, by, deliveryId: `line-${delivered}` });
    await follow();
    return { ...card, taken, all: [card.title, ...card.lines].join('\n') };
  };
  return { store, asked, shown, logged, ask, bot };
}

const WRITES = /^(open|append|add|save|set|end)/;

test('a rehearsal touches no pool, shows no card and writes nothing but that the bot is alive', async (context) => {
  const { asked, shown, ask, store, bot } = await night(context);
  const { all, taken } = await ask('rehearse pool01');
  assert.match(all, /^Rehearsal of pool01 \(simulated; nothing was touched\)\n/);
  assert.match(all, /\nends: [\s\S]*\n0:00 `approve` domain 1, margin 0\n[\s\S]*`approve` domain 3, margin 0\n/);
  assert.ok(asked.includes('lastLook') && asked.includes('sayAlive'));
  assert.deepEqual([asked.filter((each) => WRITES.test(each)), shown, taken, bot.nextDue()], [[], [], false, null]);
  assert.deepEqual([await store.activeRuns(), await store.runsOf(POOL01, 9), await store.readings(POOL01)], [[], [], []]);
  assert.deepEqual(await store.lastLook(POOL01), healthy(topology));
});

test('who no list names rehearses nothing', async (context) => {
  const { asked, ask } = await night(context, { rehearsal: noted<Rehearsal>([]) });
  assert.doesNotMatch((await ask('rehearse pool01', mallory)).all, /Rehearsal/);
  assert.deepEqual(asked, ['sayAlive']);
});

test('what two ask at the same time is played once; what differs is played by itself', async (context) => {
  const broken = { kind: 'broken-off', because: 'that is another test' } as const;
  const ends: (() => void)[] = [];
  const called = Promise.withResolvers<void>();
  const rehearsal: Rehearsal = {
    rehearse: async () => {
      const end = Promise.withResolvers<void>();
      ends.push(end.resolve);
      if (ends.length === 2) called.resolve();
      await end.promise;
      return broken;
    },
  };
  const { ask, logged } = await night(context, { rehearsal });
  const answers = [ask('rehearse pool01'), ask('rehearse pool01', kim), ask('rehearse pool01 domains 2', omar)];
  await called.promise;
  for (const end of ends) end();
  const titles = (await Promise.all(answers)).map(({ title }) => title);
  assert.deepEqual(titles, Array(3).fill('Rehearsal of pool01 broke off: that is another test'));
  assert.equal(ends.length, 2);
  assert.equal(must(logged.find(({ event }) => event === 'rehearsal')).because, broken.because);
});

test('a rehearsal that breaks off is played anew when it is asked for again', async (context) => {
  let played = 0;
  const rehearsal: Rehearsal = {
    rehearse: async () => {
      played += 1;
      return { kind: 'broken-off', because: `time ${played}` };
    },
  };
  const { ask } = await night(context, { rehearsal });
  assert.match((await ask('rehearse pool01')).title, /time 1$/);
  assert.match((await ask('rehearse pool01')).title, /time 2$/);
});
