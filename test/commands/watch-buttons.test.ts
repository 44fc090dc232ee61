import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandBehind } from '../../src/commands/buttons.ts';
import type { ManagedPool } from '../../src/domain/inventory.ts';
import { minutes } from '../../src/domain/time.ts';
import { afterProblem, NOTHING_WATCHED, type Watched } from '../../src/domain/watch.ts';
import { told } from '../../src/domain/watch-telling.ts';
import { watchCards } from '../../src/messages/watch-cards.ts';
import { aManagedPool, dana, must, POOL02 } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';

const problem = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } as const;
const PROMPTED = told(afterProblem(NOTHING_WATCHED, problem, 0), { now: 0, quiet: false });
const PAIRED = aManagedPool({ backupPool: POOL02 });

/** What comes of a press on the first button of the prompt, while the watch remembers this. */
async function pressed(watched: Watched, pool: ManagedPool, button = 'failover') {
  const card = must(watchCards(PROMPTED, pool)[0]).key;
  const desk = Object.assign(new FakeDesk(pool), { watched: async () => watched });
  return commandBehind({ card, button, words: null, by: dana, deliveryId: 'D1' }, desk);
}

test('the prompt of the watch plans a failover at one press', async () => {
  assert.deepEqual(await pressed(PROMPTED, PAIRED), { kind: 'says', text: 'failover pool01' });
});

test('a pool without a backup pool has nothing to press', async () => {
  const alone = aManagedPool({ backupPool: null });
  assert.deepEqual(must(watchCards(PROMPTED, alone)[0]).buttons, []);
  assert.equal((await pressed(PROMPTED, alone)).kind, 'stale');
});

test('a press on a prompt that is over, or on a button that it does not have, says nothing', async () => {
  const { episode } = PROMPTED;
  const over = { ...must(episode), entries: must(episode).entries.map((entry) => ({ ...entry, until: minutes(5) })) };
  for (const watched of [NOTHING_WATCHED, { ...PROMPTED, episode: over }]) {
    const behind = await pressed(watched, PAIRED);
    assert.equal(behind.kind, 'stale');
    assert.match(JSON.stringify(behind), /The watch does not see that problem of pool01 any more/);
  }
  assert.equal((await pressed(PROMPTED, PAIRED, 'recover')).kind, 'stale');
});
