import { CannotDo, type Given, type SimulatedConversation, type SimulatedMessage, type SimulatedPerson } from './model.ts';
import type { TeamsState } from './state.ts';

/** The body of something that Teams sends to an app. */
export type Activity = Given;

/**
 * What people do, in the shapes in which Teams tells an app of it. Source: payloads that others recorded of real ones, and
 * "Conversation events" and "Universal Actions for Adaptive Cards" (learn.microsoft.com). People are named by their object
 * ids; what nobody could do there throws `CannotDo`.
 */
export interface Says {
  /** To the app, in their own chat with it. */
  personal(person: string, text: string): Activity;
  /** Calls the app in a channel or group: a message by itself, or a reply in the thread that begins with `root`. */
  mention(person: string, conversation: string, text: string, root?: string): Activity;
  /** `Action.Execute` of a card, with its data as it is sent. */
  execute(person: string, messageId: string, action: Given, data: Given): Activity;
  /** `Action.Submit` of a card. */
  submit(person: string, messageId: string, value: Given): Activity;
  /** These join a conversation; `app` is the app itself. */
  added(person: string, conversation: string, joining: readonly string[]): Activity;
  /** The app is installed in a conversation, or taken out of it. */
  installed(person: string, conversation: string, action: 'add' | 'remove'): Activity;
  /** They write something else in a message of theirs. */
  edited(person: string, messageId: string, text: string): Activity;
  /** Sent once more, as Teams does with what was not answered in time: with the same id. */
  again(activity: Activity): Activity;
}

/** The voices of a Teams' people. */
export function saysIn(state: TeamsState): Says {
  return {
    personal: (person, text) => {
      const who = state.person(person);
      const place = state.personal(person);
      const message = state.say({ conversation: place, root: null }, person, { text, card: null });
      return typed(who, place, message, encoded(text), state);
    },
    mention: (person, conversation, text, root) => mention(person, conversation, text, root ?? null, state),
    execute: (person, messageId, { type, title, id, verb }, data) => ({
      ...pressed(person, messageId, state),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: defined({ type, title, id, verb, data }), trigger: 'manual' },
    }),
    submit: (person, messageId, value) => ({ ...pressed(person, messageId, state), type: 'message', value }),
    added: (person, conversation, joining) => added(person, conversation, joining, state),
    installed: (person, conversation, action) => {
      const place = placeOf(person, conversation, state);
      place.closed = action === 'add' ? null : 'BotNotInConversationRoster';
      if (place.kind === 'personal') state.person(person).installed = action === 'add';
      return { ...event(person, place, {}, state), type: 'installationUpdate', action };
    },
    edited: (person, messageId, text) => {
      const { conversation, message } = state.whereIs(messageId);
      if (message.by !== person) throw new CannotDo('people edit what they wrote themselves');
      Object.assign(message, { text, edits: message.edits + 1 });
      const activity = typed(state.person(person), conversation, message, encoded(text), state);
      return {
        ...activity,
        type: 'messageUpdate',
        channelData: { eventType: 'editMessage', ...Object(activity['channelData']) },
      };
    },
    again: (activity) => ({ ...activity }),
  };
}

/** A conversation, for somebody who is in it. */
function placeOf(person: string, id: string, { conversations }: TeamsState): SimulatedConversation {
  const place = conversations.get(id);
  if (place === undefined || !place.members.has(person)) throw new CannotDo(`${person} is in no conversation ${id}`);
  return place;
}

function mention(person: string, id: string, text: string, root: string | null, state: TeamsState): Activity {
  const who = state.person(person);
  const conversation = placeOf(person, id, state);
  const begins = (each: SimulatedMessage): boolean => each.id === root && each.root === root && !each.deleted;
  if (root !== null && !conversation.messages.some(begins)) throw new CannotDo(`${root} begins no thread there`);
  const message = state.say({ conversation, root }, person, { text: `@${state.bot.name} ${text}`, card: null });
  const called = `<at>${state.bot.name}</at>`;
  const mentioned = { mentioned: state.bot, text: called, type: 'mention' };
  const activity = typed(who, conversation, message, `${called} ${encoded(text)}`, state);
  return { ...activity, entities: [mentioned, ...(activity['entities'] as readonly unknown[])] };
}

/** A message of a person's. `text` is as it is sent: markup characters that people type are entities there. */
function typed(
  who: SimulatedPerson,
  place: SimulatedConversation,
  { id, root }: SimulatedMessage,
  text: string,
  state: TeamsState,
): Activity {
  const { id: channel } = place;
  const old = place.kind === 'channel' ? { teamsChannelId: channel, teamsTeamId: state.team.id } : {};
  const spoken = text.replaceAll(/<at>([^<]*)<\/at> /gu, `<span itemtype="${MENTION}" itemscope="" itemid="0">$1</span>&nbsp;`);
  return {
    ...facts(who, place, root, state),
    type: 'message',
    id,
    text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: `<p>${spoken}</p>` }],
    channelData: { ...old, ...whereabouts(who, place, state) },
  };
}

const MENTION = 'http://schema.skype.com/Mention';

/** What every press on a card has. */
function pressed(person: string, messageId: string, state: TeamsState): Given {
  const { conversation: place, message } = state.whereIs(messageId);
  const who = state.person(person);
  const conversation = placeOf(person, place.id, state);
  return {
    ...named(facts(who, conversation, message.root, state), conversation),
    id: state.newEventId(),
    replyToId: messageId,
    channelData: {
      ...whereabouts(who, conversation, state),
      source: { name: 'message' },
      legacy: { replyToId: `1:${messageId}` },
    },
  };
}

function added(person: string, id: string, joining: readonly string[], state: TeamsState): Activity {
  const place = placeOf(person, id, state);
  for (const each of joining) if (each !== 'app') place.members.add(state.person(each).objectId);
  const membersAdded = joining.map((each) => {
    const who = each === 'app' ? null : state.person(each);
    return who === null ? { id: state.bot.id } : { id: who.user, aadObjectId: who.objectId };
  });
  const eventType = place.kind === 'channel' ? { eventType: 'teamMemberAdded' } : {};
  // Of the client it was done with, nothing is said here.
  const { entities: _, locale: __, localTimezone: ___, localTimestamp: ____, ...said } = event(person, place, eventType, state);
  return { ...said, type: 'conversationUpdate', membersAdded };
}

/** What every event of a whole conversation has. It says who they are, and not how they are called. */
function event(person: string, place: SimulatedConversation, channelData: Given, state: TeamsState): Given {
  const who = state.person(person);
  const said = named(facts(who, place, null, state), place);
  const about = whereabouts(who, place, state);
  const team = place.kind === 'channel' ? { team: state.team, settings: { selectedChannel: { id: place.id } } } : {};
  return {
    ...said,
    id: state.newEventId(),
    from: { id: who.user, aadObjectId: who.objectId },
    channelData: { ...about, ...team, ...channelData },
  };
}

/** What everything that is sent to an app has. */
function facts(who: SimulatedPerson, place: SimulatedConversation, root: string | null, state: TeamsState): Given {
  const { id, kind, tenant } = place;
  const at = new Date(state.options.now()).toISOString().replace('Z', '0000');
  const group = kind === 'personal' ? {} : { isGroup: true };
  return {
    timestamp: `${at}Z`,
    localTimestamp: `${at}+00:00`,
    channelId: 'msteams',
    serviceUrl: state.serviceUrl,
    from: { id: who.user, name: who.name, aadObjectId: who.objectId },
    conversation: {
      ...group,
      conversationType: TYPES[kind],
      tenantId: tenant,
      id: root === null ? id : `${id};messageid=${root}`,
    },
    recipient: state.bot,
    entities: [{ locale: 'en-US', country: 'US', platform: 'Web', timezone: 'UTC', type: 'clientInfo' }],
    locale: 'en-US',
    localTimezone: 'UTC',
  };
}

/** Presses and events say how a channel is called; messages do not. */
const named = (said: Given, { kind, name }: SimulatedConversation): Given =>
  kind === 'channel' ? { ...said, conversation: { ...Object(said['conversation']), name } } : said;

const TYPES = { channel: 'channel', group: 'groupChat', personal: 'personal' } as const;

/** The tenant is that of whoever acts; a channel says which it is, and of which team. */
const whereabouts = ({ tenant }: SimulatedPerson, { id, kind }: SimulatedConversation, { team }: TeamsState): Given => ({
  ...(kind === 'channel' ? { channel: { id }, team: { id: team.id } } : {}),
  tenant: { id: tenant },
});

const defined = (facts: Given): Given => Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

/** What people type reaches an app with these characters written as entities. */
const encoded = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
