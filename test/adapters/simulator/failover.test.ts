import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../../src/adapters/simulator/direct.ts';
import { startLoopback } from '../../../src/adapters/simulator/loopback.ts';
import { SimulatedPool } from '../../../src/adapters/simulator/pool.ts';
import type { ProductVersion, ServerFqdn } from '../../../src/domain/pool.ts';
import type { FailoverDirection } from '../../../src/domain/sighting.ts';
import { hours, minutes, seconds } from '../../../src/domain/time.ts';
import { BOOT, FE1, FE2, FE3, POOL } from '../scripted-pool.ts';

const ACCEPTED = { kind: 'accepted' } as const;
const ended = (direction: FailoverDirection, failed: string | null = null) => ({ kind: 'ended', direction, failed });

/** Three servers, a clock that is moved by hand, and what was told to whom. */
class Night {
  readonly effects: string[] = [];
  readonly pool: SimulatedPool;
  readonly #operator: SimulatedOperator;
  readonly #reader: SimulatedReader;
  #now = BOOT;
  #told = Promise.withResolvers<void>();

  constructor(version: ProductVersion = '2019') {
    const upgradeDomains = [FE1, FE2, FE3].map((server, index) => ({ name: String(index + 1), servers: [server] }));
    const layout = { fqdn: POOL, version, upgradeDomains, backupPool: null, backEnd: 'primary', seed: 3 } as const;
    this.pool = new SimulatedPool(layout, BOOT, {
      effect: (_, server, cmdlet, args) => {
        this.effects.push([cmdlet, server, ...args].join(' '));
        this.#told.resolve();
      },
      state: () => {},
    });
    this.#operator = new SimulatedOperator([this.pool]);
    this.#reader = new SimulatedReader([this.pool]);
  }
  wait(time: number): void {
    this.#now += time;
    this.pool.advanceTo(this.#now);
  }
  /** Until something is told to a server. */
  async nextEffect(): Promise<void> {
    this.#told = Promise.withResolvers();
    await this.#told.promise;
  }
  failOver(server: ServerFqdn = FE1) {
    return this.#operator.failover(POOL, server, 'fail-over');
  }
  failBack(server: ServerFqdn = FE1) {
    return this.#operator.failover(POOL, server, 'fail-back');
  }
  start(server: ServerFqdn = FE1) {
    return this.#operator.startServices(POOL, server);
  }
  restart(server: ServerFqdn = FE1) {
    return this.#operator.restart(POOL, server, this.pool.server(server).bootTime);
  }
  /** What the server says of the last FailOver or FailBack. */
  async run(server: ServerFqdn = FE1) {
    const answer = await this.#reader.failoverRun(POOL, server);
    return answer.kind === 'understood' ? answer.value : answer.kind;
  }
  /** `Stopped disabled` and the like. */
  services(server: ServerFqdn = FE1): string {
    const { services, disabled } = this.pool.server(server);
    return `${services}${disabled ? ' disabled' : ''}`;
  }
  /** A server that was failed over and whose FailOver has ended. */
  async out(): Promise<this> {
    await this.failOver();
    this.wait(hours(1));
    return this;
  }
}

test('a FailOver is accepted at once, drains, and then stops and disables the services', async () => {
  const night = new Night();
  assert.deepEqual(await night.run(), { kind: 'none' });
  assert.deepEqual(await night.failOver(), ACCEPTED);
  const carried = night.pool.server(FE1).calls ?? 0;
  night.wait(minutes(1.5));
  assert.deepEqual([night.services(), await night.run()], ['StopPending', { kind: 'running', direction: 'fail-over' }]);
  assert.ok((night.pool.server(FE1).calls ?? 0) < carried);
  night.wait(minutes(3.5));
  assert.deepEqual([night.services(), await night.run()], ['Stopped disabled', ended('fail-over')]);
  assert.deepEqual([night.services(FE2), await night.run(FE2)], ['Running', { kind: 'none' }]);
});

test('conferences that never end are ended after half an hour', async () => {
  for (const whenSeen of [0, minutes(1)]) {
    const night = new Night();
    if (whenSeen === 0) night.pool.machine(FE1).drainForever();
    await night.failOver();
    night.wait(whenSeen);
    night.pool.machine(FE1).drainForever();
    night.wait(minutes(30) - seconds(1) - whenSeen);
    assert.equal(night.services(), 'StopPending');
    night.wait(seconds(1));
    assert.deepEqual([night.services(), await night.run()], ['Stopped disabled', ended('fail-over')]);
  }
});

test('a FailOver that is not drained within its wait fails, and the server is as it was', async () => {
  for (const draining of [null, hours(2)]) {
    const night = new Night();
    night.pool.machine(FE1).drainForever();
    night.pool.failover(FE1, 'fail-over', { wait: hours(1), draining });
    night.wait(hours(1) - seconds(1));
    assert.equal(night.services(), 'StopPending');
    night.wait(seconds(1));
    const because = 'Invoke-CsComputerFailOver was not done within 01:00:00, and no action was taken';
    assert.deepEqual([night.services(), await night.run()], ['Running', ended('fail-over', because)]);
  }
});

test('a FailOver that is made to fail takes its hour, and the next one does not', async () => {
  const night = new Night();
  night.pool.machine(FE1).nextFailOverFails = true;
  await night.failOver();
  night.wait(hours(1) - seconds(1));
  assert.deepEqual(await night.run(), { kind: 'running', direction: 'fail-over' });
  night.wait(seconds(1));
  assert.equal(night.services(), 'Running');
  await night.out();
  assert.deepEqual([night.services(), await night.run()], ['Stopped disabled', ended('fail-over')]);
});

test('a FailOver of a server that does not serve has nothing to drain', async () => {
  const night = new Night();
  night.pool.change(FE1, (machine, now) => machine.stop('immediate', now));
  await night.failOver();
  night.wait(0);
  assert.deepEqual([night.services(), await night.run()], ['Stopped disabled', ended('fail-over')]);
});

test('disabled services stay off through restarts, and nobody can start them', async () => {
  const night = await new Night().out();
  assert.deepEqual(await night.restart(), ACCEPTED);
  assert.equal(await night.run(), 'silent');
  night.wait(hours(1));
  assert.deepEqual([night.services(), await night.run()], ['Stopped disabled', ended('fail-over')]);
  assert.equal((await night.start()).kind, 'refused');
  night.pool.change(FE1, (machine) => machine.goDown());
  night.pool.change(FE1, (machine, now) => machine.comeUp(now));
  night.wait(hours(1));
  assert.equal(night.services(), 'Stopped disabled');
});

test('a FailBack enables and starts the services, and ends when they run', async () => {
  const night = await new Night().out();
  assert.deepEqual(await night.failBack(), ACCEPTED);
  assert.deepEqual([night.services(), await night.run()], ['StartPending', { kind: 'running', direction: 'fail-back' }]);
  night.wait(minutes(2));
  assert.deepEqual([night.services(), await night.run()], ['Running', ended('fail-back')]);
  await night.failBack();
  assert.deepEqual(await night.run(), ended('fail-back'));
});

test('a FailBack that takes too long leaves the services off and disabled, and another one is possible', async () => {
  for (const why of ['told to fail', 'services hang', 'no quorum'] as const) {
    const night = await new Night().out();
    if (why === 'told to fail') night.pool.machine(FE1).nextFailBackFails = true;
    if (why === 'services hang') night.pool.machine(FE1).nextStartHangs = true;
    if (why === 'no quorum') for (const other of [FE2, FE3]) night.pool.change(other, (machine) => machine.goDown());
    await night.failBack();
    night.wait(hours(1) - seconds(1));
    assert.deepEqual(await night.run(), { kind: 'running', direction: 'fail-back' }, why);
    night.wait(seconds(1));
    const because = 'Invoke-CsComputerFailBack was not done within 01:00:00, and services were not started or enabled';
    assert.deepEqual([night.services(), await night.run()], ['Stopped disabled', ended('fail-back', because)], why);
    for (const other of [FE2, FE3]) night.pool.change(other, (machine, now) => machine.comeUp(now));
    await night.failBack();
    night.wait(minutes(8));
    assert.deepEqual([night.services(), await night.run()], ['Running', ended('fail-back')], why);
  }
});

test('a restart ends what is under way, and what was done until then stays done', async () => {
  for (const happens of ['restart', 'lost'] as const) {
    const night = new Night();
    const interrupt = async () => {
      if (happens === 'restart') await night.restart();
      else night.pool.change(FE1, (machine) => machine.goDown());
      night.wait(hours(1));
      if (happens === 'lost') night.pool.change(FE1, (machine, now) => machine.comeUp(now));
    };
    await night.failOver();
    night.wait(minutes(1));
    await interrupt();
    const because = 'the process of Invoke-CsComputerFailOver is gone without a word';
    assert.deepEqual([night.services(), await night.run()], ['Running', ended('fail-over', because)]);
    await night.out();
    night.pool.machine(FE1).nextFailBackFails = true;
    await night.failBack();
    await interrupt();
    assert.deepEqual(
      [night.services(), await night.run()],
      ['Stopped disabled', ended('fail-back', 'the process of Invoke-CsComputerFailBack is gone without a word')],
    );
  }
});

test('one at a time on a server; another server has its own', async () => {
  const night = new Night();
  await night.failOver();
  for (const again of [await night.failOver(), await night.failBack()]) {
    assert.deepEqual(again, { kind: 'refused', because: 'the failover command is still running there' });
  }
  assert.deepEqual(await night.failOver(FE2), ACCEPTED);
  const bounded = '-WaitTime 01:00:00 -DrainingTimeout 00:30:00';
  assert.deepEqual(
    night.effects,
    [FE1, FE2].map((server) => `Invoke-CsComputerFailOver ${server} ${bounded}`),
  );
  night.wait(hours(1));
  await night.failBack();
  assert.equal(night.effects.at(-1), `Invoke-CsComputerFailBack ${FE1} -WaitTime 01:00:00`);
});

test('Lync Server 2013 has neither cmdlet, and nothing is done', async () => {
  const night = new Night('2013');
  assert.deepEqual(await night.failOver(), { kind: 'refused', because: 'this server has no Invoke-CsComputerFailOver' });
  assert.deepEqual(await night.failBack(), { kind: 'refused', because: 'this server has no Invoke-CsComputerFailBack' });
  assert.deepEqual([night.effects, night.services(), await night.run()], [[], 'Running', { kind: 'none' }]);
});

test('services that somebody disables go on until they are stopped', async () => {
  const night = new Night();
  night.pool.machine(FE1).disabled = true;
  assert.equal(night.services(), 'Running disabled');
  night.pool.change(FE1, (machine, now) => machine.stop('immediate', now));
  assert.equal((await night.start()).kind, 'refused');
  night.pool.machine(FE1).disabled = false;
  assert.deepEqual(await night.start(), ACCEPTED);
  night.wait(minutes(2));
  assert.equal(night.services(), 'Running');
});

test('a cmdlet that is called over the loopback is answered when the pool has come to its end, and no sooner', async () => {
  const night = new Night();
  const loopback = await startLoopback([night.pool]);
  const call = async (cmdlet: string, parameters: Readonly<Record<string, string>>) => {
    const headers = { authorization: `Bearer ${loopback.token}` };
    const body = JSON.stringify({ server: FE1, cmdlet, parameters });
    const response = await fetch(loopback.url, { method: 'POST', headers, body });
    return response.status === 200 ? JSON.parse(await response.text()).error : response.status;
  };
  /** A call that has arrived. A promise would be waited for itself, so it comes in an object. */
  const called = async (cmdlet: string, parameters: Readonly<Record<string, string>>) => {
    const arrived = night.nextEffect();
    const answer = call(cmdlet, parameters);
    await arrived;
    return { answer };
  };
  try {
    let answered = false;
    const over = await called('Invoke-CsComputerFailOver', { ComputerName: FE1, WaitTime: '3600', DrainingTimeout: '1800' });
    assert.deepEqual(night.effects, [`Invoke-CsComputerFailOver ${FE1} -WaitTime 01:00:00 -DrainingTimeout 00:30:00`]);
    void over.answer.then(() => {
      answered = true;
    });
    night.wait(minutes(1));
    await call('Get-CsPool', { Identity: POOL });
    assert.equal(answered, false);
    night.wait(hours(1));
    assert.equal(await over.answer, null);
    night.pool.machine(FE1).nextFailBackFails = true;
    const back = await called('Invoke-CsComputerFailBack', { ComputerName: FE1, WaitTime: '60' });
    night.wait(minutes(1));
    assert.match((await back.answer).message, /^Invoke-CsComputerFailBack was not done within 00:01:00/);
    const cut = await called('Invoke-CsComputerFailBack', { ComputerName: FE1 });
    await night.restart();
    assert.equal(await cut.answer, 503);
    night.wait(hours(1));
    assert.match((await call('Invoke-CsComputerFailOver', { ComputerName: FE2 })).message, /is asked to take fe02/);
  } finally {
    await loopback.close();
  }
});
