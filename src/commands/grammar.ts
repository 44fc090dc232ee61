import { distance } from 'fastest-levenshtein';
import { CHECK_NAMES, type CheckName } from '../domain/checks.ts';
import type { Right } from '../domain/inventory.ts';
import { OPERATION_CHECKS, type OperationCheckName } from '../domain/operation.ts';
import type { Scope } from '../domain/run.ts';
import type { StopMode } from '../domain/step.ts';
import { readMute } from './mute-words.ts';
import { normalize } from './normalize.ts';
import { OPERATION_COMMANDS, type OperationCommand } from './operation-grammar.ts';
import { leftOver, shown } from './quoted.ts';
import { REHEARSE, type RehearseCommand } from './rehearse-words.ts';
import { RESTART, type RestartCommand } from './restart-words.ts';
import { readUpgrade } from './upgrade-words.ts';

/** A line that was understood. `pool` and `server` are words as typed: the inventory says which they are. */
export type Command =
  | { readonly kind: 'help'; readonly about: string | null }
  | { readonly kind: 'pools' | 'whoami' }
  | { readonly kind: Asking; readonly pool: string | null }
  | { readonly kind: 'pause' | 'resume'; readonly pool: string | null }
  | {
      readonly kind: 'upgrade';
      readonly pool: string | null;
      readonly stopMode: StopMode;
      readonly scope: Scope;
      readonly ticket: string | null;
    }
  | RehearseCommand
  | RestartCommand
  | { readonly kind: 'approve'; readonly code: string | null }
  | { readonly kind: 'deny'; readonly words: readonly string[] }
  | { readonly kind: 'patched' | 'adopt'; readonly server: string }
  | OperationCommand
  | { readonly kind: 'tick'; readonly check: CheckName | OperationCheckName; readonly server: string | null }
  | { readonly kind: 'retry'; readonly pool: string | null; readonly immediate: boolean }
  | { readonly kind: 'abort'; readonly pool: string | null; readonly now: boolean }
  | { readonly kind: 'freeze'; readonly because: string }
  | { readonly kind: 'thaw' }
  /** `lasts` in ms. */
  | { readonly kind: 'mute'; readonly pool: string; readonly lasts: number; readonly because: string | null }
  | { readonly kind: 'unmute'; readonly pool: string | null };

/** Questions about one pool. They never change anything. */
export type Asking = 'status' | 'readiness' | 'fabric' | 'quorum' | 'plan' | 'why' | 'history' | 'checks' | 'preflight';

/** A line that was understood, or what its person is told instead. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'misread'; readonly tell: string };

/** What a command takes: a right on the pool it is about; or, where it is about all of them, either right on any. */
export type Needs = Right | 'operate or approve';

/** One command: how it is typed, what it does, who may, an example, and how its words are read. */
export interface Entry {
  readonly verb: Command['kind'];
  readonly usage: string;
  readonly about: string;
  /** Null: anybody who is listed at all. */
  readonly needs: Needs | null;
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
    usage: 'upgrade <pool> [downtime] [all | domains 2,3 | servers fe2,fe3] [ticket CHG0012345]',
    about:
      'Upgrades the pool one upgrade domain at a time, or one server by server-failover; each is approved by somebody else. `downtime`: immediate stops. `all`: start over. `ticket`: the change ticket.',
    needs: 'operate',
    example: 'upgrade pool01 domains 2,3',
    read: readUpgrade,
  },
  RESTART,
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
    verb: 'adopt',
    usage: 'adopt <server>',
    about: 'Takes what somebody did by hand on a server (a restart, a patch, a hook) as done, and goes on from there.',
    needs: 'operate',
    example: 'adopt fe1',
    read: ([server, ...rest]) => (server === undefined ? 'Which server?' : (leftOver(rest) ?? { kind: 'adopt', server })),
  },
  {
    verb: 'tick',
    usage: 'tick <check> [server | pool]',
    about: 'Says by your name that a check may stand as it is: viewers-closed, replicas-outside, quorum-kept, edge-next-hop.',
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
  {
    verb: 'freeze',
    usage: 'freeze <reason>',
    about: 'Starts nothing new on any server of any pool until `thaw`, and says why on every card.',
    needs: 'operate or approve',
    example: 'freeze storage failover drill until 03:00',
    read: (words) => (words.length === 0 ? 'A freeze needs its reason.' : { kind: 'freeze', because: words.join(' ') }),
  },
  {
    verb: 'thaw',
    usage: 'thaw',
    about: 'Ends a freeze. Every pool is looked at anew before anything is started.',
    needs: 'operate or approve',
    example: 'thaw',
    read: nothingElse({ kind: 'thaw' }),
  },
  {
    verb: 'mute',
    usage: 'mute <pool> 2h [why]',
    about: 'Tells nothing the watch sees of the pool for at most 24h, except that quorum is lost.',
    needs: 'operate',
    example: 'mute pool01 2h the switches are replaced',
    read: readMute,
  },
  {
    verb: 'unmute',
    usage: 'unmute [pool]',
    about: 'Ends a mute. What was held back is told.',
    needs: 'operate',
    example: 'unmute pool01',
    read: ([pool = null, ...rest]) => leftOver(rest) ?? { kind: 'unmute', pool },
  },
  asking(
    'why',
    'why [pool]',
    'Lists everything that is waited for: what, since when, what was seen, what clears it, the next look.',
  ),
  asking('history', 'history [pool]', 'Lists what happened in the last run.'),
  asking('checks', 'checks [pool]', 'Runs every named check on the pool and shows what each protects.'),
  asking(
    'preflight',
    'preflight [pool]',
    'Looks at every server before a night: services, events, ports, restart, disk, certificates, patch levels, backup, replication.',
  ),
  REHEARSE,
  ...OPERATION_COMMANDS,
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

const misread = (tell: string): Parsed => ({ kind: 'misread', tell });

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

function readTick([check, server, ...rest]: readonly string[]): Command | string {
  if (check === undefined) return 'Which check?';
  const names = [...CHECK_NAMES, ...OPERATION_CHECKS];
  const name = names.find((each) => each === check.toLowerCase());
  if (name === undefined) return `There is no check "${shown(check)}". Nearest: ${nearest(check, names).join(', ')}.`;
  return leftOver(rest) ?? { kind: 'tick', check: name, server: server ?? null };
}
