import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const SESSIONS = fileURLToPath(new URL('sessions/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-main-'));
after(() => rmSync(folder, { recursive: true, force: true }));
/** Longer than anything here takes; a test that waits this long has failed. */
const PATIENCE = 60_000;

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: folder,
    timeout: PATIENCE,
  });
}

async function run(args: readonly string[], typed = '', env: Readonly<Record<string, string>> = {}) {
  const child = start(args, env);
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (data) => out.push(String(data)));
  child.stderr.on('data', (data) => err.push(String(data)));
  child.stdin.end(typed);
  const [code] = await once(child, 'close');
  return { code, out: out.join(''), err: err.join('') };
}

/** Comes back once the process has printed the words. */
async function until(child: ChildProcessWithoutNullStreams, words: string): Promise<string> {
  let seen = '';
  for await (const data of child.stdout) {
    seen += String(data);
    if (seen.includes(words)) return seen;
  }
  throw new Error(`it ended without saying "${words}": ${seen}`);
}

test('a fresh start without configuration is a simulated pool that reads a pipe, answers, and ends with 0', async () => {
  const { code, out, err } = await run([], 'status pool01\n@dana upgrade pool01\n@omar approve\n+10m\nnonsense\n! weather\n');
  assert.deepEqual([code, err], [0, '']);
  for (const words of [
    'simulated',
    '@dana upgrade pool01',
    'pool01 is OK (simulated)',
    'fe1 draining',
    'waits for a person to patch fe1, fe2',
    'I don\'t know "nonsense"',
    'Not understood at column 3',
  ])
    assert.ok(out.includes(words), `"${words}" is missing from:\n${out}`);
  assert.ok(!out.includes('\u001b'), 'there is colour in a pipe');
});

test('a session whose lines all hold ends with 0, and prints events as JSON lines and nothing else', async () => {
  const { code, out } = await run(['play', '--events', join(SESSIONS, 'happy-walk.txt')]);
  assert.equal(code, 0);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual([...new Set(events.map(({ kind }) => kind))].toSorted(), [
    'effect',
    'heard',
    'journal',
    'pool',
    'reading',
    'said',
  ]);
  assert.deepEqual(events[0], { at: '2026-03-03T22:00:00.000Z', kind: 'heard', by: 'dana', text: 'upgrade pool01' });
  const stop = events.find(({ kind }) => kind === 'effect');
  assert.deepEqual(stop, {
    at: stop.at,
    kind: 'effect',
    pool: 'pool01',
    server: 'fe1',
    cmdlet: 'Stop-CsWindowsService',
    arguments: ['-Graceful', '-Verbose', '-NoWait'],
  });
});

test('a session with a line that does not hold ends with 1 and names the line', async () => {
  const file = join(folder, 'broken.txt');
  writeFileSync(
    file,
    '! pool pool01 version 2013 servers 3 domains fe1|fe2|fe3\n@dana upgrade pool01\n> nobody says this\n>! Approve?\n',
  );
  const { code, err } = await run(['play', file]);
  assert.equal(code, 1);
  assert.equal(err, 'line 3 did not hold: > nobody says this\nline 4 did not hold: >! Approve?\n');
});

for (const [wrong, line, because] of [
  [
    'a server count that is not that of the domains',
    '! pool p version 2013 servers 4 domains fe1|fe2|fe3',
    '1:41: 4 servers are announced',
  ],
  ['an unknown version', '! pool p version 2010 servers 3 domains a|b|c', '1:18: the version is one of 2013, 2015, 2019'],
  ['an unknown option', '! pool p version 2013 servers 3 domains a|b|c patched', '1:47: an option of the pool is one of'],
  ['a server twice', '! pool p version 2013 servers 3 domains a|b|A', '1:41: a server stands twice'],
  ['unknown weather', '! rain', '1:3: nobody knows how to make "rain" happen'],
  ['an unknown server', '! down fe9', '1:8: there is no server fe9'],
  ['weather without a pool', '! sql mirror', '1:1: there is no pool yet'],
  ['an unknown sign', 'upgrade pool01', '1:1: a line begins with'],
  ['a clock that is none', '+10 parsecs', '1:1: the clock moves by'],
  ['a person who says nothing', '@dana', '1:6: what dana types is missing'],
  ['an unknown effect', '! kill after Format-Volume fe1', '1:14: an effect is one of'],
  ['an empty expectation', '>', '1:2: the text to look for is missing'],
  ['words left over', '! move-primary now', '1:16: "now" is too much here'],
  ['a time that is none', '! start yesterday', '1:9: "yesterday" is not a time'],
] as const) {
  test(`a session with ${wrong} ends with 2, line and column`, async () => {
    const file = join(folder, 'wrong.txt');
    writeFileSync(file, `${line}\n`);
    const { code, err } = await run(['play', file]);
    assert.equal(code, 2);
    assert.ok(err.startsWith(`${file}:${because}`), err);
  });
}

test('a session through a PowerShell that does not answer ends with 2 and says so, and plays nothing', async () => {
  const env = { LIFEGUARD_TEST_POWERSHELL: join(folder, 'no-such-powershell') };
  const { code, out, err } = await run(['play', '--through', 'powershell', join(SESSIONS, 'happy-walk.txt')], '', env);
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /no-such-powershell does not answer/);
});

for (const [args, because] of [
  [['dance'], 'there is no command "dance"'],
  [['play'], 'play needs a FILE'],
  [['play', 'a', 'b'], '"b" is too much'],
  [['play', 'a', '--through', 'ssh'], '--through takes powershell'],
  [['--speed', '0'], '--speed takes a number'],
  [['--fast'], 'Unknown option'],
] as const) {
  test(`called as "${args.join(' ')}" it says what is wrong and how it is called, and ends with 2`, async () => {
    const { code, err, out } = await run(args);
    assert.deepEqual([code, out], [2, '']);
    assert.ok(err.includes(because) && err.includes('lifeguard play FILE'), err);
  });
}

const REAL = `people: { dana: , omar: }
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    connection: { kind: local, server: fe01.contoso.com }
    rights: { dana: [view, operate, approve], omar: [view, approve] }
`;
const poolsFile = join(folder, 'pools.yaml');
writeFileSync(poolsFile, REAL);
/** A configured pool whose PowerShell cannot be started: every reading is silent, and nothing may be done. */
const configured = (store: string) => ({
  LIFEGUARD_POOLS: poolsFile,
  LIFEGUARD_STORE: join(folder, store),
  LIFEGUARD_PERSON: 'dana',
  LIFEGUARD_POWERSHELL: join(folder, 'no-such-powershell'),
});

test('a configuration that is wrong is told of with file and line, and nothing starts', async () => {
  const file = join(folder, 'faulty.yaml');
  writeFileSync(file, REAL.replace('version: 2013', 'version: 2012').replace('fqdn', 'fqnd'));
  const { code, out, err } = await run([], '', { ...configured('faulty.db'), LIFEGUARD_POOLS: file });
  assert.deepEqual([code, out], [2, '']);
  assert.ok(err.includes(`${file}:3:`) && err.includes(`${file}:4:`), err);
});

test('killed with -9 in the middle of a run, the next one says that nobody was there and goes on; a second one beside it is refused', async () => {
  const env = configured('killed.db');
  const first = start([], env);
  first.stdin.write('upgrade pool01\n');
  await until(first, 'it is asked every minute');

  const second = await run([], 'status\n', env);
  assert.equal(second.code, 2);
  assert.match(second.err, /another Lifeguard has .*killed\.db.* open/);

  first.kill('SIGKILL');
  await once(first, 'close');
  const third = await run([], 'upgrade pool01\nhistory pool01\n', env);
  assert.equal(third.code, 0);
  assert.match(third.out, /I was away/);
  assert.match(third.out, /pool01 is being upgraded already: checking, asked for by dana/);
});

test('on a real pool nobody is somebody else by typing it', async () => {
  const { out } = await run([], '@omar approve\nwhoami\n', configured('persona.db'));
  assert.match(out, /whoever types here is dana/);
  assert.match(out, /You are dana/);
});
