import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HookRun, ServerSighting } from '../../src/domain/sighting.ts';
import { conclude, type Step } from '../../src/domain/step.ts';
import { minutes, seconds } from '../../src/domain/time.ts';
import { aPool, dana, domainOf, kim, Story, server, serverLook, UP, without } from '../support.ts';
import {
  ACCEPTS,
  ALONE,
  after,
  approved,
  BOTH,
  before,
  booting,
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

const NONE: HookRun = { kind: 'none' };
const RUNS: HookRun = { kind: 'running' };
const OLD = minutes(60);

const CONCLUDED: readonly (readonly [accepted: boolean, minute: number, look: Partial<ServerSighting>, expected: string])[] = [
  [true, 0, { hookRun: ended(0) }, 'done'],
  [true, 0, { hookRun: ended(1) }, 'hook-failed: ended with 1'],
  // It is no installer: nothing but 0 is a good end.
  [true, 0, { hookRun: ended(3010) }, 'hook-failed: ended with 3010'],
  [true, 0, { hookRun: ended(-1) }, 'hook-failed: ended with -1'],
  [true, 3, { hookRun: failed() }, 'hook-failed: could not be run: there is no file'],
  // A server that said that it had begun has forgotten whatever was there before.
  [true, 3, { hookRun: ended(0, OLD) }, 'done'],
  [false, 3, { hookRun: ended(0, minutes(3)) }, 'done'],
  [false, 3, { hookRun: ended(2, minutes(3)) }, 'hook-failed: ended with 2'],
  [false, 3, { hookRun: ended(0, minutes(3) + seconds(30)) }, 'done'],
  [false, 3, { hookRun: ended(0, minutes(4)) }, 'still-going'],
  [false, 4.99, { hookRun: ended(0, OLD) }, 'still-going'],
  [false, 5, { hookRun: ended(0, OLD) }, 'not-done'],
  [false, 5, { hookRun: ended(1, OLD) }, 'not-done'],
  [false, 5, { hookRun: failed(OLD) }, 'not-done'],
  [true, 29.99, { hookRun: RUNS }, 'still-going'],
  [true, 30, { hookRun: RUNS }, 'ask: the hook still runs'],
  [false, 4.99, { hookRun: NONE }, 'still-going'],
  [false, 5, { hookRun: NONE }, 'not-done'],
  [true, 4.99, { hookRun: NONE }, 'still-going'],
  [true, 5, { hookRun: NONE }, 'ask: no trace of the hook'],
  [true, 29.99, { hookRun: null }, 'still-going'],
  [true, 30, { hookRun: null }, 'ask: nobody can tell what became of the hook'],
  [true, 29.99, { answer: null }, 'still-going'],
  [true, 30, { answer: null }, 'ask: the server does not answer'],
];
for (const [accepted, minute, look, expected] of CONCLUDED) {
  const told = accepted ? 'which was heard' : 'which nobody knows to have been heard';
  test(`a hook ${told}, after ${minute} min, of which ${JSON.stringify(look)} is seen: ${expected}`, () => {
    for (const step of [before(), after()]) {
      const conclusion = conclude({ step, at: 0, accepted }, serverLook(fe1, { at: minutes(minute), ...look }));
      const because = 'because' in conclusion ? `: ${conclusion.because}` : '';
      assert.equal(`${conclusion.kind}${because}`, expected);
    }
  });
}

test('the hook before runs where the stop would, and then everything is looked at anew', () => {
  const story = approved();
  assert.equal(next(story), 'look at the pool: whole');
  assert.equal(next(story.look()), 'look at fe1: patch');
  assert.deepEqual(moveOf(story.lookAt(fe1)), { kind: 'perform', step: before() });
  story.start(before());
  assert.equal(next(story), 'look at fe1: hook-before');
  follow(story.lookAt(fe1, { hookRun: ended(0) }));
  assert.equal(next(story), 'look at the pool: whole');
  assert.equal(next(story.look()), 'look at fe1: patch');
  assert.equal(next(story.lookAt(fe1)), 'stop fe1');
  assert.deepEqual(story.run.downByUs, [], 'a hook takes no server down');
});
test('each server has its own hook before, when it is its turn', () => {
  assert.equal(next(seen(fe1Down(), fe2)), 'hook before fe2');
  assert.equal(next(seen(seen(fe1Down(), fe2).does(before(fe2)), fe2)), 'stop fe2');
});
test('without a hook before the stop comes at once', () => {
  for (const hooks of [ALONE.after, { before: false, after: false }]) assert.equal(next(seen(approved(hooks))), 'stop fe1');
});
test('by server-failover the hook comes before FailOver', () => {
  const topology = aPool(3);
  const units = topology.servers.map((each, index) => ({ name: `fe${index + 1}`, servers: [each] }));
  const about = { hooks: BOTH, version: '2019', procedure: 'server-failover' } as const;
  const story = new Story({ topology, settings: about }).plan(units);
  story.ask({ upgradeDomain: units[0] ?? domainOf(topology) }).approve();
  assert.equal(next(seen(story)), 'hook before fe1');
  assert.equal(next(seen(story.does(before()))), 'fail-over fe1');
});
test('a server whose services are stopped already is taken as it is, without its hook', () => {
  const story = approved().look().lookAt(fe1, { answer: STOPPED });
  assert.equal(next(story), 'step-not-needed');
});
test('what stands against the stop stands against the hook before', () => {
  assert.equal(next(approved().look({ fabric: null }).lookAt(fe1)), 'held: approval-void');
  assert.equal(next(approved().look().lookAt(fe1, { answer: null })), 'held: step-unclear');
});

test('no hook before can begin without a yes, on a server that is down, or beside another step', () => {
  const begins = (story: Story, step: Step) => () => story.start(step).run;
  const unapproved = () => prepared().hold({ kind: 'our-servers-are-down' }).say({ kind: 'retried', by: dana, immediate: false });
  const impossible: readonly (readonly [Story, Step])[] = [
    [unapproved(), before(fe2)],
    [fe1Down(), before()],
    [approved().look().start({ action: 'stop', server: fe1, stopMode: 'graceful' }), before(fe2)],
    [approved().start(before()), before(fe2)],
    [fe1Down(), after()],
    [booting().start({ action: 'start', server: fe1 }), after(fe2)],
    [approved(), before(server(3))],
  ];
  for (const [story, step] of impossible) assert.throws(begins(story, step), /cannot follow/);
});

test('a hook that has run is not run again after a crash of ours, whether or not its server was heard', () => {
  for (const hookRun of [ended(0), ended(0, seconds(30))]) {
    const story = seen(approved()).start(before()).lookAt(fe1, { hookRun });
    assert.equal(next(seen(follow(story))), 'stop fe1');
  }
});
test('one that never began is run again, once; then a person is asked', () => {
  const story = seen(approved());
  for (const expected of ['hook before fe1', 'hook before fe1', 'held: step-unclear']) {
    assert.equal(next(story), expected);
    if (expected !== 'held: step-unclear') seen(follow(story.start(before()).wait(5).lookAt(fe1, { hookRun: NONE })));
  }
  assert.match(JSON.stringify(moveOf(story)), /"action":"hook".*seen not done 2 times/);
});
test('a hook that has run is not run again when its yes is used up and another is given', () => {
  const story = prepared().look({ fabric: null }).lookAt(fe1);
  follow(story);
  assert.deepEqual([story.run.held?.reason.kind, story.gate.code], ['approval-void', story.run.gates[0]?.gate.code]);
  assert.equal(story.run.gates.at(-1)?.outcome?.kind, 'void');
  story.say({ kind: 'retried', by: dana, immediate: false });
  assert.equal(next(story), 'look at the pool: whole');
  assert.equal(next(story.look({ services: without(story.topology, server(6)) })), 'held: checks-failed');
  assert.equal(next(story.look()), 'ask for fe1,fe2');
  assert.equal(next(seen(story.ask().approve())), 'stop fe1');
  assert.equal(next(seen(story.does({ action: 'stop', server: fe1, stopMode: 'graceful' }), fe2)), 'hook before fe2');
});
test('a request that was asked for again and denied stays denied, whatever is held after it', () => {
  const story = prepared().hold({ kind: 'our-servers-are-down' }).say({ kind: 'retried', by: dana, immediate: false });
  story.ask();
  story.say({ kind: 'denied', code: story.gate.code, by: kim, because: 'not tonight' });
  story.say({ kind: 'retried', by: dana, immediate: false }).hold({ kind: 'our-servers-are-down' });
  assert.equal(story.run.gates.at(-1)?.outcome?.kind, 'denied');
});

/** How a server looks that is on its way up, and whether the hook after runs then. */
const ON_ITS_WAY: readonly (readonly [Partial<ServerSighting>, boolean])[] = [
  [ACCEPTS, true],
  [{ ...ACCEPTS, answer: { ...UP, services: 'StartPending', rtcsrv: 'StartPending' } }, false],
  [{ ...ACCEPTS, answer: null }, false],
  [{ ...ACCEPTS, answer: { ...UP, disabled: true } }, false],
  [{ sipPortOpen: false, inFabric: true }, false],
  [{ sipPortOpen: null, inFabric: true }, false],
  [{ sipPortOpen: true, inFabric: false }, false],
  [{ sipPortOpen: true, inFabric: null }, false],
];
for (const [look, runs] of ON_ITS_WAY) {
  test(`the hook after ${runs ? 'runs' : 'waits'} while its server is seen like this: ${JSON.stringify(look)}`, () => {
    const move = next(booting().lookAt(fe1, look).lookAt(fe2, { answer: null }));
    assert.equal(move, runs ? 'hook after fe1' : 'wait');
  });
}
test('a server is back once the hook after has run and it still accepts connections', () => {
  const story = running().start(after());
  assert.equal(next(story), 'look at fe1: hook-after');
  follow(story.lookAt(fe1, { hookRun: ended(0) }));
  assert.equal(next(story), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'server-back');
  assert.equal(next(follow(story).lookAt(fe2, ACCEPTS)), 'hook after fe2');
});
test('a pool with a hook after alone has it run too, and one with a hook before alone has none', () => {
  const alone = approved(ALONE.after).stop(fe1).stop(fe2).patched(fe1).patched(fe2).restart(fe1).restart(fe2);
  assert.equal(next(alone.lookAt(fe1, ACCEPTS).lookAt(fe2, { answer: null })), 'hook after fe1');
  assert.equal(next(alone.does(after()).lookAt(fe1, ACCEPTS)), 'server-back');
  assert.equal(next(running(ALONE.before)), 'server-back');
});
test('a hook after without its hook before runs for nobody whom we did not take out', () => {
  const found = approved().look().lookAt(fe1, { answer: STOPPED });
  const story = seen(seen(follow(found), fe2).does(before(fe2)), fe2).does({ action: 'stop', server: fe2, stopMode: 'graceful' });
  story.patched(fe1).patched(fe2).restart(fe1).restart(fe2);
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'server-back');
});

const freeze = (story: Story) => story.say({ kind: 'frozen', by: kim, because: 'storage drill', since: story.now });
const pause = (story: Story) => story.say({ kind: 'paused', by: kim });
/** Where a hook comes next; what comes instead while frozen, and while paused. */
const DUE: readonly (readonly [what: string, () => Story, due: string, frozen: string, paused: string])[] = [
  ['the hook before', () => seen(approved()), 'hook before fe1', 'await-person', 'await-person'],
  ['the hook before of the next server', () => seen(fe1Down(), fe2), 'hook before fe2', 'await-person', 'await-person'],
  ['the hook after', running, 'hook after fe1', 'wait', 'wait'],
  [
    'the hook after of an abort',
    () => prepared().say({ kind: 'aborted', by: dana, how: 'bring-back' }).lookAt(fe1, ACCEPTS),
    'hook after fe1',
    'await-person',
    'hook after fe1',
  ],
];
for (const [what, story, due, whileFrozen, whilePaused] of DUE) {
  test(`${what} is never run while everything is frozen, nor while a person has paused`, () => {
    assert.deepEqual([next(story()), next(freeze(story()))], [due, whileFrozen]);
    // An abort ends a pause.
    if (due !== whilePaused) assert.equal(next(pause(story())), whilePaused);
  });
}
test('a server that only waits for its hook after, frozen for hours, is not stuck', () => {
  const story = freeze(booting()).wait(300).look();
  assert.equal(next(story.lookAt(fe1, ACCEPTS).lookAt(fe2, ACCEPTS)), 'wait');
  assert.equal(next(story.lookAt(fe2, { answer: null })), 'held: stuck');
});
test('a hook that runs is looked at to its end, frozen or paused', () => {
  for (const stop of [freeze, pause]) {
    const story = stop(seen(approved()).start(before())).lookAt(fe1, { hookRun: RUNS });
    assert.equal(next(story), 'wait');
    assert.equal(next(story.wait(1)), 'look at fe1: hook-before');
    assert.equal(next(story.lookAt(fe1, { hookRun: ended(0, minutes(1)) })), 'step-ended');
  }
});
