import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod/v4';
import { hours, seconds } from '../../domain/time.ts';
import { trustworthy } from '../chat/address.ts';

/** A key that tokens are signed with, and the channels it may sign for. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly endorsements: readonly string[];
}

/** The key of an id, that there is none of that id, or that nobody could say. */
export type KeyLook =
  | ({ readonly kind: 'found' } & SigningKey)
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable'; readonly because: string };

/** What looking keys up needs of the world. */
export interface KeysHands {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends a look-up that takes too long. */
  readonly within: () => AbortSignal;
}

/** A key that was withdrawn counts for no longer than this while its list can be had. */
const RENEWED_AFTER = hours(1);
/** How long a list is used that cannot be had again. Microsoft's own library keeps it for a day. */
const KEPT_FOR = hours(24);
/** Anybody can make up an id of a key, and may not make us ask for it more often than this. */
const ASKED_EVERY = seconds(10);

const METADATA = z.object({ jwks_uri: z.string() });
const JWKS = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), endorsements: z.array(z.string()).default([]) })),
});

/** The keys that an OpenID metadata document leads to, kept and renewed. */
export class SigningKeys {
  readonly #metadataUrl: string;
  readonly #hands: KeysHands;
  #known: { readonly at: number; readonly keys: ReadonlyMap<string, SigningKey> } | null = null;
  #askedAt: number | null = null;
  /** Why the last look-up came to nothing. */
  #fault: string | null = null;
  #asking: Promise<void> | null = null;

  constructor(metadataUrl: string, hands: KeysHands) {
    this.#metadataUrl = metadataUrl;
    this.#hands = hands;
  }

  async find(id: string): Promise<KeyLook> {
    if (!this.#isRecent(this.#known?.at, RENEWED_AFTER) || this.#known?.keys.has(id) !== true) await this.#renew();
    const keys = this.#isRecent(this.#known?.at, KEPT_FOR) ? this.#known?.keys : undefined;
    const key = keys?.get(id);
    if (key !== undefined) return { kind: 'found', ...key };
    // An id that is not on an old list may well be on the one that could not be had.
    return this.#fault === null ? { kind: 'unknown' } : { kind: 'unavailable', because: this.#fault };
  }

  /** Asks, once for all who wait, unless it was asked a moment ago. */
  #renew(): Promise<void> {
    if (this.#asking !== null) return this.#asking;
    if (this.#isRecent(this.#askedAt, ASKED_EVERY)) return Promise.resolve();
    this.#askedAt = this.#hands.now();
    this.#asking = this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    try {
      const keys = await fetchKeys(this.#metadataUrl, this.#hands.within());
      this.#known = { at: this.#hands.now(), keys };
      this.#fault = null;
    } catch (error) {
      this.#fault = reasonOf(error);
    }
  }

  /** A time that lies ahead is one from before the clock was set back: it says nothing. */
  #isRecent(at: number | null | undefined, span: number): boolean {
    const age = this.#hands.now() - (at ?? Number.NaN);
    return age >= 0 && age < span;
  }
}

async function fetchKeys(metadataUrl: string, signal: AbortSignal): Promise<ReadonlyMap<string, SigningKey>> {
  const { jwks_uri } = METADATA.parse(await fetchJson(metadataUrl, signal));
  const address = trustworthy(jwks_uri);
  if (address === null) throw new Error('the keys are not to be had over TLS');
  const { keys } = JWKS.parse(await fetchJson(address.href, signal));
  const signing = keys.flatMap(({ endorsements, ...jwk }) => {
    if (jwk.kty !== 'RSA' || jwk.kid === undefined) return [];
    return [[jwk.kid, { key: createPublicKey({ key: jwk, format: 'jwk' }), endorsements }] as const];
  });
  if (signing.length === 0) throw new Error('there are no keys where they should be');
  return new Map(signing);
}

async function fetchJson(address: string, signal: AbortSignal): Promise<unknown> {
  // Where keys come from is configured, and nobody on the way decides on it.
  const response = await fetch(address, { signal, redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answers with ${response.status}`);
  return response.json();
}

/** `fetch` itself only ever says that it failed; why is underneath. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
