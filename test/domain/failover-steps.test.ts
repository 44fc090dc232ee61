import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evolve } from '../../src/domain/evolve.ts';
import type { WithoutAt } from '../../src/domain/moves.ts';
import { phaseOf } from '../../src/domain/phase.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import { minutes } from '../../src/domain/time.ts';
import { aPool, dana, omar, readiness, type Story, server, UP, without } from '../support.ts';
import {
  ACCEPTS,
  approved,
  asked,
  back,
  booting,
  failBack,
  failedBack,
  failedOver,
  failingBack,
  failingOver,
  failOver,
  fe1,
  fe2,
  follow,
  moveOf,
  next,
  OFF,
  ON_ITS_WAY,
  patched,
  planned,
  ran,
  runs,
} from './failover-walk.ts';

const BY_COMMAND = { settings: { patchMode: 'by-command' } } as const;
const topology = aPool(3);

test('one server is asked for, and no other', () => {
  const move = moveOf(planned().look());
  assert.deepEqual(move.kind === 'request-approval' && move.gate, {
    kind: 'stop-domain',
    upgradeDomain: { name: 'fe1', servers: [fe1] },
    servers: [fe1],
    stopMode: 'graceful',
  });
});

test('after the yes the pool and the server are looked at, and then it is failed over', () => {
  const story = approved();
  assert.equal(next(story), 'look at the pool: whole');
  assert.equal(next(story.look()), 'look at fe1: patch');
  assert.deepEqual(moveOf(story.lookAt(fe1)), { kind: 'perform', step: { action: 'fail-over', server: fe1 } });
});
test('a server is failed over on looks of the last minute', () => {
  const story = approved().look().lookAt(fe1).wait(1);
  assert.equal(next(story), 'fail-over fe1');
  story.now += 1;
  assert.equal(next(story), 'look at the pool: whole');
  assert.equal(next(story.look()), 'look at fe1: patch');
});
for (const [told, changes] of [
  [
    'the pool is not Ready any more',
    { readiness: readiness(topology, 'Busy'), verdict: { kind: 'busy', counted: 1, countedAt: [], askAgainAt: 0 } },
  ],
  [
    'its domain is not ready any more',
    {
      readiness: {
        ...readiness(topology),
        upgradeDomains: readiness(topology).upgradeDomains.map((each) => ({ ...each, readyForUpgrade: each.name !== '1' })),
      },
    },
  ],
  ['another server is lost', { services: without(topology, fe2) }],
  ['the fabric is unread', { fabric: null }],
  ['the back end is down', { backEnd: 'down' }],
  ['an Event Viewer was opened', { viewers: [{ server: fe1, open: ['mmc'] }] }],
] as const)
  test(`${told}: the yes is void, and nothing is failed over`, () => {
    const story = approved().look(changes).lookAt(fe1);
    assert.equal(next(story), 'held: approval-void');
    assert.equal(follow(story).run.work, null);
  });

for (const [story, event] of [
  [asked(), { kind: 'step-started', step: failOver() }],
  [approved(), { kind: 'step-started', step: failOver(fe2) }],
  [approved(), { kind: 'step-started', step: failBack() }],
  [failingOver(), { kind: 'step-started', step: failOver() }],
  [failingOver(), { kind: 'step-started', step: failBack() }],
  [failedOver(), { kind: 'step-started', step: failOver() }],
  [patched(), { kind: 'step-started', step: failBack() }],
  [failingBack(), { kind: 'step-started', step: failBack() }],
  [failingOver(), { kind: 'step-ended', step: failBack(), conclusion: 'done' }],
  [failingBack(), { kind: 'step-ended', step: failOver(), conclusion: 'done' }],
] satisfies [Story, WithoutAt<RunEvent>][])
  test(`after ${story.events.at(-1)?.kind}, phase ${phaseOf(story.run)}: ${JSON.stringify(event)} cannot follow`, () => {
    assert.throws(() => evolve(story.run, { ...event, at: story.now }));
  });

test('while FailOver runs the server is looked at every minute, with what became of the cmdlet', () => {
  const story = failingOver();
  assert.equal(next(story), 'look at fe1: failover');
  story.lookAt(fe1, { answer: { ...UP, services: 'StopPending' }, ...runs('fail-over') });
  assert.deepEqual(moveOf(story), { kind: 'wait', until: story.now + minutes(1), because: 'fail-over' });
  assert.equal(next(story.wait(1)), 'look at fe1: failover');
  assert.equal(phaseOf(story.run), 'stopping');
});
test('it is down once it is stopped and disabled, and then a person patches it', () => {
  const story = follow(
    failingOver()
      .wait(3)
      .lookAt(fe1, { answer: OFF, ...ran('fail-over') }),
  );
  assert.deepEqual(
    story.run.work?.servers.map(({ stage }) => stage),
    ['down'],
  );
  assert.deepEqual(story.run.downByUs, [fe1]);
  assert.equal(phaseOf(story.run), 'patching');
  assert.equal(phaseOf(story.patched(fe1).run), 'restarting');
});
test('or the patch command does, on a server that is stopped', () => {
  const story = failedOver(BY_COMMAND);
  assert.equal(next(story), 'look at fe1: patch');
  assert.equal(next(story.lookAt(fe1, { answer: OFF, patchRun: { kind: 'none' } })), 'patch fe1');
});
test('after its restart a server whose services are disabled is failed back, and nothing else starts it', () => {
  const story = booting();
  assert.equal(next(story), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'fail-back fe1');
  // Not even where Start-CsWindowsService would come.
  assert.equal(next(story.wait(6).lookAt(fe1, { answer: OFF })), 'fail-back fe1');
});
test('services that somebody has enabled, and that do not start, are started', () => {
  const enabled = { ...OFF, disabled: false };
  const story = booting().lookAt(fe1, { answer: enabled });
  assert.equal(next(story), 'wait');
  assert.equal(next(story.wait(5).lookAt(fe1, { answer: enabled })), 'start fe1');
});
test('while FailBack runs the server is looked at every minute, and is on its way up when it has ended', () => {
  const story = failingBack();
  assert.equal(next(story), 'look at fe1: failover');
  story.lookAt(fe1, { answer: ON_ITS_WAY, ...runs('fail-back') });
  assert.deepEqual(moveOf(story), { kind: 'wait', until: story.now + minutes(1), because: 'fail-back' });
  follow(story.wait(2).lookAt(fe1, { answer: UP, ...ran('fail-back') }));
  assert.equal(phaseOf(story.run), 'verifying');
  assert.equal(next(story), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1)), 'wait', 'FailBack is over, and no connection is taken yet');
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'server-back');
});
test('a server that accepts connections with its services disabled is not back: a person has to look', () => {
  const disabled = { ...ACCEPTS, answer: { ...UP, disabled: true } };
  const story = failedBack().lookAt(fe1, disabled);
  assert.equal(next(story), 'wait');
  story.wait(20).look().lookAt(fe1, disabled);
  const move = moveOf(story);
  assert.ok(move.kind === 'record' && move.event.kind === 'held' && move.event.reason.kind === 'stuck');
  assert.match(move.event.reason.because, /run and are disabled: they would stay off after its next restart/);
});

test('the next server is asked for only after twenty minutes of Ready with every server running', () => {
  const story = back().look();
  assert.equal(phaseOf(story.run), 'settling');
  for (let minute = 0; minute < 19; minute += 1) story.wait(1).look();
  assert.equal(next(story), 'wait');
  follow(story.wait(1).look());
  const move = moveOf(story.look());
  assert.deepEqual(move.kind === 'request-approval' && move.gate.servers, [fe2]);
});
test('a server that is lost while the last one settles starts the twenty minutes again', () => {
  const story = back().look();
  for (let minute = 0; minute < 19; minute += 1) story.wait(1).look();
  story
    .wait(1)
    .look({ services: without(topology, server(3)) })
    .wait(1)
    .look();
  assert.equal(next(story), 'wait');
  assert.equal(story.run.settling?.since, story.now);
});

test('nothing is failed over or back while it is paused or frozen; and however long that lasts, nothing is stuck', () => {
  const stop = (story: Story, how: 'paused' | 'frozen') =>
    how === 'paused'
      ? story.say({ kind: 'paused', by: dana })
      : story.say({ kind: 'frozen', by: omar, because: 'drill', since: story.now });
  const goOn = (story: Story, how: 'paused' | 'frozen') => story.say({ kind: how === 'paused' ? 'resumed' : 'thawed', by: dana });
  for (const how of ['paused', 'frozen'] as const) {
    assert.equal(next(stop(approved().look().lookAt(fe1), how)), 'await-person');
    const story = stop(booting(), how);
    for (let minute = 0; minute < 120; minute += 1) {
      assert.equal(next(story.wait(1)), 'look at fe1: connections');
      assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'wait', `${how} for ${minute} minutes`);
    }
    assert.equal(next(goOn(story, how)), 'look at fe1: connections');
    assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'fail-back fe1');
  }
});
test('one that does not answer is stuck, paused or not', () => {
  const story = booting().say({ kind: 'paused', by: dana }).wait(20).look().lookAt(fe1, { answer: null });
  assert.equal(next(story), 'held: stuck');
});
