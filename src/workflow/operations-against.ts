import { replayOperation } from '../domain/evolve-operation.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { Operation } from '../domain/operation.ts';
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
  for await (const { request, ended } of endedOperations(pool, store)) {
    if (ended?.ending.how !== 'done') continue;
    if (request.kind === 'failback') return null;
    if (request.kind === 'failover') return ended.at;
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

/** The pool's operations that have ended, the newest first. */
async function* endedOperations(pool: PoolFqdn, store: Pick<Store, 'operationsOf' | 'readOperation'>): AsyncGenerator<Operation> {
  for (const { run, ended } of await store.operationsOf(pool, LOOKED_THROUGH))
    if (ended) yield replayOperation(await store.readOperation(run));
}

/** After so long a server that does not tell whether a cmdlet runs on it is not waited for any more. */
const SILENT_FOR = hours(24);

/** The cmdlet of an operation that was aborted while it ran, and that runs still or does not tell; null: there is none. */
async function leftRunning(
  pool: PoolFqdn,
  { store, reader, clock }: Pick<Eyes, 'store' | 'reader' | 'clock'>,
): Promise<string | null> {
  for await (const { request, started } of endedOperations(pool, store)) {
    if (started?.step.action !== 'cmdlet') continue;
    const { server, token } = started.step;
    const run = await reader.operationRun(pool, server);
    const name = `the cmdlet of an aborted ${OPERATION_NOUNS[request.kind]} of ${shortName(pool)}`;
    if (run.kind === 'understood' && run.value.kind === 'running' && run.value.token === token)
      return `${name} still runs on ${shortName(server)}`;
    if (run.kind !== 'understood' && clock.now() - started.at < SILENT_FOR)
      return `${name} may still run: ${shortName(server)} does not tell`;
  }
  return null;
}

/** Whether nobody saw the end of what was called: it ran, and was aborted or failed. */
const isUnclear = ({ started, failed }: Operation): boolean => started?.step.action === 'cmdlet' || failed.length > 0;

/** A failover or failback of the pool of which nobody saw the end, in words; null: where its users are is known. */
async function halfWay(pool: PoolFqdn, store: Pick<Store, 'operationsOf' | 'readOperation'>): Promise<string | null> {
  for await (const operation of endedOperations(pool, store)) {
    const { kind } = operation.request;
    if (kind !== 'failover' && kind !== 'failback') continue;
    if (operation.ended?.ending.how === 'done') return null;
    if (isUnclear(operation)) return `nobody saw the end of the ${kind} of ${shortName(pool)}: where its users are is not known`;
  }
  return null;
}

/** Users of another pool who are here, or may be, in words; null: there are none. */
async function usersHere(fqdn: PoolFqdn, { pools, store }: Pick<Eyes, 'pools' | 'store'>): Promise<string | null> {
  for (const pool of pools) {
    if (pool.backupPool !== fqdn) continue;
    const unclear = await halfWay(pool.fqdn, store);
    if (unclear !== null) return unclear;
    if ((await failedOverAt(pool.fqdn, store)) !== null) return `the users of ${shortName(pool.fqdn)} are here, failed over`;
  }
  return null;
}

/** The pool and those that it shares users with, as far as Lifeguard looks after them. */
const withItsPair = ({ fqdn, backupPool }: Pick<ManagedPool, 'fqdn' | 'backupPool'>, { pools }: Pick<Eyes, 'pools'>) => [
  fqdn,
  ...pools.filter((pool) => pool.fqdn === backupPool || pool.backupPool === fqdn).map((pool) => pool.fqdn),
];

/** What earlier operations on the pool and its pair may have left, which a person has to have looked at; null: nothing. */
export async function leftBefore(pool: Pick<ManagedPool, 'fqdn' | 'backupPool'>, eyes: Eyes): Promise<string | null> {
  for (const fqdn of withItsPair(pool, eyes)) {
    const running = await leftRunning(fqdn, eyes);
    if (running !== null) return running;
  }
  return usersHere(pool.fqdn, eyes);
}

/**
 * What of operations on whole pools stands against taking a server of this pool down, in words: one that is under way here or
 * on its pair, or users of another pool that are here; null: nothing.
 */
export async function operationsAgainst(
  pool: ManagedPool,
  eyes: Eyes,
): Promise<NonNullable<PoolSighting['operationAgainst']> | null> {
  const { store } = eyes;
  const concerned = withItsPair(pool, eyes);
  for (const { run, pool: other } of await store.activeOperations()) {
    if (!concerned.includes(other)) continue;
    const { request } = replayOperation(await store.readOperation(run));
    return { seen: `${operationName(request)} has not ended (asked for by ${request.by})`, tickable: false };
  }
  const left = (await leftBefore(pool, eyes)) ?? (await halfWay(pool.fqdn, store));
  return left === null ? null : { seen: left, tickable: true };
}
