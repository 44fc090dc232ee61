import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

const ISSUER = 'https://api.botframework.com';
const KEY_ID = 'playground';
const METADATA_PATH = '/.well-known/openidconfiguration';
const KEYS_PATH = '/keys';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** Somebody, as an activity has them. */
export interface Sender {
  readonly id: string;
  readonly name: string;
  readonly aadObjectId: string;
}

/** For which bot is signed, and where it is. */
export interface Bot {
  readonly appId: string;
  readonly messages: string;
}

/**
 * Stands where the Bot Framework stands: what the Playground sends, which is unsigned, goes on to the bot as the Bot
 * Framework would sign it. Nothing in it is changed, unless somebody else is to be at the page. The bot finds the keys here
 * too. On this machine alone.
 */
export class SigningProxy {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #bot: Bot;
  readonly #key: PrivateKey;
  readonly #jwk: JWK;
  #sender: Sender | null = null;

  private constructor(bot: Bot, key: PrivateKey, jwk: JWK) {
    this.#bot = bot;
    this.#key = key;
    this.#jwk = jwk;
  }

  static async start(bot: Bot): Promise<SigningProxy> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const proxy = new SigningProxy(bot, privateKey, await exportJWK(publicKey));
    await new Promise<void>((resolve) => void proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get #address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  /** Where the Playground sends what its people do. */
  get messages(): string {
    return `${this.#address}/api/messages`;
  }
  /** `TEAMS_OPENID_METADATA_URL` of the bot. */
  get metadataUrl(): string {
    return `${this.#address}${METADATA_PATH}`;
  }
  /** From now on whatever is done at the page is done by them; null: by whoever the Playground says. */
  sentBy(sender: Sender | null): void {
    this.#sender = sender;
  }
  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') return this.#passOn(request, response);
    response.setHeader('content-type', 'application/json');
    switch (request.url) {
      case METADATA_PATH:
        response.end(JSON.stringify({ issuer: ISSUER, jwks_uri: `${this.#address}${KEYS_PATH}` }));
        return;
      case KEYS_PATH:
        response.end(JSON.stringify({ keys: [{ ...this.#jwk, kid: KEY_ID, endorsements: ['msteams'] }] }));
        return;
      default:
        // The Playground looks whether there is a bot by HEAD.
        response.end();
    }
  }

  async #passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = JSON.parse(await textOf(request)) as { readonly serviceUrl?: string };
    const activity = this.#sender === null ? sent : { ...sent, from: this.#sender };
    try {
      const answer = await fetch(this.#bot.messages, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.#token(sent.serviceUrl ?? '')}` },
        body: JSON.stringify(activity),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.writeHead(502).end();
    }
  }

  #token(serviceurl: string): Promise<string> {
    return new SignJWT({ serviceurl })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
      .setIssuer(ISSUER)
      .setAudience(this.#bot.appId)
      .setNotBefore('0s')
      .setExpirationTime('5m')
      .sign(this.#key);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
