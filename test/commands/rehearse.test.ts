import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Played, PlayedEnd, Rehearsed } from '../../src/domain/rehearsal.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { aManagedPool, aPool, dana, healthy, kim, POOL01, server, without } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import { asked } from './situations.ts';

const topology = aPool(6, 2);
const played = (changes: Partial<Played> = {}): Played => ({
  needed: [],
  end: { kind: 'finished' },
  lasts: minutes(125),
  ...changes,
});
const rehearsed = (likely: Partial<Played> = {}, earliest: Partial<Played> = { lasts: minutes(96) }): Rehearsed => ({
  kind: 'rehearsed',
  earliest: played(earliest),
  likely: played(likely),
  assumed: {
    drain: [minutes(2), minutes(5)],
    patch: [minutes(5), minutes(10)],
    restart: [minutes(3), minutes(5)],
    replicas: [minutes(3), minutes(8)],
  },
});

/** A pool that was looked at at 00:00, by whom everything may be done. */
function aDesk(seen: Partial<PoolSighting> = {}, pool: Parameters<typeof aManagedPool>[0] = {}): FakeDesk {
  const desk = new FakeDesk(aManagedPool(pool)).see(POOL01, healthy(topology, seen));
  desk.played = rehearsed();
  return desk;
}

test('a rehearsal is of the last look, asks the pool nothing and writes nothing', async () => {
  const desk = aDesk();
  desk.now = minutes(90);
  const said = await desk.say('rehearse pool01', kim);
  assert.deepEqual([said.wrote, said.wake, said.turned, desk.looksTaken], [[], [], [], 0]);
  assert.equal(said.title, 'Rehearsal of pool01 (simulated; nothing was touched)');
  assert.match(said.all, /seen 00:00, 1 hour 30 minutes ago/);
  const [played] = desk.rehearsals;
  assert.deepEqual([played?.seen.at, played?.at, played?.by], [0, minutes(90), dana]);
});

test('what is typed is what is played', async () => {
  const desk = aDesk();
  const { all } = await desk.say('rehearse pool01 downtime domains 2,3', dana);
  assert.match(all, /0:00 `upgrade pool01 downtime domains 2,3`/);
  assert.deepEqual(
    desk.rehearsals.map(({ stopMode, scope }) => [stopMode, scope]),
    [['immediate', { kind: 'domains', names: ['2', '3'] }]],
  );
});

for (const [age, words] of [
  [hours(24), null],
  [hours(24) + minutes(1), 'the last one was 24 hours 1 minute old'],
] as const)
  test(`a look of ${age / hours(1)} hours is ${words === null ? 'rehearsed on' : 'not rehearsed on: another is taken'}`, async () => {
    const desk = aDesk();
    desk.now = age;
    const { all } = await desk.say('rehearse pool01', dana);
    assert.equal(desk.looksTaken, words === null ? 0 : 1);
    assert.equal(desk.rehearsals[0]?.seen.at, words === null ? 0 : age);
    if (words !== null) assert.ok(all.includes(words), all);
  });

test('a pool that nobody has looked at is looked at, and so is one whose last look did not see its servers', async () => {
  const unseen = new FakeDesk();
  unseen.played = rehearsed();
  assert.match((await unseen.say('rehearse pool01', dana)).all, /for this: nobody had looked before/);
  const unread = aDesk({ computers: null });
  assert.equal((await unread.say('rehearse pool01', dana)).title, 'pool01 cannot be rehearsed: the topology could not be read');
  assert.deepEqual([unseen.looksTaken, unread.looksTaken], [1, 1]);
  assert.deepEqual(unread.rehearsals, [], 'a pool that cannot be read is not made up');
});

test('what `upgrade` would be refused for is said, and nothing is played', async () => {
  const refusals = [
    [aDesk({ product: '2015' }), 'rehearse pool01', /the servers have 2015/],
    [aDesk({}, { procedure: 'server-failover' }), 'rehearse pool01', /Invoke-CsComputerFailOver/],
    [aDesk(), 'rehearse pool01 domains 7', /no upgrade domain 7: there are 1, 2, 3/],
    [aDesk({}, { rights: { kim: ['view'] } }), 'rehearse pool01', /nobody may operate/],
    [
      aDesk({ product: '2019' }, { version: '2019', procedure: 'server-failover' }),
      'rehearse pool01 downtime',
      /no immediate stops by server-failover/,
    ],
  ] as const;
  for (const [desk, line, because] of refusals) {
    const said = await desk.say(line, kim);
    assert.match(said.title, /`upgrade` would be refused/, said.all);
    assert.match(said.all, because);
    assert.deepEqual(desk.rehearsals, []);
  }
});

test('a pool that is being upgraded is not rehearsed', async () => {
  const desk = new FakeDesk().tell(asked());
  const said = await desk.say('rehearse pool01', dana);
  assert.match(said.title, /has an upgrade under way, so nothing is rehearsed/);
  assert.deepEqual([desk.rehearsals, said.wrote], [[], []]);
});

test('what stands in the way now comes first: a freeze, and every check that is not ok', async () => {
  const down = aDesk({
    services: without(topology, server(5)),
    verdict: { kind: 'busy', counted: 1, countedAt: [0], askAgainAt: minutes(10) },
  });
  down.frozen = { by: dana, at: 0, because: 'storage drill' };
  const { reply } = await down.say('rehearse pool01', dana);
  const [seen, frozen, ...others] = reply.lines;
  assert.match(`${seen} ${frozen}`, /seen 00:00 FROZEN by dana 00:00: storage drill/);
  assert.match(others[0] ?? '', /^in the way now: pool-ready: /);
  assert.match(others[1] ?? '', /^in the way now: servers-running: .*fe5/);
});

test('windows that nobody has looked for are not in the way, and one that a person lets stand is told once', async () => {
  assert.doesNotMatch((await aDesk({ viewers: [] }).say('rehearse pool01', dana)).all, /viewers-closed/);
  const open = aDesk({ viewers: [{ server: server(1), open: ['mmc'] }] });
  const tick = { kind: 'tick', check: 'viewers-closed', server: server(1), seen: 'open on fe1: mmc', after: 0 } as const;
  open.played = rehearsed({ needed: [tick] });
  const { all } = await open.say('rehearse pool01', dana);
  assert.match(all, /0:00 close it, or `tick viewers-closed fe1`: open on fe1: mmc/);
  assert.doesNotMatch(all, /in the way now/);
});

test('each time at which a person is needed, what they type, and when it ends', async () => {
  const [domain] = topology.upgradeDomains;
  assert.ok(domain !== undefined);
  const gate = { kind: 'stop-domain', upgradeDomain: domain, servers: domain.servers, votesNeeded: 1 } as const;
  const counts = [{ rule: 'functional', running: 3, ofFirst: 6, willRun: 4, margin: 1 }] as const;
  const quorum = { kind: 'kept', counts, margin: 1 } as const;
  const desk = aDesk({}, { changeTicket: /^(?:CHG[0-9]{7})$/ });
  desk.played = rehearsed({
    needed: [
      { kind: 'approve', gate, quorum, poolSize: 6, after: 0 },
      { kind: 'patched', servers: domain.servers, after: minutes(68.5) },
    ],
  });
  const { reply } = await desk.say('rehearse pool01', dana);
  assert.deepEqual(reply.lines, [
    'seen 00:00',
    'ends: 2:05 likely, 1:36 at the earliest',
    'if all answer at once, plus your patching of 2 servers',
    'worst: domain 1 down: 4 of 6 will run, any 3 needed: margin 1',
    '`upgrade`: dana, omar, kim',
    '`approve`: another of dana, omar, kim',
    '0:00 `upgrade pool01 ticket CHG0000000`',
    '0:00 `approve` domain 1 (fe1, fe2), margin 1',
    '1:08 patch fe1, fe2; `patched fe1`, `patched fe2`',
    'not known: how long pool01 really takes',
    'here: drain 2-5 min, restart 3-5, replicas back 3-8',
  ]);
});

const ENDS: readonly (readonly [PlayedEnd, RegExp])[] = [
  [{ kind: 'not-approved', upgradeDomain: { name: '1', servers: [] } }, /stops at 0:20: domain 1 cannot be approved/],
  [{ kind: 'refused', because: ['nothing is left'] }, /stops at 0:20: refused: nothing is left/],
  [{ kind: 'not-over' }, /stops at 0:20: not over by then/],
  [
    { kind: 'held', reason: { kind: 'pool-problem', cause: 'busy-streak', seenAt: [0, minutes(10), minutes(20)] } },
    /stops at 0:20: held: Busy 3 times, .*\nIt prompts: fail over to pool02, which is a person's decision\.\n/,
  ],
];
for (const [end, words] of ENDS)
  test(`an upgrade that would not come to its end says where it stops: ${end.kind}`, async () => {
    const desk = aDesk();
    desk.played = rehearsed({ end, lasts: minutes(20) });
    const { all } = await desk.say('rehearse pool01', dana);
    assert.match(all, words);
    assert.doesNotMatch(all, /^ends:/m);
  });

test('who cannot be given a yes by enough others does not ask for it', async () => {
  const desk = aDesk({}, { rights: { dana: ['operate', 'approve'], kim: ['view', 'operate'] } });
  const { all } = await desk.say('rehearse pool01', kim);
  assert.match(all, /`upgrade`: kim\n`approve`: another of dana\n/);
  const alone = aDesk({}, { rights: { kim: ['view', 'operate', 'approve'] } });
  assert.match((await alone.say('rehearse pool01', kim)).all, /`approve`: another of kim, too few for anybody's upgrade/);
});

test('a rehearsal that breaks off says so, and nothing is wrong with the pool by that', async () => {
  const desk = aDesk();
  desk.played = { kind: 'broken-off', because: 'it was not over after 30 seconds' };
  const said = await desk.say('rehearse pool01', dana);
  assert.equal(said.title, 'Rehearsal of pool01 broke off: it was not over after 30 seconds');
});
