import type { PersonId } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';
import type { Card } from '../messages/card.ts';
import type { ChatSurface, Clock, Listener, Store } from '../ports.ts';

/** What a chat is given by the session whose people talk in it. */
export interface ChatParts {
  readonly listener: Listener;
  readonly store: Store;
  readonly clock: Clock;
}

/** Where the people of a session talk with the bot: a bot that is started again opens it again. */
export interface Chat {
  readonly surface: ChatSurface;
  /** Somebody says something; comes back once it is answered and what it led to has gone as far as it can. */
  say(by: PersonId, words: string, deliveryId: string): Promise<void>;
  close(): Promise<void>;
}

/** Something that was shown: in the channel, or to one person alone. */
export interface Shown {
  readonly to: string;
  readonly text: string;
  /** The call as it was sent, on a platform that has one. */
  readonly payload?: { readonly method: string; readonly arguments: Readonly<Record<string, unknown>> };
}

/** Who watches a chat. */
export interface Onlooker {
  shown(shown: Shown): void;
  /** `before` is what the message said until now; null for a new one. */
  saw(at: Instant, card: Card, before: string | null): void;
}

/** Opens the chat for a bot that has just been started. */
export type OpenChat = (parts: ChatParts, onlooker: Onlooker) => Promise<Chat>;
