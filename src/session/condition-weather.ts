import type { BackupWeather, ServiceWeather } from '../adapters/simulator/conditions.ts';
import type { SimulatedPool } from '../adapters/simulator/pool.ts';
import { KEY_PORTS, KEY_SERVICES, type KeyPort, TELLING_EVENTS } from '../domain/condition.ts';
import type { ServerFqdn } from '../domain/pool.ts';
import { hours } from '../domain/time.ts';
import type { Words } from './line-words.ts';

/** What may befall one server that only a pre-flight sees. */
export type ConditionLine = { readonly server: string } & (
  | { readonly kind: 'event'; readonly id: (typeof TELLING_EVENTS)[number] }
  | { readonly kind: 'disk'; readonly free: number }
  | { readonly kind: 'certificate'; readonly endsAfter: number }
  | { readonly kind: 'pending-reboot' }
  | { readonly kind: 'service'; readonly name: (typeof KEY_SERVICES)[number]; readonly state: ServiceWeather }
  | { readonly kind: 'port'; readonly port: KeyPort; readonly open: boolean }
  | { readonly kind: 'replica'; readonly behind: boolean }
);
/** What the backup service of the first pool is made to say. */
export interface BackupLine {
  readonly kind: 'backup';
  readonly state: BackupWeather;
}
/** The backup relationship of the first pool is another from now on; null: it has none. */
export interface PairingLine {
  readonly kind: 'pairing';
  readonly pool: string | null;
}

/** Reads the rest of such a line; null for a verb that is none of these. */
export function conditionWeather(verb: string, words: Words): ConditionLine | BackupLine | PairingLine | null {
  if (verb === 'backup') return { kind: verb, state: words.oneOf('the backup service', ['steady', 'behind', 'failed'] as const) };
  switch (verb) {
    case 'pairing': {
      const pool = words.name('the backup pool, or none,');
      return { kind: verb, pool: pool === 'none' ? null : pool };
    }
    case 'pending-reboot':
      return { kind: verb, server: words.name('a server') };
    case 'event':
      return { server: words.name('a server'), kind: verb, id: numbered(words, 'the event', TELLING_EVENTS) };
    case 'disk':
      return { server: words.name('a server'), kind: verb, free: measured(words, 'the free space', 'GB') * 1e9 };
    case 'certificate':
      return { server: words.name('a server'), kind: verb, endsAfter: measured(words, 'its end', 'd') * hours(24) };
    case 'service': {
      const server = words.name('a server');
      const name = words.oneOf('the service', KEY_SERVICES);
      const state = words.oneOf('its state', ['running', 'stopped', 'starting'] as const);
      return {
        kind: verb,
        server,
        name,
        state: ({ running: null, stopped: 'Stopped', starting: 'Start Pending' } as const)[state],
      };
    }
    case 'port': {
      const server = words.name('a server');
      const port = numbered(words, 'the port', KEY_PORTS);
      return { kind: verb, server, port, open: words.oneOf('what it is', ['open', 'closed'] as const) === 'open' };
    }
    case 'replica': {
      const server = words.name('a server');
      return { kind: verb, server, behind: words.oneOf('what it is', ['behind', 'up-to-date'] as const) === 'behind' };
    }
    default:
      return null;
  }
}

/** Lets it happen, now. */
export function happenToCondition(line: ConditionLine, { conditions }: SimulatedPool, server: ServerFqdn): void {
  switch (line.kind) {
    case 'event':
      conditions.event(server, line.id);
      break;
    case 'disk':
      conditions.freeIs(server, line.free);
      break;
    case 'certificate':
      conditions.certificateEnds(server, line.endsAfter);
      break;
    case 'pending-reboot':
      conditions.pendingRestart.add(server);
      break;
    case 'service':
      conditions.serviceIs(server, line.name, line.state);
      break;
    case 'port':
      conditions.portIs(server, line.port, line.open);
      break;
    case 'replica':
      conditions.replicaBehind[line.behind ? 'add' : 'delete'](server);
  }
}

const numbered = <Numbers extends number>(words: Words, what: string, among: readonly Numbers[]): Numbers => {
  const word = words.take(what);
  return among.find((each) => String(each) === word) ?? words.refuse(`${what} is one of ${among.join(', ')}; this is "${word}"`);
};

/** A number with its unit written to it, such as `2GB` or `-1d`. */
function measured(words: Words, what: string, unit: 'GB' | 'd'): number {
  const word = words.take(what);
  const [, number] = new RegExp(`^(${unit === 'd' ? '-?' : ''}\\d{1,6})${unit}$`, 'i').exec(word) ?? [];
  return number === undefined ? words.refuse(`${what} is written like 10${unit}; this is "${word}"`) : Number(number);
}
