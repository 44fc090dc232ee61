import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, plainMessageOf } from '../../../src/adapters/teams/adaptive-card.ts';
import { NAMED_ONLY } from '../../../src/adapters/teams/markdown.ts';
import { messageReply } from '../../../src/adapters/teams/replies.ts';
import { card } from '../chat/delivery-world.ts';

/** How long is paused between the tries of an answer that Teams does not take, and what is said when it is given up. */
async function triesOf(statusCode: number, random: number) {
  const pauses: number[] = [];
  const failed: string[] = [];
  const { answer } = messageReply({ conversation: '19:ops@thread.tacv2', personal: false }, () => {}, {
    connector: { post: () => Promise.reject(Object.assign(new Error(''), { statusCode })) },
    answerOf: (each) => answerOf(each, NAMED_ONLY),
    plainOf: (each) => plainMessageOf(each, { reader: NAMED_ONLY, note: null }),
    wait: async () => {},
    pause: async (milliseconds) => void pauses.push(milliseconds),
    random: () => random,
    failed: (_what, because) => failed.push(because),
  });
  await answer(card('answer', 'pool01 is OK'));
  return { pauses, failed };
}

for (const status of [412, 502, 504])
  test(`an answer met by ${status} is tried again after growing, scattered pauses, and given up after three tries`, async () => {
    const [early, late] = [await triesOf(status, 0), await triesOf(status, 0.99)];
    assert.deepEqual(early.pauses, [1_000, 2_000]);
    assert.deepEqual(late.pauses, [1_990, 3_980]);
    assert.deepEqual(early.failed, [`Teams answered HTTP ${status}`]);
  });

test('an answer to a place that is closed is not tried again', async () => {
  assert.deepEqual(await triesOf(403, 0), { pauses: [], failed: ['Teams answered HTTP 403'] });
});
