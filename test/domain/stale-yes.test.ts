import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseOf } from '../../src/domain/phase.ts';
import { approved, draining, fe1Down } from '../commands/situations.ts';
import { dana, omar, type Story, server, settings, UP, without } from '../support.ts';
import { follow, next } from './next-in-words.ts';

const [fe1, fe2] = [server(1), server(2)];
const stop = { action: 'stop', server: fe1, stopMode: 'graceful' } as const;
const STARTING = { ...UP, services: 'StartPending', rtcsrv: 'StartPending' } as const;
const DRAINING = { answer: { ...UP, services: 'StopPending' } } as const;
const retry = (story: Story, immediate = false) => story.say({ kind: 'retried', by: dana, immediate });
const pause = (story: Story) => story.say({ kind: 'paused', by: dana });
const resume = (story: Story) => story.say({ kind: 'resumed', by: dana });
const fe1Off = (story: Story) => ({ services: without(story.topology, fe1) });
/** The yes is said to cover nothing any more. */
const lapses = (story: Story) => {
  assert.equal(next(story), 'approval-lapsed');
  return follow(story);
};
const outcomeOf = ({ run }: Story) => run.gates.at(-1)?.outcome?.kind;

test('a yes that a pause outlived is not acted on: it is asked for anew', () => {
  const story = pause(approved()).wait(239);
  assert.equal(next(resume(story).look().lookAt(fe1)), 'stop fe1');
  const late = lapses(resume(pause(approved()).wait(240)));
  assert.deepEqual([late.run.work, outcomeOf(late)], [null, 'void']);
  assert.equal(next(late.look()), 'ask for fe1,fe2');
});
test('a yes whose time runs out during the look after it is asked for anew', () => {
  assert.equal(next(lapses(approved().wait(240).look().lookAt(fe1)).look()), 'ask for fe1,fe2');
});
test('the rest of a domain is asked for anew when the time of its yes is over', () => {
  const story = fe1Down().wait(238);
  assert.equal(next(story.look(fe1Off(story)).lookAt(fe2)), 'stop fe2');
  assert.equal(next(lapses(story.wait(1)).look(fe1Off(story)).lookAt(fe2)), 'ask for fe2');
});
test('a stop that was taken and undone by somebody has used its yes up', () => {
  const story = draining().say({ kind: 'step-accepted', step: stop }).wait(5).lookAt(fe1);
  lapses(follow(story));
  assert.deepEqual([story.run.work, outcomeOf(story), phaseOf(story.run)], [null, 'void', 'settling']);
});
test('a stop of the rest that was taken and undone has used its yes up, and the others stay down meanwhile', () => {
  const story = fe1Down();
  story
    .look(fe1Off(story))
    .lookAt(fe2)
    .start({ ...stop, server: fe2 })
    .say({ kind: 'step-accepted', step: { ...stop, server: fe2 } });
  lapses(follow(story.wait(5).lookAt(fe2)));
  assert.equal(next(story.look(fe1Off(story)).lookAt(fe2)), 'ask for fe2');
  story.say({ kind: 'approval-requested', gate: { ...story.gate, code: 'REST', kind: 'stop-rest', servers: [fe2] }, checks: [] });
  story.say({ kind: 'approved', code: 'REST', by: omar });
  assert.equal(next(story.look(fe1Off(story)).lookAt(fe2)), 'stop fe2');
});
test('a stop of which the server never heard is told once more on the same yes', () => {
  const story = approved().look().lookAt(fe1).start(stop).wait(5).lookAt(fe1);
  assert.equal(next(follow(story).look().lookAt(fe1)), 'stop fe1');
});
test('a first stop that was refused never began: its yes is used up, and nothing of the pool was disturbed', () => {
  const story = approved().look().lookAt(fe1).start(stop).hold({ kind: 'step-refused', step: stop, because: 'no' });
  lapses(retry(story));
  assert.deepEqual([story.run.work, story.run.downByUs, story.run.unsettled], [null, [], false]);
  assert.equal(next(story.look()), 'ask for fe1,fe2');
});
test('the end of a drain that was refused leaves a server that drains on', () => {
  const story = endOfDrain();
  const immediate = { ...stop, stopMode: 'immediate' } as const;
  story.start(immediate).hold({ kind: 'step-refused', step: immediate, because: 'no' });
  assert.deepEqual(story.run.downByUs, [fe1]);
  retry(story).look(fe1Off(story)).lookAt(fe1, DRAINING);
  assert.equal(next(story), 'wait');
});

/** A person's yes to end the drain of fe1 has come. */
const endOfDrain = () =>
  retry(draining().hold({ kind: 'drain-overdue', server: fe1, since: 0 }), true)
    .ask({ kind: 'immediate-stop', servers: [fe1], stopMode: 'immediate' })
    .approve();

test('a yes to end a drain has its time too: after it, it is asked for anew', () => {
  assert.equal(next(endOfDrain().look().lookAt(fe1, DRAINING)), 'stop fe1');
  assert.equal(next(endOfDrain().wait(240).look().lookAt(fe1, DRAINING)), 'ask for fe1');
});

const reconfigure = (story: Story, changes: Parameters<typeof settings>[0] = {}) =>
  story.say({ kind: 'reconfigured', settings: settings({ revision: 'r2', ...changes }) });
test('a configuration that changes while the first stop is under way voids the yes for the rest', () => {
  const story = reconfigure(draining()).say({ kind: 'step-ended', step: stop, conclusion: 'done' });
  assert.equal(next(lapses(story).look(fe1Off(story)).lookAt(fe2)), 'ask for fe2');
});
test('a configuration that changes voids the yes to end a drain: it is asked for again', () => {
  assert.equal(next(reconfigure(endOfDrain()).look().lookAt(fe1, DRAINING)), 'ask for fe1');
});
test('a server whose services are just being started by somebody is not taken down: a person is asked', () => {
  assert.equal(next(approved().look().lookAt(fe1, { answer: STARTING })), 'held: step-unclear');
});
test('people who patch by hand are not joined by a patch command that was configured meanwhile', () => {
  const story = reconfigure(fe1Down().stop(fe2), { patchMode: 'by-command' });
  assert.equal(next(story.lookAt(fe1, { answer: { ...UP, services: 'Stopped', rtcsrv: 'Stopped' } })), 'look at fe2: patch');
  assert.equal(story.run.settings.patchMode, 'by-hand');
  assert.equal(reconfigure(approved(), { patchMode: 'by-command' }).run.settings.patchMode, 'by-command');
});
