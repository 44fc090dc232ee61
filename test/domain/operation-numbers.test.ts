import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsTwo, type OperationRequest, type OperationSighting } from '../../src/domain/operation.ts';
import { checksOf, findingsOf } from '../../src/domain/operation-checks.ts';
import { OPERATION_BOUND } from '../../src/domain/operation-end.ts';
import type { ProductVersion, ServerFqdn } from '../../src/domain/pool.ts';
import { POOL_OPERATIONS } from '../../src/domain/pool-operation.ts';
import { minutes } from '../../src/domain/time.ts';
import { allDown, OperationStory, STOPPED, wellSeen } from '../operation-story.ts';
import { must, server, UP } from '../support.ts';

const LOST = { groups: [{ id: 'a', primary: null, secondaries: [] }], serversNotUp: [] };
const poolOf = (size: number): readonly ServerFqdn[] => Array.from({ length: size }, (_, index) => server(index + 1));

function verdictOf(check: string, asked: Partial<OperationRequest>, seen: OperationSighting): string {
  const { request } = new OperationStory(asked).state;
  return must(findingsOf({ request, ticks: [] }, seen).find((each) => each.check === check)).verdict;
}

/** Every machine of a pool of this size answers, and these servers run. */
function running(size: number, up: readonly number[]): OperationSighting {
  const computers = poolOf(size);
  const runs = computers.map((_computer, index) => up.includes(index + 1));
  return allDown({
    computers,
    services: computers.map((each, index) => ({ server: each, rtcsrv: runs[index] ? 'Running' : 'Stopped' })),
    answers: computers.map((each, index) => ({ server: each, answer: runs[index] ? UP : STOPPED })),
    fabric: LOST,
  });
}

const first = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const last = (size: number, count: number) => Array.from({ length: count }, (_, index) => size - index);

/** "Pool-level quorum": how many have to run, of the first how many. 12 stands in two rows of 2019's, and the stricter one counts. */
const FUNCTIONAL: readonly (readonly [versions: readonly ProductVersion[], size: number, needed: number, ofFirst: number])[] = [
  [['2013', '2015', '2019'], 3, 2, 3],
  [['2013', '2015', '2019'], 4, 2, 4],
  [['2013', '2015', '2019'], 5, 3, 5],
  [['2013', '2015', '2019'], 6, 3, 6],
  [['2013', '2015', '2019'], 7, 4, 7],
  [['2013', '2015', '2019'], 8, 4, 7],
  [['2013', '2015', '2019'], 9, 4, 7],
  [['2013', '2015', '2019'], 10, 5, 9],
  [['2013', '2015', '2019'], 11, 5, 9],
  [['2013', '2015'], 12, 5, 9],
  [['2019'], 12, 7, 12],
  [['2019'], 16, 7, 12],
];
for (const [versions, size, needed, ofFirst] of FUNCTIONAL)
  for (const version of versions)
    test(`${version}, ${size} servers: a pool is down when fewer than ${needed} of the first ${ofFirst} run, and only then started`, () => {
      const start = { kind: 'start', version } as const;
      assert.equal(verdictOf('pool-down', start, running(size, first(needed))), 'refused');
      assert.equal(verdictOf('pool-down', start, running(size, first(needed - 1))), 'ok');
      const beyond = [...first(needed - 1), ...last(size, size - ofFirst)];
      assert.equal(verdictOf('pool-down', start, running(size, beyond)), 'ok', 'servers beyond the first have no vote');
      assert.equal(verdictOf('pool-down', { kind: 'reset', version }, running(size, first(1))), 'refused');
    });

/** "First start, and every subsequent start should": how many must run. 13 to 15 are not documented, so all of them must. */
const START: readonly (readonly [versions: readonly ProductVersion[], size: number, needed: number])[] = [
  [['2013', '2015', '2019'], 3, 3],
  [['2013', '2015', '2019'], 4, 3],
  [['2013', '2015', '2019'], 5, 4],
  [['2013', '2015', '2019'], 6, 5],
  [['2013', '2015', '2019'], 7, 5],
  [['2013', '2015', '2019'], 8, 6],
  [['2013', '2015', '2019'], 9, 7],
  [['2013', '2015', '2019'], 10, 8],
  [['2013', '2015', '2019'], 11, 9],
  [['2013', '2015', '2019'], 12, 10],
  [['2019'], 13, 13],
  [['2019'], 14, 14],
  [['2019'], 15, 15],
  [['2019'], 16, 12],
];
for (const [versions, size, needed] of START)
  for (const version of versions)
    test(`${version}, ${size} servers: ${needed} have to run before routing groups are recovered, and to answer before a reset`, () => {
      const recover = { kind: 'recover', version } as const;
      assert.equal(verdictOf('pool-quorum', recover, running(size, first(needed))), 'ok');
      assert.equal(verdictOf('pool-quorum', recover, running(size, first(needed - 1))), 'blocked');
      for (const kind of ['start', 'reset'] as const) {
        const answering = (count: number) => {
          const answers = poolOf(size).map((each, index) => ({ server: each, answer: index < count ? STOPPED : null }));
          return allDown({ computers: poolOf(size), answers, services: null });
        };
        assert.equal(verdictOf('enough-answer', { kind, version }, answering(needed)), 'ok', kind);
        assert.equal(verdictOf('enough-answer', { kind, version }, answering(needed - 1)), 'blocked', kind);
      }
    });

/** A pool of two: which servers run, and which answer besides; whether its lost users may be loaded from the back end. */
for (const [what, up, answering, recover] of [
  ['both are down and both answer', [], [1, 2], 'ok'],
  ['both are down and one answers', [], [1], 'blocked'],
  ['both run', [1, 2], [1, 2], 'ok'],
  // One of two is what the start table says.
  ['one runs', [1], [1, 2], 'ok'],
] as const)
  test(`a pool of two, of which ${what}: a recovery is ${recover}`, () => {
    const seen = running(2, up);
    const answers = seen.answers.map((each, index) =>
      answering.some((one) => one === index + 1) ? each : { ...each, answer: null },
    );
    assert.equal(verdictOf('pool-quorum', { kind: 'recover' }, { ...seen, answers }), recover);
  });

test('what may lose data or take the pool down needs two people, whatever is configured; the others what is configured', () => {
  assert.deepEqual(POOL_OPERATIONS.filter(needsTwo), ['recover', 'reset']);
});

/** Microsoft's preconditions of each call, and what stands beside them; every other check belongs to another call. */
for (const [kind, names] of [
  ['failover', 'nothing-under-way failed-over backup-related backup-steady backup-pool-well cms-elsewhere edge-next-hop'],
  ['failback', 'nothing-under-way failed-over backup-steady pool-well back-end-reachable'],
  ['start', 'nothing-under-way pool-down enough-answer back-end-reachable'],
  ['recover', 'nothing-under-way groups-lost pool-quorum back-end-reachable'],
  ['reset', 'nothing-under-way pool-down topology-published enough-answer back-end-reachable'],
] as const)
  test(`before a ${kind} these are checked, each with what it protects: ${names}`, () => {
    assert.deepEqual(
      checksOf(kind).map(({ check }) => check),
      names.split(' '),
    );
    for (const { protects } of checksOf(kind)) assert.ok(protects.length > 0);
  });

test('the longest call that is published is not asked about before its time', () => {
  // "up to 60 minutes for a pool of 20,000 users".
  assert.ok(OPERATION_BOUND > minutes(60));
});

const NOT_KNOWN = 'this record knows of no failover of the pool';

test('a tick of one operation says nothing of another check, and every tick is shown with its name', () => {
  const story = new OperationStory({ kind: 'failback' });
  const { request } = story.state;
  const found = findingsOf({ request, ticks: [{ check: 'edge-next-hop', by: request.by, seen: NOT_KNOWN }] }, wellSeen());
  assert.equal(found.find(({ check }) => check === 'failed-over')?.verdict, 'tickable');
  const ticked = findingsOf({ request, ticks: [{ check: 'failed-over', by: request.by, seen: NOT_KNOWN }] }, wellSeen());
  const other = findingsOf({ request, ticks: [{ check: 'failed-over', by: request.by, seen: 'something else' }] }, wellSeen());
  assert.equal(other.find(({ check }) => check === 'failed-over')?.verdict, 'tickable');
  assert.match(ticked.find(({ check }) => check === 'failed-over')?.seen ?? '', new RegExp(`\\(ticked by ${request.by}\\)$`));
});
