import type { PersonId, PoolFqdn } from '../../domain/pool.ts';
import type { Card } from '../../messages/card.ts';
import { bad, type Finding, fine } from '../chat/finding.ts';
import { messageOf } from './adaptive-card.ts';
import type { TeamsSettings } from './app.ts';
import { type Connector, connectorOf, type MemberLook, teamsAdapter } from './connector.ts';
import { SigningKeys } from './inbound-keys.ts';
import { NAMED_ONLY } from './markdown.ts';
import { References } from './references.ts';
import { setbackOf } from './setback.ts';

/** What is configured and has to be there. */
export interface Expected {
  readonly conversations: readonly { readonly pool: PoolFqdn; readonly conversation: string }[];
  /** Accounts as `tenant:objectId`. */
  readonly accounts: readonly { readonly person: PersonId; readonly account: string }[];
}

/** How to look: `now` is this machine's time in milliseconds; `send` posts a test card in every conversation. */
export interface DoctorHands {
  readonly now: () => number;
  readonly send: boolean;
  /** Ends a look-up that takes too long. */
  readonly within: () => AbortSignal;
  readonly tell: (finding: Finding) => void;
}

/** Looks at everything that Lifeguard needs of Teams and tells of each; nothing is changed unless a test card is sent. */
export async function examineTeams(settings: TeamsSettings, expected: Expected, hands: DoctorHands): Promise<void> {
  const { tell } = hands;
  tell(whoMaySpeak(settings));
  if (settings.appPassword !== null) tell(await keys(settings, hands));
  const credentials = { ...settings, tenant: settings.tenants[0] ?? '' };
  const nowhere = { posted: async () => null, savePosted: async () => {} };
  const unheard = { serviceUrl: settings.serviceUrl, bot: `28:${settings.appId}`, tenant: credentials.tenant };
  const references = new References(nowhere, unheard, settings.serviceHosts);
  const connector = connectorOf(teamsAdapter(credentials), credentials, references);
  const conversations = [...new Set(expected.conversations.map(({ conversation }) => conversation))];
  const reached: string[] = [];
  for (const conversation of conversations) {
    const finding = await reachable(connector, conversation, settings.tenants, poolsIn(conversation, expected));
    if (finding.cure === null) reached.push(conversation);
    tell(finding);
  }
  for (const { person, account } of expected.accounts) tell(await member(connector, reached, person, account));
  if (hands.send) for (const conversation of reached) tell(await send(connector, conversation));
}

function whoMaySpeak({ host, port, appPassword, tenants }: TeamsSettings): Finding {
  const where = `Teams comes in at ${host}:${port}/api/messages`;
  if (appPassword !== null)
    return fine(`${where}, signed, of ${tenants.length} tenant${tenants.length === 1 ? '' : 's'}; HTTPS in front of it is yours`);
  return bad(`${where}, and NOBODY IS ASKED WHO THEY ARE`, 'unset DANGEROUS_NO_AUTH and set TEAMS_APP_PASSWORD');
}

/** Without the Bot Framework's keys nothing that comes in can be believed. */
async function keys({ metadataUrl }: TeamsSettings, { now, within }: DoctorHands): Promise<Finding> {
  const look = await new SigningKeys(metadataUrl, { now, within }).find('none of theirs');
  if (look.kind !== 'unavailable') return fine(`the keys of the Bot Framework can be had: ${new URL(metadataUrl).host}`);
  return bad(
    `the keys of the Bot Framework cannot be had: ${look.because}`,
    `let this machine reach ${new URL(metadataUrl).origin}`,
  );
}

const poolsIn = (conversation: string, { conversations }: Expected): string =>
  conversations.flatMap((each) => (each.conversation === conversation ? [each.pool] : [])).join(', ');

async function reachable(
  connector: Connector,
  conversation: string,
  tenants: readonly string[],
  pools: string,
): Promise<Finding> {
  const what = `conversation ${conversation} of ${pools}`;
  try {
    const foreigners = await connector.foreigners(conversation, tenants);
    if (foreigners === false) return fine(`${what}: the bot is in it, and everybody in it is of our tenants`);
    const cure = 'Lifeguard shows no buttons there: name one without them';
    if (foreigners) return bad(`${what}: people of another organisation read along`, cure);
    return bad(`${what}: it has too many members to be known`, cure);
  } catch (error) {
    return unreachable(what, error);
  }
}

function unreachable(what: string, error: unknown): Finding {
  const setback = setbackOf(error);
  const because = 'because' in setback ? setback.because : setback.kind;
  switch (setback.kind) {
    case 'closed':
    case 'gone':
      return bad(`${what}: ${because}`, 'add the app to that team or chat, or correct its id in the pools file');
    case 'unauthorised':
      return bad(
        `${what}: ${because}`,
        'check TEAMS_APP_ID and TEAMS_APP_PASSWORD, and that the first of TEAMS_TENANTS is the app’s own',
      );
    case 'later':
      return bad(`${what}: Teams asks for fewer calls`, 'look again in a minute');
    default:
      return bad(`${what}: ${because}`, 'see that this machine reaches Teams and login.microsoftonline.com');
  }
}

/** Teams tells of people only inside conversations that they are in. */
async function member(
  connector: Connector,
  conversations: readonly string[],
  person: PersonId,
  account: string,
): Promise<Finding> {
  const what = `${person} is ${account}`;
  const [tenant = '', objectId = ''] = account.split(':');
  for (const conversation of conversations) {
    const look = await connector.member(conversation, objectId).catch((): null => null);
    if (look !== null) return memberFinding(what, tenant, look);
  }
  return bad(`${what}: no conversation of these pools has them`, 'add them to its team or chat, or correct the account');
}

function memberFinding(what: string, tenant: string, { tenant: theirs, guest }: MemberLook): Finding {
  if (guest) return bad(`${what}: a guest has no rights`, 'use the account of their own organisation, if it is allowed');
  if (theirs !== '' && theirs !== tenant) return bad(`${what}: Teams knows them in tenant ${theirs}`, 'correct the account');
  return fine(what);
}

async function send(connector: Connector, conversation: string): Promise<Finding> {
  const card: Card = {
    key: 'doctor',
    under: null,
    tone: 'calm',
    title: 'Lifeguard was here: this is a test card',
    lines: ['Nothing is asked of anybody.'],
    buttons: [],
  };
  try {
    await connector.post(conversation, messageOf(card, { reader: NAMED_ONLY, note: null }));
    return fine(`a test card stands in ${conversation}`);
  } catch (error) {
    return unreachable(`a test card in ${conversation}`, error);
  }
}
