import type { EventSeen } from '../domain/condition.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { Operation, OperationSighting } from '../domain/operation.ts';
import { STUCK_AFTER } from '../domain/operation-end.ts';
import { type PoolFqdn, type ServerFqdn, shortName } from '../domain/pool.ts';
import { disturbedByUs } from '../domain/run.ts';
import type { Ask, PoolReader } from '../ports.ts';
import type { Eyes } from './hands.ts';
import { understood } from './look.ts';
import { leftBefore } from './operations-against.ts';
import type { Runs } from './runs.ts';

/** Servers asked at the same time. */
const AT_ONCE = 8;

/** What the look of an operation is for: everything before the act, or what tells whether it has come to its end. */
export type OperationScope = 'whole' | 'progress';

/**
 * Looks at a whole pool that may be down. Every server is asked itself first, so that what belongs to the pool is asked of
 * one that answers.
 */
export async function lookForOperation(
  pool: ManagedPool,
  operation: Operation,
  scope: OperationScope,
  eyes: Eyes,
  runs: Runs,
): Promise<OperationSighting> {
  const { reader, clock, store } = eyes;
  const { fqdn } = pool;
  const at = clock.now();
  const known = operation.lastSeen?.computers ?? (await store.lastLook(fqdn))?.computers ?? [];
  const whole = scope === 'whole' || known.length === 0;
  const topology = whole ? await reader.computers(fqdn, known) : null;
  const computers = topology === null ? known : understood(topology);
  const answers = await askEach(reader, fqdn, computers ?? known);
  const there = answers.filter(({ answer }) => answer !== null);
  const ask: Ask = there.toSorted((left, right) => rank(left) - rank(right)).map(({ server }) => server);
  const pair = operation.request.kind === 'failover' || operation.request.kind === 'failback';
  const services = computers === null || ask.length === 0 ? null : await reader.services(fqdn, ask, computers);
  const backup = whole ? await reader.backupPool(fqdn, ask) : null;
  const step = operation.started?.step ?? null;
  return {
    at,
    askedOf: services?.askedOf ?? topology?.askedOf ?? null,
    computers,
    services: services === null ? null : understood(services),
    fabric: ask.length === 0 ? null : understood(await reader.fabric(fqdn, ask, 'plain')),
    backEnd: whole ? understood(await reader.backEnd(fqdn, ask)) : null,
    backupPool: backup?.kind === 'understood' ? backup.value : 'unread',
    copies: pair ? await reader.copies(fqdn, ask) : null,
    answers,
    backup: whole && pair ? await lookAtBackup(pool, eyes) : null,
    underWay: whole ? await underWay(pool, eyes, runs) : null,
    leftRunning: whole ? await leftBefore(pool, eyes) : null,
    run: step?.action === 'cmdlet' ? understood(await reader.operationRun(fqdn, step.server)) : null,
    stuck: scope === 'progress' ? await stuckServers(pool, operation, answers, at, reader) : [],
  };
}

/** A server that runs before one that is starting before one that is stopped. */
const rank = ({ answer }: OperationSighting['answers'][number]): number =>
  answer?.rtcsrv === 'Running' ? 0 : answer?.rtcsrv === 'StartPending' ? 1 : 2;

async function askEach(
  reader: PoolReader,
  pool: PoolFqdn,
  servers: readonly ServerFqdn[],
): Promise<OperationSighting['answers']> {
  const answers: OperationSighting['answers'][number][] = [];
  for (let from = 0; from < servers.length; from += AT_ONCE) {
    const some = servers.slice(from, from + AT_ONCE);
    const asked = some.map(async (server) => ({ server, answer: understood(await reader.server(pool, server)) }));
    answers.push(...(await Promise.all(asked)));
  }
  return answers;
}

/** The backup pool, where Lifeguard looks after it. */
async function lookAtBackup({ backupPool }: ManagedPool, { pools, reader }: Eyes): Promise<OperationSighting['backup']> {
  const pool = pools.find(({ fqdn }) => fqdn === backupPool);
  if (pool === undefined) return null;
  const servers = understood(await reader.computers(pool.fqdn, []));
  if (servers === null) return null;
  return {
    version: pool.version,
    servers,
    services: understood(await reader.services(pool.fqdn, servers, servers)),
    backEnd: understood(await reader.backEnd(pool.fqdn, servers)),
  };
}

/** Another hand on this pool or on its pair: servers that a run has down or is taking down, and operations asked for before. */
async function underWay(pool: ManagedPool, { pools, store, clock }: Eyes, runs: Runs): Promise<string | null> {
  const pair = pools.filter(({ fqdn, backupPool }) => fqdn === pool.backupPool || backupPool === pool.fqdn);
  for (const { fqdn } of [pool, ...pair]) {
    const latest = await runs.latestOf(fqdn);
    if (latest === null) continue;
    const { state } = latest;
    const name = shortName(fqdn);
    if (state.ended === null && (fqdn !== pool.fqdn || state.work !== null || state.settling !== null))
      return `${name} is being worked on, asked for by ${state.request.by}: finish or abort that first`;
    if (fqdn !== pool.fqdn && disturbedByUs(state, clock.now())) return `servers of ${name} are down or not long back`;
  }
  const active = await store.activeOperations();
  const ours = active.find((each) => each.pool === pool.fqdn)?.run ?? Number.POSITIVE_INFINITY;
  // The one that was asked for first goes first: what is asked for later neither stops it nor waits for it in a ring.
  for (const { pool: other, run } of active)
    if (run < ours && pair.some(({ fqdn }) => fqdn === other)) return `another operation on ${shortName(other)} is under way`;
  return null;
}

/** Servers that have been starting for long after the act are asked for the events that say why. */
async function stuckServers(
  pool: ManagedPool,
  { done, started }: Operation,
  answers: OperationSighting['answers'],
  now: number,
  reader: PoolReader,
): Promise<OperationSighting['stuck']> {
  const began = started?.at ?? done.at(-1)?.at ?? null;
  const starting = answers.filter(({ answer }) => answer?.rtcsrv === 'StartPending').map(({ server }) => server);
  if (began === null || now - began < STUCK_AFTER || starting.length === 0) return [];
  const { servers } = await reader.condition(pool.fqdn, starting, starting);
  return servers.map(({ server, seen }) => ({ server, events: eventsIn(seen) }));
}

const eventsIn = (seen: Awaited<ReturnType<PoolReader['condition']>>['servers'][number]['seen']): readonly EventSeen[] =>
  seen.kind === 'read' && seen.value.events.kind === 'read' ? seen.value.events.value : [];
