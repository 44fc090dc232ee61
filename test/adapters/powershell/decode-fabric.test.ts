import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFabric } from '../../../src/adapters/powershell/decode-fabric.ts';
import { parsePoolFqdn } from '../../../src/domain/pool.ts';

const pool = parsePoolFqdn('pool01.contoso.com') ?? assert.fail();
const decode = (text: string, ...warnings: readonly string[]) => decodeFabric({ text }, warnings, pool);

const HEALTHY = [
  'Fabric state of pool pool01.contoso.com',
  '',
  'Routing group rg-1: primary fe01.contoso.com, secondaries fe02.contoso.com, fe03.contoso.com',
  '',
  'Server fe01.contoso.com: OK, UP',
  'Server fe02.contoso.com: OK, UP',
  'Server fe03.contoso.com: OK, UP',
].join('\n');
const group = { id: 'rg-1', primary: 'fe01.contoso.com', secondaries: ['fe02.contoso.com', 'fe03.contoso.com'] };

test('a healthy fabric state is understood, whatever its line ends', () => {
  const expected = { kind: 'understood', value: { groups: [group], serversNotUp: [] } };
  assert.deepEqual(decode(HEALTHY), expected);
  assert.deepEqual(decode(HEALTHY.replaceAll('\n', '\r\n')), expected);
});

test('a group without a primary, and a server that is not OK and UP, are seen', () => {
  const text = HEALTHY.replace('primary fe01.contoso.com', 'primary none').replace(
    'fe01.contoso.com: OK, UP',
    'fe01.contoso.com: Error, DOWN',
  );
  const warnings = ['Routing group rg-1 misses 1 of 3 replicas', 'Server fe01.contoso.com is not OK and UP'];
  assert.deepEqual(decode(text, ...warnings), {
    kind: 'understood',
    value: { groups: [{ ...group, primary: null }], serversNotUp: ['fe01.contoso.com'] },
  });
});

for (const [shown, up] of [
  ['OK, UP', true],
  ['OK, DOWN', false],
  ['Warning, UP', false],
  ['ok, up', false],
] as const) {
  test(`a server shown as ${shown} is ${up ? '' : 'not '}up`, () => {
    const decoded = decode(HEALTHY.replace('fe03.contoso.com: OK, UP', `fe03.contoso.com: ${shown}`));
    assert.deepEqual(decoded.kind === 'understood' && decoded.value.serversNotUp, up ? [] : ['fe03.contoso.com']);
  });
}

test('nothing printed is silence', () => {
  assert.equal(decode('').kind, 'silent');
  assert.equal(decode(' \r\n ').kind, 'silent');
});

const GARBAGE: readonly (readonly [shape: string, text: string, warning?: string])[] = [
  ['one line that is not known', `${HEALTHY}\nEverything is fine.`],
  ['a line that is cut off', HEALTHY.slice(0, -4)],
  ['no title', HEALTHY.split('\n').slice(1).join('\n')],
  ['the title of another pool', HEALTHY.replace('pool01', 'pool02')],
  ['no routing group', HEALTHY.replace(/Routing group .*\n/, '')],
  ['no server', HEALTHY.replaceAll(/Server .*/g, '')],
  ['one group twice', HEALTHY.replace(/(Routing group .*)/, '$1\n$1')],
  ['one server twice', `${HEALTHY}\nServer fe01.contoso.com: OK, UP`],
  ['one server twice in a group', HEALTHY.replace('secondaries fe02', 'secondaries fe01')],
  ['a replica on something that is no server', HEALTHY.replace('primary fe01.contoso.com', 'primary fe01')],
  ['a warning that is not known', HEALTHY, 'The cluster manager could not be reached.'],
  ['a warning about a group that looks whole', HEALTHY, 'Routing group rg-1 misses 1 of 3 replicas'],
  ['a warning about a group that is not listed', HEALTHY, 'Routing group rg-2 misses 1 of 3 replicas'],
  ['a warning about a server that looks up', HEALTHY, 'Server fe02.contoso.com is not OK and UP'],
];
for (const [shape, text, warning] of GARBAGE) {
  test(`a fabric state with ${shape} is not understood, and never healthy`, () => {
    assert.equal(decode(text, ...(warning === undefined ? [] : [warning])).kind, 'garbage');
  });
}

test('what is not text is not understood', () => {
  for (const value of [null, {}, { text: 1 }, HEALTHY, { text: HEALTHY, more: 1 }])
    assert.equal(decodeFabric(value, [], pool).kind, 'garbage');
});
