import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeHookRun, decodePatchRun, decodeTold } from '../../src/adapters/powershell/decode-server.ts';
import type { Hook } from '../../src/domain/inventory.ts';
import { minutes } from '../../src/domain/time.ts';
import { type Bench, bench } from './bench.ts';
import { skip } from './find.ts';
import { stateOf } from './state-file.ts';

const NODE = process.execPath;
const timeout = 60_000;
const EXITS = 'process.exit(Number(process.argv[1]))';
const WAITS =
  'const t = setInterval(() => { if (require("node:fs").existsSync(process.argv[1])) { clearInterval(t); process.exit(0) } }, 20)';

async function tell({ ask }: Bench, hook: Hook, ...given: readonly string[]) {
  const answer = await ask('hook.ps1', { Name: `${hook}-run`, File: NODE, Arguments: ['-e', ...given] });
  return answer.kind === 'value' ? decodeTold(answer.value) : answer;
}
async function hookRun({ ask }: Bench, hook: Hook) {
  const answer = await ask('child-run.ps1', { Name: `${hook}-run` });
  const run = answer.kind === 'value' ? decodeHookRun(answer.value) : assert.fail(JSON.stringify(answer));
  return run.kind === 'understood' ? run.value : run.because;
}

test('each hook runs by itself and has its own end, beside the patch command', { skip, timeout }, async (context) => {
  const tried = bench(context);
  assert.deepEqual(await hookRun(tried, 'before'), { kind: 'none' });
  assert.deepEqual(await tell(tried, 'before', EXITS, '0'), { kind: 'accepted' });
  assert.deepEqual(await tell(tried, 'after', EXITS, '7'), { kind: 'accepted' });
  await stateOf(tried.folder, 'before-run', /^ended/m);
  await stateOf(tried.folder, 'after-run', /^ended/m);
  assert.deepEqual(await hookRun(tried, 'before'), { kind: 'ended', exitCode: 0, age: 0 });
  assert.deepEqual(await hookRun(tried, 'after'), { kind: 'ended', exitCode: 7, age: 0 });
  const patch = await tried.ask('child-run.ps1', { Name: 'patch-run' });
  assert.deepEqual(patch.kind === 'value' && decodePatchRun(patch.value), { kind: 'understood', value: { kind: 'none' } });
});

test('a hook that runs is not begun twice; the other one, and the patch command, may be', { skip, timeout }, async (context) => {
  const tried = bench(context);
  const go = join(tried.folder, 'go');
  assert.deepEqual(await tell(tried, 'before', WAITS, go), { kind: 'accepted' });
  await stateOf(tried.folder, 'before-run', /^started/m);
  assert.deepEqual(await hookRun(tried, 'before'), { kind: 'running' });
  assert.deepEqual(await tell(tried, 'before', WAITS, go), {
    kind: 'refused',
    because: 'the hook before is still running there',
  });
  assert.deepEqual(await tell(tried, 'after', EXITS, '0'), { kind: 'accepted' });
  const patch = await tried.ask('patch.ps1', { File: NODE, Arguments: ['-e', EXITS, '0'] });
  assert.deepEqual(patch.kind === 'value' && decodeTold(patch.value), { kind: 'accepted' });
  await stateOf(tried.folder, 'patch-run', /^ended 0/m);
  writeFileSync(go, '');
  await stateOf(tried.folder, 'before-run', /^ended 0/m);
  assert.match(await stateOf(tried.folder, 'before-run', /^starting/m), / hook$/m);
});

test('a hook whose file is not there has failed and says so', { skip, timeout }, async (context) => {
  const tried = bench(context);
  await tried.ask('hook.ps1', { Name: 'before-run', File: '/nowhere/lb', Arguments: [] });
  await stateOf(tried.folder, 'before-run', /^failed/m);
  assert.deepEqual(await hookRun(tried, 'before'), {
    kind: 'failed',
    because: 'could not be run: there is no file /nowhere/lb on this server',
    age: 0,
  });
});

test('how long ago a hook began is told by the server, and one whose process is gone has failed', {
  skip,
  timeout,
}, async (context) => {
  const tried = bench(context);
  const folder = join(tried.folder, 'data', 'Lifeguard');
  mkdirSync(folder, { recursive: true });
  const ticks = (ago: number): bigint => 621_355_968_000_000_000n + BigInt(Date.now() - ago) * 10_000n;
  const state = (ago: number, ...lines: readonly string[]) =>
    writeFileSync(join(folder, 'after-run.state'), [`starting ${ticks(ago)} hook`, ...lines, ''].join('\n'));
  const gone = spawnSync(NODE, ['-e', '']).pid;
  state(minutes(10), `started ${gone} 639308195916921362`, 'ended 0');
  assert.deepEqual(await hookRun(tried, 'after'), { kind: 'ended', exitCode: 0, age: minutes(10) });
  state(minutes(10), `started ${gone} 639308195916921362`);
  assert.deepEqual(await hookRun(tried, 'after'), { kind: 'failed', because: 'is gone and left no exit code', age: minutes(10) });
  state(minutes(2));
  assert.deepEqual(await hookRun(tried, 'after'), {
    kind: 'failed',
    because: 'was told to start and never began',
    age: minutes(2),
  });
  state(0);
  assert.deepEqual(await hookRun(tried, 'after'), { kind: 'running' });
});
