import type { Instant } from '../../domain/time.ts';
import type { Card } from '../../messages/card.ts';
import type { About, Store } from '../../ports.ts';
import type { Rate } from './delivery-budget.ts';
import type { Messenger } from './messenger.ts';

/** Time, which tests move by hand. */
export interface Pace {
  now(): Instant;
  wait(milliseconds: number): Promise<void>;
}

/** A card that should stand somewhere, and what it is about. */
export interface Wanted {
  readonly card: Card;
  readonly about: About;
}

/** Who is told when a whole platform does not answer any longer: another one may have to do. */
export interface Outage {
  /** It has not answered for `SILENT_FOR`; `open` waits for somebody there, or is to be seen. */
  began(open: readonly Wanted[]): void;
  ended(): void;
}

/** What every lane works with. */
export interface World {
  /** What people call it. */
  readonly platform: string;
  readonly rate: Rate;
  readonly messenger: Messenger;
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  readonly pace: Pace;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Tells this record from every other one whose cards may stand in the same channel. */
  readonly mark: string;
  /** Whether nobody but our own people reads that channel. */
  readonly trusted: (channel: string) => Promise<'yes' | 'no' | 'unknown'>;
  readonly outage: Outage;
  readonly log: (facts: Readonly<Record<string, unknown>>, message: string) => void;
}

/** What a lane tells whoever made it. */
export interface LaneListener {
  /** The place takes nothing from us: what is open there has to stand somewhere else. */
  closed(because: string): Promise<void>;
  /** The place took something. */
  reached(): Promise<void>;
  /** The platform has not answered for some minutes. */
  silent(): void;
  /** It answers again; it had not since then. */
  returned(since: Instant): void;
  /** Nothing is under way. */
  rested(): void;
}

/** Somewhere cards stand: a channel, or the conversation with a user. */
export type Place = { readonly kind: 'channel'; readonly channel: string } | { readonly kind: 'direct'; readonly user: string };
