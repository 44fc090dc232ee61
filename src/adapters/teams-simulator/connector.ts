import { objectIn, objectsIn } from './card.ts';
import { contentOf, tellOfMessage } from './content.ts';
import { type Given, Refused, type SimulatedPerson } from './model.ts';
import type { Place, TeamsState } from './state.ts';

/** What a call is answered with; null has no body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const MESSAGE_ID = /^\d+$/u;

/** `POST /v3/conversations/{id}/activities`: in the thread that the id names; a channel without one begins another. */
export function post(conversation: string, activity: Given, state: TeamsState): Answer {
  return said('post', state.place(conversation), activity, state);
}

/**
 * `POST /v3/conversations/{id}/activities/{activityId}`. The client of the SDK puts something there in any case: what begins
 * by itself replies to the made-up id of a turn, or to its own conversation, which Teams does not mind. The id of a message
 * has to be that of one.
 */
export function reply(conversation: string, to: string, activity: Given, state: TeamsState): Answer {
  const place = state.place(conversation);
  if (!MESSAGE_ID.test(to)) return said('reply', place, activity, state);
  const { root } = state.message(place.conversation, to);
  return said('reply', { ...place, root: place.root ?? root }, activity, state);
}

function said(method: 'post' | 'reply', place: Place, activity: Given, state: TeamsState): Answer {
  // Nothing of it stays.
  if (activity['type'] === 'typing') return { status: 202, body: {} };
  const message = state.say(place, null, contentOf(activity, state));
  tellOfMessage(method, activity, place.conversation, message, state);
  return { status: 201, body: { id: message.id } };
}

/** `PUT /v3/conversations/{id}/activities/{activityId}`: for all, whatever stood there for one person alone. */
export function update(conversation: string, id: string, activity: Given, state: TeamsState): Answer {
  const message = own(conversation, id, state);
  Object.assign(message, contentOf(activity, state), { edits: message.edits + 1 });
  message.alone.clear();
  tellOfMessage('update', activity, state.conversation(conversation), message, state);
  return { status: 200, body: { id } };
}

/** `DELETE /v3/conversations/{id}/activities/{activityId}`. */
export function remove(conversation: string, id: string, state: TeamsState): Answer {
  own(conversation, id, state).deleted = true;
  return { status: 200, body: null };
}

/** A message of the app's own, in the thread that the id names where it names one. */
function own(id: string, messageId: string, state: TeamsState) {
  const { conversation, root } = state.place(id);
  const message = state.message(conversation, messageId);
  if (root !== null && message.root !== root)
    throw new Refused(404, 'ActivityNotFoundInConversation', 'the message is in another thread');
  if (message.by !== null) throw new Refused(403, 'NotEnoughPermissions', 'the message is not the app’s own');
  return message;
}

/** `POST /v3/conversations`: a thread in a channel, or the conversation with one person. */
export function create(given: Given, state: TeamsState): Answer {
  const { channelData, bot, isGroup } = given;
  if (bot !== undefined && ![state.bot.id, state.options.app.id].includes(String(objectIn(bot)['id'])))
    throw new Refused(400, 'BadSyntax', 'the bot is named as somebody else');
  const channel = objectIn(objectIn(channelData)['channel'])['id'];
  if (channel !== undefined) return newThread(String(channel), given, state);
  if (isGroup === true) throw new Refused(400, 'BadSyntax', 'an app can make no group');
  const { objectId, installed } = soleMember(given, state);
  if (!installed) throw new Refused(403, 'BotNotInConversationRoster', 'the app is not installed for them');
  const place = state.place(state.personal(objectId).id);
  return { status: 201, body: { id: place.conversation.id, ...firstMessage(place, given, state) } };
}

function newThread(channel: string, given: Given, state: TeamsState): Answer {
  const place = state.place(channel);
  if (place.conversation.kind !== 'channel' || place.root !== null)
    throw new Refused(400, 'BadSyntax', 'only channels have threads');
  if (given['activity'] === undefined) throw new Refused(400, 'BadSyntax', 'a thread begins with a message');
  const { activityId } = firstMessage(place, given, state);
  return { status: 201, body: { id: `${channel};messageid=${activityId}`, activityId } };
}

function firstMessage(place: Place, given: Given, state: TeamsState): { readonly activityId?: string } {
  if (given['activity'] === undefined) return {};
  const message = state.say(place, null, contentOf(objectIn(given['activity']), state));
  tellOfMessage('create', given, place.conversation, message, state);
  return { activityId: message.id };
}

/** The one person that a conversation is to be with: by the app's id for them, or by their object id in its place. */
function soleMember(given: Given, state: TeamsState): SimulatedPerson {
  const tenant = given['tenantId'] ?? objectIn(objectIn(given['channelData'])['tenant'])['id'];
  if (typeof tenant !== 'string') throw new Refused(400, 'BadSyntax', 'no tenant is named');
  const [member, ...others] = objectsIn(given['members']);
  if (member === undefined || others.length > 0) throw new Refused(400, 'BadSyntax', 'one member was expected');
  // Their object id counts here as `id` only; as `aadObjectId` it is not looked at.
  const id = String(member['id'] ?? '');
  const person = state.called(id);
  if (person === null) {
    const code = id.startsWith('29:') ? 'MemberNotFoundInConversation' : 'BadSyntax';
    throw new Refused(400, code, 'there is no such member');
  }
  if (person.tenant !== tenant) throw new Refused(400, 'BadSyntax', 'they are of another tenant');
  return person;
}
