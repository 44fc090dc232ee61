import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { minutes, seconds } from '../../domain/time.ts';
import type { Setback } from '../chat/setback.ts';

const GONE = ['message_not_found', 'thread_not_found', 'cannot_reply_to_message'];
const CLOSED = [
  'is_archived',
  'channel_not_found',
  'not_in_channel',
  'no_permission',
  'channel_type_not_supported',
  'messages_tab_disabled',
  'cannot_dm_bot',
  'user_not_found',
  'users_not_found',
  'user_not_visible',
  'user_disabled',
  'team_access_not_granted',
  'ekm_access_denied',
  'not_allowed_for_external_channel',
];
/** Families of which Slack has several: read-only, thread-only, locked; and everything about shared channels. */
const CLOSED_FAMILIES = ['restricted_action', 'ext_shared', 'slack_connect'];
const UNAUTHORISED = [
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_scope',
  'not_allowed_token_type',
  'access_denied',
  'accesslimited',
  'org_login_required',
  'two_factor_setup_required',
];
/** Slack says of `fatal_error` that part of it may have been done; the others are no better. */
const PERHAPS_DONE = [
  'fatal_error',
  'internal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'external_channel_migrating',
];
const TOO_MUCH = ['ratelimited', 'rate_limited', 'message_limit_exceeded'];

/** How long to be quiet where Slack says that it was too much, and not for how long. */
const QUIET = minutes(1);

/** What a call that threw has come to. */
export function setbackOf(error: unknown): Setback {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'later', afterMs: seconds(error.retryAfter) };
  if (error instanceof WebAPIPlatformError) return platformSetback(error.data.error, error.data.response_metadata?.retryAfter);
  if (error instanceof WebAPIHTTPError) return { kind: 'unknown', because: `Slack answered HTTP ${error.statusCode}` };
  return { kind: 'unknown', because: error instanceof Error ? error.message : String(error) };
}

function platformSetback(error: string, retryAfter: number | undefined): Setback {
  if (TOO_MUCH.includes(error)) return { kind: 'later', afterMs: retryAfter === undefined ? QUIET : seconds(retryAfter) };
  if (GONE.includes(error)) return { kind: 'gone' };
  if (CLOSED.includes(error) || CLOSED_FAMILIES.some((family) => error.startsWith(family)))
    return { kind: 'closed', because: error };
  if (UNAUTHORISED.includes(error)) return { kind: 'unauthorised', because: error };
  // An answer that is no JSON is handed on as if it were Slack's error: a proxy's page says nothing about the call.
  const slackSaidIt = /^[a-z0-9_]+$/.test(error);
  if (!slackSaidIt) return { kind: 'unknown', because: `not an answer of Slack: ${error.slice(0, 200)}` };
  return { kind: PERHAPS_DONE.includes(error) ? 'unknown' : 'refused', because: error };
}
