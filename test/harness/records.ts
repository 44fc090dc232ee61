import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { RecordPlace } from './wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-harness-'));
let made = 0;

/** A folder for one walk. All of them go with `forgetFolders`. */
export function newFolder(): string {
  made += 1;
  return mkdtempSync(join(folder, `${made}-`));
}

/** A file for the record of one walk. */
export const newRecord = (): RecordPlace => ({ kind: 'file', file: join(newFolder(), 'lifeguard.db') });

/** A database for the record of one walk, on that administrator's server, which is thrown away with all of them. */
export async function newDatabase(server: string): Promise<RecordPlace> {
  made += 1;
  const name = `walk_${made}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = name;
  return { kind: 'database', url: url.href };
}

export const forgetFolders = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
