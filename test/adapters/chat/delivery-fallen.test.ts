import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { kim, must } from '../../support.ts';
import { ABOUT, C1, C2, card, DeliveryWorld, DM, live, milestone, request } from './delivery-world.ts';

/** A run with a request that waits, in the first of two channels, which then closes. */
async function closed(because = 'is_archived'): Promise<DeliveryWorld> {
  const world = new DeliveryWorld();
  world.channels = [C1, C2];
  await world.sends(live('live'), milestone(3, 'down'), request('approve?'));
  world.slack.closed.set(C1, because);
  return world;
}

const direct = (world: DeliveryWorld): readonly string[] =>
  world.slack.standing(DM).map(({ shows }) => [shows.card.title, ...shows.card.lines].join(' '));

test('when a channel closes, the run goes on in the next: live card first, what waits for somebody, what is new', async () => {
  const world = await closed();
  await world.sends(live('settling'), milestone(4, 'back'));
  assert.deepEqual(world.slack.seen(C2), ['settling', 'approve?', 'back']);
  const [parent, ...children] = world.slack.standing(C2);
  assert.ok(children.every(({ thread }) => thread === must(parent).id));
});

test('the owner is told once which place cannot be reached, why, and where the cards are, also over a restart', async () => {
  const world = await closed();
  await world.sends(live('settling'), milestone(4, 'back'));
  assert.equal(direct(world).length, 1);
  assert.match(must(direct(world)[0]), /C1.*is_archived.*pool01\.contoso\.com.*C2/);
  world.restart();
  await world.sends(live('checking'), milestone(3, 'down'), request('approve?'), milestone(4, 'back'));
  assert.equal(direct(world).length, 1);
  assert.deepEqual(world.slack.seen(C2), ['checking', 'approve?', 'back']);
});

test('a direct message whose answer was lost is not sent twice', async () => {
  const world = await closed();
  world.slack.fails('post', 'lost', 1, DM);
  await world.sends(live('settling'));
  assert.equal(world.slack.standing(DM).length, 1);
});

test('with no channel left the cards themselves come to the owner', async () => {
  const world = await closed();
  world.channels = [C1];
  await world.sends(live('settling'));
  assert.deepEqual(world.slack.seen(DM).toSorted(), [
    'I cannot write to channel C1 any longer: is_archived',
    'approve?',
    'settling',
  ]);
});

test('what was for the owner alone is shown to nobody else when the owner cannot be reached either', async () => {
  const world = await closed();
  world.slack.closed.set(DM, 'cannot_dm_bot');
  await world.sends(live('settling'));
  assert.deepEqual(world.slack.seen(C2), ['settling', 'approve?']);
  assert.deepEqual(direct(world), []);
});

test('a card that has gone back to its first channel is not sent to the other any more', async () => {
  const world = await closed();
  await world.sends(live('settling'));
  world.slack.fails('edit', { kind: 'unknown', because: 'HTTP 500' }, 100, C2);
  await world.show(live('settled'));
  await world.pace.advance(minutes(11));
  world.slack.closed.delete(C1);
  world.slack.mends();
  await world.sends(live('checking'));
  await world.pace.advance(minutes(11));
  assert.ok(world.slack.seen(C1).includes('checking'));
  assert.deepEqual(world.slack.seen(C2), ['settling', 'approve?']);
});

test('a conversation that cannot be opened yet is opened later', async () => {
  const world = await closed();
  world.channels = [C1];
  world.slack.fails('open', { kind: 'unknown', because: 'HTTP 500' }, 3);
  world.slack.fails('open', { kind: 'later', afterMs: seconds(40) });
  world.slack.fails('open', { kind: 'unauthorised', because: 'invalid_auth' });
  await world.sends(live('settling'));
  assert.ok(world.slack.seen(DM).includes('settling'));
});

test('a card with nowhere to go waits for its channel to open, and its last state arrives', async () => {
  const world = await closed();
  world.channels = [C1];
  world.delivery = world.started({ destinations: { channelsOf: () => [C1], userOf: () => null } });
  await world.show(live('settling'));
  await world.pace.advance(minutes(25));
  assert.equal(world.slack.calls.filter(({ says }) => says === 'settling').length, 3);
  await world.show(live('finished'));
  world.slack.closed.delete(C1);
  await world.sends();
  assert.deepEqual(world.slack.seen(C1), ['finished', 'approve?', 'down']);
});

test('a pool without a channel, and a person without Slack: the card is logged', async () => {
  const world = new DeliveryWorld({ destinations: { channelsOf: () => [], userOf: () => null } });
  await world.sends(live('live'));
  assert.deepEqual(world.slack.calls, []);
  assert.equal(must(world.logged[0]).facts['key'], 'run-1');
});

test('a closed channel is tried again after ten minutes, with what is new and nothing else', async () => {
  const world = await closed();
  await world.sends(live('settling'), milestone(4, 'back'));
  const triesOf = () => world.slack.calls.filter(({ channel }) => channel === C1).length;
  const before = triesOf();
  await world.pace.advance(minutes(9));
  await world.sends(live('settled'));
  assert.equal(triesOf(), before);
  await world.pace.advance(minutes(2));
  world.slack.closed.delete(C1);
  await world.sends(live('checking'), milestone(5, 'next'));
  assert.deepEqual(world.slack.seen(C1), ['checking', 'approve?', 'down', 'next']);
  assert.equal(triesOf(), before + 2);
});

test('what is new under a live card that went elsewhere brings the live card back with it', async () => {
  const world = await closed();
  await world.sends(live('settling'));
  await world.pace.advance(minutes(11));
  world.slack.closed.delete(C1);
  await world.sends(milestone(5, 'next'));
  assert.deepEqual(world.slack.seen(C1), ['settling', 'approve?', 'down', 'next']);
});

test('a channel that opens and closes again is news again', async () => {
  const world = await closed();
  await world.sends(live('settling'));
  await world.pace.advance(minutes(11));
  world.slack.closed.delete(C1);
  await world.sends(live('settled'));
  world.slack.closed.set(C1, 'not_in_channel');
  await world.sends(live('checking'));
  assert.equal(direct(world).length, 2);
  assert.match(must(direct(world)[1]), /not_in_channel/);
});

test('cards of other owners fall too, and each owner is told', async () => {
  const world = await closed();
  await world.delivery.show(card('run-9', 'other run', { tone: 'ask' }), { ...ABOUT, owner: kim });
  await world.sends(live('settling'));
  assert.equal(world.slack.standing(DM).length, 1);
  assert.equal(world.slack.standing('D-U-kim').length, 1);
});

test('a channel shared with another organisation gets no buttons: the run goes to the next', async () => {
  const world = new DeliveryWorld();
  world.channels = [C1, C2];
  world.trusted = 'no';
  await world.sends(live('live'), request('approve?'));
  assert.deepEqual(world.slack.seen(C2), ['live', 'approve?']);
  assert.ok(!world.slack.seen(C1).includes('approve?'));
  assert.match(must(direct(world)[0]), /shared with another organisation/);
});

test('a shared channel is not gone back to with cards that have no buttons, and its owner is told once', async () => {
  const world = new DeliveryWorld();
  world.channels = [C1, C2];
  world.trusted = 'no';
  await world.sends(live('live'), request('approve?'));
  const before = world.slack.calls.filter(({ channel }) => channel === C1).length;
  await world.pace.advance(minutes(11));
  await world.sends(live('settling'), milestone(4, 'back'));
  assert.equal(world.slack.calls.filter(({ channel }) => channel === C1).length, before);
  assert.equal(direct(world).length, 1);
  world.trusted = 'yes';
  await world.pace.advance(minutes(11));
  await world.sends(live('checking'));
  assert.ok(world.slack.seen(C1).includes('checking'));
});

test('while it is not known whether the channel is shared, buttons wait and the rest goes', async () => {
  const world = new DeliveryWorld();
  world.trusted = 'unknown';
  await world.show(live('live'), request('approve?'), milestone(3, 'down'));
  await world.pace.advance(minutes(3));
  assert.deepEqual(world.slack.seen(C1), ['live', 'down']);
  world.trusted = 'yes';
  await world.sends();
  assert.deepEqual(world.slack.seen(C1), ['live', 'down', 'approve?']);
});
