import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mirror } from '../../../src/adapters/chat/mirror.ts';
import type { PoolFqdn } from '../../../src/domain/pool.ts';
import { POOL01, POOL02 } from '../../support.ts';
import { ABOUT, live, milestone, request } from './delivery-world.ts';

/** Slack and Teams: pool01 is at home in both, pool02 in Slack alone; any other pool nowhere. */
function mirrored() {
  const shown: string[] = [];
  const mirror = new Mirror(() => {});
  const platform = (name: string, homes: readonly PoolFqdn[]): void =>
    mirror.add({
      name,
      surface: { show: async ({ title }) => void shown.push(`${name}: ${title}`) },
      isHome: (pool) => homes.includes(pool),
    });
  platform('Slack', [POOL01, POOL02]);
  platform('Teams', [POOL01]);
  return { mirror, shown };
}
const inSlackOnly = { ...ABOUT, pool: POOL02 };

test('a pool with a place on both has each card on both', async () => {
  const { mirror, shown } = mirrored();
  await mirror.show(live('checking'), ABOUT);
  assert.deepEqual(shown, ['Slack: checking', 'Teams: checking']);
});

test('a pool with a place on one has its cards there', async () => {
  const { mirror, shown } = mirrored();
  await mirror.show(live('checking'), inSlackOnly);
  assert.deepEqual(shown, ['Slack: checking']);
});

test('a pool with no place has its cards where its owner is, wherever that may be', async () => {
  const { mirror, shown } = mirrored();
  await mirror.show(live('checking'), { ...ABOUT, pool: 'pool09.example' as PoolFqdn });
  assert.deepEqual(shown, ['Slack: checking', 'Teams: checking']);
});

test('while its only platform does not answer, what is open and what comes stands on the other one', async () => {
  const { mirror, shown } = mirrored();
  await mirror.show(request('approve?'), inSlackOnly);
  mirror.outageOf('Slack').began([{ card: request('approve?'), about: inSlackOnly }]);
  await mirror.show(milestone(2, 'down'), inSlackOnly);
  assert.deepEqual(shown, ['Slack: approve?', 'Slack: approve?', 'Teams: approve?', 'Slack: down', 'Teams: down']);
});

test('what stood in is kept true afterwards, and nothing new comes there', async () => {
  const { mirror, shown } = mirrored();
  const outage = mirror.outageOf('Slack');
  outage.began([{ card: request('approve?'), about: inSlackOnly }]);
  outage.ended();
  shown.length = 0;
  await mirror.show(request('approved'), inSlackOnly);
  await mirror.show(milestone(2, 'down'), inSlackOnly);
  assert.deepEqual(shown, ['Slack: approved', 'Teams: approved', 'Slack: down']);
});

test('a pool that is mirrored needs no stand-in while one of its platforms answers', async () => {
  const { mirror, shown } = mirrored();
  mirror.outageOf('Slack').began([{ card: request('approve?'), about: ABOUT }]);
  assert.deepEqual(shown, []);
});

test('while nobody answers nothing is lost: each platform keeps what it could not show', async () => {
  const { mirror, shown } = mirrored();
  mirror.outageOf('Slack').began([]);
  mirror.outageOf('Teams').began([]);
  await mirror.show(request('approve?'), ABOUT);
  assert.deepEqual(shown, ['Slack: approve?', 'Teams: approve?']);
});
