import { elementsIn, objectIn, objectsIn } from './card.ts';
import { CannotDo, type Given } from './model.ts';

/** A button that somebody finds on a card, with what the client sends along for it. */
export interface Found {
  /** `Action.Execute` or `Action.Submit`, as it stands in the card. */
  readonly action: Given;
  /** Its own data, and the fields that belong to it. */
  readonly data: Given;
}

/** What is typed into a card's fields, by their ids. */
export type Inputs = Readonly<Record<string, string>>;

/**
 * The button that these titles lead to, the outermost first: all but the last open a part of the card. A phone takes what
 * stands in for `Action.Execute` there. Throws `CannotDo` for what is not shown, and for fields that a client does not send.
 */
export function findButton(card: Given, path: readonly string[], inputs: Inputs, phone: boolean): Found {
  const [title = '', ...rest] = path;
  return found({ card, fields: fieldsIn(card) }, title, rest, inputs, phone);
}

interface Open {
  readonly card: Given;
  /** Those of the card, and of the cards that it was opened from. */
  readonly fields: readonly Given[];
}

function found({ card, fields }: Open, title: string, rest: readonly string[], inputs: Inputs, phone: boolean): Found {
  const shown = actionsIn(card).map((action) => (phone ? onPhone(action) : action));
  const action = shown.find((each) => each?.['title'] === title);
  if (action === undefined || action === null) throw new CannotDo(`there is no button “${title}”`);
  if (action['isEnabled'] === false) throw new CannotDo(`“${title}” is greyed out`);
  const [next, ...further] = rest;
  if (action['type'] === 'Action.ShowCard') {
    if (next === undefined) throw new CannotDo(`“${title}” only opens a part of the card`);
    const inner = objectIn(action['card']);
    return found({ card: inner, fields: [...fields, ...fieldsIn(inner)] }, next, further, inputs, phone);
  }
  if (next !== undefined) throw new CannotDo(`“${title}” opens nothing`);
  if (action['type'] !== 'Action.Execute' && action['type'] !== 'Action.Submit')
    throw new CannotDo(`“${title}” sends nothing: it is ${String(action['type'])}`);
  return { action, data: { ...objectIn(action['data']), ...sentWith(action, fields, inputs) } };
}

/** The buttons of a card: at its foot, and in its body. */
const actionsIn = (card: Given): readonly Given[] => [
  ...elementsIn(card).flatMap((element) => (element['type'] === 'ActionSet' ? objectsIn(element['actions']) : [])),
  ...objectsIn(card['actions']),
];

/** A client that does not know `Action.Execute` shows what it names in its place; null: nothing. */
function onPhone(action: Given): Given | null {
  if (action['type'] !== 'Action.Execute') return action;
  const { fallback } = action;
  return typeof fallback === 'object' && fallback !== null ? objectIn(fallback) : null;
}

const fieldsIn = (card: Given): readonly Given[] =>
  elementsIn(card).filter(({ type }) => typeof type === 'string' && type.startsWith('Input.'));

/** What of the fields goes with a press, once all of them may be sent. */
function sentWith(action: Given, fields: readonly Given[], inputs: Inputs): Given {
  for (const id of Object.keys(inputs))
    if (!fields.some((field) => field['id'] === id)) throw new CannotDo(`there is no field “${id}”`);
  if (action['associatedInputs'] === 'none') return {};
  return Object.fromEntries(
    fields.flatMap((field) => {
      const typed = typedInto(field, inputs);
      // A choice that was not made is not sent at all.
      return typed === '' && field['type'] === 'Input.ChoiceSet' ? [] : [[String(field['id']), typed]];
    }),
  );
}

function typedInto(field: Given, inputs: Inputs): string {
  const typed = inputs[String(field['id'])] ?? String(field['value'] ?? initial(field));
  const refusal = refusalOf(field, typed);
  if (refusal !== null) throw new CannotDo(refusal);
  return typed;
}

const initial = (field: Given): unknown => (field['type'] === 'Input.Toggle' ? (field['valueOff'] ?? 'false') : '');

/** Why a client does not send this; null: it does. */
function refusalOf(field: Given, typed: string): string | null {
  const said = String(field['errorMessage'] ?? `“${String(field['id'])}” is not filled in as it should be`);
  if (typed.trim() === '') return field['isRequired'] === true ? said : null;
  if (typeof field['maxLength'] === 'number' && typed.length > field['maxLength'])
    return `“${String(field['id'])}” takes no more than ${field['maxLength']} characters`;
  if (typeof field['regex'] === 'string' && !new RegExp(field['regex']).test(typed)) return said;
  if (field['type'] !== 'Input.ChoiceSet') return null;
  const offered = objectsIn(field['choices']).map(({ value }) => String(value));
  const chosen = field['isMultiSelect'] === true ? typed.split(',') : [typed];
  return chosen.every((each) => offered.includes(each)) ? null : `“${typed}” is not offered`;
}
