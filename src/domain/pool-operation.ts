import type { ProductVersion } from './pool.ts';

/**
 * What is done to a whole pool by one cmdlet. `failover` and `failback` move its users to its backup pool and home again;
 * `start` brings up a pool that is down; `recover` loads users whose routing groups have lost their quorum from the back end;
 * `reset` restarts a pool that was down while its topology changed.
 */
export const POOL_OPERATIONS = ['failover', 'failback', 'start', 'recover', 'reset'] as const;
/** One of the five. */
export type PoolOperationKind = (typeof POOL_OPERATIONS)[number];

/** The cmdlet behind each, as it is called; every call carries the mandatory `-PoolFqdn` and `-Confirm:$false`, none `-Force`. */
export const OPERATION_CMDLETS: Readonly<Record<PoolOperationKind, string>> = {
  failover: 'Invoke-CsPoolFailOver',
  failback: 'Invoke-CsPoolFailBack',
  start: 'Start-CsPool',
  recover: 'Reset-CsPoolRegistrarState -ResetType QuorumLossRecovery',
  reset: 'Reset-CsPoolRegistrarState -ResetType ServiceReset',
};

/** Whether the product has the cmdlet: Lync Server 2013 has no `Start-CsPool`, and Skype for Business Server 2015 and later do. */
export const hasCmdlet = (kind: PoolOperationKind, version: ProductVersion): boolean => kind !== 'start' || version !== '2013';

/**
 * What became of the last operation that was started on a server, as the server tells. `token` is the one it was started
 * with. The cmdlets have no output worth reading, so `failed` null is only that no error was raised: a look says the rest.
 */
export type OperationRun =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly token: string }
  | { readonly kind: 'ended'; readonly token: string; readonly failed: string | null };
