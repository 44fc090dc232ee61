import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  joinTopology,
  namesOf,
  parsePoolFqdn,
  parseServerFqdn,
  personId,
  sameTopology,
  shortName,
} from '../../src/domain/pool.ts';
import { aPool, aTopology, must, named, server } from '../support.ts';

const label = 'a'.repeat(63);
const longest = `${label}.${label}.${label}.${'a'.repeat(61)}`;

for (const [what, text, name] of [
  ['a plain name', 'fe1.contoso.com', 'fe1.contoso.com'],
  ['capitals', 'FE1.Contoso.COM', 'fe1.contoso.com'],
  ['spaces around it', '  fe1.contoso.com \t', 'fe1.contoso.com'],
  ['digits and hyphens', 'lync-fe-01.corp-2.contoso.com', 'lync-fe-01.corp-2.contoso.com'],
  ['two labels', 'fe1.local', 'fe1.local'],
  ['253 characters', longest, longest],
] as const) {
  test(`${what} is a name`, () => {
    assert.equal(parseServerFqdn(text), name);
    assert.equal(parsePoolFqdn(text), name);
  });
}

for (const [what, text] of [
  ['nothing', ''],
  ['a space', ' '],
  ['a tab and a line break', '\t\r\n'],
  ['a space inside', 'fe1 .contoso.com'],
  ['two names', 'fe1.contoso.com fe2.contoso.com'],
  ['a name without a domain', 'fe1'],
  ['254 characters', `${longest}a`],
  ['a label of 64 characters', `${label}a.contoso.com`],
  ['an empty label', 'fe1..contoso.com'],
  ['a dot before it', '.fe1.contoso.com'],
  ['a dot after it', 'fe1.contoso.com.'],
  ['a hyphen before it', '-fe1.contoso.com'],
  ['a hyphen at the end of a label', 'fe1-.contoso.com'],
  ['an underscore', 'fe_1.contoso.com'],
  ['an umlaut', 'fé1.contoso.com'],
  ['a Cyrillic letter', 'f\u04351.contoso.com'],
  ['the Kelvin sign, which only looks like a K', 'fe1.\u212Aontoso.com'],
  ['the long s, which only looks like an f', 'fe1.conto\u017Fo.com'],
  ['full-width letters', '\uFF46\uFF451.contoso.com'],
  ['a dotless i', 'fe1.contoso\u0131.com'],
  ['a dotted capital I', 'fe1.\u0130.com'],
  ['a zero-width space', 'fe1\u200B.contoso.com'],
  ['a non-breaking space inside', 'fe1\u00A0.contoso.com'],
  ['the way up', '../fe1.contoso.com'],
  ['the way up inside', 'fe1.contoso.com/../../etc'],
  ['a path', 'C:\\fe1.contoso.com'],
  ['a double quote', 'fe1".contoso.com'],
  ['a single quote', "fe1'.contoso.com"],
  ['a smart quote', 'fe1\u2019.contoso.com'],
  ['a backtick', 'fe1`.contoso.com'],
  ['a command', '$(whoami).contoso.com'],
  ['a semicolon', 'fe1.contoso.com;shutdown'],
  ['a pipe', 'fe1.contoso.com|more'],
  ['a wildcard', '*.contoso.com'],
  ['a port', 'fe1.contoso.com:5061'],
  ['a link', 'https://fe1.contoso.com'],
  ['a parameter', '-Force.contoso.com'],
  ['NUL', 'fe1.contoso.com\u0000'],
  ['NUL inside', 'fe1\u0000.contoso.com'],
  ['a line break and a second line', 'fe1.contoso.com\nfe2.contoso.com'],
  ['a right-to-left override', 'fe1\u202E.contoso.com'],
] as const) {
  test(`${what} is no name`, () => {
    assert.equal(parseServerFqdn(text), null);
    assert.equal(parsePoolFqdn(text), null);
  });
}

test('names and people are compared without case', () => {
  assert.equal(parseServerFqdn('FE1.CONTOSO.COM'), parseServerFqdn('fe1.contoso.com'));
  assert.equal(parsePoolFqdn('Pool01.Contoso.Com'), parsePoolFqdn('pool01.contoso.com'));
  assert.equal(personId('Dana'), personId('dana'));
});
test('a server is called by the first label of its name', () => {
  assert.equal(shortName(must(parseServerFqdn('FE1.contoso.com'))), 'fe1');
  assert.equal(namesOf([server(1), server(2)]), 'fe1, fe2');
  assert.equal(namesOf([]), 'none');
});

const names = (written: string) => (written === '' ? [] : written.split(',').map(named));
for (const [what, computers, domains] of [
  ['one server to a domain', 'fe1,fe2,fe3', 'fe1|fe2|fe3'],
  ['two to a domain', 'fe1,fe2,fe3,fe4', 'fe1,fe2|fe3,fe4'],
  ['domains that name them in another order', 'fe1,fe2,fe3', 'fe3|fe1|fe2'],
  ['capitals in one of them', 'FE1,fe2,fe3', 'fe1|FE2|fe3'],
] as const) {
  test(`${what}: both lists agree, in the order of Get-CsComputer`, () => {
    const { upgradeDomains } = aTopology(domains);
    assert.deepEqual(joinTopology(names(computers), upgradeDomains), {
      kind: 'agreed',
      topology: { servers: names(computers), upgradeDomains },
    });
  });
}

for (const [what, computers, domains, because] of [
  [
    'a server only Get-CsComputer knows',
    'fe1,fe2,fe3',
    'fe1|fe2',
    'Get-CsComputer lists fe1, fe2, fe3; the upgrade domains list fe1, fe2',
  ],
  [
    'a server only the domains know',
    'fe1,fe2',
    'fe1|fe2|fe3',
    'Get-CsComputer lists fe1, fe2; the upgrade domains list fe1, fe2, fe3',
  ],
  ['as many, but not the same', 'fe1,fe2', 'fe1|fe3', 'Get-CsComputer lists fe1, fe2; the upgrade domains list fe1, fe3'],
  ['a server in two domains', 'fe1,fe2', 'fe1,fe2|fe2', 'Get-CsComputer lists fe1, fe2; the upgrade domains list fe1, fe2, fe2'],
  [
    'a server in two domains in place of another',
    'fe1,fe2,fe3',
    'fe1,fe2|fe2',
    'Get-CsComputer lists fe1, fe2, fe3; the upgrade domains list fe1, fe2, fe2',
  ],
  ['a server listed twice', 'fe1,fe1', 'fe1|fe2', 'Get-CsComputer lists fe1, fe1; the upgrade domains list fe1, fe2'],
  ['a server listed twice by both', 'fe1,fe1', 'fe1|fe1', 'Get-CsComputer lists fe1, fe1; the upgrade domains list fe1, fe1'],
  ['no server at all from Get-CsComputer', '', 'fe1', 'Get-CsComputer lists none; the upgrade domains list fe1'],
] as const) {
  test(`${what}: the lists differ, and both are shown`, () => {
    assert.deepEqual(joinTopology(names(computers), aTopology(domains).upgradeDomains), { kind: 'differs', because });
  });
}
test('no upgrade domains and no servers is not an agreement about an empty pool', () => {
  assert.deepEqual(joinTopology([], []), {
    kind: 'differs',
    because: 'Get-CsComputer lists none; the upgrade domains list none',
  });
  assert.equal(joinTopology(names('fe1'), []).kind, 'differs');
});

test('two topologies are the same when servers, their order and their domains are', () => {
  const topology = aPool(4, 2);
  const [one, two] = topology.upgradeDomains.map((domain) => ({ ...domain, servers: domain.servers.toReversed() }));
  assert.ok(sameTopology(topology, aPool(4, 2)));
  assert.ok(sameTopology(topology, { ...topology, upgradeDomains: [must(two), must(one)] }), 'the order of listing says nothing');
  assert.ok(!sameTopology(topology, aPool(4)), 'other domains');
  assert.ok(!sameTopology(topology, aPool(5, 2)), 'a server more');
  assert.ok(!sameTopology(topology, { ...topology, servers: topology.servers.toReversed() }), 'another topology order');
  const renamed = topology.upgradeDomains.map((domain, index) => ({ ...domain, name: `UD${index}` }));
  assert.ok(!sameTopology(topology, { ...topology, upgradeDomains: renamed }), 'other names of domains');
});
