import assert from 'node:assert/strict';
import { unzipSync } from 'fflate';
import { packApp } from '../../manifests/teams/app-package.ts';

/** Where the manifest and the drawings are. */
export const TEAMS = new URL('../../manifests/teams/', import.meta.url);
/** Made up. */
export const APP_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

/** The files of the package as anybody gets them who opens it. */
export function unpacked(): Readonly<Record<string, Uint8Array>> {
  const packed = packApp(TEAMS, { appId: APP_ID, version: '1.4.0' });
  if (packed.kind === 'refused') assert.fail(packed.because.join('\n'));
  return unzipSync(packed.zip);
}

const text = new TextDecoder().decode(unpacked()['manifest.json']);

/** The manifest of the package: a new one each time, to be changed at will. */
export const aManifest = () => JSON.parse(text);
