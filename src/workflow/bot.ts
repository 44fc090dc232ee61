import type { ManagedPool } from '../domain/inventory.ts';
import { problemIn } from '../domain/moves.ts';
import type { PoolFqdn, ServerFqdn, UpgradeDomain } from '../domain/pool.ts';
import { judgeReadiness } from '../domain/readiness.ts';
import type { Rehearsable, RehearsedOrNot } from '../domain/rehearsal.ts';
import type { Run, RunEvent, Settings } from '../domain/run.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import { runningServers } from '../domain/sighting.ts';
import { type Instant, seconds } from '../domain/time.ts';
import { awayCard } from '../messages/away-card.ts';
import type { Ask, Delivery } from '../ports.ts';
import { advance } from './advance.ts';
import { aboutRun, type Hands, poolNamed } from './hands.ts';
import { askFor, lookAtPool, readReadiness } from './look.ts';
import { Operations } from './operations.ts';
import { Publisher } from './publisher.ts';
import { Runs } from './runs.ts';
import { Wakings } from './wakings.ts';
import { Watch } from './watch.ts';

/** How long somebody who asks for the status waits for a new look. */
const AT_ONCE = seconds(1);

/**
 * The walk of every run: wakes each when it is due or has something new to act on, one at a time each, and shows what
 * came of it. It holds nothing that the store does not.
 */
export class Bot {
  readonly runs: Runs;
  readonly publisher: Publisher;
  readonly watch: Watch;
  readonly operations: Operations;
  readonly #hands: Hands;
  readonly #settingsOf: (pool: ManagedPool) => Settings;
  readonly #wakings = new Wakings(async (run) => {
    const pause = await advance(run, this.#hands, this.runs, this.publisher);
    return pause.kind === 'wait' ? pause.until : null;
  });
  #stopped = false;
  /** Questions that a pool has not answered yet. */
  readonly #questions = new Map<string, Promise<unknown>>();

  constructor(hands: Hands, settingsOf: (pool: ManagedPool) => Settings) {
    this.#hands = hands;
    this.#settingsOf = settingsOf;
    this.runs = new Runs(hands.store);
    this.publisher = new Publisher(hands);
    this.operations = new Operations(hands, this.runs, this.publisher);
    this.watch = new Watch(hands, this.runs, this.operations, this.publisher, (pool) => this.look(pool, null));
  }

  /** After a start: the channel is told from when to when nobody was there, every card is right again, every run goes on. */
  async start(): Promise<void> {
    const { store, clock, pools, placeOf } = this.#hands;
    const lastAlive = await store.lastAlive();
    const now = clock.now();
    await store.sayAlive(now);
    const told = new Set<string>();
    for (const pool of pools) {
      const latest = await this.runs.latestOf(pool.fqdn);
      const place = placeOf(pool.fqdn);
      if (lastAlive !== null && !told.has(place))
        await this.publisher.show(awayCard(pool, lastAlive, now, latest?.state.seq ?? 0), { pool: pool.fqdn, owner: null });
      told.add(place);
      if (latest === null) continue;
      if (latest.state.ended === null) await this.#reconfigure(latest.run, latest.state);
      await this.#tellOfFreeze(latest.run);
      await this.publisher.publish(latest.run, await this.runs.load(latest.run));
      if (latest.state.ended === null) this.#wakings.at(latest.run, now);
    }
    await this.operations.start();
    await this.watch.start();
  }

  /** When something is next due; null when every run waits for a person and no pool is watched. */
  nextDue(): Instant | null {
    const dues = [this.#wakings, this.operations, this.watch].map((each) => each.nextDue()).filter((due) => due !== null);
    return dues.length === 0 ? null : Math.min(...dues);
  }

  /** Sets everything that is due going, and comes back when none of it can go further for now. */
  async runDue(): Promise<void> {
    const now = this.#hands.clock.now();
    await this.#hands.store.sayAlive(now);
    await this.#wakings.runDue(now);
    await this.operations.runDue();
    const looks = this.watch.runDue();
    // A pool that takes minutes to answer its watch keeps no run waiting, where time goes on meanwhile.
    if (this.#hands.patience === undefined) return looks;
    looks.catch((bug: unknown) => {
      if (!this.#stopped) throw bug;
    });
  }

  /** The program ends: whatever a look that is under way still comes to finds nothing to write it into. */
  stop(): void {
    this.#stopped = true;
  }

  /** Walks a run as far as it goes now. A run that is being walked is walked once more after that, and both are waited for. */
  wake(run: number): Promise<void> {
    return this.#wakings.wake(run);
  }

  async append(run: number, state: Run, event: RunEvent, delivery: Delivery): Promise<'appended' | 'taken' | 'heard-before'> {
    const outcome = await this.runs.append(run, state, event, delivery);
    if (outcome === 'taken' || outcome === 'heard-before') return outcome;
    this.#hands.log({ ...aboutRun(run, state), event: event.kind }, 'said');
    await this.publisher.publish(run, outcome);
    return 'appended';
  }

  /**
   * The pool as soon as can be: a look that is taken now if it comes within a second, else the last one, while the new one
   * is waited for by nobody. A pool that was never looked at is waited for.
   */
  async soon(pool: ManagedPool, last: PoolSighting | null): Promise<PoolSighting> {
    const look = this.look(pool, null);
    const { patience } = this.#hands;
    if (last === null || patience === undefined) return look;
    return Promise.race([look, patience(AT_ONCE).then(() => last)]);
  }

  /** What several people ask at the same time is asked of the pool once. */
  #shared<Value>(question: string, ask: () => Promise<Value>): Promise<Value> {
    const inFlight = this.#questions.get(question);
    // One question has one kind of answer.
    if (inFlight !== undefined) return inFlight as Promise<Value>;
    const answer = ask().finally(() => this.#questions.delete(question));
    this.#questions.set(question, answer);
    return answer;
  }

  look(pool: ManagedPool, upgradeDomain: UpgradeDomain | null): Promise<PoolSighting> {
    return this.#shared(`look ${pool.fqdn} ${upgradeDomain?.name ?? ''}`, () => this.#look(pool, upgradeDomain));
  }

  readiness(pool: ManagedPool) {
    return this.#shared(`readiness ${pool.fqdn}`, () => this.#readiness(pool));
  }

  fabric(pool: ManagedPool) {
    return this.#shared(`fabric ${pool.fqdn}`, () => this.#fabric(pool));
  }

  condition(pool: ManagedPool) {
    return this.#shared(`condition ${pool.fqdn}`, () => this.#condition(pool));
  }

  /** What breaks off is logged, and is nobody's end: it was only played. */
  async rehearse(asked: Rehearsable): Promise<RehearsedOrNot> {
    const { rehearsal, log } = this.#hands;
    const { pool, stopMode, scope } = asked;
    if (rehearsal === undefined) return { kind: 'broken-off', because: 'nothing is rehearsed here' };
    const played = await this.#shared(`rehearse ${pool.fqdn} ${stopMode} ${JSON.stringify(scope)}`, () =>
      rehearsal.rehearse(asked),
    );
    if (played.kind === 'broken-off') log({ pool: pool.fqdn, event: 'rehearsal', because: played.because }, 'broken off');
    return played;
  }

  /** A whole look that somebody asked for; what it shows of a problem or of a left server is told to the pool's run. */
  async #look(pool: ManagedPool, upgradeDomain: UpgradeDomain | null): Promise<PoolSighting> {
    const latest = await this.runs.latestOf(pool.fqdn);
    const known = await this.#hands.store.lastLook(pool.fqdn);
    const servers = known?.computers ?? latest?.state.plan?.topology.servers ?? [];
    const ask = await this.#askOf(pool.fqdn, known);
    const sighting = await lookAtPool(
      pool,
      { scope: 'whole', upgradeDomain, ask, servers, downByUs: latest?.state.downByUs ?? [], run: latest?.run ?? null },
      this.#hands,
      this.runs,
    );
    await this.#noticeLeftServers(pool.fqdn, sighting);
    await this.#noticeReading(pool);
    return sighting;
  }

  async #readiness(pool: ManagedPool) {
    const { store, clock } = this.#hands;
    const ask = await this.#askOf(pool.fqdn, await store.lastLook(pool.fqdn));
    const answer = await readReadiness(pool, ask, this.#hands, this.runs);
    await this.#noticeReading(pool);
    const verdict = judgeReadiness(await store.readings(pool.fqdn));
    return { answer, verdict, disturbed: await this.runs.disturbs(pool.fqdn, clock.now()) };
  }

  async #fabric(pool: ManagedPool) {
    const { store, reader } = this.#hands;
    return reader.fabric(pool.fqdn, await this.#askOf(pool.fqdn, await store.lastLook(pool.fqdn)), 'verbose');
  }

  async #condition({ fqdn }: ManagedPool) {
    const { store, reader } = this.#hands;
    const known = await store.lastLook(fqdn);
    const ask = await this.#askOf(fqdn, known);
    const computers = await reader.computers(fqdn, ask);
    const servers = computers.kind === 'understood' ? computers.value : (known?.computers ?? []);
    return reader.condition(fqdn, ask.length === 0 ? servers : ask, servers);
  }

  async #askOf(pool: PoolFqdn, known: PoolSighting | null): Promise<Ask> {
    const latest = await this.runs.latestOf(pool);
    if (latest !== null && latest.state.ended === null) return askFor(latest.state, known);
    const servers = known?.computers ?? [];
    const running = known === null ? null : runningServers(known);
    return [
      ...servers.filter((server) => running?.includes(server) ?? true),
      ...servers.filter((server) => running?.includes(server) === false),
    ];
  }

  /** What anybody's reading shows is the pool's: a problem holds its run, and anything but Ready starts its settle time again. */
  async #noticeReading(pool: ManagedPool): Promise<void> {
    const { store, clock } = this.#hands;
    const { fqdn } = pool;
    const readings = await store.readings(fqdn);
    const active = await this.runs.activeOf(fqdn);
    if (active === null) return this.watch.noticeReading(pool);
    const at = clock.now();
    const latest = readings.at(-1);
    const reason = problemIn(judgeReadiness(readings));
    const broken = ({ settling }: Run) => settling?.since != null && latest !== undefined && latest.state !== 'Ready';
    await this.#tell(active.run, { kind: 'not-ready-read', at, state: latest?.state ?? null }, broken);
    if (reason !== null)
      await this.#tell(active.run, { kind: 'held', at, reason }, ({ failedOverAt }) => failedOverAt === undefined);
  }

  /** A fact that a run must have while nobody sees to it already, whatever else is written to it meanwhile. */
  async #tell(run: number, event: RunEvent, wants: (state: Run) => boolean): Promise<void> {
    const before = await this.runs.load(run);
    if (before.ended !== null || before.held !== null || before.aborting !== null || !wants(before)) return;
    const after = await this.runs.append(run, before, event, null);
    if (after === 'taken') return this.#tell(run, event, wants);
    if (after !== 'heard-before') await this.publisher.publish(run, after);
    this.#wakings.at(run, event.at);
  }

  /** Servers that an ended run had left down, and that run again. */
  async #noticeLeftServers(pool: PoolFqdn, sighting: PoolSighting): Promise<void> {
    const latest = await this.runs.latestOf(pool);
    if (latest === null || latest.state.ended === null) return;
    const running = runningServers(sighting) ?? [];
    let { state } = latest;
    const disabled = sighting.disabled ?? [];
    const gone = (server: ServerFqdn) => sighting.computers?.includes(server) === false;
    for (const server of state.downByUs.filter((each) => gone(each) || (running.includes(each) && !disabled.includes(each)))) {
      const after = await this.runs.append(latest.run, state, { kind: 'left-server-back', at: sighting.at, server }, null);
      if (typeof after === 'string') return;
      state = after;
    }
  }

  /** The switch may have been turned by a bot that died before it told its runs. */
  async #tellOfFreeze(run: number): Promise<void> {
    const state = await this.runs.load(run);
    const untold = await this.runs.untold(state);
    if (untold !== null) await this.runs.append(run, state, { ...untold, at: this.#hands.clock.now() }, null);
  }

  /** A run that began under another configuration goes on under the present one; what was asked under the old one is void. */
  async #reconfigure(run: number, state: Run): Promise<void> {
    // A run ends by the procedure it began with: a server that was failed over has to be failed back.
    const { procedure } = state.settings;
    const settings = { ...this.#settingsOf(poolNamed(this.#hands.pools, state.request.pool)), procedure };
    if (settings.revision === state.settings.revision) return;
    await this.runs.append(run, state, { kind: 'reconfigured', at: this.#hands.clock.now(), settings }, null);
  }
}
