import { approversFor } from '../domain/approval.ts';
import type { Freeze } from '../domain/freeze.ts';
import { type ManagedPool, mayDo } from '../domain/inventory.ts';
import { type Operation, openOperationGate } from '../domain/operation.ts';
import { type PersonId, type PoolFqdn, shortName } from '../domain/pool.ts';
import { openGate, type Run } from '../domain/run.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import type { Instant } from '../domain/time.ts';
import type { Card } from './card.ts';
import { frozenLines } from './freeze-words.ts';
import { cardsOfOperation, operationApprovers, operationRequestKey } from './operation-cards.ts';
import { requestCard } from './request-card.ts';
import { liveCard } from './run-cards.ts';
import { statusLines } from './status.ts';
import { titled } from './words.ts';

/** What one person finds on a page of their own. Never the only way to anything: every button is a command. */
export interface HomePage {
  readonly person: PersonId;
  /** Open requests that this person may decide and has not. */
  readonly waiting: readonly Card[];
  /** Runs that this person asked for and that have not ended. */
  readonly runs: readonly Card[];
  readonly health: readonly PoolHealth[];
}

/** A pool in a few lines, from the last look at it, and the command that asks anew. */
export interface PoolHealth {
  readonly pool: PoolFqdn;
  readonly title: string;
  /** In the words of `status`: worst first, with its age. */
  readonly lines: readonly string[];
  readonly command: string;
}

/** What is known of one pool: its last look and its last run, as far as there are any. */
export interface KnownPool {
  readonly pool: ManagedPool;
  readonly seen: PoolSighting | null;
  readonly run: { readonly run: number; readonly state: Run } | null;
  /** The operation on the whole pool that has not ended. */
  readonly operation?: { readonly operation: number; readonly state: Operation } | null;
}

/** How many lines of its status a pool gets here; the command has the rest. */
const HEALTH_LINES = 3;

/** The page of one person, who sees no pool that they may not view. */
export function homePage(person: PersonId, known: readonly KnownPool[], now: Instant, freeze: Freeze | null): HomePage {
  const theirs = known.filter(({ pool }) => mayDo(pool, person, 'view') || mayDo(pool, person, 'approve'));
  return {
    person,
    waiting: theirs.flatMap((each) => [...waitingFor(person, each), ...operationWaitingFor(person, each)]),
    runs: theirs.flatMap(({ pool, run, operation }) => [
      ...(run !== null && run.state.ended === null && run.state.request.by === person
        ? [liveCard(run.run, run.state, pool, pool)]
        : []),
      ...(operation?.state.request.by === person
        ? cardsOfOperation(operation.operation, operation.state, pool, freeze).slice(0, 1)
        : []),
    ]),
    health: theirs.filter(({ pool }) => mayDo(pool, person, 'view')).map((each) => healthOf(each, now, freeze)),
  };
}

function waitingFor(person: PersonId, { pool, run }: KnownPool): readonly Card[] {
  const opened = run === null || run.state.ended !== null ? null : openGate(run.state);
  if (run === null || opened === null) return [];
  const mayDecide = approversFor(run.state, pool).includes(person) && !opened.votes.some(({ by }) => by === person);
  return mayDecide ? [requestCard(run.run, opened, run.state, pool, pool)] : [];
}

function operationWaitingFor(person: PersonId, { pool, operation }: KnownPool): readonly Card[] {
  const opened = operation == null ? null : openOperationGate(operation.state);
  if (operation == null || opened === null) return [];
  const mayDecide = operationApprovers(operation.state, pool).includes(person) && !opened.votes.some(({ by }) => by === person);
  const key = operationRequestKey(operation.operation, opened.gate.attempt);
  return mayDecide ? cardsOfOperation(operation.operation, operation.state, pool, null).filter((card) => card.key === key) : [];
}

function healthOf({ pool, seen, run }: KnownPool, now: Instant, freeze: Freeze | null): PoolHealth {
  const name = shortName(pool.fqdn);
  const about = { pool: pool.fqdn, command: `status ${name}` };
  if (seen === null) return { ...about, title: titled(name, pool), lines: [...frozenLines(freeze, pool), 'not looked at yet'] };
  const { worst, lines } = statusLines(seen, run?.state ?? null, pool, now, pool, freeze);
  const age = lines.slice(-1);
  return { ...about, title: titled(`${name} ${worst}`, pool), lines: [...lines.slice(0, -1).slice(0, HEALTH_LINES), ...age] };
}
