import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CMDLETS_USED } from '../../src/adapters/powershell/cmdlets.ts';
import { decodeExamination, type Examination } from '../../src/adapters/powershell/decode-examination.ts';
import { SimulatedPool } from '../../src/adapters/simulator/pool.ts';
import { doctorPool } from '../../src/live/doctor-pool.ts';
import { BACKUP_POOL, BOOT, FE1, FE2, FE3, POOL } from '../adapters/scripted-pool.ts';
import { type Bench, bench } from './bench.ts';
import { skip } from './find.ts';
import { standInCalls } from './stand-in-calls.ts';

const windows = process.platform === 'win32';

async function examine({ ask }: Bench, ...files: readonly string[]): Promise<Examination> {
  const answer = await ask('examine.ps1', { Cmdlets: CMDLETS_USED, Files: files });
  assert.equal(answer.kind, 'value', JSON.stringify(answer));
  const read = decodeExamination(answer.kind === 'value' ? answer.value : null);
  if (read.kind !== 'understood') assert.fail(read.because);
  return read.value;
}

const SERVER = `
function Get-CsServerVersion { 'Skype for Business Server 2015 (6.0.9319.0): Volume license key installed.' }
function Get-CsServerPatchVersion { [pscustomobject]@{ ComponentName = 'Core'; Version = '6.0.9319.272' } }
function Get-CsCertificate {
    [pscustomobject]@{ Use = 'Default'; Thumbprint = 'A1'; NotAfter = [datetime]::SpecifyKind([datetime] '2027-01-01', 'Utc').ToLocalTime() }
    [pscustomobject]@{ Use = 'OAuthTokenIssuer'; Thumbprint = 'B2'; NotAfter = 'soon' }
}
function Get-CsPoolFabricState { [CmdletBinding()] param([string] $PoolFqdn) throw 'it was called' }
function Stop-CsWindowsService { [CmdletBinding()] param([switch] $Graceful) throw 'it was called' }
`;

test('a server is examined, and no cmdlet that is looked for is run', { skip }, async (context) => {
  const server = bench(context);
  server.module(SERVER);
  const before = Date.now();
  const found = await examine(server, process.execPath, '/no/such/hook.exe');
  assert.ok(found.began >= before - 1_000 && found.ended >= found.began && found.ended <= Date.now() + 1_000);
  assert.equal(found.windows, windows);
  assert.match(found.powershell.version, /^\d+\.\d+/);
  assert.equal(found.powershell.languageMode, 'FullLanguage');
  assert.deepEqual(
    found.modules?.map(({ name }) => name),
    ['Lync'],
  );
  assert.deepEqual(
    found.policies?.map(({ scope }) => scope),
    ['MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine'],
  );
  assert.match(found.version ?? '', /6\.0\.9319/);
  assert.deepEqual(found.patched, ['6.0.9319.272']);
  assert.deepEqual(found.certificates, [
    { use: 'Default', thumbprint: 'A1', ends: Date.parse('2027-01-01T00:00:00Z') },
    { use: 'OAuthTokenIssuer', thumbprint: 'B2', ends: null },
  ]);
  const named = new Map(found.cmdlets?.map(({ name, parameters }) => [name, parameters]));
  assert.ok(named.get('Stop-CsWindowsService')?.includes('Graceful') && named.get('Stop-CsWindowsService')?.includes('Verbose'));
  assert.ok(named.get('Get-CsPoolFabricState')?.includes('PoolFqdn'));
  assert.ok(named.get('Get-Process')?.includes('Id'), 'cmdlets of modules that are not loaded yet are found too');
  assert.ok(!named.has('Get-CsWindowsService'));
  assert.ok((found.disks?.length ?? 0) > 0 && found.disks?.every(({ free }) => free > 0));
  assert.deepEqual(found.files, [
    { file: process.execPath, there: true },
    { file: '/no/such/hook.exe', there: false },
  ]);
  assert.deepEqual(Object.keys(found.unread).toSorted(), windows ? [] : ['restart', 'rights']);
});

test('a part that fails is null with its reason, and the others are there', { skip }, async (context) => {
  const server = bench(context);
  server.module("function Get-CsCertificate { throw 'the store is locked' }\nfunction Get-CsServerVersion { 'x' }\n");
  const found = await examine(server, '/no/such/file.exe');
  assert.deepEqual([found.certificates, found.unread.certificates], [null, 'the store is locked']);
  assert.deepEqual([found.version, found.patched, found.files], ['x', [], [{ file: '/no/such/file.exe', there: false }]]);
  assert.ok(found.cmdlets !== null && found.disks !== null);
});

test('a server without the product is examined all the same', { skip }, async (context) => {
  const found = await examine(bench(context));
  assert.deepEqual([found.modules, found.version, found.certificates, found.files], [[], null, null, []]);
  assert.match(found.unread.version ?? '', /Get-CsServerVersion/);
});

for (const version of ['2013', '2015', '2019'] as const) {
  test(`doctor finds nothing bad about a stand-in ${version} pool through real scripts, and changes nothing`, {
    skip,
  }, async (context) => {
    const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
    const layout = { fqdn: POOL, version, upgradeDomains, backupPool: BACKUP_POOL, backEnd: 'primary', seed: 7 } as const;
    const effects: string[] = [];
    const pool = new SimulatedPool(layout, BOOT, { effect: (...effect) => effects.push(effect.join(' ')), state: () => {} });
    const lines: string[] = [];
    const options = {
      reachedBy: 'local',
      configured: [FE1],
      hostOf: () => '127.0.0.1',
      calls: await standInCalls(context, pool),
      resolve: async (host: string) => ({ kind: 'resolved', addresses: [host] }) as const,
      now: () => Date.now(),
    };
    const configured = {
      fqdn: POOL,
      version,
      procedure: version === '2019' ? 'server-failover' : 'upgrade-domains',
      patchMode: 'by-command',
      backupPool: BACKUP_POOL,
      hooks: { before: true, after: false },
      patchCommand: { file: process.execPath, arguments: [] },
      hookCommands: { before: { file: process.execPath, arguments: [] }, after: null },
    } as const;
    const code = await doctorPool({ ...options, pool: configured, out: (line) => lines.push(line) });
    assert.deepEqual([code, lines.filter((line) => line.startsWith('BAD'))], [0, []]);
    for (const server of ['fe01', 'fe02', 'fe03'])
      assert.ok(lines.some((line) => line.startsWith(`ok    ${server}: fabric state read`)));
    const others = { ...configured, backupPool: null, patchCommand: { file: '/no/such/installer', arguments: [] } };
    const worse: string[] = [];
    assert.equal(await doctorPool({ ...options, pool: others, out: (line) => worse.push(line) }), 1);
    assert.deepEqual(
      [...new Set(worse.filter((line) => line.startsWith('BAD')).map((line) => line.slice(12)))],
      [
        'the file of the patch command is not there: /no/such/installer: copy it to the server, on a disk of its own: a share is not reached from there',
        'backup pool: pool02.contoso.com, configured is none: set backupPool in the pools file',
      ],
    );
    assert.deepEqual(effects, []);
  });
}
