import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPool, dana, mallory } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';

test('a pool whose servers are not known is not known, and never OK', async () => {
  const { title, all } = await new FakeDesk().say('preflight pool01', dana);
  assert.match(title, /no server is known$/);
  assert.match(all, /NOT KNOWN/);
  assert.doesNotMatch(all, /\bOK\b/);
});

test('a pre-flight writes nothing, wakes nothing, and is for those who may view', async () => {
  const desk = new FakeDesk();
  desk.says = {
    servers: aPool(3).servers.map((server) => ({ server, seen: { kind: 'unread', because: 'it is off' } })),
    backup: { kind: 'unread', because: 'access is denied' },
    holdsCms: { kind: 'unread', because: 'access is denied' },
    replicas: { kind: 'unread', because: 'access is denied' },
  };
  const said = await desk.say('preflight pool01', dana);
  assert.match(said.title, /^Pre-flight: pool01 is not all known$/);
  assert.deepEqual([said.wrote, said.wake], [[], []]);
  assert.doesNotMatch((await desk.say('preflight pool01', mallory)).all, /Pre-flight/);
});
