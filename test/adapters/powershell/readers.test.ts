import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Readers } from '../../../src/adapters/powershell/readers.ts';
import { fakeStart, lives, pidIn, skipWithoutScripts } from './fake-powershell.ts';

const skip = skipWithoutScripts;
const LINE = "./run.ps1 'viewers.ps1' 'e30='";
const LONG = 30_000;
const start = fakeStart('answer');

test('a reader stays warm, and is replaced after enough calls', { skip }, async () => {
  const readers = new Readers({ perMachine: 1, alive: 2, calls: 2 });
  const pids: number[] = [];
  for (const _ of [1, 2, 3, 4]) pids.push(pidIn((await readers.ask('fe01', start, LINE, LONG)).raw));
  assert.equal(pids[0], pids[1]);
  assert.equal(pids[2], pids[3]);
  assert.notEqual(pids[1], pids[2]);
  await readers.close();
  assert.deepEqual(pids.map(lives), [false, false, false, false]);
});

test('calls to one machine take turns, or processes of their own when there may be more', { skip }, async () => {
  for (const [perMachine, processes] of [
    [1, 1],
    [3, 3],
  ] as const) {
    const readers = new Readers({ perMachine, alive: 8, calls: 100 });
    const answers = await Promise.all([1, 2, 3].map(() => readers.ask('fe01', start, LINE, LONG)));
    assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['value']));
    assert.equal(new Set(answers.map(({ raw }) => pidIn(raw))).size, processes);
    await readers.close();
  }
});

test('no more processes live than may, and the one unused for longest makes room', { skip }, async () => {
  const readers = new Readers({ perMachine: 1, alive: 2, calls: 100 });
  const ask = async (machine: string) => pidIn((await readers.ask(machine, start, LINE, LONG)).raw);
  const [one, two] = [await ask('fe01'), await ask('fe02')];
  assert.equal(await ask('fe01'), one);
  const three = await ask('fe03');
  assert.equal(await ask('fe01'), one, 'fe02 made room');
  assert.equal(await ask('fe03'), three);
  assert.notEqual(await ask('fe02'), two);
  const crowd = await Promise.all(['fe04', 'fe05', 'fe06', 'fe07'].map((machine) => readers.ask(machine, start, LINE, LONG)));
  assert.deepEqual(new Set(crowd.map(({ kind }) => kind)), new Set(['value']));
  await readers.close();
});

test('a reader that gave no answer is replaced', { skip }, async () => {
  const readers = new Readers({ perMachine: 1, alive: 2, calls: 100 });
  const lost = await readers.ask('fe01', fakeStart('death in the middle'), LINE, LONG);
  assert.equal(lost.kind, 'lost');
  assert.equal((await readers.ask('fe01', start, LINE, LONG)).kind, 'value');
  await readers.close();
});

test('closing ends a call in flight and those that wait for their turn', { skip }, async () => {
  const readers = new Readers({ perMachine: 1, alive: 1, calls: 100 });
  const inFlight = readers.ask('fe01', fakeStart('silence'), LINE, LONG);
  const waiting = readers.ask('fe01', start, LINE, LONG);
  await setImmediate();
  await readers.close();
  assert.deepEqual([(await inFlight).kind, (await waiting).kind], ['lost', 'lost']);
  assert.equal((await readers.ask('fe01', start, LINE, LONG)).kind, 'lost');
});
