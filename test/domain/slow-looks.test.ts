import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aborting, booting, bothDown, draining } from '../commands/situations.ts';
import { aPool, dana, type Story, server, UP, without } from '../support.ts';
import { follow, moveOf, next } from './next-in-words.ts';

const [fe1, fe2] = [server(1), server(2)];
const STOPPED = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' } as const;
const DRAINING = { answer: { ...UP, services: 'StopPending' } } as const;

test('a stuck server is told of on a look at the pool that took long, for nothing is done on it', () => {
  const story = booting().wait(21).lookAt(fe2);
  story.lookAt(fe1, { answer: null });
  assert.equal(next(story), 'look at the pool: whole');
  const asked = story.now;
  story.wait(10).look({ at: asked }).lookAt(fe1, { answer: null }).lookAt(fe2, { answer: null });
  assert.equal(next(story), 'held: stuck');
});
test('but not on one from before it was stuck', () => {
  const story = booting().look().wait(21).lookAt(fe1, { answer: null }).lookAt(fe2, { answer: null });
  assert.equal(next(story), 'look at the pool: whole');
});
test('a server that an abort cannot bring up is told of in the same way', () => {
  const story = aborting().lookAt(fe1, { answer: null });
  assert.equal(next(story), 'wait', 'one look may be missed');
  const asked = story.wait(5).now;
  story.look({ at: asked }).wait(2).lookAt(fe1, { answer: null });
  assert.equal(next(story), 'held: stuck');
});

/** The pool has another server than was planned for. */
const grown = (story: Story) =>
  story.look({ computers: aPool(7).servers, services: without(story.topology, fe1) }).lookAt(fe1, DRAINING);
const retry = (story: Story, immediate: boolean) => story.say({ kind: 'retried', by: dana, immediate });
const overdue = (story: Story) => story.hold({ kind: 'drain-overdue', server: fe1, since: 0 });
const abort = (story: Story) => story.say({ kind: 'aborted', by: dana, how: 'bring-back' });
test('an abort that is to end a drain in a pool that is another by now is held, however often it is told to go on', () => {
  const story = overdue(abort(draining()));
  for (const _time of ['once', 'again']) {
    grown(retry(story, true));
    assert.equal(next(story), 'held: step-unclear');
    follow(story);
    retry(story, false);
    assert.equal(next(story.lookAt(fe1, DRAINING)), 'wait');
  }
  assert.equal(next(story.wait(6).lookAt(fe1, { answer: STOPPED })), 'step-ended', 'somebody stopped it there');
});
test('so is one whose plan was given up before', () => {
  const story = retry(draining().hold({ kind: 'topology-changed', because: 'fe7 is new' }), false);
  assert.equal(story.run.plan, null);
  grown(retry(overdue(abort(story)), true));
  assert.equal(next(story), 'held: step-unclear');
  assert.match(JSON.stringify(moveOf(story)), /abort now/);
});

/** fe1 and fe2 are stopped, and fe1 answers nothing any more. */
const mateSilent = () => {
  const story = abort(bothDown()).lookAt(fe1, { answer: null }).wait(5).lookAt(fe1, { answer: null });
  return story.look({ at: story.now });
};
test('a server that cannot be brought up keeps no other of its domain down', () => {
  const story = mateSilent();
  assert.equal(next(story), 'look at fe2: nothing');
  assert.equal(next(story.lookAt(fe2, { answer: STOPPED })), 'start fe2');
});
test('one that is not in the pool any more is nobody’s to wait for', () => {
  const story = mateSilent().lookAt(fe2, { answer: STOPPED });
  story.look({ computers: aPool(6).servers.filter((each) => each !== fe1) });
  assert.equal(next(story), 'start fe2');
  const alone = story
    .say({ kind: 'step-not-needed', action: 'start', server: fe2 })
    .lookAt(fe2, { sipPortOpen: true, inFabric: true });
  assert.equal(next(alone), 'server-back');
  assert.equal(next(follow(alone)), 'ended');
});
test('a server that never came up from its restart is let come as it comes once the run is aborted, and the next one is told', () => {
  const story = bothDown().patched(fe1).patched(fe2).lookAt(fe1, { answer: STOPPED });
  story.start({ action: 'restart', server: fe1, bootTimeSeen: STOPPED.bootTime });
  abort(story.hold({ kind: 'stuck', servers: [fe1], because: '', service: '' }));
  story.lookAt(fe1, { answer: null }).lookAt(fe2, { answer: STOPPED });
  assert.equal(next(story), 'restart fe2');
});
