import type { PoolFqdn, ServerFqdn } from './pool.ts';
import type { PoolProblemCause } from './readiness.ts';
import type { Instant } from './time.ts';

/** What a look is made of, for a look that could be read in part only. */
export type Area = 'readiness' | 'topology' | 'services' | 'fabric' | 'back-end' | 'quorum';

/** How near the end of a certificate is, less urgent first: a note, told again, an alarm. */
export const CERTIFICATE_STEPS = ['soon', 'at-last', 'ended'] as const;
export type CertificateStep = (typeof CERTIFICATE_STEPS)[number];

/** Something about a pool that is not as it should be. What could not be read is one of them, never the same as fine. */
export type Finding =
  | { readonly kind: 'busy' }
  /** InsufficientActiveFrontEnds while servers that a run left down may explain it, or while the pool is failed over already. */
  | { readonly kind: 'short-of-front-ends'; readonly failedOver?: true }
  | PoolProblem
  | { readonly kind: 'unread'; readonly area: Area; readonly because: string | null }
  /** `running`: how many of the pool run, where those are fewer than three; absent: three do. */
  | { readonly kind: 'server-down'; readonly server: ServerFqdn; readonly running?: number }
  /** `why`: what its events said when it was told; absent: nobody has asked them. */
  | { readonly kind: 'server-starting'; readonly server: ServerFqdn; readonly why?: string }
  /** `of`: how many servers the pool has with it; absent: not known, or a record from before that was kept. */
  | { readonly kind: 'down-for-days'; readonly server: ServerFqdn; readonly since: Instant; readonly of?: number }
  | { readonly kind: 'replicas-missing'; readonly groups: number; readonly of: number; readonly unserved: number }
  | { readonly kind: 'back-end-down' }
  /** `margin` as it is with the mirror in charge, `before` as it would be with the primary; null where it cannot be judged. */
  | { readonly kind: 'mirror-in-charge'; readonly margin: number | null; readonly before: number | null }
  | { readonly kind: 'quorum'; readonly level: 'lost' | 'at-risk'; readonly margin: number }
  | Note;

/** What prompts to fail over. */
export interface PoolProblem {
  readonly kind: 'pool-problem';
  readonly cause: PoolProblemCause;
  readonly seenAt: readonly Instant[];
}

/** What may stand for weeks without anybody being called: it has a card of its own, so that it hides nothing. */
export type Note =
  /** The pool was paired, and three of its servers have not run together since. */
  | { readonly kind: 'three-servers'; readonly backupPool: PoolFqdn; readonly running: number }
  /** Certificates that end on this day, written 2026-03-31 (UTC). */
  | {
      readonly kind: 'certificate';
      readonly day: string;
      readonly step: CertificateStep;
      readonly uses: readonly string[];
      readonly servers: readonly ServerFqdn[];
    }
  | {
      readonly kind: 'patch-levels';
      readonly levels: readonly { readonly level: string; readonly servers: readonly ServerFqdn[] }[];
    }
  /** Not one of the rare looks of three days could read this of these servers. */
  | {
      readonly kind: 'unexamined';
      readonly what: 'certificates' | 'patch-levels';
      readonly servers: readonly ServerFqdn[];
      readonly because: string;
    };

/** Whether it is one of those that stand for long. */
export const isNote = (finding: Finding): finding is Note =>
  finding.kind === 'three-servers' ||
  finding.kind === 'certificate' ||
  finding.kind === 'patch-levels' ||
  finding.kind === 'unexamined';

/** The same key, the same finding: a second look finds it again. */
export function keyOf(finding: Finding): string {
  switch (finding.kind) {
    case 'unread':
      return `unread ${finding.area}`;
    case 'server-down':
    case 'server-starting':
    case 'down-for-days':
      return `${finding.kind} ${finding.server}`;
    case 'quorum':
      return `quorum ${finding.level}`;
    case 'certificate':
      return `certificate ${finding.day}`;
    case 'unexamined':
      return `unexamined ${finding.what}`;
    default:
      return finding.kind;
  }
}

/** What is told in quiet hours too. Without its back end no number says whether the pool holds, so that is one of them. */
export const isAlarm = (finding: Finding): boolean =>
  finding.kind === 'pool-problem' ||
  finding.kind === 'quorum' ||
  finding.kind === 'back-end-down' ||
  (finding.kind === 'certificate' && finding.step === 'ended');

/** What is a post of its own although a card stands already: the card of notes may be weeks old. */
export const isNews = (finding: Finding): boolean => isAlarm(finding) || isNote(finding);

/** Whether the same thing has become so much worse that it is told again. */
export const isWorse = (before: Finding, now: Finding): boolean =>
  before.kind === 'certificate' &&
  now.kind === 'certificate' &&
  CERTIFICATE_STEPS.indexOf(now.step) > CERTIFICATE_STEPS.indexOf(before.step);

/** What is told even where somebody has muted the pool. */
export const breaksMute = (finding: Finding): boolean => finding.kind === 'quorum' && finding.level === 'lost';
