import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedOperator, SimulatedReader } from '../src/adapters/simulator/direct.ts';
import { openSlack } from '../src/adapters/slack/app.ts';
import { limitFaults } from '../src/adapters/slack/limits.ts';
import { openWorkspace, type Workspace } from '../src/adapters/slack-simulator/workspace.ts';
import { openStore } from '../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../src/bot.ts';
import { personId } from '../src/domain/pool.ts';
import type { RunEvent } from '../src/domain/run.ts';
import type { Instant } from '../src/domain/time.ts';
import type { PoolReader, Store } from '../src/ports.ts';
import { parseLine } from '../src/session/file.ts';
import { World } from '../src/session/world.ts';
import { shownAtOnce } from '../src/workflow/at-once.ts';

export const CHANNEL = 'C0BENCH';
export const SECRET = 'bench-signing-secret';
export const BOT = { userId: 'U0LIFEGUARD', botId: 'B0LIFEGUARD', appId: 'A0LIFEGUARD', token: 'xoxb-bench', name: 'lifeguard' };
const TEAM = 'T0BENCH';

/** A workspace on this machine with one person and one channel. */
export const benchWorkspace = (): Promise<Workspace> =>
  openWorkspace({
    team: { id: TEAM, name: 'Bench' },
    bot: BOT,
    users: [{ id: 'U0DANA', name: 'dana' }],
    channels: [{ id: CHANNEL, name: 'bench', members: ['U0DANA', BOT.userId] }],
    check: limitFaults,
    now: () => Date.now(),
    sent: () => {},
  });

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Lifeguard in that workspace in HTTP mode, its record on disk as in earnest, on a pool that can be made to hang for ever. */
export async function benchLifeguard(workspace: Workspace, port: number) {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-bench-'));
  const store = await openStore(join(folder, 'record.db'));
  const world = new World([], { effect: () => {}, state: () => {} });
  world.happen(parseLine('! pool pool01 version 2013 servers 6 domains fe1,fe2|fe3,fe4|fe5,fe6', 0));
  world.meet('dana');
  const hang = { on: false };
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => void setTimeout(resolve, Math.max(0, milliseconds)).unref());
  const slack = await openSlack(
    {
      botToken: BOT.token,
      apiUrl: workspace.apiUrl,
      transport: { kind: 'http', signingSecret: SECRET, port, host: '127.0.0.1' },
    },
    {
      store,
      people: { personOf: () => personId('dana'), userOf: () => 'U0DANA' },
      channelsOf: () => [CHANNEL],
      now: () => Date.now(),
      wait,
      patience: wait,
      random: Math.random,
      outage: { began: () => {}, ended: () => {} },
      draw: () => null,
      log: () => {},
      crash: (bug) => {
        throw bug;
      },
    },
  );
  const bot = lifeguard({
    pools: world.managed(),
    reader: hanging(new SimulatedReader(world.pools), hang),
    operator: new SimulatedOperator(world.pools),
    store,
    clock: { now: () => Date.now() },
    placeOf: () => CHANNEL,
    log: () => {},
    surface: slack.surface,
  });
  await bot.start();
  await slack.start(bot);
  return {
    hang,
    close: async () => {
      await slack.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function hanging(reader: PoolReader, hang: { readonly on: boolean }): PoolReader {
  const never = new Promise<never>(() => {});
  return new Proxy(reader, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? (...args: unknown[]) => (hang.on ? never : method.apply(target, args)) : method;
    },
  });
}

/** A simulated pool: how many servers each of its upgrade domains has, and options of a `! pool` line in a session file. */
export interface Layout {
  readonly version: '2013' | '2015' | '2019';
  readonly domains: readonly number[];
  readonly options: string;
}

/** A world of so many pools, named `pool1` and so on. */
export function benchWorld(pools: number, { version, domains, options }: Layout, seed = 1): World {
  const world = new World([], { effect: () => {}, state: () => {} });
  world.happen(parseLine(`! seed ${seed}`, 0));
  for (let pool = 1; pool <= pools; pool += 1) {
    let servers = 0;
    const named = domains.map((size) => Array.from({ length: size }, () => `pool${pool}fe${++servers}`).join(','));
    world.happen(parseLine(`! pool pool${pool} version ${version} servers ${servers} domains ${named.join('|')} ${options}`, 0));
  }
  return world;
}

const PLACE = 'console:bench';

/** Something that a person types. */
export interface Said {
  readonly by: 'dana' | 'omar';
  readonly text: string;
}

/** What people say when an event is written who say yes to every request, and nothing else. */
export const approving = (event: RunEvent): readonly Said[] =>
  event.kind === 'approval-requested' ? [{ by: 'omar', text: `approve ${event.gate.code}` }] : [];

/** Lifeguard on simulated pools in virtual time, with people who answer at once. Its cards are text that nobody reads. */
export class Attended {
  readonly world: World;
  readonly bot: Lifeguard;
  /** Moves on with `passUntil`, or by hand while nothing is due in the pools. */
  now: Instant;
  readonly #answers: Said[] = [];
  #lines = 0;

  /** `answer` hears each journal event once it is in the record, and says what people then say. */
  constructor(world: World, store: Store, answer: (event: RunEvent) => readonly Said[], reader?: PoolReader) {
    this.world = world;
    this.now = world.now();
    for (const person of ['dana', 'omar']) world.meet(person);
    this.bot = lifeguard({
      pools: world.managed(),
      reader: reader ?? new SimulatedReader(world.pools),
      operator: new SimulatedOperator(world.pools),
      store: telling(store, (event) => void this.#answers.push(...answer(event))),
      clock: { now: () => this.now },
      placeOf: () => PLACE,
      log: () => {},
      surface: shownAtOnce(PLACE, store, async (card) => card.key),
    });
  }

  async say({ by, text }: Said): Promise<void> {
    this.#lines += 1;
    const { card, taken, follow } = await this.bot.hear({ text, by: personId(by), deliveryId: `line-${this.#lines}` });
    if (!taken) throw new Error(`"${text}" was not taken: ${card.title}`);
    await follow();
    await this.#answer();
  }

  /** Lets the pools and the bot do what is due until then, each at its time. */
  async passUntil(until: Instant): Promise<void> {
    for (let due = this.bot.nextDue(); due !== null && due <= until; due = this.bot.nextDue()) {
      this.#moveTo(due);
      await this.bot.runDue();
      await this.#answer();
    }
    this.#moveTo(until);
  }

  async #answer(): Promise<void> {
    for (let said = this.#answers.shift(); said !== undefined; said = this.#answers.shift()) await this.say(said);
  }
  #moveTo(instant: Instant): void {
    this.now = instant;
    for (const pool of this.world.pools) pool.advanceTo(instant);
  }
}

const telling = (store: Store, written: (event: RunEvent) => void): Store => ({
  ...store,
  openRun: async (pool, first, delivery) => {
    const opened = await store.openRun(pool, first, delivery);
    if (opened.kind === 'opened') written(first);
    return opened;
  },
  append: async (run, seq, event, delivery) => {
    const outcome = await store.append(run, seq, event, delivery);
    if (outcome === 'appended') written(event);
    return outcome;
  },
});

/** The value that so many of a hundred are below. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN;
}

/** The middle one. */
export const median = (values: readonly number[]): number => percentile(values, 50);
