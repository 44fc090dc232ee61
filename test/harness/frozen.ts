import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Death } from './bots.ts';
import { keep } from './figures.ts';
import { beginning } from './kills.ts';
import { newRecord } from './records.ts';
import { assertWhole } from './verdict.ts';
import { Walk, type Way } from './walk.ts';
import { type Call, LOST_CODE, type RecordPlace } from './wire.ts';

/** As long as a machine that is moved or starved may stand still, in ms. */
const FROZEN_FOR = 60_000;
/** The server ends a silent session after five seconds; the rest is for a busy machine. */
const TAKEN_OVER_WITHIN = 10_000;

/** Where a bot is frozen: at which of its calls, the how manieth of its kind. It finds the answer when it is thawed. */
export interface Moment {
  readonly name: string;
  readonly nth: number;
  is(call: Call): boolean;
}

/** Gone on with as if no time had passed, each of them would start something on an old look, or a second time. */
export const MOMENTS: readonly Moment[] = [
  // The first is for the plan, the second for the request, the third comes after the yes.
  { name: 'when told that the pool is ready', nth: 3, is: ({ method }) => method === 'readiness' },
  { name: 'when told how a server is', nth: 1, is: ({ method }) => method === 'server' },
  { name: 'with a step written and not begun', nth: 1, is: (call) => beginning(call) !== null },
  { name: 'with an effect not answered', nth: 1, is: ({ method }) => method === 'patch' },
];

/** A bot stands still for a minute and goes on: nothing is started on what it knew before. */
export async function frozenAlone(t: TestContext, way: Way, moment: Moment): Promise<void> {
  const { walk, frozen } = await walkWithFrozen(t, way, moment, newRecord(), 1);
  await walk.finished();
  await (await frozen).thawed;
  keep(`frozen for a minute ${moment.name}`, walk, await assertWhole(walk));
}

/** The one that leads stands still for a minute: the next one leads within seconds, and the thawed one does nothing and ends. */
export async function frozenLeader(t: TestContext, way: Way, moment: Moment, record: RecordPlace): Promise<void> {
  const { walk, frozen } = await walkWithFrozen(t, way, moment, record, 2);
  const { bot, done, thawed } = await frozen;
  await walk.finished();
  await thawed;
  await walk.bots.endOf(bot);
  const [took] = walk.bots.takeovers;
  assert.ok(took !== undefined && took < TAKEN_OVER_WITHIN, `taken over after ${took} ms`);
  const mayEnd = (death: Death) => death.bot === bot && death.code === LOST_CODE;
  assert.ok(walk.bots.deaths.some(mayEnd), 'the thawed one has not ended');
  assert.equal(walk.pool.effects.filter((effect) => effect.bot === bot).length, done, 'the thawed one has done something');
  keep(`leader frozen for a minute ${moment.name}`, walk, await assertWhole(walk, { mayEnd }));
}

/** A walk whose bot is frozen at that moment. What had been done by then is told with who it is, and when it goes on. */
async function walkWithFrozen(t: TestContext, way: Way, moment: Moment, record: RecordPlace, bots: number) {
  const frozen = Promise.withResolvers<{ readonly bot: string; readonly done: number; readonly thawed: Promise<void> }>();
  let times = 0;
  const meddler = (walk: Walk) => ({
    done: (call: Call) => {
      if (moment.is(call)) times += 1;
      if (times !== moment.nth) return 'goes' as const;
      times += 1;
      frozen.resolve({ bot: call.bot, done: walk.pool.effects.length, thawed: walk.bots.freeze(call.bot, FROZEN_FOR) });
      return 'goes' as const;
    },
  });
  const walk = await Walk.begin(t, { way, record, bots, meddler });
  await walk.ask();
  return { walk, frozen: frozen.promise };
}
