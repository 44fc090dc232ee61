import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../../src/domain/time.ts';
import { plain } from '../../../src/messages/spans.ts';
import { must } from '../../support.ts';
import { ABOUT, C1, DeliveryWorld, live, milestone, request } from './delivery-world.ts';

const away = { kind: 'unknown', because: 'HTTP 503' } as const;

/** A world whose platform stops answering once the live card stands. */
async function silenced(): Promise<DeliveryWorld> {
  const world = new DeliveryWorld();
  await world.delivery.show(live('checking'), ABOUT);
  await world.pace.advance(minutes(1));
  for (const call of ['post', 'edit', 'find'] as const) world.slack.fails(call, away, 10_000);
  return world;
}

test('after an outage one message tells of all that was not said meanwhile, and the live card stands as it is now', async () => {
  const world = await silenced();
  for (const seq of [1, 2, 3, 4]) {
    await world.delivery.show(live(`step ${seq}`), ABOUT);
    await world.delivery.show(milestone(seq, `milestone ${seq}`), ABOUT);
    await world.pace.advance(minutes(10));
  }
  world.slack.mends();
  await world.pace.advance(minutes(5));
  const seen = world.slack.seen(C1);
  assert.equal(seen[0], 'step 4');
  const told = must(world.slack.standing(C1).find(({ shows }) => shows.card.title.startsWith('I could not write here')));
  assert.ok(seen.filter((title) => title.startsWith('milestone')).length <= 1, seen.join(' / '));
  assert.ok(told.shows.card.lines.length >= 3);
  assert.match(plain(told.shows.card.title), /^I could not write here from \d\d:\d\d UTC to \d\d:\d\d UTC\. Meanwhile:$/);
  for (const seq of [2, 3, 4]) assert.ok([...seen, ...told.shows.card.lines].includes(`milestone ${seq}`), `${seq}`);
});

test('what waits for somebody is not in that message: it is posted', async () => {
  const world = await silenced();
  await world.delivery.show(milestone(1, 'milestone 1'), ABOUT);
  await world.delivery.show(request('approve?'), ABOUT);
  await world.pace.advance(minutes(20));
  world.slack.mends();
  await world.pace.advance(minutes(5));
  assert.ok(world.slack.seen(C1).includes('approve?'), world.slack.seen(C1).join(' / '));
});

test('a short silence is made up for message by message', async () => {
  const world = await silenced();
  await world.delivery.show(milestone(1, 'milestone 1'), ABOUT);
  await world.delivery.show(milestone(2, 'milestone 2'), ABOUT);
  await world.pace.advance(minutes(2));
  world.slack.mends();
  await world.pace.advance(minutes(5));
  assert.deepEqual(
    world.slack.seen(C1).filter((title) => !title.startsWith('checking')),
    ['milestone 1', 'milestone 2'],
  );
  assert.deepEqual(world.outages, []);
});

test('another platform is told once what is open, and once that this one is back', async () => {
  const world = await silenced();
  await world.delivery.show(request('approve?'), ABOUT);
  await world.delivery.show(milestone(1, 'milestone 1'), ABOUT);
  await world.pace.advance(minutes(30));
  assert.deepEqual(world.outages, [['run-1-request-1']]);
  world.slack.mends();
  await world.pace.advance(minutes(5));
  assert.deepEqual(world.outages, [['run-1-request-1'], 'over']);
});
