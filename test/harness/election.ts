import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from '../../src/adapters/simulator/chance.ts';
import type { Postgres } from '../database.ts';
import type { Death } from './bots.ts';
import { keep } from './figures.ts';
import { newDatabase } from './records.ts';
import type { Verdict } from './served-pool.ts';
import { assertWhole } from './verdict.ts';
import { Walk, type Way } from './walk.ts';
import { type Call, LOST_CODE, REFUSED_CODE } from './wire.ts';

const KILLS_MIN = 10;
/** The lock of a process that is gone is free at once; the rest is for a busy machine. In ms. */
const TAKEN_OVER_WITHIN = 10_000;
/** How long one leads until it is killed, in ms, unless an effect comes first. */
const LEADS = [300, 2_500] as const;

/** The one that leads is killed over and over, at every effect and in between: the next one goes on. */
export async function leadersKilled(t: TestContext, way: Way, bots: number, server: Postgres): Promise<void> {
  const chance = new Chance(bots);
  const hit = new Set<string>();
  const kills = (walk: Walk, { bot, port, method, args }: Call, moment: string): Verdict => {
    const name = `${method} ${args[1]}`;
    if (port !== 'operator' || hit.has(name) || moment !== (hit.size % 2 === 0 ? 'asked' : 'done')) return 'goes';
    hit.add(name);
    walk.bots.kill(bot);
    return 'gone';
  };
  const walk = await Walk.begin(t, {
    way,
    record: await newDatabase(server.url),
    bots,
    meddler: (walk) => ({ asked: (call) => kills(walk, call, 'asked'), done: (call) => kills(walk, call, 'done') }),
  });
  let over = false;
  const end = walk
    .ask()
    .then(() => walk.finished())
    .finally(() => {
      over = true;
    });
  for (;;) {
    const { name } = await walk.bots.working();
    await Promise.race([pause(chance.between('leads', ...LEADS)), walk.bots.endOf(name), end]);
    if (over) break;
    walk.bots.kill(name);
  }
  await end;
  assert.ok(walk.bots.kills >= KILLS_MIN, `${walk.bots.kills} kills`);
  const slowest = Math.max(...walk.bots.takeovers);
  assert.ok(slowest < TAKEN_OVER_WITHIN, `taken over after ${slowest} ms`);
  keep('leaders killed', walk, await assertWhole(walk));
}

/** The server is restarted under one that works and one that stands by: both end, are started again, and go on. */
export async function databaseRestarted(t: TestContext, way: Way, server: Postgres): Promise<void> {
  const restarts: Promise<void>[] = [];
  const restart = (walk: Walk, { port, method }: Call, moment: string): Verdict => {
    const now = moment === 'asked' ? method === 'patch' && restarts.length === 1 : port === 'operator' && restarts.length === 0;
    const later = method === 'fabric' && restarts.length === 2 && walk.pool.effects.length === way.effects.length;
    if (now || later) restarts.push(server.restart());
    return 'goes';
  };
  const walk = await Walk.begin(t, {
    way,
    record: await newDatabase(server.url),
    bots: 2,
    meddler: (walk) => ({ asked: (call) => restart(walk, call, 'asked'), done: (call) => restart(walk, call, 'done') }),
  });
  await walk.bots.standingBy();
  await walk.ask();
  await walk.finished();
  await Promise.all(restarts);
  assert.equal(restarts.length, 3);
  const endedWith = (code: number) => walk.bots.deaths.filter((death) => death.code === code);
  const refused = ({ code, words }: Death) => code === REFUSED_CODE && /cannot be opened/.test(words);
  const counted = await assertWhole(walk, { mayEnd: (death) => death.code === LOST_CODE || refused(death) });
  assert.equal(endedWith(LOST_CODE).length, restarts.length, 'whoever leads notices each of them');
  assert.ok(endedWith(REFUSED_CODE).length >= restarts.length, 'and so does whoever stands by');
  keep('database restarted', walk, counted, `${restarts.length} restarts, ${walk.bots.deaths.length} bots ended by them`);
}
