import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBackEnd, decodeBackupPool, decodeComputers } from '../../../src/adapters/powershell/decode-topology.ts';
import { parsePoolFqdn } from '../../../src/domain/pool.ts';

const pool = parsePoolFqdn('pool01.contoso.com') ?? assert.fail();
const [fe1, fe2, fe3] = ['fe01.contoso.com', 'fe02.contoso.com', 'fe03.contoso.com'];

test('the servers come in the order of Get-CsComputer when Get-CsPool knows the same ones', () => {
  const decoded = decodeComputers({ computers: ['FE02.contoso.com', fe1, fe3], pool: [fe1, fe2, 'FE03.contoso.com'] });
  assert.deepEqual(decoded, { kind: 'understood', value: [fe2, fe1, fe3] });
});

test('lists that differ are shown, both of them', () => {
  const decoded = decodeComputers({ computers: [fe1, fe2], pool: [fe1, fe2, fe3] });
  const because = `Get-CsComputer lists ${fe1}, ${fe2}; Get-CsPool lists ${fe1}, ${fe2}, ${fe3}`;
  assert.deepEqual(decoded, { kind: 'garbage', because });
});

for (const [shape, value, kind] of [
  ['both lists empty', { computers: [], pool: [] }, 'silent'],
  ['one list empty', { computers: [fe1], pool: [] }, 'garbage'],
  ['a server listed twice', { computers: [fe1, fe1], pool: [fe1, fe1] }, 'garbage'],
  ['a short name', { computers: ['fe01'], pool: ['fe01'] }, 'garbage'],
  ['no lists', { computers: fe1, pool: fe1 }, 'garbage'],
  ['null', null, 'garbage'],
] as const) {
  test(`servers with ${shape} are ${kind}`, () => assert.equal(decodeComputers(value).kind, kind));
}

const AMBIGUOUS = 'DatabaseInaccessibleOrMirroringNotEnabled';
const BACK_ENDS: readonly (readonly [
  states: readonly (readonly [onPrimary: string, onMirror: string])[],
  place: string | null,
])[] = [
  [[['Principal', 'Mirror']], 'primary'],
  [[['Principal', '']], 'primary'],
  [[['Principal', AMBIGUOUS]], 'primary'],
  [[['Mirror', 'Principal']], 'mirror'],
  [[[AMBIGUOUS, 'Principal']], 'mirror'],
  [[[AMBIGUOUS, 'Mirror']], 'down'],
  [[[AMBIGUOUS, AMBIGUOUS]], null],
  [[[AMBIGUOUS, '']], null],
  [[['Principal', 'Principal']], null],
  [[['Mirror', 'Mirror']], null],
  [[['', '']], null],
  [[['principal', 'Mirror']], null],
  [[['Principal', 'Suspended']], null],
  [[['Disconnected', 'Principal']], null],
  [
    [
      ['Principal', 'Mirror'],
      ['Principal', 'Mirror'],
    ],
    'primary',
  ],
  [
    [
      ['Principal', 'Mirror'],
      ['Mirror', 'Principal'],
    ],
    null,
  ],
  [
    [
      ['Principal', 'Mirror'],
      [AMBIGUOUS, AMBIGUOUS],
    ],
    null,
  ],
];
for (const [states, place] of BACK_ENDS) {
  test(`a back end of ${JSON.stringify(states)} is ${place ?? 'not understood'}`, () => {
    const databases = states.map(([onPrimary, onMirror], index) => ({ name: `rtc${index}`, onPrimary, onMirror }));
    const decoded = decodeBackEnd({ databases });
    assert.equal(decoded.kind, place === null ? 'garbage' : 'understood');
    if (decoded.kind === 'understood') assert.equal(decoded.value, place);
  });
}

test('a back end that nothing is said of is silent, and one without lines is garbage', () => {
  assert.equal(decodeBackEnd({ databases: [] }).kind, 'silent');
  assert.equal(decodeBackEnd({ databases: [{ name: 'rtc' }] }).kind, 'garbage');
});

const relation = (...properties: readonly (readonly [string, string])[]) => ({
  relations: [{ properties: properties.map(([name, value]) => ({ name, value })) }],
  failed: null,
});
const BACKUPS: readonly (readonly [shape: string, value: unknown, expected: string | null | 'silent' | 'garbage'])[] = [
  ['two names', relation(['PoolFqdn', 'pool01.contoso.com'], ['BackupPoolFqdn', 'POOL02.contoso.com']), 'pool02.contoso.com'],
  [
    'an identity',
    relation(['Pool', 'Registrar:pool01.contoso.com'], ['Related', 'Registrar:pool02.contoso.com']),
    'pool02.contoso.com',
  ],
  ['text', relation(['', 'pool02.contoso.com']), 'pool02.contoso.com'],
  ['nothing printed', { relations: [], failed: null }, null],
  ['an empty partner', relation(['PoolFqdn', 'pool01.contoso.com'], ['BackupPoolFqdn', '']), null],
  ['an error that says so', { relations: [], failed: 'There is no backup pool associated with pool01.' }, null],
  ['another error', { relations: [], failed: 'The central management store cannot be reached.' }, 'silent'],
  ['only the pool itself', relation(['PoolFqdn', 'pool01.contoso.com']), 'garbage'],
  ['three pools', relation(['A', 'pool02.contoso.com'], ['B', 'pool03.contoso.com']), 'garbage'],
  ['no list', null, 'garbage'],
];
for (const [shape, value, expected] of BACKUPS) {
  test(`a backup relationship of ${shape} is ${expected ?? 'none'}`, () => {
    const decoded = decodeBackupPool(value, pool);
    assert.equal(decoded.kind === 'understood' ? decoded.value : decoded.kind, expected);
    assert.ok(!('notUnderstood' in decoded));
  });
}

for (const [pair, value] of [
  [
    relation(['PoolFqdn', 'pool01.contoso.com'], ['BackupPoolFqdn', 'pool02.contoso.com'], ['State', 'Paused']),
    'pool02.contoso.com',
  ],
  [relation(['PoolFqdn', 'pool01.contoso.com'], ['BackupPoolFqdn', ''], ['State', 'Paused']), null],
] as const) {
  test(`what else is said of a backup relationship with ${value ?? 'nobody'} is handed on`, () => {
    assert.deepEqual(decodeBackupPool(pair, pool), { kind: 'understood', value, notUnderstood: ['State=Paused'] });
  });
}
