import { judgeVote } from '../domain/approval.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { type OpenedGate, openGate } from '../domain/run.ts';
import { frozenWords, THAW_GOES_ON } from '../messages/freeze-words.ts';
import { clockTime, type Voice, withoutPrompt } from '../messages/words.ts';
import type { Delivery } from '../ports.ts';
import { authorize } from './authorize.ts';
import { type Desk, type KnownRun, type Outcome, told } from './desk.ts';
import { order } from './orders.ts';
import { shown } from './quoted.ts';

/** As `approvalCode` makes them, typed as it is shown. */
const LIKE_A_CODE = /^(?=.*\d)[2-9A-HJ-NP-Z]{4}$/;

/** A request that waits for votes, with its run and pool. */
interface Open {
  readonly run: KnownRun;
  readonly pool: ManagedPool;
  readonly opened: OpenedGate;
}

/** Bare `approve` works when exactly one request is open that this person may approve; else the code says which. */
export async function approve(code: string | null, by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const chosen = await choose(code, by, 'approve', desk);
  if (chosen.kind === 'told') return chosen.outcome;
  const { run, pool, opened } = chosen.open;
  const own = opened.votes.find((vote) => vote.by === by);
  if (own !== undefined)
    return told(
      pool,
      `${shortName(pool.fqdn)}: ${by} has approved already, at ${clockTime(own.at, pool)}: one person is one vote, whatever account they use. Nothing was changed.`,
    );
  const freeze = await desk.freeze();
  if (freeze !== null)
    return told(pool, `${shortName(pool.fqdn)}: not approved: ${frozenWords(freeze, pool)}. Nothing was changed.`, THAW_GOES_ON);
  const verdict = judgeVote(run.state, pool, opened, by, delivery.at);
  if (verdict.kind === 'refused')
    return told(pool, `${shortName(pool.fqdn)}: not approved: ${verdict.because}. Nothing was changed.`);
  const missing = verdict.missing === 0 ? 'looking at the pool once more' : `${verdict.missing} more needed`;
  return order(
    run,
    pool,
    { kind: 'approved', code: opened.gate.code, by },
    delivery,
    desk,
    `${shortName(pool.fqdn)}: ${opened.gate.code} approved by ${by}; ${missing}`,
  );
}

/** `deny why…` or `deny CODE why…`: ends the request at once, with its reason. */
export async function deny(words: readonly string[], by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const [first = '', ...rest] = words;
  const codes = (await allRequests(desk)).map(({ opened }) => opened.gate.code);
  // A word that looks like a code is one, known or not: it is never taken for the reason to deny another request.
  const code = codes.includes(first.toUpperCase()) || LIKE_A_CODE.test(first) ? first.toUpperCase() : null;
  const because = (code === null ? words : rest).join(' ');
  if (because === '') return told(null, 'A no needs its reason. Usage: deny [code] <why>. Nothing was changed.');
  const chosen = await choose(code, by, 'deny', desk);
  if (chosen.kind === 'told') return chosen.outcome;
  const { run, pool, opened } = chosen.open;
  return order(
    run,
    pool,
    { kind: 'denied', code: opened.gate.code, by, because },
    delivery,
    desk,
    `${shortName(pool.fqdn)}: ${opened.gate.code} denied by ${by}: ${because}`,
  );
}

type Chosen = { readonly kind: 'open'; readonly open: Open } | { readonly kind: 'told'; readonly outcome: Outcome };

async function choose(code: string | null, by: PersonId, verb: 'approve' | 'deny', desk: Desk): Promise<Chosen> {
  const tell = (pool: ManagedPool | null, title: string): Chosen => ({
    kind: 'told',
    outcome: told(pool, `${title} Nothing was changed.`),
  });
  const all = await allRequests(desk);
  const open = all.filter(({ run, opened }) => openGate(run.state) === opened);
  if (code !== null) {
    const named = open.find(({ opened }) => opened.gate.code === code) ?? all.find(({ opened }) => opened.gate.code === code);
    if (named === undefined) return tell(null, `No request has the code "${shown(code)}".`);
    const may = authorize(by, 'approve', named.pool);
    if (may.kind === 'refused') return tell(named.pool, `${may.because}.`);
    return open.includes(named)
      ? { kind: 'open', open: named }
      : tell(
          named.pool,
          `Request ${code} is no longer open: ${[votedBy(named.opened, by, named.pool), becameOf(named.opened, named.pool)].filter((each) => each !== null).join('; ')}.`,
        );
  }
  const theirs = open.filter(
    ({ pool, run }) => authorize(by, 'approve', pool).kind === 'allowed' && (verb === 'deny' || run.state.request.by !== by),
  );
  const [only, ...others] = theirs;
  if (only !== undefined && others.length === 0) return { kind: 'open', open: only };
  if (only !== undefined)
    return tell(
      null,
      `Which one? ${theirs.map(({ opened, pool }) => `\`${verb} ${opened.gate.code}\` (${shortName(pool.fqdn)})`).join(', ')}.`,
    );
  const [first] = open;
  if (first === undefined) return tell(null, 'No request for approval is open.');
  const may = authorize(by, 'approve', first.pool);
  const because =
    may.kind === 'refused'
      ? may.because
      : `you asked for this upgrade, so somebody else has to decide on ${first.opened.gate.code}`;
  return tell(first.pool, `${because}.`);
}

/** What this person's own yes stands as; null when there is none. */
function votedBy({ votes }: OpenedGate, by: PersonId, voice: Voice): string | null {
  const vote = votes.find((each) => each.by === by);
  return vote === undefined ? null : `you approved at ${clockTime(vote.at, voice)}`;
}

function becameOf({ outcome, votes }: OpenedGate, voice: Voice): string {
  if (outcome === null) return 'its run has ended';
  const at = clockTime(outcome.at, voice);
  switch (outcome.kind) {
    case 'approved':
      return `it has been approved at ${at} by ${votes.map(({ by }) => by).join(', ')}`;
    case 'denied':
      return `${outcome.by} denied it: ${withoutPrompt(outcome.because)} (${at})`;
    case 'expired':
      return `it expired at ${at}`;
    case 'void':
      return `it is void since ${at}: ${outcome.because.join('; ')}`;
  }
}

/** Every request of every pool's last run, newest first: an old code is told what became of it. */
async function allRequests(desk: Desk): Promise<readonly Open[]> {
  const requests: Open[] = [];
  for (const pool of desk.pools) {
    const run = await desk.latestRun(pool.fqdn);
    for (const opened of run?.state.gates.toReversed() ?? []) if (run !== null) requests.push({ run, pool, opened });
  }
  return requests;
}
