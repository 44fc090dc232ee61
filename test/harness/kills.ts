import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from '../../src/adapters/simulator/chance.ts';
import { replay } from '../../src/domain/evolve.ts';
import { workPhase } from '../../src/domain/phase.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import type { Instant } from '../../src/domain/time.ts';
import { keep } from './figures.ts';
import { newRecord } from './records.ts';
import type { Meddler, Verdict } from './served-pool.ts';
import { assertWhole } from './verdict.ts';
import { LIVE_CARD, Walk, type Way } from './walk.ts';
import type { Call } from './wire.ts';

/** Fewer would mean that the live card does not tell the steps apart any more. */
const MOMENTS_MIN = 50;
/** A life from its start, in ms: from one that was not ready yet to one that has looked a few times. */
const LIFE = [100, 1_600] as const;

/** The bot is killed the moment an effect has happened, and before its answer leaves; each effect of the walk in turn. */
export const afterEveryEffect = (t: TestContext, way: Way): Promise<void> =>
  killedOnce(t, way, 'killed after every effect', (call, moment) => (moment === 'done' ? effectOf(call) : null));

/** The bot is killed when it has asked for an effect, and nothing was done. */
export const beforeEveryEffect = (t: TestContext, way: Way): Promise<void> =>
  killedOnce(t, way, 'killed before every effect', (call, moment) => (moment === 'asked' ? effectOf(call) : null));

/** The bot is killed when it has written that it begins a step, and before it has asked for anything. */
export const betweenRecordAndEffect = (t: TestContext, way: Way): Promise<void> =>
  killedOnce(t, way, 'killed between record and effect', (call, moment) => (moment === 'done' ? beginning(call) : null));

/** What is to be done to which server, and which way if it is a failover; null for a question. */
function effectOf({ port, method, args: [, server, direction] }: Call): string | null {
  if (port !== 'operator') return null;
  return method === 'failover' ? `${direction} ${server}` : `${method} ${server}`;
}

/** Which step the live card has just begun to show; null for any other call. */
export function beginning({ port, args: [key, text] }: Call): string | null {
  if (port !== 'channel' || key !== LIVE_CARD) return null;
  return /\w+ (?:stopping|patching|restarting|failing over|failing back)/.exec(String(text))?.[0] ?? null;
}

/** Kills whoever makes a call of that name, once for each name, and has the effects of the walk all hit by it. */
async function killedOnce(
  t: TestContext,
  way: Way,
  scenario: string,
  nameOf: (call: Call, moment: keyof Meddler) => string | null,
): Promise<void> {
  const hit = new Set<string>();
  const kills = (walk: Walk, call: Call, moment: keyof Meddler): Verdict => {
    const name = nameOf(call, moment);
    if (name === null || hit.has(name)) return 'goes';
    hit.add(name);
    walk.bots.kill(call.bot);
    return 'gone';
  };
  const walk = await Walk.begin(t, {
    way,
    record: newRecord(),
    bots: 1,
    meddler: (walk) => ({
      asked: (call) => kills(walk, call, 'asked'),
      done: (call) => kills(walk, call, 'done'),
    }),
  });
  await walk.ask();
  await walk.finished();
  assert.equal(hit.size, way.effects.length, [...hit].join());
  keep(scenario, walk, await assertWhole(walk));
}

/**
 * Wherever the live card says that the run is, a bot is killed by each kind of question, once, and so is whoever first asks
 * anything after an effect. A step that a bot died in is thus begun anew by one that lives: two in turn that die between the
 * record and the effect would have to be a person's.
 */
export async function atEveryStep(t: TestContext, way: Way): Promise<void> {
  const killedAt: Instant[] = [];
  const moments = new Set<string>();
  let where = '';
  let followed = 0;
  const walk = await Walk.begin(t, {
    way,
    record: newRecord(),
    bots: 1,
    meddler: (walk) => ({
      asked: ({ bot, port, method, args: [key, text] }) => {
        if (port === 'operator') return 'goes';
        if (port === 'channel' && key === LIVE_CARD) where = whereItIs(String(text));
        const moment = `${where}: ${method}`;
        const { effects } = walk.pool;
        if (moments.has(moment) && followed === effects.length) return 'goes';
        moments.add(moment);
        followed = effects.length;
        killedAt.push(walk.clock.now());
        walk.bots.kill(bot);
        return 'gone';
      },
    }),
  });
  await walk.ask();
  await walk.finished();
  const counted = await assertWhole(walk);
  const steps = stepsHit(await walk.journal(), killedAt);
  const actions = new Set(way.effects.map((effect) => effect.split(' ')[0]));
  for (const phase of ['checking', 'awaiting approval', 'stopping', 'patching', 'restarting', 'verifying', 'settling'])
    assert.ok(steps.has(phase), `never killed while ${phase}: ${[...steps].join(', ')}`);
  const inFlight = [...steps].filter((step) => step.startsWith('in flight')).length;
  assert.equal(inFlight, actions.size, [...steps].join(', '));
  assert.ok(moments.size >= MOMENTS_MIN, [...moments].join('\n'));
  keep('killed at every step', walk, counted, `${moments.size} moments in ${steps.size} different steps`);
}

/** What a live card says of the run and of the servers in hand, without anything that only time changes. */
const whereItIs = (text: string): string =>
  text
    .split('\n')
    .filter((line, index) => index === 0 || line.trim().startsWith('>'))
    .join()
    .replaceAll(/draining \([^)]*\)/g, 'draining');

/** Where the run stood at these times. */
function stepsHit(journal: readonly RunEvent[], times: readonly Instant[]): ReadonlySet<string> {
  const steps = times.flatMap((time) => {
    const until = journal.filter(({ at }) => at <= time);
    if (until.length === 0) return [];
    const run = replay(until);
    const started = run.work?.started?.step.action;
    return [workPhase(run), ...(started === undefined ? [] : [`in flight: ${started}`])];
  });
  return new Set(steps);
}

/** Bots live for a time that chance gives them. */
export async function atAnyTime(t: TestContext, way: Way): Promise<void> {
  const chance = new Chance(11);
  const walk = await Walk.begin(t, { way, record: newRecord(), bots: 1 });
  let over = false;
  const end = walk
    .ask()
    .then(() => walk.finished())
    .finally(() => {
      over = true;
    });
  for (;;) {
    const bot = walk.bots.newest;
    await Promise.race([pause(chance.between('life', ...LIFE)), end]);
    if (over) break;
    walk.bots.kill(bot);
    await walk.bots.endOf(bot);
  }
  await end;
  const counted = await assertWhole(walk);
  keep('killed at any time', walk, counted);
}
