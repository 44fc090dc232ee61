import type { PersonId } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';
import type { Seen } from '../messages/card.ts';
import type { ChatSurface, Clock, Listener, Store } from '../ports.ts';

/** What a chat is given by the session whose people talk in it. */
export interface ChatParts {
  readonly listener: Listener;
  readonly store: Store;
  readonly clock: Clock;
}

/** The bot's side of a chat: a bot that is started again gets another one. */
export interface Chat {
  readonly surface: ChatSurface;
  /** Lets people in, once the bot is there for them. */
  start(): Promise<void>;
  /** Somebody says something; comes back once it is answered and what it led to has gone as far as it can. */
  say(by: PersonId, words: string, deliveryId: string): Promise<void>;
  close(): Promise<void>;
}

/** Something that was shown: in the channel, or to one person alone. */
export interface Shown {
  /** `channel`, or `@` and who alone saw it. */
  readonly to: string;
  readonly text: string;
  /** The call as it was sent, on a platform that has one. */
  readonly payload?: { readonly method: string; readonly arguments: Readonly<Record<string, unknown>> };
}

/** Who watches a chat. */
export interface Onlooker {
  shown(shown: Shown): void;
  /** `before` is what the message said until now; null for a new one. */
  saw(at: Instant, card: Seen, before: string | null): void;
}

/** Where the people of a session talk with the bot. What was said there outlives any bot. */
export interface Venue {
  open(parts: ChatParts, onlooker: Onlooker): Promise<Chat>;
  close(): Promise<void>;
}
