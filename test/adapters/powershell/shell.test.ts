import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimalEnvironment, OUTPUT_MAX, RAW_KEPT, Shell } from '../../../src/adapters/powershell/shell.ts';
import { fakeStart, lives, pidIn, skipWithoutScripts } from './fake-powershell.ts';

const skip = skipWithoutScripts;
const LINE = "./run.ps1 'viewers.ps1' 'e30='";
const LONG = 30_000;
const SHORT = 700;

for (const mode of ['answer', 'answer ended by CRLF', 'answer among noise on stderr', 'slow start']) {
  test(`one framed line is an answer: ${mode}`, { skip }, async () => {
    const shell = new Shell(fakeStart(mode));
    const answer = await shell.ask(LINE, LONG);
    assert.equal(answer.kind, 'value');
    assert.equal(answer.kind === 'value' && answer.value, 'yes');
    assert.equal(shell.dead, false);
    await shell.end();
    assert.equal(lives(pidIn(answer.raw)), false);
  });
}

const LOST: readonly (readonly [mode: string, because: RegExp])[] = [
  ['half a line', /gave no answer/],
  ['garbage', /gave no answer/],
  ['two answers', /more than one answer/],
  ['exit 0', /gave no answer/],
  ['death in the middle', /PowerShell ended/],
  ['crash at once', /PowerShell ended/],
  ['flood', new RegExp(`more than ${OUTPUT_MAX} bytes`)],
];
for (const [mode, because] of LOST) {
  test(`anything else is no answer, and the process is gone: ${mode}`, { skip }, async () => {
    const shell = new Shell(fakeStart(mode));
    const answer = await shell.ask(LINE, LONG);
    assert.equal(answer.kind, 'lost');
    assert.match(answer.kind === 'lost' ? answer.because : '', because);
    assert.equal(answer.kind === 'lost' && answer.timedOut, false);
    assert.ok(answer.raw.length <= RAW_KEPT);
    await shell.end();
    assert.equal(shell.dead, true);
    assert.equal(lives(pidIn(answer.raw)), false);
    assert.equal((await shell.ask(LINE, LONG)).kind, 'lost', 'a dead process is never asked again');
  });
}

for (const mode of ['silence', 'half a line, then nothing']) {
  test(`a time-out is no answer and kills the process: ${mode}`, { skip }, async () => {
    const shell = new Shell(fakeStart(mode));
    const answer = await shell.ask(LINE, SHORT);
    assert.deepEqual([answer.kind, answer.kind === 'lost' && answer.timedOut], ['lost', true]);
    assert.ok(lives(pidIn(answer.raw)) || pidIn(answer.raw) > 0, 'it ran');
    await shell.end();
    assert.equal(lives(pidIn(answer.raw)), false);
  });
}

test('a process answers one call at a time, and more than one in its life', { skip }, async () => {
  const shell = new Shell(fakeStart('answer'));
  const first = shell.ask(LINE, LONG);
  assert.equal((await shell.ask(LINE, LONG)).kind, 'lost');
  const [one, two] = [await first, await shell.ask(LINE, LONG)];
  assert.deepEqual([one.kind, two.kind], ['value', 'value']);
  assert.equal(pidIn(one.raw), pidIn(two.raw));
  await shell.end();
});

for (const executable of ['/nowhere/powershell', '/', 'no-such-powershell-on-the-path']) {
  test(`an executable that cannot be started is no answer, and Node lives on: ${executable}`, async () => {
    const shell = new Shell({ ...fakeStart('answer'), executable });
    const answer = await shell.ask(LINE, LONG);
    assert.equal(answer.kind, 'lost');
    assert.equal(shell.dead, true);
    await shell.end();
  });
}

test('a folder that does not exist is no answer, and Node lives on', async () => {
  const shell = new Shell({ ...fakeStart('answer'), scripts: '/nowhere/scripts' });
  assert.equal((await shell.ask(LINE, LONG)).kind, 'lost');
  await shell.end();
});

test('another executable named by NODE_POWERSHELL is not started', { skip }, async () => {
  process.env['NODE_POWERSHELL'] = '/nowhere/powershell';
  try {
    const shell = new Shell(fakeStart('answer'));
    assert.equal((await shell.ask(LINE, LONG)).kind, 'value');
    await shell.end();
  } finally {
    delete process.env['NODE_POWERSHELL'];
  }
});

test('PowerShell gets what Windows needs of the environment, and none of our secrets', { skip }, async () => {
  const ours = { PATH: '/bin', SLACK_BOT_TOKEN: 'xoxb-1', NODE_POWERSHELL: 'x', NODE_OPTIONS: '--inspect', PSModulePath: '/ps7' };
  assert.deepEqual(minimalEnvironment(ours, { LIFEGUARD_SIMULATED_SERVER: 'fe01.contoso.com' }), {
    PATH: '/bin',
    TERM: 'dumb',
    NO_COLOR: '1',
    POWERSHELL_TELEMETRY_OPTOUT: '1',
    LIFEGUARD_SIMULATED_SERVER: 'fe01.contoso.com',
  });
  process.env['LIFEGUARD_TEST_SECRET'] = 'one';
  const shell = new Shell(fakeStart('the environment'));
  const answer = await shell.ask(LINE, LONG);
  delete process.env['LIFEGUARD_TEST_SECRET'];
  const names = answer.kind === 'value' && Array.isArray(answer.value) ? answer.value : [];
  assert.ok(names.includes('FAKE_MODE'));
  assert.ok(!names.includes('LIFEGUARD_TEST_SECRET'));
  await shell.end();
});
