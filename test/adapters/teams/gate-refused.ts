import { createHmac } from 'node:crypto';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { APP, activity, bearer, type Forgery, ISSUER, KEYS, NOON, SERVICE, SISTER, TENANT } from './gate-world.ts';

/** What a request carries. */
export interface Carried {
  readonly authorization: string | undefined;
  readonly body: unknown;
}

const token = async (forgery: Forgery, body: unknown = activity()): Promise<Carried> => ({
  authorization: await bearer(forgery),
  body,
});
const header = async (authorization: string | undefined): Promise<Carried> => ({ authorization, body: activity() });
const body = async (said: unknown): Promise<Carried> => ({ authorization: await bearer(), body: said });
const service = (serviceUrl: string): Promise<Carried> => token({ claims: { serviceurl: serviceUrl } }, activity({ serviceUrl }));
const conversation = (tenantId: unknown, tenant: unknown) =>
  body(activity({ conversation: { id: '19:ops@thread.tacv2', tenantId }, channelData: { tenant } }));

const forged = async (alg: string, sign: (input: string) => string): Promise<Carried> => {
  const [, claims = ''] = (await bearer()).split('.');
  const input = `${Buffer.from(JSON.stringify({ alg, kid: 'first' })).toString('base64url')}.${claims}`;
  return header(`Bearer ${input}.${sign(input)}`);
};
const PEM = KEYS.first.publicKey.export({ type: 'spki', format: 'pem' });
const withPublicKey = (input: string): string => createHmac('sha256', PEM).update(input).digest('base64url');
const tampered = async (): Promise<Carried> => {
  const [head, claims = '', signature] = (await bearer()).split('.');
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...read, exp: read.exp + 1 })).toString('base64url');
  return header([head, changed, signature].join('.'));
};

const OFF = (minutes(5) + seconds(1)) / seconds(1);
const SECOND = NOON / seconds(1);
const FOREIGN = '11111111-2222-4333-8444-555555555555';

/** A request that is refused: what is wrong with it, its status, and a word of why, for the log. */
type Refusal = readonly [what: string, status: number, because: string, carry: () => Promise<Carried>];

/** Every one of them. */
export const REFUSED: readonly Refusal[] = [
  ['no header', 401, 'bearer token', () => header(undefined)],
  ['an empty header', 401, 'bearer token', () => header('')],
  ['another scheme', 401, 'bearer token', async () => header((await bearer()).replace('Bearer', 'Basic'))],
  ['a scheme in small letters', 401, 'bearer token', async () => header((await bearer()).replace('Bearer', 'bearer'))],
  ['a token without a scheme', 401, 'bearer token', async () => header((await bearer()).replace('Bearer ', ''))],
  ['a scheme without a token', 401, 'bearer token', () => header('Bearer ')],
  ['two tokens', 401, 'bearer token', async () => header(`${await bearer()} x`)],
  ['garbage for a token', 401, 'which key', () => header('Bearer garbage')],
  ['garbage in three parts', 401, 'which key', () => header('Bearer a.b.c')],
  ['five parts, as of an encrypted token', 401, 'Compact', async () => header(`${await bearer()}.b.c`)],
  ["somebody else's key under the id of a known one", 401, 'signature', () => token({ key: KEYS.stranger.privateKey })],
  ['claims that were changed on the way', 401, 'signature', tampered],
  ['a token that brings its own key', 401, 'signature', ownKey],
  ['HS256 with the public key for a secret', 401, '"alg"', () => forged('HS256', withPublicKey)],
  ['alg none', 401, '"alg"', () => forged('none', () => '')],
  ['alg None, with a signature', 401, '"alg"', () => forged('None', () => 'c2ln')],
  ['RS512, with the right key', 401, '"alg"', () => token({ header: { alg: 'RS512' } })],
  ['PS256, with the right key', 401, '"alg"', () => token({ header: { alg: 'PS256' } })],
  ['another issuer', 401, '"iss"', () => token({ claims: { iss: 'https://sts.windows.net/' } })],
  ['nearly the issuer', 401, '"iss"', () => token({ claims: { iss: `${ISSUER}/` } })],
  ['no issuer', 401, '"iss"', () => token({ claims: { iss: undefined } })],
  ['another audience', 401, 'another bot', () => token({ claims: { aud: FOREIGN } })],
  ['an audience of several', 401, 'another bot', () => token({ claims: { aud: [APP, FOREIGN] } })],
  ['no audience', 401, 'another bot', () => token({ claims: { aud: undefined } })],
  ['expired beyond what clocks differ by', 401, '"exp"', () => token({ claims: { exp: SECOND - OFF } })],
  ['not valid yet, beyond what clocks differ by', 401, '"nbf"', () => token({ claims: { nbf: SECOND + OFF } })],
  ['no end', 401, '"exp"', () => token({ claims: { exp: undefined } })],
  ['no beginning', 401, '"nbf"', () => token({ claims: { nbf: undefined } })],
  ['an end that is no number', 401, '"exp"', () => token({ claims: { exp: String(SECOND + 60) } })],
  ['no service in the token', 401, '"serviceurl"', () => token({ claims: { serviceurl: undefined } })],
  ['a service that is no text', 401, 'another service', () => token({ claims: { serviceurl: [SERVICE] } })],
  [
    'another service than in the body',
    401,
    'another service',
    () => token({ claims: { serviceurl: 'https://smba.trafficmanager.net/amer/' } }),
  ],
  ['a key that is endorsed for another channel', 401, 'may not sign', () => byTheSecondKey('web')],
  ['a key that is endorsed for none', 401, 'may not sign', () => byTheSecondKey('bare')],
  ['a key that nobody knows', 401, 'not known', () => token({ header: { kid: 'third' } })],
  ['no key named', 401, 'which key', () => token({ header: { kid: undefined } })],
  ['another channel', 403, 'another channel', () => body(activity({ channelId: 'webchat' }))],
  ['nearly the channel', 403, 'another channel', () => body(activity({ channelId: 'MSTeams' }))],
  ['a foreign tenant', 403, 'its tenant', () => conversation(FOREIGN, { id: FOREIGN })],
  ['a foreign tenant of the conversation alone', 403, 'its tenant', () => conversation(FOREIGN, undefined)],
  ['a foreign tenant of the channel alone', 403, 'its tenant', () => conversation(undefined, { id: FOREIGN })],
  ['no tenant', 403, 'no tenant', () => conversation(undefined, undefined)],
  ['no tenant in the place for one', 403, 'no tenant', () => conversation(null, {})],
  ['two tenants, both of them listened to', 403, 'two tenants', () => conversation(TENANT, { id: SISTER })],
  ['a service on a host that is not allowed', 403, 'its service', () => service('https://smba.example.com/emea/')],
  [
    'a host that begins like an allowed one',
    403,
    'its service',
    () => service('https://smba.trafficmanager.net.example.com/emea/'),
  ],
  ['a host that ends like an allowed one', 403, 'its service', () => service('https://evil-smba.trafficmanager.net/emea/')],
  ['a host that ends like an allowed domain', 403, 'its service', () => service('https://evilteams.example.com/emea/')],
  [
    'the domain itself, where only what is below it is allowed',
    403,
    'its service',
    () => service('https://teams.example.com/emea/'),
  ],
  ['an allowed host for a user name', 403, 'its service', () => service('https://smba.trafficmanager.net@example.com/emea/')],
  ['a user name at an allowed host', 403, 'its service', () => service('https://me:secret@smba.trafficmanager.net/emea/')],
  ['an allowed host without TLS', 403, 'its service', () => service('http://smba.trafficmanager.net/emea/')],
  ['this machine, which is not allowed by this name', 403, 'its service', () => service('http://127.0.0.1:3978/emea/')],
  ['a service that is no address', 403, 'its service', () => service('smba.trafficmanager.net')],
  ['a message of nobody', 403, 'who is behind', () => body(activity({ from: { id: '29:dana', name: 'Dana' } }))],
  [
    'a press of nobody',
    403,
    'who is behind',
    () => body(activity({ type: 'invoke', from: { id: '29:dana', aadObjectId: null } })),
  ],
  ['an empty body', 400, 'not an activity', () => body(undefined)],
  ['a body of nothing', 400, 'not an activity', () => body({})],
  ['a list', 400, 'not an activity', () => body([activity()])],
  ...['type', 'id', 'channelId', 'serviceUrl', 'conversation', 'from'].map(
    (field) => [`a body without ${field}`, 400, 'not an activity', () => body(activity({ [field]: undefined }))] as const,
  ),
  ['a sender in one word', 400, 'not an activity', () => body(activity({ from: 'dana' }))],
  ['a tenant that is a number', 400, 'not an activity', () => conversation(7, undefined)],
  ['an empty id', 400, 'not an activity', () => body(activity({ id: '' }))],
  ['an id without end', 400, 'not an activity', () => body(activity({ id: 'x'.repeat(10_000) }))],
];

const byTheSecondKey = (kid: string): Promise<Carried> => token({ header: { kid }, key: KEYS.second.privateKey });

function ownKey(): Promise<Carried> {
  const jwk = KEYS.stranger.publicKey.export({ format: 'jwk' });
  return token({ header: { jwk }, key: KEYS.stranger.privateKey });
}
