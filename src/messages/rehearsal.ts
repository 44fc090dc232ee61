import type { CheckResult } from '../domain/checks.ts';
import type { Freeze } from '../domain/freeze.ts';
import { type ManagedPool, peopleWith } from '../domain/inventory.ts';
import { SMALL_POOL_WARNING } from '../domain/plan.ts';
import { namesOf, type PersonId, type ServerFqdn, shortName, type UpgradeDomain, unitName } from '../domain/pool.ts';
import { type QuorumCount, quorumInWords } from '../domain/quorum.ts';
import { type PersonNeeded, type Played, type Rehearsed, whoMayAsk } from '../domain/rehearsal.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import { hours, type Instant, minutes } from '../domain/time.ts';
import { frozenLines } from './freeze-words.ts';
import { holdWords } from './hold-words.ts';
import { clockTime, span, type Voice } from './words.ts';

/** What a rehearsal was made from, and what the pool and the record say against an upgrade now. */
export interface RehearsedOn {
  readonly pool: ManagedPool;
  readonly seen: PoolSighting;
  /** Why the look was taken for the rehearsal; null when it is the last one that anybody took. */
  readonly lookedBecause: string | null;
  /** What would be typed to begin. */
  readonly line: string;
  readonly blockers: readonly CheckResult[];
  readonly freeze: Freeze | null;
  /** Domains that earlier runs left in the middle. */
  readonly left: readonly UpgradeDomain[];
  /** Servers that need not be upgraded any more. */
  readonly upgraded: readonly ServerFqdn[];
  readonly now: Instant;
}

/** What is in the way, when it ends, where it is worst, when people have to do what, and what nobody can know of it. */
export function rehearsalLines(on: RehearsedOn, rehearsed: Rehearsed): readonly string[] {
  const { pool, freeze, left } = on;
  const name = shortName(pool.fqdn);
  const { needed } = rehearsed.likely;
  const ticked = (blocker: CheckResult) =>
    needed.some((each) => each.kind === 'tick' && each.check === blocker.check && each.server === blocker.server);
  return [
    seenLine(on),
    ...((on.seen.computers?.length ?? 3) < 3 ? [`warning: ${SMALL_POOL_WARNING}`] : []),
    ...frozenLines(freeze, pool),
    ...on.blockers.filter((each) => !ticked(each)).map(({ check, seen: what }) => `in the way now: ${check}: ${what}`),
    ...(on.upgraded.length === 0 ? [] : [`already upgraded: ${namesOf(on.upgraded)}`]),
    ...left.map((each) => `${unitName(each)} was left in the middle: \`upgrade\` goes on with it; here it begins as seen`),
    ...endLines(rehearsed, pool),
    ...worstLine(needed),
    ...whoLines(pool),
    `0:00 \`${on.line}\``,
    ...needed.map((each) => `${clockOf(each.after)} ${neededInWords(each, pool)}`),
    `not known: how long ${name} really takes`,
    `here: ${assumedInWords(rehearsed, pool)}`,
  ];
}

/** A look that somebody took for another reason may be hours old. */
function seenLine({ seen, pool, lookedBecause, now }: RehearsedOn): string {
  const at = `seen ${clockTime(seen.at, pool)}`;
  if (lookedBecause !== null) return `${at}, for this: ${lookedBecause}`;
  return now - seen.at < minutes(1) ? at : `${at}, ${span(now - seen.at)} ago`;
}

/** `1:05` after the beginning. */
const clockOf = (after: number): string =>
  `${Math.floor(after / hours(1))}:${String(Math.floor((after % hours(1)) / minutes(1))).padStart(2, '0')}`;

/** More names than these make no line shorter to read. */
const NAMES_SHOWN = 4;

function anyOf(people: readonly PersonId[]): string {
  const shown = people.slice(0, NAMES_SHOWN).join(', ');
  if (people.length === 0) return 'nobody';
  return people.length > NAMES_SHOWN ? `${shown} or ${people.length - NAMES_SHOWN} more` : shown;
}

/** Who can do what the times below are about; the same people at each of them. */
function whoLines(pool: ManagedPool): readonly string[] {
  const may = whoMayAsk(pool);
  const approvers = `${pool.approvalsNeeded === 1 ? 'another' : `${pool.approvalsNeeded} others`} of ${anyOf(peopleWith(pool, 'approve'))}`;
  return may.length === 0
    ? [`\`upgrade\`: ${anyOf(peopleWith(pool, 'operate'))}`, `\`approve\`: ${approvers}, too few for anybody's upgrade`]
    : [`\`upgrade\`: ${anyOf(may)}`, `\`approve\`: ${approvers}`];
}

function neededInWords(needed: PersonNeeded, pool: ManagedPool): string {
  switch (needed.kind) {
    case 'approve': {
      const { upgradeDomain, servers } = needed.gate;
      const which =
        upgradeDomain.servers.length === 1 ? unitName(upgradeDomain) : `${unitName(upgradeDomain)} (${namesOf(servers)})`;
      const margin = needed.quorum.kind === 'unknown' ? '' : `, margin ${needed.quorum.margin}`;
      return `\`approve\` ${which}${margin}`;
    }
    case 'patched':
      return `patch ${namesOf(needed.servers)}; ${needed.servers.map((server) => `\`patched ${shortName(server)}\``).join(', ')}`;
    case 'tick':
      return `close it, or \`tick ${needed.check} ${shortName(needed.server ?? pool.fqdn)}\`: ${needed.seen}`;
  }
}

function endLines({ earliest, likely }: Rehearsed, pool: ManagedPool): readonly string[] {
  if (likely.end.kind !== 'finished') return stopLines(likely, pool);
  const patching = likely.needed.flatMap((each) => (each.kind === 'patched' ? each.servers : [])).length;
  const soonest = earliest.end.kind === 'finished' ? `, ${clockOf(earliest.lasts)} at the earliest` : '';
  const byHand = patching === 0 ? '' : `, plus your patching of ${patching} server${patching === 1 ? '' : 's'}`;
  return [`ends: ${clockOf(likely.lasts)} likely${soonest}`, `if all answer at once${byHand}`];
}

function stopLines({ end, lasts }: Played, pool: ManagedPool): readonly string[] {
  const stops = `stops at ${clockOf(lasts)}:`;
  switch (end.kind) {
    case 'finished':
      return [];
    case 'refused':
      return end.because.map((because) => `${stops} refused: ${because}`);
    case 'held': {
      const { because, lines } = holdWords(end.reason, pool);
      const prompts = end.reason.kind === 'pool-problem' ? [promptInWords(pool)] : [];
      return [`${stops} held: ${because}`, ...prompts, ...lines];
    }
    case 'not-approved':
      return [`${stops} ${unitName(end.upgradeDomain)} cannot be approved`];
    case 'not-over':
      return [`${stops} not over by then`];
  }
}

const promptInWords = ({ backupPool }: Pick<ManagedPool, 'backupPool'>): string =>
  backupPool === null
    ? 'It prompts: no backup pool, restore service on this pool first.'
    : `It prompts: fail over to ${shortName(backupPool)}, which is a person's decision.`;

/** The approval after which the fewest servers could still be lost. */
function worstLine(needed: readonly PersonNeeded[]): readonly string[] {
  const stops = needed.flatMap((each) =>
    each.kind === 'approve' && each.quorum.kind !== 'unknown' ? [{ ...each, counts: each.quorum.counts }] : [],
  );
  const lowest = (counts: readonly QuorumCount[]) => counts.toSorted((left, right) => left.margin - right.margin)[0];
  const [worst] = stops.toSorted((left, right) => (lowest(left.counts)?.margin ?? 0) - (lowest(right.counts)?.margin ?? 0));
  const count = worst === undefined ? undefined : lowest(worst.counts);
  if (worst === undefined || count === undefined) return [];
  return [`worst: ${unitName(worst.gate.upgradeDomain)} down: ${quorumInWords(count, worst.poolSize)}`];
}

function assumedInWords({ assumed }: Rehearsed, pool: Voice & Pick<ManagedPool, 'patchMode'>): string {
  const range = ([least, most]: readonly [number, number]) => `${least / minutes(1)}-${most / minutes(1)}`;
  const patch = pool.patchMode === 'by-command' ? `, patch ${range(assumed.patch)}` : '';
  return `drain ${range(assumed.drain)} min${patch}, restart ${range(assumed.restart)}, replicas back ${range(assumed.replicas)}`;
}
