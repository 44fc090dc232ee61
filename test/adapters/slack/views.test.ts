import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownBlock, View } from '@slack/types';
import fc from 'fast-check';
import { limitFaults } from '../../../src/adapters/slack/limits.ts';
import { NAMED_ONLY } from '../../../src/adapters/slack/mrkdwn.ts';
import { aboutOf, answerView, homeView, pressOf, reasonView, waitingView } from '../../../src/adapters/slack/views.ts';
import type { Button, Card } from '../../../src/messages/card.ts';
import type { HomePage, PoolHealth } from '../../../src/messages/home.ts';
import { omar, POOL01 } from '../../support.ts';

const button = (id: string): Button => ({ id, label: id, command: id, asks: null, confirm: null });
const card = (key: string, more: Partial<Card> = {}): Card => ({
  key,
  under: null,
  tone: 'calm',
  title: key,
  lines: [],
  buttons: [],
  ...more,
});
const request = (run: number): Card =>
  card(`run-${run}-request-1`, { tone: 'ask', title: `Approve? pool0${run}`, buttons: [button('approve'), button('deny')] });
const page = (more: Partial<HomePage> = {}): HomePage => ({ person: omar, waiting: [], runs: [], health: [], ...more });
const health = (name: string, ...lines: readonly string[]): PoolHealth => ({
  pool: POOL01,
  title: `${name} Ready`,
  lines,
  command: `status ${name}`,
});

/** A view may hold blocks of other makers; ours have none. */
const blocksOf = ({ blocks }: View) => blocks as readonly KnownBlock[];
/** What is read in the view, block by block; a divider is a line. */
const read = (view: View): readonly string[] =>
  blocksOf(view).flatMap((block) => {
    if (block.type === 'section' || block.type === 'header') return [block.text?.text ?? ''];
    return block.type === 'divider' ? ['---'] : [];
  });
/** Every button of the view, as it comes back when it is pressed. */
const pressable = (view: View) =>
  blocksOf(view)
    .flatMap((block): readonly unknown[] => {
      if (block.type === 'actions') return block.elements;
      return block.type === 'section' && block.accessory !== undefined ? [block.accessory] : [];
    })
    .map((element) => {
      const { action_id: actionId = '', value = '' } = Object(element) as {
        readonly action_id?: string;
        readonly value?: string;
      };
      return { actionId, value };
    });

test('a person’s own page has what waits for them, their runs and the pools, in this order', () => {
  const view = homeView(
    page({
      waiting: [request(1)],
      runs: [card('run-2', { title: 'Upgrade of pool02: settling', lines: ['2 of 3 done', 'settles until 22:40'] })],
      health: [health('pool01', '6 of 6 up', 'seen 2 minutes ago')],
    }),
    NAMED_ONLY,
  );
  assert.deepEqual(read(view), [
    'Waiting for you',
    ':bell: *Approve? pool01*',
    '---',
    'My runs',
    '*Upgrade of pool02: settling*',
    '2 of 3 done',
    'settles until 22:40',
    '---',
    'Pool health',
    '*pool01 Ready*\n6 of 6 up\nseen 2 minutes ago',
  ]);
});

test('a page with nothing on it says so in each part', () => {
  assert.deepEqual(read(homeView(page(), NAMED_ONLY)), [
    'Waiting for you',
    'Nothing waits for you.',
    '---',
    'My runs',
    'You have no upgrade under way.',
    '---',
    'Pool health',
    'There is no pool that you may look at.',
  ]);
});

test('two requests on one page have the same buttons, and each press says which request it means', () => {
  const view = homeView(page({ waiting: [request(1), request(2)] }), NAMED_ONLY);
  assert.deepEqual(
    pressable(view).map(({ actionId, value }) => pressOf(actionId, value)),
    [1, 2].flatMap((run) =>
      ['approve', 'deny'].map((id) => ({ kind: 'press', card: `run-${run}-request-1`, button: id, words: null })),
    ),
  );
});

test('a pool’s status is one tap away', () => {
  const view = homeView(page({ health: [health('pool01'), health('pool02')] }), NAMED_ONLY);
  assert.deepEqual(
    pressable(view).map(({ actionId, value }) => pressOf(actionId, value)),
    [
      { kind: 'ask', command: 'status pool01' },
      { kind: 'ask', command: 'status pool02' },
    ],
  );
});

test('whoever is nobody here gets the whole card that says so', () => {
  const view = homeView(card('answer', { title: 'You may do nothing here', lines: ['your id is T1:U1'] }), NAMED_ONLY);
  assert.deepEqual(read(view), ['*You may do nothing here*', 'your id is T1:U1']);
});

test('a page that does not fit says so, and what waits for the person is not what is left out', () => {
  const pools = Array.from({ length: 200 }, (_, index) => health(`pool${index}`));
  const view = homeView(page({ waiting: [request(1)], health: pools }), NAMED_ONLY);
  assert.equal(view.blocks.length, 100);
  assert.equal(read(view).at(-1), '… and more: `pools` lists them all');
  assert.equal(pressOf(pressable(view)[0]?.actionId ?? '', 'run-1-request-1')?.kind, 'press');
});

const PRESSES: readonly (readonly [actionId: string, value: string, means: ReturnType<typeof pressOf>])[] = [
  ['press:approve', 'run-1', { kind: 'press', card: 'run-1', button: 'approve', words: null }],
  ['press:patched-fe1', 'run-1', { kind: 'press', card: 'run-1', button: 'patched-fe1', words: null }],
  ['press:deny:17', 'run-1', { kind: 'press', card: 'run-1', button: 'deny', words: null }],
  ['ask:status:0', 'status pool01', { kind: 'ask', command: 'status pool01' }],
  ['press:approve', '', null],
  ['press:', 'run-1', null],
  ['press:approve:x', 'run-1', null],
  ['approve', 'run-1', null],
  ['xpress:approve', 'run-1', null],
  [`press:${'x'.repeat(201)}`, 'run-1', null],
];
for (const [actionId, value, means] of PRESSES)
  test(`a press of ${JSON.stringify(actionId.slice(0, 40))} with ${JSON.stringify(value)} means ${means?.kind ?? 'nothing'}`, () => {
    assert.deepEqual(pressOf(actionId, value), means);
  });

const ABOUT = { card: 'run-1-request-1', button: 'deny', channel: 'C1', thread: '1.2' };

test('the form for a reason shows which request it answers and brings back which button was pressed', () => {
  const view = reasonView({ kind: 'asking', question: 'Why not?', title: 'Approve? pool01: take 1 down (fe1)' }, ABOUT);
  assert.equal(view.title.text, 'Why not?');
  assert.deepEqual(read(view), ['Approve? pool01: take 1 down (fe1)']);
  assert.deepEqual(aboutOf(view.private_metadata ?? ''), ABOUT);
  const input = view.blocks.find(({ type }) => type === 'input');
  assert.equal(input?.block_id, 'reason');
  assert.deepEqual(Object(input).element, {
    type: 'plain_text_input',
    action_id: 'words',
    multiline: true,
    min_length: 1,
    max_length: 200,
  });
});

test('a form that was opened with anything else is not ours', () => {
  const strange = ['', '{', 'null', '[]', '"run-1"', '{"card":"run-1"}', JSON.stringify({ ...ABOUT, command: 'abort' })];
  assert.deepEqual(
    strange.map(aboutOf),
    strange.map(() => null),
  );
});

test('an answer in a view is the card, without its buttons', () => {
  const view = answerView(card('answer', { title: 'pool01 Ready', lines: ['6 of 6 up', 'seen now'], buttons: [button('x')] }));
  assert.deepEqual(read(view), ['*pool01 Ready*', '6 of 6 up', 'seen now']);
  assert.equal(view.blocks.length, 3);
});

test('an answer that does not fit keeps its last line', () => {
  const lines = [...Array.from({ length: 2_000 }, (_, index) => `fe${index} up`), 'seen now'];
  const said = read(answerView(card('answer', { lines })));
  assert.match(said.at(-2) ?? '', /^… \d+ more lines$/);
  assert.equal(said.at(-1), 'seen now');
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\uD83D', '<!here>', '&'.repeat(5_000), '🛟'.repeat(2_000)),
);
const anyButtons = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,200}$/), { maxLength: 30 })
  .chain((ids) =>
    fc
      .tuple(...ids.map((id) => anyText.map((words) => ({ ...button(id), label: words, confirm: words }))))
      .map((all) => [...all]),
  );
const anyCards = fc.uniqueArray(
  fc.record({
    key: fc.stringMatching(/^[a-z0-9-]{1,300}$/),
    under: fc.constant(null),
    tone: fc.constantFrom('calm', 'ask', 'alarm'),
    title: anyText,
    lines: fc.array(anyText, { maxLength: 8 }),
    buttons: anyButtons,
  }),
  { maxLength: 12, selector: ({ key }) => key },
);
const anyHealth = fc.record({
  pool: fc.constant(POOL01),
  title: anyText,
  lines: fc.array(anyText, { maxLength: 8 }),
  command: fc.stringMatching(/^status [a-z0-9-]{1,63}$/),
});
const anyPage: fc.Arbitrary<HomePage> = fc.record({
  person: fc.constant(omar),
  waiting: anyCards,
  runs: anyCards,
  health: fc.array(anyHealth, { maxLength: 120 }),
});

test('whatever there is to show, Slack takes the page, and every button on it is understood', () => {
  fc.assert(
    fc.property(anyPage, (any) => {
      const view = homeView(any, NAMED_ONLY);
      assert.deepEqual(limitFaults({ view }), []);
      for (const { actionId, value } of pressable(view)) assert.notEqual(pressOf(actionId, value), null);
    }),
    { numRuns: 50 },
  );
});

test('whatever the words, Slack takes the forms and the answers', () => {
  fc.assert(
    fc.property(anyText, anyText, anyCards, (question, title, cards) => {
      const views = [reasonView({ kind: 'asking', question, title }, ABOUT), waitingView(), ...cards.map(answerView)];
      for (const view of views) assert.deepEqual(limitFaults({ view }), []);
    }),
    { numRuns: 50 },
  );
});
