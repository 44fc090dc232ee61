import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine, EFFECTS, type Entry, READINGS } from '../../../src/adapters/powershell/catalogue.ts';
import { HOSTILE } from './hostile.ts';

const LINE = /^\.\/run\.ps1 '[a-z-]+\.ps1' '[A-Za-z0-9+/]+=*'$/;
const given = (entry: Entry<unknown>, values: unknown) =>
  commandLine<unknown>({ script: entry.script, values: entry.values }, values);

test('a line is a fixed script, base64 and nothing else', () => {
  const lines = [
    given(READINGS.readiness, {}),
    given(READINGS.fabric, { PoolFqdn: 'pool01.contoso.com', Detail: 'verbose' }),
    given(READINGS.services, { Servers: ['fe01.contoso.com', 'fe02.contoso.com'] }),
    given(EFFECTS.restart, { BootTimeSeen: 0 }),
    given(EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'recover', Token: 'a'.repeat(40) }),
    given(EFFECTS.patch, { File: 'C:\\Updates\\it\u2019s "one" $(x).exe', Arguments: ['/silentmode'] }),
  ];
  for (const line of lines) assert.match(line.kind === 'line' ? line.text : '', LINE);
});

const REFUSED: readonly (readonly [entry: Entry<unknown>, values: unknown])[] = [
  [READINGS.computers, { PoolFqdn: 'POOL01.contoso.com' }],
  [READINGS.computers, { PoolFqdn: 'pool01' }],
  [READINGS.computers, { PoolFqdn: '-Force' }],
  [READINGS.computers, { PoolFqdn: 'pool01.contoso.com', Filter: '*' }],
  [READINGS.computers, {}],
  [READINGS.readiness, { Force: true }],
  [READINGS.fabric, { PoolFqdn: 'pool01.contoso.com', Detail: 'all' }],
  [READINGS.services, { Servers: [] }],
  [READINGS.services, { Servers: 'fe01.contoso.com' }],
  [EFFECTS.stopServices, { StopMode: 'graceful; Stop-Computer' }],
  [EFFECTS.stopServices, { StopMode: 'Graceful' }],
  [EFFECTS.stopServices, { StopMode: 'graceful', Force: true }],
  [EFFECTS.restart, { BootTimeSeen: 0.5 }],
  [EFFECTS.restart, { BootTimeSeen: -1 }],
  [EFFECTS.restart, { BootTimeSeen: '0' }],
  [EFFECTS.restart, { BootTimeSeen: Number.NaN }],
  [EFFECTS.restart, {}],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'failover' }],
  [EFFECTS.operate, { PoolFqdn: 'pool01', Operation: 'failover', Token: 'op-1' }],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'FullReset', Token: 'op-1' }],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'recover', Token: 'Op-1' }],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'recover', Token: '' }],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'recover', Token: 'a'.repeat(41) }],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'recover', Token: 'op-1 x' }],
  [EFFECTS.operate, { PoolFqdn: 'pool01.contoso.com', Operation: 'recover', Token: 'op-1', DisasterMode: true }],
  [READINGS.operationRun, { Name: 'failover-run' }],
  [EFFECTS.patch, { File: '', Arguments: [] }],
  [EFFECTS.patch, { File: 'setup.exe', Arguments: Array.from({ length: 51 }, () => '/x') }],
];
for (const [entry, values] of REFUSED) {
  test(`${entry.script} is not asked with ${JSON.stringify(values).slice(0, 80)}`, () => {
    const line = given(entry, values);
    assert.equal(line.kind, 'refused');
    assert.match(line.kind === 'refused' ? line.because : '', /^refused before PowerShell was asked: .+/);
  });
}

for (const [what, text] of HOSTILE) {
  test(`no name of a pool or a server is ${what}`, () => {
    assert.equal(given(READINGS.computers, { PoolFqdn: text }).kind, 'refused');
    assert.equal(given(READINGS.port, { Server: text, Port: 5061 }).kind, 'refused');
    for (const values of [{ Token: text }, { PoolFqdn: text }, { Operation: text }]) {
      const operate = { PoolFqdn: 'pool01.contoso.com', Operation: 'start', Token: 'op-1', ...values };
      assert.equal(given(EFFECTS.operate, operate).kind, 'refused');
    }
    assert.equal(given(READINGS.services, { Servers: ['fe01.contoso.com', text] }).kind, 'refused');
  });
}

for (const [what, text] of [
  ['a newline', 'a\nb'],
  ['NUL', 'a\0b'],
  ['a character that turns the text around', 'setup\u202Eexe.bat'],
  ['a character that nobody sees', 'set\u200Bup.exe'],
  ['half a character', 'a\uD800'],
  ['far too much text', 'x'.repeat(1_001)],
] as const) {
  test(`a patch command with ${what} is not started`, () => {
    assert.equal(given(EFFECTS.patch, { File: text, Arguments: [] }).kind, 'refused');
    assert.equal(given(EFFECTS.patch, { File: 'setup.exe', Arguments: [text] }).kind, 'refused');
  });
}

test('readiness may take a quarter of an hour, and so may a probe of it; everything else two minutes', () => {
  const { readiness, probe, ...others } = { ...READINGS, ...EFFECTS };
  for (const { timeOut, afterTimeOut } of [readiness, probe]) assert.deepEqual([timeOut, afterTimeOut], [15 * 60_000, 'give-up']);
  for (const { timeOut } of Object.values(others)) assert.ok(timeOut >= 60_000 && timeOut <= 120_000);
});
