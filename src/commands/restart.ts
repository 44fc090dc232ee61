import type { ManagedPool } from '../domain/inventory.ts';
import { noServerRuns, WHOLE_POOL_DOWN } from '../domain/move-checking.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { clockTime } from '../messages/words.ts';
import type { Delivery } from '../ports.ts';
import { begin } from './begin.ts';
import { type Desk, type Outcome, told } from './desk.ts';
import type { RestartCommand } from './restart-words.ts';

/**
 * Begins a rolling restart after a topology change, or goes on with what is left of one. A pool that is down as a whole
 * is not restarted one server after the other, and whoever asks is told so at once.
 */
export async function restart(
  command: RestartCommand,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const last = await desk.lastLook(pool.fqdn);
  const latest = await desk.latestRun(pool.fqdn);
  const known = latest?.state.plannedFor ?? last?.computers ?? null;
  const says = { purpose: 'restart', ...(known === null ? {} : { knownServers: known }) } as const;
  return begin(command, { says, refusal: () => wholePoolDown(pool, desk) }, pool, by, delivery, desk);
}

async function wholePoolDown(pool: ManagedPool, desk: Desk): Promise<Outcome | null> {
  const seen = await desk.soon(pool, await desk.lastLook(pool.fqdn));
  const name = shortName(pool.fqdn);
  return noServerRuns(seen)
    ? told(
        pool,
        `${name}: restart refused: ${WHOLE_POOL_DOWN}. Nothing was changed.`,
        `seen at ${clockTime(seen.at, pool)}; \`reset ${name}\` where that is so, \`start ${name}\` where it is not`,
      )
    : null;
}
