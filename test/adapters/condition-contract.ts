import assert from 'node:assert/strict';
import { Conditions } from '../../src/adapters/simulator/conditions.ts';
import type { PoolCondition } from '../../src/domain/condition.ts';
import type { ProductVersion } from '../../src/domain/pool.ts';
import { hours } from '../../src/domain/time.ts';
import type { On } from './pool-contract.ts';
import { BOOT, FE1, FE2, FE3, POOL } from './scripted-pool.ts';

const SERVERS = [FE1, FE2, FE3];
const conditionAt = (condition: PoolCondition, index: number) => {
  const seen = condition.servers[index]?.seen;
  return seen?.kind === 'read' ? seen.value : assert.fail(JSON.stringify(seen));
};

/** What a pre-flight may rely on, whichever way a pool is spoken to. */
export function conditionContract(on: On, version: ProductVersion): void {
  on('a server that lacks nothing is read in every part, and so are the copies of its pool', async ({ pool, reader }) => {
    pool.openPorts = SERVERS;
    pool.conditions = new Conditions(() => BOOT);
    const condition = await reader.condition(POOL, [FE1], SERVERS);
    assert.deepEqual(
      condition.servers.map(({ server }) => server),
      SERVERS,
    );
    const read = <Value>(value: Value) => ({ kind: 'read', value }) as const;
    const running = (name: string) => ({ name, state: 'Running', since: null });
    assert.deepEqual(conditionAt(condition, 0), {
      services: read(['RTCSRV', 'FabricHostSvc', 'REPLICA', 'W3SVC'].map(running)),
      events: read([]),
      ports: read([5061, 443, 4443, 5090].map((port) => ({ port, open: true }))),
      restart: read([]),
      disks: read([{ root: 'C:\\', free: 60e9 }]),
      certificates: read([{ use: 'Default', ends: Date.UTC(2100, 0, 1) }]),
      patchLevel: read(version === '2013' ? null : pool.patchLevel(FE1)),
    });
    const { backup, holdsCms, replicas } = condition;
    const steady = { exporting: 'SteadyState', importing: 'NormalState' };
    assert.deepEqual(backup, {
      kind: 'read',
      value: [
        { name: 'UserServices.PresenceFocus', ...steady },
        { name: 'ConfServices.DataConf', ...steady },
        { name: 'CentralMgmt.CMSMaster', exporting: 'NotInitialized', importing: 'NormalState' },
      ],
    });
    assert.deepEqual(holdsCms, { kind: 'read', value: false });
    assert.deepEqual(replicas, { kind: 'read', value: [FE2, FE1, FE3].map((server) => ({ server, upToDate: true })) });
  });
  on('what is wrong with one server is told of that server, and what is older than an hour of none', async ({ pool, reader }) => {
    pool.openPorts = SERVERS;
    let now = BOOT - hours(1);
    const conditions = new Conditions(() => now);
    pool.conditions = conditions;
    conditions.event(FE2, 32173);
    now = BOOT;
    conditions.event(FE2, 32174);
    conditions.freeIs(FE2, 2e9);
    conditions.certificateEnds(FE2, hours(24));
    conditions.pendingRestart.add(FE2);
    conditions.serviceIs(FE2, 'REPLICA', 'Start Pending');
    conditions.portIs(FE2, 4443, false);
    conditions.replicaBehind.add(FE2);
    conditions.backupWeather = 'behind';
    const condition = await reader.condition(POOL, [FE1], SERVERS);
    const bad = conditionAt(condition, 1);
    assert.deepEqual(bad.events.kind === 'read' && bad.events.value.map(({ id, at }) => [id, at]), [[32174, BOOT]]);
    assert.deepEqual(bad.disks.kind === 'read' && bad.disks.value, [{ root: 'C:\\', free: 2e9 }]);
    assert.deepEqual(bad.certificates.kind === 'read' && bad.certificates.value, [{ use: 'Default', ends: BOOT + hours(24) }]);
    assert.deepEqual(bad.restart, { kind: 'read', value: ['Windows Update'] });
    assert.deepEqual(bad.services.kind === 'read' && bad.services.value[2], {
      name: 'REPLICA',
      state: 'Start Pending',
      since: BOOT,
    });
    assert.deepEqual(bad.ports.kind === 'read' && bad.ports.value.filter(({ open }) => !open), [{ port: 4443, open: false }]);
    const good = conditionAt(condition, 0);
    assert.deepEqual(good.events.kind === 'read' && good.events.value, []);
    assert.deepEqual(good.restart, { kind: 'read', value: [] });
    assert.deepEqual(condition.replicas.kind === 'read' && condition.replicas.value.filter(({ upToDate }) => !upToDate), [
      { server: FE2, upToDate: false },
    ]);
    assert.equal(condition.backup.kind === 'read' && condition.backup.value[0]?.exporting, 'NonSteadyState');
  });
  on('a server that does not answer is told so, and the others are looked at', async ({ pool, reader }) => {
    pool.openPorts = SERVERS;
    pool.silentServers = [FE3];
    const condition = await reader.condition(POOL, [FE3, FE1], SERVERS);
    assert.deepEqual(
      condition.servers.map(({ seen }) => seen.kind),
      ['read', 'read', 'unread'],
    );
    const ports = conditionAt(condition, 0).ports;
    assert.deepEqual(ports.kind === 'read' && ports.value.every(({ open }) => open), true);
    assert.equal(condition.backup.kind, 'read');
  });
  on('of a pool that does not answer nothing is known', async ({ pool, reader }) => {
    pool.silentServers = SERVERS;
    const { servers, backup, holdsCms, replicas } = await reader.condition(POOL, SERVERS, SERVERS);
    const parts = [...servers.map(({ seen }) => seen), backup, holdsCms, replicas];
    assert.ok(parts.every((part) => part.kind === 'unread' && part.because.length > 0));
  });
}
