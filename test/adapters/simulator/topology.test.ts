import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedPool } from '../../../src/adapters/simulator/pool.ts';
import { hours } from '../../../src/domain/time.ts';
import { aPool, named, POOL01, POOL02 } from '../../support.ts';

const [fe1, fe5] = [named('fe1'), named('fe5')];
const topology = aPool(6, 2);
function aSimulatedPool(): SimulatedPool {
  const { upgradeDomains } = topology;
  const layout = { fqdn: POOL01, version: '2013', upgradeDomains, backupPool: POOL02, backEnd: 'primary', seed: 5 } as const;
  return new SimulatedPool(layout, 0, { effect: () => {}, state: () => {} });
}
const domainsOf = (pool: SimulatedPool): readonly (readonly string[])[] => {
  const read = pool.readiness();
  return typeof read === 'string' ? [] : read.upgradeDomains.map(({ servers }) => servers);
};

test('a server that is taken out of the topology is in no list of the pool any more, and holds no replica', () => {
  const pool = aSimulatedPool();
  pool.removeServer(fe5);
  assert.deepEqual(
    pool.computers(),
    topology.servers.filter((each) => each !== fe5),
  );
  assert.ok(!domainsOf(pool).flat().includes(fe5));
  pool.advanceTo(hours(1));
  const { groups, serversNotUp } = pool.fabric();
  assert.deepEqual(serversNotUp, []);
  assert.ok(groups.every(({ primary, secondaries }) => primary !== fe5 && !secondaries.includes(fe5)));
});
test('whoever asks it finds nobody there, and the pool goes on', () => {
  const pool = aSimulatedPool();
  pool.removeServer(fe1);
  assert.equal(pool.answers(fe1), false);
  pool.advanceTo(hours(1));
  const read = pool.readiness();
  assert.equal(typeof read === 'string' ? read : read.state, 'Ready');
});
test('an upgrade domain without servers is gone, and the others keep their names', () => {
  const pool = aSimulatedPool();
  for (const server of topology.upgradeDomains[1]?.servers ?? []) pool.removeServer(server);
  const read = pool.readiness();
  assert.deepEqual(typeof read === 'string' ? [] : read.upgradeDomains.map(({ name }) => name), ['1', '3']);
});
