import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolOperationKind } from '../../src/domain/pool-operation.ts';
import { minutes } from '../../src/domain/time.ts';
import { EDGE, OperationStory, wellSeen } from '../operation-story.ts';
import { aManagedPool, aPool, dana, healthy, kim, mallory, omar, POOL01 } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';

const paired = () => new FakeDesk();
const told = (story: OperationStory, desk = paired()): FakeDesk => {
  desk.operations.tell(POOL01, story.events);
  desk.now = story.now;
  return desk;
};
const open = (kind: PoolOperationKind = 'failover', votes = 1) => new OperationStory({ kind }).look().ask(votes);

test('an operation that is asked for is written with what it began with, and woken', async () => {
  const said = await paired().say('failover pool01', dana);
  assert.match(said.title, /^Failover of pool01 to pool02: asked for by dana; reading what it needs, nothing is done yet$/);
  const [event] = said.wrote;
  assert.ok(event?.kind === 'requested' && 'failedOver' in event.request);
  assert.deepEqual(
    [event.request.kind, event.request.by, event.request.backupPool, event.request.failedOver],
    ['failover', dana, 'pool02.contoso.com', false],
  );
  assert.deepEqual([said.wake, said.wakeOperations], [[], [1]]);
});

const REFUSED: readonly (readonly [what: string, desk: () => FakeDesk, line: string, because: RegExp])[] = [
  ['a pool without a name', paired, 'recover', /Which pool\? Usage: recover <pool>/],
  ['a word too many', paired, 'failover pool01 now', /I don't know what to do with "now"/],
  [
    'a failover of an unpaired pool',
    () => new FakeDesk(aManagedPool({ backupPool: null })),
    'failover pool01',
    /names no backup pool/,
  ],
  [
    'a failback of an unpaired pool',
    () => new FakeDesk(aManagedPool({ backupPool: null })),
    'failback pool01',
    /names no backup pool/,
  ],
  [
    'a failover without the ticket that the pool wants',
    () => new FakeDesk(aManagedPool({ changeTicket: /^(?:CHG[0-9]{3})$/ })),
    'failover pool01',
    /it needs a change ticket/,
  ],
  ['a second one', () => told(open()), 'failback pool01', /Failover of pool01 to pool02 is awaiting approval, asked for by dana/],
  [
    'a recovery that only one other person could approve',
    () => new FakeDesk(aManagedPool({ rights: { dana: ['operate', 'approve'], omar: ['approve'] } })),
    'recover pool01',
    /2 different people have to approve it besides you, and the configuration lists omar/,
  ],
  [
    'a failover that nobody else could approve',
    () => new FakeDesk(aManagedPool({ rights: { dana: ['operate', 'approve'] } })),
    'failover pool01',
    /1 person has to approve it besides you, and the configuration lists nobody/,
  ],
];
for (const [what, desk, line, because] of REFUSED)
  test(`${what} is refused, and changes nothing`, async () => {
    const said = await desk().say(line, dana);
    assert.match(said.all, because);
    assert.match(said.all, /Nothing was changed/);
    assert.deepEqual([said.wrote, said.wake, said.wakeOperations ?? []], [[], [], []]);
  });

test('while everything is frozen none is asked for and none is approved', async () => {
  const desk = told(open());
  desk.frozen = { by: omar, at: 0, because: 'storage drill' };
  assert.match((await desk.say('approve', omar)).title, /not approved: FROZEN by omar/);
  const other = paired();
  other.frozen = desk.frozen;
  assert.match((await other.say('start pool01', dana)).title, /start refused: FROZEN by omar/);
});

test('one yes by somebody else is enough for a failover', async () => {
  const desk = told(open());
  assert.match((await desk.say('approve', dana)).title, /you asked for this failover, so somebody else has to decide on 7KQ4/);
  assert.match((await desk.say('approve', mallory)).title, /no pool lists you/);
  const said = await desk.say('approve', omar);
  assert.deepEqual(said.wrote, [{ kind: 'approved', code: '7KQ4', by: omar, at: desk.now }]);
});

for (const kind of ['recover', 'reset'] as const)
  test(`a ${kind} takes two people, and each types its code`, async () => {
    const desk = told(open(kind, 2));
    const bare = await desk.say('approve', omar);
    assert.match(bare.title, /its code is typed: `approve 7KQ4`/);
    assert.deepEqual(bare.wrote, []);
    assert.match((await desk.say('approve 7KQ4', omar)).title, /1 more needed/);
    assert.match((await desk.say('approve 7KQ4', omar)).title, /omar has approved already/);
    assert.match((await desk.say('approve 7KQ4', dana)).title, /you asked for this/);
    assert.match((await desk.say('approve 7KQ4', kim)).title, /looking at the pool once more/);
  });

test('a request is open for four hours', async () => {
  const desk = told(open());
  desk.now += minutes(240);
  assert.match((await desk.say('approve 7KQ4', omar)).title, /request 7KQ4 has expired/);
});

test('no comes with its reason and ends the request; its code is told what became of it', async () => {
  const desk = told(open());
  const said = await desk.say('deny 7KQ4 the backup pool is being patched', omar);
  assert.match(said.title, /denied by omar: the backup pool is being patched/);
  assert.match((await desk.say('approve 7KQ4', kim)).title, /is no longer open: omar denied it/);
});

test('what no cmdlet can tell is ticked by name, and nothing else is', async () => {
  const desk = told(new OperationStory().look());
  assert.match(
    (await desk.say('tick backup-related pool01', dana)).title,
    /nothing to tick: backup-related does not wait for a person/,
  );
  const said = await desk.say('tick edge-next-hop pool01', dana);
  assert.match(said.title, /edge-next-hop may stand, says dana/);
  assert.match((await desk.say('tick edge-next-hop', dana)).title, /nothing to tick/);
  assert.match((await paired().say('tick edge-next-hop pool01', dana)).title, /nothing to tick/);
});

test('`abort` says what it leaves behind: nothing, or a cmdlet that goes on by itself', async () => {
  assert.match((await told(open()).say('abort', dana)).title, /aborted; nothing was done, says dana/);
  const started = new OperationStory()
    .look()
    .say({ kind: 'ticked', check: 'edge-next-hop', by: dana, seen: EDGE })
    .look()
    .ask()
    .approve()
    .start();
  const said = await told(started).say('abort pool01', dana);
  assert.match(said.title, /what was begun is left as it is/);
  const [event] = said.wrote;
  assert.ok(event?.kind === 'ended' && 'by' in event.ending);
  assert.match(event.ending.left.join(), /Invoke-CsPoolFailOver -PoolFqdn pool01\.contoso\.com, run on fe1: told, not seen done/);
});

test('an operation is retried when it is held, and cannot be paused', async () => {
  const desk = told(open());
  assert.match((await desk.say('retry pool01', dana)).title, /nothing is held/);
  assert.match((await desk.say('pause pool01', dana)).title, /cannot be paused: `abort` ends it/);
  await desk.say('deny not tonight', omar);
  assert.match((await desk.say('retry pool01', dana)).title, /goes on, says dana; looking again first/);
});

test('whoever asks why, for the status or the history is told of it', async () => {
  const desk = told(new OperationStory().look(wellSeen({ underWay: 'pool02 is being worked on' })));
  assert.match((await desk.say('why pool01', omar)).all, /blocks nothing-under-way: pool02 is being worked on/);
  assert.match((await desk.say('history pool01', omar)).all, /Failover of pool01 to pool02: not ended, asked for by dana/);
  desk.elsewhere.set(POOL01, minutes(5));
  const { all } = await desk.say('status pool01', omar);
  assert.match(all, /failed over to pool02 since 00:05/);
  assert.match(all, /failover: checking/);
  assert.match((await desk.say('pools', omar)).all, /Failover of pool01 to pool02 \(asked for by dana\)/);
});

test('a pool whose users are elsewhere prompts nobody to fail it over', async () => {
  const verdict = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } as const;
  const desk = paired().see(POOL01, healthy(aPool(6, 2), { verdict }));
  assert.match((await desk.say('readiness pool01', omar)).title, /^Pool problem: pool01/);
  desk.elsewhere.set(POOL01, minutes(5));
  const said = await desk.say('readiness pool01', omar);
  assert.match(said.all, /^Readiness of pool01\nfailed over to pool02 since 00:05/);
  assert.doesNotMatch(said.all, /Pool problem/);
});
