import type { Scope } from '../domain/run.ts';
import type { StopMode } from '../domain/step.ts';
import { isTicket, TICKET_WORDS } from '../domain/ticket.ts';
import type { Command } from './grammar.ts';
import { leftOver, shown } from './quoted.ts';

/** `<pool>`, then in any order `downtime`, `all`, `domains 2,3` or `servers fe01,fe02`, and `ticket CHG0012345`, whose case is kept. */
export function readUpgrade([pool, ...options]: readonly string[]): Command | string {
  if (pool === undefined) return 'Which pool?';
  const ticketed = takeTicket(options);
  if (typeof ticketed === 'string') return ticketed;
  let stopMode: StopMode = 'graceful';
  let scope: Scope = { kind: 'left' };
  const words = ticketed.others.map((word) => word.toLowerCase());
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (word === 'downtime' && stopMode === 'graceful') stopMode = 'immediate';
    else if (word === 'all' && scope.kind === 'left') scope = { kind: 'all' };
    else if (/^(domain|server)s?$/.test(word) && scope.kind === 'left') {
      const names = takeNames(words);
      if (names.length === 0) return word.startsWith('domain') ? 'Which upgrade domains?' : 'Which servers?';
      scope = { kind: 'domains', names };
    } else return leftOver([word]) ?? '';
  }
  return { kind: 'upgrade', pool, stopMode, scope, ticket: ticketed.ticket };
}

type Ticketed = { readonly ticket: string | null; readonly others: readonly string[] };

/** The ticket clause, wherever it stands, and the words around it. */
export function takeTicket(words: readonly string[]): Ticketed | string {
  const isClause = (word: string): boolean => /^ticket:?$/i.test(word);
  const at = words.findIndex(isClause);
  if (at < 0) return { ticket: null, others: words };
  const [, ticket, ...after] = words.slice(at);
  if (ticket === undefined) return 'Which ticket?';
  if (!isTicket(ticket)) return `"${shown(ticket)}" is no ticket: it has ${TICKET_WORDS}.`;
  return after.some(isClause) ? '"ticket" stands twice.' : { ticket, others: [...words.slice(0, at), ...after] };
}

/** `2,3`, `2, 3`, `2 3` and `2 and 3`: names joined by commas or `and`, however they are spaced; numbers need neither. */
function takeNames(words: string[]): readonly string[] {
  let list = words.shift() ?? '';
  while (
    words[0] !== undefined &&
    (list.endsWith(',') || words[0].startsWith(',') || words[0] === 'and' || /^\d+$/.test(words[0]))
  ) {
    const word = words.shift() ?? '';
    list += word === 'and' ? `,${words.shift() ?? ''}` : `,${word}`;
  }
  return [...new Set(list.split(',').flatMap(namesIn))];
}

/** The longest row of numbered domains that a dash may stand for: no pool has more servers. */
const DOMAINS_MAX = 16;

/** `2-4` is 2, 3 and 4; anything else is itself. */
function namesIn(word: string): readonly string[] {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(word) ?? [];
  const count = Number(to) - Number(from) + 1;
  if (from !== undefined && count >= 1 && count <= DOMAINS_MAX)
    return Array.from({ length: count }, (_, index) => String(Number(from) + index));
  return word === '' ? [] : [word];
}
