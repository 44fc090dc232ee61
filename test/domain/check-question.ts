import { blockersIn, type CheckQuestion, runChecks } from '../../src/domain/checks.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { aPool, domainOf, fabric, healthy, POOL02, server } from '../support.ts';

/** Six servers, two to a domain; domain 1 is to go down. */
export const pool = aPool(6, 2);
export const fe = server;
export const seen = (changes: Partial<PoolSighting> = {}) => healthy(pool, changes);
export const question = (changes: Partial<CheckQuestion> = {}): CheckQuestion => ({
  backupPool: POOL02,
  version: '2013',
  topology: pool,
  upgradeDomain: domainOf(pool),
  seen: seen(),
  stop: 'first',
  downByUs: [],
  fabricAtFirstStop: null,
  ticks: [],
  ...changes,
});
/** What stands against the stop, each with what was seen. */
export const against = (asked: CheckQuestion) => blockersIn(runChecks(asked)).map(({ check, seen: what }) => `${check}: ${what}`);
export const named = (asked: CheckQuestion) => [...new Set(blockersIn(runChecks(asked)).map(({ check }) => check))];
/** The ten of the issue, in the order shown, and the stops before which each is run (decision 10). */
export const PUBLISHED = [
  ['pool-ready', 'first'],
  ['domain-ready', 'first'],
  ['servers-running', 'first further'],
  ['replicas-complete', 'first'],
  ['replicas-outside', 'first further'],
  ['quorum-kept', 'first further'],
  ['topology-unchanged', 'first further'],
  ['back-end-reachable', 'first further'],
  ['viewers-closed', 'first'],
  ['pair-quiet', 'first'],
] as const;

export const busy = { kind: 'busy', counted: 2, countedAt: [], askAgainAt: 0 } as const;
export const outsideFew = fabric('rg-1 fe1 fe2,fe3', 'rg-2 fe3 fe4,fe5');
