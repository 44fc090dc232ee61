import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortName } from '../../src/domain/pool.ts';
import type { BackEnd } from '../../src/domain/quorum.ts';
import type { ServiceStatus } from '../../src/domain/sighting.ts';
import { standingAlarms, wentDownOrder } from '../../src/domain/two-servers.ts';
import { aTopology, dana, omar, Story, serverLook, UP } from '../support.ts';
import { follow, moveOf, next } from './next-in-words.ts';

const TWO = aTopology('fe1|fe2');
const [fe1, fe2] = TWO.servers as [(typeof TWO.servers)[0], (typeof TWO.servers)[0]];
const DOWN = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' } as const;
const BOOTED = { ...UP, bootTime: UP.bootTime + 600_000, services: 'StartPending', rtcsrv: 'StartPending' } as const;

interface Seen {
  readonly fe1?: ServiceStatus | null;
  readonly fe2?: ServiceStatus | null;
  readonly backEnd?: BackEnd | null;
}

/** The quick look at both servers and the back end, all well but for what is said. */
const glance = (story: Story, { fe1: one = 'Stopped', fe2: other = 'Running', backEnd = 'primary' }: Seen = {}): Story =>
  story.say({
    kind: 'vitals-observed',
    sighting: {
      at: story.now,
      askedOf: fe2,
      services: [
        { server: fe1, rtcsrv: one },
        { server: fe2, rtcsrv: other },
      ],
      backEnd,
    },
  });

const approved = (topology = TWO) => new Story({ topology }).plan().ask().approve();
const told = () =>
  glance(approved().look(), { fe1: 'Running' }).lookAt(fe1).start({ action: 'stop', server: fe1, stopMode: 'graceful' });
const draining = () => told().lookAt(fe1, { answer: { ...UP, services: 'StopPending' } });
const down = () =>
  told()
    .wait(1)
    .say({ kind: 'step-ended', step: { action: 'stop', server: fe1, stopMode: 'graceful' }, conclusion: 'done' });
const patched = () => down().patched(fe1);
const restarting = () =>
  patched().lookAt(fe1, { answer: DOWN }).start({ action: 'restart', server: fe1, bootTimeSeen: UP.bootTime });
const booting = () =>
  restarting()
    .wait(2)
    .say({ kind: 'step-ended', step: { action: 'restart', server: fe1, bootTimeSeen: UP.bootTime }, conclusion: 'done' });
const byCommand = () => {
  const story = new Story({ topology: TWO, settings: { patchMode: 'by-command' } }).plan().ask().approve();
  glance(story.look(), { fe1: 'Running' }).lookAt(fe1).does({ action: 'stop', server: fe1, stopMode: 'graceful' });
  return glance(story).lookAt(fe1, { answer: DOWN }).start({ action: 'patch', server: fe1, levelBefore: null });
};

test('right before the stop the other server and the back end are looked at once more', () => {
  const story = approved().look();
  assert.equal(next(story), 'observe-vitals');
  assert.equal(next(glance(story, { fe1: 'Running' })), 'look at fe1: patch');
});

test('the look before the stop is not older than the look at the pool', () => {
  const story = glance(approved(), { fe1: 'Running' }).wait(1).look();
  assert.equal(next(story), 'observe-vitals');
});

for (const [what, seen] of [
  ['the other server does not run', { fe2: 'Stopped' }],
  ['the other server does not answer', { fe2: null }],
  ['the mirror is in charge', { backEnd: 'mirror' }],
  ['the back end is down', { backEnd: 'down' }],
  ['the back end does not answer', { backEnd: null }],
] as const satisfies readonly (readonly [string, Seen])[])
  test(`nothing goes down where in that look ${what}`, () => {
    assert.equal(next(glance(approved().look(), { fe1: 'Running', ...seen })), 'held: approval-void');
  });

const PHASES = [
  ['while it drains', draining],
  ['while it is patched by hand', down],
  ['while it is patched by command', byCommand],
  ['while it restarts', restarting],
  ['while it comes up', booting],
] as const;

for (const [when, story] of PHASES) {
  test(`${when} the other server is looked at every minute`, () => {
    const at = glance(story()).wait(1);
    assert.equal(next(at), 'observe-vitals');
    const move = moveOf(glance(at).lookAt(fe1, { answer: DOWN }));
    assert.ok(move.kind !== 'wait' || move.until <= at.now + 60_000, `it waits until ${move.kind === 'wait' && move.until}`);
  });

  test(`${when} the other server goes down: an alarm, with the order in which they went`, () => {
    const story2 = glance(glance(story()).wait(1), { fe2: 'Stopped' });
    assert.equal(next(story2), 'held: both-down');
    const { reason } = follow(story2).run.held ?? {};
    const order = reason?.kind === 'both-down' ? reason.order.map(({ server }) => shortName(server)) : [];
    assert.deepEqual(order, ['fe1', 'fe2']);
  });

  for (const backEnd of ['down', 'mirror'] as const)
    test(`${when} the back end ${backEnd === 'down' ? 'goes down' : 'goes to its mirror'}: an alarm`, () => {
      assert.equal(next(glance(glance(story()).wait(1), { backEnd })), 'held: back-end-lost');
    });
}

test('the other one goes while the first still drains: it is the first that went down', () => {
  const story = follow(glance(glance(draining(), { fe1: 'StopPending' }).wait(1), { fe1: 'StopPending', fe2: 'Stopped' }));
  assert.deepEqual(wentDownOrder(story.run), [fe2]);
});

test('a server that does not answer once may be slow; twice in a row it is lost, since the first time', () => {
  const once = glance(glance(down()).wait(1), { fe2: null });
  assert.equal(next(once), 'look at fe1: patch');
  const since = once.now;
  const twice = glance(once.wait(1), { fe2: null });
  assert.equal(next(twice), 'held: both-down');
  assert.deepEqual(follow(twice).run.wentDown.at(-1), { server: fe2, at: since });
});

test('a back end that does not answer twice in a row is lost too', () => {
  const once = glance(glance(down()).wait(1), { backEnd: null });
  assert.equal(next(once), 'look at fe1: patch');
  assert.equal(next(glance(once.wait(1), { backEnd: null })), 'held: back-end-lost');
});

test('both at once are both told, and last how the servers went down', () => {
  const story = follow(glance(glance(down()).wait(1), { fe2: 'Stopped', backEnd: 'down' }));
  assert.equal(story.run.held?.reason.kind, 'back-end-lost');
  assert.equal(next(story), 'held: both-down');
  assert.equal(next(follow(story)), 'wait');
});

test('after `retry` the server is brought back whatever is still lost, and what is lost anew is told anew', () => {
  const retried = () =>
    follow(glance(glance(down()).wait(1), { backEnd: 'down' })).say({ kind: 'retried', by: omar, immediate: false });
  assert.equal(next(retried().patched(fe1).lookAt(fe1, { answer: DOWN })), 'restart fe1');
  assert.equal(next(glance(retried().wait(1), { backEnd: 'down' }).lookAt(fe1, { answer: DOWN })), 'wait');
  const well = glance(retried().wait(1));
  assert.equal(next(glance(well.wait(1), { backEnd: 'mirror' })), 'held: back-end-lost');
});

test('a run that is held for something else watches on', () => {
  const held = glance(byCommand()).hold({ kind: 'patch-failed', server: fe1, exitCode: 1603 });
  assert.equal(next(held), 'wait');
  assert.equal(next(held.wait(1)), 'observe-vitals');
  assert.equal(next(glance(held, { fe2: 'Stopped' })), 'alarmed: both-down');
  assert.equal(follow(held).run.held?.reason.kind, 'patch-failed');
  assert.deepEqual(
    standingAlarms(held.run).map(({ kind }) => kind),
    ['both-down'],
  );
  assert.equal(next(held), 'wait');
  assert.deepEqual(standingAlarms(glance(held.wait(1)).run), []);
});

test('a drain that is overdue is still what `retry immediate` is about, whatever is told meanwhile', () => {
  const held = draining().wait(61).hold({ kind: 'drain-overdue', server: fe1, since: 0 });
  follow(glance(held, { fe1: 'StopPending', backEnd: 'mirror' }));
  held.say({ kind: 'retried', by: omar, immediate: true });
  assert.equal(held.run.work?.immediate, 'wanted');
});

test('nothing stands between the patch and the restart: no look at anything else, no pause', () => {
  const story = patched().wait(3).say({ kind: 'paused', by: dana });
  assert.equal(next(story), 'look at fe1: patch');
  assert.equal(next(story.lookAt(fe1, { answer: DOWN })), 'restart fe1');
});

test("a server that misses a look between its patch and its restart is looked at again, and is a person's after five minutes", () => {
  const story = glance(patched()).lookAt(fe1, { answer: null });
  assert.equal(next(story), 'wait');
  assert.equal(next(story.wait(1)), 'look at fe1: patch');
  assert.equal(next(story.lookAt(fe1, { answer: null }).wait(4).lookAt(fe1, { answer: null }).look()), 'held: stuck');
  assert.equal(next(story.lookAt(fe1, { answer: DOWN })), 'restart fe1');
});

test('one that missed its look an hour after its patch is no less waited for, and the other server is looked at meanwhile', () => {
  const story = glance(patched()).wait(60).lookAt(fe1, { answer: null });
  assert.equal(next(story), 'observe-vitals');
  assert.equal(next(glance(story)), 'wait');
});

test('a freeze does stand there, and the other server is watched meanwhile', () => {
  const story = patched().say({ kind: 'frozen', by: omar, because: 'storage drill', since: 0 }).lookAt(fe1, { answer: DOWN });
  assert.equal(next(story), 'observe-vitals');
  assert.equal(next(glance(story)), 'wait');
  assert.equal(next(glance(story.wait(1).lookAt(fe1, { answer: DOWN }), { fe2: 'Stopped' })), 'held: both-down');
});

test('a freeze keeps services from being started that do not come up by themselves, and the other server is watched meanwhile', () => {
  const STILL = { answer: { ...BOOTED, services: 'Stopped', rtcsrv: 'Stopped' } } as const;
  const story = booting().say({ kind: 'aborted', by: dana, how: 'bring-back' }).wait(6);
  assert.equal(next(glance(story).lookAt(fe1, STILL)), 'start fe1');
  story.say({ kind: 'frozen', by: omar, because: 'storage drill', since: story.now });
  assert.equal(next(story), 'wait');
  assert.equal(next(story.wait(1).lookAt(fe1, STILL)), 'observe-vitals');
  assert.equal(next(glance(story, { fe2: 'Stopped' })), 'alarmed: both-down');
});

test('services that do not come up by themselves are started in spite of a pause', () => {
  const story = booting().say({ kind: 'paused', by: dana }).wait(6);
  glance(story).lookAt(fe1, { answer: { ...BOOTED, services: 'Stopped', rtcsrv: 'Stopped' } });
  assert.equal(next(story), 'start fe1');
});

test('what an abort brings back is not held for anything but itself', () => {
  const story = glance(glance(down()).wait(1), { fe2: 'Stopped' }).say({ kind: 'aborted', by: dana, how: 'bring-back' });
  assert.equal(next(story.lookAt(fe1, { answer: DOWN })), 'start fe1');
});

test('while an abort waits for a server the other one is watched, and what is wrong with it is told and holds nothing', () => {
  const story = glance(booting()).say({ kind: 'aborted', by: dana, how: 'bring-back' });
  assert.equal(next(story.lookAt(fe1, { answer: BOOTED })), 'wait');
  assert.equal(next(story.wait(1).lookAt(fe1, { answer: BOOTED })), 'observe-vitals');
  assert.equal(next(glance(story, { fe2: 'Stopped' })), 'alarmed: both-down');
  assert.equal(next(follow(story)), 'wait');
  assert.equal(story.run.held, null);
});

test('a pool of three has no such look', () => {
  const three = aTopology('fe1|fe2|fe3');
  assert.equal(next(approved(three).look()), 'look at fe1: patch');
});

test('the order of going down is in the journal, and a server that runs again is no more in it', () => {
  const story = follow(glance(glance(down()).wait(1), { fe2: 'Stopped' }));
  assert.deepEqual(wentDownOrder(story.run), [fe1, fe2]);
  assert.deepEqual(wentDownOrder(glance(story.wait(1)).run), [fe1]);
  assert.deepEqual(wentDownOrder(glance(story.wait(1), { fe1: 'Running' }).run), []);
});

test('a server that answered before it went down keeps its place when it is only silent later', () => {
  const story = follow(glance(glance(down()).wait(1), { fe2: 'Stopped' }));
  assert.deepEqual(wentDownOrder(glance(story.wait(1), { fe1: null, fe2: null }).run), [fe1, fe2]);
});

test('a server that comes back is not down any more, and one that an earlier run left is', () => {
  assert.deepEqual(wentDownOrder(booting().back(fe1).run), []);
  assert.deepEqual(wentDownOrder(new Story({ topology: TWO, carried: { downByUs: [fe1] } }).run), [fe1]);
});

test('a principal that changes while a domain is under way is told once', () => {
  const story = glance(glance(glance(down()).wait(1), { backEnd: 'mirror' }).wait(1), { backEnd: 'mirror' });
  const moved = () => story.run.milestones.flatMap((each) => (each.kind === 'principal-moved' ? [each.to] : []));
  assert.deepEqual(moved(), ['mirror']);
  glance(story.wait(1), { backEnd: null });
  assert.deepEqual(moved(), ['mirror']);
  glance(story.wait(1));
  assert.deepEqual(moved(), ['mirror', 'primary']);
});

test('a look from another time that a server was down does not count as the one before', () => {
  const silent = glance(down(), { fe2: null }).wait(30);
  assert.equal(next(glance(silent, { fe2: null })), 'look at fe1: patch');
});

test('the server under way is looked at as before', () => {
  const story = glance(booting()).say({ kind: 'server-observed', sighting: serverLook(fe1, { at: 0, answer: BOOTED }) });
  assert.equal(next(story), 'look at fe1: connections');
});
