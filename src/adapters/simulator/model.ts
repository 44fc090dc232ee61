import type { FabricState } from '../../domain/fabric.ts';
import type { Hook } from '../../domain/inventory.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn } from '../../domain/pool.ts';
import type { OperationRun, PoolOperationKind } from '../../domain/pool-operation.ts';
import type { BackEnd } from '../../domain/quorum.ts';
import type { PoolReadiness } from '../../domain/readiness.ts';
import type { FailoverDirection, FailoverRun, HookRun, PatchRun, ServerAnswer, ServiceStatus } from '../../domain/sighting.ts';
import type { StopMode } from '../../domain/step.ts';
import type { Instant } from '../../domain/time.ts';
import type { Told } from '../../ports.ts';
import type { Conditions } from './conditions.ts';
import type { FailoverBounds } from './failover.ts';

/** What the simulated readiness cmdlet prints when it is made to print something nobody documented. */
export const GARBAGE = 'The upgrade state of the pool could not be determined (0x80071BFF).';

/**
 * A simulated pool at this instant, as its cmdlets see it. It is asked directly, and through PowerShell by the stand-in
 * module; both get the same answers because both ask here.
 */
export interface PoolModel {
  readonly fqdn: PoolFqdn;
  readonly version: ProductVersion;
  readonly backupPool: PoolFqdn | null;
  /** What a pre-flight looks at beyond all this. */
  readonly conditions: Conditions;
  /** Topology order. */
  computers(): readonly ServerFqdn[];
  /** Whether the machine answers at all: not while it restarts, and not when it is lost. */
  answers(server: ServerFqdn): boolean;
  /** What the readiness cmdlet says; `silent` is no output at all, `garbage` is text nobody documented. */
  readiness(): PoolReadiness | 'silent' | 'garbage';
  fabric(): FabricState;
  rtcsrv(server: ServerFqdn): ServiceStatus;
  /** Only for a machine that answers. */
  server(server: ServerFqdn): ServerAnswer;
  sipPortOpen(server: ServerFqdn): boolean;
  viewers(server: ServerFqdn): readonly string[];
  backEnd(): BackEnd;
  /** Null for a product that cannot tell (Lync Server 2013). */
  patchLevel(server: ServerFqdn): string | null;
  patchRun(server: ServerFqdn): PatchRun;
  hookRun(server: ServerFqdn, hook: Hook): HookRun;
  failoverRun(server: ServerFqdn): FailoverRun;
  /** Resolves once no FailOver or FailBack runs there, which only the pool's own time brings about. */
  failoverEnds(server: ServerFqdn): Promise<void>;

  /** What became of the last operation on the whole pool that was started there. */
  operationRun(server: ServerFqdn): OperationRun;

  stopServices(server: ServerFqdn, stopMode: StopMode): Told;
  startServices(server: ServerFqdn): Told;
  restart(server: ServerFqdn, bootTimeSeen: Instant): Told;
  patch(server: ServerFqdn): Told;
  hook(server: ServerFqdn, hook: Hook): Told;
  /** Begins a FailOver or FailBack within these bounds. */
  failover(server: ServerFqdn, direction: FailoverDirection, bounds: FailoverBounds): Told;
  /** Begins an operation on the whole pool, on that server. */
  operate(server: ServerFqdn, operation: PoolOperationKind, token: string): Told;
}
