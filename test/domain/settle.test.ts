import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextMove } from '../../src/domain/next-move.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { minutes } from '../../src/domain/time.ts';
import { aPool, fabric, must, placement, readiness, Story, server, without } from '../support.ts';

const pool = aPool(3);
const placed = placement(pool);
const movedPrimary = fabric('rg-1 fe2 fe1,fe3', 'rg-2 fe2 fe3,fe1', 'rg-3 fe3 fe1,fe2');

/** fe1 is patched and back; the pool settles from here. */
function settling(): Story {
  const fe1 = server(1);
  return new Story({ topology: pool }).plan().ask().approve().stop(fe1).patched(fe1).restart(fe1).back(fe1);
}
/** A look every minute. */
function watch(story: Story, count: number, changes: Partial<PoolSighting> = {}): Story {
  for (let minute = 0; minute < count; minute += 1) story.wait(1).look(changes);
  return story;
}
const next = (story: Story) => {
  const move = nextMove(story.run, story.now);
  return move.kind === 'record' ? move.event.kind : move.kind;
};
const busy = { readiness: readiness(pool, 'Busy'), verdict: { kind: 'busy', counted: 0, countedAt: [], askAgainAt: 0 } } as const;

test('twenty minutes of Ready and nothing moved: the domain has settled, and not a minute before', () => {
  const story = watch(settling().look(), 19);
  assert.equal(next(story), 'wait');
  assert.equal(next(watch(story, 1)), 'settled');
});
test('the twenty minutes begin with the first Ready, not with the restart', () => {
  const story = watch(watch(settling(), 12, busy).wait(1).look(), 19);
  assert.equal(next(story), 'wait');
  assert.equal(next(watch(story, 1)), 'settled');
});
test('while it settles, the pool is looked at every minute', () => {
  const story = settling().look();
  assert.deepEqual(nextMove(story.run, story.now), {
    kind: 'wait',
    until: story.now + minutes(1),
    because: 'the pool to settle',
  });
  assert.deepEqual(nextMove(story.run, story.now + minutes(1)), { kind: 'observe-pool', scope: 'quiet', upgradeDomain: null });
});

for (const [told, changes, because] of [
  ['Busy', busy, /the pool reported Busy/],
  ['no answer', { readiness: null, verdict: { kind: 'no-answer', inARow: 1 } }, /no answer/],
  ['the fabric unread', { fabric: null }, /fabric state could not be read/],
  ['services unread', { services: null }, /services could not be read/],
  ['a routing group without a secondary', { fabric: fabric('rg-1 fe1 -') }, /1 routing groups lack/],
  ['a server down', { services: without(pool, server(3)) }, /not running: fe3/],
] satisfies [string, Partial<PoolSighting>, RegExp][]) {
  test(`${told} in minute 16 starts the twenty minutes again, and says why`, () => {
    const story = watch(settling().look(), 16);
    watch(story, 1, changes);
    assert.match(story.run.settling?.because ?? '', because);
    assert.equal(story.run.settling?.since, null);
    watch(story, 20);
    assert.equal(next(story), 'wait', 'nineteen minutes after the first Ready');
    assert.equal(next(watch(story, 1)), 'settled');
  });
}
test('a primary that moved starts the twenty minutes again at that look, and says which', () => {
  const story = watch(watch(settling().look(), 16), 1, { fabric: movedPrimary });
  assert.match(story.run.settling?.because ?? '', /moved: rg-1 fe1 -> fe2/);
  assert.equal(story.run.settling?.since, story.now);
  assert.equal(next(watch(story, 19, { fabric: movedPrimary })), 'wait');
  assert.equal(next(watch(story, 1, { fabric: movedPrimary })), 'settled');
});
test('a secondary that moved starts it again as well; another order of listing does not', () => {
  const [first, ...others] = placed.groups;
  const reordered = { ...placed, groups: [...others, { ...must(first), secondaries: must(first).secondaries.toReversed() }] };
  const story = watch(settling().look(), 5);
  const since = story.run.settling?.since;
  assert.equal(watch(story, 1, { fabric: reordered }).run.settling?.since, since);
  const lost = { ...placed, groups: [{ ...must(first), secondaries: [server(2)] }, ...others] };
  assert.notEqual(watch(story, 1, { fabric: lost }).run.settling?.since, since);
});
for (const [gap, again] of [
  [4, false],
  [5, false],
  [6, true],
  [60, true],
] as const) {
  test(`${gap} minutes in which nobody looked ${again ? 'start it again' : 'do not matter'}`, () => {
    const story = watch(settling().look(), 10).wait(gap).look();
    assert.equal(story.run.settling?.since === story.now, again);
    if (again) assert.match(story.run.settling?.because ?? '', /nobody looked for more than 5 minutes/);
  });
}
test('a clock that jumped back starts it again', () => {
  const story = watch(settling().look(), 10).wait(-3).look();
  assert.equal(story.run.settling?.since, story.now);
});
test('a pool that is not quiet for four hours is a person’s', () => {
  const story = watch(settling(), 240, busy);
  const move = nextMove(story.run, story.now);
  assert.equal(move.kind === 'record' && move.event.kind === 'held' && move.event.reason.kind, 'not-settling');
});
test('paused, the pool is watched on and nothing new starts', () => {
  const story = watch(
    settling()
      .say({ kind: 'paused', by: must(settling().run.request.by) })
      .look(),
    25,
  );
  assert.equal(next(story), 'wait');
});
