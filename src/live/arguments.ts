import { parseArgs } from 'node:util';

/** What the program was called for. */
export type Arguments =
  | { readonly command: 'chat'; readonly speed: number }
  | {
      readonly command: 'play';
      readonly file: string;
      readonly events: boolean;
      readonly through: boolean;
      readonly surface: 'terminal' | 'slack' | 'teams';
    }
  /** `pool` is null for what has nothing to do with one pool. */
  | { readonly command: 'doctor'; readonly pool: string | null; readonly send: boolean }
  | {
      readonly command: 'probe';
      readonly pool: string;
      /** Null: the first one that is configured. */
      readonly server: string | null;
      readonly folder: string;
      readonly scrub: boolean;
    }
  | { readonly command: 'backup' | 'restore'; readonly file: string }
  | { readonly command: 'help' }
  | { readonly command: 'wrong'; readonly because: string };

/** What a user who asks for help, or who typed something else, is told. */
export const USAGE = `lifeguard                       the configured pools (LIFEGUARD_POOLS), or simulated ones, with a chat in this terminal
  --speed N                     how many times faster than real time simulated pools live (60)
lifeguard play FILE             plays a session file in virtual time; 0: every > line held, 1: one did not, 2: the file is wrong
  --events                      only JSON lines: what happened, in its order
  --surface slack               typed, clicked and submitted in a simulated Slack; events then have each payload as sent
  --surface teams               the same in a simulated Teams, signed and over HTTP
  --through powershell          every reading and effect through PowerShell and the real scripts
lifeguard doctor                looks at what the configuration names: Slack's token, scopes, clock, channels, people, groups
  --send                        posts a test card in every channel
lifeguard doctor POOL           looks at every Front End Server of the pool, and at all that an upgrade needs; changes nothing
lifeguard probe POOL            records what the pool's cmdlets return, in a file of this folder
  --server NAME                 asked of this Front End Server (the first one configured)
  --folder PATH                 where the file goes (.)
  --scrub                       with made-up names for every server, domain, account and address
lifeguard backup FILE           copies the record, also while Lifeguard works on it
lifeguard restore FILE          makes a new record of a copy; never writes over one
lifeguard help                  this`;

const OPTIONS = {
  events: { type: 'boolean' },
  surface: { type: 'string' },
  send: { type: 'boolean' },
  through: { type: 'string' },
  speed: { type: 'string' },
  server: { type: 'string' },
  folder: { type: 'string' },
  scrub: { type: 'boolean' },
} as const;

/** The options of each command, and whether it takes a word after it. */
const COMMANDS = {
  chat: { options: ['speed'], word: 'none' },
  play: { options: ['events', 'surface', 'through'], word: 'FILE' },
  doctor: { options: ['send'], word: 'maybe' },
  probe: { options: ['server', 'folder', 'scrub'], word: 'POOL' },
  backup: { options: [], word: 'FILE' },
  restore: { options: [], word: 'FILE' },
  help: { options: [], word: 'none' },
} as const satisfies Readonly<
  Record<string, { readonly options: readonly (keyof typeof OPTIONS)[]; readonly word: 'none' | 'maybe' | 'FILE' | 'POOL' }>
>;

const wrong = (because: string): Arguments => ({ command: 'wrong', because });

/** Reads the words after the program's name. Nothing that is not understood is passed over. */
export function readArguments(args: readonly string[]): Arguments {
  const parsed = parsedArguments(args);
  if (typeof parsed === 'string') return wrong(parsed);
  const { values, positionals } = parsed;
  const [name = 'chat', word, ...rest] = positionals;
  if (!isCommand(name)) return wrong(`there is no command "${name}"`);
  const takes = COMMANDS[name];
  const known: readonly string[] = takes.options;
  const stray = Object.keys(values).find((option) => !known.includes(option));
  if (stray !== undefined) return wrong(`${name} takes no --${stray}`);
  const tooMuch = takes.word === 'none' ? (word ?? rest[0]) : rest[0];
  if (tooMuch !== undefined) return wrong(`"${tooMuch}" is too much`);
  if (word === undefined && (takes.word === 'FILE' || takes.word === 'POOL')) return wrong(`${name} needs a ${takes.word}`);
  return read(name, word ?? '', values);
}

type Values = Exclude<ReturnType<typeof parsedArguments>, string>['values'];

function read(name: keyof typeof COMMANDS, word: string, values: Values): Arguments {
  switch (name) {
    case 'chat': {
      const speed = Number(values.speed ?? 60);
      return speed >= 1 && speed <= 3_600 ? { command: name, speed } : wrong('--speed takes a number from 1 to 3600');
    }
    case 'play': {
      const { events = false, through, surface = 'terminal' } = values;
      if (through !== undefined && through !== 'powershell') return wrong('--through takes powershell');
      if (surface !== 'terminal' && surface !== 'slack' && surface !== 'teams')
        return wrong('--surface takes terminal, slack or teams');
      return { command: name, file: word, events, through: through !== undefined, surface };
    }
    case 'doctor': {
      const { send = false } = values;
      if (send && word !== '') return wrong('--send posts in every channel: it goes without a pool');
      return { command: name, pool: word === '' ? null : word, send };
    }
    case 'probe': {
      const { server = null, folder = '.', scrub = false } = values;
      return { command: name, pool: word, server, folder, scrub };
    }
    case 'backup':
    case 'restore':
      return { command: name, file: word };
    case 'help':
      return { command: name };
  }
}

function parsedArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);
