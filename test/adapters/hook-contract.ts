import assert from 'node:assert/strict';
import type { Hook } from '../../src/domain/inventory.ts';
import type { HookRun } from '../../src/domain/sighting.ts';
import { seconds } from '../../src/domain/time.ts';
import type { On, Verb } from './pool-contract.ts';
import { FE1, FE2, POOL } from './scripted-pool.ts';

const HOOKS: readonly Hook[] = ['before', 'after'];
const NONE: HookRun = { kind: 'none' };
const RUNS: readonly HookRun[] = [
  NONE,
  { kind: 'running' },
  { kind: 'ended', exitCode: 0, age: 0 },
  { kind: 'ended', exitCode: 1, age: seconds(30) },
  { kind: 'ended', exitCode: -1, age: seconds(90) },
  // An upgrade ago.
  { kind: 'ended', exitCode: 0, age: seconds(86_400) * 90 },
  { kind: 'failed', because: 'could not be run: Datei „lb.exe“ fehlt,\nsays "Windows"', age: seconds(60) },
  { kind: 'failed', because: 'is gone and left no exit code', age: seconds(30) },
];
const VERBS: readonly Verb[] = HOOKS.map((hook) => [`hook ${hook} ${FE2}`, (operator) => operator.hook(POOL, FE2, hook)]);

/** What everyone may rely on who has a pool's own commands run. `tells` is what holds for anything that is told. */
export function hookContract(on: On, tells: (verbs: readonly Verb[]) => void): void {
  for (const hook of HOOKS) {
    on(`the hook ${hook} has not run, runs, or has ended well or badly, and how long ago it began`, async ({ pool, reader }) => {
      for (const run of RUNS) {
        pool.saysHookRuns = { before: NONE, after: NONE, [hook]: run };
        const answer = await reader.hookRun(POOL, FE1, hook);
        assert.deepEqual([answer.kind === 'understood' && answer.value, answer.askedOf], [run, FE1]);
      }
    });
  }
  on('the two hooks of a server are two, and neither is its patch command', async ({ pool, reader }) => {
    const [before, after] = [
      { kind: 'ended', exitCode: 1, age: 0 },
      { kind: 'ended', exitCode: 2, age: 0 },
    ] as const;
    pool.saysHookRuns = { before, after };
    pool.saysPatchRun = { kind: 'ended', exitCode: 3 };
    const said = [
      await reader.hookRun(POOL, FE1, 'before'),
      await reader.hookRun(POOL, FE1, 'after'),
      await reader.patchRun(POOL, FE1),
    ];
    assert.deepEqual(
      said.map((answer) => answer.kind === 'understood' && 'exitCode' in answer.value && answer.value.exitCode),
      [1, 2, 3],
    );
  });
  on('a server that does not answer tells nothing of its hooks', async ({ pool, reader }) => {
    pool.silentServers = [FE2];
    for (const hook of HOOKS) assert.equal((await reader.hookRun(POOL, FE2, hook)).kind, 'silent');
  });
  tells(VERBS);
  on('a hook that still runs is not begun again, and the other one may be', async ({ pool, operator }) => {
    pool.saysHookRuns = { before: { kind: 'running' }, after: NONE };
    const told = await operator.hook(POOL, FE2, 'before');
    assert.deepEqual(told, { kind: 'refused', because: 'the hook before is still running there' });
    assert.equal((await operator.hook(POOL, FE2, 'after')).kind, 'accepted');
    assert.deepEqual(pool.told, [`hook after ${FE2}`]);
  });
}
