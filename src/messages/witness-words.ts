import { unitName } from '../domain/pool.ts';
import { type BackEnd, judgeQuorum, type QuorumQuestion } from '../domain/quorum.ts';
import { nextUpgradeDomain, openGate, type Run } from '../domain/run.ts';
import { runningServers } from '../domain/sighting.ts';

/** Which copy of the back end is in charge, and the margin with the primary's vote and without it; null: not read, or out of reach. */
export interface Witness {
  readonly backEnd: BackEnd | null;
  readonly withIt: number;
  readonly without: number;
}

type Asked = Omit<QuorumQuestion, 'backEnd'>;

/** Both margins; null where it makes no published difference: in a pool of odd size, and where no number is published. */
export function witnessOf(asked: Asked, backEnd: BackEnd | null): Witness | null {
  if (asked.servers.length % 2 === 1) return null;
  const margin = (inCharge: BackEnd): number | null => {
    const verdict = judgeQuorum({ ...asked, backEnd: inCharge });
    return verdict.kind === 'unknown' ? null : verdict.margin;
  };
  const [withIt, without] = [margin('primary'), margin('mirror')];
  return withIt === null || without === null ? null : { backEnd, withIt, without };
}

/** In one line. Sources: the quorum table, and what its page says of shutting the primary database down. */
export function witnessWords(asked: Asked, backEnd: BackEnd | null): string {
  const witness = witnessOf(asked, backEnd);
  const margins = witness === null ? '' : `margin ${witness.withIt} with its vote, ${witness.without} without`;
  if (backEnd === null || backEnd === 'down')
    return `back end: out of reach${witness === null ? '' : `, and its primary is the witness: ${margins}`}`;
  if (backEnd === 'primary')
    return `back end: the primary is in charge${witness === null ? '' : ` and is the witness: ${margins}`}`;
  return `back end: the mirror is in charge${witness === null ? '' : `, the witness has no vote: ${margins}`}`;
}

/** The same with the domain under way, or the next one, down; null while nothing is known of either. */
export function witnessLine(run: Run): string | null {
  const { plan, work, settings, lastSeen, vitals } = run;
  const domain = work?.upgradeDomain ?? nextUpgradeDomain(run);
  const seen = openGate(run)?.evidence ?? work?.evidence ?? lastSeen;
  const running = seen === null ? null : runningServers(seen);
  if (plan === null || domain === null || seen === null || running === null || run.settling !== null) return null;
  const asked = { version: settings.version, servers: plan.topology.servers, running, stopping: domain.servers };
  const backEnd = work !== null && vitals !== null && vitals.at > seen.at ? vitals.backEnd : seen.backEnd;
  const words = witnessWords(asked, backEnd);
  return witnessOf(asked, backEnd) === null ? words : `with ${unitName(domain)} down, ${words}`;
}
