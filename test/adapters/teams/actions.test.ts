import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { actionsOf, asks, pressIn, shortened, sizeOf, VERB } from '../../../src/adapters/teams/actions.ts';
import type { CardAction, ExecuteAction, ShowCardAction } from '../../../src/adapters/teams/card-elements.ts';
import type { Button } from '../../../src/messages/card.ts';
import { timeSpan } from '../../../src/messages/spans.ts';
import { must } from '../../support.ts';
import { anyCard } from './adaptive-card-reading.ts';

const ROOM = 26_000;
const button = (id: string, more: Partial<Button> = {}): Button => ({
  id,
  label: id,
  command: `${id} k7dm`,
  asks: null,
  confirm: null,
  ...more,
});
const setsOf = (...buttons: readonly Button[]) => actionsOf({ key: 'run-1-request-1', buttons }, ROOM);
const only = (...buttons: readonly Button[]): CardAction => must(setsOf(...buttons)[0]?.[0]);
const opened = (action: CardAction): ShowCardAction =>
  action.type === 'Action.ShowCard' ? action : assert.fail('it opens nothing');
const done = (action: CardAction): ExecuteAction =>
  action.type === 'Action.Execute' ? action : must(opened(action).card.actions[0]);

const PRESSED = { kind: 'press', card: 'run-1-request-1', button: 'approve', words: null } as const;

test('a press says which button of which card, twice: as an action and as a submit, and no command', () => {
  const action = only(button('approve', { label: 'Approve' }));
  assert.deepEqual(action, {
    type: 'Action.Execute',
    title: 'Approve',
    style: 'positive',
    verb: 'press',
    data: { card: 'run-1-request-1', button: 'approve' },
    fallback: {
      type: 'Action.Submit',
      title: 'Approve',
      style: 'positive',
      data: { verb: 'press', card: 'run-1-request-1', button: 'approve' },
    },
  });
  assert.doesNotMatch(JSON.stringify(action), /k7dm/);
});

test('a press is understood whichever way it comes, with whatever clients add to it', () => {
  const { data, fallback } = done(only(button('approve')));
  for (const sent of [data, fallback.data, { ...fallback.data, msteams: { type: 'x' }, other: 1 }])
    assert.deepEqual(pressIn(sent), PRESSED);
});

test('a question says its command, and is understood whichever way it comes', () => {
  const action = asks('Status', 'status pool01');
  assert.equal(action.verb, VERB.ask);
  for (const sent of [action.data, action.fallback.data])
    assert.deepEqual(pressIn(sent), { kind: 'ask', command: 'status pool01' });
});

test('what cannot be taken back is red, what lets it go on is green, and everything else has no colour', () => {
  const styles = ['approve', 'deny', 'abort', 'retry'].map((id) => only(button(id)).style);
  assert.deepEqual(styles, ['positive', 'destructive', 'destructive', undefined]);
});

test('a button that asks whether it was meant opens what it brings about, and only then does it', () => {
  const confirm = `graceful stop of fe1 until ${timeSpan(0, '01:00')}, *all* of it`;
  const action = opened(only(button('approve', { label: 'Approve', confirm })));
  assert.equal(action.style, 'positive');
  assert.deepEqual(action.card.body, [
    { type: 'TextBlock', text: 'graceful stop of fe1 until 01:00, \\*all\\* of it', wrap: true },
  ]);
  const [yes, ...others] = action.card.actions;
  assert.deepEqual(others, []);
  assert.equal(yes?.title, 'Yes: Approve');
  assert.deepEqual(pressIn(yes?.data), PRESSED);
});

test('a button that asks why has one line to fill in, and its words come back with it', () => {
  const action = opened(only(button('deny', { label: 'Deny', asks: 'Why not?' })));
  const [input, ...others] = action.card.body;
  assert.deepEqual(others, []);
  assert.deepEqual(input, {
    type: 'Input.Text',
    id: 'words/run-1-request-1/deny',
    label: 'Why not? (for everybody to see)',
    isRequired: true,
    errorMessage: 'A reason is needed.',
    isMultiline: true,
    maxLength: 200,
  });
  const { title, data, fallback } = done(action);
  assert.equal(title, 'Deny with this reason');
  for (const sent of [data, fallback.data])
    assert.deepEqual(pressIn({ ...sent, 'words/run-1-request-1/deny': ' the backup pool\n is not steady ' }), {
      ...PRESSED,
      button: 'deny',
      words: 'the backup pool is not steady',
    });
});

test('a button may both say what it brings about and ask why', () => {
  const { card } = opened(only(button('abort', { confirm: 'It ends.', asks: 'Why?' })));
  assert.deepEqual(
    card.body.map(({ type }) => type),
    ['TextBlock', 'Input.Text'],
  );
});

test('an empty answer is none, and the words of another button are not this one’s', () => {
  const data = { card: 'run-1', button: 'deny' };
  for (const words of ['', ' \n', undefined])
    assert.deepEqual(pressIn({ ...data, 'words/run-1/deny': words }), { kind: 'press', ...data, words: null });
  assert.deepEqual(pressIn({ ...data, 'words/run-2/deny': 'not tonight' }), { kind: 'press', ...data, words: null });
});

const long = (length: number) => 'x'.repeat(length);
const STRANGE: readonly (readonly [what: string, data: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'press'],
  ['a list', [PRESSED]],
  ['no card', { button: 'approve' }],
  ['no button', { card: 'run-1' }],
  ['an empty button', { card: 'run-1', button: '' }],
  ['a card that is no text', { card: 1, button: 'approve' }],
  ['a button that is no text', { card: 'run-1', button: { id: 'approve' } }],
  ['a card with too long a name', { card: long(201), button: 'approve' }],
  ['a button with too long a name', { card: 'run-1', button: long(201) }],
  ['words that are no text', { card: 'run-1', button: 'deny', 'words/run-1/deny': ['why'] }],
  ['too many words', { card: 'run-1', button: 'deny', 'words/run-1/deny': long(1_001) }],
  ['a press with a command', { card: 'run-1', button: 'approve', command: 'approve k7dm' }],
  [
    'a press with a command, which says that it is a press',
    { verb: 'press', card: 'run-1', button: 'approve', command: 'abort' },
  ],
  ['a verb that is not known', { verb: 'abort', card: 'run-1', button: 'approve' }],
  ['a verb that is no text', { verb: ['press'], card: 'run-1', button: 'approve' }],
  ['a question with a card', { verb: 'ask', command: 'status', card: 'run-1' }],
  ['a question without a command', { verb: 'ask' }],
  ['an empty question', { command: '' }],
  ['a question that is too long', { command: long(257) }],
  ['a question that is no text', { command: { toString: 'status' } }],
  ['a question that says it is a press', { verb: 'press', command: 'status' }],
];
for (const [what, data] of STRANGE)
  test(`data with ${what} are not ours`, () => {
    assert.equal(pressIn(data), null);
  });

test('names and words are taken up to their limits', () => {
  const [card, words] = [long(200), long(1_000)];
  assert.deepEqual(pressIn({ card, button: card, [`words/${card}/${card}`]: words }), {
    kind: 'press',
    card,
    button: card,
    words,
  });
  assert.deepEqual(pressIn({ command: long(256) }), { kind: 'ask', command: long(256) });
});

test('whatever comes, it is understood or it is not', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.record({ card: fc.jsonValue(), button: fc.jsonValue(), verb: fc.jsonValue() }),
      (any, press) => {
        for (const data of [any, press]) {
          const pressed = pressIn(data);
          assert.ok(pressed === null || pressed.kind === 'ask' || (typeof pressed.card === 'string' && pressed.card !== ''));
        }
      },
    ),
  );
});

test('buttons stand in rows that a phone shows whole, in their order and at most six beside each other', () => {
  const patched = Array.from({ length: 5 }, (_, index) => button(`patched-fe${index}`, { label: `Patched fe${index}` }));
  const rowed = setsOf(
    ...patched,
    button('retry', { label: 'Retry' }),
    ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => button(id)),
  );
  assert.deepEqual(
    rowed.map((set) => set.map(({ title }) => title)),
    [
      ['Patched fe0', 'Patched fe1'],
      ['Patched fe2', 'Patched fe3'],
      ['Patched fe4', 'Retry', 'a', 'b'],
      ['c', 'd', 'e', 'f', 'g'],
    ],
  );
  assert.deepEqual(
    setsOf(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => button(id, { label: '.' }))).map(({ length }) => length),
    [6, 1],
  );
  assert.deepEqual(setsOf(), []);
});

test('a label is one line that is whole or says that it is not', () => {
  assert.equal(shortened('Approve', 7), 'Approve');
  assert.equal(shortened('Approve', 6), 'Appro…');
  assert.equal(shortened('ab🛟', 3), 'ab…');
  assert.equal(shortened(' a\n b\u0000 ', 7), 'a b');
  assert.equal(shortened(' ', 7), '–');
});

test('buttons say less where they would leave no room for the card, and none is left out', () => {
  const wordy = Array.from({ length: 30 }, (_, index) => button(`b${index}`, { label: long(75), confirm: long(300) }));
  const titles = (room: number) =>
    actionsOf({ key: 'run-1', buttons: wordy }, room)
      .flat()
      .map(({ title }) => title.length);
  const whole = sizeOf(actionsOf({ key: 'run-1', buttons: wordy }, 1_000_000).flat());
  assert.deepEqual([titles(whole)[0], titles(whole - 1)[0], titles(1)[0]], [75, 40, 12]);
  assert.deepEqual(
    [whole, whole - 1, 1].map((room) => titles(room).length),
    [30, 30, 30],
  );
});

test('whatever the buttons, each press is understood as that button of that card, with its words', () => {
  fc.assert(
    fc.property(anyCard, (card) => {
      const actions = actionsOf(card, ROOM).flat();
      const pressed = actions.map((action) => {
        const { data, fallback } = done(action);
        const id =
          action.type === 'Action.ShowCard' ? action.card.body.find((each) => each.type === 'Input.Text')?.id : undefined;
        const words = id === undefined ? {} : { [id]: 'because' };
        assert.deepEqual(pressIn({ ...data, ...words }), pressIn({ ...fallback.data, ...words }));
        return pressIn({ ...data, ...words });
      });
      assert.deepEqual(
        pressed,
        card.buttons.map(({ id, asks: question }) => ({
          kind: 'press',
          card: card.key,
          button: id,
          words: question === null ? null : 'because',
        })),
      );
    }),
  );
});
