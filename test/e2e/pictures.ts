import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = process.env['E2E_PICTURES'] ?? mkdtempSync(join(tmpdir(), 'lifeguard-pictures-'));

/** Where a picture of this name goes: into the folder `E2E_PICTURES`, or nowhere that is kept. */
export function pictureFile(name: string): string {
  mkdirSync(FOLDER, { recursive: true });
  return join(FOLDER, `${name}.png`);
}
