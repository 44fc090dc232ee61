import { Conditions } from '../../src/adapters/simulator/conditions.ts';
import { FAILOVER_CMDLETS, type FailoverBounds } from '../../src/adapters/simulator/failover.ts';
import type { PoolModel } from '../../src/adapters/simulator/model.ts';
import { operationRefusal } from '../../src/adapters/simulator/operations.ts';
import type { FabricState } from '../../src/domain/fabric.ts';
import type { Hook } from '../../src/domain/inventory.ts';
import { type PoolFqdn, type ProductVersion, parsePoolFqdn, parseServerFqdn, type ServerFqdn } from '../../src/domain/pool.ts';
import type { OperationRun, PoolOperationKind } from '../../src/domain/pool-operation.ts';
import type { BackEnd } from '../../src/domain/quorum.ts';
import type { PoolReadiness } from '../../src/domain/readiness.ts';
import type {
  FailoverDirection,
  FailoverRun,
  HookRun,
  PatchRun,
  ServerAnswer,
  ServiceStatus,
} from '../../src/domain/sighting.ts';
import type { StopMode } from '../../src/domain/step.ts';
import { type Instant, minutes } from '../../src/domain/time.ts';
import type { Told } from '../../src/ports.ts';

const named = <Name>(name: Name | null): Name => {
  if (name === null) throw new Error('not a full name');
  return name;
};
export const POOL = named(parsePoolFqdn('pool01.contoso.com'));
export const BACKUP_POOL = named(parsePoolFqdn('pool02.contoso.com'));
export const [FE1, FE2, FE3] = ['fe01', 'fe02', 'fe03'].map((name) => named(parseServerFqdn(`${name}.contoso.com`))) as [
  ServerFqdn,
  ServerFqdn,
  ServerFqdn,
];
export const BOOT = Date.parse('2026-03-03T22:00:00.250Z');

/** A pool of three that says what a test makes it say, and remembers what it was told to do. */
export class ScriptedPool implements PoolModel {
  readonly fqdn: PoolFqdn = POOL;
  readonly version: ProductVersion;
  backupPool: PoolFqdn | null = BACKUP_POOL;
  silentServers: readonly ServerFqdn[] = [];
  saysReadiness: PoolReadiness | 'silent' | 'garbage' = { state: 'Ready', upgradeDomains: [] };
  saysFabric: FabricState = { groups: [], serversNotUp: [] };
  saysServer: ServerAnswer = {
    bootTime: BOOT,
    services: 'Running',
    rtcsrv: 'Running',
    disabled: false,
    calls: 3,
    conferences: 1,
  };
  saysBackEnd: BackEnd = 'primary';
  openPorts: readonly ServerFqdn[] = [];
  openViewers: readonly string[] = [];
  conditions = new Conditions(() => BOOT);
  saysPatchRun: PatchRun = { kind: 'none' };
  saysHookRuns: Readonly<Record<Hook, HookRun>> = { before: { kind: 'none' }, after: { kind: 'none' } };
  saysFailoverRun: FailoverRun = { kind: 'none' };
  saysOperationRun: OperationRun = { kind: 'none' };
  answersTo: Told = { kind: 'accepted' };
  readonly told: string[] = [];

  constructor(version: ProductVersion) {
    this.version = version;
  }

  computers = (): readonly ServerFqdn[] => [FE2, FE1, FE3];
  answers = (server: ServerFqdn): boolean => !this.silentServers.includes(server);
  readiness = (): PoolReadiness | 'silent' | 'garbage' => this.saysReadiness;
  fabric = (): FabricState => this.saysFabric;
  rtcsrv = (): ServiceStatus => this.saysServer.rtcsrv ?? 'Stopped';
  server = (): ServerAnswer => this.saysServer;
  sipPortOpen = (server: ServerFqdn): boolean => this.openPorts.includes(server);
  viewers = (): readonly string[] => this.openViewers;
  backEnd = (): BackEnd => this.saysBackEnd;
  patchLevel = (server: ServerFqdn): string | null => (this.version === '2013' ? null : `6.0.9319.${server.length}`);
  patchRun = (): PatchRun => this.saysPatchRun;
  hookRun = (_server: ServerFqdn, hook: Hook): HookRun => this.saysHookRuns[hook];
  failoverRun = (): FailoverRun => this.saysFailoverRun;
  operationRun = (): OperationRun => this.saysOperationRun;
  failoverEnds = async (): Promise<void> => {};

  stopServices = (server: ServerFqdn, stopMode: StopMode): Told => this.#tell(`stop ${server} ${stopMode}`);
  startServices = (server: ServerFqdn): Told => this.#tell(`start ${server}`);
  restart = (server: ServerFqdn, bootTimeSeen: Instant): Told =>
    Math.abs(bootTimeSeen - BOOT) > 60_000
      ? { kind: 'refused', because: 'it has restarted since it was looked at' }
      : this.#tell(`restart ${server}`);
  hook = (server: ServerFqdn, hook: Hook): Told =>
    this.saysHookRuns[hook].kind === 'running'
      ? { kind: 'refused', because: `the hook ${hook} is still running there` }
      : this.#tell(`hook ${hook} ${server}`);
  patch = (server: ServerFqdn): Told => this.#tell(`patch ${server}`);
  failover = (server: ServerFqdn, direction: FailoverDirection, { wait, draining }: FailoverBounds): Told => {
    if (this.version === '2013') return { kind: 'refused', because: `this server has no ${FAILOVER_CMDLETS[direction]}` };
    if (this.saysFailoverRun.kind === 'running') return { kind: 'refused', because: 'one is still running there' };
    const drained = draining === null ? '' : `, drained within ${draining / minutes(1)} min`;
    return this.#tell(`${direction} ${server} within ${wait / minutes(1)} min${drained}`);
  };
  operate = (server: ServerFqdn, operation: PoolOperationKind, token: string): Told => {
    const because = operationRefusal(this.version, this.saysOperationRun, operation, token);
    return because === null ? this.#tell(`${operation} on ${server} as ${token}`) : { kind: 'refused', because };
  };

  #tell(what: string): Told {
    if (this.answersTo.kind !== 'refused') this.told.push(what);
    return this.answersTo;
  }
}
