import type { Instant } from '../../domain/time.ts';
import type { Store } from '../../ports.ts';
import type { Messenger } from './messenger.ts';

/** Time, which tests move by hand. */
export interface Pace {
  now(): Instant;
  wait(milliseconds: number): Promise<void>;
}

/** What every lane works with. */
export interface World {
  readonly messenger: Messenger;
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  readonly pace: Pace;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Tells this record from every other one whose cards may stand in the same channel. */
  readonly mark: string;
  /** Whether nobody but our own people reads that channel. */
  readonly trusted: (channel: string) => Promise<'yes' | 'no' | 'unknown'>;
  readonly log: (facts: Readonly<Record<string, unknown>>, message: string) => void;
}

/** What a lane tells whoever made it. */
export interface LaneListener {
  /** The place takes nothing from us: what is open there has to stand somewhere else. */
  closed(because: string): Promise<void>;
  /** The place took something. */
  reached(): Promise<void>;
  /** Nothing is under way. */
  rested(): void;
}

/** Somewhere cards stand: a channel, or the conversation with a user. */
export type Place = { readonly kind: 'channel'; readonly channel: string } | { readonly kind: 'direct'; readonly user: string };
