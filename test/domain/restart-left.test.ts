import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom, leftWorks } from '../../src/domain/carried.ts';
import type { Carried } from '../../src/domain/run.ts';
import { upgradedSoFar } from '../../src/domain/run.ts';
import { aTopology, dana, domainOf, must, Story, without } from '../support.ts';
import { follow, moveOf, next } from './next-in-words.ts';
import {
  ACCEPTS,
  booting,
  down,
  FAILOVER,
  failedOver,
  fe1,
  fe2,
  fe3,
  planned,
  requested,
  seenWithout,
  settled,
  six,
} from './restart-walk.ts';

const leave = (story: Story): Carried => carriedFrom(follow(story.say({ kind: 'aborted', by: dana, how: 'leave' })).run);
const leftOf = (story: Story): readonly string[] => {
  const move = moveOf(story.say({ kind: 'aborted', by: dana, how: 'leave' }));
  if (move.kind !== 'record' || move.event.kind !== 'ended' || move.event.ending.how !== 'aborted') return [];
  return move.event.ending.left;
};
const plannedOf = (story: Story): readonly string[] => {
  const move = moveOf(story);
  return move.kind === 'record' && move.event.kind === 'planned'
    ? move.event.upgradeDomains.map(({ name }) => name)
    : [move.kind];
};
/** An upgrade of the six, and where it has one server stopped. */
const upgrade = (carried: Partial<Carried> = {}) => new Story({ topology: six, carried }).plan();
const halfWay = (carried: Partial<Carried> = {}) =>
  upgrade(carried)
    .ask({ upgradeDomain: domainOf(six) })
    .approve()
    .stop(fe1);

test('an unfinished restart is gone on with: what is restarted is not taken again', () => {
  const carried = leave(settled());
  assert.deepEqual(carried.restarted, { servers: [fe1], of: six.servers });
  assert.deepEqual(plannedOf(requested({ carried }).look()), ['fe2', 'fe3', 'fe4', 'fe5', 'fe6']);
  const again = planned({ carried });
  assert.deepEqual(upgradedSoFar(again.run), [fe1]);
  assert.equal(next(again.look()), 'ask for fe2');
});
test('`all` starts over', () => {
  const carried = leave(settled());
  assert.equal(plannedOf(requested({ carried, scope: { kind: 'all' } }).look()).length, 6);
});
test('a finished restart leaves nothing to go on with', () => {
  const finished = settled().say({ kind: 'ended', ending: { how: 'finished' } });
  assert.equal(carriedFrom(finished.run).restarted, undefined);
});
test('named servers of an unfinished restart do not finish it', () => {
  const scope = { kind: 'domains', names: ['fe2'] } as const;
  const named = planned({ carried: leave(settled()), scope }).say({ kind: 'ended', ending: { how: 'finished' } });
  assert.deepEqual(carriedFrom(named.run).restarted?.servers, [fe1]);
});
test('what was restarted before the pool got other servers is restarted again', () => {
  const carried = leave(settled());
  const topology = aTopology('fe1,fe2|fe3,fe4|fe5,fe6|fe7');
  const story = requested({ carried, topology }).look();
  assert.deepEqual(plannedOf(story), ['fe1', 'fe2', 'fe3', 'fe4', 'fe5', 'fe6', 'fe7']);
  assert.deepEqual(upgradedSoFar(follow(story).run), []);
  assert.equal(carriedFrom(story.run).restarted, undefined);
});

test('a restart changes nothing of what an unfinished upgrade has upgraded', () => {
  const carried: Partial<Carried> = { upgraded: [fe1, fe3] };
  for (const story of [settled(fe1, { carried }), planned({ carried }), requested({ carried, scope: { kind: 'all' } })]) {
    const after = leave(story);
    assert.deepEqual(after.upgraded, [fe1, fe3]);
    assert.deepEqual(plannedOf(new Story({ topology: six, carried: after }).look()), ['1', '2', '3']);
  }
  const finished = settled(fe1, { carried }).say({ kind: 'ended', ending: { how: 'finished' } });
  assert.deepEqual(carriedFrom(finished.run).upgraded, [fe1, fe3]);
});
test('what an upgrade has upgraded is restarted all the same', () => {
  assert.equal(plannedOf(requested({ carried: { upgraded: [fe1, fe2] } }).look()).length, 6);
});
test('an upgrade changes nothing of what an unfinished restart has restarted', () => {
  const restarted = { servers: [fe1], of: six.servers };
  assert.deepEqual(leave(upgrade({ restarted })).restarted, restarted);
  assert.deepEqual(leave(halfWay({ restarted })).restarted, restarted);
  const finished = upgrade({ restarted }).say({ kind: 'ended', ending: { how: 'finished' } });
  assert.deepEqual(carriedFrom(finished.run).restarted, restarted);
  assert.deepEqual(upgradedSoFar(upgrade({ restarted }).run), []);
});

test('what was left in the middle says which kind of run left it', () => {
  const byRestart = leave(down());
  assert.deepEqual(
    leftWorks(byRestart).map(({ purpose }) => purpose),
    ['restart'],
  );
  const byUpgrade = leave(halfWay());
  assert.deepEqual(
    leftWorks(byUpgrade).map(({ purpose }) => purpose),
    [undefined],
  );
});
test('what the other kind has left in the middle is not taken up, and stays left', () => {
  // By server-failover both kinds take the same servers under the same names.
  const { work: restarted, downByUs } = leave(failedOver());
  const upgradeOf = new Story({ topology: six, settings: FAILOVER, carried: { work: must(restarted), downByUs } });
  follow(upgradeOf.look({ product: '2019', services: without(six, fe1), disabled: [fe1] }));
  assert.equal(upgradeOf.run.work, null);
  assert.deepEqual(leave(upgradeOf).work, restarted);
});
test("a server that is failed back in a rolling restart is the restart's to go on with", () => {
  const idle = planned({ settings: FAILOVER }).look({ product: '2019', disabled: [fe3] });
  const taken = idle.say({ kind: 'adopted', server: fe3, by: dana });
  assert.equal(taken.run.work?.purpose, 'restart');
});
test('a server that a restart has left down is gone on with: restarted, and counted', () => {
  const story = seenWithout(requested({ carried: leave(down()) }), fe1);
  assert.equal(next(follow(story)), 'look at fe1: patch');
  assert.deepEqual(story.run.downByUs, [fe1]);
  story.restart(fe1).lookAt(fe1, ACCEPTS);
  assert.deepEqual(follow(story).run.upgraded, [fe1]);
});
test('one that was restarted and not yet seen back counts once it is', () => {
  const story = seenWithout(requested({ carried: leave(booting()) }), fe1);
  assert.deepEqual(follow(follow(story).lookAt(fe1, ACCEPTS)).run.upgraded, [fe1]);
});
test('one that somebody has started meanwhile is asked for anew', () => {
  const story = follow(requested({ carried: leave(down()) }).look());
  assert.equal(story.run.work, null);
  assert.equal(must(story.run.settling).upgradeDomain, null);
});
test('left in words: not restarted, whoever reads it', () => {
  assert.deepEqual(leftOf(down()), ['fe1: services stopped, not restarted']);
  assert.deepEqual(leftOf(failedOver(fe2)), [
    'fe2: services stopped, not restarted and disabled: only Invoke-CsComputerFailBack brings it back',
  ]);
  assert.deepEqual(leftOf(booting()), ['fe1: told to start, not seen back']);
});
