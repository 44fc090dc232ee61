import { cardText, type Seen } from '../../messages/card.ts';

/** A card for a terminal: the title stands out by its tone, and by its words, for colour is never the only sign. */
export function renderCard(card: Seen, before: string | null, colour: boolean): string | null {
  const known = new Set(before?.split('\n') ?? []);
  const [title = '', ...lines] = cardText(card).split('\n');
  const news = lines.filter((line) => !known.has(line));
  if (before !== null && known.has(title) && news.length === 0) return null;
  const head = `${before === null ? '' : '~ '}${title}`;
  return [colour ? `${COLOURS[card.tone]}${head}${PLAIN}` : head, ...news].join('\n');
}

const COLOURS: Readonly<Record<Seen['tone'], string>> = { calm: '\u001b[1m', ask: '\u001b[1;36m', alarm: '\u001b[1;31m' };
const PLAIN = '\u001b[0m';
