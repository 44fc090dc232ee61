import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PoolModel } from '../../src/adapters/simulator/model.ts';
import type { ProductVersion, ServerFqdn } from '../../src/domain/pool.ts';
import type { ServerAnswer } from '../../src/domain/sighting.ts';
import type { PoolOperator, PoolReader } from '../../src/ports.ts';
import { conditionContract } from './condition-contract.ts';
import { failoverContract } from './failover-contract.ts';
import { hookContract } from './hook-contract.ts';
import { operationContract } from './operation-contract.ts';
import { BACKUP_POOL, BOOT, FE1, FE2, FE3, POOL, ScriptedPool } from './scripted-pool.ts';

/** A way to speak to simulated pools: directly, or through PowerShell. */
export interface Way {
  readonly reader: PoolReader;
  readonly operator: PoolOperator;
  close(): Promise<void>;
}
/** What a test of the contract works with: the pool says what it is made to say, and the way leads to it. */
export interface Bench {
  readonly pool: ScriptedPool;
  readonly reader: PoolReader;
  readonly operator: PoolOperator;
}

/** What everyone may rely on who asks a pool or tells it something, whichever way it is spoken to. */
export function poolContract(
  name: string,
  version: ProductVersion,
  make: (pools: readonly PoolModel[]) => Promise<Way>,
  skip: string | false = false,
): void {
  describe(`${name}, ${version}`, { skip }, () => {
    const pool = new ScriptedPool(version);
    let way: Way | null = null;
    before(async () => {
      way = await make([pool]);
    });
    after(() => way?.close());
    const on = (sentence: string, run: (bench: Bench) => Promise<void>) =>
      test(sentence, async () => {
        if (way === null) throw new Error('there is no way to the pool');
        // Every test begins with a pool that nobody has scripted yet.
        Object.assign(pool, scriptOf(new ScriptedPool(version)));
        pool.told.length = 0;
        await run({ pool, reader: way.reader, operator: way.operator });
      });
    topologyContract(on);
    readinessContract(on);
    fabricContract(on);
    serverContract(on, version);
    conditionContract(on, version);
    operatorContract(on, VERBS);
    restartContract(on);
    hookContract(on, (verbs) => operatorContract(on, verbs));
    failoverContract(on, version, (verbs) => operatorContract(on, verbs));
    operationContract(on, version, (verbs) => operatorContract(on, verbs));
  });
}

/** Puts a sentence to the test, on a pool that nobody has scripted yet. */
export type On = (sentence: string, run: (bench: Bench) => Promise<void>) => void;

const scriptOf = ({ told: _, ...script }: ScriptedPool) =>
  Object.fromEntries(Object.entries(script).filter(([, value]) => typeof value !== 'function'));

function topologyContract(on: On): void {
  on('servers come in topology order, from the first one asked', async ({ reader }) => {
    const answer = await reader.computers(POOL, [FE3, FE1]);
    assert.deepEqual(answer.kind === 'understood' && answer.value, [FE2, FE1, FE3]);
    assert.equal(answer.askedOf, FE3);
  });
  on('a server that cannot be reached is passed over', async ({ pool, reader }) => {
    pool.silentServers = [FE1, FE3];
    const answer = await reader.computers(POOL, [FE1, FE3, FE2]);
    assert.deepEqual([answer.kind, answer.askedOf], ['understood', FE2]);
  });
  on('when none can be reached there is silence, which says why', async ({ pool, reader }) => {
    pool.silentServers = [FE1, FE2, FE3];
    for (const ask of [[FE1, FE2], []] as const) {
      const answer = await reader.computers(POOL, ask);
      assert.equal(answer.kind, 'silent');
      // Whose connection was lost in the middle of the call was asked; nobody else was.
      assert.ok(answer.askedOf === null || pool.silentServers.includes(answer.askedOf));
      assert.ok(answer.because.length > 0);
    }
  });
  on('where servers are named nobody else is asked, even when none of them answers', async ({ pool, reader }) => {
    pool.silentServers = [FE1, FE2];
    const { kind } = await reader.computers(POOL, [FE1, FE2]);
    assert.equal(kind, 'silent');
  });
  on('with nobody named, whichever server answers is asked', async ({ pool, reader }) => {
    pool.silentServers = [FE2];
    const answer = await reader.computers(POOL, []);
    assert.equal(answer.kind, 'understood');
    assert.notEqual(answer.askedOf, FE2);
  });
  on('the backup pool is named, and none is null', async ({ pool, reader }) => {
    const paired = await reader.backupPool(POOL, [FE1]);
    assert.equal(paired.kind === 'understood' && paired.value, BACKUP_POOL);
    pool.backupPool = null;
    const unpaired = await reader.backupPool(POOL, [FE1]);
    assert.deepEqual([unpaired.kind, unpaired.kind === 'understood' && unpaired.value], ['understood', null]);
  });
  on('the database in charge is the primary or the mirror; a back end that is down is never either', async ({ pool, reader }) => {
    for (const backEnd of ['primary', 'mirror', 'down'] as const) {
      pool.saysBackEnd = backEnd;
      const answer = await reader.backEnd(POOL, [FE1]);
      assert.equal(answer.kind === 'understood' ? answer.value : 'down', backEnd);
    }
  });
}

function readinessContract(on: On): void {
  for (const state of ['Ready', 'Busy', 'InsufficientActiveFrontEnds'] as const) {
    on(`${state} is read with the domains and their flags`, async ({ pool, reader }) => {
      pool.saysReadiness = {
        state,
        upgradeDomains: [
          { name: '1', servers: [FE2, FE1], readyForUpgrade: true },
          { name: '2', servers: [FE3], readyForUpgrade: false },
        ],
      };
      const answer = await reader.readiness(POOL, [FE1]);
      assert.deepEqual(answer.kind === 'understood' && answer.value, pool.saysReadiness);
      assert.equal(answer.askedOf, FE1);
    });
  }
  on('one domain of one server is a list of one', async ({ pool, reader }) => {
    pool.saysReadiness = { state: 'Ready', upgradeDomains: [{ name: 'only', servers: [FE1, FE2, FE3], readyForUpgrade: true }] };
    const answer = await reader.readiness(POOL, [FE1]);
    assert.deepEqual(answer.kind === 'understood' && answer.value, pool.saysReadiness);
  });
  on(
    'a cmdlet that prints nothing is silent, one that prints text is garbage, and nobody else is asked',
    async ({ pool, reader }) => {
      for (const says of ['silent', 'garbage'] as const) {
        pool.saysReadiness = says;
        const answer = await reader.readiness(POOL, [FE1, FE2]);
        assert.deepEqual([answer.kind, answer.askedOf], [says, FE1]);
      }
    },
  );
}

function fabricContract(on: On): void {
  for (const detail of ['plain', 'verbose'] as const) {
    on(`the fabric state is read with everything that is missing from it (${detail})`, async ({ pool, reader }) => {
      pool.saysFabric = {
        groups: [
          { id: 'rg-1', primary: FE1, secondaries: [FE2, FE3] },
          { id: 'rg-2', primary: FE2, secondaries: [FE1] },
          { id: 'rg-3', primary: null, secondaries: [FE1] },
          { id: 'rg-4', primary: null, secondaries: [] },
        ],
        serversNotUp: [FE3],
      };
      const answer = await reader.fabric(POOL, [FE1], detail);
      assert.deepEqual(answer.kind === 'understood' && answer.value, pool.saysFabric);
    });
  }
  on('RTCSRV is read of every server that was asked for, and is null where none answers', async ({ pool, reader }) => {
    for (const status of ['Running', 'StartPending', 'StopPending', 'Stopped'] as const) {
      pool.saysServer = { ...pool.saysServer, rtcsrv: status };
      pool.silentServers = [FE3];
      const answer = await reader.services(POOL, [FE1], [FE3, FE2]);
      const expected = [
        { server: FE3, rtcsrv: null },
        { server: FE2, rtcsrv: status },
      ];
      assert.deepEqual(answer.kind === 'understood' && answer.value, expected);
    }
  });
}

const SERVERS: readonly ServerAnswer[] = [
  { bootTime: BOOT, services: 'Running', rtcsrv: 'Running', disabled: false, calls: 12, conferences: 2 },
  { bootTime: BOOT, services: 'StopPending', rtcsrv: 'StopPending', disabled: false, calls: 1, conferences: 0 },
  { bootTime: BOOT, services: 'Stopped', rtcsrv: 'Stopped', disabled: false, calls: 0, conferences: 0 },
  { bootTime: BOOT + 3_600_000, services: 'StartPending', rtcsrv: 'StartPending', disabled: false, calls: 0, conferences: 0 },
  { bootTime: BOOT, services: 'Stopped', rtcsrv: 'Stopped', disabled: true, calls: 0, conferences: 0 },
  { bootTime: BOOT, services: 'Running', rtcsrv: 'Running', disabled: true, calls: 1, conferences: 0 },
];

function serverContract(on: On, version: ProductVersion): void {
  for (const says of SERVERS) {
    const start = says.disabled ? ' and disabled' : '';
    on(`a server whose services are ${says.services}${start} says so, and since when it runs`, async ({ pool, reader }) => {
      pool.saysServer = says;
      const answer = await reader.server(POOL, FE2);
      assert.deepEqual(answer.kind === 'understood' && answer.value, says);
      assert.equal(answer.askedOf, FE2);
    });
  }
  on('a server that does not answer is silent, whatever it is asked', async ({ pool, reader }) => {
    pool.silentServers = [FE2];
    assert.equal((await reader.server(POOL, FE2)).kind, 'silent');
    assert.equal((await reader.viewers(POOL, FE2)).kind, 'silent');
    assert.equal((await reader.patchLevel(POOL, FE2)).kind, 'silent');
    assert.equal((await reader.patchRun(POOL, FE2)).kind, 'silent');
  });
  on('the SIP port of a server is open or it is not', async ({ pool, reader }) => {
    pool.openPorts = [FE2];
    const read = async (server: ServerFqdn) => {
      const answer = await reader.sipPort(POOL, [FE1], server);
      return answer.kind === 'understood' && answer.value;
    };
    assert.deepEqual([await read(FE2), await read(FE3)], [true, false]);
    pool.silentServers = [FE2];
    assert.equal(await read(FE2), false);
  });
  on('open windows are named', async ({ pool, reader }) => {
    for (const open of [[], ['mmc'], ['mmc', 'perfmon']]) {
      pool.openViewers = open;
      const answer = await reader.viewers(POOL, FE1);
      assert.deepEqual(answer.kind === 'understood' && answer.value, open);
    }
  });
  on(`the patch level is ${version === '2013' ? 'what this product cannot tell' : 'a version'}`, async ({ pool, reader }) => {
    const answer = await reader.patchLevel(POOL, FE1);
    assert.deepEqual([answer.kind, answer.kind === 'understood' && answer.value], ['understood', pool.patchLevel(FE1)]);
  });
  on('the patch command has not run, runs, or has ended with its exit code', async ({ pool, reader }) => {
    for (const run of [
      { kind: 'none' },
      { kind: 'running' },
      { kind: 'ended', exitCode: 0 },
      { kind: 'ended', exitCode: 3010 },
      { kind: 'ended', exitCode: -1 },
    ] as const) {
      pool.saysPatchRun = run;
      const answer = await reader.patchRun(POOL, FE1);
      assert.deepEqual(answer.kind === 'understood' && answer.value, run);
    }
  });
}

/** Something a server is told, as the scripted pool writes it down, and how it is told. */
export type Verb = readonly [what: string, run: (operator: PoolOperator) => ReturnType<PoolOperator['patch']>];
const VERBS: readonly Verb[] = [
  [`stop ${FE2} graceful`, (operator) => operator.stopServices(POOL, FE2, 'graceful')],
  [`stop ${FE2} immediate`, (operator) => operator.stopServices(POOL, FE2, 'immediate')],
  [`start ${FE2}`, (operator) => operator.startServices(POOL, FE2)],
  [`restart ${FE2}`, (operator) => operator.restart(POOL, FE2, BOOT)],
  [`patch ${FE2}`, (operator) => operator.patch(POOL, FE2)],
];

function operatorContract(on: On, verbs: readonly Verb[]): void {
  for (const [what, run] of verbs) {
    on(`${what} is told once, to that server alone`, async ({ pool, operator }) => {
      assert.deepEqual([await run(operator), pool.told], [{ kind: 'accepted' }, [what]]);
    });
    on(`${what}: what the server refuses is refused with its words`, async ({ pool, operator }) => {
      pool.answersTo = { kind: 'refused', because: 'dana is logged on' };
      const told = await run(operator);
      assert.equal(told.kind, 'refused');
      assert.match(told.kind === 'refused' ? told.because : '', /dana is logged on/);
    });
    on(`${what}: when nobody knows what became of it, it is unknown, and was told once`, async ({ pool, operator }) => {
      pool.answersTo = { kind: 'unknown', because: 'the connection is gone' };
      assert.deepEqual([(await run(operator)).kind, pool.told], ['unknown', [what]]);
    });
    on(`${what}: a server that does not answer is told nothing`, async ({ pool, operator }) => {
      pool.silentServers = [FE2];
      assert.deepEqual([(await run(operator)).kind, pool.told], ['unknown', []]);
    });
  }
}

function restartContract(on: On): void {
  on('a restart of the boot that was seen is accepted within a minute of it, and refused beyond', async ({ pool, operator }) => {
    for (const [seen, kind] of [
      [BOOT - 60_000, 'accepted'],
      [BOOT + 60_000, 'accepted'],
      [BOOT - 60_001, 'refused'],
      [BOOT + 60_001, 'refused'],
    ] as const) {
      pool.told.length = 0;
      assert.equal((await operator.restart(POOL, FE2, seen)).kind, kind);
      assert.equal(pool.told.length, kind === 'accepted' ? 1 : 0);
    }
  });
}
