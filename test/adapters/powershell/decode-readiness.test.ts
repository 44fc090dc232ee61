import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReadiness } from '../../../src/adapters/powershell/decode-readiness.ts';
import { parsePoolFqdn } from '../../../src/domain/pool.ts';

const pool = parsePoolFqdn('pool01.contoso.com') ?? assert.fail();
const domain = { Name: '1', Frontends: ['fe01.contoso.com'], ReadyforUpgrade: true };
const ready = { PoolUpgradeState: 'Ready', UpgradeDomains: [domain] };
const decode = (...answers: readonly unknown[]) => decodeReadiness({ answers, text: '' }, pool);

const UNDERSTOOD: readonly (readonly [shape: string, answer: unknown])[] = [
  ['the names that are remembered', { PoolFqdn: 'pool01.contoso.com', TotalFrontends: 1, TotalActiveFrontends: 1, ...ready }],
  [
    'names in other cases',
    { poolupgradestate: 'Ready', UPGRADEDOMAINS: [{ name: '1', FrontEnds: ['FE01.contoso.com'], readyForUpgrade: true }] },
  ],
  ['State instead of PoolUpgradeState', { State: 'Ready', UpgradeDomains: [domain] }],
  ['both, and they agree', { State: 'Ready', ...ready }],
  ['IsReadyForUpgrade', { ...ready, UpgradeDomains: [{ Name: '1', Frontends: ['fe01.contoso.com'], IsReadyForUpgrade: true }] }],
  ['one domain that is not in a list', { ...ready, UpgradeDomains: domain }],
  ['one server that is not in a list', { ...ready, UpgradeDomains: [{ ...domain, Frontends: 'fe01.contoso.com' }] }],
  ['servers as objects', { ...ready, UpgradeDomains: [{ ...domain, Frontends: [{ Fqdn: 'FE01.contoso.com' }] }] }],
  ['a domain with a number for a name', { ...ready, UpgradeDomains: [{ ...domain, Name: 1 }] }],
  ['the pool as an object', { PoolFqdn: { Fqdn: 'POOL01.contoso.com' }, ...ready }],
];
for (const [shape, answer] of UNDERSTOOD) {
  test(`readiness is understood with ${shape}`, () => {
    const upgradeDomains = [{ name: '1', servers: ['fe01.contoso.com'], readyForUpgrade: true }];
    assert.deepEqual(decode(answer), { kind: 'understood', value: { state: 'Ready', upgradeDomains } });
  });
}

test('members that nobody knows spoil nothing and are handed on, with whose they are', () => {
  const unheardOf = { ...domain, Frontends: [{ Fqdn: 'fe01.contoso.com', Port: 5061 }], FaultDomain: 'fd:/1' };
  const decoded = decode({ ...ready, TotalActiveFrontends: 1, UpgradeDomains: [unheardOf], IdleSecondaries: { Missing: 2 } });
  assert.deepEqual(decoded, {
    kind: 'understood',
    value: { state: 'Ready', upgradeDomains: [{ name: '1', servers: ['fe01.contoso.com'], readyForUpgrade: true }] },
    notUnderstood: ['IdleSecondaries={"Missing":2}', 'upgrade domain 1: FaultDomain="fd:/1"', 'fe01.contoso.com: Port=5061'],
  });
});

for (const state of ['Ready', 'Busy', 'InsufficientActiveFrontEnds']) {
  test(`${state} is a state that the documents name`, () => {
    const decoded = decode({ ...ready, PoolUpgradeState: state });
    assert.equal(decoded.kind === 'understood' && decoded.value.state, state);
  });
}

test('nothing printed is silence', () => {
  assert.equal(decode().kind, 'silent');
});

const GARBAGE: readonly (readonly [shape: string, answer: unknown])[] = [
  ['text', 'The upgrade state could not be determined.'],
  ['the word Ready alone', 'Ready'],
  ['a number', 0],
  ['no property', {}],
  ['no state', { UpgradeDomains: [domain] }],
  ['a state of null', { ...ready, PoolUpgradeState: null }],
  ['a state that lost its name', { ...ready, PoolUpgradeState: 0 }],
  ['a state that no document names', { ...ready, PoolUpgradeState: 'NotReady' }],
  ['a state in another case', { ...ready, PoolUpgradeState: 'READY' }],
  ['two states', { ...ready, State: 'Busy' }],
  ['no domains', { PoolUpgradeState: 'Ready' }],
  ['domains of null', { ...ready, UpgradeDomains: null }],
  ['an empty list of domains', { ...ready, UpgradeDomains: [] }],
  ['domains that became names of types', { ...ready, UpgradeDomains: ['Microsoft.Rtc.Management.Hadr.UpgradeDomain'] }],
  ['a domain without a name', { ...ready, UpgradeDomains: [{ ...domain, Name: '' }] }],
  ['a domain without the flag', { ...ready, UpgradeDomains: [{ Name: '1', Frontends: ['fe01.contoso.com'] }] }],
  ['a flag of null', { ...ready, UpgradeDomains: [{ ...domain, ReadyforUpgrade: null }] }],
  ['a flag of text', { ...ready, UpgradeDomains: [{ ...domain, ReadyforUpgrade: 'True' }] }],
  ['a flag of 1', { ...ready, UpgradeDomains: [{ ...domain, ReadyforUpgrade: 1 }] }],
  ['two flags that contradict each other', { ...ready, UpgradeDomains: [{ ...domain, IsReadyForUpgrade: false }] }],
  ['a domain without servers', { ...ready, UpgradeDomains: [{ ...domain, Frontends: [] }] }],
  ['a server without a full name', { ...ready, UpgradeDomains: [{ ...domain, Frontends: ['fe01'] }] }],
  ['a server that is no name', { ...ready, UpgradeDomains: [{ ...domain, Frontends: [{ Host: 'fe01.contoso.com' }] }] }],
  ['two domains of one name', { ...ready, UpgradeDomains: [domain, { ...domain, Frontends: ['fe02.contoso.com'] }] }],
  ['a count that is not that of the list', { ...ready, TotalFrontends: 3 }],
  ['another pool', { ...ready, PoolFqdn: 'pool02.contoso.com' }],
];
for (const [shape, answer] of GARBAGE) {
  test(`readiness with ${shape} is not understood, and never Ready`, () => {
    const decoded = decode(answer);
    assert.equal(decoded.kind, 'garbage');
    assert.ok(decoded.kind === 'garbage' && decoded.because.length > 0);
  });
}

test('two answers are not one', () => {
  assert.equal(decode(ready, ready).kind, 'garbage');
});
