/** Where something stands in a payload, such as `blocks[2].text`. */
type Path = string;
type Fields = Readonly<Record<string, unknown>>;
type Faults = readonly string[];

/** Characters that a text may have at most, by what it is. Source: @slack/types, and docs.slack.dev where it says so. */
const TEXT_MAX = {
  section: 3_000,
  field: 2_000,
  header: 150,
  context: 3_000,
  button: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
  label: 2_000,
  placeholder: 150,
  alt: 2_000,
  // docs.slack.dev, chat.postMessage: longer texts are cut there, and what is cut is not known to be safe.
  message: 40_000,
} as const;
/**
 * All that is to be read in the blocks of a message. No document says so, but Slack answers `msg_blocks_too_long`: its
 * maintainers name 12,000 and a buffer (slackapi/bolt-js issue 2509).
 */
const READ_MAX = 12_000;
const ID_MAX = 255;
const VALUE_MAX = 2_000;
const URL_MAX = 3_000;
const METADATA_MAX = 3_000;
/** docs.slack.dev, Blocks: 50 in a message, 100 in a modal and on a Home tab. */
const BLOCKS_MAX = { message: 50, view: 100 } as const;
const ELEMENTS_MAX = { actions: 25, context: 10 } as const;
const FIELDS_MAX = 10;

/**
 * What of a payload Slack's documented limits forbid, each with its place; empty: nothing. It knows what this program sends
 * and refuses everything else, so that nothing is sent unchecked.
 */
export function limitFaults(payload: Fields): Faults {
  const view = asFields(payload['view']);
  if (view !== null) return viewIn(view);
  const { text, blocks, metadata } = payload;
  return [
    ...(text === undefined ? [] : textIn('text', text, TEXT_MAX.message)),
    ...(blocks === undefined ? [] : [...blocksIn('blocks', blocks, BLOCKS_MAX.message), ...readIn(blocks)]),
    ...(metadata === undefined ? [] : metadataIn(metadata)),
  ];
}

function viewIn(view: Fields): Faults {
  const modal = view['type'] === 'modal';
  const { callback_id: callbackId, private_metadata: metadata, blocks } = view;
  const asks = asList(blocks).some((block) => asFields(block)?.['type'] === 'input');
  return [
    ...(modal || view['type'] === 'home' ? [] : [`view.type: is not known: ${String(view['type'])}`]),
    ...(modal ? plainTextIn('view.title', view['title'], TEXT_MAX.viewTitle) : []),
    ...['submit', 'close'].flatMap((name) =>
      view[name] === undefined ? [] : plainTextIn(`view.${name}`, view[name], TEXT_MAX.viewTitle),
    ),
    ...(callbackId === undefined ? [] : textIn('view.callback_id', callbackId, ID_MAX)),
    ...(metadata === undefined ? [] : atMost('view.private_metadata', metadata, METADATA_MAX)),
    ...blocksIn('view.blocks', blocks, BLOCKS_MAX.view),
    // @slack/types, ModalView: a form without it is refused.
    ...(asks && view['submit'] === undefined ? ['view.submit: is missing: the view has an input'] : []),
  ];
}

/** What is read in sections, context, headers and pictures. What buttons say is not known to count. */
function readIn(blocks: unknown): Faults {
  const read = asList(blocks).reduce((sum: number, each) => {
    const { text, fields, elements, alt_text: alt } = asFields(each) ?? {};
    const texts = [text, ...asList(fields), ...asList(elements)].map((object) => asFields(object)?.['text']);
    return [...texts, alt].reduce((length: number, words) => length + (typeof words === 'string' ? words.length : 0), sum);
  }, 0);
  return read > READ_MAX ? [`blocks: have ${read} characters to read, at most ${READ_MAX}`] : [];
}

function blocksIn(path: Path, blocks: unknown, max: number): Faults {
  if (!Array.isArray(blocks)) return [`${path}: is no list`];
  const ids: Ids = { block_id: new Set(), action_id: new Set() };
  return [
    ...(blocks.length > max ? [`${path}: has ${blocks.length} blocks, at most ${max}`] : []),
    ...blocks.flatMap((block, index) => {
      const fields = asFields(block);
      return fields === null ? [`${path}[${index}]: is no block`] : blockIn(`${path}[${index}]`, fields, ids);
    }),
  ];
}

/** The ids that stand in a message so far. */
interface Ids {
  readonly block_id: Set<unknown>;
  readonly action_id: Set<unknown>;
}

function blockIn(path: Path, block: Fields, ids: Ids): Faults {
  const own = block['block_id'] === undefined ? [] : idIn(path, block, 'block_id', ids);
  return [...own, ...contentIn(path, block, ids)];
}

function contentIn(path: Path, block: Fields, ids: Ids): Faults {
  switch (block['type']) {
    case 'divider':
      return [];
    case 'header':
      return plainTextIn(`${path}.text`, block['text'], TEXT_MAX.header);
    case 'section':
      return sectionIn(path, block, ids);
    case 'context':
      return elementsIn(path, block, ELEMENTS_MAX.context, (at, element) => textObjectIn(at, element, TEXT_MAX.context));
    case 'actions':
      return elementsIn(path, block, ELEMENTS_MAX.actions, (at, element) => buttonIn(at, element, ids));
    case 'image':
      return imageIn(path, block);
    case 'input':
      return inputIn(path, block, ids);
    default:
      return [`${path}: is of a type that is not known: ${String(block['type'])}`];
  }
}

function sectionIn(path: Path, { text, fields, accessory }: Fields, ids: Ids): Faults {
  const listed = asList(fields);
  return [
    ...(text === undefined && listed.length === 0 ? [`${path}: has neither text nor fields`] : []),
    ...(text === undefined ? [] : textObjectIn(`${path}.text`, text, TEXT_MAX.section)),
    ...(listed.length > FIELDS_MAX ? [`${path}.fields: has ${listed.length} fields, at most ${FIELDS_MAX}`] : []),
    ...listed.flatMap((field, index) => textObjectIn(`${path}.fields[${index}]`, field, TEXT_MAX.field)),
    ...(accessory === undefined ? [] : buttonIn(`${path}.accessory`, accessory, ids)),
  ];
}

function elementsIn(path: Path, { elements }: Fields, max: number, each: (path: Path, element: unknown) => Faults): Faults {
  if (!Array.isArray(elements) || elements.length === 0) return [`${path}.elements: is empty`];
  return [
    ...(elements.length > max ? [`${path}.elements: has ${elements.length} elements, at most ${max}`] : []),
    ...elements.flatMap((element, index) => each(`${path}.elements[${index}]`, element)),
  ];
}

function buttonIn(path: Path, element: unknown, ids: Ids): Faults {
  const button = asFields(element);
  if (button?.['type'] !== 'button') return [`${path}: is no button`];
  const { value, url, confirm } = button;
  return [
    ...idIn(path, button, 'action_id', ids),
    ...plainTextIn(`${path}.text`, button['text'], TEXT_MAX.button),
    ...(value === undefined ? [] : atMost(`${path}.value`, value, VALUE_MAX)),
    ...(url === undefined ? [] : textIn(`${path}.url`, url, URL_MAX)),
    ...(confirm === undefined ? [] : confirmIn(`${path}.confirm`, confirm)),
  ];
}

function confirmIn(path: Path, confirm: unknown): Faults {
  const fields = asFields(confirm);
  if (fields === null) return [`${path}: is no question`];
  return [
    ...plainTextIn(`${path}.title`, fields['title'], TEXT_MAX.confirmTitle),
    ...textObjectIn(`${path}.text`, fields['text'], TEXT_MAX.confirmText),
    ...plainTextIn(`${path}.confirm`, fields['confirm'], TEXT_MAX.confirmButton),
    ...plainTextIn(`${path}.deny`, fields['deny'], TEXT_MAX.confirmButton),
  ];
}

const imageIn = (path: Path, { alt_text: alt, title, slack_file: file }: Fields): Faults => [
  ...textIn(`${path}.alt_text`, alt, TEXT_MAX.alt),
  ...(title === undefined ? [] : plainTextIn(`${path}.title`, title, TEXT_MAX.alt)),
  ...(asFields(file) === null ? [`${path}.slack_file: is missing: pictures are files of ours, never an address`] : []),
];

function inputIn(path: Path, block: Fields, ids: Ids): Faults {
  const element = asFields(block['element']);
  if (element?.['type'] !== 'plain_text_input') return [`${path}.element: is no plain_text_input`];
  const { placeholder } = element;
  const { label, hint } = block;
  return [
    ...plainTextIn(`${path}.label`, label, TEXT_MAX.label),
    ...(hint === undefined ? [] : plainTextIn(`${path}.hint`, hint, TEXT_MAX.label)),
    ...idIn(`${path}.element`, element, 'action_id', ids),
    ...(placeholder === undefined ? [] : plainTextIn(`${path}.element.placeholder`, placeholder, TEXT_MAX.placeholder)),
    ...['min_length', 'max_length'].flatMap((name) => {
      const length = element[name] ?? 0;
      const fits = typeof length === 'number' && length >= 0 && length <= TEXT_MAX.section;
      return fits ? [] : [`${path}.element.${name}: is ${String(length)}, at most ${TEXT_MAX.section}`];
    }),
  ];
}

function metadataIn(metadata: unknown): Faults {
  const fields = asFields(metadata);
  return [
    ...textIn('metadata.event_type', fields?.['event_type'], ID_MAX),
    ...(asFields(fields?.['event_payload']) === null ? ['metadata.event_payload: is missing'] : []),
  ];
}

function idIn(path: Path, fields: Fields, name: keyof Ids, ids: Ids): Faults {
  const id = fields[name];
  const twice = ids[name].has(id) ? [`${path}.${name}: stands twice: ${String(id).slice(0, 80)}`] : [];
  ids[name].add(id);
  return [...textIn(`${path}.${name}`, id, ID_MAX), ...twice];
}

function textObjectIn(path: Path, object: unknown, max: number): Faults {
  const fields = asFields(object);
  if (fields?.['type'] !== 'mrkdwn') return plainTextIn(path, object, max);
  const links = fields['verbatim'] === true ? [] : [`${path}: is not verbatim: Slack would make links of what it finds`];
  return [...links, ...textIn(path, fields['text'], max)];
}

function plainTextIn(path: Path, object: unknown, max: number): Faults {
  const fields = asFields(object);
  return fields?.['type'] === 'plain_text' ? textIn(path, fields['text'], max) : [`${path}: is no text object of a known type`];
}

const textIn = (path: Path, text: unknown, max: number): Faults =>
  typeof text !== 'string' || text === '' ? [`${path}: is empty`] : atMost(path, text, max);

function atMost(path: Path, text: unknown, max: number): Faults {
  const length = typeof text === 'string' ? text.length : Number.POSITIVE_INFINITY;
  return length > max ? [`${path}: has ${length} characters, at most ${max}`] : [];
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null;
