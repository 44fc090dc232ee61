import type { FabricState } from '../../domain/fabric.ts';
import type { Hook } from '../../domain/inventory.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn, UpgradeDomain } from '../../domain/pool.ts';
import type { OperationRun, PoolOperationKind } from '../../domain/pool-operation.ts';
import type { BackEnd } from '../../domain/quorum.ts';
import type { PoolReadiness, PoolUpgradeState } from '../../domain/readiness.ts';
import type { FailoverDirection, FailoverRun, HookRun, PatchRun, ServerAnswer, ServiceStatus } from '../../domain/sighting.ts';
import { type StopMode, sameBoot } from '../../domain/step.ts';
import { type Instant, seconds } from '../../domain/time.ts';
import type { Told } from '../../ports.ts';
import { Chance } from './chance.ts';
import { ColdStart, hasQuorum, type Together } from './cold-start.ts';
import { Conditions } from './conditions.ts';
import { FAILOVER_CMDLETS, type FailoverBounds, failoverArguments } from './failover.ts';
import type { PoolLayout, Weather, Witness } from './layout.ts';
import { Machine } from './machine.ts';
import type { PoolModel } from './model.ts';
import { Operations, operationCall, operationRefusal, type Stage } from './operations.ts';
import { Placement } from './placement.ts';

const HOOK_AGE_STEP = seconds(30);

/** A pool in memory. It moves only when it is told what time it is, and chance is a seed. */
export class SimulatedPool implements PoolModel {
  readonly fqdn: PoolFqdn;
  readonly version: ProductVersion;
  backupPool: PoolFqdn | null;
  /** What the readiness cmdlet is made to say; null gives it back to the pool. */
  weather: Weather | null = null;
  readonly notReady = new Set<ServerFqdn>();
  readonly conditions = new Conditions(() => this.#now);
  readonly operations: Operations;
  #domains: readonly UpgradeDomain[];
  #servers: readonly ServerFqdn[];
  #backEnd: BackEnd;
  #now: Instant;
  readonly #chance: Chance;
  readonly #placement: Placement;
  readonly #cold: ColdStart;
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
    this.#chance = typeof layout.seed === 'number' ? new Chance(layout.seed) : layout.seed;
    this.#servers = layout.servers ?? layout.upgradeDomains.flatMap(({ servers }) => servers);
    this.#cold = new ColdStart(this.#chance);
    this.operations = new Operations(this.#stage());
    this.#placement = new Placement(layout.upgradeDomains, this.#chance, layout.placed);
    for (const server of this.computers()) this.#machines.set(server, new Machine(server, now, this.#chance));
    if (layout.placed !== undefined) this.#placement.returned(this.#serving(), now);
  }

  computers(): readonly ServerFqdn[] {
    return this.#servers;
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
  operationRun(server: ServerFqdn): OperationRun {
    return this.operations.run(server);
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
  operate(server: ServerFqdn, operation: PoolOperationKind, token: string): Told {
    const because = operationRefusal(this.version, this.operationRun(server), operation, token);
    if (because !== null) return { kind: 'refused', because };
    const { cmdlet, args } = operationCall(operation, this.fqdn);
    this.#witness.effect(this.fqdn, server, cmdlet, args);
    return this.#changing(server, () => this.operations.begin(server, operation, token));
  }

  /** Runs everything that is due up to and including this instant, in order. */
  advanceTo(instant: Instant): void {
    for (let due = this.nextDue(); due !== null && due <= instant; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due);
      for (const machine of this.#machines.values())
        if (machine.due !== null && machine.due <= this.#now) this.change(machine.server, () => machine.finish(this.#now));
      this.#placement.finishDue(this.#serving(), this.#now);
      for (const wholePool of [this.#cold.placedAt, this.operations.due])
        if (wholePool !== null && wholePool <= this.#now) this.#changeAll(() => {});
    }
    this.#now = instant;
  }
  /** When something next happens by itself; null when nothing will. */
  nextDue(): Instant | null {
    const dues = [...this.#machines.values()].flatMap(({ due }) => (due === null ? [] : [due]));
    const placement = this.#placement.nextDue();
    for (const due of [placement, this.#cold.placedAt, this.operations.due]) if (due !== null) dues.push(due);
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
    this.operations.settle();
    for (const machine of [this.machine(server), ...this.#machines.values()]) {
      const was = before.get(machine.server);
      before.delete(machine.server);
      if (was === undefined) continue;
      if (machine.state !== was.state) this.#witness.state(this.#now, this.fqdn, machine.server, machine.state);
      if (was.serves && !machine.serves) {
        this.#cold.lastDown = machine.server;
        this.#placement.lost(machine.server, this.#serving(), this.#now);
      }
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
    this.#changeAll(() => {});
  }
  /** The services of every server stop at once; the machines answer. */
  goDown(): void {
    const together = this.#serving().length > 1;
    this.#changeAll((machine) => {
      if (machine.state !== 'patching') machine.loseServices();
    });
    if (together) this.#cold.lastDown = null;
  }
  /** Somebody publishes a topology. Servers that run take it up one by one; a pool that is down does not come up with it. */
  publishTopology(): void {
    this.#cold.topologyWaits = this.#serving().length === 0;
  }
  /** So many routing groups lose two of their three replicas while the pool runs; they do not get them back by themselves. */
  loseQuorum(count: number): void {
    this.#placement.loseQuorum(count);
  }
  addServer(server: ServerFqdn): void {
    this.#domains = [...this.#domains, { name: String(this.#domains.length + 1), servers: [server] }];
    this.#servers = [...this.#servers, server];
    this.#placement.domainsAre(this.#domains);
    this.#machines.set(server, new Machine(server, this.#now, this.#chance));
    this.#placement.returned(this.#serving(), this.#now);
  }
  /** Somebody takes a server out of the topology and turns it off. Whoever asks it finds nobody there. */
  removeServer(server: ServerFqdn): void {
    this.change(server, (machine) => machine.goDown());
    this.#servers = this.#servers.filter((each) => each !== server);
    this.#domains = this.#domains
      .map(({ name, servers }) => ({ name, servers: servers.filter((each) => each !== server) }))
      .filter(({ servers }) => servers.length > 0);
    this.#placement.domainsAre(this.#domains);
    this.#placement.returned(this.#serving(), this.#now);
  }

  #stage(): Stage {
    return {
      fqdn: this.fqdn,
      version: this.version,
      backupPool: () => this.backupPool,
      conditions: this.conditions,
      chance: this.#chance,
      now: () => this.#now,
      machines: () => this.#inOrder(),
      loadLost: () => {
        this.#placement.loadLost();
        this.#cold.recovered = true;
      },
      takeTopology: () => {
        this.#cold.topologyWaits = false;
      },
    };
  }
  #changeAll(happen: (machine: Machine) => void): void {
    const [first] = this.computers();
    if (first !== undefined) this.change(first, () => [...this.#machines.values()].forEach(happen));
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
    if (!hasQuorum(this.#together(), ({ serves }) => serves)) return 'InsufficientActiveFrontEnds';
    return this.#placement.complete ? 'Ready' : 'Busy';
  }
  #together(): Together {
    return { version: this.version, machines: this.#inOrder(), backEnd: this.#backEnd };
  }
  #inOrder(): readonly Machine[] {
    return this.computers().map((server) => this.machine(server));
  }
  #balance(): void {
    if (this.#cold.balance(this.#together(), this.#now)) this.#placement.hydrate(this.#serving());
    for (const { server, awaitsQuorum } of this.#machines.values())
      this.conditions.waits(server, awaitsQuorum ? this.#cold.event : null);
  }
}
