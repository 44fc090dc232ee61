import assert from 'node:assert/strict';
import { setImmediate as soon } from 'node:timers/promises';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { openPostgres } from '../../../src/adapters/store/postgres.ts';
import { asAdministrator, nameIn, newDatabase, openAt, postgresTest } from './databases.ts';
import { startRelay } from './relay.ts';
import { delivery, event, POOL01, startRun } from './samples.ts';

/** A store of this process that tells what happens to it. */
function standing(url: string): {
  opened: Promise<OpenedStore>;
  said: string[];
  waiting: Promise<void>;
  lost: Promise<void>;
  stop: AbortController;
} {
  const said: string[] = [];
  const [waits, loses] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stop = new AbortController();
  const opened = openPostgres({
    url,
    waiting: () => {
      said.push('waiting');
      waits.resolve();
    },
    lost: (because) => {
      said.push(`lost: ${because}`);
      loses.resolve();
    },
    signal: stop.signal,
  });
  return { opened, said, waiting: waits.promise, lost: loses.promise, stop };
}

postgresTest('a second store waits, says so once, and leads when the first closes', async (t) => {
  const url = await newDatabase();
  const [first, second] = [standing(url), standing(url)];
  const leader = await Promise.race([first.opened, second.opened]);
  await Promise.race([first.waiting, second.waiting]);
  await startRun(leader, POOL01);
  await leader.close();
  const [one, other] = await Promise.all([first.opened, second.opened]);
  const next = one === leader ? other : one;
  t.after(() => next.close());
  assert.equal((await next.activeRuns()).length, 1);
  assert.deepEqual([...first.said, ...second.said], ['waiting'], 'closing is no loss');
});

postgresTest('a database whose statements and locks may not take long is waited for all the same', async (t) => {
  const url = await newDatabase();
  const short = ['statement_timeout', 'lock_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout'];
  await asAdministrator(short.map((name) => `alter database ${nameIn(url)} set ${name} = '100ms'`).join(';'));
  const leader = await openAt(url);
  const second = standing(url);
  await second.waiting;
  await asAdministrator('select pg_sleep(1)');
  await leader.close();
  t.after(async () => (await second.opened).close());
  assert.equal(await startRun(await second.opened, POOL01), 1);
});

postgresTest("a standby that is stopped goes, and is in nobody's way", async (t) => {
  const url = await newDatabase();
  const leader = await openAt(url);
  const [stopped, next] = [standing(url), standing(url)];
  await Promise.all([stopped.waiting, next.waiting]);
  const reason = new Error('stopped');
  stopped.stop.abort(reason);
  await assert.rejects(stopped.opened, reason);
  assert.deepEqual(stopped.said, ['waiting']);
  assert.equal(await startRun(leader, POOL01), 1, 'the leader works on');
  await leader.close();
  t.after(async () => (await next.opened).close());
  assert.equal((await (await next.opened).activeRuns()).length, 1);
  next.stop.abort(reason);
  assert.equal((await (await next.opened).activeRuns()).length, 1, 'once it leads, the signal says nothing');
});

postgresTest('one that is stopped before it begins does not connect', async () => {
  const reason = new Error('stopped');
  const signal = AbortSignal.abort(reason);
  await assert.rejects(openPostgres({ url: await newDatabase(), waiting: () => {}, lost: () => {}, signal }), reason);
});

/** Ends the sessions of a database's bots, as a restart of the server does. */
const endSessions = (url: string, which = '') =>
  asAdministrator(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameIn(url)}' ${which}`);

postgresTest('a leader whose session the server ends is told once and writes no more', async (t) => {
  const url = await newDatabase();
  const { opened, said, lost } = standing(url);
  const store = await opened;
  const run = await startRun(store, POOL01);
  await endSessions(url);
  await lost;
  await assert.rejects(store.append(run, 1, event('held', 2), delivery('D1')), /the pool record is out of reach: terminating/);
  await assert.rejects(store.read(run), /out of reach/);
  await store.close();
  assert.deepEqual(said, ['lost: terminating connection due to administrator command']);
  const next = await openAt(url);
  t.after(() => next.close());
  assert.deepEqual(await next.read(run), [event('requested', 1)]);
});

postgresTest('a standby whose session the server ends is refused', async (t) => {
  const url = await newDatabase();
  const leader = await openAt(url);
  t.after(() => leader.close());
  const { opened, said, waiting } = standing(url);
  await waiting;
  const refused = assert.rejects(opened, { name: 'RecordRefused', message: /cannot be opened: terminating connection/ });
  // With the leader's gone too it might have led for a moment.
  await endSessions(url, 'and pid not in (select pid from pg_locks where granted and locktype = $$advisory$$)');
  await refused;
  assert.deepEqual(said, ['waiting']);
});

postgresTest('a server that has gone silent is given up after ten seconds, also in the middle of a write', async (t) => {
  for (const writes of [false, true]) {
    const relay = await startRelay(t, await newDatabase());
    const timers = t.mock.timers;
    timers.enable({ apis: ['setInterval'] });
    const { opened, said } = standing(relay.url);
    const store = await opened;
    const run = await startRun(store, POOL01);
    relay.freeze();
    const write = writes ? store.append(run, 1, event('held', 2), null) : null;
    const failed = write === null ? null : assert.rejects(write, /Connection terminated/);
    for (let second = 0; second < 20 && said.length === 0; second += 1) {
      assert.ok(second < 12, 'given up too late');
      timers.tick(1_000);
      await soon();
    }
    assert.deepEqual(said, ['lost: the server has not answered for 10 s']);
    await failed;
    await assert.rejects(store.read(run), /out of reach: the server has not answered/);
    await store.close();
    timers.reset();
  }
});

postgresTest('a leader that is frozen while it is being answered does not keep the lock', async (t) => {
  const url = await newDatabase();
  await (await openAt(url)).close();
  // More than all the sockets between hold.
  await asAdministrator(
    `insert into runs values (1, 'pool01.contoso.com', 0);
    insert into journal select 1, seq, seq, 'noted', json_build_object('at', seq, 'kind', 'noted', 'text', repeat('x', 1000000))
    from generate_series(0, 60) seq`,
    url,
  );
  let passed = 0;
  const relay = await startRelay(t, url, (said) => {
    passed += said.length;
    if (passed > 1_000_000) relay.freeze();
    return said;
  });
  const first = standing(relay.url);
  const store = await first.opened;
  const second = standing(url);
  await second.waiting;
  const broken = assert.rejects(store.read(1));
  const frozenAt = performance.now();
  const next = await second.opened;
  t.after(() => next.close());
  const took = performance.now() - frozenAt;
  assert.ok(took < 8_000, `${took} ms`);
  assert.deepEqual(first.said, [], 'the first did not go by itself');
  await store.close();
  await broken;
});

postgresTest('a leader with nothing to do keeps its session', async (t) => {
  const { opened, said } = standing(await newDatabase());
  const store = await opened;
  t.after(() => store.close());
  await asAdministrator('select pg_sleep(7)');
  assert.equal(await startRun(store, POOL01), 1);
  assert.deepEqual(said, []);
});
