import { missingReplicas, notFullyServed } from './fabric.ts';
import type { ProductVersion } from './pool.ts';
import { type BackEnd, judgeQuorum } from './quorum.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
import { type Area, type Finding, isNote, type Note } from './watch-finding.ts';
import { SERVERS_WANTED } from './watch-pairing.ts';

/** What one look shows, and of what it says nothing: a finding of which a look says nothing is neither there nor gone. */
export interface Findings {
  readonly present: readonly Finding[];
  readonly saysNothingOf: (finding: Finding) => boolean;
}

/** What is wrong with the pool by one look. Nothing here remembers another look. */
export function findingsIn(
  seen: PoolSighting,
  { version, failedOver }: { readonly version: ProductVersion; readonly failedOver: boolean },
): Findings {
  const unread = unreadIn(seen);
  const blind = new Set<Area>(unread);
  // No published number holds without the back end, and none can be counted without servers and their services.
  if (seen.services === null || seen.computers === null || seen.backEnd === null || seen.backEnd === 'down') blind.add('quorum');
  const starting = seen.services?.filter(({ rtcsrv }) => rtcsrv === 'StartPending').map(({ server }) => server) ?? [];
  return {
    present: [
      ...readinessOf(seen, failedOver),
      ...quorumOf(seen, version),
      ...backEndOf(seen, version),
      ...serversOf(seen),
      ...replicasOf(seen),
      ...unread.map((area): Finding => ({ kind: 'unread', area, because: area === 'readiness' ? printed(seen) : null })),
    ],
    saysNothingOf: (finding) => {
      // What the pairing needs is remembered beside the looks, and the rest of the notes is looked for by rarer ones.
      if (isNote(finding)) return true;
      // Nothing prompts any more, and the problem is not over for that.
      if (failedOver && finding.kind === 'pool-problem') return seen.readiness?.state !== 'Ready';
      // A server that comes up is no longer down for good, and not up yet.
      const down = finding.kind === 'server-down' || finding.kind === 'down-for-days';
      if (down && starting.includes(finding.server)) return true;
      const area = areaOf(finding);
      return area !== null && blind.has(area);
    },
  };
}

/** Null: what could not be read is told by the next look itself. */
function areaOf({ kind }: Exclude<Finding, Note>): Area | null {
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

function readinessOf({ readiness, verdict }: PoolSighting, failedOver: boolean): readonly Finding[] {
  if (readiness === null || readiness.state === 'Ready') return [];
  const problem: readonly Finding[] = verdict.kind === 'pool-problem' && !failedOver ? [verdict] : [];
  if (readiness.state === 'Busy') return [...problem, { kind: 'busy' }];
  return problem.length > 0 ? problem : [{ kind: 'short-of-front-ends', ...(failedOver ? { failedOver } : {}) }];
}

function serversOf(seen: PoolSighting): readonly Finding[] {
  const running = runningServers(seen)?.length ?? 0;
  // A pool that has fewer cannot follow the advice.
  const few = running < SERVERS_WANTED && (seen.services?.length ?? 0) >= SERVERS_WANTED;
  return (
    seen.services
      ?.filter(({ rtcsrv }) => rtcsrv !== 'Running')
      .map(
        ({ server, rtcsrv }): Finding =>
          rtcsrv === 'StartPending'
            ? { kind: 'server-starting', server }
            : { kind: 'server-down', server, ...(few ? { running } : {}) },
      ) ?? []
  );
}

function replicasOf({ fabric, computers, services }: PoolSighting): readonly Finding[] {
  if (fabric === null) return [];
  const size = computers?.length ?? services?.length ?? 3;
  const groups = missingReplicas(fabric, size).length;
  const unserved = notFullyServed(fabric, size).length;
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
