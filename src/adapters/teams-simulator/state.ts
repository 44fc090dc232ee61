import { createHash } from 'node:crypto';
import {
  CannotDo,
  type Closed,
  type Given,
  Refused,
  type SentActivity,
  type SimulatedConversation,
  type SimulatedMessage,
  type SimulatedPerson,
} from './model.ts';

/** Who and what there is, and how it is called. */
export interface SimulatedTeamsOptions {
  /** The tenant that the conversations are in. */
  readonly tenant: string;
  readonly app: { readonly id: string; readonly name: string };
  /** The channels are those of one team. */
  readonly conversations: readonly { readonly id: string; readonly kind: 'channel' | 'group'; readonly name: string }[];
  /** What is wrong with a card, or with an activity that has none (null); anything is answered as Teams answers bad syntax. */
  readonly check: (card: unknown, activity: unknown) => readonly string[];
  /** Milliseconds. */
  readonly now: () => number;
  readonly sent: (call: SentActivity) => void;
  /** What the app has to show with each of its calls; without it, they need no token. */
  readonly token?: string;
}

/** Somebody who comes in: of our own tenant, no guest, and with the app installed when nothing else is said. */
export interface NewPerson {
  readonly objectId: string;
  readonly name: string;
  readonly tenant?: string;
  readonly guest?: boolean;
  readonly installed?: boolean;
  /** The ids of their channels and groups; all there are when it is not said. */
  readonly places?: readonly string[];
}

/** A conversation, and the thread of it that is meant: null means none. */
export interface Place {
  readonly conversation: SimulatedConversation;
  readonly root: string | null;
}

const THREAD = /;messageid=([^;]*)$/u;

/** What stands in Teams. Nothing here knows of HTTP. */
export class TeamsState {
  readonly options: SimulatedTeamsOptions;
  /** By object id. */
  readonly people = new Map<string, SimulatedPerson>();
  readonly conversations = new Map<string, SimulatedConversation>();
  /** What was shown to one person alone, below a message, and is not kept there. */
  readonly alone: { readonly person: string; readonly conversation: string; readonly text: string }[] = [];
  /** The app, as conversations name it. */
  readonly bot: { readonly id: string; readonly name: string };
  readonly team: { readonly id: string; readonly name: string; readonly aadGroupId: string };
  /** Where the service is, with a slash at its end. */
  serviceUrl = '';
  #lastMessage = 0;
  #events = 0;

  constructor(options: SimulatedTeamsOptions) {
    this.options = options;
    this.bot = { id: `28:${options.app.id}`, name: options.app.name };
    const group = this.#madeUp('team', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/u, '$1-$2-$3-$4-$5');
    this.team = { id: `19:${this.#madeUp('team', 'thread')}@thread.tacv2`, name: 'Operations', aadGroupId: group };
    for (const { id, kind, name } of options.conversations) this.#add(id, kind, name, options.tenant);
  }

  addPerson({ objectId, name, places, ...more }: NewPerson): SimulatedPerson {
    const user = `29:1${createHash('sha512').update(`${this.options.app.id} ${objectId}`).digest('base64url').slice(0, 84)}`;
    const person = { objectId, user, name, tenant: this.options.tenant, guest: false, installed: true, ...more };
    this.people.set(objectId, person);
    for (const { id, kind, members } of this.conversations.values())
      if (kind !== 'personal' && (places === undefined || places.includes(id))) members.add(objectId);
    return person;
  }

  /** Somebody by object id, for what they do themselves. */
  person(objectId: string): SimulatedPerson {
    const person = this.people.get(objectId);
    if (person === undefined) throw new CannotDo(`there is nobody called ${objectId}`);
    return person;
  }
  /** Somebody by what the app calls them: the id that it knows them by, or their object id. */
  called(id: string): SimulatedPerson | null {
    return this.people.get(id) ?? [...this.people.values()].find(({ user }) => user === id) ?? null;
  }

  /** The conversation between the app and one person, which begins when it is first asked for. */
  personal(objectId: string): SimulatedConversation {
    const { tenant, name } = this.person(objectId);
    const id = `a:1${createHash('sha512').update(`${this.bot.id} ${objectId}`).digest('base64url')}`;
    const known = this.conversations.get(id);
    if (known !== undefined) return known;
    const opened = this.#add(id, 'personal', name, tenant);
    opened.members.add(objectId);
    return opened;
  }
  conversation(id: string): SimulatedConversation {
    const conversation = this.conversations.get(id.replace(THREAD, ''));
    if (conversation === undefined) throw new Refused(404, 'ConversationNotFound', 'there is no such conversation');
    return conversation;
  }
  /** A conversation that the app may use. */
  open(id: string): SimulatedConversation {
    const conversation = this.conversation(id);
    if (conversation.closed !== null) throw closedRefusal(conversation.closed);
    return conversation;
  }
  /** The same, with the thread that its id names. */
  place(id: string): Place {
    const conversation = this.open(id);
    const [, root = null] = THREAD.exec(id) ?? [];
    if (root === null) return { conversation, root };
    if (conversation.kind !== 'channel') throw new Refused(400, 'BadSyntax', 'only channels have threads');
    if (this.message(conversation, root).root !== root) throw notThere();
    return { conversation, root };
  }
  /** A message that still stands. */
  message({ messages }: SimulatedConversation, id: string): SimulatedMessage {
    const message = messages.find((each) => each.id === id && !each.deleted);
    if (message === undefined) throw notThere();
    return message;
  }
  /** Where a message stands, by its id alone. */
  whereIs(id: string): { readonly conversation: SimulatedConversation; readonly message: SimulatedMessage } {
    for (const conversation of this.conversations.values()) {
      const message = conversation.messages.find((each) => each.id === id && !each.deleted);
      if (message !== undefined) return { conversation, message };
    }
    throw new CannotDo(`there is no message ${id}`);
  }

  /** Puts something into a conversation: in the thread of `root`, or, in a channel, as the first of a new one. */
  say(
    { conversation, root }: Place,
    by: string | null,
    { text, card }: { readonly text: string; readonly card: Given | null },
  ): SimulatedMessage {
    const id = this.#newMessageId();
    const thread = conversation.kind === 'channel' ? (root ?? id) : null;
    const message = { id, root: thread, by, text, card, alone: new Map<string, Given>(), edits: 0, deleted: false };
    conversation.messages.push(message);
    return message;
  }

  /** The id of something that happened and is no message. */
  newEventId(): string {
    this.#events += 1;
    const made = this.#madeUp('event', String(this.#events));
    return `f:${made.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/u, '$1-$2-$3-$4-$5')}`;
  }

  /** The time in milliseconds, later than every other one. */
  #newMessageId(): string {
    this.#lastMessage = Math.max(this.#lastMessage + 1, Math.floor(this.options.now()));
    return String(this.#lastMessage);
  }
  #madeUp(kind: string, what: string): string {
    return createHash('sha256').update(`${this.options.app.id} ${kind} ${what}`).digest('hex').slice(0, 32);
  }
  #add(id: string, kind: SimulatedConversation['kind'], name: string, tenant: string): SimulatedConversation {
    const opened = { id, kind, name, tenant, members: new Set<string>(), messages: [], closed: null };
    this.conversations.set(id, opened);
    return opened;
  }
}

const notThere = (): Refused => new Refused(404, 'ActivityNotFoundInConversation', 'there is no such message in it');

/** How a conversation that takes nothing says so. */
export const closedRefusal = (code: Closed): Refused => new Refused(403, code, 'the app may not use this conversation');
