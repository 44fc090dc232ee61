import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NoChance } from '../../src/adapters/simulator/chance.ts';
import { SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import type { RoutingGroup } from '../../src/domain/fabric.ts';
import type { ServerFqdn, Topology } from '../../src/domain/pool.ts';
import type { Played, Rehearsable } from '../../src/domain/rehearsal.ts';
import { NOTHING_CARRIED } from '../../src/domain/run.ts';
import type { PoolSighting, ServiceStatus } from '../../src/domain/sighting.ts';
import { minutes } from '../../src/domain/time.ts';
import { poolAsSeen } from '../../src/session/pool-as-seen.ts';
import { rehearsals } from '../../src/session/rehearsal.ts';
import { playAhead } from '../../src/session/rehearsed-walk.ts';
import { lookAtPool } from '../../src/workflow/look.ts';
import { Runs } from '../../src/workflow/runs.ts';
import { aManagedPool, aPool, aTopology, dana, fabric, healthy, named, server, without } from '../support.ts';

const SIX = aPool(6, 2);

const aRehearsal = (
  topology: Topology,
  {
    seen = {},
    pool = {},
    ...others
  }: { seen?: Partial<PoolSighting>; pool?: Parameters<typeof aManagedPool>[0] } & Partial<
    Omit<Rehearsable, 'seen' | 'pool'>
  > = {},
): Rehearsable => {
  const managed = aManagedPool(pool);
  return {
    pool: managed,
    seen: healthy(topology, { product: managed.version, ...seen }),
    stopMode: 'graceful',
    scope: { kind: 'left' },
    carried: NOTHING_CARRIED,
    by: dana,
    at: minutes(7),
    ...others,
  };
};

/** Who is needed for what, one after the other, without the times. */
const inTurn = ({ needed }: Played): readonly string[] =>
  needed.map((each) => {
    if (each.kind === 'approve') return `approve ${each.gate.upgradeDomain.name}`;
    return each.kind === 'patched' ? `patched ${each.servers.join()}` : `tick ${each.check} ${each.server}`;
  });

test('people are needed once per upgrade domain to approve, and by hand once to patch', async () => {
  const byHand = await playAhead(aRehearsal(SIX), 0.5);
  assert.deepEqual(inTurn(byHand), [
    'approve 1',
    `patched ${server(1)},${server(2)}`,
    'approve 2',
    `patched ${server(3)},${server(4)}`,
    'approve 3',
    `patched ${server(5)},${server(6)}`,
  ]);
  const byCommand = await playAhead(aRehearsal(SIX, { pool: { patchMode: 'by-command' } }), 0.5);
  assert.deepEqual(inTurn(byCommand), ['approve 1', 'approve 2', 'approve 3']);
  assert.deepEqual([byHand.end, byCommand.end], [{ kind: 'finished' }, { kind: 'finished' }]);
});

test('it ends no sooner than the settle times, and the less everything takes the sooner', async () => {
  const [least, middle, most] = await Promise.all([0, 0.5, 1].map((share) => playAhead(aRehearsal(SIX), share)));
  assert.ok(least !== undefined && middle !== undefined && most !== undefined);
  assert.ok(least.lasts >= 3 * minutes(20));
  assert.ok(least.lasts < middle.lasts && middle.lasts < most.lasts, `${least.lasts}, ${middle.lasts}, ${most.lasts}`);
});

test('however long everything takes, the same people are needed in the same order', async () => {
  const sizes = fc.constantFrom<readonly [number, number]>([3, 1], [4, 1], [6, 2], [7, 2]);
  const patched = fc.constantFrom<'by-hand' | 'by-command'>('by-hand', 'by-command');
  await fc.assert(
    fc.asyncProperty(sizes, patched, fc.double({ min: 0, max: 1, noNaN: true }), async ([size, inDomain], patchMode, share) => {
      const topology = aPool(size, inDomain);
      const { needed, end, lasts } = await playAhead(aRehearsal(topology, { pool: { patchMode } }), share);
      const wanted = topology.upgradeDomains.flatMap(({ name, servers }) => [
        `approve ${name}`,
        ...(patchMode === 'by-hand' ? [`patched ${servers.join()}`] : []),
      ]);
      assert.deepEqual([inTurn({ needed, end, lasts }), end.kind], [wanted, 'finished']);
      assert.ok(needed.every(({ after }, index) => after >= (needed[index - 1]?.after ?? 0) && after <= lasts));
    }),
    { numRuns: 12 },
  );
});

test('by server-failover each server is asked for by itself, and a rehearsal of some takes only those', async () => {
  const pool = { version: '2019', procedure: 'server-failover', patchMode: 'by-command' } as const;
  const scope = { kind: 'domains', names: ['fe2', 'fe4'] } as const;
  assert.deepEqual(inTurn(await playAhead(aRehearsal(aPool(4), { pool, scope }), 0.5)), ['approve fe2', 'approve fe4']);
});

test('what an earlier run has upgraded is not asked for again', async () => {
  const carried = { ...NOTHING_CARRIED, upgraded: [server(1), server(2)] };
  const scope = { kind: 'all' } as const;
  const pool = { patchMode: 'by-command' } as const;
  assert.deepEqual(inTurn(await playAhead(aRehearsal(SIX, { carried, pool }), 0.5)), ['approve 2', 'approve 3']);
  assert.equal(inTurn(await playAhead(aRehearsal(SIX, { carried, scope, pool }), 0.5)).length, 3);
});

test('a window that was seen open has to be ticked, and hooks are run', async () => {
  const played = await playAhead(
    aRehearsal(aPool(3), {
      seen: { viewers: [{ server: server(1), open: ['mmc'] }] },
      pool: { patchMode: 'by-command', hooks: { before: true, after: true } },
    }),
    0.5,
  );
  assert.deepEqual(inTurn(played), [`tick viewers-closed ${server(1)}`, 'approve 1', 'approve 2', 'approve 3']);
  assert.deepEqual(played.end, { kind: 'finished' });
});

test('every request has the people it needs, and who asks is never one of them', async () => {
  const rights = { dana: ['operate', 'approve'], omar: ['approve'], kim: ['approve'] } as const;
  const two = aRehearsal(aPool(3), { pool: { approvalsNeeded: 2, rights, patchMode: 'by-command' } });
  assert.deepEqual((await playAhead(two, 0)).end, { kind: 'finished' });
  const three = aRehearsal(aPool(3), { pool: { approvalsNeeded: 3, rights } });
  const { end, needed, lasts } = await playAhead(three, 0);
  assert.deepEqual([end.kind, needed, lasts], ['not-approved', [], 0]);
});

test('a pool that is Busy stays so, and is held as a real one would be', async () => {
  const readiness = {
    state: 'Busy',
    upgradeDomains: SIX.upgradeDomains.map((each) => ({ ...each, readyForUpgrade: false })),
  } as const;
  const { end, lasts } = await playAhead(aRehearsal(SIX, { seen: { readiness } }), 0.5);
  assert.equal(end.kind === 'held' && end.reason.kind, 'pool-problem');
  assert.equal(lasts, minutes(20));
});

test('a server that was seen down keeps the first domain from being stopped', async () => {
  const seen = { services: without(SIX, server(6)), fabric: fabric('rg-1 fe1 fe3,fe5', 'rg-2 fe4 fe2,fe5') };
  const { end, needed } = await playAhead(aRehearsal(SIX, { seen }), 0.5);
  assert.equal(end.kind === 'held' && end.reason.kind === 'checks-failed' && end.reason.blockers[0]?.check, 'servers-running');
  assert.deepEqual(needed, []);
});

/** One look at the simulated pool, as the bot takes it. */
async function lookedAt(asked: Rehearsable): Promise<PoolSighting> {
  const store = await openStore(':memory:');
  const eyes = {
    reader: new SimulatedReader([poolAsSeen(asked, new NoChance(0.5))]),
    store,
    clock: { now: () => asked.at },
    pools: [asked.pool],
  };
  const wanted = {
    scope: 'whole',
    upgradeDomain: asked.seen.readiness?.upgradeDomains[0] ?? null,
    ask: [],
    servers: [],
    downByUs: [],
    run: null,
  } as const;
  const look = await lookAtPool(asked.pool, wanted, eyes, new Runs(store));
  await store.close();
  return look;
}

test('a look at the simulated pool sees what the look that it was made from has seen', async () => {
  const shuffled = aTopology('fe3,fe1|fe2,fe5|fe4,fe6');
  const servers = SIX.servers;
  const status = fc.constantFrom<ServiceStatus | null>('Running', 'Running', 'Running', 'Stopped', 'StartPending', null);
  await fc.assert(
    fc.asyncProperty(
      fc.array(status, { minLength: 5, maxLength: 5 }),
      fc.array(fc.shuffledSubarray([...servers], { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom('primary', 'mirror' as const),
      async (states, placed, backEnd) => {
        // Somebody has to answer.
        const services = [...states, 'Running' as const].map((rtcsrv, index) => ({
          server: servers[index] ?? named('fe9'),
          rtcsrv,
        }));
        const up = (each: ServerFqdn) => services.some((service) => service.server === each && service.rtcsrv === 'Running');
        const groups = placed.map((each, index) => groupOf(`rg-${index + 1}`, each.filter(up)));
        const seen = {
          computers: servers,
          services,
          backEnd,
          fabric: { groups, serversNotUp: servers.filter((each) => !up(each)) },
        };
        const asked = aRehearsal(shuffled, { seen });
        // Below quorum the last ones would stop as well, as they would in the real pool a moment later.
        fc.pre(services.filter(({ rtcsrv }) => rtcsrv === 'Running').length >= 4);
        const look = await lookedAt(asked);
        assert.deepEqual(
          [look.computers, look.services, look.backEnd, look.fabric, look.backupPool],
          [servers, services, backEnd, seen.fabric, asked.seen.backupPool],
        );
        assert.deepEqual(
          look.readiness?.upgradeDomains.map((each) => [each.name, each.servers]),
          shuffled.upgradeDomains.map((each) => [each.name, each.servers]),
        );
      },
    ),
    { numRuns: 60 },
  );
});

const groupOf = (id: string, [primary, ...secondaries]: readonly ServerFqdn[]): RoutingGroup => ({
  id,
  primary: primary ?? null,
  secondaries,
});

test('what was asked for comes back from a thread of its own, and the settings of a real pool go through', async () => {
  const asked = aRehearsal(aPool(3), {
    pool: { patchMode: 'by-command', changeTicket: /^CHG$/, watch: { every: minutes(5), quietHours: null } },
  });
  const rehearsed = await rehearsals().rehearse(asked);
  assert.ok(rehearsed.kind === 'rehearsed', JSON.stringify(rehearsed));
  assert.deepEqual(inTurn(rehearsed.likely), ['approve 1', 'approve 2', 'approve 3']);
  assert.ok(rehearsed.earliest.lasts < rehearsed.likely.lasts);
});

const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

test('a thread that dies in the middle, throws or never ends leaves an answer, and the next one is played', async () => {
  const asked = aRehearsal(aPool(3));
  const because = async (code: string, bound?: number) => {
    const answer = await rehearsals(thread(code), bound).rehearse(asked);
    return answer.kind === 'broken-off' ? answer.because : answer.kind;
  };
  assert.equal(await because('process.exit(3)'), 'its thread ended');
  assert.equal(await because("throw new Error('a bug')"), 'a bug');
  assert.equal(await because('setInterval(() => {}, 1e6)', 1), 'it was not over after 0.001 seconds');
});

test('rehearsals are played one after the other', async () => {
  const timed = thread(`import { parentPort } from 'node:worker_threads';
    const began = process.hrtime.bigint();
    parentPort.postMessage({ kind: 'broken-off', because: began + ' ' + process.hrtime.bigint() })`);
  const queue = rehearsals(timed);
  const asked = aRehearsal(aPool(3));
  const [first, second] = await Promise.all([queue.rehearse(asked), queue.rehearse(asked)]);
  const times = [first, second].flatMap((each) => (each?.kind === 'broken-off' ? each.because.split(' ').map(Number) : []));
  assert.equal(times.length, 4);
  assert.deepEqual(
    times.toSorted((left, right) => left - right),
    times,
  );
});
