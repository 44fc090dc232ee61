import { randomUUID } from 'node:crypto';
import { access, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RecordRefused } from './opened.ts';

/** What SQLite may leave beside a file. */
const SIDE_FILES = ['-journal', '-wal', '-shm'] as const;

/**
 * Makes `to`, which must not be there yet: `write` fills a file of another name beside it, only we may read that, and it
 * gets its name once all of it is on disk. Whatever happens, `to` is whole or absent. Throws `RecordRefused`.
 */
export async function writeWhole(to: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${to}.${randomUUID().slice(0, 8)}.partial`;
  try {
    await mustBeFree(to);
    await (await open(temporary, 'wx', 0o600)).close();
    await write(temporary);
    await sync(temporary, 'r+');
    await mustBeFree(to);
    await rename(temporary, to);
    // A folder cannot be opened on Windows, where a rename needs no such help.
    if (process.platform !== 'win32') await sync(dirname(to), 'r');
  } catch (error) {
    if (error instanceof RecordRefused) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new RecordRefused(`${to} cannot be written: ${said}`, { cause: error });
  } finally {
    for (const side of ['', ...SIDE_FILES]) await rm(temporary + side, { force: true });
  }
}

/** A log that is left of another file of that name would be read into this one. */
async function mustBeFree(file: string): Promise<void> {
  for (const side of ['', ...SIDE_FILES]) {
    if (await isThere(file + side)) throw new RecordRefused(`${file}${side} is there already; nothing is written over it`);
  }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );

async function sync(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  await handle.sync().finally(() => handle.close());
}
