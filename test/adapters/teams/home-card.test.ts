import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pressIn } from '../../../src/adapters/teams/actions.ts';
import { homeCardOf } from '../../../src/adapters/teams/home-card.ts';
import { limitFaults } from '../../../src/adapters/teams/limits.ts';
import { NAMED_ONLY, type TeamsReader } from '../../../src/adapters/teams/markdown.ts';
import type { Button, Card } from '../../../src/messages/card.ts';
import type { HomePage, PoolHealth } from '../../../src/messages/home.ts';
import { personSpan } from '../../../src/messages/spans.ts';
import { must, omar, POOL01 } from '../../support.ts';
import { anyCard, anyText, libraryFaults, NO_LIBRARY, pressable, read, rows, shown, written } from './adaptive-card-reading.ts';

const button = (id: string, asks: string | null = null): Button => ({ id, label: id, command: id, asks, confirm: null });
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
  card(`run-${run}-request-1`, {
    tone: 'ask',
    title: `Approve? pool0${run}`,
    buttons: [button('approve'), button('deny', 'Why not?')],
  });
const page = (more: Partial<HomePage> = {}): HomePage => ({ person: omar, waiting: [], runs: [], health: [], ...more });
const health = (name: string, ...lines: readonly string[]): PoolHealth => ({
  pool: POOL01,
  title: `${name} Ready`,
  lines,
  command: `status ${name}`,
});

test('a person’s own card has what waits for them, their runs and the pools, in this order', () => {
  const made = homeCardOf(
    page({
      waiting: [request(1)],
      runs: [card('run-2', { title: 'Upgrade of pool02: settling', lines: ['2 of 3 done', 'settles until 22:40'] })],
      health: [health('pool01', '6 of 6 up', 'seen 2 minutes ago')],
    }),
    NAMED_ONLY,
  );
  assert.deepEqual(read(made), [
    'Waiting for you',
    '🔔 Approve? pool01',
    'My runs',
    'Upgrade of pool02: settling',
    '2 of 3 done',
    'settles until 22:40',
    'Pool health',
    'pool01 Ready',
    '6 of 6 up',
    'seen 2 minutes ago',
  ]);
});

test('a page with nothing on it says so in each part', () => {
  assert.deepEqual(read(homeCardOf(page(), NAMED_ONLY)), [
    'Waiting for you',
    'Nothing waits for you.',
    'My runs',
    'You have no upgrade under way.',
    'Pool health',
    'There is no pool that you may look at.',
  ]);
});

test('two requests on one page have the same buttons, and each press says which request it means', () => {
  const made = homeCardOf(page({ waiting: [request(1), request(2)] }), NAMED_ONLY);
  assert.deepEqual(limitFaults(made), []);
  assert.deepEqual(
    pressable(made).map(({ data }) => pressIn(data)),
    [1, 2].flatMap((run) =>
      ['approve', 'deny'].map((id) => ({ kind: 'press', card: `run-${run}-request-1`, button: id, words: null })),
    ),
  );
});

test('a pool’s status is one tap away, beside the pool', () => {
  const made = homeCardOf(page({ health: [health('pool01'), health('pool02')] }), NAMED_ONLY);
  assert.deepEqual(
    pressable(made).map(({ title, data }) => [title, pressIn(data)]),
    ['pool01', 'pool02'].map((name) => ['Status', { kind: 'ask', command: `status ${name}` }]),
  );
});

test('whoever is nobody here gets the whole card that says so', () => {
  const made = homeCardOf(card('answer', { title: 'You may do nothing here', lines: ['your id is t1:u1'] }), NAMED_ONLY);
  assert.deepEqual(read(made), ['You may do nothing here', 'your id is t1:u1']);
});

test('a page that does not fit says so, and what waits for the person is not what is left out', () => {
  const pools = Array.from({ length: 200 }, (_, index) => health(`pool${index}`));
  const made = homeCardOf(page({ waiting: [request(1)], health: pools }), NAMED_ONLY);
  assert.deepEqual(limitFaults(made), []);
  const shownPools = rows(made).length - 1;
  assert.ok(shownPools > 20);
  assert.equal(read(made).at(-1), `… and ${200 - shownPools} more: pools lists them all`);
  assert.equal(pressIn(pressable(made)[0]?.data)?.kind, 'press');
});

test('a page calls only whom its reader lets it call', () => {
  const calling: TeamsReader = { memberOf: () => ({ id: 'object-omar', name: 'Omar Haddad' }), calls: true };
  const waiting = [card('run-1', { lines: [`by ${personSpan(omar)}`] })];
  assert.equal(homeCardOf(page({ waiting }), calling).msteams.entities?.length, 1);
  assert.equal(homeCardOf(page({ waiting }), NAMED_ONLY).msteams.entities, undefined);
  assert.equal(homeCardOf(must(waiting[0]), calling).msteams.entities?.length, 1);
});

const anyPage: fc.Arbitrary<HomePage> = fc.record({
  person: fc.constant(omar),
  waiting: fc.uniqueArray(anyCard, { maxLength: 4, selector: ({ key }) => key }),
  runs: fc.constant([]),
  health: fc.array(
    fc.record({
      pool: fc.constant(POOL01),
      title: anyText,
      lines: fc.array(anyText, { maxLength: 8 }),
      command: fc.stringMatching(/^status [a-z0-9-]{1,63}$/),
    }),
    { maxLength: 60 },
  ),
});

test('whatever there is to show, Teams takes the page, every word of it is text, and every button is understood', () => {
  fc.assert(
    fc.property(anyPage, (any) => {
      const made = homeCardOf(any, NAMED_ONLY);
      assert.deepEqual(limitFaults(made, { attachments: [{ content: made }], more: 'x'.repeat(2_000) }), []);
      for (const text of written(made)) if (!text.startsWith('Your time: ')) shown(text);
      for (const { data } of pressable(made)) assert.notEqual(pressIn(data), null);
    }),
    { numRuns: 50, endOnFailure: true },
  );
});

test('the library that Teams shows cards with has nothing against any page', { skip: NO_LIBRARY }, () => {
  fc.assert(
    fc.property(anyPage, (any) => {
      assert.deepEqual(libraryFaults(homeCardOf(any, NAMED_ONLY)), []);
    }),
    { numRuns: 30, endOnFailure: true },
  );
});
