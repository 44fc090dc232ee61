import { EXAMINE_EVERY, type Hooks, type Procedure, WATCH_EVERY, type WatchRule } from '../domain/inventory.ts';
import { parseQuietHours } from '../domain/quiet-hours.ts';
import { patternFault, ticketPattern } from '../domain/ticket.ts';
import { hours, minutes } from '../domain/time.ts';
import type { Words } from './line-words.ts';

/** A pool as a session file lays it out. */
export interface PoolLine {
  readonly kind: 'pool';
  readonly name: string;
  readonly version: '2013' | '2015' | '2019';
  /** What its servers have, where the configuration is wrong about it. */
  readonly installed: '2013' | '2015' | '2019';
  readonly domains: readonly (readonly string[])[];
  readonly paired: string | null;
  readonly byCommand: boolean;
  readonly hooks: Hooks;
  /** Null is the version's own: `server-failover` for 2019, else `upgrade-domains`. */
  readonly procedure: Procedure | null;
  /** What a change ticket has to match; null: none is needed. */
  readonly ticket: RegExp | null;
  readonly sql: 'mirror' | 'principal';
  /** Null: nobody looks at it outside runs unless asked to. */
  readonly watch: WatchRule | null;
}

/** Reads the rest of a `! pool` line. */
export function poolOf(words: Words): PoolLine {
  const name = words.name('the name of the pool');
  words.oneOf('the word', ['version'] as const);
  const version = words.oneOf('the version', ['2013', '2015', '2019'] as const);
  words.oneOf('the word', ['servers'] as const);
  const servers = words.count('the number of servers', 1);
  words.oneOf('the word', ['domains'] as const);
  const written = words.take('the upgrade domains');
  const domains = written.split('|').map((domain) => domain.split(','));
  const names = domains.flat();
  if (names.some((each) => !/^[A-Za-z0-9][A-Za-z0-9.-]{0,200}$/.test(each)))
    words.refuse('upgrade domains are written like fe1,fe2|fe3,fe4');
  if (names.length !== servers) words.refuse(`${servers} servers are announced, and ${names.length} are in the upgrade domains`);
  if (new Set(names.map((each) => each.toLowerCase())).size !== names.length)
    words.refuse('a server stands twice in the upgrade domains');
  let line: PoolLine = {
    kind: 'pool',
    name,
    version,
    installed: version,
    domains,
    paired: null,
    byCommand: false,
    hooks: { before: false, after: false },
    procedure: null,
    ticket: null,
    sql: 'principal',
    watch: null,
  };
  while (!words.done) line = withOption(line, words);
  return line;
}

function withOption(line: PoolLine, words: Words): PoolLine {
  switch (
    words.oneOf('an option of the pool', [
      'paired',
      'patch',
      'procedure',
      'installed',
      'hooks',
      'ticket',
      'sql',
      'watch',
      'quiet',
      'examine',
    ] as const)
  ) {
    case 'paired':
      return { ...line, paired: words.name('the paired pool') };
    case 'patch':
      return { ...line, byCommand: words.oneOf('the patch mode', ['by-command', 'by-hand'] as const) === 'by-command' };
    case 'procedure':
      return { ...line, procedure: words.oneOf('the procedure', ['upgrade-domains', 'server-failover'] as const) };
    case 'hooks': {
      const which = words.oneOf('the hooks', ['before', 'after', 'both'] as const);
      return { ...line, hooks: { before: which !== 'after', after: which !== 'before' } };
    }
    case 'installed':
      return { ...line, installed: words.oneOf('the version', ['2013', '2015', '2019'] as const) };
    case 'ticket': {
      const source = words.take('what a change ticket has to match');
      const fault = patternFault(source);
      return { ...line, ticket: fault === null ? ticketPattern(source) : words.refuse(`a ticket pattern ${fault}`) };
    }
    case 'watch':
      return { ...line, watch: { quietHours: null, ...line.watch, every: everyOf(words, 'watch', WATCH_EVERY) } };
    case 'quiet': {
      const quietHours =
        parseQuietHours(words.take('the quiet hours')) ?? words.refuse('quiet hours are written like 22:00-06:00');
      return line.watch === null ? words.refuse('quiet stands behind watch') : { ...line, watch: { ...line.watch, quietHours } };
    }
    case 'examine': {
      const examineEvery = everyOf(words, 'examine', EXAMINE_EVERY);
      return line.watch === null
        ? words.refuse('examine stands behind watch')
        : { ...line, watch: { ...line.watch, examineEvery } };
    }
    case 'sql':
      return { ...line, sql: words.oneOf('the database in charge', ['mirror', 'principal'] as const) };
  }
}

function everyOf(words: Words, what: string, { least, most }: { readonly least: number; readonly most: number }): number {
  const word = words.take('how often it is looked at');
  const [, count, unit] = /^(\d{1,4})(m|h)$/.exec(word) ?? [];
  const every = unit === 'h' ? hours(Number(count)) : minutes(Number(count));
  return every >= least && every <= most
    ? every
    : words.refuse(`${what} is a time from ${least / minutes(1)}m to ${most / hours(1)}h; this is "${word}"`);
}
