import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/commands/grammar.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { aManagedPool, dana, kim, omar, POOL01 } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';

const desk = () => new FakeDesk(aManagedPool({ watch: { every: minutes(10), quietHours: null } }));

test('a mute says until when, what is told all the same, and how to end it', async () => {
  const said = await desk().say('mute pool01 2h the switches are replaced', dana);
  assert.match(said.all, /^pool01 is muted until 02:00\nOnly that quorum is lost is still told/);
  assert.match(said.all, /`unmute pool01` ends it/);
  assert.deepEqual(said.turned, [{ by: dana, at: 0, until: hours(2), because: 'the switches are replaced' }]);
});

test('a second mute takes the place of the first, and says whose that was', async () => {
  const made = desk();
  await made.say('mute pool01 2h', dana);
  const said = await made.say('mute pool01 30m', omar);
  assert.match(said.all, /It was muted by dana until 02:00/);
  assert.equal(made.mutes.get(POOL01)?.until, minutes(30));
});

test('a pool that is not watched cannot be muted, and one that is not muted cannot be unmuted', async () => {
  const unwatched = await new FakeDesk().say('mute pool01 2h', dana);
  assert.match(unwatched.title, /is not watched, so there is nothing to mute\. Nothing was changed/);
  assert.deepEqual(unwatched.turned, []);
  assert.match((await desk().say('unmute pool01', kim)).title, /is not muted\. Nothing was changed/);
});

test('a mute that is delivered twice is heard once', async () => {
  const made = desk();
  await made.say('mute pool01 2h', dana, 'D1');
  assert.match((await made.say('mute pool01 2h', dana, 'D1')).title, /heard already/);
});

test('a mute is shown by status and by why', async () => {
  const made = desk();
  await made.say('mute pool01 2h the switches are replaced', dana);
  assert.match((await made.say('status pool01', kim)).all, /\? muted by dana until 02:00/);
  assert.match((await made.say('why pool01', kim)).all, /muted by dana until 02:00: the switches are replaced/);
});

for (const [line, tell] of [
  ['mute', 'Which pool?'],
  ['mute pool01', 'For how long?'],
  ['mute pool01 the switches', 'For how long?'],
  ['mute pool01 2d', 'For how long?'],
  ['mute pool01 0m', 'A mute lasts from 1m to 24h.'],
  ['mute pool01 25h', 'A mute lasts from 1m to 24h.'],
] as const)
  test(`not a mute: ${line}`, () => {
    assert.deepEqual(parse(line), { kind: 'misread', tell: `${tell} Usage: mute <pool> 2h [why]. Nothing was changed.` });
  });
