import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { lifeguard } from '../../src/bot.ts';
import type { PoolFqdn } from '../../src/domain/pool.ts';
import type { PoolReadiness } from '../../src/domain/readiness.ts';
import type { Answer, Ask } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';

/** A pool whose cmdlets print more than anybody has documented. */
class NewerReader extends SimulatedReader {
  override async readiness(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolReadiness>> {
    const answer = await super.readiness(pool, ask);
    return answer.kind === 'understood'
      ? { ...answer, notUnderstood: ['FaultDomains=3', 'upgrade domain 1:\n Weight=7'] }
      : answer;
  }
  override async backupPool(pool: PoolFqdn, ask: Ask) {
    return { ...(await super.backupPool(pool, ask)), notUnderstood: ['State=Paused'] };
  }
}

test('members that nobody knows hold nothing up, and the card says that they are not understood, and shows them', async (context) => {
  const world = new World([], { effect: () => {}, state: () => {} });
  world.happen(parseLine('! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 paired pool02', 0));
  const dana = world.meet('dana');
  const store = await openStore(':memory:');
  context.after(() => store.close());
  const shown = new Map<string, string>();
  const bot = lifeguard({
    pools: world.managed(),
    reader: new NewerReader(world.pools),
    operator: new SimulatedOperator(world.pools),
    store,
    clock: { now: () => world.now() },
    placeOf: () => 'console:night',
    log: () => {},
    surface: { show: async (card) => void shown.set(card.key, card.title) },
  });
  await bot.start();
  const say = async (text: string) => {
    const answer = await bot.hear({ text, by: dana, deliveryId: text });
    await answer.follow();
    return answer.card;
  };
  await say('upgrade pool01');
  assert.ok(
    [...shown.values()].some((title) => title.includes('Approve?')),
    'a good answer stays a good one',
  );
  const why = (await say('why pool01')).lines.join('\n');
  assert.match(why, /^not read: readiness asked of fe\d, in part: not understood: FaultDomains=3, upgrade domain 1: Weight=7$/m);
  assert.match((await say('readiness pool01')).lines.join('\n'), /^not understood: FaultDomains=3$/m);
  assert.match((await say('checks pool01')).lines.join('\n'), /^not read: readiness asked of .*FaultDomains=3/m);
  assert.match(why, /^not read: Get-CsPoolBackupRelationship asked of fe\d, in part: not understood: State=Paused$/m);
});
