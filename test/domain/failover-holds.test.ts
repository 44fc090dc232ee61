import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseOf } from '../../src/domain/phase.ts';
import { aPool, type Story, without } from '../support.ts';
import {
  ACCEPTS,
  approved,
  failBack,
  failedToFailOver,
  failingBack,
  failingOver,
  failOver,
  fe1,
  follow,
  moveOf,
  next,
  OFF,
  ran,
  retried,
} from './failover-walk.ts';

const topology = aPool(3);
const stagesOf = (story: Story) => story.run.work?.servers.map(({ stage }) => stage) ?? null;
const fe1Off = { services: without(topology, fe1) };

for (const [told, answer] of [
  ['where it was', {}],
  ['where it was, with services that somebody has disabled', { disabled: true }],
  ['starting, for somebody has restarted it', { services: 'StartPending', rtcsrv: 'StartPending' }],
] as const) {
  test(`a FailOver that fails and leaves the server ${told} uses its yes up`, () => {
    const { run } = failedToFailOver(answer);
    assert.equal(run.held?.reason.kind, 'failover-failed');
    assert.deepEqual([run.work, run.downByUs], [null, []]);
    assert.equal(run.gates.at(-1)?.outcome?.kind, 'void');
  });
  test(`a FailOver that fails and leaves the server ${told} is asked for anew, once the pool is quiet again`, () => {
    const story = retried(failedToFailOver(answer)).look();
    assert.equal(phaseOf(story.run), 'settling');
    for (let minute = 0; minute < 20; minute += 1) story.wait(1).look();
    follow(story);
    assert.equal(next(story.look()), 'request-approval');
  });
}
test('readings while a FailOver ran, and half an hour after it failed, say more about us than about the pool', () => {
  const { run } = failedToFailOver();
  assert.equal(run.lastBackAt, run.held?.at);
});
test('a FailOver that was refused never began: it is asked for anew at once, and nothing of the pool was disturbed', () => {
  const refused = { kind: 'step-refused', step: failOver(), because: 'it still runs there' } as const;
  const { run } = approved().look().lookAt(fe1).start(failOver()).hold(refused);
  assert.deepEqual([run.work, run.downByUs, run.unsettled], [null, [], false]);
  assert.equal(next(retried(approved().look().lookAt(fe1).start(failOver()).hold(refused)).look()), 'request-approval');
});

test('a FailOver that fails with the services off and disabled has taken its server out all the same', () => {
  const story = failedToFailOver(OFF);
  assert.deepEqual([stagesOf(story), story.run.downByUs], [['up'], [fe1]]);
  retried(story).look(fe1Off).lookAt(fe1, { answer: OFF });
  assert.deepEqual(moveOf(story), { kind: 'record', event: { kind: 'step-not-needed', action: 'stop', server: fe1 } });
  assert.deepEqual([stagesOf(follow(story)), phaseOf(story.run)], [['down'], 'patching']);
});
test('a FailOver that fails with the services off and not disabled is run once more', () => {
  const off = { ...OFF, disabled: false };
  const story = retried(failedToFailOver(off)).look(fe1Off).lookAt(fe1, { answer: off });
  assert.equal(next(story), 'fail-over fe1');
});
test('that server is not forgotten when the run is held for something else meanwhile', () => {
  const story = retried(failedToFailOver(OFF)).hold({ kind: 'our-servers-are-down' });
  assert.deepEqual([stagesOf(story), story.run.downByUs], [['up'], [fe1]]);
  assert.deepEqual(stagesOf(follow(retried(story).look(fe1Off).lookAt(fe1, { answer: OFF }))), ['down']);
});
test('when somebody brings that server back, the yes is used up, the pool settles, and it is asked for anew', () => {
  const story = retried(failedToFailOver(OFF)).look();
  assert.deepEqual([story.run.work, story.run.downByUs], [null, []]);
  assert.equal(phaseOf(story.run), 'settling');
  for (let minute = 0; minute < 21; minute += 1) story.wait(1).look();
  assert.equal(next(follow(story).look()), 'request-approval');
});

test('a FailOver that was taken and left no trace has used its yes up', () => {
  const story = follow(
    failingOver()
      .wait(5)
      .lookAt(fe1, { failoverRun: { kind: 'none' } }),
  );
  assert.deepEqual([next(story), phaseOf(follow(story).run)], ['approval-lapsed', 'settling']);
});
test('a FailOver that nobody heard of is done once more, behind everything that stands before a first stop', () => {
  const unseen = () =>
    follow(
      approved()
        .look()
        .lookAt(fe1)
        .start(failOver())
        .wait(5)
        .lookAt(fe1, { failoverRun: { kind: 'none' } }),
    );
  const story = unseen();
  assert.deepEqual([stagesOf(story), story.run.downByUs], [['up'], []]);
  assert.equal(next(story), 'look at the pool: whole');
  assert.equal(next(story.look().lookAt(fe1)), 'fail-over fe1');
  assert.equal(next(unseen().look({ fabric: null }).lookAt(fe1)), 'held: approval-void');
  const twice = follow(
    story
      .start(failOver())
      .wait(5)
      .lookAt(fe1, { failoverRun: { kind: 'none' } }),
  );
  assert.equal(next(twice.look().lookAt(fe1)), 'held: step-unclear');
});

test('a FailBack that fails leaves its server out: held, and run once more by a word', () => {
  const story = follow(
    failingBack()
      .wait(60)
      .lookAt(fe1, { answer: OFF, ...ran('fail-back', 'timed out') }),
  );
  assert.deepEqual(story.run.held?.reason, {
    kind: 'failover-failed',
    server: fe1,
    direction: 'fail-back',
    because: 'timed out',
    services: 'Stopped',
    disabled: true,
  });
  assert.deepEqual([stagesOf(story), story.run.downByUs], [['booting'], [fe1]]);
  assert.equal(next(retried(story).lookAt(fe1, { answer: OFF })), 'fail-back fe1');
});
test('a FailBack that fails with the services running leaves it to the next look whether the server is back', () => {
  const story = follow(failingBack().wait(60).lookAt(fe1, ran('fail-back', 'timed out')));
  assert.deepEqual([stagesOf(story), story.run.downByUs], [['booting'], [fe1]]);
  assert.equal(next(retried(story).lookAt(fe1, ACCEPTS)), 'server-back');
});
test('a FailBack that left no trace twice is left to a person', () => {
  let story = failingBack();
  for (const expected of ['fail-back fe1', 'held: step-unclear']) {
    story = follow(story.wait(5).lookAt(fe1, { answer: OFF, failoverRun: { kind: 'none' } })).lookAt(fe1, { answer: OFF });
    assert.equal(next(story), expected);
    if (expected === 'fail-back fe1') story.start(failBack());
  }
});
test('a FailBack that nobody can tell the end of is told as a stuck server, with what it means for users', () => {
  const story = failingBack().wait(90).look(fe1Off).lookAt(fe1, { answer: OFF });
  assert.equal(next(story), 'held: stuck');
});
test('while a changed topology waits to be planned anew, a pool with a server down does not settle', () => {
  const story = failedToFailOver().hold({ kind: 'topology-changed', because: 'one more' });
  retried(story).look(fe1Off);
  assert.equal(phaseOf(story.run), 'settling');
  assert.match(story.run.settling?.because ?? '', /not running: fe1/);
});
