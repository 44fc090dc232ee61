import { WebClient } from '@slack/web-api';
import type { PersonId, PoolFqdn } from '../../domain/pool.ts';
import type { Card } from '../../messages/card.ts';
import { bad, type Finding, fine } from '../chat/finding.ts';
import type { SlackSettings } from './app.ts';
import { boltLogger } from './bolt-log.ts';
import { channelLookUp, reasonOf, userLookUp } from './lookups.ts';
import { messageOf } from './message-blocks.ts';
import { slackClientOptions } from './messenger.ts';
import { APP_SCOPE, BOT_SCOPES } from './scopes.ts';

/** What is configured and has to be there. */
export interface Expected {
  readonly channels: readonly { readonly pool: PoolFqdn; readonly channel: string }[];
  readonly accounts: readonly { readonly person: PersonId; readonly account: string }[];
  readonly groups: readonly { readonly name: string; readonly group: string }[];
}

/** How to look: `now` is this machine's time in milliseconds; `send` posts a test card in every channel. */
export interface DoctorHands {
  readonly now: () => number;
  readonly send: boolean;
  readonly tell: (finding: Finding) => void;
}

/** Requests dated further off are refused, by Slack and by us; a minute is already worth setting right. */
const SKEW_WORTH_TELLING = 60;
const SLACK_API = 'https://slack.com/api/';
/** What goes wrong is a finding; nothing is said beside it. */
const QUIET = boltLogger(() => {});

/** Looks at everything that Lifeguard needs of Slack and tells of each; nothing is changed unless a test card is sent. */
export async function examineSlack(settings: SlackSettings, expected: Expected, hands: DoctorHands): Promise<void> {
  const { tell } = hands;
  const client = new WebClient(settings.botToken, slackClientOptions(settings.apiUrl, QUIET));
  tell(await clock(settings.apiUrl ?? SLACK_API, hands.now));
  const team = await token(client, tell);
  if (settings.transport.kind === 'socket') tell(await appToken(settings.transport.appToken, settings.apiUrl));
  if (settings.transport.kind === 'http')
    tell({ what: `HTTP mode: requests come to ${settings.transport.host}:${settings.transport.port}`, cure: null });
  if (team === null) return;
  const channels = [...new Set(expected.channels.map(({ channel }) => channel))];
  for (const channel of channels) tell(await reachable(client, channel, poolsIn(channel, expected)));
  for (const { person, account } of expected.accounts) tell(await member(client, team, person, account));
  if (expected.groups.length > 0) for (const finding of await groups(client, expected.groups)) tell(finding);
  if (hands.send) for (const channel of channels) tell(await send(client, channel));
}

async function clock(apiUrl: string, now: () => number): Promise<Finding> {
  try {
    const { headers } = await fetch(new URL('api.test', apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`), { method: 'POST' });
    const theirs = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return bad('clock: Slack did not say what time it is', 'look at the address in SLACK_API_URL');
    const seconds = Math.round((now() - theirs) / 1_000);
    if (Math.abs(seconds) <= SKEW_WORTH_TELLING) return fine(`clock: within ${SKEW_WORTH_TELLING} seconds of Slack's`);
    return bad(`clock: ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} Slack's`, "set this machine's clock");
  } catch (error) {
    return bad(`address: ${apiUrl} was not reached (${reasonOf(error)})`, 'look at the network, the proxy and SLACK_API_URL');
  }
}

/** The workspace of the token; null when it opens none. */
async function token(client: WebClient, tell: DoctorHands['tell']): Promise<string | null> {
  try {
    const { user, team, team_id: id, bot_id: bot, response_metadata: metadata } = await client.auth.test();
    if (id === undefined || bot === undefined) {
      tell(bad('bot token: it is not a bot token', 'take the Bot User OAuth Token from the app settings'));
      return null;
    }
    tell(fine(`bot token: @${user} in ${team} (${id})`));
    tell(scopes(metadata?.scopes ?? []));
    return id;
  } catch (error) {
    tell(bad(`bot token: ${reasonOf(error)}`, 'take the Bot User OAuth Token from the app settings'));
    return null;
  }
}

function scopes(given: readonly string[]): Finding {
  const missing = BOT_SCOPES.filter((scope) => !given.includes(scope));
  if (given.length === 0) return bad('scopes: Slack did not say which', 'compare the app with manifests/slack.yaml');
  if (missing.length > 0)
    return bad(`scopes: missing ${missing.join(', ')}`, 'add them as in manifests/slack.yaml and install the app again');
  return fine(`scopes: all ${BOT_SCOPES.length}`);
}

async function appToken(given: string, apiUrl: string | null): Promise<Finding> {
  try {
    const { url } = await new WebClient(given, slackClientOptions(apiUrl, QUIET)).apps.connections.open();
    if (url !== undefined) return fine('app-level token: Socket Mode opens');
    return bad('app-level token: Slack gave no address to connect to', 'switch Socket Mode on in the app settings');
  } catch (error) {
    return bad(`app-level token: ${reasonOf(error)}`, `make one with ${APP_SCOPE} under Basic Information`);
  }
}

const poolsIn = (channel: string, { channels }: Expected): string =>
  channels.flatMap((each) => (each.channel === channel ? [each.pool] : [])).join(', ');

async function reachable(client: WebClient, channel: string, pools: string): Promise<Finding> {
  const what = `channel ${channel} (${pools})`;
  const look = await channelLookUp(client)(channel);
  if (look.kind === 'unknown') return bad(`${what}: ${look.because}`, 'look at the id, and invite the bot to the channel');
  if (look.archived) return bad(`${what}: it is archived`, 'unarchive it, or name another');
  if (!look.member) return bad(`${what}: the bot is not in it`, 'invite it: /invite @lifeguard');
  if (look.shared) return bad(`${what}: it is shared with another organisation`, 'name a channel of your own');
  return fine(what);
}

async function member(client: WebClient, team: string, person: PersonId, account: string): Promise<Finding> {
  const what = `${person} (${account})`;
  const [home, user = ''] = account.split(':');
  if (home !== team) return bad(`${what}: the account is of another workspace`, `this one is ${team}`);
  const look = await userLookUp(client)(user);
  if (look.kind === 'unknown') return bad(`${what}: ${look.because}`, 'look at the id: it is under More, Copy member ID');
  if (look.team !== team) return bad(`${what}: a member of another workspace`, 'only members of this one have rights');
  if (look.deactivated) return bad(`${what}: deactivated`, 'take the account out of the file');
  if (look.bot) return bad(`${what}: a bot`, 'a bot has no rights');
  if (look.guest) return bad(`${what}: a guest`, 'a guest has no rights');
  return fine(what);
}

async function groups(client: WebClient, wanted: Expected['groups']): Promise<readonly Finding[]> {
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_disabled: true });
    return wanted.map(({ name, group }) => {
      const found = usergroups.find(({ id }) => id === group);
      if (found === undefined) return bad(`group ${name} (${group}): there is none`, 'look at the id of the user group');
      if ((found.date_delete ?? 0) > 0) return bad(`group ${name} (@${found.handle}): disabled`, 'enable it, or name another');
      return fine(`group ${name} (@${found.handle})`);
    });
  } catch (error) {
    return [bad(`groups: ${reasonOf(error)}`, 'add usergroups:read and install the app again')];
  }
}

async function send(client: WebClient, channel: string): Promise<Finding> {
  const card: Card = {
    key: 'doctor',
    under: null,
    tone: 'calm',
    title: 'A test card of Lifeguard: this channel is reached',
    lines: ['Nothing is under way. `doctor --send` posted it.'],
    buttons: [],
  };
  const reader = { userOf: () => null, calls: false };
  try {
    await client.chat.postMessage({ channel, ...messageOf(card, { reader, note: null, picture: null }) });
    return fine(`test card in ${channel}`);
  } catch (error) {
    return bad(`test card in ${channel}: ${reasonOf(error)}`, 'look at the scopes and at the channel');
  }
}
