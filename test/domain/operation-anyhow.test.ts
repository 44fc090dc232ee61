import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextOperationMove } from '../../src/domain/operation-moves.ts';
import '../seed.ts';
import { type Asked, cutsOf, OperationEvening } from './operation-evening.ts';

const asked: fc.Arbitrary<Asked> = fc.constantFrom(
  { kind: 'failover', version: '2015' },
  { kind: 'failback', version: '2015' },
  { kind: 'start', version: '2015' },
  { kind: 'start', version: '2013' },
  { kind: 'recover', version: '2015' },
  { kind: 'reset', version: '2015' },
);
const tape = fc.array(fc.nat({ max: 9_999 }), { minLength: 200, maxLength: 800 });

test('whatever the pool answers, whoever says what and whichever call is lost: nothing is called that may not be', () => {
  const sum = { performed: 0, again: 0, done: 0, aborted: 0 };
  fc.assert(
    fc.property(asked, tape, (what, numbers) => {
      const evening = new OperationEvening(what, numbers).play();
      assert.deepEqual(evening.violations, []);
      sum.performed += evening.performed;
      if (evening.events.some((event) => event.kind === 'step-ended' && event.conclusion === 'not-done')) sum.again += 1;
      const how = evening.state.ended?.ending.how;
      if (how === 'done' || how === 'aborted') sum[how] += 1;
    }),
    { numRuns: 1_200 },
  );
  const enough = sum.performed > 800 && sum.again > 80 && sum.done > 100 && sum.aborted > 50;
  assert.ok(enough, `${JSON.stringify(sum)}: too little was tried to show anything`);
});

test('a journal that is cut anywhere folds to what was decided on there, and to something to do next', () => {
  fc.assert(
    fc.property(asked, tape, (what, numbers) => {
      const { events, state } = new OperationEvening(what, numbers).play();
      const cuts = cutsOf(events);
      assert.deepEqual(cuts.at(-1), state);
      for (const [index, cut] of cuts.entries()) {
        assert.equal(cut.seq, index + 1);
        const move = nextOperationMove(cut, { now: events[index]?.at ?? 0, frozen: false, revision: 'r1' });
        assert.equal(move.kind === 'finish', cut.ended !== null);
        if (cut.started !== null) assert.notEqual(move.kind, 'perform', 'a begun step is looked at before anything is called');
      }
    }),
    { numRuns: 60 },
  );
});
