import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitFaults } from '../../../src/adapters/teams/limits.ts';

type Fields = Readonly<Record<string, unknown>>;

const text = (words: unknown = 'x', more: Fields = {}): Fields => ({ type: 'TextBlock', text: words, wrap: true, ...more });
const submit = (more: Fields = {}): Fields => ({
  type: 'Action.Submit',
  title: 'x',
  data: { verb: 'press', card: 'c' },
  ...more,
});
const execute = (more: Fields = {}): Fields => ({
  type: 'Action.Execute',
  title: 'x',
  verb: 'press',
  data: { card: 'c' },
  fallback: submit(),
  ...more,
});
const input = (more: Fields = {}): Fields => ({ type: 'Input.Text', id: 'words', label: 'Why?', ...more });
const card = (more: Fields = {}): Fields => ({ type: 'AdaptiveCard', version: '1.5', body: [text()], ...more });
const opens = (inside: Fields, more: Fields = {}): Fields => ({
  type: 'Action.ShowCard',
  title: 'x',
  card: { type: 'AdaptiveCard', body: [text()], ...inside },
  ...more,
});
const body = (...elements: readonly unknown[]): Fields => card({ body: elements });
const times = <Value>(count: number, value: Value): readonly Value[] => Array.from({ length: count }, () => value);

const GOOD: readonly (readonly [what: string, card: Fields])[] = [
  ['a card of words', card({ version: '1.2' })],
  ['every version up to 1.5', card({ version: '1.0' })],
  ['buttons in a card of 1.5', card({ actions: [execute()] })],
  ['six buttons in a set', card({ actions: times(6, execute()), body: [{ type: 'ActionSet', actions: times(6, execute()) }] })],
  ['a button that opens a line to fill in', card({ actions: [opens({ body: [input()], actions: [execute()] })] })],
  ['an address', card({ actions: [{ type: 'Action.OpenUrl', title: 'x', url: 'https://e.example/?a=1' }] })],
  ['a submit by itself', card({ actions: [submit()] })],
  ['text in runs', body({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'x', fontType: 'monospace' }] })],
  ['facts', body({ type: 'FactSet', facts: [{ title: 'x', value: 'y' }] })],
  ['what may be left empty', body(input({ isRequired: false }))],
  ['what must not be left empty', body(input({ isRequired: true, errorMessage: 'x', isMultiline: true, maxLength: 200 }))],
  ['a choice', body({ type: 'Input.ChoiceSet', id: 'x', label: 'x', choices: [{ title: 'x', value: 'y' }] })],
  [
    'elements beside and inside each other',
    body({
      type: 'ColumnSet',
      columns: [{ type: 'Column', width: 'auto', items: [{ type: 'Container', style: 'attention', items: [text()] }] }],
    }),
  ],
  [
    'people who are called, once or more',
    card({
      body: [text('by <at>Omar</at>'), text('<at>Kim</at>, <at>Omar</at>')],
      msteams: {
        width: 'Full',
        entities: [
          { type: 'mention', text: '<at>Omar</at>', mentioned: { id: '1', name: 'Omar' } },
          { type: 'mention', text: '<at>Kim</at>', mentioned: { id: '2', name: 'Kim' } },
        ],
      },
    }),
  ],
];
for (const [what, good] of GOOD)
  test(`Teams takes ${what}`, () => {
    assert.deepEqual(limitFaults(good), []);
  });

const BAD: readonly (readonly [what: string, card: unknown, ...faults: readonly string[]])[] = [
  ['no card', null, 'card: is no AdaptiveCard'],
  ['something else', { type: 'HeroCard' }, 'card: is no AdaptiveCard'],
  ['no version', card({ version: undefined }), 'version: is undefined, at most 1.5'],
  ['a version that Teams does not show', card({ version: '1.6' }), 'version: is 1.6, at most 1.5'],
  ['a version that is a number', card({ version: 1.5 }), 'version: is 1.5, at most 1.5'],
  ['a button in a card of 1.4', card({ version: '1.4', actions: [execute()] }), 'version: is 1.4, and Action.Execute needs 1.5'],
  [
    'such a button inside one that opens',
    card({ version: '1.4', actions: [opens({ actions: [execute()] })] }),
    'version: is 1.4, and Action.Execute needs 1.5',
  ],
  ['no elements', body(), 'body: is empty'],
  ['a body that is no list', card({ body: text() }), 'body: is empty'],
  ['an element that is none', body('x'), 'body[0]: is no element'],
  ['a table', body({ type: 'Table' }), 'body[0]: is of a type that is not known: Table'],
  ['a film', body({ type: 'Media' }), 'body[0]: is of a type that is not known: Media'],
  ['code', body({ type: 'CodeBlock' }), 'body[0]: is of a type that is not known: CodeBlock'],
  ['what nobody knows to show', body(text('x', { maxLines: 1 })), 'body[0].maxLines: is not known to show everywhere'],
  ['a card that refreshes', card({ refresh: {} }), 'card.refresh: is not known to show everywhere'],
  [
    'a card that refreshes inside another',
    card({ actions: [opens({ refresh: {} })] }),
    'actions[0].card.refresh: is not known to show everywhere',
  ],
  ['text without text', body(text('')), 'body[0].text: is empty'],
  ['text of spaces', body(text(' \n')), 'body[0].text: is empty'],
  ['text that is none', body(text(1)), 'body[0].text: is empty'],
  ['text that does not wrap', body(text('x', { wrap: false })), 'body[0].wrap: is cut on a phone'],
  ['a run without text', body({ type: 'RichTextBlock', inlines: [{ type: 'TextRun' }] }), 'body[0].inlines[0].text: is empty'],
  ['a run of another type', body({ type: 'RichTextBlock', inlines: ['x'] }), 'body[0].inlines[0]: is no object'],
  ['a fact without a value', body({ type: 'FactSet', facts: [{ title: 'x' }] }), 'body[0].facts[0].value: is empty'],
  ['no facts', body({ type: 'FactSet', facts: [] }), 'body[0].facts: is empty'],
  [
    'a column that is none',
    body({ type: 'ColumnSet', columns: [text()] }),
    'body[0].columns[0]: is no Column',
    'body[0].columns[0].items: is empty',
  ],
  ['an empty container', body({ type: 'Container', items: [] }), 'body[0].items: is empty'],
  ['an input without a name', body(input({ id: undefined })), 'body[0].id: is empty'],
  ['an input without a label', body(input({ label: undefined })), 'body[0].label: is empty'],
  ['a needed input that does not say so', body(input({ isRequired: true })), 'body[0].errorMessage: is empty'],
  ['a choice of nothing', body({ type: 'Input.ChoiceSet', id: 'x', label: 'x', choices: [] }), 'body[0].choices: is empty'],
  ['two of one name', body(input(), input()), 'body[1].id: stands twice: words'],
  [
    'one name outside and inside a button',
    card({ body: [input()], actions: [opens({ body: [input()] })] }),
    'actions[0].card.body[0].id: stands twice: words',
  ],
  ['seven buttons', card({ actions: times(7, execute()) }), 'actions: has 7 actions, at most 6'],
  [
    'seven buttons in the body',
    body({ type: 'ActionSet', actions: times(7, execute()) }),
    'body[0].actions: has 7 actions, at most 6',
  ],
  ['an empty set of buttons', body({ type: 'ActionSet', actions: [] }), 'body[0].actions: is empty'],
  ['a button without a title', card({ actions: [execute({ title: '' })] }), 'actions[0].title: is empty'],
  [
    'a button that hides things',
    card({ actions: [{ type: 'Action.ToggleVisibility', title: 'x' }] }),
    'actions[0]: is of a type that is not known: Action.ToggleVisibility',
  ],
  [
    'a button without a verb',
    card({ actions: [execute({ verb: '', fallback: submit({ data: { verb: '', card: 'c' } }) })] }),
    'actions[0].verb: is empty',
  ],
  [
    'a button that is dead on phones',
    card({ actions: [execute({ fallback: undefined })] }),
    'actions[0].fallback: is no Action.Submit',
  ],
  [
    'a fallback that says something else',
    card({ actions: [execute({ fallback: submit({ data: { verb: 'ask', card: 'd' } }) })] }),
    'actions[0].fallback.data.verb: is not press',
    'actions[0].fallback.data.card: is not what the action sends',
  ],
  ['a submit without data', card({ actions: [submit({ data: undefined })] }), 'actions[0].data: is missing'],
  [
    'an address that is not safe',
    card({
      actions: ['http://e.example', 'javascript:alert(1)', 'msteams:x', '', 1].map((url) => ({
        type: 'Action.OpenUrl',
        title: 'x',
        url,
      })),
    }),
    ...[0, 1, 2, 3, 4].map((index) => `actions[${index}].url: is no https address`),
  ],
  [
    'a card opened inside one that was opened',
    card({ actions: [opens({ actions: [opens({})] })] }),
    'actions[0].card.actions[0]: opens a card inside a card that was opened',
  ],
  ['a button that opens nothing', card({ actions: [opens({}, { card: text() })] }), 'actions[0].card: is no AdaptiveCard'],
  ['a call of nobody', body(text('by <at>Omar</at>')), '<at>Omar</at>: calls nobody'],
  [
    'a call that has no place in the text',
    card({ msteams: { entities: [{ type: 'mention', text: '<at>Omar</at>', mentioned: { id: '1', name: 'Omar' } }] } }),
    'msteams.entities[0]: has no place in the text',
  ],
  [
    'a call without an account',
    card({
      body: [text('<at>Omar</at>')],
      msteams: { entities: [{ type: 'mention', text: '<at>Omar</at>', mentioned: { name: 'Omar' } }] },
    }),
    'msteams.entities[0]: is no mention of anybody',
  ],
  ['half a character', body(text('\uD83D')), 'message: has half a character'],
];
for (const [what, bad, ...faults] of BAD)
  test(`Teams does not take ${what}`, () => {
    // As it is sent: what is undefined is not there.
    assert.deepEqual(limitFaults(JSON.parse(JSON.stringify(bad))), faults);
  });

test('a message has less than 80 KB, counted as UTF-16', () => {
  const units = (count: number) => body(text('ü'.repeat(count - JSON.stringify(body(text(''))).length)));
  assert.deepEqual(limitFaults(units(39_999)), []);
  assert.deepEqual(limitFaults(units(40_000)), ['message: has 80000 bytes, less than 80000 are safe']);
});

test('the whole activity counts, where it is known', () => {
  const activity = { type: 'message', summary: 'x'.repeat(40_000), attachments: [{ content: card() }] };
  assert.match(limitFaults(card(), activity)[0] ?? '', /^message: has 80\d\d\d bytes/);
  assert.deepEqual(limitFaults(card(), { ...activity, summary: 'x' }), []);
});
