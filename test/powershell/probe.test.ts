import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { decodeReading, type Fixture, readFixture } from '../../src/adapters/powershell/probe.ts';
import { SimulatedPool } from '../../src/adapters/simulator/pool.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { probePool } from '../../src/live/probe.ts';
import { BACKUP_POOL, BOOT, FE1, FE2, FE3, POOL } from '../adapters/scripted-pool.ts';
import { bench } from './bench.ts';
import { skip } from './find.ts';
import { standInCalls } from './stand-in-calls.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-probe-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Probes the first server of a simulated pool: the exit code, what was said, and the files that were written. */
async function probe(context: TestContext, version: ProductVersion, scrubbed: boolean, folder = folderOf(context)) {
  const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
  const layout = { fqdn: POOL, version, upgradeDomains, backupPool: BACKUP_POOL, backEnd: 'primary', seed: 7 } as const;
  const pool = new SimulatedPool(layout, BOOT, { effect: () => {}, state: () => {} });
  const calls = await standInCalls(context, pool);
  const said: string[] = [];
  const options = {
    pool: { fqdn: POOL, version },
    server: FE1,
    calls,
    folder,
    scrubbed,
    source: 'stand-in',
    now: () => BOOT,
  } as const;
  const code = await probePool({ ...options, out: (line) => said.push(line) });
  const files = new Map(
    (existsSync(folder) ? readdirSync(folder) : []).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  return { code, said, files, folder };
}

const decodedIn = (fixture: Fixture) =>
  fixture.parts.flatMap(({ part, readings }) => readings.map((reading) => ({ part, ...decodeReading(reading, fixture) })));

for (const version of ['2013', '2015', '2019'] as const) {
  test(`a ${version} server is recorded as its cmdlets print, and the recorded fixture is what they print today`, {
    skip,
  }, async (context) => {
    const { code, files } = await probe(context, version, true);
    assert.equal(code, 0);
    assert.deepEqual([...files.keys()], ['probe-pool01-fe01-2026-03-03.json']);
    const [text = ''] = files.values();
    const recorded = readFixture(JSON.parse(text));
    assert.deepEqual(
      decodedIn(recorded).filter(({ kind }) => kind !== 'understood'),
      [],
    );
    const file = new URL(`stand-in-${version}.json`, FIXTURES);
    if (process.env['UPDATE'] === '1') writeFileSync(file, text);
    const kept = readFixture(JSON.parse(readFileSync(file, 'utf8')));
    // How a PowerShell lays out a list differs between its versions; what we make of it does not.
    assert.deepEqual(decodedIn(recorded), decodedIn(kept), 'UPDATE=1 records it anew');
  });
}

test('a probe says of each cmdlet what became of it, and never writes over a file', { skip }, async (context) => {
  const { said, folder, files } = await probe(context, '2013', false);
  assert.ok(said.includes('ok    readiness: recorded, and readiness.ps1 is understood'), said.join('\n'));
  assert.ok(said.some((line) => /^ok {4}patch-level: recorded that it fails \(.*Get-CsServerPatchVersion/.test(line)));
  const [before] = files.values();
  assert.match(before ?? '', /fe01\.contoso\.com/);
  const again = await probe(context, '2013', false, folder);
  assert.deepEqual([again.code, again.said.length], [1, 1]);
  assert.match(again.said[0] ?? '', /^BAD {3}.*probe-pool01-fe01-2026-03-03\.json is there already, and nothing was recorded/);
  assert.deepEqual([...again.files.values()], [before]);
});

test('a folder that is not there is told of before anything is asked', { skip }, async (context) => {
  const { code, said } = await probe(context, '2015', false, join(folderOf(context), 'none'));
  assert.deepEqual([code, said.length], [1, 1]);
  assert.match(said[0] ?? '', /^BAD {3}there is no folder .*none: /);
});

const LYNC = `
function Get-CsPoolFabricState {
    [CmdletBinding()] param([string] $PoolFqdn)
    Write-Warning 'Routing group rg-1 is poor'
    Write-Verbose 'it misses one'
    Write-Error 'half of it' -ErrorAction Continue
    "Fabric of $PoolFqdn"
}
function Get-CsWindowsService {
    [pscustomobject]@{ Name = 'RTCSRV'; Status = [DayOfWeek]::Monday; Roles = @('Registrar', 'UserServer'); Since = [datetime] '2026-01-02' }
    [pscustomobject]@{ Name = 'RTCCAA'; Status = [DayOfWeek]::Sunday; Roles = @(); Since = $null }
}
`;

test('every shape of what a cmdlet prints is kept: members, list, text, CLIXML, and each record with its stream', {
  skip,
}, async (context) => {
  const { ask, module } = bench(context);
  module(LYNC);
  const printed = async (part: string) => {
    const answer = await ask('probe.ps1', { PoolFqdn: POOL, Part: part });
    assert.equal(answer.kind, 'value', JSON.stringify(answer));
    return answer.kind === 'value' ? (answer.value as Record<string, never>) : {};
  };
  const services = await printed('services');
  assert.match(String(services['members']), /Roles\s+NoteProperty\s+(System\.)?Object\[\]/);
  assert.match(String(services['list']), /Status\s+: Monday/);
  assert.match(String(services['text']), /RTCCAA/);
  const clixml: readonly string[] = services['clixml'] ?? [];
  assert.equal(clixml.length, 2);
  assert.match(clixml[0] ?? '', /<T>System\.DayOfWeek<\/T>[\s\S]*<S>UserServer<\/S>/);
  assert.equal(services['failed'], null);
  const plain = await printed('fabric');
  assert.deepEqual(plain['streams'], [
    { stream: 'warning', text: 'Routing group rg-1 is poor' },
    { stream: 'error', text: 'half of it' },
    { stream: 'output', text: `Fabric of ${POOL}` },
  ]);
  const verbose = await printed('fabric-verbose');
  assert.deepEqual(verbose['streams']?.[1], { stream: 'verbose', text: 'it misses one' });
  const missing = await printed('pool');
  assert.equal(missing['failed']?.['errorId'], 'CommandNotFoundException');
  assert.match(missing['failed']?.['message'] ?? '', /Get-CsPool/);
});
