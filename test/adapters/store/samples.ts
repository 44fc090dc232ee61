import type { Freeze, Thaw } from '../../../src/domain/freeze.ts';
import type { OperationEvent } from '../../../src/domain/operation.ts';
import { type PoolFqdn, parsePoolFqdn, personId } from '../../../src/domain/pool.ts';
import type { PoolUpgradeState, Reading } from '../../../src/domain/readiness.ts';
import type { RunEvent } from '../../../src/domain/run.ts';
import type { PoolSighting } from '../../../src/domain/sighting.ts';
import type { Delivery, Store } from '../../../src/ports.ts';

function pool(name: string): PoolFqdn {
  const fqdn = parsePoolFqdn(name);
  if (fqdn === null) throw new Error(`${name} is no pool's name`);
  return fqdn;
}

export const POOL01 = pool('pool01.contoso.com');
export const POOL02 = pool('pool02.contoso.com');

/** What events say belongs to the domain; the record must keep any of them, whatever else they carry. */
export const event = (kind: string, at: number, more: object = {}): RunEvent => ({ kind, at, ...more }) as unknown as RunEvent;

/** The same of an operation on a whole pool. */
export const operation = (kind: string, at: number): OperationEvent => ({ kind, at }) as unknown as OperationEvent;

export const reading = (at: number, state: PoolUpgradeState | null, disturbedByUs = false): Reading => ({
  at,
  state,
  disturbedByUs,
  raw: `State : ${state}\r\n\u0000`,
});

/** Any object will do here too: the text in it is what a careless encoding would lose. */
export const SIGHTING = {
  at: 5,
  readiness: null,
  viewers: [],
  pairUnderWay: POOL02,
  raw: ['"é" \u0000 \n 😀'],
} as unknown as PoolSighting;

export const FREEZE: Freeze = { by: personId('dana'), at: 1_900_000_000_000, because: 'café "drill" \\ \n 😀' };
export const THAW: Thaw = { by: personId('omar'), at: 1_900_000_000_001 };

export const delivery = (id: string, at = 0): Delivery => ({ id, at });

/** Opens a run of the pool; its number. */
export async function startRun(store: Store, of: PoolFqdn): Promise<number> {
  const answer = await store.openRun(of, event('requested', 1), null);
  if (answer.kind !== 'opened') throw new Error(`the run was not opened: ${answer.kind}`);
  return answer.run;
}

/** Opens an operation on the whole of the pool; its number. */
export async function startOperation(store: Store, of: PoolFqdn): Promise<number> {
  const answer = await store.openOperation(of, operation('requested', 1), null);
  if (answer.kind !== 'opened') throw new Error(`the operation was not opened: ${answer.kind}`);
  return answer.run;
}
