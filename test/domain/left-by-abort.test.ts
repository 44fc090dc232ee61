import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom } from '../../src/domain/carried.ts';
import type { Ending, Scope } from '../../src/domain/run.ts';
import { dana, domainOf, must, Story, without } from '../support.ts';
import { ACCEPTS, ALONE, BOTH, bothDown, fe1, fe1Down, fe2, STOPPED } from './hook-walk.ts';
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
