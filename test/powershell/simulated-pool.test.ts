import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiesOf } from '../../src/adapters/simulator/condition-answers.ts';
import { SimulatedPool } from '../../src/adapters/simulator/pool.ts';
import { onThisMachine, throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import type { PoolFqdn, ProductVersion } from '../../src/domain/pool.ts';
import type { PoolOperationKind } from '../../src/domain/pool-operation.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import type { Answer, PoolOperator, PoolReader } from '../../src/ports.ts';
import { BACKUP_POOL, BOOT, FE1, FE2, FE3, POOL } from '../adapters/scripted-pool.ts';
import { powershell, skip } from './find.ts';

const wordOf = <Value>(answer: Answer<Value>) => (answer.kind === 'understood' ? answer.value : answer.kind);

/** Everything that can be read of the first server and its pool, as it was understood. */
async function look(reader: PoolReader): Promise<unknown> {
  const ask = [FE2, FE3];
  return {
    readiness: wordOf(await reader.readiness(POOL, ask)),
    fabric: wordOf(await reader.fabric(POOL, ask, 'plain')),
    services: wordOf(await reader.services(POOL, ask, [FE1, FE2, FE3])),
    server: wordOf(await reader.server(POOL, FE1)),
    sipPort: wordOf(await reader.sipPort(POOL, ask, FE1)),
    patchRun: wordOf(await reader.patchRun(POOL, FE1)),
    failoverRun: wordOf(await reader.failoverRun(POOL, FE1)),
    operationRun: wordOf(await reader.operationRun(POOL, FE1)),
    copies: await reader.copies(POOL, ask),
    patchLevel: wordOf(await reader.patchLevel(POOL, FE1)),
  };
}

function expected(pool: SimulatedPool): unknown {
  const answers = pool.answers(FE1);
  return {
    readiness: pool.readiness(),
    fabric: pool.fabric(),
    services: [FE1, FE2, FE3].map((server) => ({ server, rtcsrv: pool.answers(server) ? pool.rtcsrv(server) : null })),
    server: answers ? pool.server(FE1) : 'silent',
    sipPort: answers && pool.sipPortOpen(FE1),
    patchRun: answers ? pool.patchRun(FE1) : 'silent',
    failoverRun: answers ? pool.failoverRun(FE1) : 'silent',
    operationRun: answers ? pool.operationRun(FE1) : 'silent',
    copies: copiesOf(pool),
    patchLevel: answers ? pool.patchLevel(FE1) : 'silent',
  };
}

/** What a test does to the pool through PowerShell; `after` lets time pass, and looks. */
interface Night {
  readonly pool: SimulatedPool;
  readonly operator: PoolOperator;
  after(time: number): Promise<void>;
}

async function throughTheNight(
  version: ProductVersion,
  run: (night: Night) => Promise<void>,
  backupPool: PoolFqdn | null = null,
): Promise<void> {
  const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
  const layout = { fqdn: POOL, version, upgradeDomains, backupPool, backEnd: 'primary', seed: 7 } as const;
  const pool = new SimulatedPool(layout, BOOT, { effect: () => {}, state: () => {} });
  const { reader, operator, close } = await throughPowerShell([pool], onThisMachine(powershell));
  let now = BOOT;
  const after = async (time: number) => {
    now += time;
    pool.advanceTo(now);
    assert.deepEqual(await look(reader), expected(pool));
  };
  try {
    await run({ pool, operator, after });
  } finally {
    await close();
  }
}

test('through PowerShell a simulated pool looks as it is, while a server is stopped, patched, restarted and back', {
  skip,
}, async () => {
  await throughTheNight('2015', async ({ pool, operator, after }) => {
    await after(0);
    const { bootTime } = pool.server(FE1);
    assert.deepEqual(await operator.stopServices(POOL, FE1, 'graceful'), { kind: 'accepted' });
    await after(minutes(1));
    await after(hours(1));
    assert.equal(pool.rtcsrv(FE1), 'Stopped');
    assert.deepEqual(await operator.patch(POOL, FE1), { kind: 'accepted' });
    await after(0);
    await after(hours(2));
    assert.deepEqual(pool.patchRun(FE1), { kind: 'ended', exitCode: 0 });
    assert.deepEqual(await operator.restart(POOL, FE1, bootTime), { kind: 'accepted' });
    await after(0);
    assert.equal(pool.answers(FE1), false);
    assert.equal((await operator.restart(POOL, FE1, bootTime)).kind, 'unknown');
    await after(hours(1));
    assert.equal((await operator.restart(POOL, FE1, bootTime)).kind, 'refused');
    assert.equal(pool.rtcsrv(FE1), 'Running');
    assert.deepEqual(await operator.startServices(POOL, FE1), { kind: 'accepted' });
    await after(0);
  });
});

test('and while a server is failed over, restarted, failed back in vain, and failed back', { skip }, async () => {
  await throughTheNight('2019', async ({ pool, operator, after }) => {
    assert.deepEqual(await operator.failover(POOL, FE1, 'fail-over'), { kind: 'accepted' });
    await after(minutes(1));
    assert.equal((await operator.failover(POOL, FE1, 'fail-back')).kind, 'refused');
    assert.deepEqual(await operator.restart(POOL, FE1, pool.server(FE1).bootTime), { kind: 'accepted' });
    await after(hours(1));
    assert.deepEqual([pool.failoverRun(FE1).kind, pool.rtcsrv(FE1), pool.server(FE1).disabled], ['ended', 'Running', false]);
    assert.deepEqual(await operator.failover(POOL, FE1, 'fail-over'), { kind: 'accepted' });
    await after(hours(1));
    assert.deepEqual(await operator.restart(POOL, FE1, pool.server(FE1).bootTime), { kind: 'accepted' });
    await after(hours(1));
    assert.deepEqual([pool.rtcsrv(FE1), pool.server(FE1).disabled], ['Stopped', true]);
    assert.deepEqual((await operator.startServices(POOL, FE1)).kind, 'refused');
    pool.machine(FE1).nextFailBackFails = true;
    assert.deepEqual(await operator.failover(POOL, FE1, 'fail-back'), { kind: 'accepted' });
    await after(hours(1));
    assert.deepEqual([pool.rtcsrv(FE1), pool.server(FE1).disabled], ['Stopped', true]);
    assert.deepEqual(await operator.failover(POOL, FE1, 'fail-back'), { kind: 'accepted' });
    await after(hours(1));
    assert.deepEqual([pool.rtcsrv(FE1), pool.server(FE1).disabled], ['Running', false]);
  });
});

test('and while the whole pool is failed over, failed back, recovered, down, started in vain, and reset', { skip }, async () => {
  await throughTheNight(
    '2015',
    async ({ pool, operator, after }) => {
      const operate = (kind: PoolOperationKind, token: string) => operator.operate(POOL, FE1, kind, token);
      assert.deepEqual(await operate('failover', 'op-1'), ACCEPTED);
      await after(minutes(1));
      assert.equal((await operate('failback', 'op-2')).kind, 'refused');
      await after(hours(1));
      assert.equal(pool.conditions.failedOver, true);
      assert.deepEqual(await operate('failback', 'op-1'), { kind: 'refused', because: 'op-1 was started there before' });
      assert.deepEqual(await operate('failback', 'op-2'), ACCEPTED);
      await after(hours(1));
      pool.loseQuorum(2);
      await after(hours(1));
      assert.deepEqual(await operate('recover', 'op-3'), ACCEPTED);
      await after(minutes(1));
      assert.deepEqual(await operator.restart(POOL, FE1, pool.server(FE1).bootTime), ACCEPTED);
      await after(hours(1));
      assert.match(failedOf(pool), /^the process of Reset-CsPoolRegistrarState .* is gone without a word$/);
      pool.goDown();
      pool.publishTopology();
      assert.deepEqual(await operate('start', 'op-4'), ACCEPTED);
      await after(hours(1));
      assert.match(failedOf(pool), /^Start-CsPool gave up after an hour/);
      assert.deepEqual(await operate('reset', 'op-5'), ACCEPTED);
      await after(minutes(10));
      assert.deepEqual([pool.operationRun(FE1), pool.rtcsrv(FE1)], [{ kind: 'ended', token: 'op-5', failed: null }, 'Running']);
    },
    BACKUP_POOL,
  );
});

const ACCEPTED = { kind: 'accepted' } as const;
const failedOf = (pool: SimulatedPool): string => {
  const run = pool.operationRun(FE1);
  return (run.kind === 'ended' ? run.failed : null) ?? run.kind;
};
