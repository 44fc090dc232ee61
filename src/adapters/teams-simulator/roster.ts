import type { Answer } from './connector.ts';
import { type Given, Refused, type SimulatedPerson } from './model.ts';
import type { TeamsState } from './state.ts';

/** How many members a page has: what is asked for, within these ("Get Teams specific context", learn.microsoft.com). */
const PAGE = { least: 50, usual: 200, most: 500 };

/** `GET /v3/conversations/{id}/members`: everybody at once. The id may be the team's; a thread has nobody of its own. */
export const members = (conversation: string, state: TeamsState): Answer => ({
  status: 200,
  body: membersOf(conversation, state).map(asMember),
});

/** `GET /v3/conversations/{id}/members/{memberId}`: by the app's id for them, or by their object id. */
export function member(conversation: string, id: string, state: TeamsState): Answer {
  const found = membersOf(conversation, state).find((person) => person.user === id || person.objectId === id);
  if (found === undefined) throw new Refused(404, 'MemberNotFoundInConversation', 'there is no such member');
  return { status: 200, body: asMember(found) };
}

/** `GET /v3/conversations/{id}/pagedmembers`: what a page begins with is the token that the one before ended with. */
export function pagedMembers(conversation: string, query: URLSearchParams, state: TeamsState): Answer {
  const all = membersOf(conversation, state);
  const asked = Number(query.get('pageSize') ?? PAGE.usual);
  const size = Math.min(Math.max(asked, PAGE.least), PAGE.most);
  const token = query.get('continuationToken') ?? '';
  const from = token === '' ? 0 : all.findIndex(({ user }) => user === token);
  if (from < 0 || Number.isNaN(size)) throw new Refused(400, 'BadSyntax', 'there is no such page');
  const next = all[from + size];
  const more = next === undefined ? {} : { continuationToken: next.user };
  return { status: 200, body: { members: all.slice(from, from + size).map(asMember), ...more } };
}

/** `GET /v3/teams/{id}`. */
export function team(id: string, state: TeamsState): Answer {
  known(id, state);
  const channels = channelsOf(state).length;
  return { status: 200, body: { ...state.team, tenantId: state.options.tenant, channelCount: channels } };
}

/** `GET /v3/teams/{id}/conversations`: the team's channels. */
export function channels(id: string, state: TeamsState): Answer {
  known(id, state);
  return { status: 200, body: { conversations: channelsOf(state).map((channel) => ({ id: channel.id, name: channel.name })) } };
}

function known(id: string, state: TeamsState): void {
  if (id !== state.team.id) throw new Refused(404, 'ConversationNotFound', 'there is no such team');
}

const channelsOf = ({ conversations }: TeamsState) => [...conversations.values()].filter(({ kind }) => kind === 'channel');

function membersOf(id: string, state: TeamsState): readonly SimulatedPerson[] {
  const places = id === state.team.id ? channelsOf(state) : [state.open(id)];
  const ids = new Set(places.flatMap((place) => [...place.members]));
  return [...ids].map((objectId) => state.person(objectId));
}

/** Somebody as a roster shows them. The object id is there under both names that Microsoft gives it. */
function asMember({ user, objectId, name, tenant, guest }: SimulatedPerson): Given {
  const [givenName = '', surname = ''] = name.split(' ');
  const address = `${name.toLowerCase().replaceAll(' ', '.')}@contoso.com`;
  return {
    id: user,
    name,
    objectId,
    aadObjectId: objectId,
    givenName,
    surname,
    email: address,
    userPrincipalName: address,
    tenantId: tenant,
    userRole: guest ? 'guest' : 'user',
  };
}
