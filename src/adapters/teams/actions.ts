import { z } from 'zod/v4';
import type { Button, Card } from '../../messages/card.ts';
import { plain } from '../../messages/spans.ts';
import type { PressedButton } from '../chat/conversation.ts';
import { type ActionStyle, type CardAction, type CardElement, type ExecuteAction, textBlock } from './card-elements.ts';
import { beginning, cut, NOBODY } from './markdown.ts';

/** What a button is for: to press one of a card's, or to ask something. The only two that are listened to. */
export const VERB = { press: 'press', ask: 'ask' } as const;

/** Teams shows at most six buttons of a set (Cards reference, Teams documentation). */
const ACTIONS_IN_SET = 6;
/** How much stands in a row on a phone of 360 points before it is cut, in letters, and what the edges of a button take of it. */
const PHONE_WIDTH = 38;
const BUTTON_EDGES = 4;
/** A reason is one line of a command, which has 256 characters with its verb and code. */
const REASON_MAX = 200;
/** Clients count characters their own way, so more than was allowed may come; a command says itself what is too long. */
const WORDS_MAX = 1_000;
const KEY_MAX = 200;
const COMMAND_MAX = 256;

const PRESS = z.object({ card: z.string().min(1).max(KEY_MAX), button: z.string().min(1).max(KEY_MAX) });
const ASK = z.object({ command: z.string().min(1).max(COMMAND_MAX) });
const WORDS = z.string().max(WORDS_MAX);
const ANYTHING = z.record(z.string(), z.unknown());

/** Under which name the answer to a button's question comes back: no two buttons of a message have the same. */
export const inputId = (card: string, button: string): string => `words/${card}/${button}`;

/**
 * What the data of a pressed button mean; null for data that are not ours. Whatever clients add is not looked at, and so is
 * every command in a press: what a button says is known by its card.
 */
export function pressIn(data: unknown): PressedButton | null {
  const fields = ANYTHING.safeParse(data).data;
  if (fields === undefined) return null;
  const { verb } = fields;
  if (verb === undefined ? 'command' in fields : verb === VERB.ask) return askIn(fields);
  return verb === undefined || verb === VERB.press ? pressOf(fields) : null;
}

function askIn(fields: Readonly<Record<string, unknown>>): PressedButton | null {
  const asked = ASK.safeParse(fields).data;
  return asked === undefined || 'card' in fields ? null : { kind: 'ask', command: asked.command };
}

function pressOf(fields: Readonly<Record<string, unknown>>): PressedButton | null {
  const pressed = PRESS.safeParse(fields).data;
  if (pressed === undefined || 'command' in fields) return null;
  const { card, button } = pressed;
  const typed = WORDS.safeParse(fields[inputId(card, button)] ?? '')
    .data?.replace(/\s+/gu, ' ')
    .trim();
  return typed === undefined ? null : { kind: 'press', card, button, words: typed === '' ? null : typed };
}

/** How much a button may say, in characters: the first with which all of them fit. */
const ROOMS = [
  { label: 75, words: 300 },
  { label: 40, words: 80 },
  { label: 12, words: 12 },
] as const;
type Room = (typeof ROOMS)[number];

/**
 * A card's buttons, all of them, in sets that can be read beside each other on a phone; shorter where they would not leave
 * room for the card's words.
 */
export function actionsOf({ key, buttons }: Pick<Card, 'key' | 'buttons'>, max: number): readonly (readonly CardAction[])[] {
  const written = ROOMS.map((room) => buttons.map((button) => actionOf(button, key, room)));
  return setsOf(written.find((actions) => sizeOf(actions) <= max) ?? written.at(-1) ?? []);
}

function setsOf(actions: readonly CardAction[]): readonly (readonly CardAction[])[] {
  const sets: CardAction[][] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const action of actions) {
    const open = sets.at(-1);
    width += action.title.length + BUTTON_EDGES;
    if (open !== undefined && open.length < ACTIONS_IN_SET && width <= PHONE_WIDTH) open.push(action);
    else {
      sets.push([action]);
      width = action.title.length + BUTTON_EDGES;
    }
  }
  return sets;
}

/** What it takes of a message, in UTF-16 units. */
export const sizeOf = (content: unknown): number => JSON.stringify(content).length;

/** A thumb that slipped costs one tap more; a step that was not meant costs people their phones. */
function actionOf(button: Button, card: string, room: Room): CardAction {
  const { id, asks, confirm } = button;
  const title = shortened(button.label, room.label);
  const look = styleOf(id);
  const does = (said: string): ExecuteAction =>
    executes(shortened(said, room.label + 20), look, VERB.press, { card, button: id });
  if (asks === null && confirm === null) return does(title);
  const body: readonly CardElement[] = [
    ...(confirm === null ? [] : [textBlock(cut(plain(confirm), NOBODY, room.words))]),
    ...(asks === null ? [] : [questionOf(inputId(card, id), shortened(asks, room.words))]),
  ];
  const actions = [does(asks === null ? `Yes: ${title}` : `${title} with this reason`)];
  return { type: 'Action.ShowCard', title, ...look, card: { type: 'AdaptiveCard', body, actions } };
}

const questionOf = (id: string, question: string): CardElement => ({
  type: 'Input.Text',
  id,
  label: `${question} (for everybody to see)`,
  isRequired: true,
  errorMessage: 'A reason is needed.',
  isMultiline: true,
  maxLength: REASON_MAX,
});

/** A button that asks a question, which anybody could type. */
export const asks = (title: string, command: string): ExecuteAction => executes(title, {}, VERB.ask, { command });

/** Phones on which `Action.Execute` is dead get the same as a submit, whose data name the verb (requirement E8). */
const executes = (
  title: string,
  look: { readonly style?: ActionStyle },
  verb: string,
  data: Readonly<Record<string, string>>,
): ExecuteAction => ({
  type: 'Action.Execute',
  title,
  ...look,
  verb,
  data,
  fallback: { type: 'Action.Submit', title, ...look, data: { verb, ...data } },
});

/** What cannot be taken back is red, what lets it go on is green, and everything else has no colour. */
function styleOf(id: string): { readonly style?: ActionStyle } {
  if (id === 'approve') return { style: 'positive' };
  return id === 'deny' || id === 'abort' ? { style: 'destructive' } : {};
}

/** Plain text of at most `max` characters on one line, never empty. */
export function shortened(text: string, max: number): string {
  const line = plain(text)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  const short = line.length <= max ? line : `${beginning(line, max - 1)}…`;
  return short === '' ? '–' : short;
}
