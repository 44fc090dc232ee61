import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodePatchRun, decodeTold } from '../../src/adapters/powershell/decode-server.ts';
import type { ShellAnswer } from '../../src/adapters/powershell/shell.ts';
import { type Bench, bench } from './bench.ts';
import { skip } from './find.ts';
import { stateOf } from './state-file.ts';

const told = (answer: ShellAnswer) => (answer.kind === 'value' ? decodeTold(answer.value) : answer);
const NODE = process.execPath;

async function patchRun({ ask }: Bench): Promise<string> {
  const answer = await ask('child-run.ps1', { Name: 'patch-run' });
  if (answer.kind !== 'value') return answer.kind;
  const run = decodePatchRun(answer.value);
  if (run.kind !== 'understood') return run.because;
  return run.value.kind === 'ended' ? `ended ${run.value.exitCode}` : run.value.kind;
}

const says = (folder: string, text: RegExp) => stateOf(folder, 'patch-run', text);

const timeout = 60_000;

test('a patch command runs by itself, and how it ended is there to be read', { skip, timeout }, async (context) => {
  const tried = bench(context);
  assert.equal(await patchRun(tried), 'none');
  const wrote = join(tried.folder, 'arguments.json');
  const script = "require('node:fs').writeFileSync(process.argv[1], JSON.stringify(process.argv.slice(2))); process.exit(3)";
  const given = ['/silentmode', 'two words', 'say "hi"', 'ends in \\', '$(1+1)', '', '`x'];
  const answer = await tried.ask('patch.ps1', { File: NODE, Arguments: ['-e', script, wrote, ...given] });
  assert.deepEqual(told(answer), { kind: 'accepted' });
  await says(tried.folder, /^ended/m);
  assert.equal(await patchRun(tried), 'ended 3');
  assert.deepEqual(JSON.parse(readFileSync(wrote, 'utf8')), given);
});

test('while it runs it is running, a second one is refused, and a later one begins anew', { skip, timeout }, async (context) => {
  const tried = bench(context);
  const go = join(tried.folder, 'go');
  const waits =
    'const t = setInterval(() => { if (require("node:fs").existsSync(process.argv[1])) { clearInterval(t); process.exit(42) } }, 20)';
  const values = { File: NODE, Arguments: ['-e', waits, go] };
  assert.deepEqual(told(await tried.ask('patch.ps1', values)), { kind: 'accepted' });
  await says(tried.folder, /^started/m);
  assert.equal(await patchRun(tried), 'running');
  assert.deepEqual(told(await tried.ask('patch.ps1', values)), {
    kind: 'refused',
    because: 'the patch command is still running there',
  });
  writeFileSync(go, '');
  await says(tried.folder, /^ended/m);
  assert.equal(await patchRun(tried), 'ended 42');
  assert.deepEqual(told(await tried.ask('patch.ps1', { File: NODE, Arguments: ['-e', 'process.exit(0)'] })), {
    kind: 'accepted',
  });
  await says(tried.folder, /^ended 0/m);
  assert.equal(await patchRun(tried), 'ended 0');
});

test('a command that does not exist is told of', { skip, timeout }, async (context) => {
  const tried = bench(context);
  await tried.ask('patch.ps1', { File: '/nowhere/installer', Arguments: [] });
  await says(tried.folder, /^failed/m);
  assert.match(await patchRun(tried), /^the patch command could not be run: /);
});

test('a run whose process is gone ended nobody knows how, also when its number is used again', {
  skip,
  timeout,
}, async (context) => {
  const tried = bench(context);
  const gone = spawnSync(NODE, ['-e', '']).pid;
  mkdirSync(join(tried.folder, 'data', 'Lifeguard'), { recursive: true });
  for (const started of [`started ${gone} 639308195916921362`, `started ${process.pid} 639308195916921362`]) {
    writeFileSync(join(tried.folder, 'data', 'Lifeguard', 'patch-run.state'), `starting 639308195916815868\n${started}\n`);
    assert.equal(await patchRun(tried), 'the process that ran the patch command is gone and left no exit code');
  }
});

test('a state file that cannot be read is not one that is not there', { skip, timeout }, async (context) => {
  const tried = bench(context);
  mkdirSync(join(tried.folder, 'data', 'Lifeguard', 'patch-run.state'), { recursive: true });
  assert.equal(await patchRun(tried), 'fault');
});
