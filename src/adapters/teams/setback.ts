import { z } from 'zod/v4';
import { minutes, seconds } from '../../domain/time.ts';
import type { Setback } from '../chat/setback.ts';

/** What the connector's client throws, as far as it is used. */
const FAILED = z.object({
  statusCode: z.number().optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  response: z.object({ headers: z.object({ get: z.custom<(name: string) => string | undefined>() }).optional() }).optional(),
  body: z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }).optional() }).nullish(),
});

/** How long to be quiet where Teams says that it was too much, and not for how long. */
const QUIET = seconds(5);
const QUIET_MAX = minutes(10);

/** The message that was to be changed is not there: the conversation still is. */
const GONE = ['ActivityNotFoundInConversation', 'ActivityNotFound', 'MessageNotFound'];

/**
 * What a call to Teams that threw has come to. Microsoft's page on rate limiting: 412, 502 and 504 are tried again like 429;
 * none of them says whether the call had its effect.
 */
export function setbackOf(error: unknown): Setback {
  const read = FAILED.safeParse(error).data;
  const status = read?.statusCode;
  const code = read?.body?.error?.code ?? read?.code ?? '';
  const because = said(read, error);
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
  return { kind: 'unknown', because };
}

/** Teams' own words, which may quote what was sent, are cut. */
function said(read: z.output<typeof FAILED> | undefined, error: unknown): string {
  const own = read?.body?.error;
  const words = [own?.code, own?.message].filter((each) => each !== undefined && each !== '').join(': ');
  const status = read?.statusCode === undefined ? '' : `Teams answered HTTP ${read.statusCode}`;
  const rest = words === '' ? (status === '' ? (read?.message ?? String(error)) : '') : words;
  return [status, rest]
    .filter((each) => each !== '')
    .join(': ')
    .slice(0, 300);
}

function retryAfter(read: z.output<typeof FAILED> | undefined): number {
  const told = Number(read?.response?.headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(told) && told >= 0 ? Math.min(seconds(told), QUIET_MAX) : QUIET;
}
