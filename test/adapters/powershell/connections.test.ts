import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reached } from '../../../src/adapters/powershell/calls.ts';
import { type PoolConnection, reachPools } from '../../../src/adapters/powershell/connections.ts';
import type { PoolFqdn, ServerFqdn } from '../../../src/domain/pool.ts';
import { FE1, FE2, POOL } from '../scripted-pool.ts';

const EXECUTABLES = { ssh: 'pwsh', others: 'powershell.exe' };
const SSH: PoolConnection = {
  kind: 'ssh',
  servers: [FE1, FE2],
  user: 'CONTOSO\\svc$',
  key: '/etc/lifeguard/key',
  knownHosts: null,
  port: null,
  addresses: new Map([[FE2, '10.0.0.2']]),
};
const WINRM: PoolConnection = {
  kind: 'winrm',
  servers: [FE1],
  configuration: 'Lifeguard',
  ssl: true,
  port: null,
  addresses: new Map(),
};

function reached(connection: PoolConnection, server: ServerFqdn | null): Reached & { readonly kind: 'reached' } {
  const answer = reachPools(new Map<PoolFqdn, PoolConnection>([[POOL, connection]]), EXECUTABLES).server(POOL, server);
  assert.equal(answer.kind, 'reached');
  return answer.kind === 'reached' ? answer : assert.fail();
}
const connecting = ({ environment }: { readonly environment: Readonly<Record<string, string>> }): unknown =>
  JSON.parse(environment['LIFEGUARD_CONNECTION'] ?? 'null');

test('over SSH a server is reached itself, at its address, and told by which name it must answer', () => {
  const there = reached(SSH, FE2);
  assert.deepEqual([there.on, there.machine, there.executable, there.wayIn], [FE2, `ssh ${FE2}`, 'pwsh', 'remote.ps1']);
  const expected = {
    transport: 'ssh',
    server: FE2,
    host: '10.0.0.2',
    port: 22,
    user: 'CONTOSO\\svc$',
    key: '/etc/lifeguard/key',
  };
  assert.deepEqual(connecting(there), { ...expected, knownHosts: null });
});

test('over WinRM the endpoint of ours is named, and Windows PowerShell asks', () => {
  const there = reached(WINRM, FE1);
  assert.deepEqual([there.machine, there.executable, there.wayIn], [`winrm ${FE1}`, 'powershell.exe', 'remote.ps1']);
  const expected = { transport: 'winrm', server: FE1, host: FE1, port: null, configuration: 'Lifeguard', ssl: true };
  assert.deepEqual(connecting(there), expected);
});

test('nothing of our own environment goes along but what PowerShell needs', () => {
  process.env['SLACK_BOT_TOKEN'] = 'xoxb-canary';
  try {
    assert.doesNotMatch(JSON.stringify(reached(SSH, FE1)), /canary/);
  } finally {
    delete process.env['SLACK_BOT_TOKEN'];
  }
});

test('while the servers of a pool are not known, the configured ones are asked in their order', () => {
  const reach = reachPools(new Map([[POOL, SSH]]), EXECUTABLES);
  assert.deepEqual(reach.first(POOL), [FE1, FE2]);
  assert.equal(reached(SSH, null).on, FE1);
});

test('a pool without a connection is not asked', () => {
  const reach = reachPools(new Map(), EXECUTABLES);
  assert.deepEqual([reach.first(POOL), reach.server(POOL, FE1).kind], [[], 'elsewhere']);
});
