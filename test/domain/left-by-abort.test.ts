import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom } from '../../src/domain/carried.ts';
import type { Ending, Scope } from '../../src/domain/run.ts';
import { aTopology, dana, domainOf, must, Story, without } from '../support.ts';
import { ACCEPTS, ALONE, approved, BOTH, before, bothDown, fe1, fe1Down, fe2, STOPPED, seen } from './hook-walk.ts';
import { follow, moveOf, next } from './next-in-words.ts';

const abort = (story: Story, how: 'bring-back' | 'leave' = 'bring-back') => story.say({ kind: 'aborted', by: dana, how });
const endingOf = (story: Story): Ending | null => {
  const move = moveOf(story);
  return move.kind === 'record' && move.event.kind === 'ended' ? move.event.ending : null;
};
const leftOf = (story: Story): readonly string[] => {
  const ending = must(endingOf(story));
  return ending.how === 'refused' ? ending.because : (ending.left ?? []);
};
/** The pool's next run, as the one that comes to its end now leaves it. */
const asksAgain = (story: Story, scope: Scope = { kind: 'left' }, hooks = BOTH) =>
  new Story({ carried: carriedFrom(follow(story).run), scope, settings: { hooks } });
const planOf = (story: Story, names: readonly string[] = ['1', '2', '3']) =>
  story.say({
    kind: 'planned',
    topology: story.topology,
    upgradeDomains: names.map((name) => domainOf(story.topology, name)),
  });
const refuse = (story: Story) => story.say({ kind: 'ended', ending: { how: 'refused', because: ['no upgrade domain 9'] } });

test('what an abort has left is not lost by a short run that planned nothing', () => {
  const short = refuse(asksAgain(abort(bothDown(), 'leave'), { kind: 'domains', names: ['9'] }));
  const long = new Story({ carried: carriedFrom(short.run), settings: { hooks: BOTH } });
  planOf(long.look({ services: without(long.topology, fe1, fe2) }));
  assert.deepEqual(
    long.run.work?.servers.map(({ stage }) => stage),
    ['down', 'down'],
  );
});
test('what an abort has left is not lost by a run of other domains', () => {
  const short = asksAgain(abort(bothDown(), 'leave'), { kind: 'domains', names: ['2'] });
  planOf(short.look({ services: without(short.topology, fe1, fe2) }), ['2']);
  assert.equal(short.run.work, null);
  assert.deepEqual(leftOf(abort(short)), ['fe1: left down by an earlier run', 'fe2: left down by an earlier run']);
  const long = asksAgain(short);
  planOf(long.look({ services: without(long.topology, fe1, fe2) }));
  assert.equal(long.run.work?.servers.length, 2);
});
test('what an abort has left is taken up once, and not again by a plan that is made anew', () => {
  const story = asksAgain(abort(bothDown(), 'leave'));
  planOf(story.look({ services: without(story.topology, fe1, fe2) }));
  assert.equal(story.run.request.carried.work, null);
});

test('a server that the run before has upgraded is not taken down again', () => {
  const story = abort(fe1Down().look().lookAt(fe1, { answer: STOPPED }), 'leave');
  const carried = { ...carriedFrom(follow(story).run), upgraded: [fe1], downByUs: [], work: null };
  const again = planOf(new Story({ carried }).look());
  assert.equal(next(again.look()), 'ask for fe2');
  const anew = planOf(new Story({ carried, scope: { kind: 'all' } }).look());
  assert.equal(next(anew.look()), 'ask for fe1,fe2');
});
test('a domain that the run before has upgraded as a whole is passed over', () => {
  const again = planOf(new Story({ carried: { upgraded: [fe1, fe2] } }).look());
  assert.equal(next(again.look()), 'ask for fe3,fe4');
});
test('people are told to patch only what was taken down', () => {
  const again = planOf(new Story({ carried: { upgraded: [fe1] } }).look());
  const gate = { upgradeDomain: domainOf(again.topology), servers: [fe2] };
  again.ask(gate).approve().stop(fe2);
  const down = again.run.milestones.at(-1);
  assert.deepEqual(down?.kind === 'down' && down.upgradeDomain.servers, [fe2]);
});
test('a server that came back has no hook before behind it: the next run has it run again', () => {
  const story = abort(fe1Down(ALONE.before)).lookAt(fe1, { answer: STOPPED });
  story.does({ action: 'start', server: fe1 }).lookAt(fe1, ACCEPTS);
  assert.deepEqual(leftOf(follow(story)), []);
  assert.equal(carriedFrom(follow(story).run).work, null);
});

/** The six in domains that somebody has cut anew. */
const regrouped = aTopology('fe1,fe3|fe2,fe4|fe5,fe6');
const planRegrouped = (story: Story, ...down: readonly (typeof fe1)[]) =>
  story
    .look({ services: without(regrouped, ...down) })
    .say({ kind: 'planned', topology: regrouped, upgradeDomains: regrouped.upgradeDomains });
test('where the upgrade domains are others by now, what was begun is gone on with, and nothing else', () => {
  const carried = carriedFrom(follow(abort(fe1Down(), 'leave')).run);
  const { work, request } = planRegrouped(new Story({ topology: regrouped, carried, settings: { hooks: BOTH } }), fe1).run;
  assert.deepEqual(
    work?.servers.map(({ server, stage }) => [server, stage]),
    [[fe1, 'down']],
  );
  assert.equal(request.carried.work, null);
});
test('a hook that nobody saw the end of is looked at all the same', () => {
  const carried = carriedFrom(follow(abort(seen(approved()).start(before()), 'leave')).run);
  const { work } = planRegrouped(new Story({ topology: regrouped, carried, settings: { hooks: BOTH } })).run;
  assert.deepEqual(work?.started?.step, before());
  assert.deepEqual(
    work.servers.map(({ server }) => server),
    [fe1],
  );
});
test('a server whose start is refused comes after the others of its domain, and what came to nothing on it is not theirs', () => {
  const step = { action: 'start', server: fe1 } as const;
  const story = abort(bothDown()).lookAt(fe1, { answer: STOPPED }).start(step);
  story.hold({ kind: 'step-refused', step, because: 'access is denied' }).say({ kind: 'retried', by: dana, immediate: false });
  assert.equal(next(story.lookAt(fe1, { answer: STOPPED }).lookAt(fe2, { answer: STOPPED })), 'start fe2');
  const twice = abort(bothDown()).lookAt(fe1, { answer: STOPPED }).lookAt(fe2, { answer: STOPPED });
  for (const _time of ['once', 'again']) {
    twice.start(step).say({ kind: 'step-ended', step, conclusion: 'not-done' });
    twice.lookAt(fe1, { answer: STOPPED }).lookAt(fe2, { answer: STOPPED });
  }
  assert.equal(next(twice), 'start fe2');
});
test('a restart that nobody saw the end of is told again only where the boot is still the old one', () => {
  const step = { action: 'restart', server: fe1, bootTimeSeen: STOPPED.bootTime } as const;
  const stuck = () => {
    const story = bothDown().patched(fe1).patched(fe2).lookAt(fe1, { answer: STOPPED }).start(step);
    return abort(story.hold({ kind: 'stuck', servers: [fe1], because: '', service: '' })).lookAt(fe2, { answer: null });
  };
  assert.equal(next(stuck().lookAt(fe1, { answer: STOPPED })), 'restart fe1');
  const rebooted = { ...STOPPED, bootTime: STOPPED.bootTime + 600_000 };
  assert.equal(next(stuck().lookAt(fe1, { answer: rebooted })), 'step-not-needed');
});
