import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { minutes, seconds } from '../../domain/time.ts';
import { type InboundActivity, objectionTo, readActivity, type Trusted } from './inbound-activity.ts';
import { type SigningKey, SigningKeys } from './inbound-keys.ts';

/** Who is let in, and whose word proves it. */
export interface GateSettings extends Trusted {
  /** The bot's own app id, lower-cased: whom tokens are made out to. */
  readonly appId: string;
  /** Who makes them. */
  readonly issuer: string;
  /** The OpenID metadata that says where the issuer's keys are. */
  readonly metadataUrl: string;
}

/** Whether a request may go on. `because` is for the log: whoever is refused is told the status and nothing else. */
export type Admission =
  | { readonly kind: 'admitted'; readonly activity: InboundActivity }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 503; readonly because: string };

/** Decides on each request before anything else looks at it. `body` is parsed JSON, or anything. Never throws. */
export interface Gate {
  /** `authorization` is the header of that name, as it came. */
  admit(authorization: string | undefined, body: unknown): Promise<Admission>;
}

/** How far clocks may differ, either way. Requirement B4; the Bot Framework's own figure. */
const SKEW = minutes(5);
/** Teams waits a few seconds for an answer, and keys are only the beginning of one. */
const KEYS_WITHIN = seconds(3);

/** A token that holds, and what it was issued for. */
interface Proof {
  readonly kind: 'proof';
  /** The claim `serviceurl`, whatever it is. */
  readonly service: unknown;
  /** The channels its key may sign for. */
  readonly endorsements: readonly string[];
}

const refused = (status: 400 | 401 | 403 | 503, because: string) => ({ kind: 'refused', status, because }) as const;

/**
 * Lets in what the Bot Framework signed for this bot, in the name of a service and a tenant that are allowed. The SDK
 * looks at tokens as well, and answers a wrong signature with 500, passes a token without a service, and knows no tenants.
 *
 * @param now milliseconds since 1970
 */
export function openGate(settings: GateSettings, { now }: { readonly now: () => number }): Gate {
  const keys = new SigningKeys(settings.metadataUrl, { now, within: () => AbortSignal.timeout(KEYS_WITHIN) });
  return {
    admit: async (authorization, body) => {
      const proof = await prove(authorization, settings, keys, now());
      if (proof.kind === 'refused') return proof;
      const admission = judge(body, settings);
      if (admission.kind === 'refused') return admission;
      const { serviceUrl, channelId } = admission.activity;
      if (!isSameService(proof.service, serviceUrl)) return refused(401, 'the token was issued for another service');
      if (!proof.endorsements.includes(channelId)) return refused(401, 'the key of the token may not sign for this channel');
      return admission;
    },
  };
}

/** DANGEROUS_NO_AUTH: whoever reaches the port is whoever they say. Everything but the token is looked at as ever. */
export const openlyAdmitting = (settings: Trusted): Gate => ({ admit: async (_, body) => judge(body, settings) });

function judge(body: unknown, trusted: Trusted): Admission {
  const activity = readActivity(body);
  if (activity === null) return refused(400, 'the body is not an activity');
  const because = objectionTo(activity, trusted);
  return because === null ? { kind: 'admitted', activity } : refused(403, because);
}

async function prove(
  authorization: string | undefined,
  settings: GateSettings,
  keys: SigningKeys,
  now: number,
): Promise<Proof | (Admission & { readonly kind: 'refused' })> {
  const [, token] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
  if (token === undefined) return refused(401, 'there is no bearer token');
  const id = keyIdOf(token);
  if (id === null) return refused(401, 'the token does not say which key it is signed with');
  const look = await keys.find(id);
  if (look.kind === 'unavailable') return refused(503, `no keys to be had: ${look.because}`);
  if (look.kind === 'unknown') return refused(401, 'the key of the token is not known');
  const claims = await claimsOf(token, look, settings.issuer, now);
  if (typeof claims === 'string') return refused(401, claims);
  // A token for several would be one that each of them could pass on.
  if (claims.aud !== settings.appId) return refused(401, 'the token was issued for another bot');
  return { kind: 'proof', service: claims['serviceurl'], endorsements: look.endorsements };
}

function keyIdOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null;
  } catch {
    return null;
  }
}

/** What the token says, or why it does not count. */
async function claimsOf(token: string, { key }: SigningKey, issuer: string, now: number): Promise<JWTPayload | string> {
  const options = {
    algorithms: ['RS256'],
    issuer,
    requiredClaims: ['exp', 'nbf', 'serviceurl'],
    clockTolerance: SKEW / seconds(1),
    currentDate: new Date(now),
  };
  try {
    const { payload } = await jwtVerify(token, key, options);
    return payload;
  } catch (error) {
    // Whatever a stranger sends is their fault and not ours, whichever way it breaks.
    return error instanceof errors.JOSEError ? `the token does not hold: ${error.message}` : 'the token cannot be verified';
  }
}

const isSameService = (claim: unknown, serviceUrl: string): boolean =>
  typeof claim === 'string' && withoutSlash(claim) === withoutSlash(serviceUrl);

const withoutSlash = (address: string): string => address.replace(/\/$/, '');
