import { type Effect, POOL_EFFECTS, type Weather } from '../adapters/simulator/layout.ts';
import { RIGHTS, type Right } from '../domain/inventory.ts';
import { POOL_UPGRADE_STATES } from '../domain/readiness.ts';
import { hours, type Instant, minutes, seconds } from '../domain/time.ts';
import { type BackupLine, type ConditionLine, conditionWeather, type PairingLine } from './condition-weather.ts';
import { SessionFault, Words } from './line-words.ts';
import { type PoolLine, poolOf } from './pool-line.ts';
import { type PoolWeatherLine, poolWeather } from './pool-weather.ts';
import { isoTime } from './record.ts';
import { SERVER_WEATHER, type ServerWeather } from './server-weather.ts';

/** One line of a session file. Names are as the file writes them. */
export type SessionLine = { readonly number: number; readonly text: string } & (
  | { readonly kind: 'blank' }
  | { readonly kind: 'start'; readonly at: Instant }
  | { readonly kind: 'seed'; readonly seed: number }
  | PoolLine
  | { readonly kind: 'person'; readonly name: string; readonly rights: readonly Right[] }
  | { readonly kind: 'approvals'; readonly count: number }
  | { readonly kind: 'said'; readonly by: string; readonly words: string }
  | { readonly kind: 'clock'; readonly by: number }
  | { readonly kind: 'readiness'; readonly pool: string | null; readonly weather: Weather | 'auto' }
  | { readonly kind: ServerWeather; readonly server: string }
  | { readonly kind: 'move-primary' }
  | { readonly kind: 'lose-secondaries'; readonly count: number }
  | { readonly kind: 'sql'; readonly state: SqlState }
  | { readonly kind: 'add-server'; readonly server: string }
  | ConditionLine
  | BackupLine
  | PairingLine
  | PoolWeatherLine
  | { readonly kind: 'kill'; readonly after: { readonly effect: Effect; readonly server: string } | null }
  | { readonly kind: 'expect' | 'expect-not'; readonly words: string }
);

/** Which copy of the back-end database is in charge. */
export type SqlState = 'mirror' | 'principal' | 'down';
const EFFECTS: readonly Effect[] = [
  'Stop-CsWindowsService',
  'Start-CsWindowsService',
  'Restart-Computer',
  'patch',
  'Invoke-CsComputerFailOver',
  'Invoke-CsComputerFailBack',
  'hook-before',
  'hook-after',
  ...POOL_EFFECTS,
];
const WEATHER: readonly (Weather | 'auto')[] = [...POOL_UPGRADE_STATES, 'silent', 'garbage', 'auto'];

/** A whole file, line by line; the first line that is wrong is thrown with its place. */
export const parseSession = (text: string): readonly SessionLine[] =>
  text.split(/\r?\n/).map((line, index) => parseLine(line, index + 1));

/** One line, as a file or a terminal has it. */
export function parseLine(text: string, number: number): SessionLine {
  const at = { number, text };
  const from = text.search(/\S/);
  const sign = from < 0 ? '' : (text[from] ?? '');
  const rest = text.slice(from + 1).trim();
  switch (sign) {
    case '':
    case '#':
      return { ...at, kind: 'blank' };
    case '@':
      return { ...at, ...saidOf(text, number, from) };
    case '+':
      return { ...at, kind: 'clock', by: durationOf(rest, number, from + 1) };
    case '>': {
      const not = rest.startsWith('!');
      const words = (not ? rest.slice(1) : rest).trim();
      if (words === '') throw new SessionFault(number, from + 2, 'the text to look for is missing');
      return { ...at, kind: not ? 'expect-not' : 'expect', words };
    }
    case '!':
      return { ...at, ...weatherOf(new Words(text, number, from + 1)) };
    default:
      throw new SessionFault(number, from + 1, `a line begins with #, !, @, + or >; this one with "${sign}"`);
  }
}

function saidOf(text: string, number: number, from: number) {
  const [, by = '', words = ''] = /^@(\S+)\s*(.*)$/su.exec(text.slice(from)) ?? [];
  if (!/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(by)) throw new SessionFault(number, from + 1, 'a person is @name');
  if (words.trim() === '') throw new SessionFault(number, text.length + 1, `what ${by} types is missing`);
  return { kind: 'said', by, words } as const;
}

function durationOf(text: string, line: number, column: number): number {
  const whole = text.replaceAll(' ', '');
  const parts = [...whole.matchAll(/(\d{1,6})(s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== whole)
    throw new SessionFault(line, column, 'the clock moves by something like +30s, +10m or +2h');
  const units = { s: seconds, m: minutes, h: hours };
  return parts.reduce((sum, [, count, unit]) => sum + units[unit === 's' || unit === 'h' ? unit : 'm'](Number(count)), 0);
}

type Weathered = SessionLine extends infer Line ? (Line extends SessionLine ? Omit<Line, 'number' | 'text'> : never) : never;

function weatherOf(words: Words): Weathered {
  const line = oneWeather(words);
  words.finish();
  return line;
}

function oneWeather(words: Words): Weathered {
  const verb = words.take('what happens').toLowerCase();
  const server = SERVER_WEATHER.find((each) => each === verb);
  if (server !== undefined) return { kind: server, server: words.name('a server') };
  switch (verb) {
    case 'start':
      return { kind: 'start', at: instantOf(words) };
    case 'seed':
      return { kind: 'seed', seed: words.count('the seed', 0) };
    case 'pool':
      return poolOf(words);
    case 'person':
      return personOf(words);
    case 'approvals':
      return { kind: 'approvals', count: words.count('the number of approvers', 1) };
    case 'readiness': {
      const pool = WEATHER.some((each) => each.toLowerCase() === words.peek()?.toLowerCase())
        ? null
        : words.name('what the cmdlet says, or a pool,');
      return { kind: 'readiness', pool, weather: words.oneOf('what the cmdlet says', WEATHER) };
    }
    case 'move-primary':
      return { kind: 'move-primary' };
    case 'lose-secondaries':
      return { kind: 'lose-secondaries', count: words.count('how many routing groups', 1) };
    case 'sql':
      return { kind: 'sql', state: words.oneOf('the database in charge', ['mirror', 'principal', 'down'] as const) };
    case 'add-server':
      return { kind: 'add-server', server: words.name('a server') };
    case 'hook': {
      const hook = words.oneOf('the hook', ['before', 'after'] as const);
      const server = words.name('a server');
      words.oneOf('the word', ['fails'] as const);
      return { kind: `hook-${hook}-fails`, server };
    }
    case 'by-hand': {
      const done = words.oneOf('what somebody did', ['restarted', 'patched', 'started'] as const);
      return { kind: `${done}-by-hand`, server: words.name('a server') };
    }
    case 'failover':
    case 'failback': {
      const server = words.name('a server');
      return { kind: `${verb}-${words.oneOf('what becomes of it', ['fails'] as const)}`, server };
    }
    case 'services': {
      const server = words.name('a server');
      return { kind: `services-${words.oneOf('their start type', ['disabled', 'enabled'] as const)}`, server };
    }
    case 'kill':
      if (words.done) return { kind: 'kill', after: null };
      words.oneOf('what a kill waits for', ['after'] as const);
      return { kind: 'kill', after: { effect: words.oneOf('an effect', EFFECTS), server: words.name('a server') } };
    default:
      return (
        conditionWeather(verb, words) ?? poolWeather(verb, words) ?? words.refuse(`nobody knows how to make "${verb}" happen`)
      );
  }
}

function instantOf(words: Words): Instant {
  const word = words.take('a time');
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(word) ? Date.parse(word) : Number.NaN;
  // The 30th of February is read as the 2nd of March, which nobody wrote.
  const asWritten = !Number.isNaN(time) && isoTime(time).startsWith(word.slice(0, -1));
  return asWritten ? time : words.refuse(`"${word}" is not a time like 2026-03-03T22:00Z`);
}

function personOf(words: Words): Weathered {
  const name = words.name('a person').replace(/^@/, '');
  const rights: Right[] = [];
  while (!words.done) {
    const listed = words
      .take('a right')
      .split(',')
      .filter((word) => word !== '');
    for (const word of listed)
      rights.push(
        RIGHTS.find((right) => right === word) ?? words.refuse(`a right is one of ${RIGHTS.join(', ')}; this is "${word}"`),
      );
  }
  return { kind: 'person', name, rights };
}
