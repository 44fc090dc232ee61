import { backupFile } from './backup.ts';
import type { OpenedStore } from './opened.ts';
import { storeOn } from './record.ts';
import { openFile } from './sqlite-file.ts';

/**
 * Opens the pool record in `file`, made when there is none; `:memory:` is one that nobody keeps. Throws `RecordRefused`
 * when another process has it open, when it is damaged or not a record, and when a newer Lifeguard has written it.
 */
export async function openStore(file: string): Promise<OpenedStore> {
  const opened = await openFile(file);
  return { ...storeOn(opened.db), backup: (to) => backupFile(opened, to), close: () => opened.db.destroy() };
}
