import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replay } from '../../src/domain/evolve.ts';
import { untoldTo } from '../../src/domain/freeze.ts';
import { nextMove } from '../../src/domain/next-move.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import {
  aborting,
  approved,
  asked,
  booting,
  bothDown,
  draining,
  fe1Down,
  finished,
  planned,
  settling,
} from '../commands/situations.ts';
import { dana, omar, type Story, server, UP } from '../support.ts';

const [fe1, fe2] = [server(1), server(2)];
const STOPPED = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' } as const;
const FREEZE = { by: omar, at: 0, because: 'storage drill' };
const freeze = (story: Story) => story.say({ kind: 'frozen', by: omar, because: FREEZE.because, since: story.now });
const thaw = (story: Story) => story.say({ kind: 'thawed', by: dana });
const moveOf = (story: Story) => nextMove(story.run, story.now);

/** A yes that the freeze outlived is said to cover nothing any more. */
const withoutLapsed = (story: Story) => {
  const move = moveOf(story);
  return move.kind === 'record' && move.event.kind === 'approval-lapsed' ? story.say(move.event) : story;
};

/** Everything is looked at: what comes next changes a server, or asks somebody to let it. */
const READY_TO_ACT: readonly (readonly [string, Story, 'perform' | 'request-approval'])[] = [
  ['the first stop', approved().look().lookAt(fe1), 'perform'],
  ['a further stop', fe1Down().look().lookAt(fe2), 'perform'],
  [
    'the patch command',
    bothDown({ settings: { patchMode: 'by-command' } })
      .lookAt(fe2, { answer: STOPPED })
      .lookAt(fe1, { answer: STOPPED }),
    'perform',
  ],
  ['a restart', bothDown().patched(fe1).patched(fe2).lookAt(fe1, { answer: STOPPED }), 'perform'],
  ['what an abort brings back', aborting().lookAt(fe1, { answer: STOPPED }), 'perform'],
  ['a request for approval', planned().look(), 'request-approval'],
];
for (const [what, story, kind] of READY_TO_ACT) {
  test(`${what} would come next; frozen, nothing does, and a person is waited for`, () => {
    assert.equal(moveOf(story).kind, kind);
    assert.equal(moveOf(freeze(story)).kind, 'await-person');
    assert.equal(moveOf(story.wait(600)).kind === 'perform', false, 'however long it lasts');
  });
  test(`${what} comes after a thaw only once everything was looked at anew`, () => {
    assert.match(moveOf(withoutLapsed(thaw(story))).kind, /^observe-(pool|server)$/);
    assert.deepEqual([story.run.frozen, story.run.seen, story.run.seenServers], [null, null, []]);
  });
}

test('frozen, a server that was told before is looked at until it is done', () => {
  const story = freeze(draining()).wait(1);
  assert.deepEqual(moveOf(story), { kind: 'observe-server', server: fe1, also: 'nothing' });
  story.lookAt(fe1, { answer: STOPPED });
  assert.deepEqual(moveOf(story), {
    kind: 'record',
    event: { kind: 'step-ended', step: { action: 'stop', server: fe1, stopMode: 'graceful' }, conclusion: 'done' },
  });
});
test('frozen, a drain that was to be ended at once goes on being looked at, every minute', () => {
  const step = { action: 'stop', server: fe1, stopMode: 'graceful' } as const;
  const story = draining()
    .hold({ kind: 'drain-overdue', server: fe1, since: 0 })
    .say({ kind: 'retried', by: dana, immediate: true })
    .ask({ kind: 'immediate-stop', servers: [fe1], stopMode: 'immediate' })
    .approve()
    .look()
    .lookAt(fe1, { answer: { ...UP, services: 'StopPending' } });
  assert.deepEqual(moveOf(story), { kind: 'perform', step: { ...step, stopMode: 'immediate' } });
  assert.deepEqual(moveOf(freeze(story)), { kind: 'wait', until: story.now + minutes(1), because: 'stop' });
  story.wait(1).look();
  assert.deepEqual(moveOf(story), { kind: 'observe-server', server: fe1, also: 'nothing' });
  story.lookAt(fe1, { answer: STOPPED });
  assert.deepEqual(moveOf(story), { kind: 'record', event: { kind: 'step-ended', step, conclusion: 'done' } });
});
test('frozen, a server that comes up is noticed while another of its domain waits for its restart', () => {
  const story = freeze(bothDown().patched(fe1).patched(fe2).restart(fe1).lookAt(fe2, { answer: STOPPED }));
  assert.deepEqual(moveOf(story), { kind: 'observe-server', server: fe1, also: 'connections' });
  story.lookAt(fe1, { sipPortOpen: true, inFabric: true });
  assert.deepEqual(moveOf(story), { kind: 'record', event: { kind: 'server-back', server: fe1 } });
});
test('frozen, services that do not start are not started by us: it is held for a person when its time is over', () => {
  const story = freeze(booting()).wait(10);
  for (const each of [fe1, fe2]) story.lookAt(each, { answer: STOPPED });
  assert.equal(moveOf(story).kind, 'wait');
  story.wait(12).look();
  for (const each of [fe1, fe2]) story.lookAt(each, { answer: STOPPED });
  const move = moveOf(story);
  assert.equal(move.kind === 'record' && move.event.kind === 'held' && move.event.reason.kind, 'stuck');
});
test('frozen, a pool that has settled is watched on: it counts as settled only after a thaw and another look', () => {
  const story = freeze(settling()).look();
  for (let minute = 0; minute < 20; minute += 1) story.wait(1).look();
  assert.equal(moveOf(story).kind, 'wait');
  assert.deepEqual(moveOf(story.wait(1)), { kind: 'observe-pool', scope: 'quiet', upgradeDomain: null });
  assert.equal(moveOf(thaw(story.look())).kind, 'observe-pool');
  assert.deepEqual(moveOf(story.look()), { kind: 'record', event: { kind: 'settled', upgradeDomain: '1' } });
});

test('frozen, a request stays open, and expires when it would have', () => {
  const story = freeze(asked());
  assert.deepEqual(moveOf(story), { kind: 'wait', until: hours(4), because: 'approval' });
  assert.deepEqual(moveOf(story.wait(240)), { kind: 'record', event: { kind: 'approval-expired', code: story.gate.code } });
});
test('a yes that the freeze kept from being acted on is acted on after a thaw, on what is seen then', () => {
  const story = thaw(freeze(approved()).wait(239));
  assert.equal(story.run.work?.approved, true);
  assert.equal(moveOf(story).kind, 'observe-pool');
});
test('a yes that the freeze outlived is not acted on: it is asked for anew', () => {
  const story = thaw(freeze(approved()).wait(240));
  assert.equal(story.run.work, null);
  assert.deepEqual(story.run.gates.at(-1)?.outcome, {
    kind: 'void',
    because: ['frozen for longer than the request was open'],
    at: story.now,
  });
  assert.equal(moveOf(story.look()).kind, 'request-approval');
});
test('with servers of the domain down the rest is asked for anew when the freeze outlived its yes', () => {
  const story = freeze(fe1Down()).wait(600);
  assert.equal(moveOf(story).kind, 'observe-pool', 'frozen, nothing of it is told');
  const move = moveOf(thaw(story));
  assert.equal(move.kind === 'record' && move.event.kind, 'approval-lapsed');
});
test('an abort that leaves everything as it is needs no thaw', () => {
  const story = freeze(fe1Down()).say({ kind: 'aborted', by: dana, how: 'leave' });
  const move = moveOf(story);
  assert.equal(move.kind === 'record' && move.event.kind, 'ended');
});

test('a run is told of a freeze and of a thaw once each, and of each in its thread once', () => {
  const story = fe1Down();
  assert.deepEqual(untoldTo(story.run, FREEZE, null), {
    kind: 'frozen',
    by: omar,
    because: 'storage drill',
    since: FREEZE.at,
  });
  story.say({ kind: 'frozen', by: omar, because: FREEZE.because, since: FREEZE.at });
  assert.equal(untoldTo(story.run, FREEZE, null), null);
  assert.deepEqual(untoldTo(story.run, null, { by: dana, at: 5 }), { kind: 'thawed', by: dana });
  thaw(story);
  assert.equal(untoldTo(story.run, null, { by: dana, at: 5 }), null);
  assert.deepEqual(
    story.run.milestones.map(({ kind }) => kind),
    ['frozen', 'thawed'],
  );
});
test('a run that slept through a thaw and another freeze learns of the one that stands', () => {
  const story = freeze(fe1Down());
  const second = { by: dana, at: story.now + minutes(9), because: 'another drill' };
  const untold = untoldTo(story.run, second, null);
  assert.deepEqual(untold, { kind: 'frozen', by: dana, because: 'another drill', since: second.at });
  if (untold !== null) assert.deepEqual(story.say(untold).run.frozen, second);
});
test('an ended run is told of nothing, and one that never was frozen of no thaw', () => {
  assert.equal(untoldTo(finished().run, FREEZE, null), null);
  assert.equal(untoldTo(freeze(fe1Down()).say({ kind: 'ended', ending: { how: 'finished' } }).run, null, null), null);
  assert.equal(untoldTo(fe1Down().run, null, { by: dana, at: 5 }), null);
});

test('a journal of the release before, without freezes and tickets, is gone on with', () => {
  const written = JSON.stringify([
    {
      kind: 'requested',
      request: {
        pool: 'pool01.contoso.com',
        by: 'dana',
        stopMode: 'graceful',
        scope: { kind: 'left' },
        settings: {
          version: '2013',
          procedure: 'upgrade-domains',
          backupPool: null,
          patchMode: 'by-hand',
          approvalsNeeded: 1,
          revision: 'r1',
        },
        carried: { upgraded: [], downByUs: [], lastBackAt: null, unsettled: false, work: null },
      },
      at: 1_000,
    },
    { kind: 'paused', by: 'dana', at: 2_000 },
    { kind: 'resumed', by: 'dana', at: 3_000 },
  ]);
  const journal: readonly RunEvent[] = JSON.parse(written);
  const run = replay(journal);
  assert.deepEqual([run.frozen, run.request.ticket], [null, undefined]);
  assert.equal(nextMove(run, 3_000).kind, 'observe-pool');
  assert.equal(untoldTo(run, null, null), null);
});
