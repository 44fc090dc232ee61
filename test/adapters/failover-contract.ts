import assert from 'node:assert/strict';
import type { ProductVersion } from '../../src/domain/pool.ts';
import type { FailoverRun } from '../../src/domain/sighting.ts';
import type { On, Verb } from './pool-contract.ts';
import { FE1, FE2, POOL } from './scripted-pool.ts';

const RUNS: readonly FailoverRun[] = [
  { kind: 'none' },
  { kind: 'running', direction: 'fail-over' },
  { kind: 'running', direction: 'fail-back' },
  { kind: 'ended', direction: 'fail-over', failed: null },
  { kind: 'ended', direction: 'fail-back', failed: null },
  { kind: 'ended', direction: 'fail-over', failed: 'Zeitüberschreitung: "an hour" is over,\nand 3 of 4 are left' },
  { kind: 'ended', direction: 'fail-over', failed: 'the process of Invoke-CsComputerFailOver is gone without a word' },
  { kind: 'ended', direction: 'fail-back', failed: 'the process of Invoke-CsComputerFailBack is gone without a word' },
];
/** As bounded as everybody may rely on: the hour that is the cmdlets' default, the half hour of the documented example. */
const VERBS: readonly Verb[] = [
  [`fail-over ${FE2} within 60 min, drained within 30 min`, (operator) => operator.failover(POOL, FE2, 'fail-over')],
  [`fail-back ${FE2} within 60 min`, (operator) => operator.failover(POOL, FE2, 'fail-back')],
];

/** What everyone may rely on who takes a server out of its pool and back. `tells` is what holds for anything that is told. */
export function failoverContract(on: On, version: ProductVersion, tells: (verbs: readonly Verb[]) => void): void {
  on('a FailOver or FailBack has not been started, runs, or has ended well or with its words', async ({ pool, reader }) => {
    for (const run of RUNS) {
      pool.saysFailoverRun = run;
      const answer = await reader.failoverRun(POOL, FE1);
      assert.deepEqual([answer.kind === 'understood' && answer.value, answer.askedOf], [run, FE1]);
    }
  });
  on('a server that does not answer tells nothing of its FailOver', async ({ pool, reader }) => {
    pool.saysFailoverRun = { kind: 'running', direction: 'fail-over' };
    pool.silentServers = [FE2];
    assert.equal((await reader.failoverRun(POOL, FE2)).kind, 'silent');
  });
  if (version === '2013') {
    on('a product without the cmdlets refuses, and names them', async ({ pool, operator }) => {
      for (const [direction, cmdlet] of [
        ['fail-over', 'Invoke-CsComputerFailOver'],
        ['fail-back', 'Invoke-CsComputerFailBack'],
      ] as const) {
        const told = await operator.failover(POOL, FE2, direction);
        assert.deepEqual([told, pool.told], [{ kind: 'refused', because: `this server has no ${cmdlet}` }, []]);
      }
    });
    return;
  }
  tells(VERBS);
  on('while one runs on a server no second one is begun there, in neither direction', async ({ pool, operator }) => {
    for (const running of ['fail-over', 'fail-back'] as const) {
      pool.saysFailoverRun = { kind: 'running', direction: running };
      for (const [, run] of VERBS) assert.equal((await run(operator)).kind, 'refused');
    }
    assert.deepEqual(pool.told, []);
  });
  on('after one that has ended, well or not, another one is begun', async ({ pool, operator }) => {
    for (const failed of [null, 'it was not done in time']) {
      pool.saysFailoverRun = { kind: 'ended', direction: 'fail-over', failed };
      pool.told.length = 0;
      for (const [, run] of VERBS) assert.deepEqual(await run(operator), { kind: 'accepted' });
      assert.deepEqual(
        pool.told,
        VERBS.map(([what]) => what),
      );
    }
  });
}
