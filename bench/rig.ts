import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedOperator, SimulatedReader } from '../src/adapters/simulator/direct.ts';
import { openSlack } from '../src/adapters/slack/app.ts';
import { limitFaults } from '../src/adapters/slack/limits.ts';
import { openWorkspace, type Workspace } from '../src/adapters/slack-simulator/workspace.ts';
import { openStore } from '../src/adapters/store/sqlite.ts';
import { lifeguard } from '../src/bot.ts';
import { personId } from '../src/domain/pool.ts';
import type { PoolReader } from '../src/ports.ts';
import { parseLine } from '../src/session/file.ts';
import { World } from '../src/session/world.ts';

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

/** The value that so many of a hundred are below. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN;
}

/** The middle one. */
export const median = (values: readonly number[]): number => percentile(values, 50);
