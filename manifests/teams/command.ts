import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseAppId, parseAppVersion } from './app-manifest.ts';
import { type Filling, packApp } from './app-package.ts';

/** What a user who asks for help, or who typed something else, is told. */
export const USAGE = `npm run teams:package --          packs the Teams app: manifest.json, color.png and outline.png in one zip
  --app-id GUID                 the app id of the bot in Microsoft Entra (TEAMS_APP_ID)
  --version X.Y.Z               the version Teams shows; an update needs another one (that of package.json)
  --out FILE                    where the zip goes; a file that is there is never written over (lifeguard-teams.zip)
  --help                        this`;

/** Where it was called, and where it is told. */
export interface PackageOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Holds manifest.json, color.svg and outline.svg. */
  readonly folder: URL;
  /** The program's own version. */
  readonly programVersion: string;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

type Order =
  | { readonly kind: 'pack'; readonly filling: Filling; readonly file: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly because: string };

/** `npm run teams:package`. 0: the zip is written. 1: it cannot be, and why. 2: called wrongly, or the manifest is wrong; nothing is written. */
export function packageTeams(options: PackageOptions): 0 | 1 | 2 {
  const { folder, out, err } = options;
  const order = readOrder(options);
  switch (order.kind) {
    case 'help':
      out(USAGE);
      return 0;
    case 'wrong':
      err(`${order.because}\n${USAGE}`);
      return 2;
    case 'pack': {
      const packed = packApp(folder, order.filling);
      if (packed.kind === 'packed') return keep(order, packed.zip, packed.manifest, options);
      for (const because of packed.because) err(`manifest.json: ${because}`);
      return 2;
    }
  }
}

function keep(
  { file, filling }: Extract<Order, { kind: 'pack' }>,
  zip: Uint8Array,
  manifest: string,
  { out, err }: PackageOptions,
): 0 | 1 {
  try {
    writeFileSync(file, zip, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    err('code' in error && error.code === 'EEXIST' ? `${file} is there already and stays as it is` : error.message);
    return 1;
  }
  out(`${file}: app ${filling.appId}, version ${filling.version}`);
  if (manifest.includes('example.com'))
    out('its addresses are still those of example.com: put your own in manifests/teams/manifest.json');
  return 0;
}

function readOrder({ args, env, programVersion }: PackageOptions): Order {
  const parsed = parsedArguments(args);
  if (typeof parsed === 'string') return wrong(parsed);
  if (parsed.help === true) return { kind: 'help' };
  const givenId = parsed['app-id'] ?? env['TEAMS_APP_ID'] ?? '';
  if (givenId === '') return wrong('which app? Name it with --app-id or in TEAMS_APP_ID');
  const appId = parseAppId(givenId);
  if (appId === null) return wrong(`"${givenId}" is no app id: it is a GUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301`);
  const givenVersion = parsed.version ?? programVersion;
  const version = parseAppVersion(givenVersion);
  if (version === null) return wrong(`"${givenVersion}" is no version that Teams takes: three numbers, such as 1.4.0`);
  const file = parsed.out ?? 'lifeguard-teams.zip';
  return file === '' ? wrong('--out names no file') : { kind: 'pack', filling: { appId, version }, file };
}

const wrong = (because: string): Order => ({ kind: 'wrong', because });

function parsedArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { 'app-id': { type: 'string' }, version: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
