import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationRequest, OperationSighting } from '../../src/domain/operation.ts';
import { findingsOf } from '../../src/domain/operation-checks.ts';
import { concludeOperation, goalOf } from '../../src/domain/operation-end.ts';
import { nextOperationMove } from '../../src/domain/operation-moves.ts';
import { hasCmdlet, OPERATION_CMDLETS, POOL_OPERATIONS } from '../../src/domain/pool-operation.ts';
import { minutes } from '../../src/domain/time.ts';
import { allDown, COPIES, EDGE, OperationStory, paired, STOPPED, wellSeen } from '../operation-story.ts';
import { dana, kim, omar, server, UP } from '../support.ts';

const NOW = { frozen: false, revision: 'r1' };
const moveOf = (story: OperationStory, at: Partial<typeof NOW> & { readonly now?: number } = {}) =>
  nextOperationMove(story.state, { now: story.now, ...NOW, ...at });

const module = (exporting: string, importing = 'NormalState') => ({
  ...COPIES,
  backup: { kind: 'read' as const, value: [{ name: 'UserServices.PresenceFocus', exporting, importing }] },
});
const services = (...states: readonly ('Running' | 'Stopped' | null)[]) =>
  states.map((rtcsrv, index) => ({ server: server(index + 1), rtcsrv }));
const answering = (...states: readonly boolean[]) =>
  states.map((answers, index) => ({ server: server(index + 1), answer: answers ? STOPPED : null }));
const lost = { groups: [{ id: 'a', primary: null, secondaries: [server(2)] }], serversNotUp: [] };

/** Typed in from the facts about each cmdlet: what was asked for, what is seen, which check says what. */
const RULES: readonly (readonly [what: string, asked: Partial<OperationRequest>, seen: OperationSighting, says: string])[] = [
  ['a steady pair', {}, wellSeen(), 'backup-steady ok'],
  [
    'a backup service that still has something to copy',
    {},
    wellSeen({ copies: module('NonSteadyState') }),
    'backup-steady blocked',
  ],
  ['one that is in error', {}, wellSeen({ copies: module('ErrorState') }), 'backup-steady blocked'],
  ['one that imports in error', {}, wellSeen({ copies: module('SteadyState', 'ErrorState') }), 'backup-steady blocked'],
  ['one that was never initialized', {}, wellSeen({ copies: module('NotInitialized') }), 'backup-steady blocked'],
  ['a word of it that no document knows', {}, wellSeen({ copies: module('Wandering') }), 'backup-steady tickable'],
  [
    'a backup service that did not answer',
    {},
    wellSeen({ copies: { ...COPIES, backup: { kind: 'unread', because: 'access denied' } } }),
    'backup-steady tickable',
  ],
  [
    'a backup service of no module',
    {},
    wellSeen({ copies: { ...COPIES, backup: { kind: 'read', value: [] } } }),
    'backup-steady tickable',
  ],
  ['a backup service that nobody asked', {}, wellSeen({ copies: null }), 'backup-steady blocked'],
  ['FinalState before a failover', {}, wellSeen({ copies: module('FinalState') }), 'backup-steady blocked'],
  ['FinalState before a failback', { kind: 'failback' }, wellSeen({ copies: module('FinalState') }), 'backup-steady ok'],
  ['a pool without a backup pool', {}, wellSeen({ backupPool: null }), 'backup-related refused'],
  ['another backup pool than configured', { backupPool: null }, wellSeen(), 'backup-related refused'],
  ['a relationship that was not read', {}, wellSeen({ backupPool: 'unread' }), 'backup-related blocked'],
  [
    'a pool that holds the CMS',
    {},
    wellSeen({ copies: { ...COPIES, holdsCms: { kind: 'read', value: true } } }),
    'cms-elsewhere blocked',
  ],
  [
    'nobody knows who holds the CMS',
    {},
    wellSeen({ copies: { ...COPIES, holdsCms: { kind: 'unread', because: 'no answer' } } }),
    'cms-elsewhere tickable',
  ],
  ['the Edge next hop', {}, wellSeen(), 'edge-next-hop tickable'],
  ['a backup pool nobody looks after', {}, wellSeen({ backup: null }), 'backup-pool-well tickable'],
  ['a backup pool that is down', {}, wellSeen({ backup: paired('Stopped') }), 'backup-pool-well blocked'],
  [
    'a backup pool without its back end',
    {},
    wellSeen({ backup: { ...paired('Running'), backEnd: 'down' } }),
    'backup-pool-well blocked',
  ],
  ['a backup pool of no servers', {}, wellSeen({ backup: paired() }), 'backup-pool-well blocked'],
  ['one server of the backup pool down', {}, wellSeen({ backup: paired('Running', null) }), 'backup-pool-well tickable'],
  [
    'too few servers of the backup pool for its quorum',
    {},
    wellSeen({ backup: paired('Running', null, null) }),
    'backup-pool-well blocked',
  ],
  ['a pool that is failed over already', { failedOver: true }, wellSeen({ copies: module('FinalState') }), 'failed-over refused'],
  ['one whose backup service does not say so any more', { failedOver: true }, wellSeen(), 'failed-over tickable'],
  ['a failback of a pool this record failed over', { kind: 'failback', failedOver: true }, wellSeen(), 'failed-over ok'],
  ['a failback of a pool nobody is known to have failed over', { kind: 'failback' }, wellSeen(), 'failed-over tickable'],
  [
    'the same, and the backup service says FinalState',
    { kind: 'failback' },
    wellSeen({ copies: module('FinalState') }),
    'failed-over ok',
  ],
  [
    'a failback while a server is down',
    { kind: 'failback' },
    wellSeen({ services: services('Running', 'Running', 'Running', 'Stopped') }),
    'pool-well blocked',
  ],
  [
    'a failback while a server was left out of the answer',
    { kind: 'failback' },
    wellSeen({ services: services('Running') }),
    'pool-well blocked',
  ],
  ['a failback of a pool that does not answer', { kind: 'failback' }, wellSeen({ services: null }), 'pool-well blocked'],
  ['another hand on the pool', {}, wellSeen({ underWay: 'pool02 is being worked on' }), 'nothing-under-way blocked'],
  ['a start of a pool that runs', { kind: 'start' }, wellSeen(), 'pool-down refused'],
  [
    'a start of a pool that is functional with two of four',
    { kind: 'start' },
    wellSeen({ services: services('Running', 'Running', 'Stopped', 'Stopped'), answers: answering(true, true, true, true) }),
    'pool-down refused',
  ],
  [
    'a start of a pool that has one of four',
    { kind: 'start' },
    allDown({ services: services('Running', 'Stopped', 'Stopped', 'Stopped') }),
    'pool-down ok',
  ],
  [
    'a start while nobody answers',
    { kind: 'start' },
    allDown({ services: null, answers: answering(false, false, false, false) }),
    'pool-down blocked',
  ],
  [
    'a start with three of four, which the table wants',
    { kind: 'start' },
    allDown({ answers: answering(true, true, true, false) }),
    'enough-answer ok',
  ],
  [
    'a start with two of four',
    { kind: 'start' },
    allDown({ answers: answering(true, true, false, false) }),
    'enough-answer blocked',
  ],
  ['a start without its back end', { kind: 'start' }, allDown({ backEnd: 'down' }), 'back-end-reachable blocked'],
  ['a start with a back end nobody could read', { kind: 'start' }, allDown({ backEnd: null }), 'back-end-reachable tickable'],
  [
    'a reset while one server runs',
    { kind: 'reset' },
    allDown({ services: services('Running', 'Stopped', 'Stopped', 'Stopped') }),
    'pool-down refused',
  ],
  ['a reset', { kind: 'reset' }, allDown(), 'topology-published tickable'],
  ['a recovery of a pool that has lost nothing', { kind: 'recover' }, wellSeen(), 'groups-lost refused'],
  ['a recovery of lost groups', { kind: 'recover' }, wellSeen({ fabric: lost }), 'groups-lost ok'],
  ['a recovery while the fabric is silent', { kind: 'recover' }, wellSeen({ fabric: null }), 'groups-lost blocked'],
  [
    'a recovery with three of four running',
    { kind: 'recover' },
    wellSeen({
      fabric: lost,
      services: services('Running', 'Running', 'Running', 'Stopped'),
      answers: answering(true, true, true, true),
    }),
    'pool-quorum ok',
  ],
  [
    'a recovery below the start table',
    { kind: 'recover' },
    wellSeen({
      fabric: lost,
      services: services('Running', 'Running', 'Stopped', 'Stopped'),
      answers: answering(true, true, true, true),
    }),
    'pool-quorum blocked',
  ],
];
for (const [what, asked, seen, says] of RULES)
  test(`${what}: ${says}`, () => {
    const [check, verdict] = says.split(' ');
    const { request } = new OperationStory(asked).state;
    const found = findingsOf({ request, ticks: [] }, seen).find((each) => each.check === check);
    assert.equal(found?.verdict, verdict, found?.seen);
  });

/** "start table": how many of so many servers have to answer before a pool is started or reset. */
for (const [size, needed] of [
  [3, 3],
  [4, 3],
  [5, 4],
  [6, 5],
  [7, 5],
  [8, 6],
  [9, 7],
  [10, 8],
  [11, 9],
  [12, 10],
] as const)
  test(`of ${size} servers ${needed} have to answer before the pool is started`, () => {
    const { request } = new OperationStory({ kind: 'start' }).state;
    const verdictWith = (count: number) => {
      const computers = Array.from({ length: size }, (_, index) => server(index + 1));
      const answers = computers.map((each, index) => ({ server: each, answer: index < count ? STOPPED : null }));
      const seen = allDown({ computers, answers, services: null });
      return findingsOf({ request, ticks: [] }, seen).find(({ check }) => check === 'enough-answer')?.verdict;
    };
    assert.deepEqual([verdictWith(needed), verdictWith(needed - 1)], ['ok', 'blocked']);
  });

for (const [what, wentDown, answers, verdict] of [
  ['both answer', [], [true, true], 'ok'],
  ['one answers, and nobody saw which went down last', [], [true, false], 'blocked'],
  ['the one that went down last answers', [server(2), server(1)], [true, false], 'ok'],
  ['the one that went down first answers', [server(1), server(2)], [true, false], 'blocked'],
] as const)
  test(`a pool of two comes back together or in reverse order: ${what}`, () => {
    const { request } = new OperationStory({ kind: 'start', wentDown }).state;
    const seen = allDown({ computers: [server(1), server(2)], answers: answering(...answers), services: null });
    assert.equal(findingsOf({ request, ticks: [] }, seen).find(({ check }) => check === 'enough-answer')?.verdict, verdict);
  });

test('a word by name lets stand what no cmdlet tells, and nothing that a cmdlet tells', () => {
  const seen = wellSeen({ underWay: 'pool02 is being worked on' });
  const { request } = new OperationStory().state;
  const ticks = [
    { check: 'edge-next-hop', by: dana, seen: EDGE },
    { check: 'nothing-under-way', by: dana, seen: 'pool02 is being worked on' },
  ] as const;
  const findings = findingsOf({ request, ticks }, seen);
  const verdictOf = (name: string) => findings.find(({ check }) => check === name)?.verdict;
  assert.deepEqual([verdictOf('edge-next-hop'), verdictOf('nothing-under-way')], ['ok', 'blocked']);
});

const ready = () => new OperationStory().say({ kind: 'ticked', check: 'edge-next-hop', by: dana, seen: EDGE }).look();
const approved = () => ready().ask().approve();

test('nothing is asked for while something stands against it, and it is looked for again every minute', () => {
  const story = new OperationStory().look();
  assert.deepEqual(moveOf(story).kind, 'wait');
  assert.deepEqual(moveOf(story, { now: story.now + minutes(1) }), { kind: 'look', scope: 'whole' });
  const held = moveOf(story, { now: minutes(241) });
  assert.ok(held.kind === 'record' && held.event.kind === 'held' && held.event.reason.kind === 'findings');
});
test('what no waiting changes ends it', () => {
  const move = moveOf(new OperationStory().look(wellSeen({ backupPool: null })));
  assert.ok(move.kind === 'record' && move.event.kind === 'ended' && move.event.ending.how === 'refused');
});
test('approval is asked for on a look of the last minute only, and not while everything is frozen', () => {
  assert.equal(moveOf(ready()).kind, 'request-approval');
  assert.deepEqual(moveOf(ready(), { now: ready().now + minutes(2) }), { kind: 'look', scope: 'whole' });
  assert.equal(moveOf(ready(), { frozen: true }).kind, 'wait');
});
test('the cmdlet runs on a server that runs, else on one that answers; a product without it starts each server', () => {
  const start = (changes: Partial<OperationRequest>, seen: OperationSighting) => {
    const move = moveOf(new OperationStory({ kind: 'start', ...changes }).look(seen));
    return move.kind === 'request-approval' ? move.steps : move;
  };
  const [fe1, fe2, fe3, fe4] = [server(1), server(2), server(3), server(4)];
  assert.deepEqual(start({}, allDown({ answers: answering(false, true, true, true) })), [{ action: 'cmdlet', server: fe2 }]);
  assert.deepEqual(
    start({ version: '2013' }, allDown()),
    [fe1, fe2, fe3, fe4].map((each) => ({ action: 'start-services', server: each })),
  );
});
test('under a yes the pool is looked at again, and only then the call is made, once', () => {
  assert.deepEqual(moveOf(approved()), { kind: 'look', scope: 'whole' });
  const story = approved().look();
  assert.deepEqual(moveOf(story), { kind: 'perform', step: { action: 'cmdlet', server: server(1), token: 'op-1-1-x' } });
  assert.deepEqual(moveOf(story, { now: story.now + minutes(2) }), { kind: 'look', scope: 'whole' });
  assert.equal(moveOf(story, { frozen: true }).kind, 'wait');
  const started = approved().start();
  assert.deepEqual(moveOf(started), { kind: 'look', scope: 'progress' });
});
for (const [what, at, seen] of [
  ['the pool is not as it was', {}, wellSeen({ copies: module('ErrorState') })],
  [
    'the server it was to run on answers no more',
    {},
    wellSeen({
      answers: [
        { server: server(1), answer: null },
        { server: server(2), answer: UP },
      ],
    }),
  ],
  ['the configuration is another', { revision: 'r2' }, wellSeen()],
  ['it was not acted on in four hours', { now: minutes(300) }, wellSeen({})],
] as const)
  test(`a yes is void when ${what}`, () => {
    const story = approved();
    if ('now' in at) story.now = at.now;
    const move = moveOf(story.look(seen), { revision: 'r1', ...at, now: story.now });
    assert.ok(move.kind === 'record' && move.event.kind === 'held' && move.event.reason.kind === 'void');
    const after = story.say({ kind: 'held', reason: move.event.reason }).say({ kind: 'retried', by: omar }).look();
    assert.equal(after.state.approved, false);
  });
test('no event lets a step begin without a yes, or a second one beside it', () => {
  const step = { action: 'cmdlet', server: server(1), token: 'op-1-1-x' } as const;
  assert.throws(() => ready().ask().say({ kind: 'step-started', step }));
  assert.throws(() => approved().start().say({ kind: 'step-started', step }));
  assert.throws(() => ready().ask(2).approve(omar).say({ kind: 'step-started', step }));
  assert.equal(ready().ask(2).approve(omar).approve(kim).state.approved, true);
});

const token = 'op-1-1-x';
for (const [what, run, after, accepted, conclusion] of [
  ['it runs', { kind: 'running', token }, 5, true, 'still-going'],
  ['it runs for an hour and a half', { kind: 'running', token }, 90, true, 'unclear'],
  ['it ended without an error', { kind: 'ended', token, failed: null }, 5, true, 'done'],
  ['it ended with one', { kind: 'ended', token, failed: 'no backup pool' }, 5, true, 'failed'],
  ['the server does not answer', null, 5, true, 'still-going'],
  ['the server does not answer for an hour and a half', null, 90, true, 'unclear'],
  ['there is no trace of it yet', { kind: 'none' }, 4, false, 'still-going'],
  ['there is no trace of what nobody saw accepted', { kind: 'none' }, 5, false, 'not-done'],
  ['there is no trace of what was accepted', { kind: 'none' }, 5, true, 'unclear'],
  ['the trace is of another one', { kind: 'ended', token: 'op-1-0-w', failed: null }, 5, false, 'not-done'],
] as const)
  test(`what became of the cmdlet: ${what}: ${conclusion}`, () => {
    const started = { step: { action: 'cmdlet', server: server(1), token }, at: 0, accepted } as const;
    assert.equal(concludeOperation(started, wellSeen({ at: minutes(after), run })).kind, conclusion);
  });

test('a start has come to its end when every server that answers runs and every routing group has a primary', () => {
  const { request } = new OperationStory({ kind: 'start' }).state;
  assert.equal(goalOf(request, wellSeen()).kind, 'reached');
  assert.equal(goalOf(request, allDown()).kind, 'waiting');
  assert.equal(goalOf(request, wellSeen({ fabric: null })).kind, 'waiting');
  assert.equal(goalOf(request, wellSeen({ fabric: lost })).kind, 'waiting');
  assert.equal(goalOf(request, wellSeen({ answers: answering(false, false) })).kind, 'waiting');
  const stuck = goalOf(request, allDown({ stuck: [{ server: server(2), events: [{ id: 32169, at: 0, text: '' }] }] }));
  assert.ok(stuck.kind === 'waiting' && /fe2: event 32169 waits for quorum to start/.test(stuck.because));
});

test('no call is forced, none is a rehearsal, and each reset names its kind', () => {
  for (const kind of POOL_OPERATIONS) assert.doesNotMatch(OPERATION_CMDLETS[kind], /-(Force|WhatIf|DisasterMode|Skip)/i);
  assert.match(OPERATION_CMDLETS.recover, /-ResetType QuorumLossRecovery$/);
  assert.match(OPERATION_CMDLETS.reset, /-ResetType ServiceReset$/);
  assert.deepEqual(
    (['2013', '2015', '2019'] as const).map((version) => hasCmdlet('start', version)),
    [false, true, true],
  );
});
