import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Reach } from '../../src/adapters/powershell/calls.ts';
import { SCRIPTS } from '../../src/adapters/powershell/script-folder.ts';
import type { PoolModel } from '../../src/adapters/simulator/model.ts';
import {
  type SimulatedReach,
  type StandingOn,
  type ThroughPowerShell,
  throughPowerShell,
} from '../../src/adapters/simulator/through-powershell.ts';
import { poolContract } from '../adapters/pool-contract.ts';
import { FE1, POOL, ScriptedPool } from '../adapters/scripted-pool.ts';
import { overSsh } from './sshd.ts';

const JEA = fileURLToPath(new URL('../../manifests/jea', import.meta.url));

/**
 * The module as it is installed on a Front End Server, and the role as an endpoint of its own: WinRM, which would choose
 * the role by the group of whoever connects, is not to be had here, and PowerShell 7 takes the same file behind an sshd.
 */
function endpointOf(role: 'LifeguardReader' | 'LifeguardOperator', version: string): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-jea-'));
  cpSync(join(JEA, 'Lifeguard'), join(folder, 'Lifeguard'), { recursive: true });
  cpSync(SCRIPTS, join(folder, 'Lifeguard', 'scripts'), { recursive: true });
  const standIn = fileURLToPath(new URL(`../../src/adapters/simulator/modules/${version}/SkypeForBusiness`, import.meta.url));
  const session = `@{\n    SchemaVersion = '2.0.0.0'\n    SessionType = 'RestrictedRemoteServer'`;
  const capability = readFileSync(join(JEA, 'Lifeguard', 'RoleCapabilities', `${role}.psrc`), 'utf8');
  const text = capability
    .replace(/^@\{/m, session)
    .replace(/ModulesToImport = .*/, `ModulesToImport = '${join(folder, 'Lifeguard')}', '${standIn}'`);
  const file = join(folder, 'endpoint.pssc');
  writeFileSync(file, text);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Asks the endpoint as one over WinRM is asked: by two words and no code. */
const asEndpoint = (reach: Reach): Reach => ({
  ...reach,
  server: (pool, server) => {
    const reached = reach.server(pool, server);
    if (reached.kind !== 'reached') return reached;
    const connection = { ...JSON.parse(reached.environment['LIFEGUARD_CONNECTION'] ?? '{}'), configuration: 'Lifeguard' };
    return { ...reached, environment: { ...reached.environment, LIFEGUARD_CONNECTION: JSON.stringify(connection) } };
  },
});

async function throughEndpoint(pools: readonly PoolModel[], role: Parameters<typeof endpointOf>[0]): Promise<ThroughPowerShell> {
  const { file, remove } = endpointOf(role, '2015');
  const open = async (all: readonly PoolModel[], standingOn: StandingOn): Promise<SimulatedReach> => {
    const { reach, close } = await overSsh(all, standingOn, { configurationFile: file });
    return { reach: asEndpoint(reach), close };
  };
  const way = await throughPowerShell(pools, open);
  return { ...way, close: () => way.close().finally(remove) };
}

poolContract('a pool through the endpoint of an operator', '2015', (pools) => throughEndpoint(pools, 'LifeguardOperator'));

test('through the endpoint of a reader nothing can be stopped', async () => {
  const pool = new ScriptedPool('2015');
  const way = await throughEndpoint([pool], 'LifeguardReader');
  try {
    assert.equal((await way.reader.server(POOL, FE1)).kind, 'understood');
    const told = await way.operator.stopServices(POOL, FE1, 'immediate');
    assert.deepEqual([told.kind, pool.told], ['unknown', []]);
    assert.match(told.kind === 'unknown' ? told.because : '', /does not belong to the set/);
  } finally {
    await way.close();
  }
});
