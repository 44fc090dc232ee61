/** A member of the simulated workspace, or somebody else who is seen in it. */
export interface SimulatedUser {
  readonly id: string;
  readonly name: string;
  /** Another workspace's user, when it is not ours. */
  readonly team: string;
  readonly bot: boolean;
  deactivated: boolean;
  readonly guest: boolean;
}

/** A conversation. `user` is whose it is with the bot; null for a channel. */
export interface SimulatedChannel {
  readonly id: string;
  readonly name: string;
  readonly members: Set<string>;
  archived: boolean;
  shared: boolean;
  readonly user: string | null;
  readonly messages: SimulatedMessage[];
}

/** Something that stands in a conversation. */
export interface SimulatedMessage {
  readonly ts: string;
  /** Null at the top level. */
  readonly threadTs: string | null;
  readonly user: string;
  readonly byBot: boolean;
  text: string;
  blocks: readonly SlackBlock[];
  readonly metadata: unknown;
  /** Posted in a thread and shown in the channel as well. */
  readonly broadcast: boolean;
  edits: number;
}

/** A block as it was sent. */
export type SlackBlock = Readonly<Record<string, unknown>>;

/** A view that stands: a modal over everything, or somebody's page. */
export interface SimulatedView {
  readonly id: string;
  readonly user: string;
  view: Readonly<Record<string, unknown>>;
  hash: string;
}

/** Something that was shown to somebody, as it was sent. */
export interface SentCall {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly to: { readonly kind: 'channel' | 'user'; readonly id: string };
  /** The top-level text, or what a view says. */
  readonly text: string;
  /** The message it made or changed; null for what is not kept. */
  readonly ts: string | null;
}

/** A call as it came, and how it was answered: null is ok. */
export interface ReceivedCall {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly error: string | null;
}

/** A refusal in the platform's own word. */
export class Refused extends Error {
  readonly detail: readonly string[];

  constructor(word: string, detail: readonly string[] = []) {
    super(word);
    this.detail = detail;
  }
}

/** What goes wrong between the platform and its client, for as many calls as it is set for. */
export type Fault =
  | { readonly kind: 'ratelimited'; readonly retryAfter: number }
  | { readonly kind: 'status'; readonly status: number }
  /** The connection breaks; `taken` says whether the call had taken effect by then. */
  | { readonly kind: 'dropped'; readonly taken: boolean }
  | { readonly kind: 'slow'; readonly until: Promise<void> }
  | { readonly kind: 'error'; readonly error: string };
