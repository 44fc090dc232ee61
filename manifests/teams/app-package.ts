import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { type Zippable, zipSync } from 'fflate';
import { objectionsTo } from './app-manifest.ts';

/** What is put into the manifest: its bot's id is the app's, too. */
export interface Filling {
  readonly appId: string;
  /** Three numbers, such as 1.4.0. Teams takes an update only with another one. */
  readonly version: string;
}

/** The zip that Teams takes, or every fault of the manifest. */
export type Packed =
  | { readonly kind: 'packed'; readonly zip: Uint8Array; readonly manifest: string }
  | { readonly kind: 'refused'; readonly because: readonly string[] };

/** A zip keeps the time of the clock on the wall, so this one is the same zip in every time zone. */
const WHEN = new Date(1980, 0, 1, 12);

/** Packs the manifest and the icons of a folder. The same folder and filling are the same bytes, whenever and wherever. */
export function packApp(folder: URL, filling: Filling): Packed {
  const manifest = filledIn(readFileSync(new URL('manifest.json', folder), 'utf8'), filling);
  const because = faultsOf(manifest);
  if (because.length > 0) return { kind: 'refused', because };
  const files: Zippable = {
    'manifest.json': new TextEncoder().encode(manifest),
    'color.png': drawn(new URL('color.svg', folder)),
    'outline.png': drawn(new URL('outline.svg', folder)),
  };
  return { kind: 'packed', zip: zipSync(files, { mtime: WHEN, level: 9 }), manifest };
}

const filledIn = (template: string, { appId, version }: Filling): string =>
  template.replaceAll('{{TEAMS_APP_ID}}', appId).replaceAll('{{APP_VERSION}}', version);

function faultsOf(manifest: string): readonly string[] {
  try {
    return objectionsTo(JSON.parse(manifest));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [error.message];
  }
}

/** Each drawing says its own size. There are no letters in them, so no font is looked for. */
const drawn = (svg: URL): Uint8Array =>
  new Uint8Array(new Resvg(readFileSync(svg, 'utf8'), { font: { loadSystemFonts: false } }).render().asPng());
