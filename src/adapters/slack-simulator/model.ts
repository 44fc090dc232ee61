/** A member of the simulated workspace, or somebody else who is seen in it. */
export interface SimulatedUser {
  readonly id: string;
  readonly name: string;
  /** Another workspace's user, when it is not ours. */
  readonly team: string;
  readonly bot: boolean;
  deactivated: boolean;
  /** Guests of several channels and of one are told apart. */
  readonly guest: boolean | 'of one channel';
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
  metadata: Readonly<Record<string, unknown>> | null;
  /** Ids of the files that it shows beside its blocks. */
  readonly files: readonly string[];
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

/** A file, from the moment its address is asked for. */
export interface SimulatedFile {
  readonly id: string;
  readonly name: string;
  /** What it says to those who do not see it. */
  readonly alt: string;
  /** In bytes. */
  readonly announced: number;
  /** Null while nothing has been sent. */
  content: Buffer | null;
  complete: boolean;
}

/** An address that answers are posted to: about which message of which conversation, and for whom. */
export interface ResponseAddress {
  readonly channel: string;
  readonly user: string;
  /** The message that was pressed; null where none was. */
  readonly ts: string | null;
  /** In milliseconds. */
  readonly at: number;
  uses: number;
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

/**
 * A call as it came, and how it was answered: null is ok. A fault that kept it from having any effect is named as well.
 * Bytes of a file are the method `upload`, answers by an address `response_url`.
 */
export interface ReceivedCall {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly error: string | null;
}

/** A refusal in the platform's own word. */
export class Refused extends Error {
  /** Why, a sentence each. */
  readonly detail: readonly string[];
  /** What else the answer says. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(word: string, detail: readonly string[] = [], facts: Readonly<Record<string, unknown>> = {}) {
    super(word);
    this.detail = detail;
    this.facts = facts;
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
