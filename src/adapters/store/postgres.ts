import { backupPostgres } from './backup.ts';
import type { OpenedStore } from './opened.ts';
import { prepare, recordOn, tryToLead, waitToLead } from './postgres-leader.ts';
import { cutBy, reach, refusalOf } from './postgres-session.ts';
import { storeOn } from './record.ts';

/** Which database, and what its one bot is told about its place. */
export interface Leading {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; a database of Lifeguard's own, reached directly. */
  readonly url: string;
  /** Called once, when another Lifeguard leads and this one begins to wait for its end. */
  waiting(): void;
  /** Called once, when this one leads no more: it has to exit, and can write nothing. Not called by `close`. */
  lost(because: string): void;
  /** Ends connecting and waiting; of no effect once the store is open. */
  readonly signal: AbortSignal;
}

/**
 * Opens the pool record at `url` as soon as this Lifeguard leads; until then it stands by. Whoever leads holds a lock that is
 * its session's, and everything it reads or writes goes over that one session: when the server ends the session, be it for five
 * seconds of silence, the next one leads and this one can write nothing more. Throws `RecordRefused`, or the signal's reason.
 */
export async function openPostgres({ url, waiting, lost, signal }: Leading): Promise<OpenedStore> {
  const reached = await reach(url, signal);
  try {
    const { connection, db } = await cutBy(signal, reached.client, async () => {
      await prepare(reached);
      if (!(await tryToLead(reached))) {
        waiting();
        await waitToLead(reached);
      }
      return recordOn(reached);
    });
    connection.watch(lost);
    return { ...storeOn(db), backup: (to) => backupPostgres(url, to), close: () => db.destroy() };
  } catch (error) {
    await reached.hangUp();
    signal.throwIfAborted();
    throw refusalOf(reached.place, error);
  }
}
