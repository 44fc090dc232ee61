import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom } from '../../src/domain/carried.ts';
import type { Hook } from '../../src/domain/inventory.ts';
import { dana, Story, without } from '../support.ts';
import {
  ACCEPTS,
  ALONE,
  after,
  approved,
  BOTH,
  before,
  ended,
  failed,
  fe1,
  fe1Down,
  fe2,
  prepared,
  running,
  STOPPED,
  seen,
} from './hook-walk.ts';
import { follow, moveOf, next } from './next-in-words.ts';

const failing = (hook: Hook) => {
  const story = hook === 'before' ? seen(approved()).start(before()) : running().start(after());
  return follow(story.lookAt(fe1, { hookRun: ended(1) }));
};
const retry = (story: Story) => story.say({ kind: 'retried', by: dana, immediate: false });
const adopt = (story: Story) => story.say({ kind: 'adopted', server: fe1, by: dana });

test('a hook that fails holds the run with its exit code, and the yes stands', () => {
  for (const hook of ['before', 'after'] as const) {
    const { held, work } = failing(hook).run;
    assert.deepEqual(held?.reason, { kind: 'hook-failed', server: fe1, hook, because: 'ended with 1' });
    assert.equal(work?.approved, true);
  }
});
test('retry runs it again, and adopt goes on as if it had run', () => {
  assert.equal(next(seen(retry(failing('before')))), 'hook before fe1');
  assert.equal(next(seen(adopt(failing('before')))), 'stop fe1');
  assert.equal(next(retry(failing('after')).lookAt(fe1, ACCEPTS)), 'hook after fe1');
  assert.equal(next(adopt(failing('after')).lookAt(fe1, ACCEPTS)), 'server-back');
});
test('a yes that the hold has outlived is asked for anew, and what was adopted is not run again', () => {
  const [again, adopted] = [retry(failing('before').wait(240)), adopt(failing('before').wait(240))];
  assert.equal(again.run.work?.approved, false);
  assert.equal(next(again.look()), 'ask for fe1,fe2');
  assert.deepEqual([adopted.run.work?.approved, next(adopted.look())], [false, 'ask for fe1,fe2']);
  assert.equal(next(seen(adopted.ask().approve())), 'stop fe1');
  assert.equal(next(seen(adopt(failing('before').wait(239)))), 'stop fe1');
});
test('a hook of which nobody can tell, or that the server refuses, can be adopted too', () => {
  const unclear = follow(seen(approved()).start(before()).wait(30).lookAt(fe1, { hookRun: null }));
  const refused = seen(approved()).start(before());
  refused.hold({ kind: 'step-refused', step: before(), because: 'the hook before is still running there' });
  for (const story of [unclear, refused]) assert.equal(next(seen(adopt(story))), 'stop fe1');
});

const abort = (story: Story, how: 'bring-back' | 'leave' = 'bring-back') => story.say({ kind: 'aborted', by: dana, how });
const leftOf = (story: Story): readonly string[] | null => {
  const move = moveOf(story);
  return move.kind === 'record' && move.event.kind === 'ended' && move.event.ending.how === 'aborted'
    ? move.event.ending.left
    : null;
};
test('an abort puts back what the hook before took out, and ends with nothing left', () => {
  const story = abort(prepared());
  assert.equal(next(story), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'hook after fe1');
  assert.deepEqual(leftOf(story.does(after())), []);
});
test('an abort lets a hook before end first; however it ended, it is put back', () => {
  for (const hookRun of [ended(0), ended(1), failed()]) {
    const story = abort(seen(approved()).start(before()));
    assert.equal(next(story), 'look at fe1: hook-before');
    follow(story.lookAt(fe1, { hookRun })).lookAt(fe1, ACCEPTS);
    assert.equal(next(story), 'hook after fe1');
  }
});
test('an abort of a run that a failed hook holds puts back as well', () => {
  const story = abort(failing('before')).lookAt(fe1, { hookRun: ended(1) });
  assert.equal(next(follow(story).lookAt(fe1, ACCEPTS)), 'hook after fe1');
});
test('an abort runs no hook after on a server that accepts no connections: a person looks', () => {
  const story = abort(prepared()).lookAt(fe1, { ...ACCEPTS, sipPortOpen: false });
  assert.equal(next(story), 'held: step-unclear');
});
test('an abort brings a server up before its hook after, and one of an untouched server runs none', () => {
  const story = abort(fe1Down()).lookAt(fe1, { answer: STOPPED });
  assert.equal(next(story), 'start fe1');
  story.does({ action: 'start', server: fe1 }).lookAt(fe1, ACCEPTS);
  assert.equal(next(story), 'hook after fe1');
  story.does(after()).lookAt(fe1, ACCEPTS);
  assert.deepEqual(leftOf(follow(story)), []);
  assert.deepEqual(leftOf(abort(approved(ALONE.after))), []);
});
test('an abort that fails to put back is held, and goes on by retry or adopt', () => {
  const story = () =>
    follow(
      abort(prepared())
        .lookAt(fe1, ACCEPTS)
        .start(after())
        .lookAt(fe1, { hookRun: ended(1) }),
    );
  assert.equal(story().run.held?.reason.kind, 'hook-failed');
  assert.equal(next(retry(story()).lookAt(fe1, ACCEPTS)), 'hook after fe1');
  assert.deepEqual(leftOf(adopt(story())), []);
});
test('what no hook after puts back is told of, and so is a hook whose end nobody has seen', () => {
  const left = ['fe1: the hook before has run, and the one after has not'];
  assert.deepEqual(leftOf(abort(prepared(ALONE.before))), left);
  assert.deepEqual(leftOf(abort(prepared(), 'leave')), left);
  assert.deepEqual(leftOf(abort(seen(approved()).start(before()), 'leave')), ['fe1: told to run the hook before, not seen done']);
});

test('a pool that is another by now has its servers put back that were taken out and never down', () => {
  const story = prepared().hold({ kind: 'topology-changed', because: 'the pool has another domain' });
  retry(story).look();
  const others = [{ name: '1', servers: [fe1] }];
  story.say({ kind: 'planned', topology: { ...story.topology, upgradeDomains: others }, upgradeDomains: others });
  assert.equal(next(story), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'hook after fe1');
  assert.equal(next(story.does(after()).lookAt(fe1, ACCEPTS)), 'server-back');
  assert.deepEqual(follow(story).run.upgraded, []);
});
test('the next run does not take a server for down that only ran a hook', () => {
  const left = abort(seen(fe1Down(), fe2).start(before(fe2)), 'leave');
  const carried = carriedFrom(follow(left).run);
  assert.deepEqual(carried.downByUs, [fe1]);
  const story = new Story({ carried, settings: { hooks: BOTH } });
  story.look({ services: without(story.topology, fe1) });
  story.say({ kind: 'planned', topology: story.topology, upgradeDomains: story.topology.upgradeDomains });
  assert.deepEqual(story.run.downByUs, [fe1]);
  assert.equal(next(story), 'look at fe2: hook-before');
});
