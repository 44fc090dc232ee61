import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { aTopology, fabric, must, POOL01, POOL02, placement, readiness, without } from '../support.ts';
import { against, busy, fe, named, outsideFew, PUBLISHED, pool, question, seen } from './check-question.ts';

const problem = (cause: 'busy-streak' | 'insufficient-active-front-ends') =>
  ({ kind: 'pool-problem', cause, seenAt: [0] }) as const;
const notTrue = (name: string) => ({
  ...readiness(pool),
  upgradeDomains: readiness(pool).upgradeDomains.map((domain) => ({ ...domain, readyForUpgrade: domain.name !== name })),
});
for (const [told, changes, expected] of [
  ['Busy', { verdict: busy }, ['pool-ready: PoolUpgradeState is Busy, counted 2 of 3']],
  ['a Busy streak', { verdict: problem('busy-streak') }, ['pool-ready: PoolUpgradeState is Busy']],
  [
    'InsufficientActiveFrontEnds',
    { verdict: problem('insufficient-active-front-ends') },
    ['pool-ready: PoolUpgradeState is InsufficientActiveFrontEnds'],
  ],
  [
    'InsufficientActiveFrontEnds of our making',
    { verdict: { kind: 'our-servers-are-down' } },
    ['pool-ready: PoolUpgradeState is InsufficientActiveFrontEnds'],
  ],
  [
    'one missing answer',
    { verdict: { kind: 'no-answer', inARow: 1 } },
    ['pool-ready: PoolUpgradeState: no answer, 1 or more in a row'],
  ],
  [
    'four missing answers',
    { verdict: { kind: 'no-answer', inARow: 4 } },
    ['pool-ready: PoolUpgradeState: no answer, 3 or more in a row'],
  ],
  ['ReadyforUpgrade False for this domain', { readiness: notTrue('1') }, ['domain-ready: ReadyforUpgrade of domain 1 is False']],
  ['ReadyforUpgrade False for another domain', { readiness: notTrue('2') }, []],
  ['fe6 down', { services: without(pool, fe(6)) }, ['servers-running: not running: fe6']],
  ['a server of the domain itself down', { services: without(pool, fe(2)) }, ['servers-running: not running: fe2']],
  [
    'a server that does not say',
    { services: pool.servers.map((each) => ({ server: each, rtcsrv: each === fe(5) ? null : 'Running' })) },
    ['servers-running: not running: fe5'],
  ],
  [
    'RTCSRV starting for days',
    { services: pool.servers.map((each) => ({ server: each, rtcsrv: each === fe(5) ? 'StartPending' : 'Running' })) },
    ['servers-running: not running: fe5'],
  ],
  ['a server that is missing from the answer', { services: must(without(pool)).slice(1) }, ['servers-running: not running: fe1']],
  [
    'services unread',
    { services: null },
    ['servers-running: the services could not be read', 'quorum-kept: quorum cannot be judged: the services could not be read'],
  ],
  [
    'a routing group without a primary',
    { fabric: fabric('rg-1 - fe3,fe5', 'rg-2 fe3 fe4,fe5') },
    ['replicas-complete: 1 of 2 routing groups lack a primary or any secondary'],
  ],
  [
    'a routing group without a secondary',
    { fabric: fabric('rg-1 fe3 -', 'rg-2 fe3 fe4,fe5') },
    [
      'replicas-complete: 1 of 2 routing groups lack a primary or any secondary',
      'replicas-outside: 1 of 2 routing groups keep fewer than two replicas outside domain 1',
    ],
  ],
  [
    'a routing group with one replica outside',
    { fabric: outsideFew },
    ['replicas-outside: 1 of 2 routing groups keep fewer than two replicas outside domain 1'],
  ],
  [
    'the fabric unread',
    { fabric: null },
    ['replicas-complete: the fabric state could not be read', 'replicas-outside: the fabric state could not be read'],
  ],
  [
    'two servers elsewhere down',
    { services: without(pool, fe(5), fe(6)) },
    ['servers-running: not running: fe5, fe6', 'quorum-kept: 2 of 6 will run, any 3 needed: margin -1'],
  ],
  [
    'the mirror in charge',
    { backEnd: 'mirror' },
    ['quorum-kept: 4 of 6 will run, any 5 needed: margin -1; 4 of 6 will run, any 4 needed: margin 0'],
  ],
  [
    'no back end',
    { backEnd: 'down' },
    [
      'quorum-kept: quorum cannot be judged: the back end could not be reached',
      'back-end-reachable: the back end could not be reached',
    ],
  ],
  [
    'the back end unread',
    { backEnd: null },
    [
      'quorum-kept: quorum cannot be judged: the back end could not be reached',
      'back-end-reachable: the back end could not be reached',
    ],
  ],
  [
    'a server more',
    { computers: [...pool.servers, fe(7)] },
    ['topology-unchanged: the pool now has fe1, fe2, fe3, fe4, fe5, fe6, fe7; planned for fe1, fe2, fe3, fe4, fe5, fe6'],
  ],
  [
    'a server less',
    { computers: pool.servers.slice(1) },
    ['topology-unchanged: the pool now has fe2, fe3, fe4, fe5, fe6; planned for fe1, fe2, fe3, fe4, fe5, fe6'],
  ],
  [
    'another topology order',
    { computers: pool.servers.toReversed() },
    ['topology-unchanged: the pool now has fe6, fe5, fe4, fe3, fe2, fe1; planned for fe1, fe2, fe3, fe4, fe5, fe6'],
  ],
  [
    'other domains',
    { readiness: readiness(aTopology('fe1,fe3|fe2,fe4|fe5,fe6')) },
    ['topology-unchanged: the upgrade domains are not those that were planned for'],
  ],
  [
    'a domain that lists one server less',
    { readiness: readiness(aTopology('fe1,fe2|fe3,fe4|fe5')) },
    ['topology-unchanged: Get-CsComputer lists fe1, fe2, fe3, fe4, fe5, fe6; the upgrade domains list fe1, fe2, fe3, fe4, fe5'],
  ],
  ['the topology unread', { computers: null }, ['topology-unchanged: the topology could not be read']],
  [
    'an Event Viewer open',
    {
      viewers: [
        { server: fe(1), open: ['mmc'] },
        { server: fe(2), open: [] },
      ],
    },
    ['viewers-closed: open on fe1: mmc'],
  ],
  [
    'both open on both',
    {
      viewers: [
        { server: fe(1), open: ['mmc', 'perfmon'] },
        { server: fe(2), open: ['perfmon'] },
      ],
    },
    ['viewers-closed: open on fe1: mmc, perfmon', 'viewers-closed: open on fe2: perfmon'],
  ],
  [
    'an Event Viewer open elsewhere',
    {
      viewers: [
        { server: fe(1), open: [] },
        { server: fe(2), open: [] },
        { server: fe(3), open: ['mmc'] },
      ],
    },
    [],
  ],
  [
    'a server that does not say what is open',
    {
      viewers: [
        { server: fe(1), open: null },
        { server: fe(2), open: [] },
      ],
    },
    ['viewers-closed: fe1 did not say whether an Event Viewer is open'],
  ],
  [
    'a server that was not asked what is open',
    { viewers: [{ server: fe(1), open: [] }] },
    ['viewers-closed: fe2 did not say whether an Event Viewer is open'],
  ],
  ['the paired pool being upgraded', { pairUnderWay: POOL02 }, ['pair-quiet: paired pool pool02 is being upgraded']],
  [
    'the paired pool being restarted',
    { pairUnderWay: POOL02, pairRestarts: true },
    ['pair-quiet: paired pool pool02 is being restarted'],
  ],
  [
    'servers of the paired pool that an upgrade left down',
    { pairUnderWay: POOL02, pairLeftDown: [fe(11), fe(12)] },
    ['pair-quiet: the upgrade of paired pool pool02 left fe11, fe12 down'],
  ],
  [
    'servers of the paired pool that are only just back from a restart',
    { pairUnderWay: POOL02, pairRestarts: true, pairLeftDown: [] },
    ['pair-quiet: servers of paired pool pool02 are only just back'],
  ],
  [
    'another backup pool than configured',
    { backupPool: POOL01 },
    ['pair-quiet: the backup pool is pool01; configured is pool02'],
  ],
  ['no backup pool where one is configured', { backupPool: null }, ['pair-quiet: the backup pool is none; configured is pool02']],
] satisfies [string, Partial<PoolSighting>, readonly string[]][]) {
  test(`before the first stop, ${told}: ${expected.join('; ') || 'nothing against it'}`, () => {
    assert.deepEqual(against(question({ seen: seen(changes) })), expected);
  });
}

test('a pool that is configured without a backup pool and has one is not stopped', () => {
  assert.deepEqual(against(question({ backupPool: null })), ['pair-quiet: the backup pool is pool02; configured is none']);
  assert.deepEqual(against(question({ backupPool: null, seen: seen({ backupPool: null }) })), []);
});
test('readiness unread is never a yes: not Ready, not ready for upgrade, topology not compared', () => {
  const dark = seen({ readiness: null, verdict: { kind: 'no-answer', inARow: 1 } });
  assert.deepEqual(named(question({ seen: dark })), ['pool-ready', 'domain-ready', 'topology-unchanged']);
});
test('nothing could be read at all: every check but the paired pool objects', () => {
  const dark = seen({
    readiness: null,
    verdict: { kind: 'no-answer', inARow: 1 },
    askedOf: null,
    computers: null,
    services: null,
    fabric: null,
    backEnd: null,
    viewers: [],
  });
  assert.deepEqual(
    named(question({ seen: dark })),
    PUBLISHED.map(([name]) => name).filter((name) => name !== 'pair-quiet'),
  );
  const further = question({ seen: dark, stop: 'further', fabricAtFirstStop: placement(pool) });
  assert.deepEqual(
    named(further),
    PUBLISHED.filter(([, before]) => before.includes('further')).map(([name]) => name),
  );
});
test('a domain that the answer does not list is not ready', () => {
  const other = { ...readiness(pool), upgradeDomains: readiness(pool).upgradeDomains.slice(1) };
  assert.ok(named(question({ seen: seen({ readiness: other }) })).includes('domain-ready'));
});
