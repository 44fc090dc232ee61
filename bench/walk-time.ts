import type { SimulatedPool } from '../src/adapters/simulator/pool.ts';
import { openStore } from '../src/adapters/store/sqlite.ts';
import { evolve, replay } from '../src/domain/evolve.ts';
import { waitsForPatched } from '../src/domain/evolve-step.ts';
import { SETTLE_TIME } from '../src/domain/move-settling.ts';
import { type ServerFqdn, shortName } from '../src/domain/pool.ts';
import type { Run, RunEvent } from '../src/domain/run.ts';
import { DRAINING_TIMEOUT, FAILOVER_WAIT } from '../src/domain/step.ts';
import { hours, type Instant, minutes, seconds } from '../src/domain/time.ts';
import { Attended, approving, benchWorld, type Layout, median, type Said } from './rig.ts';

/**
 * How long a whole upgrade takes in virtual time; beside it the least that it could take: somebody who knows to the second
 * when each thing is over does the same to the same simulated pool, and never has to look.
 */
const SEEDS = 15;
const LONGEST = hours(24);

interface Procedure extends Layout {
  readonly named: string;
  readonly by: 'upgrade-domains' | 'server-failover';
  readonly patched: 'by-hand' | 'by-command';
}

const procedure = (named: string, laidOut: Omit<Procedure, 'named' | 'options'>): Procedure => ({
  ...laidOut,
  named,
  options: `procedure ${laidOut.by} patch ${laidOut.patched}`,
});
const SIX = [2, 2, 2];
const PROCEDURES = [
  procedure('by upgrade domains, 6 servers in 3, patched by hand', {
    version: '2013',
    domains: SIX,
    by: 'upgrade-domains',
    patched: 'by-hand',
  }),
  procedure('by upgrade domains, 6 servers in 3, patched by command', {
    version: '2015',
    domains: SIX,
    by: 'upgrade-domains',
    patched: 'by-command',
  }),
  procedure('by server-failover, 3 servers, patched by command', {
    version: '2019',
    domains: [1, 1, 1],
    by: 'server-failover',
    patched: 'by-command',
  }),
];

/** From the request to the end of the run, in ms. */
async function walked(procedure: Procedure, seed: number): Promise<number> {
  const store = await openStore(':memory:');
  let run: Run | null = null;
  const answer = (event: RunEvent): readonly Said[] => {
    const after = run === null ? replay([event]) : evolve(run, event);
    run = after;
    const down = event.kind === 'step-ended' ? (after.work?.servers ?? []) : [];
    const waiting = down.filter(({ server }) => procedure.patched === 'by-hand' && waitsForPatched(after, server));
    return [...approving(event), ...waiting.map(({ server }) => ({ by: 'dana' as const, text: `patched ${shortName(server)}` }))];
  };
  const night = new Attended(benchWorld(1, procedure, seed), store, answer);
  await night.bot.start();
  const from = night.now;
  await night.say({ by: 'dana', text: 'upgrade pool1' });
  await night.passUntil(from + LONGEST);
  await store.close();
  return endOf(run) - from;
}

function endOf(run: Run | null): Instant {
  if (run?.ended?.ending.how !== 'finished') throw new Error('an upgrade did not finish');
  return run.ended.at;
}

/** What the time of an upgrade goes into, whoever does it. */
type Part = 'drains' | 'patches' | 'restarts' | 'services start' | 'replicas' | 'settle times';

/** Does it to one pool, each thing in the very second in which the one before is over. */
class Oracle {
  readonly spent = new Map<Part, number>();
  readonly #pool: SimulatedPool;
  readonly #procedure: Procedure;
  /** Servers of an upgrade domain are drained and patched one after another, as the bot does it, or all at once. */
  readonly #inTurn: boolean;
  #now: Instant;

  constructor(procedure: Procedure, seed: number, inTurn: boolean) {
    const world = benchWorld(1, procedure, seed);
    const [pool] = world.pools;
    if (pool === undefined) throw new Error('there is no pool');
    this.#pool = pool;
    this.#procedure = procedure;
    this.#inTurn = inTurn;
    this.#now = world.now();
  }

  upgrade(): number {
    const ready = this.#pool.readiness();
    if (typeof ready === 'string') throw new Error(`the pool is ${ready}`);
    for (const { servers } of ready.upgradeDomains) {
      this.#drain(servers);
      this.#patch(servers);
      this.#restart(servers);
      this.#wait('replicas', () => this.#isReady());
      const since = this.#now;
      this.#wait('settle times', () => this.#now - since >= SETTLE_TIME);
    }
    return [...this.spent.values()].reduce((sum, each) => sum + each, 0);
  }

  #drain(servers: readonly ServerFqdn[]): void {
    this.#each(
      servers,
      'drains',
      (server) =>
        this.#procedure.by === 'upgrade-domains'
          ? this.#pool.stopServices(server, 'graceful')
          : this.#pool.failover(server, 'fail-over', { wait: FAILOVER_WAIT, draining: DRAINING_TIMEOUT }),
      (server) => this.#pool.rtcsrv(server) === 'Stopped' && this.#pool.failoverRun(server).kind !== 'running',
    );
  }
  #patch(servers: readonly ServerFqdn[]): void {
    if (this.#procedure.patched === 'by-hand') return;
    const patched = (server: ServerFqdn) => this.#pool.patchRun(server).kind === 'ended';
    this.#each(servers, 'patches', (server) => this.#pool.patch(server), patched);
  }
  #restart(servers: readonly ServerFqdn[]): void {
    const pool = this.#pool;
    for (const server of servers) pool.restart(server, pool.server(server).bootTime);
    const answer = () => servers.every((server) => pool.answers(server));
    const accept = () => answer() && servers.every((server) => pool.sipPortOpen(server));
    const failsBack = this.#procedure.by === 'server-failover';
    this.#wait('restarts', failsBack ? answer : accept);
    if (!failsBack) return;
    for (const server of servers) pool.failover(server, 'fail-back', { wait: FAILOVER_WAIT, draining: null });
    this.#wait('services start', accept);
  }

  #each(
    servers: readonly ServerFqdn[],
    part: Part,
    tell: (server: ServerFqdn) => unknown,
    over: (server: ServerFqdn) => boolean,
  ): void {
    for (const group of this.#inTurn ? servers.map((server) => [server]) : [servers]) {
      for (const server of group) tell(server);
      this.#wait(part, () => group.every(over));
    }
  }
  #isReady(): boolean {
    const readiness = this.#pool.readiness();
    return typeof readiness !== 'string' && readiness.state === 'Ready';
  }
  #wait(part: Part, over: () => boolean): void {
    const from = this.#now;
    while (!over()) {
      if (this.#now - from > LONGEST) throw new Error(`${part} never end`);
      this.#now += seconds(1);
      this.#pool.advanceTo(this.#now);
    }
    this.spent.set(part, (this.spent.get(part) ?? 0) + this.#now - from);
  }
}

const inMinutes = (time: number): string => (time / minutes(1)).toFixed(0);

async function compare(procedure: Procedure): Promise<readonly string[]> {
  const nights: { walk: number; least: number; together: number; oracle: Oracle }[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const oracle = new Oracle(procedure, seed, true);
    const together = new Oracle(procedure, seed, false).upgrade();
    nights.push({ walk: await walked(procedure, seed), least: oracle.upgrade(), together, oracle });
  }
  const of = (value: (night: (typeof nights)[number]) => number): number => median(nights.map(value));
  const [walk, least, together] = [of((night) => night.walk), of((night) => night.least), of((night) => night.together)];
  const ratios = nights.map((night) => night.walk / night.least);
  const parts = [...(nights[0]?.oracle.spent.keys() ?? [])].map(
    (part) => `${part} ${inMinutes(of(({ oracle }) => oracle.spent.get(part) ?? 0))}`,
  );
  const range = [Math.min(...ratios), Math.max(...ratios)].map((each) => each.toFixed(2)).join(' to ');
  const atOnce = `ratio ${of((night) => night.walk / night.together).toFixed(2)} of ${inMinutes(together)} min`;
  return [
    `${procedure.named}: ${inMinutes(walk)} min, least ${inMinutes(least)} min, ratio ${median(ratios).toFixed(2)} (${range})`,
    `  in the least, min: ${parts.join(', ')}`,
    ...(procedure.domains.some((servers) => servers > 1)
      ? [`  were the servers of a domain drained and patched all at once: ${atOnce}`]
      : []),
  ];
}

const lines = [
  `whole upgrades in virtual time, medians of ${SEEDS} seeds; no time for looks, for approvals, and for patches by hand`,
  'the least: on the same pool each thing is begun in the second in which the one before is over, server after server',
];
for (const procedure of PROCEDURES) lines.push(...(await compare(procedure)));
process.stdout.write(`${lines.join('\n')}\n`);
