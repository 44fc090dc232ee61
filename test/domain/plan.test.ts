import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planUpgrade, refusedByConfiguration, SMALL_POOL_WARNING } from '../../src/domain/plan.ts';
import type { ServerFqdn, Topology } from '../../src/domain/pool.ts';
import type { Scope, Settings } from '../../src/domain/run.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { aPool, aTopology, healthy, readiness, request, server, settings } from '../support.ts';

function plan(
  topology: Topology,
  {
    scope = { kind: 'left' },
    upgraded = [],
    seen = {},
  }: { scope?: Scope; upgraded?: readonly ServerFqdn[]; seen?: Partial<PoolSighting> } = {},
): string {
  const planned = planUpgrade(request({ scope }), settings(), upgraded, healthy(topology, seen));
  if (planned.kind === 'refused') return `refused: ${planned.because.join(' | ')}`;
  return planned.kind === 'unread' ? `unread: ${planned.because}` : planned.upgradeDomains.map(({ name }) => name).join();
}
const domains = (...names: readonly string[]): Scope => ({ kind: 'domains', names });
const fe = server;
const three = aPool(6, 2);

test('every upgrade domain is taken, in the order of the pool', () => {
  assert.equal(plan(three), '1,2,3');
  assert.equal(plan(aPool(12, 3)), '1,2,3,4');
  assert.equal(plan(aPool(3)), '1,2,3');
});
test('the plan keeps the topology it was made for', () => {
  const planned = planUpgrade(request(), settings(), [], healthy(three));
  assert.deepEqual(planned.kind === 'planned' && planned.topology, three);
});

for (const [told, topology, because] of [
  ['a Standard Edition server', aPool(1), /refused: .*Standard Edition.*no upgrade domains/],
  [
    'a pool of two in one upgrade domain',
    aTopology('fe1,fe2'),
    /^refused: with domain 1 \(fe1, fe2\) down, 0 of 2 will run, any 1 needed: margin -1$/,
  ],
  ['a size that no document has a number for', aPool(13), /refused: no quorum number is published for a 2013 pool of 13/],
  [
    'two domains of a pool of three',
    aTopology('fe1,fe2|fe3'),
    /^refused: with domain 1 \(fe1, fe2\) down, 1 of 3 will run, any 2 needed: margin -1$/,
  ],
  [
    'four of seven',
    aTopology('fe1,fe2,fe3,fe4|fe5,fe6,fe7'),
    /^refused: with domain 1 \(fe1, fe2, fe3, fe4\) down, 3 of 7 will run, any 4 needed: margin -1$/,
  ],
  [
    'four of the first seven of eight',
    aTopology('fe1,fe2,fe3,fe4|fe5,fe6,fe7,fe8'),
    /^refused: with domain 1 \(fe1, fe2, fe3, fe4\) down, of the first 7 servers 3 will run, any 4 needed: margin -1$/,
  ],
  [
    'five of the first nine of twelve',
    aTopology('fe1,fe2,fe3,fe4,fe5|fe6,fe7,fe8,fe9,fe10|fe11,fe12'),
    /^refused: with domain 1 \(.*\) down, of the first 9 servers 4 will run, any 5 needed: margin -1$/,
  ],
] satisfies [string, Topology, RegExp][]) {
  test(`${told}: refused, and why`, () => assert.match(plan(topology), because));
}

for (const [told, topology, planned] of [
  ['eight in two domains, three of the first seven in one', 'fe1,fe2,fe3|fe4,fe5,fe6|fe7,fe8', '1,2,3'],
  ['eight, four down of which one is late', 'fe1,fe2,fe3,fe8|fe4,fe5,fe6|fe7', '1,2,3'],
  ['twelve, four of the first nine and two late ones', 'fe1,fe2,fe3,fe4|fe5,fe6,fe7,fe8|fe9,fe10,fe11,fe12', '1,2,3'],
  ['seven, three at a time', 'fe1,fe2,fe3|fe4,fe5,fe6|fe7', '1,2,3'],
] as const) {
  test(`${told}: margin is left, so it is planned`, () => {
    const { upgradeDomains } = aTopology(topology);
    const servers = upgradeDomains
      .flatMap((each) => each.servers)
      .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }));
    assert.equal(plan({ servers, upgradeDomains }), planned);
  });
}
test('a margin of none is enough: any 3 of 6 with exactly 3 left', () => {
  assert.equal(plan(aTopology('fe1,fe2,fe3|fe4,fe5,fe6')), '1,2');
});
test('only the domains that are taken are judged', () => {
  const lopsided = aTopology('fe1,fe2,fe3,fe4|fe5|fe6|fe7');
  assert.match(plan(lopsided), /refused: with domain 1/);
  assert.equal(plan(lopsided, { scope: domains('2', '3', '4') }), '2,3,4');
});
test('the plan assumes that every other server runs and the primary database is in charge: those may still come back', () => {
  assert.equal(plan(three, { seen: { services: null, backEnd: 'down' } }), '1,2,3');
});

for (const [told, scope, upgraded, expected] of [
  ['what an unfinished run left', { kind: 'left' }, [1, 2], '2,3'],
  ['a domain that is half upgraded is taken again', { kind: 'left' }, [1, 2, 3], '2,3'],
  ['a domain upgraded out of order', { kind: 'left' }, [3, 4], '1,3'],
  ['nothing left', { kind: 'left' }, [1, 2, 3, 4, 5, 6], 'refused: nothing is left to upgrade; upgrade … all starts over'],
  ['all', { kind: 'all' }, [], '1,2,3'],
  ['the named ones', domains('2', '3'), [], '2,3'],
  ['the named ones in the order of the pool', domains('3', '1'), [], '1,3'],
  ['one named one', domains('2'), [], '2'],
  ['a named one that is upgraded already', domains('1', '2'), [1, 2], '2'],
  ['only such', domains('1'), [1, 2], 'refused: nothing is left to upgrade; upgrade … all starts over'],
  ['one that is not there', domains('7'), [], 'refused: no upgrade domain 7: there are 1, 2, 3'],
  ['one that is there and two that are not', domains('1', '7', 'x'), [], 'refused: no upgrade domain 7, x: there are 1, 2, 3'],
] satisfies [string, Scope, readonly number[], string][]) {
  test(`${told}: ${expected}`, () => assert.equal(plan(three, { scope, upgraded: upgraded.map(fe) }), expected));
}
test('upgrade domains are named without case, as every other name', () => {
  const renamed = {
    ...three,
    upgradeDomains: three.upgradeDomains.map((each) => ({ ...each, name: `UpgradeDomain${each.name}` })),
  };
  assert.equal(plan(renamed, { scope: domains('upgradedomain2') }), 'UpgradeDomain2');
});

for (const [told, seen, because] of [
  ['the topology', { computers: null }, 'unread: the topology could not be read'],
  ['the upgrade domains', { readiness: null }, 'unread: the upgrade domains could not be read'],
  [
    'which list is right',
    { readiness: readiness(aPool(5, 2)) },
    'unread: Get-CsComputer lists fe1, fe2, fe3, fe4, fe5, fe6; the upgrade domains list fe1, fe2, fe3, fe4, fe5',
  ],
] satisfies [string, Partial<PoolSighting>, string][]) {
  test(`${told} could not be read: nothing is planned and nothing refused`, () => assert.equal(plan(three, { seen }), because));
}
test('a pool of two is taken one server after the other', () => assert.equal(plan(aPool(2)), '1,2'));
test('a pool of two is refused where no document speaks of it, even while its domains cannot be read', () => {
  const of = (changes: Partial<Settings>) => {
    const product = changes.version ?? '2013';
    const planned = planUpgrade(request(), settings(changes), [], healthy(aPool(2), { readiness: null, product }));
    return planned.kind === 'refused' ? planned.because.join() : planned.kind;
  };
  assert.match(of({ version: '2019', procedure: 'server-failover' }), /2019 supports no pool of two \(fe1, fe2\).*not publish/);
  assert.match(of({ version: '2015', procedure: 'server-failover' }), /three and more.*`procedure: upgrade-domains`/);
  assert.equal(of({ version: '2015' }), 'unread');
});

test('a procedure that the product does not have is refused before anything is asked of the pool', () => {
  const refused = (version: Settings['version'], procedure: Settings['procedure']) =>
    refusedByConfiguration(settings({ version, procedure }));
  assert.match(refused('2019', 'upgrade-domains') ?? '', /2019 is upgraded by server-failover/);
  assert.match(refused('2013', 'server-failover') ?? '', /2013 has no Invoke-CsComputerFailOver/);
  for (const version of ['2013', '2015'] as const) assert.equal(refused(version, 'upgrade-domains'), null);
  for (const version of ['2015', '2019'] as const) assert.equal(refused(version, 'server-failover'), null);
});
test('the warning of the documents about small pools names both ways out', () => {
  assert.match(SMALL_POOL_WARNING, /do not recommend.*fewer than three.*Standard Edition/);
});
