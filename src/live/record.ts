import type { Logger } from 'pino';
import { openControl } from '../adapters/http/control.ts';
import { openHealth, type Readiness } from '../adapters/http/health.ts';
import { type OpenedStore, RecordRefused } from '../adapters/store/opened.ts';
import { openPostgres } from '../adapters/store/postgres.ts';
import { openStore } from '../adapters/store/sqlite.ts';
import type { Config } from '../config.ts';

/** The record of real pools, open, while this Lifeguard is the one that works on it. */
export interface Recorded {
  readonly store: OpenedStore;
  /** From now on `/readyz` says that it works. */
  working(): void;
  close(): Promise<void>;
}

/** The configuration, and who is told what happens to the record. */
export interface RecordOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly say: (line: string) => void;
  /** Comes when the program is to end. */
  readonly ended: Promise<void>;
  /** Ends the program at once: another Lifeguard may work on the record already. */
  readonly exit: (because: string) => void;
}

/**
 * Opens the record where the configuration has it; with a database it stands by until it leads. Null: the program was told
 * to end before that. Throws `RecordRefused`.
 */
export async function openRecord(options: RecordOptions): Promise<Recorded | null> {
  const { config, log } = options;
  let readiness: Readiness = 'starting';
  const health = config.health === null ? null : await openHealth({ ...config.health, ready: () => readiness });
  const standingBy = (): void => {
    readiness = 'standby';
    options.say('Another Lifeguard works on this record: this one stands by.');
  };
  try {
    const store = await (config.databaseUrl === null
      ? openStore(config.storeFile ?? ':memory:')
      : lead(config.databaseUrl, options, standingBy));
    if (store === null) {
      await health?.close();
      return null;
    }
    readiness = 'starting';
    const control = config.databaseUrl === null && config.storeFile !== null ? await doorTo(config.storeFile, store, log) : null;
    return {
      store,
      working: () => {
        readiness = 'ready';
      },
      close: async () => {
        await control?.close();
        await store.close();
        await health?.close();
      },
    };
  } catch (error) {
    await health?.close();
    throw error;
  }
}

async function lead(url: string, { ended, exit }: RecordOptions, waiting: () => void): Promise<OpenedStore | null> {
  const giveUp = new AbortController();
  void ended.then(() => giveUp.abort());
  try {
    return await openPostgres({ url, waiting, lost: exit, signal: giveUp.signal });
  } catch (error) {
    if (giveUp.signal.aborted && !(error instanceof RecordRefused)) return null;
    throw error;
  }
}

/** Through which `lifeguard backup` asks; work on the pools goes on without it. */
async function doorTo(file: string, store: OpenedStore, log: Logger) {
  try {
    return await openControl(file, (to) => store.backup(to));
  } catch (error) {
    log.warn({ because: error instanceof Error ? error.message : String(error) }, 'no backups can be asked for');
    return null;
  }
}
