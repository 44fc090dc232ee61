import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seconds } from '../../../src/domain/time.ts';
import { must, POOL02 } from '../../support.ts';
import { ABOUT, C1, C2, card, DeliveryWorld, live, milestone, request } from './delivery-world.ts';

const titles = (world: DeliveryWorld): readonly string[] => world.slack.calls.map(({ says }) => says);

test('a card is wanted at once and sent later', async () => {
  const world = new DeliveryWorld();
  await world.show(live('checking'));
  assert.deepEqual(world.slack.calls, []);
  await world.sends();
  assert.deepEqual(world.slack.seen(C1), ['checking']);
});

test('only the newest state of a card is sent, as an edit of the one message', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('checking'));
  await world.sends(live('stopping'), live('patching'));
  assert.deepEqual(titles(world), ['checking', 'patching']);
  assert.deepEqual(world.slack.seen(C1), ['patching']);
});

test('what stands already costs no call, in this life or the next', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('checking'), milestone(3, 'down'));
  world.restart();
  await world.sends(live('checking'), milestone(3, 'down'));
  await world.sends(live('checking'));
  assert.deepEqual(titles(world), ['checking', 'down']);
});

test('another button or tone is another state, though the words are the same', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('held'));
  await world.sends(live('held', { tone: 'alarm' }));
  await world.sends(live('held', { tone: 'alarm', buttons: request('').buttons }));
  assert.equal(world.slack.calls.length, 3);
});

test('a card under another stands in its thread, and never comes first', async () => {
  const world = new DeliveryWorld();
  await world.sends(milestone(3, 'down'));
  assert.deepEqual(world.slack.calls, []);
  await world.sends(live('checking'));
  const [parent, child] = world.slack.standing(C1);
  assert.deepEqual(titles(world), ['checking', 'down']);
  assert.equal(must(parent).thread, null);
  assert.equal(must(child).thread, must(parent).id);
});

test('when there is room: alarms, then what asks or has asked, then milestones, then progress; each oldest first', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'), request('approve?'), card('run-2', 'other live'));
  await world.pace.advance(seconds(10));
  world.slack.calls.length = 0;
  await world.sends(
    live('progress 1'),
    card('run-2', 'progress 2'),
    milestone(4, 'milestone 1'),
    milestone(5, 'milestone 2'),
    request('approved', { tone: 'calm', buttons: [] }),
    card('run-2-request-1', 'approve?', { under: 'run-2', tone: 'ask' }),
    milestone(6, 'alarm', { tone: 'alarm' }),
  );
  assert.deepEqual(titles(world), ['alarm', 'approved', 'approve?', 'milestone 1', 'milestone 2', 'progress 1', 'progress 2']);
});

test('a live card that has not been posted goes before the alarm under it, and before all other progress', async () => {
  const world = new DeliveryWorld();
  await world.sends(card('away', 'away'), live('live'), milestone(6, 'alarm', { tone: 'alarm' }));
  assert.deepEqual(titles(world), ['live', 'alarm', 'away']);
});

test('alarms in a thread are shown in the channel too, and nothing else is', async () => {
  const world = new DeliveryWorld();
  await world.sends(
    live('live', { tone: 'alarm' }),
    milestone(6, 'alarm', { tone: 'alarm' }),
    milestone(7, 'down'),
    request('approve?'),
  );
  assert.deepEqual(
    world.slack.messages.filter(({ broadcast }) => broadcast).map(({ shows }) => shows.card.title),
    ['alarm'],
  );
});

test('a channel gets three messages at once and then one a second; another channel does not wait for it', async () => {
  const world = new DeliveryWorld({ destinations: { channelsOf: (pool) => [pool === POOL02 ? C2 : C1], userOf: () => null } });
  const start = world.pace.now();
  await world.delivery.show(card('elsewhere', 'elsewhere'), { ...ABOUT, pool: POOL02 });
  await world.sends(...[1, 2, 3, 4, 5, 6].map((number) => card(`run-${number}`, `${number}`)));
  const at = (channel: string) => world.slack.calls.filter((call) => call.channel === channel).map((call) => call.at - start);
  assert.deepEqual(at(C1), [0, 0, 0, 1_000, 2_000, 3_000]);
  assert.deepEqual(at(C2), [0]);
});

test('Retry-After is obeyed by method and channel: edits that must wait do not hold up a prompt', async () => {
  const world = new DeliveryWorld();
  await world.sends(live('live'));
  await world.pace.advance(seconds(10));
  const start = world.pace.now();
  world.slack.calls.length = 0;
  world.slack.fails('edit', { kind: 'later', afterMs: seconds(30) });
  await world.show(live('progress'));
  await world.pace.advance(0);
  await world.sends(request('approve?'), live('more progress'));
  assert.deepEqual(
    world.slack.calls.map(({ call, says, at }) => [call, says, at - start]),
    [
      ['edit', 'progress', 0],
      ['post', 'approve?', 0],
      ['edit', 'more progress', seconds(30)],
    ],
  );
});

test('one call is under way in a channel at any time', async () => {
  const world = new DeliveryWorld();
  let under = 0;
  let most = 0;
  const slow = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    under += 1;
    most = Math.max(most, under);
    await world.pace.wait(seconds(5));
    under -= 1;
    return await call();
  };
  const { slack } = world;
  world.delivery = world.started({
    messenger: {
      post: (post) => slow(() => slack.post(post)),
      edit: (channel, id, content) => slow(() => slack.edit(channel, id, content)),
      find: (channel, thread, stamp) => slow(() => slack.find(channel, thread, stamp)),
      permalink: (channel, id) => slack.permalink(channel, id),
      openDirect: (user) => slack.openDirect(user),
    },
  });
  await world.sends(live('live'), card('run-2', 'other'), card('run-3', 'third'));
  assert.equal(most, 1);
  assert.equal(slack.seen(C1).length, 3);
});

test('a card that changes while it waits keeps its turn; one that changes while it is sent goes behind the others', async () => {
  const world = new DeliveryWorld();
  await world.sends(card('a', 'a'), card('b', 'b'), card('c', 'c'));
  world.slack.calls.length = 0;
  await world.sends(card('a', 'a1'), card('b', 'b1'), card('a', 'a2'));
  assert.deepEqual(titles(world), ['a2', 'b1']);
  await world.pace.advance(seconds(10));
  const { slack } = world;
  let first = true;
  const edit: typeof slack.edit = async (channel, id, content) => {
    if (first) await world.show(card('a', 'a4'));
    first = false;
    return await slack.edit(channel, id, content);
  };
  const { post, find, permalink, openDirect } = slack;
  const messenger = {
    edit,
    post: post.bind(slack),
    find: find.bind(slack),
    permalink: permalink.bind(slack),
    openDirect: openDirect.bind(slack),
  };
  world.delivery = world.started({ messenger });
  slack.calls.length = 0;
  await world.sends(card('a', 'a3'), card('b', 'b3'));
  assert.deepEqual(titles(world), ['a3', 'b3', 'a4']);
});

test('1,000 changes through one message a second end with the right card, in far fewer calls, never going back', async () => {
  const world = new DeliveryWorld();
  for (let change = 1; change <= 1_000; change += 1) {
    await world.show(live(`${change}`));
    if (change % 10 === 0) await world.pace.advance(200);
  }
  await world.sends();
  assert.deepEqual(world.slack.seen(C1), ['1000']);
  const order = titles(world).map(Number);
  assert.deepEqual(
    order,
    order.toSorted((left, right) => left - right),
  );
  assert.ok(order.length <= 25, `${order.length} calls for 20 seconds`);
});

test('whatever goes wrong on the way, each card ends up once, in its newest state', async () => {
  const fault = fc.constantFrom(
    { kind: 'unknown', because: 'HTTP 500' } as const,
    { kind: 'later', afterMs: 3_000 } as const,
    { kind: 'unauthorised', because: 'token_revoked' } as const,
    'lost' as const,
  );
  const step = fc.record({
    key: fc.constantFrom('run-1', 'run-1-1', 'run-1-2'),
    fault: fc.option(fc.record({ call: fc.constantFrom('post' as const, 'edit' as const, 'find' as const), fault })),
    wait: fc.nat(4_000),
    killed: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = new DeliveryWorld();
      const newest = new Map<string, string>();
      const all = () => [...newest].map(([key, title]) => card(key, title, { under: key === 'run-1' ? null : 'run-1' }));
      newest.set('run-1', 'start');
      await world.show(...all());
      for (const [index, { key, fault: planned, wait, killed }] of steps.entries()) {
        newest.set(key, `${key} at ${index}`);
        if (planned !== null) world.slack.fails(planned.call, planned.fault);
        await world.show(...all());
        await world.pace.advance(wait);
        if (!killed) continue;
        await world.delivery.stop();
        world.restart();
        await world.show(...all());
      }
      await world.sends();
      assert.deepEqual([...world.slack.seen(C1)].toSorted(), [...newest.values()].toSorted());
    }),
    { numRuns: 200 },
  );
});

test('once stopped, nothing more is sent and nobody waits for it', async () => {
  const world = new DeliveryWorld();
  await world.show(live('live'));
  await world.delivery.stop();
  await world.show(live('later'));
  await world.delivery.idle();
  await world.pace.advance(seconds(60));
  assert.deepEqual(world.slack.calls, []);
});
