import type { Card } from '../../messages/card.ts';
import type { Setback } from './setback.ts';

/** What a message is to show. */
export interface Content {
  readonly card: Card;
  /** A line of ours about the message itself, with it; null: none. */
  readonly note: string | null;
  /** In its plainest form, for a card that the platform does not take as it is. */
  readonly plain: boolean;
}

/** What a post carries where nobody sees it, on a platform that keeps such things, so that it can be found again: its card's key, and which record that is a key of. */
export interface Stamp {
  readonly key: string;
  readonly mark: string;
}

/** A message that is to be made. */
export interface Post {
  readonly channel: string;
  /** The message whose thread it belongs to; null: it stands by itself. */
  readonly thread: string | null;
  /** Whether the channel sees it too, besides its thread. */
  readonly broadcast: boolean;
  readonly content: Content;
  readonly stamp: Stamp;
}

/** It stands, under the platform's own id. */
export type Sent = { readonly kind: 'sent'; readonly messageId: string };

/** A chat platform, as far as cards need it. Never throws: what went wrong is the outcome. */
export interface Messenger {
  post(post: Post): Promise<Sent | Setback>;
  edit(channel: string, messageId: string, content: Content): Promise<Sent | Setback>;
  /** Our own message with this stamp among the newest of the channel, or of the thread; null: it is not among them, or nobody can tell. */
  find(
    channel: string,
    thread: string | null,
    stamp: Stamp,
  ): Promise<{ readonly kind: 'found'; readonly messageId: string | null } | Setback>;
  /** The address of a message; null when there is none to be had. */
  permalink(channel: string, messageId: string): Promise<string | null>;
  /** The channel of our conversation with one user. */
  openDirect(user: string): Promise<{ readonly kind: 'opened'; readonly channel: string } | Setback>;
}
