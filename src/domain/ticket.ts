/** A change ticket as people type it: what ticket systems use in their numbers, and nothing that could mean more. */
const TICKET = /^[A-Za-z0-9_#/-]{1,40}$/;
/** What a ticket may consist of, for whoever typed another. */
export const TICKET_WORDS = 'at most 40 letters, digits, hyphens, underscores, # and /';

/** Whether a word can be a change ticket at all, whatever the pool wants. */
export const isTicket = (word: string): boolean => TICKET.test(word);

/** Longer than any ticket system needs. Our own number. */
const PATTERN_LONGEST = 200;
/** A repeated group, `([A-Z]+)*`, may be tried in more ways than there is time for, however short the ticket. */
const REPEATED_GROUP = /\)[*+{]/;

/** What is wrong with a pool's ticket pattern, to follow its name; null when nothing is. */
export function patternFault(source: string): string | null {
  if (source.length > PATTERN_LONGEST) return `must have at most ${PATTERN_LONGEST} characters`;
  if (REPEATED_GROUP.test(source)) return 'must not repeat a group: repeat a character or a class, such as [0-9]{7}';
  try {
    // By itself: `a)|(b` is whole only between our own brackets, and would match in part.
    new RegExp(source);
    return null;
  } catch {
    return 'must be a regular expression, such as ^CHG[0-9]{7}$';
  }
}

/** The pattern as a regular expression that a whole ticket has to match. Throws for one that `patternFault` objects to. */
export const ticketPattern = (source: string): RegExp => new RegExp(`^(?:${source})$`);

/** Why this ticket will not do for a pool that has such a pattern; null when it will. Without a pattern none is needed. */
export function ticketObjection(ticket: string | null, pattern: RegExp | null): string | null {
  if (pattern === null) return null;
  if (ticket === null) return 'it needs a change ticket';
  return pattern.test(ticket) ? null : `"${ticket}" is no change ticket of this pool`;
}

/** A ticket that such a pattern takes and that nobody has, to show what one looks like; null when that is not plain. */
export function ticketExample(pattern: RegExp): string | null {
  const example = pattern.source
    .replace(/^\^\(\?:(.*)\)\$$/, '$1')
    .replace(/^\^|\$$/g, '')
    .replace(/\\([#/_-])/g, '$1')
    .replace(/\\d|\[0-9\]/g, '0')
    .replace(/\[A-Z\]/g, 'A')
    .replace(/([A-Za-z0-9_#/-])(?:\{(\d{1,2})(?:,\d*)?\}|\+)/g, (_whole, letter: string, count = '1') =>
      letter.repeat(Number(count)),
    );
  return isTicket(example) && pattern.test(example) ? example : null;
}
