import { judgeVote } from '../domain/approval.ts';
import type { OpenedGate } from '../domain/gate.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { mayDo } from '../domain/inventory.ts';
import { needsTwo, type OpenedOperationGate, openOperationGate } from '../domain/operation.ts';
import type { PersonId } from '../domain/pool.ts';
import { shortName } from '../domain/pool.ts';
import { runName } from '../domain/purpose.ts';
import { openGate } from '../domain/run.ts';
import type { Instant } from '../domain/time.ts';
import { operationApprovers } from '../messages/operation-cards.ts';
import { OPERATION_NOUNS } from '../messages/operation-words.ts';
import type { Delivery } from '../ports.ts';
import type { Desk, KnownOperation, KnownRun, Outcome } from './desk.ts';
import { say } from './operation.ts';
import { order } from './orders.ts';

/** A request for approval of an upgrade or of an operation, as far as votes are concerned. */
export interface Asked {
  readonly pool: ManagedPool;
  readonly code: string;
  readonly by: PersonId;
  /** What was asked for, in one word. */
  readonly what: string;
  readonly open: boolean;
  readonly votes: readonly { readonly by: PersonId; readonly at: Instant }[];
  readonly outcome: OpenedGate['outcome'];
  /** Whether a yes has to name its code: what cannot be undone is never meant by a bare word. */
  readonly typed: boolean;
  /** How many are missing once this yes is given, or why it does not count. */
  judge(by: PersonId, now: Instant): ReturnType<typeof judgeVote>;
  say(
    verdict: { readonly kind: 'approved' } | { readonly kind: 'denied'; readonly because: string },
    by: PersonId,
    delivery: Delivery,
    desk: Desk,
    words: string,
  ): Promise<Outcome>;
}

/** How many of a pool's operations are looked through for an old code. */
const OPERATIONS_LOOKED_AT = 5;

/** Every request of every pool's last run and operations, newest first: an old code is told what became of it. */
export async function allRequests(desk: Desk): Promise<readonly Asked[]> {
  const requests: Asked[] = [];
  for (const pool of desk.pools) {
    const run = await desk.latestRun(pool.fqdn);
    for (const opened of run?.state.gates.toReversed() ?? []) if (run !== null) requests.push(ofRun(run, opened, pool));
    for (const known of await desk.operationsOf(pool.fqdn, OPERATIONS_LOOKED_AT))
      for (const opened of known.state.gates.toReversed()) requests.push(ofOperation(known, opened, pool));
  }
  return requests;
}

const ofRun = (run: KnownRun, opened: OpenedGate, pool: ManagedPool): Asked => ({
  pool,
  code: opened.gate.code,
  by: run.state.request.by,
  what: runName(run.state),
  open: openGate(run.state) === opened,
  votes: opened.votes,
  outcome: opened.outcome,
  typed: false,
  judge: (by, now) => judgeVote(run.state, pool, opened, by, now),
  say: (verdict, by, delivery, desk, words) =>
    order(run, pool, { ...verdict, code: opened.gate.code, by }, delivery, desk, words),
});

const ofOperation = (known: KnownOperation, opened: OpenedOperationGate, pool: ManagedPool): Asked => ({
  pool,
  code: opened.gate.code,
  by: known.state.request.by,
  what: OPERATION_NOUNS[known.state.request.kind],
  open: openOperationGate(known.state) === opened,
  votes: opened.votes,
  outcome: opened.outcome,
  typed: needsTwo(known.state.request.kind),
  judge: (by, now) => judgeOperationVote(known, opened, pool, by, now),
  say: (verdict, by, delivery, desk, words) =>
    say(known, pool, { ...verdict, code: opened.gate.code, by }, delivery, desk, words),
});

/** The same rules as for an upgrade: the right, somebody else than who asked, in time, and one vote for each person. */
function judgeOperationVote(
  { state }: KnownOperation,
  opened: OpenedOperationGate,
  pool: ManagedPool,
  by: PersonId,
  now: Instant,
): ReturnType<typeof judgeVote> {
  const refuse = (because: string) => ({ kind: 'refused', because }) as const;
  const { gate, votes } = opened;
  const others = operationApprovers(state, pool);
  const who = others.length === 0 ? 'nobody else' : others.join(', ');
  if (!mayDo(pool, by, 'approve')) return refuse(`you may not approve for ${shortName(pool.fqdn)}; ${who} may`);
  if (by === state.request.by)
    return refuse(`you asked for this ${OPERATION_NOUNS[state.request.kind]}, so somebody else has to approve: ${who}`);
  if (openOperationGate(state) !== opened) return refuse(`request ${gate.code} is no longer open`);
  if (now >= gate.expiresAt) return refuse(`request ${gate.code} has expired`);
  if (votes.some((vote) => vote.by === by)) return refuse('you have approved already, and one person is one vote');
  return { kind: 'counts', missing: gate.votesNeeded - votes.length - 1 };
}
