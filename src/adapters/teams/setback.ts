import { z } from 'zod/v4';
import { minutes, seconds } from '../../domain/time.ts';
import type { Setback } from '../chat/setback.ts';

/** They have to stay what they are: taken out of them, `get` no longer knows whose it is. */
interface Headers {
  get(name: string): string | undefined;
}

const isHeaders = (given: unknown): boolean => typeof given === 'object' && given !== null && 'get' in given;

/** What the connector's client throws, as far as it is used: `code` and `message` are Teams' own where it answered with any. */
const FAILED = z.object({
  statusCode: z.number().optional(),
  message: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  response: z
    .object({ headers: z.custom<Headers>(isHeaders).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** How long to be quiet where Teams says that it was too much, and not for how long. */
const QUIET = seconds(5);
const QUIET_MAX = minutes(10);
const WORDS_MAX = 300;

/** The message that was to be changed is not there: the conversation still is. */
const GONE = ['ActivityNotFoundInConversation', 'ActivityNotFound', 'MessageNotFound'];

/** Entra's words for a secret that is wrong or has run out, and for an app that it does not know. It sends no status along. */
const NOT_LET_IN = /AADSTS\d+|invalid_client|unauthorized_client/u;

/**
 * What a call to Teams that threw has come to. Microsoft's page on rate limiting: 412, 502 and 504 are tried again like 429;
 * none of them says whether the call had its effect.
 */
export function setbackOf(error: unknown): Setback {
  const read = FAILED.safeParse(error).data;
  const status = read?.statusCode;
  const code = read?.code ?? '';
  const because = said(read);
  switch (status) {
    case 429:
      return { kind: 'later', afterMs: retryAfter(read) };
    case 401:
      return { kind: 'unauthorised', because };
    case 403:
      return { kind: 'closed', because };
    case 404:
      return GONE.includes(code) ? { kind: 'gone' } : { kind: 'closed', because };
    case 400:
    case 413:
      return { kind: 'refused', because };
  }
  return { kind: status === undefined && NOT_LET_IN.test(because) ? 'unauthorised' : 'unknown', because };
}

/** Teams' own words, which may quote what was sent, are cut. */
function said(read: z.output<typeof FAILED> | undefined): string {
  if (read?.statusCode === undefined) return (read?.message ?? 'it failed without a word').slice(0, WORDS_MAX);
  const words = [`Teams answered HTTP ${read.statusCode}`, read.code ?? '', read.message ?? ''];
  return words
    .filter((each) => each !== '')
    .join(': ')
    .slice(0, WORDS_MAX);
}

function retryAfter(read: z.output<typeof FAILED> | undefined): number {
  const told = Number(read?.response?.headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(told) && told >= 0 ? Math.min(seconds(told), QUIET_MAX) : QUIET;
}
