import type { FabricState } from '../../domain/fabric.ts';
import type { Hook } from '../../domain/inventory.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn, UpgradeDomain } from '../../domain/pool.ts';
import { type BackEnd, functionalRule } from '../../domain/quorum.ts';
import type { PoolReadiness, PoolUpgradeState } from '../../domain/readiness.ts';
import type { FailoverDirection, FailoverRun, HookRun, PatchRun, ServerAnswer, ServiceStatus } from '../../domain/sighting.ts';
import { type StopMode, sameBoot } from '../../domain/step.ts';
import { type Instant, seconds } from '../../domain/time.ts';
import type { Told } from '../../ports.ts';
import { Chance } from './chance.ts';
import { Conditions } from './conditions.ts';
import { FAILOVER_CMDLETS, type FailoverBounds, failoverArguments } from './failover.ts';
import { Machine, type MachineState } from './machine.ts';
import type { PoolModel } from './model.ts';
import { Placement } from './placement.ts';

/** What a session file says of a pool. */
export interface PoolLayout {
  readonly fqdn: PoolFqdn;
  readonly version: ProductVersion;
  readonly upgradeDomains: readonly UpgradeDomain[];
  readonly backupPool: PoolFqdn | null;
  readonly backEnd: BackEnd;
  readonly seed: number;
}

/** What happens in a simulated pool, as it happens. */
export interface Witness {
  effect(pool: PoolFqdn, server: ServerFqdn, cmdlet: Effect, args: readonly string[]): void;
  state(at: Instant, pool: PoolFqdn, server: ServerFqdn, state: MachineState): void;
}

/** What can be done to a simulated server, as `--events` names it. */
export type Effect =
  | 'Stop-CsWindowsService'
  | 'Start-CsWindowsService'
  | 'Restart-Computer'
  | 'patch'
  | `hook-${Hook}`
  | (typeof FAILOVER_CMDLETS)[FailoverDirection];
/** What the readiness cmdlet can be made to say. */
export type Weather = PoolUpgradeState | 'silent' | 'garbage';

const HOOK_AGE_STEP = seconds(30);

/** A pool in memory. It moves only when it is told what time it is, and chance is a seed. */
export class SimulatedPool implements PoolModel {
  readonly fqdn: PoolFqdn;
  readonly version: ProductVersion;
  readonly backupPool: PoolFqdn | null;
  /** What the readiness cmdlet is made to say; null gives it back to the pool. */
  weather: Weather | null = null;
  readonly notReady = new Set<ServerFqdn>();
  readonly conditions = new Conditions(() => this.#now);
  #domains: readonly UpgradeDomain[];
  #backEnd: BackEnd;
  #now: Instant;
  readonly #chance: Chance;
  readonly #placement: Placement;
  readonly #machines = new Map<ServerFqdn, Machine>();
  readonly #witness: Witness;

  constructor(layout: PoolLayout, now: Instant, witness: Witness) {
    this.fqdn = layout.fqdn;
    this.version = layout.version;
    this.backupPool = layout.backupPool;
    this.#domains = layout.upgradeDomains;
    this.#backEnd = layout.backEnd;
    this.#now = now;
    this.#witness = witness;
    this.#chance = new Chance(layout.seed);
    this.#placement = new Placement(layout.upgradeDomains, this.#chance);
    for (const server of this.computers()) this.#machines.set(server, new Machine(server, now, this.#chance));
  }

  computers(): readonly ServerFqdn[] {
    return this.#domains.flatMap(({ servers }) => servers);
  }
  answers(server: ServerFqdn): boolean {
    return this.machine(server).answersAt(this.#now);
  }
  readiness(): PoolReadiness | 'silent' | 'garbage' {
    if (this.weather === 'silent' || this.weather === 'garbage') return this.weather;
    const state = this.weather ?? this.#ownState();
    const flagged = ({ servers }: UpgradeDomain) => state === 'Ready' && !servers.some((server) => this.notReady.has(server));
    return { state, upgradeDomains: this.#domains.map((domain) => ({ ...domain, readyForUpgrade: flagged(domain) })) };
  }
  fabric(): FabricState {
    return { groups: this.#placement.groups, serversNotUp: this.computers().filter((server) => !this.machine(server).serves) };
  }
  rtcsrv(server: ServerFqdn): ServiceStatus {
    return this.machine(server).services;
  }
  server(server: ServerFqdn): ServerAnswer {
    return this.machine(server).answer(this.#now);
  }
  sipPortOpen(server: ServerFqdn): boolean {
    return this.machine(server).state === 'up';
  }
  viewers(server: ServerFqdn): readonly string[] {
    return this.machine(server).viewerOpen ? ['mmc'] : [];
  }
  backEnd(): BackEnd {
    return this.#backEnd;
  }
  patchLevel(server: ServerFqdn): string | null {
    const { level } = this.machine(server);
    if (this.version === '2013') return null;
    return this.version === '2015' ? `6.0.9319.${500 + level}` : `7.0.2046.${500 + level}`;
  }
  patchRun(server: ServerFqdn): PatchRun {
    return this.machine(server).patchRun;
  }
  hookRun(server: ServerFqdn, hook: Hook): HookRun {
    const run = this.machine(server).hookRuns[hook];
    if (run === undefined) return { kind: 'none' };
    // As coarse as it is read.
    const age = Math.floor((this.#now - run.at) / HOOK_AGE_STEP) * HOOK_AGE_STEP;
    return { kind: 'ended', exitCode: run.exitCode, age };
  }
  failoverRun(server: ServerFqdn): FailoverRun {
    return this.machine(server).failoverRun;
  }
  failoverEnds(server: ServerFqdn): Promise<void> {
    return this.machine(server).failoverEnds();
  }

  stopServices(server: ServerFqdn, stopMode: StopMode): Told {
    this.#witness.effect(this.fqdn, server, 'Stop-CsWindowsService', [
      ...(stopMode === 'graceful' ? ['-Graceful'] : []),
      '-Verbose',
      '-NoWait',
    ]);
    return this.#changing(server, (machine) => machine.stop(stopMode, this.#now));
  }
  startServices(server: ServerFqdn): Told {
    if (this.machine(server).disabled) return { kind: 'refused', because: 'RTCSRV cannot be started, because it is disabled' };
    this.#witness.effect(this.fqdn, server, 'Start-CsWindowsService', ['-Verbose', '-NoWait']);
    return this.#changing(server, (machine) => machine.start(this.#now));
  }
  restart(server: ServerFqdn, bootTimeSeen: Instant): Told {
    if (!this.answers(server)) return { kind: 'unknown', because: 'the server does not answer' };
    if (!sameBoot(this.machine(server).bootTime, bootTimeSeen))
      return { kind: 'refused', because: 'it has restarted since it was looked at' };
    this.#witness.effect(this.fqdn, server, 'Restart-Computer', []);
    return this.#changing(server, (machine) => machine.restart(this.#now));
  }
  patch(server: ServerFqdn): Told {
    this.#witness.effect(this.fqdn, server, 'patch', []);
    return this.#changing(server, (machine) => machine.patch(this.#now));
  }
  hook(server: ServerFqdn, hook: Hook): Told {
    this.#witness.effect(this.fqdn, server, `hook-${hook}`, []);
    return this.#changing(server, (machine) => machine.hook(hook, this.#now));
  }
  failover(server: ServerFqdn, direction: FailoverDirection, bounds: FailoverBounds): Told {
    const cmdlet = FAILOVER_CMDLETS[direction];
    if (this.version === '2013') return { kind: 'refused', because: `this server has no ${cmdlet}` };
    if (this.failoverRun(server).kind === 'running')
      return { kind: 'refused', because: 'the failover command is still running there' };
    this.#witness.effect(this.fqdn, server, cmdlet, failoverArguments(bounds));
    return this.#changing(server, (machine) => machine.failover(direction, bounds, this.#now));
  }

  /** Runs everything that is due up to and including this instant, in order. */
  advanceTo(instant: Instant): void {
    for (let due = this.nextDue(); due !== null && due <= instant; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due);
      for (const machine of this.#machines.values())
        if (machine.due !== null && machine.due <= this.#now) this.change(machine.server, () => machine.finish(this.#now));
      this.#placement.finishDue(this.#serving(), this.#now);
    }
    this.#now = instant;
  }
  /** When something next happens by itself; null when nothing will. */
  nextDue(): Instant | null {
    const dues = [...this.#machines.values()].flatMap(({ due }) => (due === null ? [] : [due]));
    const placement = this.#placement.nextDue();
    if (placement !== null) dues.push(placement);
    return dues.length === 0 ? null : Math.min(...dues);
  }

  machine(server: ServerFqdn): Machine {
    const machine = this.#machines.get(server);
    if (machine === undefined) throw new Error(`${this.fqdn} has no server ${server}`);
    return machine;
  }
  /** Lets something happen to a server, and to the pool by it. */
  change(server: ServerFqdn, happen: (machine: Machine, now: Instant) => void): void {
    const before = new Map([...this.#machines].map(([each, { state, serves }]) => [each, { state, serves }]));
    happen(this.machine(server), this.#now);
    this.#balance();
    for (const machine of [this.machine(server), ...this.#machines.values()]) {
      const was = before.get(machine.server);
      before.delete(machine.server);
      if (was === undefined) continue;
      if (machine.state !== was.state) this.#witness.state(this.#now, this.fqdn, machine.server, machine.state);
      if (was.serves && !machine.serves) this.#placement.lost(machine.server, this.#serving(), this.#now);
      if (!was.serves && machine.serves) this.#placement.returned(this.#serving(), this.#now);
    }
  }
  movePrimary(): void {
    this.#placement.movePrimary();
  }
  loseSecondaries(count: number): void {
    this.#placement.loseSecondaries(count, this.#serving(), this.#now);
  }
  switchBackEnd(backEnd: BackEnd): void {
    this.#backEnd = backEnd;
    const [first] = this.computers();
    if (first !== undefined) this.change(first, () => {});
  }
  addServer(server: ServerFqdn): void {
    this.#domains = [...this.#domains, { name: String(this.#domains.length + 1), servers: [server] }];
    this.#placement.domainsAre(this.#domains);
    this.#machines.set(server, new Machine(server, this.#now, this.#chance));
    this.#placement.returned(this.#serving(), this.#now);
  }

  #changing(server: ServerFqdn, happen: (machine: Machine) => void): Told {
    if (!this.answers(server)) return { kind: 'unknown', because: 'the server does not answer' };
    this.change(server, happen);
    return { kind: 'accepted' };
  }
  #serving(): readonly ServerFqdn[] {
    return this.computers().filter((server) => this.machine(server).serves);
  }
  #ownState(): PoolUpgradeState {
    if (!this.#hasQuorum(({ serves }) => serves)) return 'InsufficientActiveFrontEnds';
    return this.#placement.complete ? 'Ready' : 'Busy';
  }
  /** The published functional minimum, and one more for the vote of an even pool whose primary database is not in charge. */
  #hasQuorum(counts: (machine: Machine) => boolean): boolean {
    const servers = this.computers();
    const rule = functionalRule(this.version, servers.length) ?? { running: 1, ofFirst: servers.length };
    const needed = rule.running + (servers.length % 2 === 0 && this.#backEnd !== 'primary' ? 1 : 0);
    return servers.slice(0, rule.ofFirst).filter((server) => counts(this.machine(server))).length >= needed;
  }
  /**
   * "the remaining servers in the pool will stop all Lync Server services", and one that starts without enough others
   * stays in starting until there are.
   */
  #balance(): void {
    const machines = [...this.#machines.values()];
    if (this.#hasQuorum(({ serves, awaitsQuorum }) => serves || awaitsQuorum)) for (const machine of machines) machine.joinPool();
    else for (const machine of machines) if (machine.serves) machine.loseServices();
  }
}
