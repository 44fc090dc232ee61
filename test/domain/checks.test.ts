import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS } from '../../src/domain/check-list.ts';
import { blockersIn, CHECK_NAMES, type CheckQuestion, type CheckResult, runChecks } from '../../src/domain/checks.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { aPool, aTopology, domainOf, fabric, healthy, must, omar, POOL02, placement, readiness, without } from '../support.ts';
import { against, busy, fe, named, outsideFew, PUBLISHED, pool, question, seen } from './check-question.ts';

test('there are ten checks, each before the stops that the issue says', () => {
  const listed = CHECKS.map(({ name, before }) => [name, before.join(' ')]);
  assert.deepEqual(listed, PUBLISHED);
  assert.deepEqual(
    [...CHECK_NAMES],
    PUBLISHED.map(([name]) => name),
  );
});
for (const { name, protects } of CHECKS) {
  test(`${name} says what it protects`, () => assert.match(protects, /^[A-Z].{20,}[.)]$/));
}

test('nothing stands against a healthy pool, and every check says so once', () => {
  const results = runChecks(question());
  assert.deepEqual(blockersIn(results), []);
  assert.deepEqual(
    results.map(({ check, verdict }) => [check, verdict]),
    PUBLISHED.map(([name]) => [name, 'ok']),
  );
  assert.ok(results.every((result) => result.seen !== ''));
});
test('before a further stop only what our own stop cannot have changed is run', () => {
  const run = runChecks(question({ stop: 'further', fabricAtFirstStop: placement(pool) })).map(({ check }) => check);
  assert.deepEqual(
    run,
    PUBLISHED.filter(([, before]) => before.includes('further')).map(([name]) => name),
  );
});

/** fe1 of domain 1 is down by our hand: the pool is Busy, its replica is gone, its primary moved. */
const fe1Down = (changes: Partial<PoolSighting> = {}) =>
  seen({
    services: without(pool, fe(1)),
    readiness: readiness(pool, 'Busy'),
    verdict: busy,
    fabric: fabric('rg-1 fe3 fe5', 'rg-2 fe2 fe4,fe6'),
    viewers: [],
    ...changes,
  });
const atFirstStop = fabric('rg-1 fe1 fe3,fe5', 'rg-2 fe2 fe4,fe6');

for (const [told, changes, expected] of [
  ['what our own stop did', {}, []],
  ['the readiness cmdlet is silent', { readiness: null, verdict: { kind: 'no-answer', inARow: 5 } }, []],
  ['an Event Viewer is opened', { viewers: [{ server: fe(2), open: ['mmc'] }] }, []],
  ['the other server of the domain is down too', { services: without(pool, fe(1), fe(2)) }, []],
  ['a server elsewhere is lost', { services: without(pool, fe(1), fe(4)) }, ['servers-running: not running: fe4']],
  [
    'services are unread',
    { services: null },
    ['servers-running: the services could not be read', 'quorum-kept: quorum cannot be judged: the services could not be read'],
  ],
  [
    'a replica elsewhere is lost',
    { fabric: fabric('rg-1 fe3 -', 'rg-2 fe2 fe4,fe6') },
    ['replicas-outside: 1 routing groups have lost a replica outside domain 1 since its first stop'],
  ],
  [
    'a routing group is gone',
    { fabric: fabric('rg-2 fe2 fe4,fe6') },
    ['replicas-outside: 1 routing groups have lost a replica outside domain 1 since its first stop'],
  ],
  ['the fabric is unread', { fabric: null }, ['replicas-outside: the fabric state could not be read']],
  [
    'two servers elsewhere are lost',
    { services: without(pool, fe(1), fe(4), fe(5)) },
    ['servers-running: not running: fe4, fe5', 'quorum-kept: 2 of 6 will run, any 3 needed: margin -1'],
  ],
  [
    'the mirror takes over',
    { backEnd: 'mirror' },
    ['quorum-kept: 4 of 6 will run, any 5 needed: margin -1; 4 of 6 will run, any 4 needed: margin 0'],
  ],
  [
    'the back end is unread',
    { backEnd: null },
    [
      'quorum-kept: quorum cannot be judged: the back end could not be reached',
      'back-end-reachable: the back end could not be reached',
    ],
  ],
  [
    'a server is added',
    { computers: [...pool.servers, fe(7)] },
    ['topology-unchanged: the pool now has fe1, fe2, fe3, fe4, fe5, fe6, fe7; planned for fe1, fe2, fe3, fe4, fe5, fe6'],
  ],
  ['the topology is unread', { computers: null }, ['topology-unchanged: the topology could not be read']],
  ['the paired pool begins', { pairUnderWay: POOL02 }, []],
] satisfies [string, Partial<PoolSighting>, readonly string[]][]) {
  test(`before a further stop, ${told}: ${expected.join('; ') || 'nothing against it'}`, () => {
    const asked = question({ stop: 'further', seen: fe1Down(changes), downByUs: [fe(1)], fabricAtFirstStop: atFirstStop });
    assert.deepEqual(against(asked), expected);
  });
}
test('before a further stop, without the placement of the first, nobody can say that nothing was lost', () => {
  const asked = question({ stop: 'further', seen: fe1Down(), downByUs: [fe(1)] });
  assert.deepEqual(against(asked), ['replicas-outside: the placement before the first stop is not known']);
});
test('a server that an earlier run left down elsewhere still has to run before the first stop', () => {
  const asked = question({ downByUs: [fe(5)], seen: seen({ services: without(pool, fe(5)) }) });
  assert.deepEqual(against(asked), ['servers-running: not running: fe5']);
});

const open = [
  { server: fe(1), open: ['mmc'] },
  { server: fe(2), open: ['perfmon'] },
];
const tick = (check: CheckResult['check'], of: number | null, seen?: string) => ({
  check,
  server: of === null ? null : fe(of),
  by: omar,
  ...(seen === undefined ? {} : { seen }),
});
for (const [told, changes, ticks, left] of [
  ['a tick for fe1 helps fe1 alone', { viewers: open }, [tick('viewers-closed', 1)], ['viewers-closed: open on fe2: perfmon']],
  [
    'a tick helps what was seen then, and nothing else that is seen of that server',
    { viewers: open },
    [
      tick('viewers-closed', 1, 'fe1 did not say whether an Event Viewer is open'),
      tick('viewers-closed', 2, 'open on fe2: perfmon'),
    ],
    ['viewers-closed: open on fe1: mmc'],
  ],
  [
    'the last tick of a check counts beside the ones before',
    { viewers: open },
    [
      tick('viewers-closed', 1, 'fe1 did not say whether an Event Viewer is open'),
      tick('viewers-closed', 1, 'open on fe1: mmc'),
      tick('viewers-closed', 2),
    ],
    [],
  ],
  ['a tick for each helps both', { viewers: open }, [tick('viewers-closed', 1), tick('viewers-closed', 2)], []],
  [
    'a tick for another server does not help',
    { viewers: [must(open[0])] },
    [tick('viewers-closed', 2)],
    ['viewers-closed: open on fe1: mmc'],
  ],
  [
    'a tick without a server does not help a server',
    { viewers: open },
    [tick('viewers-closed', null)],
    ['viewers-closed: open on fe1: mmc', 'viewers-closed: open on fe2: perfmon'],
  ],
  [
    'a tick of another check does not help',
    { viewers: open },
    [tick('replicas-outside', 1), tick('replicas-outside', 2)],
    ['viewers-closed: open on fe1: mmc', 'viewers-closed: open on fe2: perfmon'],
  ],
  ['replicas outside may stand by name', { fabric: outsideFew }, [tick('replicas-outside', null)], []],
  [
    'a failed quorum may not',
    { services: without(pool, fe(1), fe(5), fe(6)) },
    [tick('quorum-kept', null), tick('servers-running', null)],
    ['servers-running: not running: fe1, fe5, fe6', 'quorum-kept: 2 of 6 will run, any 3 needed: margin -1'],
  ],
  [
    'an unread fabric may not',
    { fabric: null },
    [tick('replicas-outside', null), tick('replicas-complete', null)],
    ['replicas-complete: the fabric state could not be read', 'replicas-outside: the fabric state could not be read'],
  ],
  ['Busy may not', { verdict: busy }, [tick('pool-ready', null)], ['pool-ready: PoolUpgradeState is Busy, counted 2 of 3']],
  [
    'a paired pool being upgraded may not',
    { pairUnderWay: POOL02 },
    [tick('pair-quiet', null)],
    ['pair-quiet: paired pool pool02 is being upgraded'],
  ],
] satisfies [string, Partial<PoolSighting>, CheckQuestion['ticks'], readonly string[]][]) {
  test(`ticks: ${told}`, () => assert.deepEqual(against(question({ seen: seen(changes), ticks })), left));
}
test('what is ticked says by whom', () => {
  const results = runChecks(question({ seen: seen({ fabric: outsideFew }), ticks: [tick('replicas-outside', null)] }));
  const ticked = must(results.find(({ check }) => check === 'replicas-outside'));
  assert.equal(ticked.seen, '1 of 2 routing groups keep fewer than two replicas outside domain 1 (ticked by omar)');
});
test('the mirror in charge of an odd pool waits for a tick by name', () => {
  const odd = aPool(5);
  const asked = question({ topology: odd, upgradeDomain: domainOf(odd), seen: healthy(odd, { backEnd: 'mirror' }) });
  assert.deepEqual(named(asked), ['quorum-kept']);
  assert.match(against(asked).join(), /4 of 5 will run, any 3 needed: margin 1; the primary database is not in charge/);
  assert.deepEqual(named({ ...asked, ticks: [tick('quorum-kept', null)] }), []);
});
test('in a pool of two domains, the first stop waits for a tick by name', () => {
  const two = aTopology('fe1,fe2|fe3,fe4');
  const sighting = healthy(two, { fabric: fabric('rg-1 fe1 fe2,fe3', 'rg-2 fe3 fe4,fe1') });
  const asked = question({ topology: two, upgradeDomain: domainOf(two), seen: sighting });
  assert.deepEqual(named(asked), ['replicas-outside']);
  assert.deepEqual(named({ ...asked, ticks: [tick('replicas-outside', null)] }), []);
});

test('every blocker says where it was seen, when, and what clears it', () => {
  const dark = seen({
    at: 77,
    services: null,
    fabric: null,
    backEnd: null,
    computers: null,
    viewers: [],
    verdict: busy,
    pairUnderWay: POOL02,
  });
  const blockers = blockersIn(runChecks(question({ seen: dark })));
  assert.ok(blockers.length >= 9);
  for (const { where, at, clears, check } of blockers) {
    assert.deepEqual([where, at], [fe(6), 77], check);
    assert.notEqual(clears, '', check);
  }
});
