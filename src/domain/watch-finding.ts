import { missingReplicas, notFullyServed } from './fabric.ts';
import type { ProductVersion, ServerFqdn } from './pool.ts';
import { type BackEnd, judgeQuorum } from './quorum.ts';
import type { PoolProblemCause } from './readiness.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
import type { Instant } from './time.ts';

/** What a look is made of, for a look that could be read in part only. */
export type Area = 'readiness' | 'topology' | 'services' | 'fabric' | 'back-end' | 'quorum';

/** Something about a pool that is not as it should be. What could not be read is one of them, never the same as fine. */
export type Finding =
  | { readonly kind: 'busy' }
  /** InsufficientActiveFrontEnds while servers that a run left down may explain it. */
  | { readonly kind: 'short-of-front-ends' }
  | PoolProblem
  | { readonly kind: 'unread'; readonly area: Area; readonly because: string | null }
  | { readonly kind: 'server-down' | 'server-starting'; readonly server: ServerFqdn }
  | { readonly kind: 'down-for-days'; readonly server: ServerFqdn; readonly since: Instant }
  | { readonly kind: 'replicas-missing'; readonly groups: number; readonly of: number; readonly unserved: number }
  | { readonly kind: 'back-end-down' }
  /** `margin` as it is with the mirror in charge, `before` as it would be with the primary; null where it cannot be judged. */
  | { readonly kind: 'mirror-in-charge'; readonly margin: number | null; readonly before: number | null }
  | { readonly kind: 'quorum'; readonly level: 'lost' | 'at-risk'; readonly margin: number };

/** What prompts to fail over. */
export interface PoolProblem {
  readonly kind: 'pool-problem';
  readonly cause: PoolProblemCause;
  readonly seenAt: readonly Instant[];
}

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
    default:
      return finding.kind;
  }
}

/** What is told in quiet hours too. Without its back end no number says whether the pool holds, so that is one of them. */
export const isAlarm = ({ kind }: Finding): boolean => kind === 'pool-problem' || kind === 'quorum' || kind === 'back-end-down';

/** What is told even where somebody has muted the pool. */
export const breaksMute = (finding: Finding): boolean => finding.kind === 'quorum' && finding.level === 'lost';

/** What one look shows, and of what it says nothing: a finding of which a look says nothing is neither there nor gone. */
export interface Findings {
  readonly present: readonly Finding[];
  readonly saysNothingOf: (finding: Finding) => boolean;
}

/** What is wrong with the pool by one look. Nothing here remembers another look. */
export function findingsIn(seen: PoolSighting, version: ProductVersion): Findings {
  const unread = unreadIn(seen);
  const blind = new Set<Area>(unread);
  // No published number holds without the back end, and none can be counted without servers and their services.
  if (seen.services === null || seen.computers === null || seen.backEnd === null || seen.backEnd === 'down') blind.add('quorum');
  const starting = seen.services?.filter(({ rtcsrv }) => rtcsrv === 'StartPending').map(({ server }) => server) ?? [];
  return {
    present: [
      ...readinessOf(seen),
      ...quorumOf(seen, version),
      ...backEndOf(seen, version),
      ...serversOf(seen),
      ...replicasOf(seen),
      ...unread.map((area): Finding => ({ kind: 'unread', area, because: area === 'readiness' ? printed(seen) : null })),
    ],
    saysNothingOf: (finding) => {
      // A server that comes up is no longer down for good, and not up yet.
      const down = finding.kind === 'server-down' || finding.kind === 'down-for-days';
      if (down && starting.includes(finding.server)) return true;
      const area = areaOf(finding);
      return area !== null && blind.has(area);
    },
  };
}

/** Null: what could not be read is told by the next look itself. */
function areaOf({ kind }: Finding): Area | null {
  switch (kind) {
    case 'busy':
    case 'short-of-front-ends':
    case 'pool-problem':
      return 'readiness';
    case 'server-down':
    case 'server-starting':
    case 'down-for-days':
      return 'services';
    case 'replicas-missing':
      return 'fabric';
    case 'back-end-down':
    case 'mirror-in-charge':
      return 'back-end';
    case 'quorum':
      return 'quorum';
    case 'unread':
      return null;
  }
}

function unreadIn({ readiness, computers, services, fabric, backEnd }: PoolSighting): readonly Area[] {
  const read: readonly (readonly [Area, unknown])[] = [
    ['readiness', readiness],
    ['topology', computers],
    ['services', services],
    ['fabric', fabric],
    ['back-end', backEnd],
  ];
  return read.filter(([, value]) => value === null).map(([area]) => area);
}

const printed = ({ raw }: PoolSighting): string | null => raw.find((line) => line.startsWith('readiness')) ?? null;

function readinessOf({ readiness, verdict }: PoolSighting): readonly Finding[] {
  if (readiness === null || readiness.state === 'Ready') return [];
  const problem: readonly Finding[] = verdict.kind === 'pool-problem' ? [verdict] : [];
  if (readiness.state === 'Busy') return [...problem, { kind: 'busy' }];
  return problem.length > 0 ? problem : [{ kind: 'short-of-front-ends' }];
}

const serversOf = ({ services }: PoolSighting): readonly Finding[] =>
  services
    ?.filter(({ rtcsrv }) => rtcsrv !== 'Running')
    .map(({ server, rtcsrv }) => ({ kind: rtcsrv === 'StartPending' ? 'server-starting' : 'server-down', server })) ?? [];

function replicasOf({ fabric, computers, services }: PoolSighting): readonly Finding[] {
  if (fabric === null) return [];
  const size = computers?.length ?? services?.length ?? 3;
  const groups = missingReplicas(fabric, size).length;
  const unserved = notFullyServed(fabric).length;
  return groups === 0 ? [] : [{ kind: 'replicas-missing', groups, of: fabric.groups.length, unserved }];
}

function marginOf(seen: PoolSighting, version: ProductVersion, backEnd: BackEnd): number | null {
  const running = runningServers(seen);
  if (running === null || seen.computers === null) return null;
  const verdict = judgeQuorum({ version, servers: seen.computers, running, stopping: [], backEnd });
  return verdict.kind === 'unknown' ? null : verdict.margin;
}

function quorumOf(seen: PoolSighting, version: ProductVersion): readonly Finding[] {
  if (seen.backEnd === null || seen.backEnd === 'down') return [];
  const margin = marginOf(seen, version, seen.backEnd);
  return margin === null || margin > 0 ? [] : [{ kind: 'quorum', level: margin < 0 ? 'lost' : 'at-risk', margin }];
}

function backEndOf(seen: PoolSighting, version: ProductVersion): readonly Finding[] {
  if (seen.backEnd === 'down') return [{ kind: 'back-end-down' }];
  if (seen.backEnd !== 'mirror') return [];
  const [margin, before] = [marginOf(seen, version, 'mirror'), marginOf(seen, version, 'primary')];
  return [{ kind: 'mirror-in-charge', margin, before }];
}

/** Whether not one of the things that a look asks for came. */
export const isBlank = ({ readiness, computers, services, fabric, backEnd }: PoolSighting): boolean =>
  readiness === null && computers === null && services === null && fabric === null && backEnd === null;
