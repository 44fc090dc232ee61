import { trustworthy } from '../adapters/chat/address.ts';
import type { Variable } from './environment.ts';
import { type ConfigFault, environmentFault } from './faults.ts';

/** How Lifeguard is in Slack. Tokens and the signing secret are secrets: they go to Slack's client and nowhere else. */
export interface SlackEnvironment {
  readonly botToken: string;
  /** Where Slack's Web API is; null for Slack's own address. */
  readonly apiUrl: string | null;
  readonly transport:
    | { readonly kind: 'socket'; readonly appToken: string }
    | { readonly kind: 'http'; readonly signingSecret: string; readonly port: number; readonly host: string };
}

/** Socket Mode, which needs no open port, unless a signing secret and a port are given. Null settings: not in Slack. */
export function readSlack(given: (name: Variable) => string | null): {
  readonly settings: SlackEnvironment | null;
  readonly faults: readonly ConfigFault[];
} {
  const botToken = given('SLACK_BOT_TOKEN');
  const others = (['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_PORT'] as const).filter((name) => given(name) !== null);
  if (botToken === null) {
    const missing = others.map((name) => environmentFault(`${name} is set and SLACK_BOT_TOKEN is missing`));
    return { settings: null, faults: missing };
  }
  const apiUrl = given('SLACK_API_URL');
  const transport = transportOf(given);
  const faults = [
    ...tokenFaults('SLACK_BOT_TOKEN', botToken, 'xoxb-'),
    ...(apiUrl === null ? [] : addressFaults(apiUrl)),
    ...(typeof transport === 'string' ? [environmentFault(transport)] : []),
    ...(typeof transport !== 'string' && transport.kind === 'socket'
      ? tokenFaults('SLACK_APP_TOKEN', transport.appToken, 'xapp-')
      : []),
  ];
  if (faults.length > 0 || typeof transport === 'string') return { settings: null, faults };
  return { settings: { botToken, apiUrl, transport }, faults };
}

function transportOf(given: (name: Variable) => string | null): SlackEnvironment['transport'] | string {
  const [appToken, signingSecret, port] = [given('SLACK_APP_TOKEN'), given('SLACK_SIGNING_SECRET'), given('SLACK_PORT')];
  if (port !== null) {
    if (signingSecret === null) return 'SLACK_PORT is set and SLACK_SIGNING_SECRET is missing: nothing unsigned is listened to';
    const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
    if (!(number >= 1 && number <= 65_535)) return 'SLACK_PORT must be a port, from 1 to 65535';
    return { kind: 'http', signingSecret, port: number, host: given('SLACK_HOST') ?? '127.0.0.1' };
  }
  if (appToken !== null) return { kind: 'socket', appToken };
  return 'SLACK_APP_TOKEN is missing (Socket Mode); for HTTP mode give SLACK_SIGNING_SECRET and SLACK_PORT instead';
}

// The token itself is never quoted, not even a wrong one: it may be a right one of something else.
const tokenFaults = (name: Variable, token: string, prefix: string): readonly ConfigFault[] =>
  token.startsWith(prefix) ? [] : [environmentFault(`${name} must begin with ${prefix}`)];

/** A token is sent there with every call, so anything but this machine is reached over TLS. */
function addressFaults(address: string): readonly ConfigFault[] {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return [environmentFault('SLACK_API_URL must be an address such as https://slack.com/api/')];
  return trustworthy(address) === null
    ? [environmentFault('SLACK_API_URL must be https: the token goes there with every call')]
    : [];
}
