import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planUpgrade, unitsOf } from '../../src/domain/plan.ts';
import { type ProductVersion, type Topology, unitName } from '../../src/domain/pool.ts';
import type { Scope } from '../../src/domain/run.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { aPool, aTopology, fabric, healthy, must, readiness, request, server, settings, without } from '../support.ts';
import { against, question } from './check-question.ts';

/** Two servers in domain 1, two in domain 2, one in domain 3. */
const five = aTopology('fe1,fe2|fe3,fe4|fe5');
const names = (...written: readonly string[]): Scope => ({ kind: 'domains', names: written });

function plan(
  topology: Topology,
  scope: Scope = { kind: 'all' },
  upgraded: readonly number[] = [],
  version: ProductVersion = '2019',
) {
  const asked = settings({ version, procedure: 'server-failover' });
  const planned = planUpgrade(request({ scope }), asked, upgraded.map(server), healthy(topology, { product: version }));
  if (planned.kind === 'refused') return `refused: ${planned.because.join(' | ')}`;
  return planned.kind === 'unread' ? `unread: ${planned.because}` : planned.upgradeDomains.map(unitName).join();
}

test('by server-failover each server is taken by itself, domain by domain, under its own name', () => {
  assert.deepEqual(unitsOf(five, 'server-failover'), [
    { name: 'fe1', servers: [server(1)] },
    { name: 'fe2', servers: [server(2)] },
    { name: 'fe3', servers: [server(3)] },
    { name: 'fe4', servers: [server(4)] },
    { name: 'fe5', servers: [server(5)] },
  ]);
  assert.deepEqual(unitsOf(five, 'upgrade-domains'), five.upgradeDomains);
});
test('a unit is called a server only where it is one that is taken by itself', () => {
  assert.equal(unitName({ name: 'fe1', servers: [server(1)] }), 'server fe1');
  assert.equal(unitName({ name: '1', servers: [server(1)] }), 'domain 1');
  assert.equal(unitName({ name: 'fe1', servers: [server(2)] }), 'domain fe1');
  assert.equal(unitName({ name: 'fe1', servers: [server(1), server(2)] }), 'domain fe1');
});

for (const [told, scope, upgraded, expected] of [
  ['all of them', { kind: 'all' }, [], 'server fe1,server fe2,server fe3,server fe4,server fe5'],
  ['what an unfinished run left', { kind: 'left' }, [1, 3], 'server fe2,server fe4,server fe5'],
  ['nothing left', { kind: 'left' }, [1, 2, 3, 4, 5], 'refused: nothing is left to upgrade; upgrade … all starts over'],
  ['two servers', names('fe2', 'fe3'), [], 'server fe2,server fe3'],
  ['two servers in the order of the pool', names('fe4', 'fe1'), [], 'server fe1,server fe4'],
  ['a server by its full name', names('fe4.contoso.com'), [], 'server fe4'],
  ['a server without regard to case', names('FE4', 'Fe5.Contoso.com'), [], 'server fe4,server fe5'],
  ['an upgrade domain is every server of it', names('2'), [], 'server fe3,server fe4'],
  ['an upgrade domain and a server of another', names('2', 'fe1'), [], 'server fe1,server fe3,server fe4'],
  ['an upgrade domain and a server of it', names('2', 'fe3'), [], 'server fe3,server fe4'],
  ['what is upgraded of a domain is not taken again', names('2'), [3], 'server fe4'],
  ['a server that is upgraded', names('fe3'), [3], 'refused: nothing is left to upgrade; upgrade … all starts over'],
  [
    'a server that is not there',
    names('fe9'),
    [],
    'refused: no upgrade domain or server fe9: there are 1, 2, 3, fe1, fe2, fe3, fe4, fe5',
  ],
  [
    'one that is there and one of another pool',
    names('fe1', 'fe1.fabrikam.com'),
    [],
    'refused: no upgrade domain or server fe1.fabrikam.com: there are 1, 2, 3, fe1, fe2, fe3, fe4, fe5',
  ],
  ['an upgrade domain that is not there', names('4'), [], /^refused: no upgrade domain or server 4: /],
] satisfies [string, Scope, readonly number[], string | RegExp][])
  test(`${told}: ${expected}`, () => {
    const planned = plan(five, scope, upgraded);
    if (typeof expected === 'string') assert.equal(planned, expected);
    else assert.match(planned, expected);
  });

test('the margin is judged with one server down, whatever its upgrade domain holds', () => {
  assert.equal(plan(aTopology('fe1,fe2|fe3')), 'server fe1,server fe2,server fe3');
  assert.match(plan(aPool(12, 6), names('1')), /^server fe1,.*,server fe6$/);
});
test('a pool of two is refused, and so is one that no document has a number for', () => {
  assert.match(plan(aPool(2)), /^refused: .* supports no pool of two/);
  assert.match(plan(aPool(2), { kind: 'all' }, [], '2015'), /^refused: .* is documented for pools of three and more/);
  assert.match(plan(aPool(17)), /^refused: no quorum number is published for a 2019 pool of 17/);
  assert.match(plan(aPool(13), { kind: 'all' }, [], '2015'), /^refused: no quorum number is published for a 2015 pool of 13/);
  assert.match(plan(aPool(16)), /server fe16$/);
});

/** fe1, of the domain of two, is to go down by itself. */
const pool = aTopology('fe1,fe2|fe3,fe4|fe5,fe6');
const alone = { name: 'fe1', servers: [server(1)] };
const seen = (changes: Partial<PoolSighting> = {}) => healthy(pool, changes);
const asked = (changes: Partial<PoolSighting> = {}) => question({ topology: pool, upgradeDomain: alone, seen: seen(changes) });
const flags = (...ready: readonly string[]): PoolSighting['readiness'] => ({
  ...readiness(pool),
  upgradeDomains: pool.upgradeDomains.map((each) => ({ ...each, readyForUpgrade: ready.includes(each.name) })),
});

test('nothing stands against one server of a healthy pool', () => assert.deepEqual(against(asked()), []));
for (const [told, changes, expected] of [
  ['ReadyforUpgrade of its domain is True, of the others False', { readiness: flags('1') }, []],
  [
    'ReadyforUpgrade of its domain is False',
    { readiness: flags('2', '3') },
    ['domain-ready: ReadyforUpgrade of domain 1 is False'],
  ],
  [
    'readiness is unread',
    { readiness: null },
    ['domain-ready: ReadyforUpgrade of domain 1 could not be read', 'topology-unchanged: the upgrade domains could not be read'],
  ],
  ['the other server of its domain is down', { services: without(pool, server(2)) }, ['servers-running: not running: fe2']],
  [
    'so many are down that it may not follow',
    { services: without(pool, server(2), server(3), server(4)) },
    ['servers-running: not running: fe2, fe3, fe4', 'quorum-kept: 2 of 6 will run, any 3 needed: margin -1'],
  ],
  [
    'the mirror is in charge, and one more may not go down',
    { backEnd: 'mirror', services: without(pool, server(2)) },
    [
      'servers-running: not running: fe2',
      'quorum-kept: 4 of 6 will run, any 5 needed: margin -1; 4 of 6 will run, any 4 needed: margin 0',
    ],
  ],
  [
    'a routing group keeps one replica beside it: the other server of its domain counts, it stays up',
    { fabric: fabric('rg-1 fe1 fe2', 'rg-2 fe1 fe2,fe3') },
    ['replicas-outside: 1 of 2 routing groups keep fewer than two replicas outside server fe1'],
  ],
  ['an Event Viewer is open on the other server', { viewers: [{ server: server(1), open: [] }] }, []],
  ['an Event Viewer is open on it', { viewers: [{ server: server(1), open: ['mmc'] }] }, ['viewers-closed: open on fe1: mmc']],
] satisfies [string, Partial<PoolSighting>, readonly string[]][])
  test(`one server of a domain of two is to go down, and ${told}`, () => assert.deepEqual(against(asked(changes)), expected));

test('a server that no upgrade domain holds is never ready', () => {
  const unknown = { name: 'fe9', servers: [server(9)] };
  assert.match(must(against(question({ topology: pool, upgradeDomain: unknown, seen: seen() }))[0]), /^domain-ready: /);
});
