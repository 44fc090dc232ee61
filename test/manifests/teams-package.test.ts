import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { packageTeams, USAGE } from '../../manifests/teams/command.ts';
import { type Point, readPng } from './png.ts';
import { APP_ID, TEAMS, unpacked } from './teams.ts';

const scratch = mkdtempSync(join(tmpdir(), 'lifeguard-teams-'));
after(() => rmSync(scratch, { recursive: true }));

let made = 0;
/** An empty folder to write into. */
function aFolder(): string {
  made += 1;
  const folder = join(scratch, `${made}`);
  mkdirSync(folder);
  return folder;
}

interface Call {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: URL;
  readonly programVersion?: string;
}

function call({ args, env = {}, folder = TEAMS, programVersion = '1.4.0' }: Call) {
  const [said, complained]: [string[], string[]] = [[], []];
  const code = packageTeams({
    args,
    env,
    folder,
    programVersion,
    out: (line) => void said.push(line),
    err: (line) => void complained.push(line),
  });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

const manifestIn = (file: string) => JSON.parse(new TextDecoder().decode(unzipSync(readFileSync(file))['manifest.json']));

test('the package is the manifest and the two icons, at its root, and nothing else', () => {
  assert.deepEqual(Object.keys(unpacked()).toSorted(), ['color.png', 'manifest.json', 'outline.png']);
});

test('the outline icon is 32 points square, pure white where it is anything, and transparent around', () => {
  const { width, height, points } = readPng(unpacked()['outline.png'] ?? assert.fail());
  assert.deepEqual([width, height], [32, 32]);
  const drawn = points.filter(({ alpha }) => alpha > 0);
  assert.deepEqual([...new Set(drawn.map(({ colour }) => colour.join()))], ['255,255,255']);
  assert.ok(drawn.length > 200 && drawn.length < 700, `${drawn.length} points are drawn`);
  const rim = ({ x, y }: Point): boolean => x === 0 || y === 0 || x === 31 || y === 31;
  assert.ok(points.filter(rim).every(({ alpha }) => alpha === 0));
});

test('the colour icon is 192 points square without a hole, and its lifebuoy keeps to the 120 points that are never cut off', () => {
  const { width, height, points } = readPng(unpacked()['color.png'] ?? assert.fail());
  assert.deepEqual([width, height], [192, 192]);
  assert.ok(points.every(({ alpha }) => alpha === 255));
  const [outside, inside] = [false, true].map((safe) => {
    const of = points.filter(({ x, y }) => (Math.min(x, y) >= 36 && Math.max(x, y) < 156) === safe);
    return new Set(of.map(({ colour }) => colour.join()));
  });
  assert.deepEqual([...(outside ?? [])], ['29,53,87'], 'the background, as accentColor has it');
  assert.ok(inside?.has('230,57,70') && inside.has('248,250,252'), 'red and white');
});

test('the same package is the same bytes in every time zone, and the program takes the version of package.json', () => {
  const [first, second] = ['Pacific/Auckland', 'America/Los_Angeles'].map((TZ) => {
    const folder = aFolder();
    const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('package.ts', TEAMS))], {
      cwd: folder,
      env: { ...process.env, TZ, TEAMS_APP_ID: APP_ID },
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^lifeguard-teams\.zip: app 3f2504e0/);
    assert.deepEqual(readdirSync(folder), ['lifeguard-teams.zip']);
    return join(folder, 'lifeguard-teams.zip');
  });
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(readFileSync(first), readFileSync(second));
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(manifestIn(first).version, version);
});

test('what is typed goes before the environment, and an id is written in lower case', () => {
  const file = join(aFolder(), 'a.zip');
  const typed = ['--app-id', APP_ID.toUpperCase(), '--version', '2.0.1', '--out', file];
  const { code, said } = call({ args: typed, env: { TEAMS_APP_ID: APP_ID.replace('3', '4') } });
  assert.equal(code, 0);
  assert.match(said, /app 3f2504e0-4f89-41d3-9a0c-0305e82c3301, version 2\.0\.1/);
  const { id, version, bots } = manifestIn(file);
  assert.deepEqual([id, bots[0].botId, version], [APP_ID, APP_ID, '2.0.1']);
});

test('as long as the addresses are those of nobody, that is said', () => {
  const reminder = /still those of example\.com/;
  assert.match(call({ args: ['--app-id', APP_ID, '--out', join(aFolder(), 'a.zip')] }).said, reminder);
  const own = changed((manifest) => manifest.replaceAll('lifeguard.example.com', 'chat.contoso.com'));
  assert.doesNotMatch(call({ args: ['--app-id', APP_ID, '--out', join(aFolder(), 'a.zip')], folder: own }).said, reminder);
});

for (const [args, because, more = {}] of [
  [[], 'which app? Name it with --app-id or in TEAMS_APP_ID'],
  [[], 'which app? Name it with --app-id or in TEAMS_APP_ID', { env: { TEAMS_APP_ID: '' } }],
  [[], '"lifeguard" is no app id', { env: { TEAMS_APP_ID: 'lifeguard' } }],
  [['--app-id', ''], 'which app?', { env: { TEAMS_APP_ID: APP_ID } }],
  [['--app-id', APP_ID.slice(1)], '" is no app id'],
  [['--app-id', `${APP_ID}0`], '" is no app id'],
  [['--app-id', `{${APP_ID}}`], '" is no app id'],
  [['--app-id', '00000000-0000-0000-0000-000000000000'], '" is no app id'],
  [['--app-id', `${APP_ID}","x":"`], '" is no app id'],
  [['--app-id', APP_ID, '--version', '1.0'], '"1.0" is no version that Teams takes'],
  [['--app-id', APP_ID, '--version', '1.0.0-rc.1'], '"1.0.0-rc.1" is no version'],
  [['--app-id', APP_ID], '"2.0.0-rc.1" is no version', { programVersion: '2.0.0-rc.1' }],
  [['--app-id', APP_ID, '--out', ''], '--out names no file'],
  [['--app-id', APP_ID, '--force'], "Unknown option '--force'"],
  [['--app-id', APP_ID, 'a.zip'], "Unexpected argument 'a.zip'"],
  [['--app-id'], "'--app-id <value>' argument missing"],
] as const satisfies readonly (readonly [readonly string[], string, Partial<Call>?])[]) {
  test(`${JSON.stringify({ args, ...more })} is refused, and nothing is written`, () => {
    const folder = aFolder();
    const out = args.some((each) => each === '--out') ? [] : ['--out', join(folder, 'a.zip')];
    const { code, said, complained } = call({ args: [...out, ...args], ...more });
    assert.deepEqual([code, said, readdirSync(folder)], [2, '', []]);
    assert.ok(complained.includes(because) && complained.endsWith(USAGE), complained);
  });
}

test('a file that is there stays as it is', () => {
  const file = join(aFolder(), 'a.zip');
  writeFileSync(file, 'of somebody else');
  const { code, said, complained } = call({ args: ['--app-id', APP_ID, '--out', file] });
  assert.deepEqual([code, said, complained], [1, '', `${file} is there already and stays as it is`]);
  assert.equal(readFileSync(file, 'utf8'), 'of somebody else');
});

test('a folder that is not there is not made', () => {
  const folder = join(aFolder(), 'later');
  const { code, complained } = call({ args: ['--app-id', APP_ID, '--out', join(folder, 'a.zip')] });
  assert.equal(code, 1);
  assert.match(complained, /ENOENT/);
  assert.equal(existsSync(folder), false);
});

/** The folder with another manifest. */
function changed(change: (manifest: string) => string): URL {
  const folder = aFolder();
  cpSync(TEAMS, folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), change(readFileSync(new URL('manifest.json', TEAMS), 'utf8')));
  return new URL(`${pathToFileURL(folder).href}/`);
}

for (const [what, change, because] of [
  [
    'two faults',
    (manifest: string) => manifest.replace('"Lifeguard"', `"${'x'.repeat(33)}"`).replace('"#1d3557"', '"navy"'),
    [
      'manifest.json: developer.name: is longer than 32 characters',
      'manifest.json: accentColor: must be a colour, such as #1d3557',
    ],
  ],
  [
    'the bot of another app',
    (manifest: string) => manifest.replace(/"botId": "[^"]*"/, `"botId": "${APP_ID.replace('3', '4')}"`),
    ['manifest.json: it: names a bot that is not the app'],
  ],
] as const) {
  test(`a manifest with ${what} is not packed, and each fault is said`, () => {
    const folder = aFolder();
    const { code, complained } = call({ args: ['--app-id', APP_ID, '--out', join(folder, 'a.zip')], folder: changed(change) });
    assert.deepEqual([code, complained.split('\n'), readdirSync(folder)], [2, [...because], []]);
  });
}

test('a manifest that is no JSON is not packed', () => {
  const { code, complained } = call({ args: ['--app-id', APP_ID], folder: changed((manifest) => manifest.slice(0, -3)) });
  assert.equal(code, 2);
  assert.match(complained, /^manifest\.json: .*JSON/);
});

test('--help says how it is called', () => {
  assert.deepEqual(call({ args: ['--help'] }), { code: 0, said: USAGE, complained: '' });
});
