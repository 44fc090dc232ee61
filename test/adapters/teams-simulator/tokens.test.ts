import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { TokenOverrides } from '../../../src/adapters/teams-simulator/keys.ts';
import type { SimulatedTeams } from '../../../src/adapters/teams-simulator/teams.ts';
import { openBot } from './bot.ts';
import { APP, DANA, inTeams } from './in-teams.ts';

const fetched = async (url: string): Promise<unknown> => (await fetch(url)).json();

async function keysOf(teams: SimulatedTeams): Promise<JSONWebKeySet> {
  const { issuer, jwks_uri } = (await fetched(teams.metadataUrl)) as { issuer: string; jwks_uri: string };
  assert.equal(issuer, teams.issuer);
  return (await fetched(jwks_uri)) as JSONWebKeySet;
}

/** What a token says, for whoever looks its key up among those that are published. */
async function verified(teams: SimulatedTeams, token: string) {
  const { payload } = await jwtVerify(token, createLocalJWKSet(await keysOf(teams)), { issuer: teams.issuer, audience: APP.id });
  return payload;
}

test('keys are published with the channels that they may sign for', async (t) => {
  const { teams } = await inTeams(t);
  const { keys } = await keysOf(teams);
  assert.deepEqual(
    keys.map((key) => [key.kty, key.alg, key.use, Object(key).endorsements]),
    [
      ['RSA', 'RS256', 'sig', ['msteams']],
      ['RSA', 'RS256', 'sig', ['webchat']],
    ],
  );
  assert.equal(
    keys.some((key) => 'd' in key),
    false,
  );
});

test('no two services say in the same place who they are: a port that is used again is another service', async (t) => {
  const [one, other] = [await inTeams(t), await inTeams(t)];
  assert.notEqual(new URL(one.teams.metadataUrl).pathname, new URL(other.teams.metadataUrl).pathname);
});

test('a token is for this app, and from the service that it names', async (t) => {
  const { teams } = await inTeams(t);
  const { serviceurl, exp = 0, nbf = 0 } = await verified(teams, teams.sign());
  assert.equal(serviceurl, teams.serviceUrl);
  assert.equal(exp - nbf, 3_601);
});

test('after a rotation another key signs, and the old one is not published any more', async (t) => {
  const { teams } = await inTeams(t);
  const before = teams.sign();
  await verified(teams, before);
  teams.rotate();
  await verified(teams, teams.sign());
  await assert.rejects(verified(teams, before), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
  await assert.rejects(verified(teams, teams.sign({ signedBy: 'retired' })), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

/** Whom a checker that knows its trade turns away, and by what. */
const WRONG: readonly (readonly [what: string, overrides: TokenOverrides, code: string])[] = [
  ['for another app', { claims: { aud: 'other' } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['of another issuer', { claims: { iss: 'https://elsewhere' } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['that is over', { claims: { exp: 1 } }, 'ERR_JWT_EXPIRED'],
  ['that is not good yet', { claims: { nbf: 4_000_000_000 } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['without an audience', { claims: { aud: undefined } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['of an impostor', { signedBy: 'impostor' }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['of a stranger', { signedBy: 'stranger' }, 'ERR_JWKS_NO_MATCHING_KEY'],
  ['of nobody', { signedBy: 'nobody' }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['with the public key for a secret', { signedBy: 'public-key' }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['under another name', { header: { kid: 'other' } }, 'ERR_JWKS_NO_MATCHING_KEY'],
];

for (const [what, overrides, code] of WRONG)
  test(`a token ${what} does not hold`, async (t) => {
    const { teams } = await inTeams(t);
    await assert.rejects(verified(teams, teams.sign(overrides)), { code });
  });

test('a key for another channel is a good one, for that channel', async (t) => {
  const { teams } = await inTeams(t);
  await verified(teams, teams.sign({ signedBy: 'another-channel' }));
});

/** A bot of the SDK that takes what it is sent, without telling the console of what it does not. */
async function checking(t: TestContext) {
  t.mock.method(console, 'error', () => {});
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams);
  const statusOf = async (token?: string | null) => {
    const { status } = await teams.deliver(bot.url, teams.says.personal(DANA, 'hello'), token === undefined ? {} : { token });
    return status;
  };
  return { teams, bot, statusOf };
}

test('the SDK takes what Teams signs, and nothing else', async (t) => {
  const { teams, bot, statusOf } = await checking(t);
  assert.equal(await statusOf(), 200);
  assert.equal(await statusOf(null), 401);
  assert.equal(await statusOf('garbage'), 401);
  assert.equal(await statusOf(teams.sign({ claims: { serviceurl: 'http://elsewhere/' } })), 401);
  assert.equal(await statusOf(teams.sign({ signedBy: 'another-channel' })), 401);
  assert.equal(await statusOf(teams.sign({ signedBy: 'stranger' })), 401);
  // Both are refused, but as if the bot were at fault.
  assert.equal(await statusOf(teams.sign({ signedBy: 'impostor' })), 500);
  assert.equal(await statusOf(teams.sign({ signedBy: 'public-key' })), 500);
  assert.equal(bot.heard.length, 1);
});

test('the SDK does not look for new keys within the hour', async (t) => {
  const { teams, statusOf } = await checking(t);
  assert.equal(await statusOf(), 200);
  teams.rotate();
  assert.equal(await statusOf(), 401);
});

test('what is sent is signed for the service that it names', async (t) => {
  const { teams, bot, statusOf } = await checking(t);
  assert.equal(await statusOf(), 200);
  const elsewhere = { ...teams.says.personal(DANA, 'hello'), serviceUrl: 'http://127.0.0.1/emea/' };
  assert.equal((await teams.deliver(bot.url, elsewhere)).status, 200);
  assert.equal((await teams.deliver(bot.url, elsewhere, { token: teams.sign() })).status, 401);
});
