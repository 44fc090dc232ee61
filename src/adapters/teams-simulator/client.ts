import { cardText, objectIn } from './card.ts';
import { cardIn } from './content.ts';
import type { Keys } from './keys.ts';
import { CannotDo, type Given, Refused, type SimulatedConversation } from './model.ts';
import { findButton, type Inputs } from './press.ts';
import type { Activity, Says } from './says.ts';
import type { TeamsState } from './state.ts';

/** For how long a client waits for what a press leads to, in milliseconds (the source of teams-ai 1.7.4, `Application.run`). */
const PATIENCE = 5_000;
const UNREACHABLE = 'the app cannot be reached';

/** What became of something that was sent to the app. */
export interface Delivered {
  /** Null: nobody answered. */
  readonly status: number | null;
  readonly body: unknown;
  /** What the client tells its person went wrong; null: nothing did. */
  readonly trouble: string | null;
}

/** How something is sent. */
export interface Delivery {
  /** In place of the one that Teams would write; null: none at all. */
  readonly token?: string | null;
}

/** Somebody's press on a card. */
export interface Press {
  readonly person: string;
  readonly messageId: string;
  /** Titles: of the parts of the card that are opened, then of the button. */
  readonly path: readonly string[];
  readonly inputs?: Inputs;
  /** A client that does not know `Action.Execute`. */
  readonly phone?: boolean;
}

/** What clients do for their people. `url` is where the app is, on this machine. */
export interface Clients {
  deliver(url: string, activity: Activity, delivery?: Delivery): Promise<Delivered>;
  /** Throws `CannotDo` for what the client would not send. */
  press(url: string, press: Press, delivery?: Delivery): Promise<Delivered>;
}

/** The clients of a Teams' people. */
export function clientsIn(state: TeamsState, says: Says, keys: Keys): Clients {
  const deliver: Clients['deliver'] = async (url, activity, { token } = {}) => {
    const { serviceUrl, name } = activity;
    const own = (): string => keys.sign(typeof serviceUrl === 'string' ? serviceUrl : state.serviceUrl, {});
    const began = state.options.now();
    const { status, body } = await posted(url, activity, token === undefined ? own() : token);
    const late = activity['type'] === 'invoke' && state.options.now() - began > PATIENCE;
    if (late) return { status, body, trouble: 'the app took too long' };
    if (status === null || status < 200 || status > 299) return { status, body, trouble: UNREACHABLE };
    return { status, body, trouble: name === 'adaptiveCard/action' ? shown(activity, body, state) : null };
  };
  return {
    deliver,
    press: async (url, { person, messageId, path, inputs = {}, phone = false }, delivery) => {
      const { action, data } = findButton(cardFor(person, messageId, state), path, inputs, phone);
      const activity =
        action['type'] === 'Action.Execute'
          ? says.execute(person, messageId, action, data)
          : says.submit(person, messageId, data);
      return await deliver(url, activity, delivery);
    },
  };
}

/** The card of a message as this person has it before them. */
function cardFor(person: string, messageId: string, state: TeamsState): Given {
  const { message } = state.whereIs(messageId);
  const card = message.alone.get(person) ?? message.card;
  if (card === null) throw new CannotDo(`${messageId} has no card`);
  return card;
}

async function posted(url: string, activity: Activity, token: string | null): Promise<Omit<Delivered, 'trouble'>> {
  const authorization: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json; charset=utf-8', ...authorization };
  const request = { method: 'POST', headers, body: JSON.stringify(activity) };
  const address = new URL('/api/messages', url);
  try {
    const response = await fetch(address, request);
    return { status: response.status, body: read(await response.text()) };
  } catch (error) {
    // What `fetch` throws when there is nobody, or nobody any more.
    if (error instanceof TypeError) return { status: null, body: null };
    throw error;
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}

/**
 * Shows what came of an `Action.Execute` to whoever pressed, and to nobody else; says what the client has against it. An
 * empty message is taken for no answer, and so is everything without a `statusCode` (microsoft/teams.ts, issue 71;
 * vercel/chat, pull request 903).
 */
function shown(activity: Activity, body: unknown, state: TeamsState): string | null {
  const answer = objectIn(body);
  const { type, value, statusCode } = answer;
  const at = pressedAt(activity, state);
  const tell = (text: string, activityId: string | null): void =>
    state.options.sent({ method: 'invoke-response', arguments: answer, to: { kind: 'person', id: at.person }, text, activityId });
  const tellAlone = (text: string): void => {
    state.alone.push({ person: at.person, conversation: at.conversation.id, text });
    tell(text, null);
  };
  if (type === 'application/vnd.microsoft.card.adaptive' && statusCode === 200) {
    const fault = replaced(at, value, answer, state);
    if (fault === null) tell(cardText(objectIn(value)), at.messageId);
    return fault;
  }
  if (type === 'application/vnd.microsoft.activity.message' && statusCode === 200 && typeof value === 'string' && value !== '') {
    tellAlone(value);
    return null;
  }
  const { message } = objectIn(value);
  if (type !== 'application/vnd.microsoft.error' || typeof message !== 'string' || typeof statusCode !== 'number')
    return UNREACHABLE;
  tellAlone(message);
  return message;
}

/** Whose press it was, on what. */
interface PressedAt {
  readonly person: string;
  readonly conversation: SimulatedConversation;
  readonly messageId: string;
}

function pressedAt({ from, conversation, replyToId }: Activity, state: TeamsState): PressedAt {
  const person = state.called(String(objectIn(from)['id']));
  return {
    person: person?.objectId ?? '',
    conversation: state.conversation(String(objectIn(conversation)['id'])),
    messageId: String(replyToId),
  };
}

/** Puts a card in the place of the one that was pressed, for one person. What is wrong with it; null: nothing. */
function replaced(
  { person, conversation, messageId }: PressedAt,
  value: unknown,
  answer: Given,
  state: TeamsState,
): string | null {
  try {
    const card = cardIn(value);
    const faults = state.options.check(card, answer);
    if (faults.length > 0) return faults.join('; ');
    state.message(conversation, messageId).alone.set(person, card);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
