/** JSON of an object, as it was sent: an activity, a card, an action. */
export type Given = Readonly<Record<string, unknown>>;

/** Somebody with an account. Everything here calls them by `objectId`. */
export interface SimulatedPerson {
  /** Their object in the directory of the tenant that they are seen in: `from.aadObjectId`. */
  readonly objectId: string;
  /** How this app knows them, `29:…`: `from.id`. */
  readonly user: string;
  readonly name: string;
  readonly tenant: string;
  readonly guest: boolean;
  /** Whether the app is installed for them; where it is not, it can open no conversation with them. */
  installed: boolean;
}

/** Why a conversation takes nothing from the app. The last one is answered in another shape than the others. */
export type Closed =
  | 'BotNotInConversationRoster'
  | 'BotDisabledByAdmin'
  | 'ConversationBlockedByUser'
  | 'ForbiddenOperationException'
  | 'MessageWritesBlocked';

/** A conversation that the app is in, or was. */
export interface SimulatedConversation {
  readonly id: string;
  readonly kind: 'channel' | 'group' | 'personal';
  readonly name: string;
  readonly tenant: string;
  /** By object id. */
  readonly members: Set<string>;
  readonly messages: SimulatedMessage[];
  closed: Closed | null;
}

/** Something that was said in a conversation. */
export interface SimulatedMessage {
  /** Milliseconds since 1970, as Teams names messages. */
  readonly id: string;
  /** The first message of its thread, by id: itself for that one; null where there are no threads. */
  readonly root: string | null;
  /** Whose it is, by object id; null for the app's. */
  readonly by: string | null;
  /** Title and lines of its card, or its text. */
  text: string;
  card: Given | null;
  /** What stands in the card's place for one person alone, by object id, until the message is changed for all. */
  readonly alone: Map<string, Given>;
  edits: number;
  deleted: boolean;
}

/** Something that was shown to somebody, as it was sent. */
export interface SentActivity {
  readonly method: 'post' | 'reply' | 'update' | 'invoke-response' | 'create';
  readonly arguments: Given;
  /** A channel or group by its id without a thread, or a person by their object id. */
  readonly to: { readonly kind: 'conversation' | 'person'; readonly id: string };
  /** Title and lines of the card, or the text, as people read it. */
  readonly text: string;
  /** The message it made or changed; null for what is not kept. */
  readonly activityId: string | null;
}

/** What calls are for. The client of the SDK sends everything as `reply`, also what replies to nothing. */
export type CallKind = 'post' | 'reply' | 'update' | 'delete' | 'create' | 'members' | 'team' | 'keys' | 'unknown';

/** A call as it came, and how it was answered: `error` is the code, or what kept it from having an effect; null is ok. */
export interface ReceivedCall {
  readonly kind: CallKind;
  /** As in the path: with the thread where there was one; null where the path names none. */
  readonly conversation: string | null;
  readonly activity: string | null;
  readonly arguments: Given;
  readonly error: string | null;
}

/** A refusal in the service's own code. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, because: string) {
    super(because);
    this.status = status;
    this.code = code;
  }
}

/** What somebody at a client cannot do: press what is not shown, send a form that is not filled in. */
export class CannotDo extends Error {}

/** What goes wrong between the service and its client, for as many calls as it is set for. */
export type Fault =
  /** `retryAfter` is in seconds; null: it does not say. */
  | { readonly kind: 'ratelimited'; readonly retryAfter: number | null }
  | { readonly kind: 'status'; readonly status: number; readonly code?: string }
  | { readonly kind: 'forbidden'; readonly code: Closed }
  /** The connection breaks; `taken` says whether the call had taken effect by then. */
  | { readonly kind: 'dropped'; readonly taken: boolean }
  | { readonly kind: 'slow'; readonly until: Promise<void> };
