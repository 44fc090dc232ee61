import assert from 'node:assert/strict';
import type { ProductVersion } from '../../src/domain/pool.ts';
import {
  hasCmdlet,
  OPERATION_CMDLETS,
  type OperationRun,
  POOL_OPERATIONS,
  type PoolOperationKind,
} from '../../src/domain/pool-operation.ts';
import type { On, Verb } from './pool-contract.ts';
import { FE1, FE2, FE3, POOL } from './scripted-pool.ts';

const TOKEN = 'op-7-1';
const RUNS: readonly OperationRun[] = [
  { kind: 'none' },
  { kind: 'running', token: TOKEN },
  { kind: 'ended', token: TOKEN, failed: null },
  { kind: 'ended', token: 'op-8-2', failed: 'Der Pool "pool01" ist nächster Hop\nund 3 von 4 fehlen' },
  { kind: 'ended', token: TOKEN, failed: 'the process of Invoke-CsPoolFailOver is gone without a word' },
  { kind: 'ended', token: TOKEN, failed: 'the process of Start-CsPool is gone without a word' },
  {
    kind: 'ended',
    token: TOKEN,
    failed: 'the process of Reset-CsPoolRegistrarState -ResetType QuorumLossRecovery is gone without a word',
  },
];
const verbOf = (kind: PoolOperationKind): Verb => [
  `${kind} on ${FE2} as ${TOKEN}`,
  (operator) => operator.operate(POOL, FE2, kind, TOKEN),
];

/** What everyone may rely on who operates on a whole pool. `tells` is what holds for anything that is told. */
export function operationContract(on: On, version: ProductVersion, tells: (verbs: readonly Verb[]) => void): void {
  const kinds = POOL_OPERATIONS.filter((kind) => hasCmdlet(kind, version));
  const verbs = kinds.map(verbOf);
  copiesContract(on);
  on('an operation has not been started, runs, or has ended well or with its words', async ({ pool, reader }) => {
    for (const run of RUNS) {
      pool.saysOperationRun = run;
      const answer = await reader.operationRun(POOL, FE1);
      assert.deepEqual([answer.kind === 'understood' && answer.value, answer.askedOf], [run, FE1]);
    }
  });
  on('a server that does not answer tells nothing of the operation it was given', async ({ pool, reader }) => {
    pool.saysOperationRun = { kind: 'running', token: TOKEN };
    pool.silentServers = [FE2];
    assert.equal((await reader.operationRun(POOL, FE2)).kind, 'silent');
  });
  for (const kind of POOL_OPERATIONS.filter((each) => !kinds.includes(each)))
    on(`${kind}: a product without the cmdlet refuses, and names it`, async ({ pool, operator }) => {
      const told = await operator.operate(POOL, FE2, kind, TOKEN);
      assert.deepEqual([told, pool.told], [{ kind: 'refused', because: `this server has no ${OPERATION_CMDLETS[kind]}` }, []]);
    });
  tells(verbs);
  on('while one runs on a server none is begun there, not even another', async ({ pool, operator }) => {
    pool.saysOperationRun = { kind: 'running', token: 'op-6-1' };
    for (const [, run] of verbs) {
      const told = await run(operator);
      assert.equal(told.kind === 'refused' && told.because, 'the operation command is still running there');
    }
    assert.deepEqual(pool.told, []);
  });
  on('a token is good for one start, however that ended', async ({ pool, operator }) => {
    for (const failed of [null, 'it was not done', 'the process of Start-CsPool is gone without a word']) {
      pool.saysOperationRun = { kind: 'ended', token: TOKEN, failed };
      for (const [, run] of verbs) {
        const told = await run(operator);
        assert.equal(told.kind === 'refused' && told.because, `${TOKEN} was started there before`);
      }
    }
    assert.deepEqual(pool.told, []);
  });
  on('after one that has ended, another one is begun under its own token', async ({ pool, operator }) => {
    for (const token of ['op-7', 'op-7-10', 'p-7-1'])
      for (const failed of [null, 'it was not done']) {
        pool.saysOperationRun = { kind: 'ended', token, failed };
        pool.told.length = 0;
        for (const [, run] of verbs) assert.deepEqual(await run(operator), { kind: 'accepted' });
        assert.deepEqual(
          pool.told,
          verbs.map(([what]) => what),
        );
      }
  });
}

function copiesContract(on: On): void {
  on('who keeps copies of the pool is read without a look at its servers', async ({ pool, reader }) => {
    pool.conditions.backupWeather = 'behind';
    pool.conditions.holdsCms = true;
    pool.conditions.replicaBehind.add(FE3);
    const copies = await reader.copies(POOL, [FE1]);
    assert.deepEqual(copies.holdsCms, { kind: 'read', value: true });
    const backup = copies.backup.kind === 'read' ? copies.backup.value : [];
    assert.deepEqual(
      backup.map(({ name, exporting }) => [name, exporting]),
      [
        ['UserServices.PresenceFocus', 'NonSteadyState'],
        ['ConfServices.DataConf', 'SteadyState'],
        ['CentralMgmt.CMSMaster', 'SteadyState'],
      ],
    );
    const behind = copies.replicas.kind === 'read' ? copies.replicas.value.filter(({ upToDate }) => !upToDate) : [];
    assert.deepEqual(
      behind.map(({ server }) => server),
      [FE3],
    );
  });
  on('a pool that was failed over says so, and one that was not does not', async ({ pool, reader }) => {
    for (const failedOver of [false, true]) {
      pool.conditions.failedOver = failedOver;
      const { backup } = await reader.copies(POOL, [FE1]);
      assert.ok(backup.kind === 'read');
      assert.equal(
        backup.value.some(({ exporting }) => exporting === 'FinalState'),
        failedOver,
      );
    }
  });
  on('copies of a pool that does not answer are not known', async ({ pool, reader }) => {
    pool.silentServers = [FE1, FE2, FE3];
    const { backup, holdsCms, replicas } = await reader.copies(POOL, [FE1, FE2]);
    assert.deepEqual([backup.kind, holdsCms.kind, replicas.kind], ['unread', 'unread', 'unread']);
  });
}
