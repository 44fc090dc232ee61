import type { RoutingGroup } from '../../domain/fabric.ts';
import type { Hook } from '../../domain/inventory.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn, UpgradeDomain } from '../../domain/pool.ts';
import type { BackEnd } from '../../domain/quorum.ts';
import type { PoolUpgradeState } from '../../domain/readiness.ts';
import type { FailoverDirection } from '../../domain/sighting.ts';
import type { Instant } from '../../domain/time.ts';
import type { Chance } from './chance.ts';
import type { FAILOVER_CMDLETS } from './failover.ts';
import type { MachineState } from './machine.ts';

/** What a session file says of a pool. */
export interface PoolLayout {
  readonly fqdn: PoolFqdn;
  readonly version: ProductVersion;
  readonly upgradeDomains: readonly UpgradeDomain[];
  readonly backupPool: PoolFqdn | null;
  readonly backEnd: BackEnd;
  /** What chance is made of: a seed, or a chance that somebody else has made. */
  readonly seed: number | Chance;
  /** Topology order, where that is not the order of the upgrade domains. */
  readonly servers?: readonly ServerFqdn[];
  /** Where the users are, where that is known. */
  readonly placed?: readonly RoutingGroup[];
}

/** What happens in a simulated pool, as it happens. */
export interface Witness {
  effect(pool: PoolFqdn, server: ServerFqdn, cmdlet: Effect, args: readonly string[]): void;
  state(at: Instant, pool: PoolFqdn, server: ServerFqdn, state: MachineState): void;
}

/** Cmdlets that are run on a server and act on its whole pool. */
export const POOL_EFFECTS = [
  'Invoke-CsPoolFailOver',
  'Invoke-CsPoolFailBack',
  'Start-CsPool',
  'Reset-CsPoolRegistrarState',
] as const;

/** What can be done to a simulated server, as `--events` names it. */
export type Effect =
  | 'Stop-CsWindowsService'
  | 'Start-CsWindowsService'
  | 'Restart-Computer'
  | 'patch'
  | `hook-${Hook}`
  | (typeof FAILOVER_CMDLETS)[FailoverDirection]
  | (typeof POOL_EFFECTS)[number];
/** What the readiness cmdlet can be made to say. */
export type Weather = PoolUpgradeState | 'silent' | 'garbage';
