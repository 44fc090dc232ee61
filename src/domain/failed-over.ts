import type { CheckName, CheckQuestion, Finding } from './checks.ts';
import { shortName } from './pool.ts';

/** What says how well the pool serves its users, which it does not do while they are elsewhere. */
const HOLDS_NOTHING: readonly CheckName[] = ['pool-ready', 'domain-ready', 'replicas-complete', 'replicas-outside'];
/** What says whether the pool itself stays up: nobody is cut off when it does not, and starting it again is work for a person. */
const FOR_A_PERSON: readonly CheckName[] = ['servers-running', 'quorum-kept'];

/**
 * A finding of a pool whose users are at its backup pool. "fail over to the backup pool, and then upgrade": the state that was
 * the reason to fail over does not stand in the way of the upgrade. Source: Upgrade or update Front End Servers, step 1.
 */
export function whileFailedOver(
  check: CheckName,
  finding: Finding,
  { backupPool, seen: { elsewhere } }: Pick<CheckQuestion, 'backupPool' | 'seen'>,
): Finding {
  if (finding.verdict === 'ok') return finding;
  const where = backupPool === null ? 'the backup pool' : shortName(backupPool);
  const unconfirmed = elsewhere === 'confirmed' ? '' : ' by our record, and its backup service does not say so';
  const seen = `${finding.seen}; its users are at ${where}${unconfirmed}`;
  if (HOLDS_NOTHING.includes(check) && elsewhere === 'confirmed') return { ...finding, verdict: 'ok', seen };
  if ((HOLDS_NOTHING.includes(check) || FOR_A_PERSON.includes(check)) && finding.verdict === 'blocked')
    return { ...finding, verdict: 'tickable', seen, clears: `${finding.clears}, or tick ${check}` };
  return finding;
}
