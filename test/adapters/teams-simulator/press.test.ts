import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CannotDo, type Given } from '../../../src/adapters/teams-simulator/model.ts';
import { findButton, type Inputs } from '../../../src/adapters/teams-simulator/press.ts';
import { cardOf } from './in-teams.ts';

const FIELD = { type: 'Input.Text', id: 'why', isRequired: true, errorMessage: 'Say why', maxLength: 10 };
const execute = (title: string, more: Given = {}): Given => ({ type: 'Action.Execute', title, verb: title, ...more });
const opening = (title: string, card: Given): Given => ({ type: 'Action.ShowCard', title, card });

const DENYING = cardOf([FIELD], [execute('Send', { data: { button: 'deny' } })]);
const CARD = cardOf(
  [
    { type: 'TextBlock', text: 'a question' },
    { type: 'Input.Text', id: 'note', value: 'none' },
    { type: 'Container', items: [{ type: 'ActionSet', actions: [execute('Inside')] }] },
    { type: 'ActionSet', isVisible: false, actions: [execute('Hidden')] },
  ],
  [
    execute('Go', { data: { button: 'go' }, associatedInputs: 'none' }),
    execute('Greyed', { isEnabled: false }),
    opening('Deny…', DENYING),
    { type: 'Action.OpenUrl', title: 'Read', url: 'https://contoso.com' },
    execute('Both', { fallback: { type: 'Action.Submit', title: 'Both here', data: { by: 'phone' } } }),
    execute('Dropped', { fallback: 'drop' }),
  ],
);

const press = (path: readonly string[], inputs: Inputs = {}, phone = false): unknown =>
  findButton(CARD, path, inputs, phone).data;

test('a button is found by its title, at the foot of a card and in its body', () => {
  assert.deepEqual(press(['Go']), { button: 'go' });
  assert.deepEqual(press(['Inside']), { note: 'none' });
});

test('a button in a part of the card is found where it opens, with the fields of all that is open', () => {
  assert.deepEqual(press(['Deny…', 'Send'], { why: 'too late' }), { button: 'deny', note: 'none', why: 'too late' });
  assert.deepEqual(press(['Deny…', 'Send'], { why: 'too late', note: 'mine' }), {
    button: 'deny',
    note: 'mine',
    why: 'too late',
  });
});

test('a phone has what stands in for a button, and nothing where nothing does', () => {
  const { action, data } = findButton(CARD, ['Both here'], {}, true);
  assert.deepEqual([action['type'], data], ['Action.Submit', { by: 'phone', note: 'none' }]);
  for (const title of ['Go', 'Both', 'Dropped']) assert.throws(() => press([title], {}, true), CannotDo);
});

const NOT_SENT: readonly (readonly [what: string, path: readonly string[], inputs: Inputs, because: RegExp])[] = [
  ['a button that is not there', ['Stop'], {}, /no button “Stop”/],
  ['a button that is not shown', ['Hidden'], {}, /no button “Hidden”/],
  ['a button that is greyed out', ['Greyed'], {}, /greyed out/],
  ['a button before its part is open', ['Send'], { why: 'too late' }, /no button “Send”/],
  ['what only opens a part', ['Deny…'], {}, /only opens/],
  ['a button as if it opened something', ['Go', 'Send'], {}, /opens nothing/],
  ['what opens a page', ['Read'], {}, /sends nothing/],
  ['a form that is not filled in', ['Deny…', 'Send'], {}, /^Say why$/],
  ['a form with nothing but a space in it', ['Deny…', 'Send'], { why: ' ' }, /^Say why$/],
  ['more than a field holds', ['Deny…', 'Send'], { why: 'eleven char' }, /no more than 10/],
  ['something for a field that is not there', ['Inside'], { why: 'too late' }, /no field “why”/],
];

for (const [what, path, inputs, because] of NOT_SENT)
  test(`a client does not send ${what}`, () => {
    assert.throws(() => press(path, inputs), { message: because });
  });

const CHOOSING = cardOf(
  [
    {
      type: 'Input.ChoiceSet',
      id: 'one',
      choices: [
        { title: 'A', value: 'a' },
        { title: 'B', value: 'b' },
      ],
    },
    {
      type: 'Input.ChoiceSet',
      id: 'some',
      isMultiSelect: true,
      choices: [
        { title: 'A', value: 'a' },
        { title: 'B', value: 'b' },
      ],
    },
    { type: 'Input.Toggle', id: 'sure', title: 'Sure?', valueOff: 'no' },
    { type: 'Input.Text', id: 'server', regex: '^fe\\d+$', errorMessage: 'No such server' },
  ],
  [execute('Go')],
);

test('fields send what they hold: what was chosen, what stands there, nothing for no choice', () => {
  const choose = (inputs: Inputs): Given => findButton(CHOOSING, ['Go'], inputs, false).data;
  assert.deepEqual(choose({}), { sure: 'no', server: '' });
  assert.deepEqual(choose({ one: 'a', some: 'a,b', sure: 'true', server: 'fe1' }), {
    one: 'a',
    some: 'a,b',
    sure: 'true',
    server: 'fe1',
  });
  assert.throws(() => choose({ one: 'c' }), /not offered/);
  assert.throws(() => choose({ one: 'a,b' }), /not offered/);
  assert.throws(() => choose({ some: 'a,c' }), /not offered/);
  assert.throws(() => choose({ server: 'be1' }), { message: 'No such server' });
});
