import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerOf, messageOf, plainMessageOf, type Writing } from '../../../src/adapters/teams/adaptive-card.ts';
import { limitFaults } from '../../../src/adapters/teams/limits.ts';
import { NAMED_ONLY, type TeamsReader } from '../../../src/adapters/teams/markdown.ts';
import { personId } from '../../../src/domain/pool.ts';
import type { Button, Card } from '../../../src/messages/card.ts';
import { cardsOf } from '../../../src/messages/run-cards.ts';
import { markSpan, personSpan, plain, timeSpan } from '../../../src/messages/spans.ts';
import { STORIES } from '../../messages/stories.ts';
import { aManagedPool, UTC } from '../../support.ts';
import {
  activityOf,
  anyCard,
  anyText,
  compared,
  libraryFaults,
  NO_LIBRARY,
  pressable,
  read,
  shown,
  spaced,
  written,
} from './adaptive-card-reading.ts';

const PLAINLY: Writing = { reader: NAMED_ONLY, note: null };
const calling: TeamsReader = { memberOf: (person) => ({ id: `object-${person}`, name: `${person} of Contoso` }), calls: true };

const card = (more: Partial<Card> = {}): Card => ({
  key: 'run-1',
  under: null,
  tone: 'calm',
  title: 'Upgrade of pool01: checking',
  lines: [],
  buttons: [],
  ...more,
});
const button = (id: string, more: Partial<Button> = {}): Button => ({
  id,
  label: id,
  command: id,
  asks: null,
  confirm: null,
  ...more,
});
const cardWith = (more: Partial<Card>, writing = PLAINLY) => messageOf(card(more), writing).card;

const pool = aManagedPool({ simulated: true });
for (const [told, story] of STORIES)
  test(`${told}: Teams takes every card, with each of its words as it stands and all of its buttons`, () => {
    for (const each of cardsOf(7, story.run, pool, UTC)) {
      const message = messageOf(each, { reader: calling, note: null });
      assert.deepEqual(limitFaults(message.card, activityOf(message)), []);
      assert.deepEqual(
        pressable(message.card).map(({ data }) => data['button']),
        each.buttons.map(({ id }) => id),
      );
      const said = spaced(
        written(message.card)
          .filter((text) => !text.startsWith('Your time: '))
          .map(shown)
          .join(' '),
      );
      for (const line of [each.title, ...each.lines]) {
        const words = compared(plain(line.replace(/^\u{E0F0}m.*?\u{E0F2}/u, ''))).replace(/\b(?:omar|kim|dana)(?=[,;.]|$)/gu, '');
        for (const word of words.split(' ').filter((each_) => each_ !== ''))
          assert.ok(said.includes(word), `${word} of: ${said}`);
      }
    }
  });

test('thirty buttons that ask and warn, twenty people and lines without end are one message that Teams takes', () => {
  const sign = (count: number) => '"'.repeat(count);
  const buttons = Array.from({ length: 30 }, (_, index) =>
    button(String(index).padStart(64, 'b'), { label: sign(200), asks: sign(500), confirm: sign(500) }),
  );
  const called = Array.from({ length: 25 }, (_, index) => personSpan(personId(`person${index}`)));
  const times = Array.from({ length: 9 }, (_, index) => timeSpan(index, `${sign(90)}${index}`));
  const lines = [...called, ...times, ...Array.from({ length: 500 }, () => sign(3_000)), sign(4_000)];
  const reader: TeamsReader = { memberOf: (person) => ({ id: 'x'.repeat(36), name: person.padEnd(60, 'x') }), calls: true };
  for (const count of [0, 6, 12, 20, 30]) {
    const full = card({ key: 'k'.repeat(40), tone: 'alarm', title: sign(900), lines, buttons: buttons.slice(0, count) });
    const message = messageOf(full, { reader, note: sign(900) });
    assert.deepEqual(limitFaults(message.card, { ...activityOf(message), more: 'x'.repeat(2_000) }), []);
    assert.equal(pressable(message.card).length, count);
  }
});

test('whatever the card, Teams takes the message, and its title, its last line and every button stand', () => {
  fc.assert(
    fc.property(anyCard, fc.option(anyText), (any, note) => {
      const told = { ...any, title: `Upgrade ${any.title}`, lines: [...any.lines, 'waits for: fe1 & fe2'] };
      const message = messageOf(told, { reader: calling, note });
      assert.deepEqual(limitFaults(message.card, activityOf(message)), []);
      assert.deepEqual(
        pressable(message.card).map(({ data }) => data['button']),
        any.buttons.map(({ id }) => id),
      );
      const said = written(message.card)
        .filter((text) => !text.startsWith('Your time: '))
        .map(shown);
      assert.ok(
        said
          .slice(note === null ? 0 : 1)[0]
          ?.replace(/^(?:🔔|🚨) /u, '')
          .startsWith('Upgrade'),
      );
      assert.equal(said.at(-1), 'waits for: fe1 & fe2');
      assert.ok(message.summary.endsWith('· waits for: fe1 & fe2'));
      assert.ok(message.summary.isWellFormed() && !/[\n\p{Cc}]/u.test(message.summary));
    }),
    { numRuns: 100 },
  );
});

test('whatever the card, the last resort is taken, and so is the card as one person’s answer', () => {
  fc.assert(
    fc.property(anyCard, fc.option(anyText), (any, note) => {
      for (const message of [plainMessageOf(any, { reader: calling, note }), answerOf(any, calling)])
        assert.deepEqual(limitFaults(message.card, activityOf(message)), []);
    }),
    { numRuns: 100 },
  );
});

test('whatever somebody types, it stands in the card as it was typed', () => {
  fc.assert(
    fc.property(
      anyText.map((text) => text.slice(0, 120)),
      fc.constantFrom('', markSpan('later'), 'pool-ready: '),
      (typed, before) => {
        const lines = [`${before}DENIED by omar: ${typed}`, 'the last line'];
        const said = read(cardWith({ title: `held: ${typed}`, lines }));
        assert.equal(spaced(said[0] ?? ''), compared(`held: ${plain(typed)}`));
        const line = spaced(said.slice(1, -1).join(' ')).replace(/^⬜ /u, '');
        assert.equal(line, compared(plain(lines[0] ?? '')).replace(/^- ?(?=DENIED)/u, ''));
      },
    ),
    { numRuns: 200 },
  );
});

test('the library that Teams shows cards with has nothing against any of them', { skip: NO_LIBRARY }, () => {
  assert.notDeepEqual(libraryFaults({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'Input.Text' }] }), []);
  fc.assert(
    fc.property(anyCard, fc.option(anyText), (any, note) => {
      for (const message of [messageOf(any, { reader: calling, note }), plainMessageOf(any, { reader: calling, note })])
        assert.deepEqual(libraryFaults(message.card), []);
    }),
    { numRuns: 100 },
  );
});
