import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evolve, replay } from '../../src/domain/evolve.ts';
import type { WithoutAt } from '../../src/domain/moves.ts';
import { phaseOf } from '../../src/domain/phase.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import type { Step } from '../../src/domain/step.ts';
import { aPool, dana, domainOf, healthy, kim, omar, request, Story, server, serverLook, settings, UP } from '../support.ts';

const three = aPool(3);
const six = aPool(6, 2);
const [fe1, fe2, fe3] = [server(1), server(2), server(3)];
const stop = (of = fe1): Step => ({ action: 'stop', server: of, stopMode: 'graceful' });
const restart = (of = fe1): Step => ({ action: 'restart', server: of, bootTimeSeen: UP.bootTime });

const begun = () => new Story({ topology: six });
const planned = () => begun().plan();
const asked = () => planned().ask();
const approved = () => asked().approve();
const stopping = () => approved().look().start(stop());
const fe1Down = () => approved().stop(fe1);
const bothDown = () => fe1Down().stop(fe2);
const bothPatched = () => bothDown().patched(fe1).patched(fe2);
const booting = () => bothPatched().restart(fe1).restart(fe2);
const settling = () => booting().back(fe1).back(fe2);
const held = () => approved().hold({ kind: 'our-servers-are-down' });
const finished = () =>
  settling()
    .say({ kind: 'settled', upgradeDomain: '1' })
    .say({ kind: 'ended', ending: { how: 'finished' } });
const expired = () => asked().wait(240).say({ kind: 'approval-expired', code: gate().code });
const gate = () => asked().gate;

for (const [told, story, event] of [
  ['a second request', begun(), { kind: 'requested', request: request() }],
  ['a second request for approval while one is open', asked(), { kind: 'approval-requested', gate: gate(), checks: [] }],
  ['a request for approval before anything was seen', begun(), { kind: 'approval-requested', gate: gate(), checks: [] }],
  ['a yes while nothing is asked', planned(), { kind: 'approved', code: gate().code, by: omar }],
  ['a yes with an old code', asked(), { kind: 'approved', code: 'ZZZZ', by: omar }],
  ['a second yes after the gate is open', approved(), { kind: 'approved', code: gate().code, by: kim }],
  ['a no while nothing is asked', planned(), { kind: 'denied', code: gate().code, by: omar, because: 'no' }],
  ['a no with an old code', asked(), { kind: 'denied', code: 'ZZZZ', by: omar, because: 'no' }],
  ['a no after the yes', approved(), { kind: 'denied', code: gate().code, by: omar, because: 'no' }],
  ['an expiry after the yes', approved(), { kind: 'approval-expired', code: gate().code }],
  ['an expiry with an old code', asked(), { kind: 'approval-expired', code: 'ZZZZ' }],
  ['a stop before any plan', begun(), { kind: 'step-started', step: stop() }],
  ['a stop that nobody approved', asked(), { kind: 'step-started', step: stop() }],
  ['a stop of a server of another domain', approved(), { kind: 'step-started', step: stop(fe3) }],
  ['a second stop while one is under way', stopping(), { kind: 'step-started', step: stop(fe2) }],
  ['the same stop twice', stopping(), { kind: 'step-started', step: stop() }],
  [
    'an immediate stop of a drain that nobody approved',
    stopping(),
    { kind: 'step-started', step: { action: 'stop', server: fe1, stopMode: 'immediate' } },
  ],
  ['a stop of a server that is down', fe1Down(), { kind: 'step-started', step: stop() }],
  [
    'a stop after the configuration changed',
    fe1Down().say({ kind: 'reconfigured', settings: settings({ revision: 'r2' }) }),
    { kind: 'step-started', step: stop(fe2) },
  ],
  [
    'a patch of a server that is up',
    approved(),
    { kind: 'step-started', step: { action: 'patch', server: fe1, levelBefore: null } },
  ],
  ['a restart of a server that is not patched', bothDown(), { kind: 'step-started', step: restart() }],
  ['a restart of a server that is up', approved(), { kind: 'step-started', step: restart() }],
  ['a start of a server that is up', approved(), { kind: 'step-started', step: { action: 'start', server: fe1 } }],
  ['an accepted step that was never started', approved(), { kind: 'step-accepted', step: stop() }],
  ['an accepted step of another server', stopping(), { kind: 'step-accepted', step: stop(fe2) }],
  ['the end of a step that was never started', approved(), { kind: 'step-ended', step: stop(), conclusion: 'done' }],
  ['the end of another step', stopping(), { kind: 'step-ended', step: restart(), conclusion: 'done' }],
  ['the end of a step without a domain', planned(), { kind: 'step-ended', step: stop(), conclusion: 'done' }],
  ['a step that is not needed while one is under way', stopping(), { kind: 'step-not-needed', action: 'stop', server: fe2 }],
  ['patched while nothing is under way', planned(), { kind: 'patched', server: fe1, by: dana }],
  ['patched for a server that is up', approved(), { kind: 'patched', server: fe1, by: dana }],
  ['patched before the whole domain is down', fe1Down(), { kind: 'patched', server: fe1, by: dana }],
  ['patched for a server of another domain', bothDown(), { kind: 'patched', server: fe3, by: dana }],
  ['patched twice', bothDown().patched(fe1), { kind: 'patched', server: fe1, by: dana }],
  [
    'patched where a command does it',
    new Story({ topology: six, settings: { patchMode: 'by-command' } }).plan().ask().approve().stop(fe1).stop(fe2),
    { kind: 'patched', server: fe1, by: dana },
  ],
  ['a server back while nothing is under way', planned(), { kind: 'server-back', server: fe1 }],
  ['a server back that was never down', approved(), { kind: 'server-back', server: fe1 }],
  ['a server back that is not in the domain', booting(), { kind: 'server-back', server: fe3 }],
  ['settled while nothing settles', approved(), { kind: 'settled', upgradeDomain: '1' }],
  ['another domain settled', settling(), { kind: 'settled', upgradeDomain: '2' }],
  ['a look after the end', finished(), { kind: 'pool-observed', sighting: healthy(six) }],
  ['a second end', finished(), { kind: 'ended', ending: { how: 'finished' } }],
  ['a retry after the end', finished(), { kind: 'retried', by: dana, immediate: false }],
  ['a stop after the end', finished(), { kind: 'step-started', step: stop(fe3) }],
] satisfies [string, Story, WithoutAt<RunEvent>][]) {
  test(`cannot follow: ${told}`, () => {
    const run = story.run;
    assert.throws(() => evolve(run, { ...event, at: story.now }), /cannot follow|broken invariant|not under way/);
  });
}
test('a journal that does not start with a request is refused, and so is an empty one', () => {
  assert.throws(() => replay([]), /starts with "requested"/);
  assert.throws(() => replay(planned().events.slice(1)), /starts with "requested"/);
});
test('after the end only a server that was left down may come back', () => {
  const story = fe1Down()
    .say({ kind: 'aborted', by: dana, how: 'leave' })
    .say({ kind: 'ended', ending: { how: 'aborted', left: ['fe1'] } });
  assert.deepEqual(story.run.downByUs, [fe1]);
  assert.deepEqual(story.say({ kind: 'left-server-back', server: fe1 }).run.downByUs, []);
});

/** A whole walk of three servers with everything that can be said on the way. */
function longWalk(): Story {
  const story = new Story({ topology: three, settings: { approvalsNeeded: 2 } }).plan();
  story.say({ kind: 'ticked', check: 'replicas-outside', server: null, by: omar }).ask();
  story
    .say({ kind: 'denied', code: story.gate.code, by: kim, because: 'not yet' })
    .say({ kind: 'retried', by: dana, immediate: false });
  story
    .wait(2)
    .ask()
    .approve(omar)
    .approve(kim)
    .lookAt(fe1)
    .look()
    .start(stop())
    .wait(1)
    .lookAt(fe1, { answer: { ...UP, services: 'StopPending' } });
  story.say({ kind: 'paused', by: dana }).wait(70).hold({ kind: 'drain-overdue', server: fe1, since: 0 });
  story.say({ kind: 'resumed', by: dana }).say({ kind: 'retried', by: dana, immediate: true });
  story
    .ask({ kind: 'immediate-stop', stopMode: 'immediate' })
    .approve(omar)
    .approve(kim)
    .does({ action: 'stop', server: fe1, stopMode: 'immediate' });
  story
    .patched(fe1)
    .restart(fe1)
    .start({ action: 'start', server: fe1 })
    .wait(3)
    .say({ kind: 'step-ended', step: { action: 'start', server: fe1 }, conclusion: 'done' });
  story
    .back(fe1)
    .look()
    .wait(1)
    .look({ readiness: null, verdict: { kind: 'no-answer', inARow: 1 } })
    .wait(20)
    .look()
    .wait(20)
    .look();
  story
    .say({ kind: 'settled', upgradeDomain: '1' })
    .ask({ upgradeDomain: domainOf(three, '2') })
    .approve(omar)
    .approve(kim);
  story
    .say({ kind: 'step-not-needed', action: 'stop', server: fe2 })
    .say({ kind: 'reconfigured', settings: settings({ revision: 'r2' }) });
  story.say({ kind: 'aborted', by: dana, how: 'bring-back' }).start({ action: 'start', server: fe2 }).wait(9);
  story.say({ kind: 'step-ended', step: { action: 'start', server: fe2 }, conclusion: 'not-done' });
  return story.say({ kind: 'ended', ending: { how: 'aborted', left: ['fe2'] } }).say({ kind: 'left-server-back', server: fe2 });
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
test('a restart is a replay: every beginning of a journal gives the same run as living through it', () => {
  const { events } = longWalk();
  assert.ok(events.length >= 50, `${events.length} events`);
  let lived = frozen(replay(events.slice(0, 1)));
  for (let count = 1; count <= events.length; count += 1) {
    const stored: RunEvent[] = JSON.parse(JSON.stringify(events.slice(0, count)));
    assert.deepEqual(replay(stored), lived, `after ${count} events`);
    assert.equal(lived.seq, count);
    const next = events[count];
    if (next !== undefined) lived = frozen(evolve(lived, frozen(next)));
  }
});
test('every kind of event is in one of these journals', () => {
  const kinds = new Set(
    [...longWalk().events, ...finished().events, ...held().events, ...booting().events, ...expired().events].map(
      ({ kind }) => kind,
    ),
  );
  const all =
    'requested reconfigured pool-observed server-observed planned approval-requested approved denied approval-expired step-started step-accepted step-ended step-not-needed patched server-back ticked settled held retried paused resumed aborted ended left-server-back';
  assert.deepEqual([...kinds].toSorted(), all.split(' ').toSorted());
});

test('the phases come in the order a maintainer tells them', () => {
  const told: string[] = [];
  const tell = (story: Story) => {
    const word = phaseOf(story.run);
    if (told.at(-1) !== word) told.push(word);
    return story;
  };
  const story = tell(tell(new Story({ topology: three })).plan());
  for (const [name, of] of [
    ['1', fe1],
    ['2', fe2],
    ['3', fe3],
  ] as const) {
    tell(tell(story.ask({ upgradeDomain: domainOf(three, name) })).approve());
    tell(story.stop(of));
    tell(story.patched(of));
    tell(story.restart(of));
    tell(story.back(of));
    tell(story.say({ kind: 'settled', upgradeDomain: name }));
  }
  tell(story.say({ kind: 'ended', ending: { how: 'finished' } }));
  const domain = ['awaiting approval', 'stopping', 'patching', 'restarting', 'verifying', 'settling', 'checking'];
  assert.deepEqual(told, ['checking', ...domain, ...domain, ...domain, 'finished']);
});
for (const [story, phase] of [
  [held(), 'held'],
  [approved().say({ kind: 'paused', by: dana }), 'paused'],
  [stopping().say({ kind: 'paused', by: dana }), 'stopping'],
  [held().say({ kind: 'paused', by: dana }), 'held'],
  [fe1Down(), 'stopping'],
  [bothDown().patched(fe1), 'patching'],
  [bothPatched().restart(fe1), 'restarting'],
  [booting().back(fe1), 'verifying'],
  [begun().say({ kind: 'ended', ending: { how: 'refused', because: ['x'] } }), 'refused'],
  [approved().say({ kind: 'ended', ending: { how: 'aborted', left: [] } }), 'aborted'],
] as const) {
  test(`with ${story.events.length} events, the last "${story.events.at(-1)?.kind}", the run is ${phase}`, () =>
    assert.equal(phaseOf(story.run), phase));
}

test('a hold before the first stop uses the approval up; with a server down the yes for the rest stands', () => {
  assert.equal(held().run.work, null);
  assert.equal(held().run.gates.at(-1)?.outcome?.kind, 'void');
  const half = fe1Down().hold({ kind: 'our-servers-are-down' });
  assert.deepEqual([half.run.work?.approved, half.run.gates.at(-1)?.outcome?.kind], [true, 'approved']);
});
test('whatever changes a server forgets the looks from before', () => {
  const looked = approved().look().lookAt(fe1);
  assert.equal(looked.start(stop()).run.seenServers.length, 0);
  const ended = looked.say({ kind: 'step-ended', step: stop(), conclusion: 'done' }).run;
  assert.deepEqual([ended.seen, ended.seenServers], [null, []]);
});
test('a server counts as down by our hand from before it is told until it accepts connections', () => {
  assert.deepEqual(approved().run.downByUs, []);
  assert.deepEqual(stopping().run.downByUs, [fe1]);
  assert.deepEqual(booting().run.downByUs, [fe1, fe2]);
  assert.deepEqual(booting().back(fe1).run.downByUs, [fe2]);
  assert.deepEqual(settling().run.downByUs, []);
  const unheard = stopping().say({ kind: 'step-ended', step: stop(), conclusion: 'not-done' });
  assert.deepEqual(unheard.run.downByUs, []);
});
test('a later look at a server replaces the earlier one', () => {
  const story = approved().lookAt(fe1, { answer: null }).wait(1).lookAt(fe2).lookAt(fe1);
  const looks = story.run.seenServers.filter(({ server: of }) => of === fe1);
  assert.deepEqual(looks, [serverLook(fe1, { at: story.now })]);
});
