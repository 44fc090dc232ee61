import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenedStore } from '../../src/adapters/store/opened.ts';
import { openPostgres } from '../../src/adapters/store/postgres.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { personId } from '../../src/domain/pool.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import type { Clock } from '../../src/ports.ts';
import { Bots } from './bots.ts';
import { type Meddler, ServedPool } from './served-pool.ts';
import { pacedClock, type RecordPlace, worldOf } from './wire.ts';

/** At this speed a look is fresh for half a second, and an upgrade domain takes half a minute. */
export const SPEED = 120;
/** Far beyond what a walk takes, in ms: one that takes longer has failed. */
const WALK_MAX = 480_000;

const ASKS = 'dana';
const APPROVES = 'omar';
export const LIVE_CARD = 'run-1';

/** One of the two documented ways, what is asked for, and everything that is then done to servers, in its order. */
export interface Way {
  readonly name: string;
  readonly pool: string;
  readonly request: string;
  readonly effects: readonly string[];
}

/** One upgrade domain of two servers, from the request to the settled pool. */
export const UPGRADE_DOMAINS: Way = {
  name: 'upgrade-domains',
  pool: '! pool pool01 version 2015 servers 4 domains fe1,fe2|fe3|fe4 patch by-command',
  request: 'upgrade pool01 domains 1',
  effects: [
    ...['Stop-CsWindowsService fe1', 'Stop-CsWindowsService fe2'],
    ...['patch fe1', 'patch fe2'],
    ...['Restart-Computer fe1', 'Restart-Computer fe2'],
  ],
};

/** One server, from the request to the settled pool. */
export const SERVER_FAILOVER: Way = {
  name: 'server-failover',
  pool: '! pool pool01 version 2019 servers 3 domains fe1|fe2|fe3 patch by-command',
  request: 'upgrade pool01 servers fe2',
  effects: ['Invoke-CsComputerFailOver fe2', 'patch fe2', 'Restart-Computer fe2', 'Invoke-CsComputerFailBack fe2'],
};

/** What a walk is begun with. */
export interface WalkSettings {
  readonly way: Way;
  readonly record: RecordPlace;
  readonly bots: number;
  /** Who has to approve, all of them; without any somebody does as soon as it is asked for. */
  readonly approvers?: readonly string[];
  /** Who comes between the bots and the pool of this walk. */
  readonly meddler?: (walk: Walk) => Meddler;
}

/** One upgrade by bots that are killed, from the request until the pool has settled. */
export class Walk {
  readonly way: Way;
  readonly record: RecordPlace;
  readonly pool: ServedPool;
  readonly clock: Clock;
  readonly bots: Bots;
  readonly #approvedByItself: boolean;
  readonly #seen = new Set<string>();
  readonly #end = Promise.withResolvers<void>();
  #open: Promise<OpenedStore> | null = null;

  /** Starts the bots; the test's end ends them. */
  static async begin(t: TestContext, settings: WalkSettings): Promise<Walk> {
    const { way, record, approvers = [] } = settings;
    const lines = ['! seed 5', way.pool, ...(approvers.length === 0 ? [] : [`! approvals ${approvers.length}`])];
    const scenery = { lines, people: [ASKS, APPROVES, ...approvers] };
    const from = worldOf(scenery, { effect: () => {}, state: () => {} }).now();
    const pace = { began: Date.now(), from, speed: SPEED };
    const clock = pacedClock(pace);
    const pool = new ServedPool(scenery, clock);
    const poolUrl = await pool.listen();
    const bots = new Bots({ poolUrl, token: pool.token, record, pace, scenery });
    const walk = new Walk(settings, pool, clock, bots);
    t.after(() => walk.close());
    for (let count = 0; count < settings.bots; count += 1) bots.keepOne();
    return walk;
  }

  private constructor({ way, record, approvers = [], meddler }: WalkSettings, pool: ServedPool, clock: Clock, bots: Bots) {
    this.way = way;
    this.record = record;
    this.pool = pool;
    this.clock = clock;
    this.bots = bots;
    this.#approvedByItself = approvers.length === 0;
    pool.meddler = meddler?.(this) ?? {};
    pool.shown = (key, text) => this.#sees(key, text);
    // Whoever waits for the end hears of it there.
    this.#end.promise.catch(() => {});
  }

  /** Somebody asks for the upgrade. Comes back once it is heard. */
  async ask(): Promise<void> {
    await this.bots.deliver({ text: this.way.request, by: personId(ASKS), deliveryId: 'request' });
  }

  /** Comes back once the run has finished; throws when it is held, or takes longer than any walk. */
  async finished(): Promise<void> {
    const late = new AbortController();
    const limit = pause(WALK_MAX, undefined, { signal: late.signal }).then(() => {
      throw new Error(`not finished within ${WALK_MAX / 1_000} s; it shows:\n${this.pool.cards.get(LIVE_CARD)}`);
    });
    try {
      await Promise.race([this.#end.promise, limit]);
    } finally {
      late.abort();
      limit.catch(() => {});
    }
  }

  /** Ends the bots, and reads what they have written. */
  async journal(): Promise<readonly RunEvent[]> {
    await this.bots.close();
    this.#open ??= this.record.kind === 'file' ? openStore(this.record.file) : openedAt(this.record.url);
    return (await this.#open).read(1);
  }

  async close(): Promise<void> {
    await this.bots.close();
    await this.pool.close();
    await (await this.#open)?.close();
  }

  #sees(key: string, text: string): void {
    const [title = ''] = text.split('\n');
    if (key === LIVE_CARD && /: finished\b/.test(title)) this.#end.resolve();
    if (key === LIVE_CARD && /: (held|refused|aborted)\b/.test(title)) this.#end.reject(new Error(`it is held:\n${text}`));
    const asks = this.#approvedByItself && key.startsWith(`${LIVE_CARD}-request-`) && text.includes('[Approve]');
    if (!asks || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.bots.deliver({ text: 'approve', by: personId(APPROVES), deliveryId: `approves ${key}` }).catch(this.#end.reject);
  }
}

const openedAt = (url: string): Promise<OpenedStore> =>
  openPostgres({ url, waiting: () => {}, lost: () => {}, signal: AbortSignal.timeout(WALK_MAX) });
