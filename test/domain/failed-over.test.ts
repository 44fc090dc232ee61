import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckName, Finding } from '../../src/domain/checks.ts';
import { whileFailedOver } from '../../src/domain/failed-over.ts';
import { aPool, healthy, POOL02 } from '../support.ts';

const seenAt = (elsewhere: 'confirmed' | 'unconfirmed') => ({
  backupPool: POOL02,
  seen: healthy(aPool(6, 2), { elsewhere }),
});
const against: Finding = { verdict: 'blocked', seen: 'PoolUpgradeState is Busy', server: null, clears: 'the pool answers Ready' };

for (const [check, confirmed, unconfirmed] of [
  ['pool-ready', 'ok', 'tickable'],
  ['domain-ready', 'ok', 'tickable'],
  ['replicas-complete', 'ok', 'tickable'],
  ['replicas-outside', 'ok', 'tickable'],
  ['servers-running', 'tickable', 'tickable'],
  ['quorum-kept', 'tickable', 'tickable'],
  ['topology-unchanged', 'blocked', 'blocked'],
  ['back-end-reachable', 'blocked', 'blocked'],
  ['pair-quiet', 'blocked', 'blocked'],
] as const satisfies readonly (readonly [CheckName, Finding['verdict'], Finding['verdict']])[])
  test(`${check} of a pool whose users are elsewhere: ${confirmed}, and where its backup service does not say so ${unconfirmed}`, () => {
    assert.equal(whileFailedOver(check, against, seenAt('confirmed')).verdict, confirmed);
    assert.equal(whileFailedOver(check, against, seenAt('unconfirmed')).verdict, unconfirmed);
  });

test('it says where the users are, and whose word that is', () => {
  assert.equal(
    whileFailedOver('pool-ready', against, seenAt('confirmed')).seen,
    'PoolUpgradeState is Busy; its users are at pool02',
  );
  assert.match(
    whileFailedOver('pool-ready', against, seenAt('unconfirmed')).seen,
    /by our record, and its backup service does not/,
  );
  const fine: Finding = { ...against, verdict: 'ok' };
  assert.equal(whileFailedOver('pool-ready', fine, seenAt('confirmed')), fine);
});
