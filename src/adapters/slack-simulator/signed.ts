import { createHmac } from 'node:crypto';
import type { Payload } from './payloads.ts';

/** A body as Slack posts it over HTTP, signed. `at` is in milliseconds. */
export function signed(
  body: Payload,
  secret: string,
  at: number,
): { readonly headers: Record<string, string>; readonly rawBody: string } {
  const type = body['type'];
  const json = type === 'event_callback' || type === 'url_verification';
  const rawBody = json
    ? JSON.stringify(body)
    : type === undefined
      ? new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, String(value)])).toString()
      : new URLSearchParams({ payload: JSON.stringify(body) }).toString();
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${rawBody}`).digest('hex');
  return {
    rawBody,
    headers: {
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  };
}
