import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type JWTPayload, SignJWT } from 'jose';
import { type Gate, type GateSettings, openGate } from '../../../src/adapters/teams/gate.ts';
import { seconds } from '../../../src/domain/time.ts';

export const APP = '0d4fb2b6-8c3e-4f8a-9a51-6e1b7c2d3e4f';
export const ISSUER = 'https://api.botframework.com';
export const TENANT = '6d1c30a2-5f0b-4e0e-9c57-0d2f3b7a8e11';
/** The other tenant that is listened to. */
export const SISTER = '7e2d41b3-601c-4f1f-8d68-1e3f4c8b9f22';
export const SERVICE = 'https://smba.trafficmanager.net/emea/';
export const NOON = Date.UTC(2026, 10, 20, 12);

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
/** Two keys of the Bot Framework, and one of somebody else. */
export const KEYS = { first: pair(), second: pair(), stranger: pair() };

/** A message as Teams sends it, with `changes` in it; undefined leaves a field out. */
export const activity = (changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  type: 'message',
  id: '1795255390603',
  text: 'status',
  channelId: 'msteams',
  serviceUrl: SERVICE,
  conversation: { id: '19:ops@thread.tacv2;messageid=1795255390603', tenantId: TENANT, conversationType: 'channel' },
  from: { id: '29:dana', name: 'Dana', aadObjectId: 'b2f4c7d0-13a9-4c55-8a6e-77e0c1d95f02' },
  recipient: { id: `28:${APP}`, name: 'Lifeguard' },
  channelData: { tenant: { id: TENANT } },
  ...changes,
});

/** How a token differs from one that is right in every way; undefined leaves a claim or a header out. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
}

const stated = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

/** The header of a request that brings a token. */
export async function bearer({ claims, header, key = KEYS.first.privateKey }: Forgery = {}, at = NOON): Promise<string> {
  const second = at / seconds(1);
  const said: JWTPayload = stated({
    aud: APP,
    iss: ISSUER,
    nbf: second - 60,
    exp: second + 3_600,
    serviceurl: SERVICE,
    ...claims,
  });
  const token = await new SignJWT(said).setProtectedHeader({ alg: 'RS256', ...stated({ kid: 'first', ...header }) }).sign(key);
  return `Bearer ${token}`;
}

/** A key as the list has it. */
export const listed = (kid: string, key: KeyObject, more: object = { endorsements: ['msteams', 'webchat'] }): object => ({
  ...key.export({ format: 'jwk' }),
  use: 'sig',
  kid,
  ...more,
});

/** What a key server answers with in the place of what it should. */
export interface Sayings {
  readonly metadata?: (response: ServerResponse) => void;
  readonly keys?: (response: ServerResponse) => void;
}

/** The Bot Framework's key server, on loopback: it can go away and come back, and say anything. */
export class KeyServer {
  /** The paths that were asked for, in order. */
  readonly asked: string[] = [];
  keys: readonly object[] = [
    listed('first', KEYS.first.publicKey),
    listed('web', KEYS.second.publicKey, { endorsements: ['webchat'] }),
    listed('bare', KEYS.second.publicKey, {}),
  ];
  says: Sayings = {};
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));
  #port = 0;

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async comeUp(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async goDown(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** What is asked for below `/moved` is as it should be whatever is said. */
  #answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    this.asked.push(url);
    const { metadata, keys } = this.says;
    const said = { '/openid': metadata, '/keys': keys }[url];
    const right = url.endsWith('/openid') ? { jwks_uri: `${this.origin}/keys` } : { keys: this.keys };
    if (said === undefined) response.end(JSON.stringify(right));
    else said(response);
  }
}

/** A gate, its key server, and the clock of both. */
export interface World {
  readonly server: KeyServer;
  readonly settings: GateSettings;
  readonly clock: { now: number };
  readonly gate: Gate;
}

export async function aWorld(t: TestContext): Promise<World> {
  const server = new KeyServer();
  await server.comeUp();
  t.after(() => server.goDown().catch(() => {}));
  const clock = { now: NOON };
  const settings: GateSettings = {
    appId: APP,
    tenants: [TENANT, SISTER],
    serviceHosts: ['smba.trafficmanager.net', '.teams.example.com', 'localhost'],
    issuer: ISSUER,
    metadataUrl: `${server.origin}/openid`,
  };
  return { server, settings, clock, gate: openGate(settings, { now: () => clock.now }) };
}
