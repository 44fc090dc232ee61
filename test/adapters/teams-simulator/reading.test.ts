import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardText } from '../../../src/adapters/teams-simulator/card.ts';
import type { Given } from '../../../src/adapters/teams-simulator/model.ts';
import { activities, cardOf, inTeams, OPS } from './in-teams.ts';

const block = (text: string): Given => ({ type: 'TextBlock', text });

test('a card is read from its top to its bottom, a line each, without fields, buttons and what is hidden', () => {
  const card = cardOf(
    [
      { type: 'Container', items: [block('title')] },
      {
        type: 'ColumnSet',
        columns: [
          { type: 'Column', items: [block('left')] },
          { type: 'Column', items: [block('right')] },
        ],
      },
      {
        type: 'FactSet',
        facts: [
          { title: 'Pool', value: 'pool01' },
          { title: 'State', value: 'Ready' },
        ],
      },
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'word ' }, 'by *word*'] },
      { type: 'Table', rows: [{ type: 'TableRow', cells: [{ type: 'TableCell', items: [block('cell')] }] }] },
      { type: 'TextBlock', text: 'hidden', isVisible: false },
      { type: 'Input.Text', id: 'why', label: 'Why?' },
      { type: 'ActionSet', actions: [{ type: 'Action.Execute', title: 'Go' }] },
    ],
    [{ type: 'Action.ShowCard', title: 'More', card: cardOf([block('opened')]) }],
  );
  assert.equal(cardText(card), 'title\nleft\nright\nPool pool01\nState Ready\nword by *word*\ncell');
});

/** What is written, and what people read of it. */
const READ: readonly (readonly [written: string, read: string])[] = [
  ['plain words', 'plain words'],
  ['\\*as typed\\* \\_so\\_ \\[x\\]\\(y\\) \\\\', '*as typed* _so_ [x](y) \\'],
  ['**bold** and *slanted* and _slanted_', 'bold and slanted and slanted'],
  ['*forgotten*', 'forgotten'],
  ['snake_case_name', 'snake_case_name'],
  ['fe1_old_ and _old_fe1', 'fe1_old_ and _old_fe1'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['[fe1](https://contoso.com/fe1) is up', 'fe1 is up'],
  ['- one\n- two', '• one\n• two'],
  ['\\- none', '- none'],
  ['first\n\nsecond', 'first\nsecond'],
  ['a\u{2060}\\*b\u{200b}', 'a*b'],
  ['at {{TIME(2026-11-20T06:05:00Z)}} on {{DATE(2026-11-20T06:05:00Z, SHORT)}}', 'at 06:05 on 2026-11-20'],
  ['at {{TIME(2026-11-20T06:05:00+02:00)}}', 'at 04:05'],
  ['at {{TIME(2026-13-20T06:05:00Z)}}', 'at {{TIME(2026-13-20T06:05:00Z)}}'],
  ['at {{TIME(2026-11-20T06:05:00Z, SHORT)}}', 'at {{TIME(2026-11-20T06:05:00Z, SHORT)}}'],
  // Clients do not know a time with fractions of a second.
  ['at {{TIME(2026-11-20T06:05:00.000Z)}}', 'at {{TIME(2026-11-20T06:05:00.000Z)}}'],
];

for (const [written, read] of READ)
  test(`${JSON.stringify(written)} is read as ${JSON.stringify(read)}`, () => {
    assert.equal(cardText(cardOf([block(written)])), read);
  });

test('people are called by the cards that say who they are, and stay a sign in others', () => {
  const entity = { type: 'mention', text: '<at>Dana</at>', mentioned: { id: 'd', name: 'Dana' } };
  const card = cardOf([block('<at>Dana</at> and <at>Omar</at>'), { type: 'RichTextBlock', inlines: ['<at>Dana</at>'] }]);
  assert.equal(cardText({ ...card, msteams: { entities: [entity] } }), '@Dana and <at>Omar</at>\n<at>Dana</at>');
});

test('a message without a card is read as Markdown, unless it says that it is none', async (t) => {
  const { call, seen } = await inTeams(t);
  const mention = { type: 'mention', text: '<at>Dana</at>', mentioned: { id: 'd', name: 'Dana' } };
  const message = { type: 'message', text: '**look**, <at>Dana</at>', entities: [mention] };
  await call('POST', activities(OPS), message);
  await call('POST', activities(OPS), { ...message, textFormat: 'plain' });
  assert.deepEqual(
    seen.map(({ text, arguments: given }) => [text, given['text']]),
    [
      ['look, @Dana', message.text],
      ['**look**, @Dana', message.text],
    ],
  );
});
