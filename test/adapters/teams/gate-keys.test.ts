import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { SigningKeys } from '../../../src/adapters/teams/inbound-keys.ts';
import { hours, minutes, seconds } from '../../../src/domain/time.ts';
import { activity, aWorld, bearer, KEYS, KeyServer, listed, type Sayings, type World } from './gate-world.ts';

const OF_ANOTHER_KIND = { kty: 'EC', kid: 'first', crv: 'P-256', x: 'eA', y: 'eQ' };
const SECOND_KEY = { header: { kid: 'second' }, key: KEYS.second.privateKey };

/** What becomes of a request that is right in every way but perhaps its key: 200, or why not. */
async function status({ gate, clock }: World, forgery = {}): Promise<number> {
  const admission = await gate.admit(await bearer(forgery, clock.now), activity());
  return admission.kind === 'admitted' ? 200 : admission.status;
}

test('keys are asked for once, however many requests wait for them', async (t) => {
  const world = await aWorld(t);
  const all = await Promise.all(Array.from({ length: 20 }, () => status(world)));
  assert.deepEqual(new Set(all), new Set([200]));
  assert.equal(await status(world), 200);
  assert.deepEqual(world.server.asked, ['/openid', '/keys']);
});

test('requests without a token ask for no keys', async (t) => {
  const { gate, server } = await aWorld(t);
  for (const authorization of [undefined, 'Basic eDp5', 'Bearer garbage']) await gate.admit(authorization, activity());
  assert.deepEqual(server.asked, []);
});

test('without a key server nobody is let in, and it is asked again ten seconds later', async (t) => {
  const world = await aWorld(t);
  await world.server.goDown();
  assert.equal(await status(world), 503);
  await world.server.comeUp();
  world.clock.now += seconds(10) - 1;
  assert.equal(await status(world), 503);
  assert.deepEqual(world.server.asked, []);
  world.clock.now += 1;
  assert.equal(await status(world), 200);
  assert.equal(await status(world, { header: { kid: 'made-up' } }), 401, 'what went wrong is over');
});

test('a new key is fetched as soon as somebody signs with it, and the old one counts no more', async (t) => {
  const world = await aWorld(t);
  assert.equal(await status(world), 200);
  world.server.keys = [listed('second', KEYS.second.publicKey)];
  world.clock.now += minutes(1);
  assert.equal(await status(world, SECOND_KEY), 200);
  assert.equal(await status(world), 401);
});

test('whoever makes up ids of keys has them asked for every ten seconds at most', async (t) => {
  const world = await aWorld(t);
  assert.equal(await status(world), 200);
  const asked = () => world.server.asked.filter((path) => path === '/keys').length;
  world.clock.now += seconds(10);
  for (let kid = 0; kid < 30; kid += 1) assert.equal(await status(world, { header: { kid: `made-up-${kid}` } }), 401);
  assert.equal(asked(), 2);
  world.clock.now += seconds(10);
  assert.equal(await status(world, { header: { kid: 'made-up' } }), 401);
  assert.equal(asked(), 3);
});

test('a key that was withdrawn counts for an hour at most', async (t) => {
  const world = await aWorld(t);
  assert.equal(await status(world), 200);
  world.server.keys = [listed('second', KEYS.second.publicKey)];
  world.clock.now += hours(1) - 1;
  assert.equal(await status(world), 200);
  world.clock.now += 1;
  assert.equal(await status(world), 401);
});

test('known keys do for a day without a key server, and new ones have to wait for it', async (t) => {
  const world = await aWorld(t);
  const begun = world.clock.now;
  assert.equal(await status(world), 200);
  await world.server.goDown();
  world.clock.now = begun + hours(24) - 1;
  assert.equal(await status(world), 200);
  assert.equal(await status(world, SECOND_KEY), 503);
  world.clock.now = begun + hours(24);
  assert.equal(await status(world), 503);
  await world.server.comeUp();
  world.clock.now += seconds(10);
  assert.equal(await status(world), 200);
});

test('a clock that is set back is no reason to ask nobody', async (t) => {
  const world = await aWorld(t);
  assert.equal(await status(world), 200);
  world.server.keys = [...world.server.keys, listed('second', KEYS.second.publicKey)];
  world.clock.now -= hours(48);
  assert.equal(await status(world, SECOND_KEY), 200);
});

const saying =
  (text: string, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status).end(text);
const moved = (to: string) => (response: ServerResponse) => void response.writeHead(302, { location: to }).end();

for (const [what, says] of [
  ['a fault for metadata', { metadata: saying('{}', 500) }],
  ['metadata that is no JSON', { metadata: saying('<html>') }],
  ['metadata without keys', { metadata: saying('{}') }],
  ['metadata that has moved', { metadata: moved('/moved/openid') }],
  ['keys that have moved', { keys: moved('/moved/keys') }],
  ['a fault for keys', { keys: saying(JSON.stringify({ keys: [listed('first', KEYS.first.publicKey)] }), 404) }],
  ['an empty list', { keys: saying('{"keys":[]}') }],
  ['keys of other kinds alone', { keys: saying(JSON.stringify({ keys: [OF_ANOTHER_KIND] })) }],
  ['a key that is none', { keys: saying('{"keys":[{"kty":"RSA","kid":"first","endorsements":["msteams"]}]}') }],
  ['a connection that breaks off', { keys: (response) => void response.destroy() }],
] satisfies [string, Sayings][]) {
  test(`nobody is let in on ${what}`, async (t) => {
    const world = await aWorld(t);
    world.server.says = says;
    assert.equal(await status(world), 503);
  });
}

test('nobody is let in on keys that came without TLS, not even over the network of this machine', async (t) => {
  const world = await aWorld(t);
  const keys = world.server.origin.replace('127.0.0.1', '0.0.0.0');
  world.server.says = { metadata: saying(JSON.stringify({ jwks_uri: `${keys}/keys` })) };
  assert.equal(await status(world), 503);
  assert.deepEqual(world.server.asked, ['/openid']);
});

test('keys of other kinds stand beside those that count', async (t) => {
  const world = await aWorld(t);
  world.server.keys = [OF_ANOTHER_KIND, { kty: 'RSA' }, ...world.server.keys];
  assert.equal(await status(world), 200);
});

test('a key server that does not answer is not waited for without end', async (t) => {
  const server = new KeyServer();
  await server.comeUp();
  t.after(() => server.goDown());
  const { promise, resolve } = Promise.withResolvers<void>();
  server.says = { metadata: () => resolve() };
  const patience = new AbortController();
  const keys = new SigningKeys(`${server.origin}/openid`, { now: () => 0, within: () => patience.signal });
  const look = keys.find('first');
  await promise;
  patience.abort(new Error('it took too long'));
  assert.deepEqual(await look, { kind: 'unavailable', because: 'it took too long' });
});
