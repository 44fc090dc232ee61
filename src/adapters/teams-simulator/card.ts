import { asRead, asSeen, mentionsIn, withDates, withMentions } from './markdown.ts';
import type { Given } from './model.ts';

/** What an unknown value is as an object; an empty one for everything else. */
export const objectIn = (value: unknown): Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Given) : {};

/** The objects in what should be a list of them. */
export const objectsIn = (value: unknown): readonly Given[] => (Array.isArray(value) ? value.map(objectIn) : []);

/** The elements of a card that are shown, the outer before the inner, in the order in which they are read. */
export function elementsIn(card: Given): readonly Given[] {
  return objectsIn(card['body']).flatMap(shownIn);
}

function shownIn(element: Given): readonly Given[] {
  if (element['isVisible'] === false) return [];
  const inner = ['items', 'columns', 'rows', 'cells'].flatMap((part) => objectsIn(element[part]));
  return [element, ...inner.flatMap(shownIn)];
}

/** A card as people read it: title and lines, one below the other. Buttons and fields are not part of it. */
export function cardText(card: Given): string {
  const called = mentionsIn(objectIn(card['msteams'])['entities']);
  const read = (text: unknown): string => withMentions(asRead(withDates(String(text ?? ''))), called);
  const linesOf = (element: Given): readonly string[] => {
    switch (element['type']) {
      case 'TextBlock':
        return [read(element['text'])];
      case 'RichTextBlock':
        return [runsOf(element['inlines']).join('')];
      case 'FactSet':
        return objectsIn(element['facts']).map(({ title, value }) => `${read(title)} ${read(value)}`);
    }
    return [];
  };
  return elementsIn(card).flatMap(linesOf).join('\n');
}

/** Runs of text know dates, and neither Markdown nor people. */
const runsOf = (inlines: unknown): readonly string[] =>
  (Array.isArray(inlines) ? inlines : []).map((inline: unknown) =>
    asSeen(withDates(typeof inline === 'string' ? inline : String(objectIn(inline)['text'] ?? ''))),
  );
