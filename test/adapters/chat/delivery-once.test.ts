import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { must } from '../../support.ts';
import { C1, card, DeliveryWorld, live, milestone, request } from './delivery-world.ts';

const LOST = { kind: 'unknown', because: 'HTTP 500' } as const;

test('a post whose answer was lost is looked for, and not made twice', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', 'lost');
  await world.sends(live('checking'));
  await world.sends(live('patching'));
  assert.deepEqual(world.slack.seen(C1), ['patching']);
  assert.equal(world.slack.messages.length, 1);
});

test('a post that Slack never got is made, once it has been looked for', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', LOST);
  await world.sends(live('checking'));
  assert.deepEqual(
    world.slack.calls.map(({ call }) => call),
    ['post', 'find', 'post'],
  );
  assert.equal(world.slack.messages.length, 1);
});

test('killed with the post under way: the next bot adopts the message and brings it up to date', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', 'killed-after');
  await world.show(live('checking'));
  await world.pace.advance(seconds(1));
  world.restart();
  await world.sends(live('patching'));
  assert.deepEqual(world.slack.seen(C1), ['patching']);
  assert.equal(world.slack.messages.length, 1);
});

for (const [writes, when] of [
  [0, 'before the intent is written'],
  [1, 'after the post, before its id is written'],
] as const)
  test(`killed ${when}: one message after the restart, in the thread too`, async () => {
    const world = new DeliveryWorld();
    await world.sends(live('live'));
    world.record.writesLeft = writes;
    await world.show(milestone(3, 'down'));
    await world.pace.advance(seconds(1));
    world.restart();
    await world.sends(live('live'), milestone(3, 'down'));
    assert.deepEqual(world.slack.seen(C1), ['live', 'down']);
    assert.equal(world.slack.messages.length, 2);
  });

test('killed with the intent written and nothing sent: one message after the restart', async () => {
  const world = new DeliveryWorld();
  await world.record.savePosted('run-1', C1, { messageId: '', digest: '' });
  await world.sends(live('live'));
  assert.deepEqual(
    world.slack.calls.map(({ call }) => call),
    ['find', 'post'],
  );
  assert.deepEqual(world.slack.seen(C1), ['live']);
});

test('as long as it cannot be looked for, nothing is posted', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', 'lost');
  world.slack.fails('find', LOST, 4);
  world.slack.fails('find', { kind: 'refused', because: 'invalid_cursor' });
  world.slack.fails('find', { kind: 'later', afterMs: seconds(20) });
  await world.sends(live('live'));
  assert.deepEqual(
    world.slack.calls.map(({ call }) => call),
    ['post', ...Array.from({ length: 7 }, () => 'find'), 'edit'],
  );
  assert.equal(must(world.slack.standing(C1)[0]).shows.plain, false);
  assert.equal(world.slack.messages.length, 1);
});

test('a new record in an old channel leaves the run 1 of another record alone', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('of the old record'));
  const fresh = new DeliveryWorld();
  fresh.delivery = fresh.started({ messenger: world.slack, mark: 'installation-2' });
  await fresh.record.savePosted('run-1', C1, { messageId: '', digest: '' });
  await fresh.sends(live('of the new record'));
  assert.deepEqual(world.slack.seen(C1), ['of the old record', 'of the new record']);
});

test('in an outage a card is tried again for ever, after 1 s to 60 s, and the newest state is what arrives', async () => {
  const world = new DeliveryWorld({ random: () => 0 });
  await world.sends(live('before'));
  world.slack.fails('edit', LOST, 30);
  world.slack.calls.length = 0;
  await world.show(live('during'));
  await world.pace.advance(minutes(5));
  const at = world.slack.calls.map((call) => call.at);
  const gaps = at.slice(1).map((each, index) => each - must(at[index]));
  assert.deepEqual(gaps.slice(0, 7), [1, 2, 4, 8, 16, 30, 30].map(seconds));
  await world.sends(live('after'));
  assert.deepEqual(world.slack.seen(C1), ['after']);
});

test('tries are spread by chance, and are never more than 60 s apart', async () => {
  const world = new DeliveryWorld({ random: () => 0.999 });
  await world.sends(live('before'));
  world.slack.fails('edit', LOST, 12);
  await world.sends(live('after'));
  const at = world.slack.calls.map((call) => call.at);
  const gaps = at.slice(2).map((each, index) => each - must(at[index + 1]));
  assert.ok(
    gaps.every((gap) => gap >= seconds(1) && gap <= seconds(60)),
    `${gaps}`,
  );
  assert.ok(must(gaps.at(-1)) > seconds(55));
});

test('once a card has been sent, the next trouble starts at 1 s again', async () => {
  const world = new DeliveryWorld({ random: () => 0 });
  await world.sends(live('before'));
  world.slack.fails('edit', LOST, 5);
  await world.sends(live('first'));
  world.slack.fails('edit', LOST);
  world.slack.calls.length = 0;
  await world.pace.advance(seconds(10));
  await world.sends(live('second'));
  const [failed, sent] = world.slack.calls;
  assert.equal(must(sent).at - must(failed).at, seconds(1));
});

test('a card that Slack chokes on holds nobody else up', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'), card('run-2', 'other'));
  world.slack.fails('edit', LOST, 5);
  await world.show(live('chokes', { tone: 'alarm' }));
  await world.pace.advance(seconds(1));
  await world.show(request('approve?'), card('away', 'away'));
  await world.pace.advance(seconds(3));
  assert.deepEqual(world.slack.seen(C1), ['live', 'other', 'approve?', 'away']);
});

test('a deleted live card is posted again, once, with the way to its thread; what comes next stands under the new one', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'), milestone(3, 'down'), milestone(4, 'back'));
  world.slack.delete('live');
  await world.sends(live('settling'));
  const again = must(world.slack.standing(C1).at(-1));
  assert.match(again.shows.note ?? '', /deleted.*https:\/\/slack\.test\/C1\/3\.0$/);
  await world.sends(live('checking'), milestone(5, 'settled'));
  assert.deepEqual(world.slack.seen(C1), ['down', 'back', 'checking', 'settled']);
  assert.equal(must(world.slack.standing(C1).at(-1)).thread, again.id);
});

test('that a live card was deleted is noticed by what is to stand under it, too', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'));
  world.slack.delete('live');
  await world.sends(milestone(3, 'down'));
  assert.deepEqual(world.slack.seen(C1), ['live', 'down']);
  assert.equal(world.slack.messages.length, 3);
});

test('a thread that takes nothing though its first message stands does not have that posted again and again', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'));
  world.slack.fails('post', { kind: 'gone' }, 6);
  await world.sends(milestone(3, 'down'));
  assert.deepEqual(world.slack.seen(C1), ['live', 'down']);
});

test('a deleted request is posted again in its thread, with the way to it', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'), request('approve?'));
  world.slack.delete('approve?');
  await world.sends(request('approve? 1 of 2'));
  const [parent, again] = world.slack.standing(C1);
  assert.equal(must(again).thread, must(parent).id);
  assert.match(must(again).shows.note ?? '', /https:\/\/slack\.test\/C1\/1\.0$/);
});

test('a deleted card nothing stands under, or whose link Slack does not give, is posted again without one', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'));
  world.slack.delete('live');
  await world.sends(live('settling'));
  assert.doesNotMatch(must(world.slack.standing(C1)[0]).shows.note ?? '', /https/);
  await world.sends(milestone(3, 'down'));
  world.slack.delete('settling');
  world.slack.fails('permalink', LOST);
  await world.sends(live('checking'));
  assert.doesNotMatch(must(world.slack.standing(C1).at(-1)).shows.note ?? '', /https/);
});

test('blocks that Slack refuses are logged raw, and the card goes out as plain text; its next state has blocks again', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', { kind: 'refused', because: 'invalid_blocks' });
  await world.sends(live('odd'));
  assert.equal(must(world.slack.standing(C1)[0]).shows.plain, true);
  const fault = must(world.logged.find(({ facts }) => facts['because'] === 'invalid_blocks'));
  assert.deepEqual(fault.facts['card'], live('odd'));
  await world.sends(live('fine'));
  assert.equal(must(world.slack.standing(C1)[0]).shows.plain, false);
});

test('a card refused as plain text too is given up until it changes', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', { kind: 'refused', because: 'msg_too_long' }, 2);
  await world.sends(live('long'));
  await world.sends(live('long'));
  assert.equal(world.slack.calls.length, 2);
  assert.equal(world.logged.length, 2);
  await world.sends(live('short'));
  assert.deepEqual(world.slack.seen(C1), ['short']);
});

test('a token that no longer works is a fault, tried again every minute', async () => {
  const world = new DeliveryWorld();
  world.slack.fails('post', { kind: 'unauthorised', because: 'token_revoked' }, 3);
  const start = world.pace.now();
  await world.sends(live('live'), card('run-2', 'other'));
  assert.deepEqual(
    world.slack.calls.map(({ at }) => at - start),
    [0, 1, 2, 3, 3].map(minutes),
  );
  assert.equal(world.logged.filter(({ facts }) => facts['because'] === 'token_revoked').length, 3);
});
