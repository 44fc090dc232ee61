import type { PoolFqdn, ProductVersion, ServerFqdn } from '../../domain/pool.ts';
import { hasCmdlet, OPERATION_CMDLETS, type OperationRun, type PoolOperationKind } from '../../domain/pool-operation.ts';
import { startMinimum } from '../../domain/quorum.ts';
import { hours, type Instant, minutes, seconds } from '../../domain/time.ts';
import type { Chance } from './chance.ts';
import type { Conditions } from './conditions.ts';
import type { Effect } from './layout.ts';
import type { Machine } from './machine.ts';

/** What an operation sees of its simulated pool, and may do to all of it. */
export interface Stage {
  readonly fqdn: PoolFqdn;
  readonly version: ProductVersion;
  readonly conditions: Conditions;
  readonly chance: Chance;
  now(): Instant;
  backupPool(): PoolFqdn | null;
  /** Topology order. */
  machines(): readonly Machine[];
  /** Routing groups that have lost their quorum may have a primary again. */
  loadLost(): void;
  /** What was published while the pool was down is taken up. */
  takeTopology(): void;
}

interface Run {
  readonly kind: PoolOperationKind;
  readonly token: string;
  /** When it ends by itself, at the latest; null: never. */
  readonly until: Instant | null;
  /** Servers whose services it waits for; null: it waits for its time alone. */
  readonly waitsFor: readonly ServerFqdn[] | null;
  /** The words it fails with at its time; null: it ends well. */
  readonly fails: string | null;
  ended: { readonly failed: string | null } | null;
}

/** Microsoft's target is 15 to 20 minutes for a large pool, and an hour home again for 20,000 users; ours are small. */
const MOVES_WITHIN = [minutes(5), minutes(15)] as const;
/** How long any of them waits for the services it has started: the default of its siblings' `-WaitTime`. */
const WAITS = hours(1);
/** A cmdlet that will not do it says so soon. */
const FAILS_AFTER = seconds(30);

/** What an operation on a whole pool is called with, as `--events` shows it. */
export function operationCall(
  kind: PoolOperationKind,
  pool: PoolFqdn,
): { readonly cmdlet: Effect; readonly args: readonly string[] } {
  const common = ['-PoolFqdn', pool];
  switch (kind) {
    case 'failover':
      return { cmdlet: 'Invoke-CsPoolFailOver', args: [...common, '-Confirm:$false'] };
    case 'failback':
      return { cmdlet: 'Invoke-CsPoolFailBack', args: [...common, '-Confirm:$false'] };
    case 'start':
      return { cmdlet: 'Start-CsPool', args: [...common, '-Confirm:$false'] };
    case 'recover':
    case 'reset': {
      const type = kind === 'recover' ? 'QuorumLossRecovery' : 'ServiceReset';
      return { cmdlet: 'Reset-CsPoolRegistrarState', args: [...common, '-ResetType', type, '-Confirm:$false'] };
    }
  }
}

/** What is left to say of one whose server restarted under it: its process is gone, and its state file has no end. */
export const interruptedOperation = (kind: PoolOperationKind): string =>
  `the process of ${OPERATION_CMDLETS[kind]} is gone without a word`;

/** Why a server would not begin it; null: it would. The same for every way to the simulated pool. */
export function operationRefusal(
  version: ProductVersion,
  last: OperationRun,
  kind: PoolOperationKind,
  token: string,
): string | null {
  if (!hasCmdlet(kind, version)) return `this server has no ${OPERATION_CMDLETS[kind]}`;
  if (last.kind === 'running') return 'the operation command is still running there';
  return last.kind === 'ended' && last.token === token ? `${token} was started there before` : null;
}

/** The operations on a whole simulated pool, by the server that each was started on. */
export class Operations {
  /** The pool is the next hop of an Edge pool. */
  edgeNextHop = false;
  /** What becomes of the next one, whatever the pool is like. */
  next: 'fails' | 'hangs' | null = null;
  readonly #stage: Stage;
  readonly #runs = new Map<ServerFqdn, Run>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  run(server: ServerFqdn): OperationRun {
    const run = this.#runs.get(server);
    if (run === undefined) return { kind: 'none' };
    const { token, ended } = run;
    return ended === null ? { kind: 'running', token } : { kind: 'ended', token, failed: ended.failed };
  }

  /** Begins one that its server does not refuse. */
  begin(server: ServerFqdn, kind: PoolOperationKind, token: string): void {
    this.#runs.set(server, { kind, token, ended: null, ...this.#course(kind) });
  }

  /** When one of them next ends by itself. */
  get due(): Instant | null {
    const dues = [...this.#runs.values()].flatMap(({ ended, until }) => (ended === null && until !== null ? [until] : []));
    return dues.length === 0 ? null : Math.min(...dues);
  }

  /** Ends what has come to its end. */
  settle(): void {
    for (const [server, run] of this.#runs) {
      if (run.ended !== null) continue;
      const { conditions } = this.#stage;
      const late = run.until !== null && run.until <= this.#stage.now();
      const missing = this.#notServing(run.waitsFor ?? []);
      if (!this.#machine(server)?.answersAt(this.#stage.now())) run.ended = { failed: interruptedOperation(run.kind) };
      else if (run.waitsFor !== null && missing.length === 0) run.ended = { failed: null };
      else if (late && run.waitsFor !== null)
        run.ended = { failed: `${OPERATION_CMDLETS[run.kind]} gave up after an hour: ${missing.join(', ')} not running` };
      else if (late) {
        run.ended = { failed: run.fails };
        if (run.fails === null) conditions.failedOver = run.kind === 'failover';
      }
    }
  }

  /** What it does now, and how it will end. */
  #course(kind: PoolOperationKind): Pick<Run, 'until' | 'waitsFor' | 'fails'> {
    const { chance, fqdn } = this.#stage;
    const now = this.#stage.now();
    const { next } = this;
    this.next = null;
    if (next === 'hangs') return { until: null, waitsFor: null, fails: null };
    const obstacle = next === 'fails' ? `${OPERATION_CMDLETS[kind]} failed, as it was told to` : this.#obstacle(kind);
    if (obstacle !== null) return { until: now + FAILS_AFTER, waitsFor: null, fails: obstacle };
    if (kind !== 'failover' && kind !== 'failback') return { until: now + WAITS, waitsFor: this.#startAll(kind), fails: null };
    const [least, most] = MOVES_WITHIN;
    return { until: now + chance.between(`${fqdn} ${kind}`, least / 1_000, most / 1_000) * 1_000, waitsFor: null, fails: null };
  }

  /** In the sense of what the real cmdlets say, in words of our own. */
  #obstacle(kind: PoolOperationKind): string | null {
    const { fqdn, conditions } = this.#stage;
    if (kind === 'recover' && this.#tooFewRun()) {
      for (const machine of this.#stage.machines()) if (machine.serves) machine.loseServices();
      return 'there were fewer servers than the pool needs to start, and all of it went offline';
    }
    if (kind !== 'failover' && kind !== 'failback') return null;
    if (this.#stage.backupPool() === null) return `${fqdn} has no backup pool`;
    if (kind === 'failback') return conditions.failedOver ? null : `${fqdn} is not failed over`;
    if (conditions.failedOver) return `${fqdn} is failed over already`;
    if (conditions.holdsCms) return `${fqdn} holds the Central Management Store, which has to be failed over first`;
    if (this.edgeNextHop) return `${fqdn} is the next hop of an Edge pool, which has to be given another one first`;
    return conditions.backupWeather === 'steady' ? null : `the backup service of ${fqdn} is not in a steady state`;
  }

  /** Both servers of a pool of two may be down: that is what it is recovered from. */
  #tooFewRun(): boolean {
    const machines = this.#stage.machines();
    const now = this.#stage.now();
    const there = machines.filter((machine) => (machines.length === 2 ? machine.answersAt(now) : machine.serves));
    return there.length < (startMinimum(this.#stage.version, machines.length) ?? machines.length);
  }

  /** Only a server that answers can be told, and services that are disabled do not start. */
  #startAll(kind: 'start' | 'recover' | 'reset'): readonly ServerFqdn[] {
    const now = this.#stage.now();
    const told = this.#stage.machines().filter((machine) => machine.answersAt(now) && machine.mayStart);
    if (kind === 'recover') this.#stage.loadLost();
    if (kind === 'reset') this.#stage.takeTopology();
    for (const machine of told) {
      if (kind === 'start') machine.start(now);
      else machine.restartServices(now);
    }
    return told.map(({ server }) => server);
  }

  #notServing(servers: readonly ServerFqdn[]): readonly ServerFqdn[] {
    return servers.filter((server) => !this.#machine(server)?.serves);
  }
  #machine(server: ServerFqdn): Machine | undefined {
    return this.#stage.machines().find((each) => each.server === server);
  }
}
