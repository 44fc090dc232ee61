import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitFaults } from '../../../src/adapters/slack/limits.ts';

type Payload = Readonly<Record<string, unknown>>;

const long = (length: number): string => 'x'.repeat(length);
const plainText = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const many = <Item>(count: number, make: (index: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

const button = (more: Payload = {}) => ({ type: 'button', action_id: 'press', text: plainText('Press'), ...more });
const confirm = (more: Payload = {}) => ({
  title: plainText('Approve?'),
  text: plainText('fe1 stops'),
  confirm: plainText('Approve'),
  deny: plainText('Not now'),
  ...more,
});
const image = (more: Payload = {}) => ({ type: 'image', slack_file: { id: 'F1' }, alt_text: 'a map', ...more });
const input = (more: Payload = {}, element: Payload = {}) => ({
  type: 'input',
  label: plainText('Why?'),
  element: { type: 'plain_text_input', action_id: 'words', ...element },
  ...more,
});
const divider = { type: 'divider' };

const message = (...blocks: readonly unknown[]): Payload => ({ text: 'said', blocks });
const actions = (...elements: readonly unknown[]): Payload => message({ type: 'actions', elements });
const confirming = (more: Payload): Payload => actions(button({ confirm: confirm(more) }));
const modal = (more: Payload = {}, ...blocks: readonly unknown[]): Payload => ({
  trigger_id: '1',
  view: { type: 'modal', title: plainText('Why?'), submit: plainText('Send'), blocks, ...more },
});
const home = (...blocks: readonly unknown[]): Payload => ({ user_id: 'U1', view: { type: 'home', blocks } });
const asking = (more: Payload, element: Payload = {}): Payload => modal({}, input(more, element));

/** Where the fault is, how much is allowed there, and what has that much. */
const AT_MOST: readonly (readonly [where: string, max: number, payload: (size: number) => Payload])[] = [
  ['text', 40_000, (size) => ({ ...message(), text: long(size) })],
  ['blocks', 50, (size) => message(...many(size, () => divider))],
  ['view.blocks', 100, (size) => home(...many(size, () => divider))],
  ['view.blocks', 100, (size) => modal({}, ...many(size, () => divider))],
  ['blocks[0].block_id', 255, (size) => message({ ...divider, block_id: long(size) })],
  ['blocks[0].text', 3_000, (size) => message({ type: 'section', text: mrkdwn(long(size)) })],
  ['blocks[0].text', 3_000, (size) => message({ type: 'section', text: plainText(long(size)) })],
  ['blocks[0].fields', 10, (size) => message({ type: 'section', fields: many(size, () => mrkdwn('x')) })],
  ['blocks[0].fields[0]', 2_000, (size) => message({ type: 'section', fields: [mrkdwn(long(size))] })],
  ['blocks[0].text', 150, (size) => message({ type: 'header', text: plainText(long(size)) })],
  ['blocks[0].elements', 10, (size) => message({ type: 'context', elements: many(size, () => mrkdwn('x')) })],
  ['blocks[0].elements[0]', 3_000, (size) => message({ type: 'context', elements: [mrkdwn(long(size))] })],
  ['blocks[0].elements', 25, (size) => actions(...many(size, (index) => button({ action_id: `press:${index}` })))],
  ['blocks[0].elements[0].action_id', 255, (size) => actions(button({ action_id: long(size) }))],
  ['blocks[0].elements[0].text', 75, (size) => actions(button({ text: plainText(long(size)) }))],
  ['blocks[0].elements[0].value', 2_000, (size) => actions(button({ value: long(size) }))],
  ['blocks[0].elements[0].url', 3_000, (size) => actions(button({ url: long(size) }))],
  [
    'blocks[0].accessory.text',
    75,
    (size) => message({ type: 'section', text: mrkdwn('x'), accessory: button({ text: plainText(long(size)) }) }),
  ],
  ['blocks[0].elements[0].confirm.title', 100, (size) => confirming({ title: plainText(long(size)) })],
  ['blocks[0].elements[0].confirm.text', 300, (size) => confirming({ text: plainText(long(size)) })],
  ['blocks[0].elements[0].confirm.confirm', 30, (size) => confirming({ confirm: plainText(long(size)) })],
  ['blocks[0].elements[0].confirm.deny', 30, (size) => confirming({ deny: plainText(long(size)) })],
  ['blocks[0].alt_text', 2_000, (size) => message(image({ alt_text: long(size) }))],
  ['blocks[0].title', 2_000, (size) => message(image({ title: plainText(long(size)) }))],
  ['view.title', 24, (size) => modal({ title: plainText(long(size)) })],
  ['view.submit', 24, (size) => modal({ submit: plainText(long(size)) })],
  ['view.close', 24, (size) => modal({ close: plainText(long(size)) })],
  ['view.callback_id', 255, (size) => modal({ callback_id: long(size) })],
  ['view.private_metadata', 3_000, (size) => modal({ private_metadata: long(size) })],
  ['view.blocks[0].label', 2_000, (size) => asking({ label: plainText(long(size)) })],
  ['view.blocks[0].hint', 2_000, (size) => asking({ hint: plainText(long(size)) })],
  ['view.blocks[0].element.action_id', 255, (size) => asking({}, { action_id: long(size) })],
  ['view.blocks[0].element.placeholder', 150, (size) => asking({}, { placeholder: plainText(long(size)) })],
  ['view.blocks[0].element.min_length', 3_000, (size) => asking({}, { min_length: size })],
  ['view.blocks[0].element.max_length', 3_000, (size) => asking({}, { max_length: size })],
  ['metadata.event_type', 255, (size) => ({ ...message(), metadata: { event_type: long(size), event_payload: {} } })],
  ['blocks', 12_000, (size) => message(...many(4, () => ({ type: 'section', text: mrkdwn(long(size / 4)) })))],
];

for (const [where, max, payload] of AT_MOST) {
  test(`${where} may have ${max}`, () => {
    assert.deepEqual(limitFaults(payload(max)), []);
  });
  test(`${where} with more than ${max} is a fault that says where, how much and how much is allowed`, () => {
    const over = max === 12_000 ? max + 4 : max + 1;
    const faults = limitFaults(payload(over));
    assert.equal(faults.filter((fault) => fault.startsWith(`${where}: `)).length, 1, faults.join('\n'));
    const fault = faults.find((each) => each.startsWith(`${where}: `)) ?? '';
    assert.ok(fault.includes(`${over}`) && fault.includes(`at most ${max}`), fault);
  });
}

/** What is wrong, where the fault has to be, and a payload that has it. */
const REFUSED: readonly (readonly [what: string, fault: string, payload: Payload])[] = [
  ['an empty message', 'text: is empty', { ...message(), text: '' }],
  ['blocks that are no list', 'blocks: is no list', { text: 'said', blocks: '[]' }],
  ['a block that is none', 'blocks[0]: is no block', message('divider')],
  ['an unknown block', 'blocks[0]: is of a type that is not known: carousel', message({ type: 'carousel' })],
  ['an unknown element', 'blocks[0].elements[0]: is no button', actions({ type: 'static_select', action_id: 'a' })],
  ['an unknown view', 'view.type: is not known: workflow_step', { view: { type: 'workflow_step', blocks: [] } }],
  ['a view without blocks', 'view.blocks: is no list', { view: { type: 'home' } }],
  ['an empty section', 'blocks[0].text: is empty', message({ type: 'section', text: mrkdwn('') })],
  ['a section of nothing', 'blocks[0]: has neither text nor fields', message({ type: 'section' })],
  ['a section without a field', 'blocks[0]: has neither text nor fields', message({ type: 'section', fields: [] })],
  ['an actions block of nothing', 'blocks[0].elements: is empty', actions()],
  ['a context of nothing', 'blocks[0].elements: is empty', message({ type: 'context', elements: [] })],
  ['a header in mrkdwn', 'blocks[0].text: is no text object', message({ type: 'header', text: mrkdwn('x') })],
  [
    'a text of its own kind',
    'blocks[0].text: is no text object',
    message({ type: 'section', text: { type: 'html', text: 'x' } }),
  ],
  [
    'a text in which Slack may find links',
    'blocks[0].text: is not verbatim',
    message({ type: 'section', text: { type: 'mrkdwn', text: 'x' } }),
  ],
  ['a button without a name', 'blocks[0].elements[0].action_id: is empty', actions(button({ action_id: undefined }))],
  ['a button without words', 'blocks[0].elements[0].text: is empty', actions(button({ text: plainText('') }))],
  ['a question that is none', 'blocks[0].elements[0].confirm: is no question', actions(button({ confirm: 'sure?' }))],
  ['a value that is no text', 'blocks[0].elements[0].value: has Infinity characters', actions(button({ value: 7 }))],
  ['a picture without words', 'blocks[0].alt_text: is empty', message(image({ alt_text: '' }))],
  [
    'a picture from elsewhere',
    'blocks[0].slack_file: is missing',
    message({ type: 'image', alt_text: 'x', image_url: 'https://example.com/x.png' }),
  ],
  ['two buttons of one name', 'blocks[0].elements[1].action_id: stands twice', actions(button(), button())],
  [
    'two buttons of one name in two blocks',
    'blocks[1].elements[0].action_id: stands twice',
    message({ type: 'actions', elements: [button()] }, { type: 'actions', elements: [button()] }),
  ],
  [
    'two blocks of one name',
    'blocks[1].block_id: stands twice',
    message({ ...divider, block_id: 'a' }, { ...divider, block_id: 'a' }),
  ],
  ['a modal without a title', 'view.title: is no text object', modal({ title: undefined })],
  ['a form that cannot be sent', 'view.submit: is missing', modal({ submit: undefined }, input())],
  [
    'an input of an unknown kind',
    'view.blocks[0].element: is no plain_text_input',
    modal({}, { type: 'input', label: plainText('x') }),
  ],
  ['metadata without a type', 'metadata.event_type: is empty', { ...message(), metadata: { event_payload: {} } }],
  ['metadata without a payload', 'metadata.event_payload: is missing', { ...message(), metadata: { event_type: 'card' } }],
];

for (const [what, fault, payload] of REFUSED)
  test(`${what} is refused`, () => {
    const faults = limitFaults(payload);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.ok(faults[0]?.startsWith(fault), faults[0]);
  });

test('everything that is wrong is told at once, each with its place', () => {
  const faults = limitFaults({ text: '', blocks: [{ type: 'section' }, { type: 'carousel' }] });
  assert.deepEqual(
    faults.map((fault) => fault.split(':')[0]),
    ['text', 'blocks[0]', 'blocks[1]'],
  );
});

test('a call that shows nothing has nothing to check', () => {
  assert.deepEqual(limitFaults({ users: 'U1' }), []);
});

test('what is read in context, fields and pictures counts towards the whole message, what buttons say does not', () => {
  const read = (length: number): Payload =>
    message(
      { type: 'context', elements: [mrkdwn(long(3_000))] },
      { type: 'section', text: mrkdwn(long(3_000)) },
      { type: 'section', fields: many(2, () => mrkdwn(long(2_000))) },
      image({ alt_text: long(length) }),
      { type: 'actions', elements: [button({ confirm: confirm() })] },
    );
  assert.deepEqual(limitFaults(read(2_000)), []);
  assert.deepEqual(
    limitFaults(message(...(read(2_000)['blocks'] as readonly unknown[]), { type: 'header', text: plainText('x') })),
    ['blocks: have 12001 characters to read, at most 12000'],
  );
});
