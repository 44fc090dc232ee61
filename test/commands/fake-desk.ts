import type { Desk, KnownOperation, KnownRun, Outcome } from '../../src/commands/desk.ts';
import { handle } from '../../src/commands/handle.ts';
import type { PoolCondition } from '../../src/domain/condition.ts';
import { evolve, replay } from '../../src/domain/evolve.ts';
import type { FabricState } from '../../src/domain/fabric.ts';
import type { Freeze, Thaw } from '../../src/domain/freeze.ts';
import type { ManagedPool } from '../../src/domain/inventory.ts';
import type { Operation, OperationEvent } from '../../src/domain/operation.ts';
import type { PersonId, PoolFqdn, UpgradeDomain } from '../../src/domain/pool.ts';
import type { PoolReadiness, ReadinessVerdict } from '../../src/domain/readiness.ts';
import type { Rehearsable, RehearsedOrNot } from '../../src/domain/rehearsal.ts';
import type { Run, RunEvent } from '../../src/domain/run.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import type { Instant } from '../../src/domain/time.ts';
import { type Mute, NOTHING_WATCHED, type Watched } from '../../src/domain/watch.ts';
import { plain } from '../../src/messages/spans.ts';
import type { Answer, Delivery, Opened } from '../../src/ports.ts';
import { aManagedPool, aPool, healthy, must, type Story } from '../support.ts';
import { FakeOperations } from './fake-operations.ts';

/** What came of a line: its answer, and every event that it wrote. */
export interface Said extends Outcome {
  readonly title: string;
  readonly all: string;
  readonly wrote: readonly (RunEvent | OperationEvent)[];
  /** How the switch for all pools, or the mute of one, was turned by it. */
  readonly turned: readonly (Freeze | Thaw | Mute)[];
}

/** A desk that keeps what is written to it. It refuses what a journal refuses: an old state, a line heard before. */
export class FakeDesk implements Desk {
  readonly pools: readonly ManagedPool[];
  readonly clock = { now: () => this.now };
  now: Instant = 0;
  /** Something that happens to the run between judging a command and writing it. */
  meanwhile: (() => void) | null = null;
  readonly written: RunEvent[] = [];
  readonly turned: (Freeze | Thaw | Mute)[] = [];
  /** What a pre-flight finds. */
  says: PoolCondition = {
    servers: [],
    backup: { kind: 'read', value: [] },
    holdsCms: { kind: 'read', value: false },
    replicas: { kind: 'read', value: [] },
  };
  looksTaken = 0;
  /** What was asked to be played ahead, and what comes of it. */
  readonly rehearsals: Rehearsable[] = [];
  played: RehearsedOrNot = { kind: 'broken-off', because: 'nobody has said what comes of it' };
  readonly mutes = new Map<PoolFqdn, Mute | null>();
  frozen: Freeze | null = null;
  thawed: Thaw | null = null;
  readonly #runs: { readonly pool: PoolFqdn; readonly events: RunEvent[] }[] = [];
  readonly #looks = new Map<PoolFqdn, PoolSighting>();
  readonly #heard = new Set<string>();
  readonly operations = new FakeOperations(this.#heard);
  /** Since when each pool's users are elsewhere. */
  readonly elsewhere = new Map<PoolFqdn, Instant>();
  #delivered = 0;

  constructor(...pools: readonly ManagedPool[]) {
    this.pools = pools.length === 0 ? [aManagedPool()] : pools;
  }

  /** The story so far is a run of its pool, and what it last saw is known of the pool. */
  tell(story: Story): this {
    const { request, lastSeen } = story.run;
    this.#runs.push({ pool: request.pool, events: [...story.events] });
    if (lastSeen !== null) this.#looks.set(request.pool, lastSeen);
    this.now = Math.max(this.now, story.now);
    return this;
  }
  see(pool: PoolFqdn, sighting: PoolSighting): this {
    this.#looks.set(pool, sighting);
    return this;
  }
  /** An event that somebody else wrote to the latest run of the pool. */
  happen(event: RunEvent): void {
    must(this.#runs.at(-1)).events.push(event);
  }
  async say(text: string, by: PersonId, deliveryId?: string): Promise<Said> {
    const [before, turnedBefore] = [this.written.length, this.turned.length];
    const operatedBefore = this.operations.written.length;
    this.#delivered += 1;
    const outcome = await handle(text, by, { id: deliveryId ?? `line-${this.#delivered}`, at: this.now }, this);
    const title = plain(outcome.reply.title);
    const lines = outcome.reply.lines.map(plain);
    const reply = { ...outcome.reply, title, lines };
    return {
      ...outcome,
      reply,
      title,
      all: [title, ...lines].join('\n'),
      wrote: [...this.written.slice(before), ...this.operations.written.slice(operatedBefore)],
      turned: this.turned.slice(turnedBefore),
    };
  }

  async activeRuns(): Promise<readonly KnownRun[]> {
    return this.#known().filter(({ state }) => state.ended === null);
  }
  async latestRun(pool: PoolFqdn): Promise<KnownRun | null> {
    return this.#known().findLast(({ state }) => state.request.pool === pool) ?? null;
  }
  async openRun(pool: PoolFqdn, first: RunEvent, delivery: Delivery): Promise<Opened> {
    if (this.#heard.has(delivery.id)) return { kind: 'heard-before' };
    const active = this.#known().find(({ state }) => state.request.pool === pool && state.ended === null);
    if (active !== undefined) return { kind: 'active', run: active.run };
    this.#heard.add(delivery.id);
    this.#runs.push({ pool, events: [first] });
    this.written.push(first);
    return { kind: 'opened', run: this.#runs.length };
  }
  async append(run: number, state: Run, event: RunEvent, delivery: Delivery): Promise<'appended' | 'taken' | 'heard-before'> {
    const happens = this.meanwhile;
    this.meanwhile = null;
    happens?.();
    if (this.#heard.has(delivery.id)) return 'heard-before';
    const { events } = must(this.#runs[run - 1]);
    if (events.length !== state.seq) return 'taken';
    evolve(replay(events), event);
    this.#heard.add(delivery.id);
    events.push(event);
    this.written.push(event);
    return 'appended';
  }
  async activeOperation(pool: PoolFqdn): Promise<KnownOperation | null> {
    return this.operations.active(pool);
  }
  async operationsOf(pool: PoolFqdn, limit: number): Promise<readonly KnownOperation[]> {
    return this.operations.of(pool).slice(0, limit);
  }
  async openOperation(pool: PoolFqdn, first: OperationEvent, delivery: Delivery): Promise<Opened> {
    return this.operations.open(pool, first, delivery);
  }
  async appendOperation(operation: number, state: Operation, event: OperationEvent, delivery: Delivery) {
    return this.operations.append(operation, state, event, delivery);
  }
  async failedOverAt(pool: PoolFqdn): Promise<Instant | null> {
    return this.elsewhere.get(pool) ?? null;
  }
  async freeze(): Promise<Freeze | null> {
    return this.frozen;
  }
  async lastThaw(): Promise<Thaw | null> {
    return this.thawed;
  }
  async setFreeze(freeze: Freeze, { id }: Delivery): Promise<'set' | 'as-it-is' | 'heard-before'> {
    if (this.#heard.has(id)) return 'heard-before';
    if (this.frozen !== null) return 'as-it-is';
    this.#heard.add(id);
    this.turned.push(freeze);
    [this.frozen, this.thawed] = [freeze, null];
    return 'set';
  }
  async endFreeze(thaw: Thaw, { id }: Delivery): Promise<'set' | 'as-it-is' | 'heard-before'> {
    if (this.#heard.has(id)) return 'heard-before';
    if (this.frozen === null) return 'as-it-is';
    this.#heard.add(id);
    this.turned.push(thaw);
    [this.frozen, this.thawed] = [null, thaw];
    return 'set';
  }
  async watched(pool: PoolFqdn): Promise<Watched> {
    return { ...NOTHING_WATCHED, mute: this.mutes.get(pool) ?? null };
  }
  async mute({ fqdn }: ManagedPool, mute: Mute | null, { id }: Delivery): Promise<Mute | null | 'heard-before'> {
    if (this.#heard.has(id)) return 'heard-before';
    this.#heard.add(id);
    const before = this.mutes.get(fqdn) ?? null;
    this.mutes.set(fqdn, mute);
    const changed = mute ?? before;
    if (changed !== null) this.turned.push(changed);
    return before;
  }
  soon(pool: ManagedPool): Promise<PoolSighting> {
    return this.look(pool, null);
  }
  async look(pool: ManagedPool, _upgradeDomain: UpgradeDomain | null): Promise<PoolSighting> {
    this.looksTaken += 1;
    return this.#sighting(pool.fqdn);
  }
  async lastLook(pool: PoolFqdn): Promise<PoolSighting | null> {
    return this.#looks.get(pool) ?? null;
  }
  async readiness(
    pool: ManagedPool,
  ): Promise<{ readonly answer: Answer<PoolReadiness>; readonly verdict: ReadinessVerdict; readonly disturbed: boolean }> {
    const { readiness, verdict, askedOf } = this.#sighting(pool.fqdn);
    return { answer: answered(readiness, askedOf), verdict, disturbed: false };
  }
  async fabric(pool: ManagedPool): Promise<Answer<FabricState>> {
    const { fabric, askedOf } = this.#sighting(pool.fqdn);
    return answered(fabric, askedOf);
  }

  async condition(): Promise<PoolCondition> {
    return this.says;
  }

  async rehearse(asked: Rehearsable): Promise<RehearsedOrNot> {
    this.rehearsals.push(asked);
    return this.played;
  }

  #known(): readonly KnownRun[] {
    return this.#runs.map(({ events }, index) => ({ run: index + 1, state: replay(events) }));
  }
  #sighting(pool: PoolFqdn): PoolSighting {
    return { ...(this.#looks.get(pool) ?? healthy(aPool(6, 2))), at: this.now };
  }
}

const answered = <Value>(value: Value | null, askedOf: PoolSighting['askedOf']): Answer<Value> =>
  value === null
    ? { kind: 'silent', because: 'nothing came', askedOf, raw: '' }
    : { kind: 'understood', value, askedOf, raw: 'as it came' };
