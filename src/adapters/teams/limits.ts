/** Where something stands in a card, such as `body[2].text`. */
type Path = string;
type Fields = Readonly<Record<string, unknown>>;
type Faults = readonly string[];

/**
 * What Teams takes of a whole message, in bytes of UTF-16: it refuses more than about 100 KB with a 413, and advises to stay
 * within 80 KB (learn.microsoft.com, Format your bot messages).
 */
const MESSAGE_BYTES = 80_000;
/** learn.microsoft.com, Cards reference: more are not shown. */
const ACTIONS_MAX = 6;
/** Teams shows cards up to 1.5, and `Action.Execute` only in a card of exactly that version. */
const VERSIONS = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];

/** The properties that each type may have here; `type` itself is left out. What is not listed is not known to show on a phone. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ['$schema', 'version', 'body', 'actions', 'msteams'],
  TextBlock: ['text', 'wrap', 'size', 'weight', 'color', 'isSubtle', 'fontType', 'spacing', 'separator', 'style', 'id'],
  RichTextBlock: ['inlines', 'spacing', 'separator', 'id'],
  TextRun: ['text', 'size', 'weight', 'color', 'isSubtle', 'fontType', 'italic'],
  FactSet: ['facts', 'spacing', 'separator', 'id'],
  Container: ['items', 'style', 'bleed', 'spacing', 'separator', 'id'],
  ColumnSet: ['columns', 'spacing', 'separator', 'id'],
  Column: ['items', 'width', 'spacing', 'separator', 'id'],
  ActionSet: ['actions', 'spacing', 'separator', 'id'],
  'Input.Text': ['id', 'label', 'isRequired', 'errorMessage', 'isMultiline', 'maxLength', 'placeholder', 'value'],
  'Input.ChoiceSet': ['id', 'label', 'isRequired', 'errorMessage', 'choices', 'style', 'value', 'placeholder', 'wrap'],
  'Action.Execute': ['title', 'style', 'verb', 'data', 'fallback', 'id'],
  'Action.Submit': ['title', 'style', 'data', 'id'],
  'Action.ShowCard': ['title', 'style', 'card', 'id'],
  'Action.OpenUrl': ['title', 'style', 'url', 'id'],
};

/** What is known of a card while it is read. */
interface Seen {
  readonly ids: Set<unknown>;
  readonly texts: string[];
  executes: boolean;
}

/**
 * What of a card Teams' documented limits forbid, each with its place; empty: nothing. It knows what this program sends and
 * refuses everything else, so that nothing is sent unchecked. The size is that of `activity`, the whole message, where there
 * is one.
 */
export function limitFaults(card: unknown, activity?: unknown): Faults {
  const fields = asFields(card);
  if (fields?.['type'] !== 'AdaptiveCard') return ['card: is no AdaptiveCard'];
  const seen: Seen = { ids: new Set(), texts: [], executes: false };
  const found = contentIn('', fields, seen, 0);
  return [...found, ...versionIn(fields['version'], seen), ...mentionsIn(fields['msteams'], seen), ...sizeIn(activity ?? card)];
}

function sizeIn(message: unknown): Faults {
  const written = JSON.stringify(message);
  return [
    ...(written.length * 2 < MESSAGE_BYTES
      ? []
      : [`message: has ${written.length * 2} bytes, less than ${MESSAGE_BYTES} are safe`]),
    ...(/\\ud[89a-f]/u.test(written) ? ['message: has half a character'] : []),
  ];
}

function versionIn(version: unknown, { executes }: Seen): Faults {
  if (typeof version !== 'string' || !VERSIONS.includes(version)) return [`version: is ${String(version)}, at most 1.5`];
  return executes && version !== '1.5' ? [`version: is ${version}, and Action.Execute needs 1.5`] : [];
}

/** Teams refuses a call that has no place in the text, and shows the sign of one that nobody is called by. */
function mentionsIn(msteams: unknown, { texts }: Seen): Faults {
  const entities = asList(asFields(msteams)?.['entities']).map((entity) => {
    const { type, text, mentioned } = asFields(entity) ?? {};
    const { id, name } = asFields(mentioned) ?? {};
    return { text: typeof text === 'string' ? text : '', whole: type === 'mention' && isText(id) && isText(name) };
  });
  const written = texts.join('\n');
  const called = [...new Set(written.match(/<at>.*?<\/at>/gu) ?? [])];
  return [
    ...entities.flatMap(({ text, whole }, index) => [
      ...(whole ? [] : [`msteams.entities[${index}]: is no mention of anybody`]),
      ...(called.includes(text) ? [] : [`msteams.entities[${index}]: has no place in the text`]),
    ]),
    ...called.filter((text) => !entities.some((entity) => entity.text === text)).map((text) => `${text}: calls nobody`),
  ];
}

/** A card, or the one that a button opens. */
function contentIn(path: Path, card: Fields, seen: Seen, depth: number): Faults {
  const { body, actions } = card;
  return [
    ...unknownIn(path.slice(0, -1) || 'card', card),
    ...elementsIn(`${path}body`, body, seen, depth),
    ...(actions === undefined ? [] : actionsIn(`${path}actions`, actions, seen, depth)),
  ];
}

function elementsIn(path: Path, elements: unknown, seen: Seen, depth: number): Faults {
  if (!Array.isArray(elements) || elements.length === 0) return [`${path}: is empty`];
  return elements.flatMap((each, index) => {
    const at = `${path}[${index}]`;
    const element = asFields(each);
    if (element === null) return [`${at}: is no element`];
    return [...unknownIn(at, element), ...idIn(at, element['id'], seen), ...elementIn(at, element, seen, depth)];
  });
}

function elementIn(path: Path, element: Fields, seen: Seen, depth: number): Faults {
  switch (element['type']) {
    case 'TextBlock':
      return [
        ...textIn(`${path}.text`, element['text'], seen),
        ...(element['wrap'] === true ? [] : [`${path}.wrap: is cut on a phone`]),
      ];
    case 'RichTextBlock':
      return runsIn(`${path}.inlines`, element['inlines'], seen);
    case 'FactSet':
      return factsIn(`${path}.facts`, element['facts'], seen);
    case 'Container':
      return elementsIn(`${path}.items`, element['items'], seen, depth);
    case 'ColumnSet':
      return columnsIn(`${path}.columns`, element['columns'], seen, depth);
    case 'ActionSet':
      return actionsIn(`${path}.actions`, element['actions'], seen, depth);
    case 'Input.Text':
      return inputIn(path, element);
    case 'Input.ChoiceSet':
      return [...inputIn(path, element), ...choicesIn(`${path}.choices`, element['choices'])];
    default:
      return [`${path}: is of a type that is not known: ${String(element['type'])}`];
  }
}

const columnsIn = (path: Path, columns: unknown, seen: Seen, depth: number): Faults =>
  eachIn(path, columns, (at, column) => [
    ...(column['type'] === 'Column' ? unknownIn(at, column) : [`${at}: is no Column`]),
    ...idIn(at, column['id'], seen),
    ...elementsIn(`${at}.items`, column['items'], seen, depth),
  ]);

const runsIn = (path: Path, inlines: unknown, seen: Seen): Faults =>
  eachIn(path, inlines, (at, run) => [
    ...(run['type'] === 'TextRun' ? unknownIn(at, run) : [`${at}: is no TextRun`]),
    ...textIn(`${at}.text`, run['text'], seen),
  ]);

const factsIn = (path: Path, facts: unknown, seen: Seen): Faults =>
  eachIn(path, facts, (at, { title, value }) => [...textIn(`${at}.title`, title, seen), ...textIn(`${at}.value`, value, seen)]);

const choicesIn = (path: Path, choices: unknown): Faults =>
  eachIn(path, choices, (at, { title, value }) => [...wordsIn(`${at}.title`, title), ...wordsIn(`${at}.value`, value)]);

const inputIn = (path: Path, { id, label, isRequired, errorMessage }: Fields): Faults => [
  ...wordsIn(`${path}.id`, id),
  ...wordsIn(`${path}.label`, label),
  ...(isRequired === true ? wordsIn(`${path}.errorMessage`, errorMessage) : []),
];

function actionsIn(path: Path, actions: unknown, seen: Seen, depth: number): Faults {
  const count = asList(actions).length;
  return [
    ...(count > ACTIONS_MAX ? [`${path}: has ${count} actions, at most ${ACTIONS_MAX}`] : []),
    ...eachIn(path, actions, (at, action) => [
      ...unknownIn(at, action),
      ...idIn(at, action['id'], seen),
      ...wordsIn(`${at}.title`, action['title']),
      ...actionIn(at, action, seen, depth),
    ]),
  ];
}

function actionIn(path: Path, action: Fields, seen: Seen, depth: number): Faults {
  switch (action['type']) {
    case 'Action.Execute':
      seen.executes = true;
      return executeIn(path, action);
    case 'Action.Submit':
      return asFields(action['data']) === null ? [`${path}.data: is missing`] : [];
    case 'Action.OpenUrl':
      return isSafe(action['url']) ? [] : [`${path}.url: is no https address`];
    case 'Action.ShowCard': {
      const card = asFields(action['card']);
      if (card?.['type'] !== 'AdaptiveCard') return [`${path}.card: is no AdaptiveCard`];
      return [
        ...(depth > 0 ? [`${path}: opens a card inside a card that was opened`] : []),
        ...contentIn(`${path}.card.`, card, seen, depth + 1),
      ];
    }
    default:
      return [`${path}: is of a type that is not known: ${String(action['type'])}`];
  }
}

/** A client that does not know it has to be given the same as a submit, in which the data alone tell what was pressed. */
function executeIn(path: Path, { verb, data, fallback }: Fields): Faults {
  const submit = asFields(fallback);
  const sent = asFields(submit?.['data']);
  if (submit?.['type'] !== 'Action.Submit') return [...wordsIn(`${path}.verb`, verb), `${path}.fallback: is no Action.Submit`];
  return [
    ...wordsIn(`${path}.verb`, verb),
    ...unknownIn(`${path}.fallback`, submit),
    ...wordsIn(`${path}.fallback.title`, submit['title']),
    ...(sent?.['verb'] === verb ? [] : [`${path}.fallback.data.verb: is not ${String(verb)}`]),
    ...Object.entries(asFields(data) ?? {}).flatMap(([name, value]) =>
      sent?.[name] === value ? [] : [`${path}.fallback.data.${name}: is not what the action sends`],
    ),
  ];
}

function unknownIn(path: Path, fields: Fields): Faults {
  const known = KNOWN[String(fields['type'])];
  if (known === undefined) return [];
  return Object.keys(fields).flatMap((name) =>
    name === 'type' || known.includes(name) ? [] : [`${path}.${name}: is not known to show everywhere`],
  );
}

function idIn(path: Path, id: unknown, { ids }: Seen): Faults {
  if (id === undefined) return [];
  const twice = ids.has(id);
  ids.add(id);
  return twice ? [`${path}.id: stands twice: ${String(id)}`] : [];
}

function eachIn(path: Path, list: unknown, faultsOf: (path: Path, fields: Fields) => Faults): Faults {
  if (!Array.isArray(list) || list.length === 0) return [`${path}: is empty`];
  return list.flatMap((each, index) => {
    const fields = asFields(each);
    return fields === null ? [`${path}[${index}]: is no object`] : faultsOf(`${path}[${index}]`, fields);
  });
}

function textIn(path: Path, text: unknown, { texts }: Seen): Faults {
  if (typeof text === 'string') texts.push(text);
  return wordsIn(path, text);
}

const wordsIn = (path: Path, text: unknown): Faults => (isText(text) ? [] : [`${path}: is empty`]);

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isSafe = (url: unknown): boolean => typeof url === 'string' && URL.parse(url)?.protocol === 'https:';

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null;
