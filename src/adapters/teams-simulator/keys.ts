import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign as signWith } from 'node:crypto';
import type { Given } from './model.ts';

/** Who says that a token is good ("Bot Framework Authentication", learn.microsoft.com). */
export const ISSUER = 'https://api.botframework.com';

/** For how long a token of Teams' is good, in seconds. */
const GOOD_FOR = 3_600;

/**
 * Who signs: Teams; Teams with the key that `rotate` took back; the service with a key for another channel; a stranger
 * under the name of Teams' key, or under a name of their own; somebody who takes the public key for a shared secret; nobody.
 */
export type Signer = 'teams' | 'retired' | 'another-channel' | 'impostor' | 'stranger' | 'public-key' | 'nobody';

/** What is to be different in a token. */
export interface TokenOverrides {
  /** In place of those that Teams writes, or beside them; undefined takes one away. */
  readonly claims?: Given;
  readonly header?: Given;
  readonly signedBy?: Signer;
}

interface Pair {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The keys of the login service: what it publishes, and what is signed with them. */
export class Keys {
  /**
   * Where the service says who it is. No two services share it: the SDK keeps keys by their address for as long as its
   * process lives, and a port that was closed is soon given to the next server.
   */
  readonly metadataPath = `/${randomUUID()}/v1/.well-known/openidconfiguration`;
  readonly #audience: string;
  readonly #pairs = new Map<string, Pair>();
  #turn = 1;

  constructor(audience: string) {
    this.#audience = audience;
  }

  /** Another key signs from now on, and the one before is not published any more. */
  rotate(): void {
    this.#turn += 1;
  }

  /** What the service publishes: a key for Teams, and one for another channel. */
  published(): Given {
    const shown = (pair: Pair, endorsements: readonly string[]): Given => {
      const jwk = pair.publicKey.export({ format: 'jwk' });
      return { ...jwk, use: 'sig', alg: 'RS256', kid: pair.id, x5t: pair.id, endorsements };
    };
    return { keys: [shown(this.#pair('teams'), ['msteams']), shown(this.#pair('another-channel'), ['webchat'])] };
  }

  /**
   * A token, by default as Teams writes it for what it sends to this app from `serviceUrl`. It lives by the machine's own
   * clock, whatever the time in a conversation is: that is what the SDK holds it against.
   */
  sign(serviceUrl: string, { claims = {}, header = {}, signedBy = 'teams' }: TokenOverrides): string {
    const now = Math.floor(Date.now() / 1_000);
    const said = { serviceurl: serviceUrl, iss: ISSUER, aud: this.#audience, nbf: now - 1, exp: now + GOOD_FOR, ...claims };
    const head = { alg: ALGORITHM[signedBy] ?? 'RS256', kid: this.#nameFor(signedBy), typ: 'JWT', ...header };
    const text = `${encoded(head)}.${encoded(said)}`;
    return `${text}.${this.#signature(text, signedBy)}`;
  }

  #signature(text: string, signedBy: Signer): string {
    if (signedBy === 'nobody') return '';
    if (signedBy !== 'public-key')
      return signWith('sha256', Buffer.from(text), this.#pair(signedBy).privateKey).toString('base64url');
    const secret = this.#pair('teams').publicKey.export({ type: 'spki', format: 'pem' });
    return createHmac('sha256', secret).update(text).digest('base64url');
  }

  #nameFor(signedBy: Signer): string {
    const claimed = signedBy === 'impostor' || signedBy === 'public-key' || signedBy === 'nobody' ? 'teams' : signedBy;
    return this.#pair(claimed).id;
  }

  /** Made when it is first needed: a pair takes a noticeable part of a second. */
  #pair(signedBy: Signer): Pair {
    const turn = signedBy === 'retired' ? this.#turn - 1 : this.#turn;
    const id = signedBy === 'teams' || signedBy === 'retired' ? `teams-${turn}` : signedBy;
    const known = this.#pairs.get(id);
    if (known !== undefined) return known;
    const made = { id, ...generateKeyPairSync('rsa', { modulusLength: 2_048 }) };
    this.#pairs.set(id, made);
    return made;
  }
}

const ALGORITHM: Readonly<Partial<Record<Signer, string>>> = { 'public-key': 'HS256', nobody: 'none' };

const encoded = (part: Given): string => Buffer.from(JSON.stringify(part)).toString('base64url');
