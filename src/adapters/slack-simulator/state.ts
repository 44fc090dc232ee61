import {
  Refused,
  type ResponseAddress,
  type SentCall,
  type SimulatedChannel,
  type SimulatedFile,
  type SimulatedMessage,
  type SimulatedUser,
  type SimulatedView,
  type SlackBlock,
} from './model.ts';

/** Who and what there is, and how it is called. */
export interface WorkspaceOptions {
  readonly team: { readonly id: string; readonly name: string };
  readonly bot: {
    readonly userId: string;
    readonly botId: string;
    readonly appId: string;
    readonly name: string;
    readonly token: string;
  };
  readonly users: readonly (Pick<SimulatedUser, 'id' | 'name'> & Partial<SimulatedUser>)[];
  /** An id that starts with G is a private channel's. */
  readonly channels: readonly { readonly id: string; readonly name: string; readonly members: readonly string[] }[];
  readonly userGroups?: readonly { readonly id: string; readonly handle: string; readonly disabled?: boolean }[];
  /** What the token may do, as Slack says it with every answer; without it, everything. */
  readonly scopes?: readonly string[];
  readonly appToken?: string;
  /** What is wrong with a payload; anything is answered as Slack answers blocks it cannot show. */
  readonly check: (payload: Readonly<Record<string, unknown>>) => readonly string[];
  /** Milliseconds. */
  readonly now: () => number;
  readonly sent: (call: SentCall) => void;
}

/** Where answers go, below the server's own address. */
export const RESPONSE_PATH = '/response/';

/** For how long Slack takes a view after the press that asks for it, in milliseconds. */
const TRIGGER_LASTS = 3_000;
/** For how long, in milliseconds, and how often an address takes answers ("Handling user interaction", docs.slack.dev). */
const RESPONSE_LASTS = 30 * 60_000;
const RESPONSE_USES = 5;

/** What stands in the workspace. Nothing here knows of HTTP. */
export class WorkspaceState {
  readonly options: WorkspaceOptions;
  readonly users = new Map<string, SimulatedUser>();
  readonly channels = new Map<string, SimulatedChannel>();
  readonly views = new Map<string, SimulatedView>();
  readonly homes = new Map<string, SimulatedView>();
  readonly ephemeral: {
    readonly user: string;
    readonly channel: string;
    readonly text: string;
    readonly blocks: readonly SlackBlock[];
  }[] = [];
  readonly files = new Map<string, SimulatedFile>();
  /** Where the workspace is served, without a slash at the end. */
  address = '';
  /** Where people see it. */
  readonly url: string;
  readonly #responses = new Map<string, ResponseAddress>();
  readonly #triggers = new Map<string, { readonly at: number; readonly user: string; used: boolean }>();
  #lastTs = 0;
  #ids = 0;

  constructor(options: WorkspaceOptions) {
    this.options = options;
    this.url = `https://${options.team.name.toLowerCase()}.slack.com/`;
    this.addUser({ id: options.bot.userId, name: options.bot.name, bot: true });
    for (const user of options.users) this.addUser(user);
    for (const { id, name, members } of options.channels) this.#addChannel(id, name, members, null);
  }

  addUser(user: Pick<SimulatedUser, 'id' | 'name'> & Partial<SimulatedUser>): void {
    this.users.set(user.id, { team: this.options.team.id, bot: false, deactivated: false, guest: false, ...user });
  }
  channel(id: unknown): SimulatedChannel {
    const channel = this.channels.get(String(id));
    if (channel === undefined) throw new Refused('channel_not_found');
    return channel;
  }
  /** A channel that the bot may write to. */
  writable(id: unknown): SimulatedChannel {
    const channel = this.channel(id);
    if (channel.archived) throw new Refused('is_archived');
    if (!channel.members.has(this.options.bot.userId)) throw new Refused('not_in_channel');
    return channel;
  }
  message(channel: SimulatedChannel, ts: unknown): SimulatedMessage {
    const message = channel.messages.find((each) => each.ts === ts);
    if (message === undefined) throw new Refused('message_not_found');
    return message;
  }
  remove({ messages }: SimulatedChannel, message: SimulatedMessage): void {
    messages.splice(messages.indexOf(message), 1);
  }
  /** The conversation between the bot and one user. */
  direct(user: string): SimulatedChannel {
    if (!this.users.has(user)) throw new Refused('user_not_found');
    const known = [...this.channels.values()].find((each) => each.user === user);
    return known ?? this.#addChannel(`D${user.slice(1)}`, user, [user, this.options.bot.userId], user);
  }

  /** Seconds and microseconds, later than every other one: a message's name in its channel. */
  newTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 1, Math.floor(this.options.now() * 1_000));
    return `${Math.floor(this.#lastTs / 1_000_000)}.${String(this.#lastTs % 1_000_000).padStart(6, '0')}`;
  }
  newId(kind: string): string {
    this.#ids += 1;
    return `${kind}${String(this.#ids).padStart(6, '0')}`;
  }
  newTrigger(user: string): string {
    const trigger = this.newId('trigger.');
    this.#triggers.set(trigger, { at: this.options.now(), user, used: false });
    return trigger;
  }
  /** Whose press this was. Good once, and for three seconds. */
  useTrigger(id: unknown): string {
    const trigger = this.#triggers.get(String(id));
    if (trigger === undefined) throw new Refused('invalid_trigger_id');
    if (trigger.used) throw new Refused('exchanged_trigger_id');
    if (this.options.now() - trigger.at > TRIGGER_LASTS) throw new Refused('expired_trigger_id');
    trigger.used = true;
    return trigger.user;
  }
  newResponseUrl(channel: string, user: string, ts: string | null): string {
    const name = this.newId('response');
    this.#responses.set(name, { channel, user, ts, at: this.options.now(), uses: 0 });
    return `${this.address}${RESPONSE_PATH}${name}`;
  }
  /** What an address is for. Good five times, and for half an hour. */
  useResponse(name: string): ResponseAddress {
    const response = this.#responses.get(name);
    if (response === undefined) throw new Refused('invalid_url');
    if (this.options.now() - response.at > RESPONSE_LASTS) throw new Refused('expired_url');
    if (response.uses >= RESPONSE_USES) throw new Refused('used_url');
    response.uses += 1;
    return response;
  }

  #addChannel(id: string, name: string, members: readonly string[], user: string | null): SimulatedChannel {
    const channel = { id, name, members: new Set(members), archived: false, shared: false, user, messages: [] };
    this.channels.set(id, channel);
    return channel;
  }
}
