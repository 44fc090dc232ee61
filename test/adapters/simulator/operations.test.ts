import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hours, minutes, seconds } from '../../../src/domain/time.ts';
import { BOOT, POOL } from '../scripted-pool.ts';
import { OperationNight } from './operation-night.ts';

const ACCEPTED = { kind: 'accepted' } as const;

test('a failover takes 5 to 15 minutes, and then the backup service says so; a failback undoes it', async () => {
  const took = new Set<number>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const night = new OperationNight({ seed });
    const saysFinal = () => night.pool.conditions.backup().some(({ exporting }) => exporting === 'FinalState');
    for (const [kind, over] of [['failover', true] as const, ['failback', false] as const]) {
      assert.deepEqual(await night.operate(kind), ACCEPTED);
      let minute = 0;
      for (; (await night.run()) === 'running'; minute += 1) {
        assert.equal(saysFinal(), !over);
        night.wait(minutes(1));
      }
      assert.ok(minute >= 5 && minute <= 15, `${minute} minutes`);
      took.add(minute);
      assert.deepEqual([await night.run(), saysFinal(), night.pool.conditions.failedOver], ['done', over, over]);
    }
    assert.deepEqual(night.services(), { Running: 6 });
  }
  assert.ok(took.size > 5);
});

const OBSTACLES: readonly (readonly [why: string, befall: (night: OperationNight) => void, words: RegExp])[] = [
  ['unpaired', (night) => (night.pool.backupPool = null), /has no backup pool/],
  ['holds the CMS', (night) => (night.pool.conditions.holdsCms = true), /Central Management Store/],
  ['next hop', (night) => (night.pool.operations.edgeNextHop = true), /next hop of an Edge pool/],
  ['backup behind', (night) => (night.pool.conditions.backupWeather = 'behind'), /not in a steady state/],
  ['backup failed', (night) => (night.pool.conditions.backupWeather = 'failed'), /not in a steady state/],
  ['over already', (night) => (night.pool.conditions.failedOver = true), /failed over already/],
];
for (const [why, befall, words] of OBSTACLES)
  test(`a failover fails soon and in words where it cannot be: ${why}`, async () => {
    const night = new OperationNight();
    befall(night);
    const before = night.pool.conditions.failedOver;
    assert.deepEqual(await night.operate('failover'), ACCEPTED);
    night.wait(minutes(1));
    assert.match((await night.run()) ?? '', words);
    assert.equal(night.pool.conditions.failedOver, before);
  });

test('a pool that is not failed over is not failed back', async () => {
  const night = new OperationNight();
  await night.operate('failback');
  night.wait(minutes(1));
  assert.match((await night.run()) ?? '', /is not failed over/);
});

test('a cold pool starts when the start table is met, places its groups first and says so, and has every primary', async () => {
  const night = new OperationNight();
  night.pool.goDown();
  night.wait(hours(1));
  assert.deepEqual([night.services(), night.withoutPrimary()], [{ Stopped: 6 }, 6]);
  await night.operate('start');
  night.wait(minutes(3));
  assert.deepEqual([night.services(), night.events(night.first), await night.run()], [{ StartPending: 6 }, [32174], 'running']);
  night.wait(minutes(6));
  assert.deepEqual([night.services(), night.events(night.first), await night.run()], [{ Running: 6 }, [], 'done']);
  assert.equal(night.withoutPrimary(), 0);
  night.wait(hours(1));
  assert.ok(night.pool.fabric().groups.every(({ secondaries }) => secondaries.length === 2));
});

test('with one fewer than the start table they stay in starting, say why for hours, and the cmdlet gives up', async () => {
  // 6 servers: five must run to start, and any three keep it functional.
  for (const [lost, starts] of [
    [1, true],
    [2, false],
  ] as const) {
    const night = new OperationNight();
    night.pool.goDown();
    for (const server of night.servers.slice(-lost)) night.pool.change(server, (machine) => machine.goDown());
    await night.operate('start');
    night.wait(hours(1) - seconds(1));
    assert.equal(await night.run(), starts ? 'done' : 'running');
    assert.deepEqual(night.services(), { [starts ? 'Running' : 'StartPending']: 6 - lost, silent: lost });
    if (starts) continue;
    night.wait(seconds(1));
    assert.match((await night.run()) ?? '', /gave up after an hour: fe01.*fe04\S+ not running/);
    night.wait(hours(5));
    assert.deepEqual(night.events(night.first), [32169]);
    const back = night.servers.at(-1);
    if (back !== undefined) night.pool.change(back, (machine, now) => machine.comeUp(now));
    night.wait(minutes(6));
    assert.deepEqual(night.services(), { Running: 5, silent: 1 });
  }
});

test('after a topology was published with the whole pool down only a reset brings it up', async () => {
  const night = new OperationNight({ servers: 4 });
  night.pool.goDown();
  night.pool.publishTopology();
  for (const kind of ['start', 'recover'] as const) {
    await night.operate(kind);
    night.wait(hours(2));
    assert.notEqual(await night.run(), 'done', kind);
    assert.equal(night.services()['Running'], undefined);
  }
  await night.operate('reset');
  night.wait(minutes(9));
  assert.deepEqual([night.services(), await night.run()], [{ Running: 4 }, 'done']);
});

test('a topology that is published while servers run keeps none of them from starting', async () => {
  const night = new OperationNight();
  night.pool.publishTopology();
  night.pool.goDown();
  await night.operate('start');
  night.wait(minutes(9));
  assert.deepEqual(night.services(), { Running: 6 });
});

test('groups that lost their quorum stay as they are while the pool says Ready, and are whole after a recovery', async () => {
  const night = new OperationNight();
  night.pool.loseQuorum(4);
  const untouched = night.servers.find(
    (each) =>
      !night.pool
        .fabric()
        .groups.slice(0, 4)
        .some((group) => group.secondaries.includes(each)),
  );
  if (untouched === undefined) return assert.fail();
  for (const again of [false, true]) {
    // Losing another server and having it back heals nothing either.
    if (again) night.pool.change(untouched, (machine, now) => machine.restart(now));
    night.wait(hours(6));
    const lost = night.pool.fabric().groups.filter(({ primary }) => primary === null);
    assert.deepEqual(
      lost.map(({ secondaries }) => secondaries.length),
      [1, 1, 1, 1],
    );
    const readiness = night.pool.readiness();
    assert.equal(typeof readiness === 'object' && readiness.state, 'Ready');
  }
  await night.operate('recover');
  night.wait(seconds(1));
  assert.deepEqual(night.services(), { StartPending: 6 });
  night.wait(minutes(9));
  assert.deepEqual([night.services(), night.withoutPrimary(), await night.run()], [{ Running: 6 }, 0, 'done']);
  night.wait(hours(1));
  assert.ok(night.pool.fabric().groups.every(({ secondaries }) => secondaries.length === 2));
});

test('groups that lost their quorum are not loaded by a start or a reset either', async () => {
  const night = new OperationNight();
  night.pool.loseQuorum(2);
  night.pool.goDown();
  for (const [kind, lost] of [
    ['start', 2],
    ['reset', 2],
    ['recover', 0],
  ] as const) {
    await night.operate(kind);
    night.wait(minutes(9));
    assert.deepEqual([night.services(), night.withoutPrimary()], [{ Running: 6 }, lost], kind);
  }
});

test('a recovery with fewer running than the start table takes the whole pool down', async () => {
  const night = new OperationNight();
  night.pool.loseQuorum(1);
  for (const server of night.servers.slice(-2)) night.pool.change(server, (machine) => machine.goDown());
  assert.deepEqual(night.services(), { Running: 4, silent: 2 });
  await night.operate('recover');
  night.wait(minutes(1));
  assert.deepEqual(night.services(), { Stopped: 4, silent: 2 });
  assert.match((await night.run()) ?? '', /fewer servers than the pool needs to start/);
});

test('a reset restarts the services of every server that answers and may start', async () => {
  const night = new OperationNight();
  const [, disabled, stuck] = night.servers;
  if (disabled === undefined || stuck === undefined) return assert.fail();
  night.pool.machine(disabled).disabled = true;
  night.pool.goDown();
  night.pool.machine(stuck).nextStartHangs = true;
  await night.operate('start');
  night.wait(hours(1));
  assert.deepEqual(night.services(), { StartPending: 5, Stopped: 1 });
  await night.operate('reset');
  night.wait(minutes(9));
  assert.deepEqual([night.services(), await night.run()], [{ Running: 5, Stopped: 1 }, 'done']);
});

test('a restart of the server it runs on, or its loss, interrupts an operation, and nobody says how far it came', async () => {
  for (const happens of ['restart', 'lost'] as const) {
    const night = new OperationNight();
    await night.operate('failover');
    night.wait(minutes(1));
    night.pool.change(night.first, (machine, now) => (happens === 'restart' ? machine.restart(now) : machine.goDown()));
    assert.equal(await night.run(), 'silent');
    night.wait(hours(1));
    if (happens === 'lost') night.pool.change(night.first, (machine, now) => machine.comeUp(now));
    assert.equal(await night.run(), 'the process of Invoke-CsPoolFailOver is gone without a word');
    assert.equal(night.pool.conditions.failedOver, false);
    assert.deepEqual(await night.operate('failover'), ACCEPTED);
  }
});

test('the next one can be made to fail or to hang, and the one after that is as it would be', async () => {
  const night = new OperationNight();
  night.pool.operations.next = 'fails';
  await night.operate('failover');
  night.wait(hours(1));
  assert.match((await night.run()) ?? '', /^Invoke-CsPoolFailOver failed/);
  night.pool.operations.next = 'hangs';
  await night.operate('failover');
  night.wait(hours(24));
  assert.deepEqual([await night.run(), (await night.operate('failover')).kind], ['running', 'refused']);
  night.pool.change(night.first, (machine, now) => machine.restart(now));
  night.wait(hours(1));
  await night.operate('failover');
  night.wait(hours(1));
  assert.deepEqual([await night.run(), night.pool.conditions.failedOver], ['done', true]);
});

test('a pool of two comes back together or in reverse order, and otherwise after a recovery', async () => {
  for (const [missing, comesBack] of [
    ['none', true],
    ['the first to go down', true],
    ['the last to go down', false],
  ] as const) {
    const night = new OperationNight({ servers: 2 });
    const [first, other] = night.servers;
    if (first === undefined || other === undefined) return assert.fail();
    // Operations are started on the first server, so that is the one that is there.
    const down = missing === 'the last to go down' ? [first, other] : [other, first];
    for (const server of down) night.pool.change(server, (machine) => machine.stop('immediate', BOOT));
    if (missing !== 'none') night.pool.change(other, (machine) => machine.goDown());
    await night.operate('start');
    night.wait(hours(1));
    assert.equal((await night.run()) === 'done', comesBack, missing);
    if (comesBack) continue;
    assert.deepEqual(night.events(first), [32169]);
    await night.operate('recover');
    night.wait(minutes(9));
    assert.deepEqual([night.services(), await night.run()], [{ Running: 1, silent: 1 }, 'done']);
  }
});

test('one server of two that went down together is not enough, and of two that went down in turn the last one is', () => {
  for (const together of [true, false])
    for (const back of [0, 1]) {
      const night = new OperationNight({ servers: 2 });
      const [there, gone] = back === 0 ? night.servers : night.servers.toReversed();
      if (there === undefined || gone === undefined) return assert.fail();
      if (!together) night.pool.change(gone, (machine) => machine.goDown());
      night.pool.goDown();
      night.pool.change(gone, (machine) => machine.goDown());
      night.pool.startServices(there);
      night.wait(minutes(9));
      assert.equal(night.services()['Running'], together ? undefined : 1);
    }
});

test('what is told to a server is its cmdlet with the arguments that it has', async () => {
  const night = new OperationNight();
  for (const kind of ['failover', 'failback', 'start', 'recover', 'reset'] as const) {
    await night.operate(kind);
    night.wait(hours(1));
  }
  assert.deepEqual(
    night.effects,
    [
      `Invoke-CsPoolFailOver -PoolFqdn ${POOL}`,
      `Invoke-CsPoolFailBack -PoolFqdn ${POOL}`,
      `Start-CsPool -PoolFqdn ${POOL}`,
      `Reset-CsPoolRegistrarState -PoolFqdn ${POOL} -ResetType QuorumLossRecovery`,
      `Reset-CsPoolRegistrarState -PoolFqdn ${POOL} -ResetType ServiceReset`,
    ].map((call) => `${night.first} ${call} -Confirm:$false`),
  );
});
