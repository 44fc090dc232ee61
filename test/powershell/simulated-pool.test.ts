import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedPool } from '../../src/adapters/simulator/pool.ts';
import { throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import type { Answer, PoolReader } from '../../src/ports.ts';
import { BOOT, FE1, FE2, FE3, POOL } from '../adapters/scripted-pool.ts';
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
    patchLevel: answers ? pool.patchLevel(FE1) : 'silent',
  };
}

test('through PowerShell a simulated pool looks as it is, while a server is stopped, patched, restarted and back', {
  skip,
}, async () => {
  const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
  const layout = { fqdn: POOL, version: '2015', upgradeDomains, backupPool: null, backEnd: 'primary', seed: 7 } as const;
  const pool = new SimulatedPool(layout, BOOT, { effect: () => {}, state: () => {} });
  const { reader, operator, close } = await throughPowerShell([pool], powershell);
  try {
    let now = BOOT;
    const after = async (time: number) => {
      now += time;
      pool.advanceTo(now);
      assert.deepEqual(await look(reader), expected(pool));
    };
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
  } finally {
    await close();
  }
});
