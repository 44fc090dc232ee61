import { distance } from 'fastest-levenshtein';
import { CHECK_NAMES, type CheckName } from '../domain/checks.ts';
import type { Right } from '../domain/inventory.ts';
import type { Scope } from '../domain/run.ts';
import type { StopMode } from '../domain/step.ts';
import { normalize } from './normalize.ts';

/** A line that was understood. `pool` and `server` are words as typed: the inventory says which they are. */
export type Command =
  | { readonly kind: 'help'; readonly about: string | null }
  | { readonly kind: 'pools' | 'whoami' }
  | { readonly kind: Asking; readonly pool: string | null }
  | { readonly kind: 'pause' | 'resume'; readonly pool: string | null }
  | { readonly kind: 'upgrade'; readonly pool: string | null; readonly stopMode: StopMode; readonly scope: Scope }
  | { readonly kind: 'approve'; readonly code: string | null }
  | { readonly kind: 'deny'; readonly words: readonly string[] }
  | { readonly kind: 'patched'; readonly server: string }
  | { readonly kind: 'tick'; readonly check: CheckName; readonly server: string | null }
  | { readonly kind: 'retry'; readonly pool: string | null; readonly immediate: boolean }
  | { readonly kind: 'abort'; readonly pool: string | null; readonly now: boolean };

/** Questions about one pool. They never change anything. */
export type Asking = 'status' | 'readiness' | 'fabric' | 'quorum' | 'plan' | 'why' | 'history' | 'checks';

/** A line that was understood, or what its person is told instead. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'misread'; readonly tell: string };

/** One command: how it is typed, what it does, who may, an example, and how its words are read. */
export interface Entry {
  readonly verb: Command['kind'];
  readonly usage: string;
  readonly about: string;
  /** The right it takes on the pool it is about; null: anybody who is listed at all. */
  readonly needs: Right | null;
  readonly example: string;
  /** The command, or what is wrong with the words. */
  readonly read: (words: readonly string[]) => Command | string;
}

/** The whole language of the bot: help, authorize, the manifests' tests and the parser read this one list. */
export const COMMANDS: readonly Entry[] = [
  {
    verb: 'help',
    usage: 'help [command]',
    about: 'Lists the commands, or explains one.',
    needs: null,
    example: 'help upgrade',
    read: ([about = null, ...rest]) => leftOver(rest) ?? { kind: 'help', about },
  },
  {
    verb: 'pools',
    usage: 'pools',
    about: 'Lists the pools and what is under way.',
    needs: null,
    example: 'pools',
    read: nothingElse({ kind: 'pools' }),
  },
  asking('status', 'status [pool]', 'Says how the pool is, worst first, short enough for a phone.'),
  asking(
    'readiness',
    'readiness [pool]',
    'Asks the pool whether it is Ready, Busy or short of Front Ends, and keeps the reading.',
  ),
  asking('fabric', 'fabric [pool]', 'Shows routing groups: missing replicas, primaries by server.'),
  asking('quorum', 'quorum [pool]', 'Shows how many servers must run, and the margin with each upgrade domain down.'),
  asking('plan', 'plan [pool]', 'Shows what an upgrade would do, in which order, and what stands against it.'),
  {
    verb: 'upgrade',
    usage: 'upgrade <pool> [downtime] [all | domains 2,3]',
    about:
      'Upgrades the pool one upgrade domain at a time; each is approved by somebody else. `downtime`: immediate stops. `all`: start over.',
    needs: 'operate',
    example: 'upgrade pool01 domains 2,3',
    read: readUpgrade,
  },
  {
    verb: 'approve',
    usage: 'approve [code]',
    about: 'Says yes to an open request. The code is needed when several are open.',
    needs: 'approve',
    example: 'approve 7KQ4',
    read: ([code = null, ...rest]) => leftOver(rest) ?? { kind: 'approve', code: code?.toUpperCase() ?? null },
  },
  {
    verb: 'deny',
    usage: 'deny [code] <why>',
    about: 'Says no to an open request, and why.',
    needs: 'approve',
    example: 'deny 7KQ4 the backup pool is not steady',
    read: (words) => (words.length === 0 ? 'A no needs its reason.' : { kind: 'deny', words }),
  },
  {
    verb: 'patched',
    usage: 'patched <server>',
    about: 'Says that the update is installed on a stopped server.',
    needs: 'operate',
    example: 'patched fe1',
    read: ([server, ...rest]) => (server === undefined ? 'Which server?' : (leftOver(rest) ?? { kind: 'patched', server })),
  },
  {
    verb: 'tick',
    usage: 'tick <check> [server]',
    about: 'Says by your name that a check may stand as it is: viewers-closed, replicas-outside, quorum-kept.',
    needs: 'operate',
    example: 'tick viewers-closed fe1',
    read: readTick,
  },
  onRun('pause', 'Starts nothing new from the next safe point on. A settling pool is still watched.'),
  onRun('resume', 'Goes on after a pause.'),
  {
    verb: 'retry',
    usage: 'retry [pool] [immediate]',
    about: 'Goes on after a hold, looking again first. `immediate`: asks for approval to end a drain.',
    needs: 'operate',
    example: 'retry pool01',
    read: (words) => withFlag(words, 'immediate', (pool, immediate) => ({ kind: 'retry', pool, immediate })),
  },
  {
    verb: 'abort',
    usage: 'abort [pool] [now]',
    about: 'Brings the upgrade domain under way back up, then ends. `now`: leaves everything as it is and lists it.',
    needs: 'operate',
    example: 'abort pool01',
    read: (words) => withFlag(words, 'now', (pool, now) => ({ kind: 'abort', pool, now })),
  },
  asking(
    'why',
    'why [pool]',
    'Lists everything that is waited for: what, since when, what was seen, what clears it, the next look.',
  ),
  asking('history', 'history [pool]', 'Lists what happened in the last run.'),
  asking('checks', 'checks [pool]', 'Runs every named check on the pool and shows what each protects.'),
  {
    verb: 'whoami',
    usage: 'whoami',
    about: 'Says who you are to Lifeguard and what you may do.',
    needs: null,
    example: 'whoami',
    read: nothingElse({ kind: 'whoami' }),
  },
];

/** Lenient first, then strict: a command with words left over is refused whole, and an unknown one changes nothing. */
export function parse(typed: string): Parsed {
  const normalized = normalize(typed);
  if (normalized.kind === 'refused') return misread(`Not read: ${normalized.because}.`);
  const [first = '', ...words] = normalized.text.split(' ');
  const verb = first.replace(/:$/, '');
  const entry = COMMANDS.find((each) => each.verb === verb.toLowerCase());
  if (entry === undefined)
    return misread(
      `I don't know "${shown(verb)}". Nearest: ${nearest(
        verb,
        COMMANDS.map((each) => each.verb),
      ).join(', ')}. \`help\` lists all. Nothing was changed.`,
    );
  const read = entry.read(words);
  return typeof read === 'string'
    ? misread(`${read} Usage: ${entry.usage}. Nothing was changed.`)
    : { kind: 'command', command: read };
}

/** The three candidates nearest to a word, nearest first. */
export const nearest = (word: string, candidates: readonly string[]): readonly string[] =>
  candidates.toSorted((left, right) => distance(word.toLowerCase(), left) - distance(word.toLowerCase(), right)).slice(0, 3);

/** What somebody typed, short enough to be quoted back. */
export const shown = (word: string): string => (word.length > 40 ? `${word.slice(0, 40)}…` : word);

const misread = (tell: string): Parsed => ({ kind: 'misread', tell });
const leftOver = (words: readonly string[]): string | null =>
  words.length === 0 ? null : `I don't know what to do with "${shown(words.join(' '))}".`;

function nothingElse(command: Command): Entry['read'] {
  return (words) => leftOver(words) ?? command;
}

function asking(verb: Asking, usage: string, about: string): Entry {
  return {
    verb,
    usage,
    about,
    needs: 'view',
    example: `${verb} pool01`,
    read: ([pool = null, ...rest]) => leftOver(rest) ?? { kind: verb, pool },
  };
}

function onRun(verb: 'pause' | 'resume', about: string): Entry {
  const read: Entry['read'] = ([pool = null, ...rest]) => leftOver(rest) ?? { kind: verb, pool };
  return { verb, usage: `${verb} [pool]`, about, needs: 'operate', example: `${verb} pool01`, read };
}

function withFlag(
  words: readonly string[],
  flag: string,
  build: (pool: string | null, flagged: boolean) => Command,
): Command | string {
  const [pool = null, ...rest] = words.filter((word) => word.toLowerCase() !== flag);
  const flags = words.filter((word) => word.toLowerCase() === flag).length;
  return leftOver(rest) ?? (flags > 1 ? `"${flag}" stands twice.` : build(pool, flags === 1));
}

function readUpgrade([pool, ...options]: readonly string[]): Command | string {
  if (pool === undefined) return 'Which pool?';
  let stopMode: StopMode = 'graceful';
  let scope: Scope = { kind: 'left' };
  const words = options.map((word) => word.toLowerCase());
  while (words.length > 0) {
    const word = words.shift();
    if (word === 'downtime' && stopMode === 'graceful') stopMode = 'immediate';
    else if (word === 'all' && scope.kind === 'left') scope = { kind: 'all' };
    else if ((word === 'domains' || word === 'domain') && scope.kind === 'left') {
      const names = takeNames(words);
      if (names.length === 0) return 'Which upgrade domains?';
      scope = { kind: 'domains', names };
    } else return `I don't know what to do with "${shown(word ?? '')}".`;
  }
  return { kind: 'upgrade', pool, stopMode, scope };
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

function readTick([check, server, ...rest]: readonly string[]): Command | string {
  if (check === undefined) return 'Which check?';
  const name = CHECK_NAMES.find((each) => each === check.toLowerCase());
  if (name === undefined) return `There is no check "${shown(check)}". Nearest: ${nearest(check, CHECK_NAMES).join(', ')}.`;
  return leftOver(rest) ?? { kind: 'tick', check: name, server: server ?? null };
}
