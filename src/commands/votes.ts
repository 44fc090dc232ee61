import { type PersonId, shortName } from '../domain/pool.ts';
import { frozenWords, THAW_GOES_ON } from '../messages/freeze-words.ts';
import { clockTime, withoutPrompt } from '../messages/words.ts';
import type { Delivery } from '../ports.ts';
import { authorize } from './authorize.ts';
import { type Desk, type Outcome, told } from './desk.ts';
import { shown } from './quoted.ts';
import { type Asked, allRequests } from './requests.ts';

/** As `approvalCode` makes them, typed as it is shown. */
const LIKE_A_CODE = /^(?=.*\d)[2-9A-HJ-NP-Z]{4}$/;

/** Bare `approve` works when exactly one request is open that this person may approve; else the code says which. */
export async function approve(code: string | null, by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const chosen = await choose(code, by, 'approve', desk);
  if (chosen.kind === 'told') return chosen.outcome;
  const { asked } = chosen;
  const { pool } = asked;
  const own = asked.votes.find((vote) => vote.by === by);
  if (own !== undefined)
    return told(
      pool,
      `${shortName(pool.fqdn)}: ${by} has approved already, at ${clockTime(own.at, pool)}: one person is one vote, whatever account they use. Nothing was changed.`,
    );
  if (asked.typed && code === null)
    return told(
      pool,
      `${shortName(pool.fqdn)}: not approved: a ${asked.what} restarts services on the whole pool, so its code is typed: \`approve ${asked.code}\`. Nothing was changed.`,
    );
  const freeze = await desk.freeze();
  if (freeze !== null)
    return told(pool, `${shortName(pool.fqdn)}: not approved: ${frozenWords(freeze, pool)}. Nothing was changed.`, THAW_GOES_ON);
  const verdict = asked.judge(by, delivery.at);
  if (verdict.kind === 'refused')
    return told(pool, `${shortName(pool.fqdn)}: not approved: ${verdict.because}. Nothing was changed.`);
  const missing = verdict.missing === 0 ? 'looking at the pool once more' : `${verdict.missing} more needed`;
  const words = `${shortName(pool.fqdn)}: ${asked.code} approved by ${by}; ${missing}`;
  return asked.say({ kind: 'approved' }, by, delivery, desk, words);
}

/** `deny why…` or `deny CODE why…`: ends the request at once, with its reason. */
export async function deny(words: readonly string[], by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const [first = '', ...rest] = words;
  const codes = (await allRequests(desk)).map((each) => each.code);
  // A word that looks like a code is one, known or not: it is never taken for the reason to deny another request.
  const code = codes.includes(first.toUpperCase()) || LIKE_A_CODE.test(first) ? first.toUpperCase() : null;
  const because = (code === null ? words : rest).join(' ');
  if (because === '') return told(null, 'A no needs its reason. Usage: deny [code] <why>. Nothing was changed.');
  const chosen = await choose(code, by, 'deny', desk);
  if (chosen.kind === 'told') return chosen.outcome;
  const { asked } = chosen;
  const said = `${shortName(asked.pool.fqdn)}: ${asked.code} denied by ${by}: ${because}`;
  return asked.say({ kind: 'denied', because }, by, delivery, desk, said);
}

type Chosen = { readonly kind: 'open'; readonly asked: Asked } | { readonly kind: 'told'; readonly outcome: Outcome };

async function choose(code: string | null, by: PersonId, verb: 'approve' | 'deny', desk: Desk): Promise<Chosen> {
  const tell = (pool: Asked['pool'] | null, title: string): Chosen => ({
    kind: 'told',
    outcome: told(pool, `${title} Nothing was changed.`),
  });
  const all = await allRequests(desk);
  const open = all.filter((each) => each.open);
  if (code !== null) {
    const named = open.find((each) => each.code === code) ?? all.find((each) => each.code === code);
    if (named === undefined) return tell(null, `No request has the code "${shown(code)}".`);
    const may = authorize(by, 'approve', named.pool);
    if (may.kind === 'refused') return tell(named.pool, `${may.because}.`);
    return named.open
      ? { kind: 'open', asked: named }
      : tell(
          named.pool,
          `Request ${code} is no longer open: ${[votedBy(named, by), becameOf(named)].filter((each) => each !== null).join('; ')}.`,
        );
  }
  const theirs = open.filter(
    ({ pool, by: askedBy }) => authorize(by, 'approve', pool).kind === 'allowed' && (verb === 'deny' || askedBy !== by),
  );
  const [only, ...others] = theirs;
  if (only !== undefined && others.length === 0) return { kind: 'open', asked: only };
  if (only !== undefined)
    return tell(
      null,
      `Which one? ${theirs.map((each) => `\`${verb} ${each.code}\` (${shortName(each.pool.fqdn)})`).join(', ')}.`,
    );
  const [first] = open;
  if (first === undefined) return tell(null, 'No request for approval is open.');
  const may = authorize(by, 'approve', first.pool);
  const because =
    may.kind === 'refused' ? may.because : `you asked for this ${first.what}, so somebody else has to decide on ${first.code}`;
  return tell(first.pool, `${because}.`);
}

/** What this person's own yes stands as; null when there is none. */
function votedBy({ votes, pool }: Asked, by: PersonId): string | null {
  const vote = votes.find((each) => each.by === by);
  return vote === undefined ? null : `you approved at ${clockTime(vote.at, pool)}`;
}

function becameOf({ outcome, votes, pool, what }: Asked): string {
  if (outcome === null) return what === 'upgrade' ? 'its run has ended' : `the ${what} has ended`;
  const at = clockTime(outcome.at, pool);
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
