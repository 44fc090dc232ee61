import { existsSync } from 'node:fs';
import { askForBackup } from '../adapters/http/control.ts';
import { backupPostgres } from '../adapters/store/backup.ts';
import { RecordRefused } from '../adapters/store/opened.ts';
import { restore } from '../adapters/store/restore.ts';
import { openStore } from '../adapters/store/sqlite.ts';
import type { Config } from '../config.ts';

/** Where the record is, which file is meant, and where it is told. */
export interface CopyOptions {
  readonly config: Config;
  readonly file: string;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** `lifeguard backup FILE`: a whole copy of the record, also while a Lifeguard works on it. 1: none was written, and why. */
export async function backupTo({ config, file, out, err }: CopyOptions): Promise<0 | 1> {
  const because = await refusedBackup(config, file);
  if (because === null) out(`the record is in ${file}: keep it like the record itself, for it names people and servers`);
  else err(because);
  return because === null ? 0 : 1;
}

async function refusedBackup({ databaseUrl, storeFile }: Config, file: string): Promise<string | null> {
  try {
    if (databaseUrl !== null) {
      await backupPostgres(databaseUrl, file);
      return null;
    }
    if (storeFile === null) return 'the demo keeps no record: name a pools file in LIFEGUARD_POOLS';
    if (!existsSync(storeFile)) return `there is no pool record ${storeFile}`;
    const asked = await askForBackup(storeFile, file);
    if (asked.kind === 'refused') return asked.because;
    if (asked.kind === 'done') return null;
    const store = await openStore(storeFile);
    await store.backup(file).finally(() => store.close());
    return null;
  } catch (error) {
    if (!(error instanceof RecordRefused)) throw error;
    return error.message;
  }
}

/** `lifeguard restore FILE`: a new record from a copy. The restored bot looks before it acts, as after any outage. 1: it was refused. */
export async function restoreFrom({ config, file, out, err }: CopyOptions): Promise<0 | 1> {
  const { databaseUrl, storeFile } = config;
  if (databaseUrl === null && storeFile === null) {
    err('the demo keeps no record: name a pools file in LIFEGUARD_POOLS');
    return 1;
  }
  try {
    await restore(file, databaseUrl === null ? { file: storeFile ?? '' } : { url: databaseUrl });
  } catch (error) {
    if (!(error instanceof RecordRefused)) throw error;
    err(error.message);
    return 1;
  }
  out(`restored ${file}; everything since it was taken is not known, and every pool is looked at before anything is done`);
  return 0;
}
