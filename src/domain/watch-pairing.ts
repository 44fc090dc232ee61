import type { PoolFqdn } from './pool.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
import type { Finding } from './watch-finding.ts';

/**
 * So many servers have to run together after a pool was paired, for its data to be synchronized, and while users are moved
 * to it for the first time. Source: "Topologies and components for Front End Servers", reliability of a pool.
 */
export const SERVERS_WANTED = 3;

/** The backup relationship as it was read last. */
export interface Pairing {
  readonly backupPool: PoolFqdn | null;
  /** It came about while we looked, and three servers have not been seen to run together since. */
  readonly owes: boolean;
}

/** What is known of the pairing after a look; undefined until it was read once, for nobody knows since when the first one is. */
export function pairingAfter(before: Pairing | undefined, seen: PoolSighting): Pairing | undefined {
  const { backupPool } = seen;
  if (backupPool === 'unread') return before === undefined ? undefined : { ...before, owes: before.owes && !haveRun(seen) };
  if (before === undefined) return { backupPool, owes: false };
  const isNew = backupPool !== null && backupPool !== before.backupPool;
  return { backupPool, owes: backupPool !== null && (isNew || before.owes) && !haveRun(seen) };
}

const haveRun = (seen: PoolSighting): boolean => (runningServers(seen)?.length ?? 0) >= SERVERS_WANTED;

/** What the pairing still needs; nothing where a look could not tell how many run. */
export function pairingNeeds(pairing: Pairing | undefined, seen: PoolSighting): readonly Finding[] {
  const running = runningServers(seen);
  return pairing?.backupPool && pairing.owes && running !== null
    ? [{ kind: 'three-servers', backupPool: pairing.backupPool, running: running.length }]
    : [];
}
