import { replayOperation } from '../domain/evolve-operation.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { type PoolFqdn, shortName } from '../domain/pool.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import { hours, type Instant } from '../domain/time.ts';
import { OPERATION_NOUNS, operationName } from '../messages/operation-words.ts';
import type { Ask, Store } from '../ports.ts';
import type { Eyes } from './hands.ts';

/** How many of a pool's operations are looked through for its last failover: nobody does as many in one outage. */
const LOOKED_THROUGH = 50;

/** Since when the pool's users are at its backup pool, by the record; null: they are at home, as far as it knows. */
export async function failedOverAt(
  pool: PoolFqdn,
  store: Pick<Store, 'operationsOf' | 'readOperation'>,
): Promise<Instant | null> {
  for (const { run, ended } of await store.operationsOf(pool, LOOKED_THROUGH)) {
    if (!ended) continue;
    const { request, ended: end } = replayOperation(await store.readOperation(run));
    if (end?.ending.how !== 'done') continue;
    if (request.kind === 'failback') return null;
    if (request.kind === 'failover') return end.at;
  }
  return null;
}

/** Whether the pool's users are elsewhere by the record, and its backup service says so too; null: they are at home. */
export async function whereUsersAre(
  pool: PoolFqdn,
  ask: Ask,
  { store, reader }: Pick<Eyes, 'store' | 'reader'>,
): Promise<NonNullable<PoolSighting['elsewhere']> | null> {
  if ((await failedOverAt(pool, store)) === null) return null;
  const { backup } = await reader.copies(pool, ask);
  const final = backup.kind === 'read' && backup.value.some(({ exporting }) => exporting === 'FinalState');
  return final ? 'confirmed' : 'unconfirmed';
}

/** After so long a cmdlet that nobody looks after is not asked about any more: the longest takes an hour. */
const LEFT_RUNNING_FOR = hours(4);

/** The cmdlet of an operation that was aborted while it ran, and that runs still or does not tell; null: there is none. */
export async function leftRunning(
  pool: PoolFqdn,
  { store, reader, clock }: Pick<Eyes, 'store' | 'reader' | 'clock'>,
): Promise<string | null> {
  // The newest may be the one that asks.
  const latest = (await store.operationsOf(pool, 2)).find(({ ended }) => ended);
  if (latest === undefined) return null;
  const { request, started } = replayOperation(await store.readOperation(latest.run));
  if (started?.step.action !== 'cmdlet' || clock.now() - started.at >= LEFT_RUNNING_FOR) return null;
  const { server, token } = started.step;
  const run = await reader.operationRun(pool, server);
  const name = `the cmdlet of an aborted ${OPERATION_NOUNS[request.kind]}`;
  if (run.kind !== 'understood') return `${name} may still run: ${shortName(server)} does not tell`;
  return run.value.kind === 'running' && run.value.token === token ? `${name} still runs on ${shortName(server)}` : null;
}

/** Users of another pool who were failed over to this one and not home again, by the record, in words; null: there are none. */
export async function usersHere(fqdn: PoolFqdn, { pools, store }: Pick<Eyes, 'pools' | 'store'>): Promise<string | null> {
  for (const pool of pools)
    if (pool.backupPool === fqdn && (await failedOverAt(pool.fqdn, store)) !== null)
      return `the users of ${shortName(pool.fqdn)} are here, failed over`;
  return null;
}

/**
 * What of operations on whole pools stands against taking a server of this pool down, in words: one that is under way here or
 * on its pair, or users of another pool that are here; null: nothing.
 */
export async function operationsAgainst(
  { fqdn, backupPool }: ManagedPool,
  eyes: Eyes,
): Promise<NonNullable<PoolSighting['operationAgainst']> | null> {
  const { pools, store } = eyes;
  const backedUpHere = pools.filter((pool) => pool.backupPool === fqdn).map((pool) => pool.fqdn);
  const concerned = [fqdn, ...(backupPool === null ? [] : [backupPool]), ...backedUpHere];
  for (const { run, pool } of await store.activeOperations()) {
    if (!concerned.includes(pool)) continue;
    const { request } = replayOperation(await store.readOperation(run));
    return { seen: `${operationName(request)} has not ended (asked for by ${request.by})`, tickable: false };
  }
  const running = await leftRunning(fqdn, eyes);
  if (running !== null) return { seen: running, tickable: true };
  const guests = await usersHere(fqdn, eyes);
  return guests === null ? null : { seen: guests, tickable: true };
}
