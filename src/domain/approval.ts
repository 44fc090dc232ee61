import { blockersIn, type CheckResult, runChecks } from './checks.ts';
import { movesBetween } from './fabric.ts';
import type { Gate, OpenedGate } from './gate.ts';
import { type ManagedPool, mayDo, peopleWith } from './inventory.ts';
import { namesOf, type PersonId, shortName } from './pool.ts';
import { runName } from './purpose.ts';
import { checkQuestion } from './questions.ts';
import { type DomainWork, openGate, type Run, stopGate } from './run.ts';
import { isWhole } from './server-work.ts';
import { runningServers } from './sighting.ts';
import type { Instant } from './time.ts';

/** Letters and digits nobody mistakes for one another on a phone. */
const CODE_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * The short code of a request: four letters that differ between a pool's runs and attempts. It names a request, it is
 * no secret; who may approve is another question. FNV-1a over the run and the attempt.
 */
export function approvalCode(run: string, attempt: number): string {
  let hash = 2_166_136_261;
  for (const letter of `${run}#${attempt}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return [0, 1, 2, 3].map((place) => CODE_LETTERS[(hash >>> (place * 7)) % CODE_LETTERS.length]).join('');
}

/** Whether a yes counts, and how many are still missing then; or why it does not. */
export type VoteVerdict =
  | { readonly kind: 'counts'; readonly missing: number }
  | { readonly kind: 'refused'; readonly because: string };

/** Whether this person's yes counts for the request. A refusal is an answer to a person, not an error. */
export function judgeVote(run: Run, pool: ManagedPool, opened: OpenedGate, by: PersonId, now: Instant): VoteVerdict {
  const refuse = (because: string): VoteVerdict => ({ kind: 'refused', because });
  const { gate, votes } = opened;
  if (!mayDo(pool, by, 'approve'))
    return refuse(`you may not approve for ${shortName(pool.fqdn)}; ${approversInWords(run, pool)} may`);
  if (by === run.request.by)
    return refuse(`you asked for this ${runName(run)}, so somebody else has to approve: ${approversInWords(run, pool)}`);
  if (openGate(run)?.gate.code !== gate.code) return refuse(`request ${gate.code} is no longer open`);
  if (now >= gate.expiresAt) return refuse(`request ${gate.code} has expired`);
  if (votes.some((vote) => vote.by === by)) return refuse('you have approved already, and one person is one vote');
  return { kind: 'counts', missing: gate.votesNeeded - votes.length - 1 };
}

/** Who can say yes to this run: those with the right, without the requester. */
export const approversFor = (run: Run, pool: ManagedPool): readonly PersonId[] =>
  peopleWith(pool, 'approve').filter((person) => person !== run.request.by);

const approversInWords = (run: Run, pool: ManagedPool): string => {
  const people = approversFor(run, pool);
  return people.length === 0 ? 'nobody else' : people.join(', ');
};

/**
 * Why the yes does not cover what is seen now: a check fails, other servers run, primaries or secondaries moved, or the
 * configuration is another. Whatever else differs voids nothing.
 */
export function differencesSince(run: Run, gate: Gate, work: DomainWork): readonly string[] {
  const { seen, settings } = run;
  if (seen === null) return ['the pool could not be looked at'];
  const question = checkQuestion(run, gate.upgradeDomain, 'first');
  const failing = question === null ? ['there is no plan'] : blockersIn(runChecks(question)).map(inWords);
  const before = runningServers(work.evidence) ?? [];
  const after = runningServers(seen) ?? [];
  const started = after.filter((server) => !before.includes(server));
  const lost = before.filter((server) => !after.includes(server));
  const unread = seen.fabric === null || work.evidence.fabric === null || run.failedOverAt !== undefined;
  const moved = unread ? [] : movesBetween(work.evidence.fabric, seen.fabric);
  return [
    ...failing,
    ...(settings.revision === gate.revision ? [] : ['the configuration of the pool is another']),
    ...(started.length === 0 ? [] : [`has started since: ${namesOf(started)}`]),
    ...(lost.length === 0 ? [] : [`runs no more: ${namesOf(lost)}`]),
    ...(moved.length === 0
      ? []
      : [`primaries or secondaries of ${moved.length} routing groups moved: ${moved.map(({ id }) => id).join(', ')}`]),
  ];
}

/**
 * Why the yes for this domain covers nothing any more, whatever the pool is like; null while it may be acted on. A whole
 * domain under another configuration is told of as a difference.
 */
export function whyLapsed(run: Run, work: DomainWork, now: Instant): string | null {
  const gate = work.approved && run.frozen === null ? stopGate(run) : null;
  if (gate === null) return null;
  if (now >= gate.expiresAt) return 'not acted on in its time';
  if (work.spent !== undefined) return work.spent;
  return gate.revision === run.settings.revision || isWhole(run, work) ? null : 'the configuration of the pool is another';
}

/** Whether the yes to end a drain at once still covers it. */
export function endsDrain({ gates, settings }: Run, work: DomainWork, now: Instant): boolean {
  const gate = gates.at(-1)?.gate;
  if (work.immediate !== 'approved' || gate === undefined) return false;
  return now < gate.expiresAt && gate.revision === settings.revision;
}

const inWords = ({ check, seen }: CheckResult): string => `${check}: ${seen}`;
