import { Worker } from 'node:worker_threads';
import type { ManagedPool } from '../domain/inventory.ts';
import type { Rehearsable, Rehearsed, RehearsedOrNot } from '../domain/rehearsal.ts';
import { seconds } from '../domain/time.ts';
import type { Rehearsal } from '../ports.ts';
import { oneAfterAnother } from './turns.ts';

const THREAD = new URL('./rehearsal-thread.ts', import.meta.url);
/** Sixteen servers take two seconds. Our own bound. */
const TOOK_TOO_LONG = seconds(30);

/**
 * Rehearsals of this process, one after the other, each in a thread of its own: whoever else is answered meanwhile is not
 * kept waiting. There is nothing here that could reach a pool, a chat or a record that anybody keeps.
 */
export function rehearsals(thread = THREAD, bound = TOOK_TOO_LONG): Rehearsal {
  const inTurn = oneAfterAnother();
  return { rehearse: (asked) => inTurn(() => inThread(asked, thread, bound)) };
}

/** The configuration as far as a walk knows it. The simulated pool is watched by nobody. */
const dataOf = ({
  fqdn,
  aliases,
  version,
  procedure,
  backupPool,
  patchMode,
  hooks,
  approvalsNeeded,
  rights,
  called,
  timeZone,
  revision,
}: ManagedPool): ManagedPool => ({
  fqdn,
  aliases,
  version,
  procedure,
  backupPool,
  patchMode,
  hooks,
  approvalsNeeded,
  changeTicket: null,
  rights,
  called,
  timeZone,
  simulated: true,
  revision,
});

async function inThread(asked: Rehearsable, thread: URL, bound: number): Promise<RehearsedOrNot> {
  const worker = new Worker(thread, { workerData: { ...asked, pool: dataOf(asked.pool) } satisfies Rehearsable });
  const played = Promise.withResolvers<RehearsedOrNot>();
  const brokeOff = (because: string) => played.resolve({ kind: 'broken-off', because });
  worker.once('message', (rehearsed: Rehearsed) => played.resolve(rehearsed));
  worker.once('error', (error) => brokeOff(error.message));
  worker.once('exit', () => brokeOff('its thread ended'));
  const late = setTimeout(() => brokeOff(`it was not over after ${bound / seconds(1)} seconds`), bound);
  try {
    return await played.promise;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
