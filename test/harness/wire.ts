import type { Instant } from '../../src/domain/time.ts';
import type { Clock, Heard } from '../../src/ports.ts';
import { parseLine } from '../../src/session/file.ts';
import { World } from '../../src/session/world.ts';

/** Time that runs faster than outside, and is the same in every process that has these numbers. */
export interface Pace {
  /** When it began, outside. */
  readonly began: Instant;
  /** What time it was then. */
  readonly from: Instant;
  /** How many of its seconds pass in a second. */
  readonly speed: number;
}

/** The clock of everybody in a walk. */
export const pacedClock = ({ began, from, speed }: Pace): Clock => ({
  now: () => from + Math.round((Date.now() - began) * speed),
});

/** The pool, as a session file writes it, and who may speak to the bot. */
export interface Scenery {
  readonly lines: readonly string[];
  readonly people: readonly string[];
}

/** The same world in the process that holds the pool and in the bots, which need only its configuration. */
export function worldOf({ lines, people }: Scenery, witness: ConstructorParameters<typeof World>[1]): World {
  const world = new World([], witness);
  lines.forEach((line, index) => {
    world.happen(parseLine(line, index + 1));
  });
  for (const person of people) world.meet(person);
  return world;
}

/** Where the record of a walk is. */
export type RecordPlace = { readonly kind: 'file'; readonly file: string } | { readonly kind: 'database'; readonly url: string };

/** All that a bot is told when it is started. */
export interface BotSettings {
  readonly name: string;
  readonly poolUrl: string;
  readonly token: string;
  readonly record: RecordPlace;
  readonly pace: Pace;
  readonly scenery: Scenery;
}

/** What a bot asks of the process that holds the pool: a reading, an effect, or that a card be shown. */
export interface Call {
  readonly bot: string;
  readonly port: 'reader' | 'operator' | 'channel';
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What a bot says of itself. */
export type BotLine =
  | { readonly kind: 'waiting' | 'ready' }
  | { readonly kind: 'heard'; readonly deliveryId: string; readonly taken: boolean };

/** What a bot is told: what somebody typed. */
export type HeardLine = Heard;

/** How a bot ends that leads no more. */
export const LOST_CODE = 3;
/** How a bot ends that cannot have the record. */
export const REFUSED_CODE = 2;
