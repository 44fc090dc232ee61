import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LINES_MAX = 300;
/** Names that say nothing about what is inside. */
const DRAWERS = ['utils', 'helpers', 'services', 'managers', 'types', 'core'];
const PROCESS_PACKAGES = ['node:child_process', 'child_process', 'node-powershell'];

type Ring = 'domain' | 'messages' | 'ports' | 'commands' | 'workflow' | 'adapters' | 'config' | 'main';

/** domain <- messages <- ports <- commands, workflow <- adapters <- config, main. */
const MAY_IMPORT: Readonly<Record<Ring, readonly Ring[]>> = {
  domain: ['domain'],
  messages: ['domain', 'messages'],
  ports: ['domain', 'messages'],
  commands: ['domain', 'messages', 'ports', 'commands'],
  workflow: ['domain', 'messages', 'ports', 'workflow'],
  adapters: ['domain', 'messages', 'ports', 'commands', 'workflow', 'adapters'],
  config: ['domain', 'messages', 'ports', 'commands', 'workflow', 'adapters', 'config'],
  main: ['domain', 'messages', 'ports', 'commands', 'workflow', 'adapters', 'config', 'main'],
};

/** Whether a ring may import a package; `typeOnly` says that nothing of it would be there at run time. */
const MAY_USE: Readonly<Record<Ring, (name: string, typeOnly: boolean) => boolean>> = {
  domain: () => false,
  messages: (name) => name === 'luxon',
  ports: () => false,
  commands: (name, typeOnly) => (name === 'pino' && typeOnly) || name === 'fastest-levenshtein',
  workflow: (name, typeOnly) => name === 'pino' && typeOnly,
  adapters: () => true,
  config: () => true,
  main: () => true,
};

function ringOf(file: string): Ring | null {
  const [, folder] = /^src\/(domain|messages|commands|workflow|config)\//.exec(file) ?? [];
  switch (folder) {
    case 'domain':
    case 'messages':
    case 'commands':
    case 'workflow':
    case 'config':
      return folder;
  }
  if (/^src\/adapters\/[^/]+\//.test(file)) return 'adapters';
  if (file === 'src/ports.ts') return 'ports';
  if (file === 'src/config.ts') return 'config';
  return /^src\/(main|bot)\.ts$|^src\/(session|live)\/[^/]+\.ts$/.test(file) ? 'main' : null;
}

const IMPORTS = /\b(?:(?:import|export)\s+(type\b)?[^'"`;]*?\bfrom\s*|import\s*\(?\s*|require\s*\(\s*)['"`]([^'"`]+)['"`]/g;

/** What a source file imports that it must not, and what else the layout forbids it. */
function objections(file: string, source: string): readonly string[] {
  const ring = ringOf(file);
  if (ring === null) return [`${file} belongs to no ring`];
  const imports = [...source.matchAll(IMPORTS)].map(([, type, name = '']) => ({ name, typeOnly: type !== undefined }));
  return [
    ...imports.flatMap(({ name, typeOnly }) => importObjections(file, ring, name, typeOnly)),
    ...(/\bimport\s*\(\s*[^'"\s]/.test(source) ? [`${file} imports something that only shows when it runs`] : []),
    ...(/TODO|FIXME/.test(source) ? [`${file} leaves something for later`] : []),
    ...(source.split('\n').length - 1 > LINES_MAX ? [`${file} is longer than ${LINES_MAX} lines`] : []),
    ...(posix.basename(file) === 'index.ts' ? [`${file} says nothing by its name`] : []),
    ...DRAWERS.filter((name) => posix.dirname(file).split('/').includes(name)).map(
      (name) => `${file} is in a drawer called ${name}`,
    ),
  ];
}

/** An adapter does not know another one, but for what two of them share and what the simulator stands in for. */
const NEIGHBOURS: Readonly<Record<string, string>> = { simulator: 'powershell', slack: 'chat', teams: 'chat' };

function importObjections(file: string, ring: Ring, name: string, typeOnly: boolean): readonly string[] {
  if (!name.startsWith('.')) {
    const startsProcesses = PROCESS_PACKAGES.includes(name) && !file.startsWith('src/adapters/powershell/');
    const may = MAY_USE[ring](name, typeOnly) && !startsProcesses;
    return may ? [] : [`${file} may not use ${name}`];
  }
  const target = posix.join(posix.dirname(file), name);
  const targetRing = ringOf(target);
  const inward = targetRing !== null && MAY_IMPORT[ring].includes(targetRing);
  const [from, to] = [file, target].map((path) => path.split('/')[2]);
  const known = NEIGHBOURS[from ?? ''] === to;
  const stranger = ring === 'adapters' && targetRing === 'adapters' && from !== to && !known;
  return inward && !stranger ? [] : [`${file} may not import ${target}`];
}

test('imports point inward, and every source file keeps to the layout', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const paths = files.map((file) => `src/${file.split(sep).join('/')}`);
  assert.ok(paths.includes('src/ports.ts'), 'the sources were not found');
  assert.deepEqual(
    paths.flatMap((path) => objections(path, readFileSync(join(ROOT, path), 'utf8'))),
    [],
  );
});

const FORBIDDEN_IMPORTS = [
  ['src/domain/a.ts', "import { DateTime } from 'luxon';", 'src/domain/a.ts may not use luxon'],
  ['src/domain/b.ts', "import { readFileSync } from 'node:fs';", 'src/domain/b.ts may not use node:fs'],
  ['src/domain/c.ts', "import type { Card } from '../messages/card.ts';", 'src/domain/c.ts may not import src/messages/card.ts'],
  ['src/domain/d.ts', "export { x } from '../ports.ts';", 'src/domain/d.ts may not import src/ports.ts'],
  ['src/domain/e.ts', "const x = await import('node:net');", 'src/domain/e.ts may not use node:net'],
  ['src/messages/a.ts', "import pino from 'pino';", 'src/messages/a.ts may not use pino'],
  ['src/messages/b.ts', "import type { Store } from '../ports.ts';", 'src/messages/b.ts may not import src/ports.ts'],
  [
    'src/ports.ts',
    "import type { Command } from './commands/command.ts';",
    'src/ports.ts may not import src/commands/command.ts',
  ],
  [
    'src/commands/a.ts',
    "import { x } from '../workflow/advance.ts';",
    'src/commands/a.ts may not import src/workflow/advance.ts',
  ],
  [
    'src/commands/b.ts',
    "import { x } from '../adapters/store/sqlite.ts';",
    'src/commands/b.ts may not import src/adapters/store/sqlite.ts',
  ],
  ['src/commands/c.ts', "import { z } from 'zod/v4';", 'src/commands/c.ts may not use zod/v4'],
  [
    'src/workflow/a.ts',
    "import { x } from '../commands/command.ts';",
    'src/workflow/a.ts may not import src/commands/command.ts',
  ],
  ['src/workflow/b.ts', "import { setTimeout } from 'node:timers';", 'src/workflow/b.ts may not use node:timers'],
  ['src/workflow/c.ts', "import { x } from '../config.ts';", 'src/workflow/c.ts may not import src/config.ts'],
  [
    'src/adapters/slack/a.ts',
    "import { x } from '../teams/card.ts';",
    'src/adapters/slack/a.ts may not import src/adapters/teams/card.ts',
  ],
  [
    'src/adapters/slack/b.ts',
    "import { spawn } from 'node:child_process';",
    'src/adapters/slack/b.ts may not use node:child_process',
  ],
  ['src/adapters/slack/c.ts', "import { x } from '../../config.ts';", 'src/adapters/slack/c.ts may not import src/config.ts'],
  ['src/adapters/slack/d.ts', "import { x } from '../../main.ts';", 'src/adapters/slack/d.ts may not import src/main.ts'],
  [
    'src/adapters/slack/f.ts',
    "import { x } from '../../session/play-file.ts';",
    'src/adapters/slack/f.ts may not import src/session/play-file.ts',
  ],
  [
    'src/adapters/slack/e.ts',
    "import { x } from '../../config/faults.ts';",
    'src/adapters/slack/e.ts may not import src/config/faults.ts',
  ],
  [
    'src/adapters/chat/a.ts',
    "import { x } from '../slack/app.ts';",
    'src/adapters/chat/a.ts may not import src/adapters/slack/app.ts',
  ],
  [
    'src/adapters/powershell/a.ts',
    "import { x } from '../simulator/pool.ts';",
    'src/adapters/powershell/a.ts may not import src/adapters/simulator/pool.ts',
  ],
  [
    'src/adapters/simulator/a.ts',
    "import { x } from '../store/sqlite.ts';",
    'src/adapters/simulator/a.ts may not import src/adapters/store/sqlite.ts',
  ],
  [
    'src/adapters/simulator/b.ts',
    "import { PowerShell } from 'node-powershell';",
    'src/adapters/simulator/b.ts may not use node-powershell',
  ],
  ['src/main.ts', "import { spawn } from 'child_process';", 'src/main.ts may not use child_process'],
  ['src/config/a.ts', "import { x } from '../main.ts';", 'src/config/a.ts may not import src/main.ts'],
  ['src/config.ts', "import { x } from './main.ts';", 'src/config.ts may not import src/main.ts'],
] as const;

const ALLOWED_IMPORTS = [
  ['src/domain/ok.ts', "import { minutes } from './time.ts';"],
  [
    'src/messages/ok.ts',
    "import { DateTime } from 'luxon';\nimport { x } from './card.ts';\nimport { y } from '../domain/pool.ts';",
  ],
  [
    'src/commands/ok.ts',
    "import type { Logger } from 'pino';\nimport type { Store } from '../ports.ts';\nimport { x } from '../messages/card.ts';",
  ],
  ['src/workflow/ok.ts', "import { x } from '../domain/pool.ts';\nimport { y } from './wake.ts';"],
  [
    'src/adapters/slack/ok.ts',
    "import { x } from './render.ts';\nimport { App } from '@slack/bolt';\nimport { y } from '../../commands/command.ts';",
  ],
  [
    'src/adapters/slack/ok2.ts',
    "import { y } from '../../domain/pool.ts';\nimport { z } from '../../ports.ts';\nimport { createHash } from 'node:crypto';",
  ],
  ['src/adapters/powershell/ok.ts', "import { spawn } from 'node:child_process';\nimport { PowerShell } from 'node-powershell';"],
  ['src/adapters/simulator/ok.ts', "import { x } from '../powershell/frame.ts';\nimport { y } from '../../domain/pool.ts';"],
  ['src/adapters/teams/ok.ts', "import { x } from '../chat/lane.ts';\nimport { y } from '../../messages/card.ts';"],
  ['src/config/ok.ts', "import { z } from 'zod/v4';\nimport { x } from '../domain/pool.ts';\nimport { y } from './faults.ts';"],
  [
    'src/session/play-file.ts',
    "import { x } from '../bot.ts';\nimport { y } from '../adapters/store/sqlite.ts';\nimport { z } from '../config.ts';",
  ],
] as const;

for (const [file, source, told] of FORBIDDEN_IMPORTS) {
  test(`forbidden: ${told}`, () => assert.deepEqual(objections(file, source), [told]));
}
for (const [file, source] of ALLOWED_IMPORTS) {
  test(`allowed: ${file} with ${source.replaceAll('\n', ' ')}`, () => assert.deepEqual(objections(file, source), []));
}
for (const [file, source, told] of [
  ['src/commands/a.ts', "import { pino } from 'pino';", 'src/commands/a.ts may not use pino'],
  ['src/server.ts', '', 'src/server.ts belongs to no ring'],
  ['src/adapters/slack.ts', '', 'src/adapters/slack.ts belongs to no ring'],
  ['src/domain/pool.ts', "import { x } from '../adapters.ts';", 'src/domain/pool.ts may not import src/adapters.ts'],
  ['src/adapters/slack/a.ts', 'await import(name);', 'src/adapters/slack/a.ts imports something that only shows when it runs'],
  ['src/domain/a.ts', `// ${'TO'}DO`, 'src/domain/a.ts leaves something for later'],
  ['src/domain/a.ts', '\n'.repeat(301), 'src/domain/a.ts is longer than 300 lines'],
  ['src/domain/index.ts', '', 'src/domain/index.ts says nothing by its name'],
  ['src/adapters/store/utils/a.ts', '', 'src/adapters/store/utils/a.ts is in a drawer called utils'],
] as const) {
  test(`forbidden: ${told}`, () => assert.deepEqual(objections(file, source), [told]));
}

test('the editor says the same: Biome refuses every forbidden import, and no other', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-biome-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { vcs, ...settings } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(settings));
  for (const [file, source] of [...FORBIDDEN_IMPORTS, ...ALLOWED_IMPORTS]) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `${source}\n`);
  }
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const lint = ['lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none', 'src'];
  const { stdout } = spawnSync(process.execPath, [biome, ...lint], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  const refused = [...stdout.replaceAll('\\', '/').matchAll(/noRestrictedImports,file=[^,]*?(src\/[^,]+),/g)].map(
    ([, file]) => file,
  );
  assert.deepEqual(refused.toSorted(), FORBIDDEN_IMPORTS.map(([file]) => file).toSorted());
});
