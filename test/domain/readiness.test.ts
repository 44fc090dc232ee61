import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeReadiness, type ReadinessVerdict, type Reading } from '../../src/domain/readiness.ts';
import { minutes } from '../../src/domain/time.ts';
import { readings } from '../support.ts';

const at = (...when: readonly number[]) => when.map(minutes);
const ready: ReadinessVerdict = { kind: 'ready' };
const silence = (inARow: number): ReadinessVerdict => ({ kind: 'no-answer', inARow });
const busy = (countedAt: readonly number[], askAgain: number): ReadinessVerdict => ({
  kind: 'busy',
  counted: countedAt.length,
  countedAt: at(...countedAt),
  askAgainAt: minutes(askAgain),
});
const streak = (...seenAt: readonly number[]): ReadinessVerdict => ({
  kind: 'pool-problem',
  cause: 'busy-streak',
  seenAt: at(...seenAt),
});
const insufficient = (seenAt: number): ReadinessVerdict => ({
  kind: 'pool-problem',
  cause: 'insufficient-active-front-ends',
  seenAt: at(seenAt),
});

for (const [told, script, expected] of [
  ['a pool that nobody asked yet has not answered', '', silence(0)],
  ['Ready is Ready', 'Ready@0', ready],
  ['one Busy is patience: ask again in ten minutes', 'Busy@0', busy([0], 10)],
  ['the second Busy after ten minutes counts', 'Busy@0 Busy@10', busy([0, 10], 20)],
  ['the third makes a pool problem', 'Busy@0 Busy@10 Busy@20', streak(0, 10, 20)],
  ['and it stays one while the pool stays Busy', 'Busy@0 Busy@10 Busy@20 Busy@21', streak(0, 10, 20)],
  ['nine minutes are not ten', 'Busy@0 Busy@9', busy([0], 10)],
  ['a Busy too early neither counts nor moves the next one', 'Busy@0 Busy@9 Busy@10', busy([0, 10], 20)],
  ['asking every minute does not speed it up', 'Busy@0 Busy@1 Busy@2 Busy@3 Busy@4 Busy@5', busy([0], 10)],
  ['asking every minute does not put it off', 'Busy@0 Busy@4 Busy@8 Busy@12 Busy@16 Busy@20 Busy@24', streak(0, 12, 24)],
  ['a second person who asks in between changes nothing', 'Busy@0 Busy@3 Busy@10 Busy@13 Busy@20', streak(0, 10, 20)],
  ['long silences between counted ones do not matter', 'Busy@0 Busy@300 Busy@900', streak(0, 300, 900)],
  ['Ready in between starts the counting over', 'Busy@0 Busy@10 Ready@15 Busy@20', busy([20], 30)],
  ['Ready after the third Busy is Ready', 'Busy@0 Busy@10 Busy@20 Ready@21', ready],
  ['no answer does not count', 'Busy@0 ?@10 ?@20', silence(2)],
  ['no answer does not reset', 'Busy@0 ?@5 Busy@10 ?@15 Busy@20', streak(0, 10, 20)],
  ['one missing answer is one', 'Ready@0 ?@1', silence(1)],
  ['two missing answers are two', 'Ready@0 ?@1 ?@2', silence(2)],
  ['three missing answers in a row are told of', 'Ready@0 ?@1 ?@2 ?@3', silence(3)],
  ['a fourth is the fourth', '?@0 ?@1 ?@2 ?@3', silence(4)],
  ['an answer in between starts that row over', '?@0 ?@1 Busy@2 ?@3', silence(1)],
  ['a disturbed Busy does not count', 'ours:Busy@0 ours:Busy@10 ours:Busy@20', busy([], 21)],
  ['a disturbed Busy does not count towards others', 'Busy@0 ours:Busy@10 Busy@20', busy([0, 20], 30)],
  ['a disturbed Busy does not reset either', 'Busy@0 Busy@10 ours:Busy@15 Busy@20', streak(0, 10, 20)],
  ['counting begins with the first undisturbed one', 'ours:Busy@20 Busy@31 Busy@41', busy([31, 41], 51)],
  ['a disturbed Ready resets all the same', 'Busy@0 Busy@10 ours:Ready@15 Busy@20', busy([20], 30)],
  ['a disturbed no answer is no answer', 'Busy@0 ours:?@10', silence(1)],
  ['any InsufficientActiveFrontEnds is a pool problem at once', 'InsufficientActiveFrontEnds@5', insufficient(5)],
  ['even right after Ready', 'Ready@0 InsufficientActiveFrontEnds@5', insufficient(5)],
  ['even in a Busy streak', 'Busy@0 InsufficientActiveFrontEnds@5', insufficient(5)],
  ['while our own servers are down, they explain it', 'ours:InsufficientActiveFrontEnds@5', { kind: 'our-servers-are-down' }],
  [
    'a disturbed one before does not excuse this one',
    'ours:InsufficientActiveFrontEnds@5 InsufficientActiveFrontEnds@40',
    insufficient(40),
  ],
] as const) {
  test(`${told}: ${script || '(nothing)'}`, () => assert.deepEqual(judgeReadiness(readings(script)), expected));
}

test('the streak is counted in milliseconds: one short of ten minutes is too early', () => {
  const late = readings('Busy@0 Busy@10').map((reading, index) => ({ ...reading, at: reading.at - index }));
  assert.deepEqual(judgeReadiness(late), { ...busy([0], 10) });
});

/** The rule once more, told as a story: one reading after the other, with what is remembered between them. */
function naively(all: readonly Reading[]): string {
  let counted: number[] = [];
  let silent = 0;
  let says = 'no-answer 0';
  for (const { at: when, state, disturbedByUs } of all) {
    silent = state === null ? silent + 1 : 0;
    if (state === null) says = `no-answer ${silent}`;
    if (state === 'Ready') [counted, says] = [[], 'ready'];
    if (state === 'InsufficientActiveFrontEnds') {
      if (!disturbedByUs) counted = [];
      says = disturbedByUs ? 'our-servers-are-down' : `pool-problem ${when}`;
    }
    if (state === 'Busy') {
      const soon = counted.length > 0 && when < Math.max(...counted) + 600_000;
      if (!disturbedByUs && !soon) counted = [...counted, when];
      says = counted.length > 2 ? `pool-problem ${counted}` : `busy ${counted.length}`;
    }
  }
  return says;
}

function inShort(verdict: ReadinessVerdict): string {
  switch (verdict.kind) {
    case 'pool-problem':
      return `pool-problem ${verdict.seenAt}`;
    case 'busy':
      return `busy ${verdict.counted}`;
    case 'no-answer':
      return `no-answer ${verdict.inARow}`;
    default:
      return verdict.kind;
  }
}

const someReading = fc.record({
  after: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(9.999, 10, 10.001)),
  state: fc.oneof(
    { weight: 8, arbitrary: fc.constant('Busy' as const) },
    { weight: 2, arbitrary: fc.constantFrom(null, 'Ready' as const) },
    { weight: 1, arbitrary: fc.constant('InsufficientActiveFrontEnds' as const) },
  ),
  disturbedByUs: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const manyReadings = fc.array(someReading, { maxLength: 30 }).map((each) => {
  let now = 0;
  return each.map(({ after, state, disturbedByUs }): Reading => {
    now += minutes(after);
    return { at: now, state, disturbedByUs, raw: '' };
  });
});

test('whatever a pool answers, the verdict is the one that a slow reader of the rules comes to', () => {
  fc.assert(
    fc.property(manyReadings, (all) => assert.equal(inShort(judgeReadiness(all)), naively(all))),
    { numRuns: 2_000 },
  );
});

test('whoever else asks in between, a Busy streak is told of neither earlier nor later', () => {
  const extra = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 });
  fc.assert(
    fc.property(extra, (asked) => {
      const when = [...new Set([0, 10, 20, ...asked.filter((each) => each % 10 !== 0 && each < 20)])];
      const script = when.toSorted((left, right) => left - right).map((each) => `Busy@${each}`);
      assert.deepEqual(judgeReadiness(readings(script.join(' '))), streak(0, 10, 20));
      assert.equal(judgeReadiness(readings(script.slice(0, -1).join(' '))).kind, 'busy');
    }),
  );
});

test('the next question is due ten minutes after the last counted Busy, and never before it was asked', () => {
  fc.assert(
    fc.property(manyReadings, (all) => {
      const verdict = judgeReadiness(all);
      if (verdict.kind !== 'busy') return;
      const latest = all.at(-1)?.at ?? 0;
      assert.ok(verdict.askAgainAt > latest - minutes(10) && verdict.askAgainAt <= latest + minutes(10));
      const last = verdict.countedAt.at(-1);
      if (last !== undefined && all.at(-1)?.disturbedByUs === false) assert.equal(verdict.askAgainAt, last + minutes(10));
    }),
  );
});
