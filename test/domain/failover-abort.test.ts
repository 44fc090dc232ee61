import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom } from '../../src/domain/carried.ts';
import { phaseOf } from '../../src/domain/phase.ts';
import { aPool, dana, Story, without } from '../support.ts';
import {
  ACCEPTS,
  approved,
  asked,
  booting,
  failBack,
  failedBack,
  failedOver,
  failingBack,
  failingOver,
  failOver,
  fe1,
  follow,
  moveOf,
  next,
  OFF,
  patched,
  ran,
  retried,
  units,
} from './failover-walk.ts';

const topology = aPool(3);
const fe1Off = { services: without(topology, fe1) };

const abort = (story: Story, how: 'bring-back' | 'leave' = 'bring-back') => story.say({ kind: 'aborted', by: dana, how });
const leftOf = (story: Story) => {
  const move = moveOf(abort(story, 'leave'));
  return move.kind === 'record' && move.event.kind === 'ended' && move.event.ending.how === 'aborted'
    ? move.event.ending.left
    : null;
};

test('abort fails back a server that is failed over, and does not start it otherwise', () => {
  const story = abort(failedOver());
  assert.equal(next(story), 'look at fe1: nothing');
  assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'fail-back fe1');
  assert.equal(next(abort(failedOver()).lookAt(fe1, { answer: { ...OFF, disabled: false } })), 'start fe1');
});
test('abort restarts a patched server first, and then fails it back', () => {
  const story = abort(patched());
  assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'restart fe1');
  story.restart(fe1).lookAt(fe1, { answer: OFF });
  assert.equal(next(story), 'fail-back fe1');
});
test('abort lets a FailOver end, and brings its server back', () => {
  const story = abort(failingOver());
  assert.equal(next(story), 'look at fe1: failover');
  follow(story.wait(3).lookAt(fe1, { answer: OFF, ...ran('fail-over') }));
  assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'fail-back fe1');
  assert.equal(next(follow(story.does(failBack()).lookAt(fe1, ACCEPTS))), 'ended');
});
test('abort ends when the FailOver fails: nothing is down, and nobody has to say anything', () => {
  const story = abort(failingOver())
    .wait(60)
    .lookAt(fe1, { ...ran('fail-over', 'timed out') });
  follow(story);
  assert.deepEqual(moveOf(story), { kind: 'record', event: { kind: 'ended', ending: { how: 'aborted', left: [] } } });
});
test('abort fails back what a FailOver has left off and disabled, though it failed', () => {
  const story = abort(failingOver())
    .wait(60)
    .lookAt(fe1, { answer: OFF, ...ran('fail-over', 'timed out') });
  assert.equal(next(story), 'held: failover-failed');
  assert.equal(next(retried(follow(story))), 'look at fe1: nothing');
  assert.equal(next(follow(story.lookAt(fe1, { answer: OFF })).lookAt(fe1, { answer: OFF })), 'fail-back fe1');
});
test('abort acts on looks of the last minute', () => {
  const story = abort(failedOver()).lookAt(fe1, { answer: OFF }).wait(1);
  assert.equal(next(story), 'fail-back fe1');
  story.now += 1;
  assert.equal(next(story), 'look at fe1: nothing');
});
test('abort is held by a FailBack that fails, and by one that leaves no trace twice', () => {
  const failing = () => abort(failedOver()).lookAt(fe1, { answer: OFF }).start(failBack());
  assert.equal(next(failing().lookAt(fe1, { answer: OFF, ...ran('fail-back', 'timed out') })), 'held: failover-failed');
  const story = failing();
  for (const expected of ['fail-back fe1', 'held: step-unclear']) {
    follow(story.wait(5).lookAt(fe1, { answer: OFF, failoverRun: { kind: 'none' } })).lookAt(fe1, { answer: OFF });
    assert.equal(next(story), expected);
    if (expected === 'fail-back fe1') story.start(failBack());
  }
});
test('abort does not start the same services again and again either', () => {
  const enabled = { ...OFF, disabled: false };
  const story = abort(failedOver()).lookAt(fe1, { answer: enabled });
  for (const expected of ['start fe1', 'start fe1', 'held: step-unclear']) {
    assert.equal(next(story), expected);
    if (expected !== 'start fe1') continue;
    follow(story.start({ action: 'start', server: fe1 }).wait(5).lookAt(fe1, { answer: enabled })).lookAt(fe1, {
      answer: enabled,
    });
  }
});
test('by the other procedure nobody runs FailBack: services that are disabled there are left to a person', () => {
  const byDomains = { version: '2015', procedure: 'upgrade-domains' } as const;
  const down = () => new Story({ topology, settings: byDomains }).plan().ask().approve().stop(fe1);
  assert.equal(next(abort(down()).look(fe1Off).lookAt(fe1, { answer: OFF })), 'held: stuck');
  assert.equal(next(down().patched(fe1).restart(fe1).look(fe1Off).lookAt(fe1, { answer: OFF })), 'held: stuck');
});

for (const [told, story, left] of [
  ['before anything', asked(), []],
  ['before its FailOver', approved(), []],
  ['while it is failed over', failingOver(), ['fe1: told to fail-over, not seen done']],
  [
    'failed over',
    failedOver(),
    ['fe1: services stopped, not patched and disabled: only Invoke-CsComputerFailBack brings it back'],
  ],
  ['patched', patched(), ['fe1: services stopped, patched and disabled: only Invoke-CsComputerFailBack brings it back']],
  [
    'after its restart',
    booting(),
    ['fe1: not seen back, patched; while its services are disabled only Invoke-CsComputerFailBack brings it back'],
  ],
  ['while it is failed back', failingBack(), ['fe1: told to fail-back, not seen done, patched']],
] satisfies [string, Story, readonly string[]][])
  test(`abort now, ${told}: what is left is said`, () => assert.deepEqual(leftOf(story), left));

/** Another run of the same pool after one that was left in the middle. */
const after = (left: Story, look: Parameters<Story['look']>[0] = fe1Off) => {
  follow(abort(left, 'leave'));
  const about = {
    topology,
    settings: { version: '2019', procedure: 'server-failover' },
    carried: carriedFrom(left.run),
  } as const;
  return new Story(about).look(look).say({ kind: 'planned', topology, upgradeDomains: units });
};

test('the next run waits for a FailOver that was left under way, and patches what it has taken down', () => {
  const story = after(failingOver(), {});
  assert.equal(next(story), 'look at fe1: failover');
  follow(story.wait(3).lookAt(fe1, { answer: OFF, ...ran('fail-over') }));
  assert.deepEqual([phaseOf(story.run), story.run.downByUs], ['patching', [fe1]]);
});
test('the next run lets the pool settle and asks for a server whose FailOver was left and came to nothing', () => {
  for (const failed of [null, 'timed out']) {
    const story = after(failingOver(), {});
    follow(story.wait(5).lookAt(fe1, { ...ran('fail-over', failed) }));
    if (failed !== null) retried(story);
    story.look();
    assert.deepEqual([story.run.work, phaseOf(story.run)], [null, 'settling'], failed ?? 'seen not done');
    for (let minute = 0; minute < 20; minute += 1) story.wait(1).look();
    assert.equal(next(follow(story).look()), 'request-approval');
  }
});
test('nobody has said yes to that server in the next run: it is not failed over once more', () => {
  const off = { answer: { ...OFF, disabled: false } };
  const story = follow(
    after(failingOver(), {})
      .wait(5)
      .lookAt(fe1, { ...off, ...ran('fail-over', 'timed out') }),
  );
  retried(story).look(fe1Off).lookAt(fe1, off);
  assert.equal(next(story), 'request-approval');
  assert.throws(() => story.start(failOver()).run, /nobody approved it/);
});
test('the next run fails back what was left between its restart and its FailBack', () => {
  for (const left of [booting(), failedBack()]) {
    const story = after(left);
    assert.equal(next(story), 'look at fe1: connections');
    assert.equal(next(story.lookAt(fe1, { answer: OFF })), 'fail-back fe1');
  }
});
test('a plan that is made anew in the middle of that run does not take the same server up once more', () => {
  const story = after(abort(failedOver()).lookAt(fe1, { answer: OFF }).does(failBack()));
  follow(story.lookAt(fe1, ACCEPTS)).look();
  for (let minute = 0; minute < 20; minute += 1) story.wait(1).look();
  follow(story).look().hold({ kind: 'topology-changed', because: 'one more' });
  retried(story).look().say({ kind: 'planned', topology, upgradeDomains: units });
  assert.equal(story.run.work, null);
  const move = moveOf(story.look());
  assert.deepEqual(move.kind === 'request-approval' && move.gate.servers, [fe1]);
});
