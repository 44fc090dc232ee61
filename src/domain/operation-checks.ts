import type { Operation, OperationCheckName, OperationFinding, OperationSighting } from './operation.ts';
import {
  backupPoolWell,
  backupRelated,
  backupSteady,
  cmsElsewhere,
  edgeNextHop,
  failedOver,
  poolWell,
} from './operation-pair.ts';
import { backEndReachable, enoughAnswer, groupsLost, poolDown, poolQuorum, topologyPublished } from './operation-pool.ts';
import type { PoolOperationKind } from './pool-operation.ts';

/** What an operation is judged on: what was asked for, and the latest look. */
export interface OperationQuestion {
  readonly request: Operation['request'];
  readonly seen: OperationSighting;
}

/** One rule's answer before it has its name. */
export type Found = Omit<OperationFinding, 'check'>;

/** One rule, with why it exists, in words an approver can read. */
interface OperationCheck {
  readonly protects: string;
  readonly before: readonly PoolOperationKind[];
  readonly find: (question: OperationQuestion) => Found;
}

/** In the order in which they are told. The preconditions are Microsoft's; each rule's own file names its source. */
const CHECKS: Readonly<Record<OperationCheckName, OperationCheck>> = {
  'nothing-under-way': {
    protects: 'two hands on one pool or its pair at the same time leave neither standing',
    before: ['failover', 'failback', 'start', 'recover', 'reset'],
    find: ({ seen: { underWay, leftRunning } }) => {
      if (underWay !== null) return { verdict: 'blocked', seen: underWay, clears: 'it ends' };
      if (leftRunning !== null)
        return { verdict: 'tickable', seen: leftRunning, clears: 'it ends, or somebody looks there and ticks it' };
      return { verdict: 'ok', seen: 'nothing else is under way on this pool or its pair', clears: '' };
    },
  },
  'failed-over': {
    protects: 'a pool is failed over once, and failed back from there',
    before: ['failover', 'failback'],
    find: failedOver,
  },
  'backup-related': {
    protects: 'users go to the pool that has their data',
    before: ['failover'],
    find: backupRelated,
  },
  'backup-steady': {
    protects: 'what the backup service has not copied is not there after a failover',
    before: ['failover', 'failback'],
    find: backupSteady,
  },
  'backup-pool-well': {
    protects: 'the backup pool carries everybody meanwhile',
    before: ['failover'],
    find: backupPoolWell,
  },
  'cms-elsewhere': {
    protects: 'the Central Management Store goes first, or nothing can be managed',
    before: ['failover'],
    find: cmsElsewhere,
  },
  'edge-next-hop': {
    protects: 'the cmdlet refuses a pool that an Edge pool has as its next hop',
    before: ['failover'],
    find: edgeNextHop,
  },
  'pool-well': {
    protects: 'users come home to a pool that can carry them',
    before: ['failback'],
    find: poolWell,
  },
  'pool-down': {
    protects: 'a pool that runs is not started or reset: the first would do nothing, the second would take it down',
    before: ['start', 'reset'],
    find: poolDown,
  },
  'topology-published': {
    protects: 'a reset is for a topology that changed while the whole pool was down, and for nothing else',
    before: ['reset'],
    find: topologyPublished,
  },
  'groups-lost': {
    protects: 'loading users again may lose what is not written yet, so only what is lost is recovered',
    before: ['recover'],
    find: groupsLost,
  },
  'pool-quorum': {
    protects: 'a reset with too few servers running can take the entire pool down',
    before: ['recover'],
    find: poolQuorum,
  },
  'enough-answer': {
    protects: 'a pool below its start number hangs in Starting',
    before: ['start', 'reset'],
    find: enoughAnswer,
  },
  'back-end-reachable': {
    protects: 'servers load their users from the back end when they start',
    before: ['failback', 'start', 'recover', 'reset'],
    find: backEndReachable,
  },
};

/** What an operation of this kind is checked for, and what each protects. */
export const checksOf = (kind: PoolOperationKind): readonly { readonly check: OperationCheckName; readonly protects: string }[] =>
  NAMES.filter((check) => CHECKS[check].before.includes(kind)).map((check) => ({ check, protects: CHECKS[check].protects }));

const NAMES = Object.keys(CHECKS) as OperationCheckName[];

/** All findings, every time. A person's word lets a tickable one stand, and says whose word it is. */
export function findingsOf({ request, ticks }: Pick<Operation, 'request' | 'ticks'>, seen: OperationSighting) {
  return checksOf(request.kind).map(({ check }): OperationFinding => {
    const found = CHECKS[check].find({ request, seen });
    const tick = ticks.find((each) => each.check === check && each.seen === found.seen);
    if (found.verdict !== 'tickable' || tick === undefined) return { check, ...found };
    return { check, verdict: 'ok', ticked: true, seen: `${found.seen} (ticked by ${tick.by})`, clears: '' };
  });
}

/** What stands against it. */
export const againstIt = (findings: readonly OperationFinding[]): readonly OperationFinding[] =>
  findings.filter(({ verdict }) => verdict !== 'ok');
