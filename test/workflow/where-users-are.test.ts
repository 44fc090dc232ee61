import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import type { PoolCopies } from '../../src/domain/condition.ts';
import { failedOverAt, whereUsersAre } from '../../src/workflow/operations-against.ts';
import { COPIES, OperationStory } from '../operation-story.ts';
import { POOL01 } from '../support.ts';

const FINAL: PoolCopies = {
  ...COPIES,
  backup: { kind: 'read', value: [{ name: 'UserServices.PresenceFocus', exporting: 'FinalState', importing: 'NormalState' }] },
};
const UNREAD: PoolCopies = { ...COPIES, backup: { kind: 'unread', because: 'access denied' } };
const ended = (kind: 'failover' | 'failback') =>
  new OperationStory({ kind }).look().say({ kind: 'ended', ending: { how: 'done', seen: [] } }).events;

/** Where the users are once these operations are over, one after the other, and the backup service says that. */
async function after(operations: readonly (readonly ReturnType<typeof ended>[number][])[], copies: PoolCopies) {
  const store = await openStore(':memory:');
  for (const events of operations) {
    const [first, ...rest] = events;
    if (first === undefined) continue;
    const opened = await store.openOperation(POOL01, first, null);
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    for (const [index, event] of rest.entries()) await store.appendOperation(opened.run, index + 1, event, null);
  }
  const reader = { copies: async () => copies } as unknown as Parameters<typeof whereUsersAre>[2]['reader'];
  const where = await whereUsersAre(POOL01, [], { store, reader });
  const since = await failedOverAt(POOL01, store);
  await store.close();
  return [where, since !== null];
}
const aborted = new OperationStory().look().say({
  kind: 'ended',
  ending: { how: 'aborted', by: new OperationStory().state.request.by, left: [] },
}).events;

for (const [what, operations, copies, where] of [
  ['no operation', [], FINAL, [null, false]],
  ['a failover, and FinalState', [ended('failover')], FINAL, ['confirmed', true]],
  ['a failover, and a backup service that is steady', [ended('failover')], COPIES, ['unconfirmed', true]],
  ['a failover, and a backup service that does not answer', [ended('failover')], UNREAD, ['unconfirmed', true]],
  ['a failover that was aborted', [aborted], FINAL, [null, false]],
  ['a failover and a failback', [ended('failover'), ended('failback')], FINAL, [null, false]],
  [
    'a failover, a failback and a failover',
    [ended('failover'), ended('failback'), ended('failover')],
    FINAL,
    ['confirmed', true],
  ],
] as const)
  test(`where the users of a pool are after ${what}`, async () => {
    assert.deepEqual(await after(operations, copies), where);
  });
