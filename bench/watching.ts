import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedReader } from '../src/adapters/simulator/direct.ts';
import type { SimulatedPool } from '../src/adapters/simulator/pool.ts';
import type { OpenedStore } from '../src/adapters/store/opened.ts';
import { openStore } from '../src/adapters/store/sqlite.ts';
import { READINGS_KEPT } from '../src/domain/readiness.ts';
import { hours, minutes } from '../src/domain/time.ts';
import type { PoolReader } from '../src/ports.ts';
import type { World } from '../src/session/world.ts';
import { Attended, approving, benchWorld } from './rig.ts';

/**
 * What it costs the bot to look at many pools every minute for an hour of virtual time, its record on disk as in earnest;
 * beside it the same answers, read once more from the same simulated pools without a bot.
 */
const POOLS = 200;
const LAYOUT = { version: '2015', domains: [2, 2, 2], options: 'patch by-command' } as const;
/** The pools of a farm are not all looked at in one second. */
const APART = minutes(1) / POOLS;
/** A primary that moves starts a settle time again, so that none ends. */
const MOVES_EVERY = minutes(10);
/** By then every pool's first upgrade domain is back, and settles. */
const FIRST_DOMAIN = minutes(80);
const WATCHED_FOR = hours(1);

/** Why the pools are looked at: a check that does not pass is looked at with all the rest, a settle time with less. */
type Reason = 'checking' | 'settling';
/** One question that the bot put to a pool, to be put once more. */
interface Question {
  readonly about: string;
  readonly put: () => unknown;
}

function keeping(reader: PoolReader, questions: Question[]): PoolReader {
  return new Proxy(reader, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        const put = (): unknown => method.apply(target, args);
        questions.push({ about: String(name), put });
        return put();
      };
    },
  });
}

/** A record of pools that were watched before: each has as many readings as are ever looked back at. */
async function watchedBefore(world: World, file: string): Promise<OpenedStore> {
  const store = await openStore(':memory:');
  for (const pool of world.pools) {
    const raw = JSON.stringify(pool.readiness());
    for (let ago = READINGS_KEPT; ago > 0; ago -= 1) {
      await store.addReading(pool.fqdn, { at: world.now() - minutes(ago), state: 'Ready', disturbedByUs: false, raw });
    }
  }
  await store.backup(file);
  await store.close();
  return openStore(file);
}

const movePrimaries = (pools: readonly SimulatedPool[]): void => {
  for (const pool of pools) pool.movePrimary();
};

/** Brings every pool's run to where it looks every minute. */
async function bringTo(reason: Reason, night: Attended): Promise<void> {
  const { pools } = night.world;
  const from = night.now;
  await night.bot.start();
  for (const [index, pool] of pools.entries()) {
    for (const server of reason === 'checking' ? pool.computers().slice(0, 1) : []) pool.notReady.add(server);
    await night.passUntil(from + Math.round(index * APART));
    await night.say({ by: 'dana', text: `upgrade pool${index + 1}` });
  }
  const passes = reason === 'checking' ? MOVES_EVERY : FIRST_DOMAIN;
  for (let at = MOVES_EVERY; at <= passes; at += MOVES_EVERY) {
    await night.passUntil(from + at);
    if (reason === 'settling') movePrimaries(pools);
  }
  if (pools.some((pool) => pool.nextDue() !== null)) throw new Error('something still happens in a pool by itself');
}

/** An hour in which nothing happens in the pools by itself, so that they need not be told the time. */
async function watch(reason: Reason, night: Attended): Promise<void> {
  const [from, until] = [night.now, night.now + WATCHED_FOR];
  let moved = from;
  for (let due = night.bot.nextDue(); due !== null && due <= until; due = night.bot.nextDue()) {
    if (reason === 'settling' && due - moved >= MOVES_EVERY) {
      movePrimaries(night.world.pools);
      moved = due;
    }
    night.now = due;
    await night.bot.runDue();
  }
}

/** CPU time of this process in ms, its collector's and its disk writes' included. */
async function cpuOf(act: () => Promise<void>): Promise<number> {
  const from = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

async function measure(reason: Reason, file: string): Promise<string> {
  const world = benchWorld(POOLS, LAYOUT);
  const store = await watchedBefore(world, file);
  const questions: Question[] = [];
  const night = new Attended(world, store, approving, keeping(new SimulatedReader(world.pools), questions));
  await bringTo(reason, night);
  questions.length = 0;
  const ours = await cpuOf(() => watch(reason, night));
  const looks = questions.filter(({ about }) => about === 'readiness').length;
  if (looks < (POOLS * WATCHED_FOR) / minutes(1)) throw new Error(`only ${looks} looks`);
  const bare = await cpuOf(async () => {
    for (const { put } of questions) await put();
  });
  await store.close();
  const own = ours - bare;
  return [
    `${reason}, ${looks} looks of ${questions.length / looks} questions: CPU ${(ours / 1_000).toFixed(1)} s`,
    `the answers alone ${(bare / 1_000).toFixed(2)} s, ratio ${(ours / bare).toFixed(0)}`,
    `the bot's own ${(own / POOLS).toFixed(0)} ms per pool-hour, ${((100 * own) / WATCHED_FOR).toFixed(2)} % of a core`,
  ].join('; ');
}

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-watching-'));
process.stdout.write(
  `${POOLS} pools of 6 servers, each looked at every minute for an hour of virtual time; ${availableParallelism()} cores\n`,
);
for (const reason of ['checking', 'settling'] as const) {
  process.stdout.write(`${await measure(reason, join(folder, `${reason}.db`))}\n`);
}
rmSync(folder, { recursive: true, force: true });
