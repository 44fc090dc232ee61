import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where what only these suites need is kept: an emulator is no dependency of the program, and may not be passed on with it. */
const TOOLS = fileURLToPath(new URL('../../.e2e/', import.meta.url));

/** The Slack emulator's program. */
export const EMULATOR_PROGRAM = `${TOOLS}node_modules/local-slack-linux-x64/bin/local-slack`;
/** The Microsoft 365 Agents Playground's program, for Node. Its licence is for trying bots out, on one's own machine. */
export const PLAYGROUND_PROGRAM = `${TOOLS}node_modules/@microsoft/m365agentsplayground/cli.js`;

const INSTALLED: readonly (readonly [program: string, of: string])[] = [
  [EMULATOR_PROGRAM, 'local-slack-linux-x64@0.1.8'],
  [PLAYGROUND_PROGRAM, '@microsoft/m365agentsplayground@0.2.28'],
];

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** The browser to drive: `CHROMIUM`, or one of the usual places. */
export function chromium(): string {
  const found = [process.env['CHROMIUM'] ?? '', ...CHROMIUMS].find((path) => path !== '' && existsSync(path));
  if (found === undefined) throw new Error('there is no Chromium: install it, or name it in CHROMIUM');
  return found;
}

/** Makes this machine ready: the emulators from the npm registry; for a browser of its own, Chromium from Debian where it is missing. */
export function prepare({ browser }: { readonly browser: boolean }): void {
  // All of them at once: npm takes away what it is not told of.
  if (INSTALLED.some(([program]) => !existsSync(program)))
    run('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', TOOLS, ...INSTALLED.map(([, of]) => of)]);
  if (!browser) return;
  const missing = CHROMIUMS.every((path) => !existsSync(path)) && (process.env['CHROMIUM'] ?? '') === '';
  if (missing) {
    run('apt-get', ['update']);
    run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-noto-color-emoji', 'fonts-dejavu-core']);
  }
  chromium();
}

function run(program: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.slice(-2_000)}`);
}
