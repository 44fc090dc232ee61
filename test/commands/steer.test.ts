import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dana, omar } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import { held, paused } from './situations.ts';

const say = (line: string, story: ReturnType<typeof held>) => new FakeDesk().tell(story).say(line, omar);
const heldAndPaused = () => held().say({ kind: 'paused', by: dana });

test('whoever resumes a run that is held is told that it still is, and why', async () => {
  const { all } = await say('resume', heldAndPaused());
  assert.match(all, /no longer paused, says omar; still held: InsufficientActiveFrontEnds, .*; `retry` goes on/);
  assert.doesNotMatch(all, /pool01: goes on/);
});
test('whoever retries a run that is paused is told that it still is', async () => {
  const { all } = await say('retry', heldAndPaused());
  assert.match(all, /no longer held, says omar; still paused, `resume` goes on/);
});
test('what goes on is said to', async () => {
  assert.match((await say('resume', paused())).all, /pool01: goes on, says omar/);
  assert.match((await say('retry', held())).all, /pool01: goes on, says omar; looking again first/);
});
