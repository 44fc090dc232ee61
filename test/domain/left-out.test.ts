import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom } from '../../src/domain/carried.ts';
import type { Ending, Scope } from '../../src/domain/run.ts';
import { minutes } from '../../src/domain/time.ts';
import { aPool, dana, domainOf, must, Story, server, settings, without } from '../support.ts';
import { failOver, OFF, units } from './failover-walk.ts';
import {
  ACCEPTS,
  ALONE,
  after,
  approved,
  BOTH,
  before,
  bothDown,
  ended,
  fe1,
  fe1Down,
  fe2,
  prepared,
  running,
  STOPPED,
  seen,
} from './hook-walk.ts';
import { follow, moveOf, next } from './next-in-words.ts';

const [fe3, fe4] = [server(3), server(4)];
const NONE = { before: false, after: false };
const abort = (story: Story, how: 'bring-back' | 'leave' = 'bring-back') => story.say({ kind: 'aborted', by: dana, how });
const retry = (story: Story) => story.say({ kind: 'retried', by: dana, immediate: false });
const adopt = (story: Story, of = fe1) => story.say({ kind: 'adopted', server: of, by: dana });
const endingOf = (story: Story): Ending | null => {
  const move = moveOf(story);
  return move.kind === 'record' && move.event.kind === 'ended' ? move.event.ending : null;
};
const leftOf = (story: Story): readonly string[] => {
  const ending = must(endingOf(story));
  return ending.how === 'refused' ? ending.because : (ending.left ?? []);
};
const hookHasRunOn = (of: string) => `${of}: the hook before has run, and the one after has not`;
/** The pool's next run, as the one that comes to its end now leaves it. */
const asksAgain = (story: Story, scope: Scope = { kind: 'left' }, hooks = BOTH) =>
  new Story({ carried: carriedFrom(follow(story).run), scope, settings: { hooks } });
const planOf = (story: Story, names: readonly string[] = ['1', '2', '3']) =>
  story.say({
    kind: 'planned',
    topology: story.topology,
    upgradeDomains: names.map((name) => domainOf(story.topology, name)),
  });

/** An abort left domain 1 down, and somebody started its servers by hand. */
const startedByHand = (story: Story) => {
  follow(abort(story, 'leave'));
  for (const each of [fe1, fe2]) story.say({ kind: 'left-server-back', server: each });
  return story;
};
test('servers that a hook has taken out, and that somebody started, are put back by an abort of the next run', () => {
  const left = startedByHand(bothDown());
  const story = new Story({ carried: carriedFrom(left.run), settings: { hooks: BOTH } });
  planOf(story.look());
  assert.equal(next(abort(story)), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'hook after fe1');
});
test('the next run lets them settle, asks for them anew, and does not run the hook before again', () => {
  const left = startedByHand(bothDown());
  const story = new Story({ carried: carriedFrom(left.run), settings: { hooks: BOTH } });
  planOf(story.look());
  assert.deepEqual([story.run.settling?.upgradeDomain, story.run.work?.approved], [null, false]);
  story.say({ kind: 'settled', upgradeDomain: null });
  assert.equal(next(story.look()), 'ask for fe1,fe2');
  assert.equal(next(seen(story.ask().approve())), 'stop fe1');
});
test('a run of other domains that finishes, or is aborted, names them', () => {
  const left = [hookHasRunOn('fe1'), hookHasRunOn('fe2')];
  const story = () => {
    const carried = carriedFrom(startedByHand(bothDown()).run);
    const asked = new Story({ carried, scope: { kind: 'domains', names: ['2'] }, settings: { hooks: BOTH } });
    return planOf(asked.look(), ['2']);
  };
  assert.deepEqual(leftOf(abort(story())), left);
  const finished = story();
  finished
    .say({ kind: 'settled', upgradeDomain: null })
    .ask({ upgradeDomain: domainOf(finished.topology, '2') })
    .approve();
  for (const each of [fe3, fe4])
    seen(seen(finished, each).does(before(each)), each).does({ action: 'stop', server: each, stopMode: 'graceful' });
  for (const each of [fe3, fe4]) finished.patched(each);
  for (const each of [fe3, fe4]) finished.restart(each);
  for (const each of [fe3, fe4]) finished.lookAt(each, ACCEPTS).does(after(each)).back(each);
  finished.say({ kind: 'settled', upgradeDomain: '2' });
  assert.deepEqual(endingOf(finished), { how: 'finished', left });
});
test('a hook before that failed and is to run again may have taken its server out: an abort puts it back', () => {
  const story = follow(
    seen(approved())
      .start(before())
      .lookAt(fe1, { hookRun: ended(1) }),
  );
  retry(story).look({ services: without(story.topology, fe4) });
  assert.equal(next(story), 'held: approval-void');
  follow(story);
  assert.equal(next(abort(story)), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'hook after fe1');
  assert.deepEqual(leftOf(story.does(after())), []);
});
test('a hook before that failed is run again, whatever yes it takes', () => {
  const story = retry(
    follow(
      seen(approved())
        .start(before())
        .lookAt(fe1, { hookRun: ended(1) }),
    ).wait(240),
  );
  assert.equal(next(story.look()), 'ask for fe1,fe2');
  assert.equal(next(seen(story.ask().approve())), 'hook before fe1');
});
test('one that failed and is left as it is, is told of', () => {
  const story = retry(
    follow(
      seen(approved())
        .start(before())
        .lookAt(fe1, { hookRun: ended(1) }),
    ),
  );
  assert.deepEqual(leftOf(abort(story, 'leave')), ['fe1: the hook before was tried, and the one after has not run']);
});
test('a server that was told to stop, came back by hand and has a hook after alone, has it run by an abort', () => {
  const stop = { action: 'stop', server: fe1, stopMode: 'graceful' } as const;
  const story = seen(approved(ALONE.after)).start(stop).say({ kind: 'step-accepted', step: stop }).wait(5).lookAt(fe1);
  assert.equal(next(abort(follow(story)).lookAt(fe1, ACCEPTS)), 'hook after fe1');
});

const reconfigure = (story: Story, hooks = NONE) =>
  story.say({ kind: 'reconfigured', settings: settings({ revision: 'r2', hooks }) });
test('a server that was taken out while there was a hook after is not back without it: a person is asked', () => {
  const story = reconfigure(running());
  assert.equal(next(story), 'held: step-unclear');
  adopt(follow(story)).lookAt(fe1, ACCEPTS);
  assert.equal(next(story), 'server-back');
});
test('an abort does not forget it either', () => {
  const story = abort(reconfigure(prepared())).lookAt(fe1, ACCEPTS);
  assert.equal(next(story), 'held: step-unclear');
  assert.deepEqual(leftOf(adopt(follow(story))), []);
});
test('a hook before that is configured meanwhile takes nothing from the hook after that a server is owed', () => {
  assert.equal(next(reconfigure(running(ALONE.after), BOTH)), 'hook after fe1');
});
test('a server that is taken back from where FailOver left it is put back too', () => {
  const topology = aPool(3);
  const about = { hooks: BOTH, version: '2019', procedure: 'server-failover' } as const;
  const story = new Story({ topology, settings: about })
    .plan(units)
    .ask({ upgradeDomain: must(units[0]) })
    .approve();
  follow(abort(seen(seen(story).does(before())).does(failOver()), 'leave'));
  const scope = { kind: 'domains', names: ['fe2'] } as const;
  const again = new Story({ topology, carried: carriedFrom(story.run), scope, settings: about });
  const fe1Off = { services: without(topology, fe1), disabled: [fe1] };
  again.look(fe1Off).say({ kind: 'planned', topology, upgradeDomains: [must(units[1])] });
  adopt(again.look(fe1Off)).lookAt(fe1, { answer: OFF });
  assert.equal(next(again), 'fail-back fe1');
  assert.equal(next(again.does({ action: 'fail-back', server: fe1 }).lookAt(fe1, ACCEPTS)), 'hook after fe1');
  assert.equal(next(again.does(after()).lookAt(fe1, ACCEPTS)), 'server-back');
  assert.deepEqual(leftOf(abort(follow(again))), []);
});
test('a hook before that an abort left under way is looked at by the next run before anything is done', () => {
  const story = asksAgain(abort(seen(approved()).start(before()).say({ kind: 'step-accepted', step: before() }), 'leave'));
  assert.equal(next(planOf(story.wait(30).look())), 'look at fe1: hook-before');
  assert.equal(
    next(abort(follow(story.lookAt(fe1, { hookRun: ended(0) })).lookAt(fe1, ACCEPTS)).lookAt(fe1, ACCEPTS)),
    'hook after fe1',
  );
});

test('a domain of which nothing is down any more is begun anew: everything stands before its first stop', () => {
  const halfway = seen(abort(seen(fe1Down(), fe2).does(before(fe2))), fe2).lookAt(fe1, { answer: STOPPED });
  halfway.does({ action: 'start', server: fe1 }).lookAt(fe1, ACCEPTS).does(after()).back(fe1);
  const again = asksAgain(abort(halfway, 'leave'));
  planOf(again.look()).say({ kind: 'settled', upgradeDomain: null });
  assert.equal(next(again.look({ verdict: { kind: 'busy', counted: 1, countedAt: [0], askAgainAt: 0 } })), 'held: checks-failed');
  assert.equal(next(again.look()), 'ask for fe1,fe2');
  again.ask().approve();
  assert.equal(next(seen(again)), 'hook before fe1');
  assert.equal(next(seen(again.does(before()), fe1)), 'stop fe1');
});
test('a hook before that an abort left, and of which nobody had heard, is as old as it is: it is not run again', () => {
  const story = asksAgain(abort(seen(approved()).start(before()), 'leave'));
  planOf(story.wait(30).look()).lookAt(fe1, { hookRun: ended(0, minutes(30)) });
  follow(story);
  assert.equal(story.run.work?.servers[0]?.prepared, true);
});
test('a server that a person brought back from a FailOver is still out of what the hook before took it out of', () => {
  const topology = aPool(3);
  const about = { hooks: BOTH, version: '2019', procedure: 'server-failover' } as const;
  const story = new Story({ topology, settings: about })
    .plan(units)
    .ask({ upgradeDomain: must(units[0]) })
    .approve();
  seen(seen(story).does(before())).start(failOver());
  story.wait(60).lookAt(fe1, { answer: OFF, failoverRun: { kind: 'ended', direction: 'fail-over', failed: 'timed out' } });
  retry(follow(story))
    .look({ services: without(topology, fe1) })
    .look();
  assert.equal(story.run.work?.approved, false);
  assert.equal(next(abort(story).lookAt(fe1, ACCEPTS)), 'hook after fe1');
});
test('a run that leaves nothing out finishes as ever', () => {
  const story = planOf(new Story({ settings: { hooks: BOTH }, scope: { kind: 'domains', names: ['1'] } }).look(), ['1'])
    .ask()
    .approve();
  for (const each of [fe1, fe2])
    seen(seen(story, each).does(before(each)), each).does({ action: 'stop', server: each, stopMode: 'graceful' });
  for (const each of [fe1, fe2]) story.patched(each);
  for (const each of [fe1, fe2]) story.restart(each);
  for (const each of [fe1, fe2]) story.lookAt(each, ACCEPTS).does(after(each)).back(each);
  assert.deepEqual(endingOf(story.say({ kind: 'settled', upgradeDomain: '1' })), { how: 'finished' });
});
test('two domains that hooks have taken servers of out are both handed on, and put back in their turn', () => {
  const carried = carriedFrom(startedByHand(bothDown()).run);
  const second = new Story({ carried, scope: { kind: 'domains', names: ['2'] }, settings: { hooks: BOTH } });
  planOf(second.look(), ['2']).say({ kind: 'settled', upgradeDomain: null });
  second.ask({ upgradeDomain: domainOf(second.topology, '2') }).approve();
  const left = [hookHasRunOn('fe3'), hookHasRunOn('fe1'), hookHasRunOn('fe2')];
  assert.deepEqual(leftOf(abort(seen(second, fe3).does(before(fe3)), 'leave')), left);
  const third = asksAgain(second);
  planOf(third.look());
  assert.deepEqual(leftOf(abort(third, 'leave')), left);
  const fourth = new Story({ carried: carriedFrom(second.run), settings: { hooks: BOTH } });
  planOf(fourth.look())
    .ask({ upgradeDomain: domainOf(fourth.topology, '2') })
    .approve();
  assert.equal(next(seen(fourth, fe3)), 'stop fe3');
  const stop = (of: typeof fe3) => ({ action: 'stop', server: of, stopMode: 'graceful' }) as const;
  seen(seen(seen(fourth.does(stop(fe3)), fe4).does(before(fe4)), fe4).does(stop(fe4)), fe3);
  for (const each of [fe3, fe4]) fourth.patched(each);
  for (const each of [fe3, fe4]) fourth.restart(each);
  for (const each of [fe3, fe4]) fourth.lookAt(each, ACCEPTS).does(after(each)).back(each);
  fourth
    .say({ kind: 'settled', upgradeDomain: '2' })
    .ask({ upgradeDomain: domainOf(fourth.topology) })
    .approve();
  assert.deepEqual([next(seen(fourth)), leftOf(abort(fourth, 'leave'))], ['stop fe1', left.slice(1)]);
  const fifth = new Story({
    carried: carriedFrom(second.run),
    scope: { kind: 'domains', names: ['1'] },
    settings: { hooks: BOTH },
  });
  planOf(fifth.look(), ['1']).ask().approve();
  assert.equal(next(seen(fifth)), 'stop fe1');
});
