import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLAYGROUND_PROGRAM } from './machine.ts';
import {
  APP_ID,
  AT_THE_PAGE,
  BOT,
  CHANNEL,
  nameOf,
  objectIdOf,
  PLAYGROUND_FILE,
  type PlaygroundUser,
  TENANT,
} from './playground-people.ts';
import { freePort, Running, WITHIN } from './process.ts';
import { SigningProxy } from './signing-proxy.ts';

/** A message as it stands in the Playground now. */
export interface PlaygroundMessage {
  readonly id: string;
  /** Thread and all. */
  readonly conversation: string;
  readonly from: string;
  /** Every word that can be read in it, a line each. */
  readonly text: string;
  readonly card: unknown;
}

/** What the Playground tells of on its stream. */
interface Told {
  readonly action?: string;
  readonly actionConversationId?: string;
  readonly message?: {
    readonly messageId: string;
    readonly from?: { readonly id: string };
    readonly text?: string;
    readonly postConversationId?: string;
    readonly attachments?: readonly { readonly content?: unknown }[];
  };
}

/**
 * The Microsoft 365 Agents Playground, running, and the signer between it and the bot. Its REST is what its own page uses; a
 * press there may be anybody's, a typed line is always of the person whose page it is. It listens on every interface of the
 * machine and cannot be told otherwise; it answers nothing but what is asked of it.
 */
export class Playground {
  readonly address: string;
  /** Where the bot is to listen. */
  readonly botPort: number;
  readonly #program: Running;
  readonly #proxy: SigningProxy;
  readonly #stream: WebSocket;
  readonly #messages = new Map<string, PlaygroundMessage>();
  readonly #listeners = new Set<() => void>();

  private constructor(program: Running, proxy: SigningProxy, stream: WebSocket, address: string, botPort: number) {
    this.#program = program;
    this.#proxy = proxy;
    this.#stream = stream;
    this.address = address;
    this.botPort = botPort;
    stream.addEventListener('message', ({ data }) => this.#heard(JSON.parse(String(data)) as Told));
  }

  static async start(folder: string): Promise<Playground> {
    const home = join(folder, 'playground');
    mkdirSync(home);
    writeFileSync(join(home, '.m365agentsplayground.yml'), PLAYGROUND_FILE);
    const botPort = await freePort();
    const port = await freePort();
    const proxy = await SigningProxy.start({ appId: APP_ID, messages: `http://127.0.0.1:${botPort}/api/messages` });
    const where = ['-e', proxy.messages, '-c', 'msteams', '-p', String(port)];
    const program = new Running(process.execPath, [PLAYGROUND_PROGRAM, 'start', ...where, '--disable-telemetry'], {}, home);
    try {
      await program.said(/Listening on/);
      return new Playground(program, proxy, await streamOf(port), `http://127.0.0.1:${port}`, botPort);
    } catch (error) {
      await program.end();
      await proxy.end();
      throw new Error(`the Playground did not start: ${logIn(home)}`, { cause: error });
    }
  }

  /** How a bot is to be configured to be in it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      TEAMS_APP_ID: APP_ID,
      TEAMS_APP_PASSWORD: 'never sent: nothing on this machine is signed',
      TEAMS_TENANTS: TENANT,
      TEAMS_PORT: String(this.botPort),
      TEAMS_SERVICE_HOSTS: 'localhost',
      TEAMS_SERVICE_URL: this.#serviceUrl,
      TEAMS_OPENID_METADATA_URL: this.#proxy.metadataUrl,
    };
  }
  /** Whoever is at the page from now on. */
  actAs(user: PlaygroundUser): void {
    this.#proxy.sentBy(user === AT_THE_PAGE ? null : { id: user, name: nameOf(user), aadObjectId: objectIdOf(user) });
  }
  async end(): Promise<void> {
    this.#stream.close();
    await this.#program.end();
    await this.#proxy.end();
  }

  /** Every message of a conversation and its threads, oldest first. */
  messages(conversation = CHANNEL): readonly PlaygroundMessage[] {
    return [...this.#messages.values()].filter(({ conversation: place }) => place.replace(/;.*/, '') === conversation);
  }
  /** Comes back with the newest message that says this, once there is one. */
  async seen(words: RegExp, conversation = CHANNEL): Promise<PlaygroundMessage> {
    const find = (): PlaygroundMessage | undefined => this.messages(conversation).findLast(({ text }) => words.test(text));
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const bound = setTimeout(() => {
        this.#listeners.delete(listener);
        const there = this.messages(conversation).map(({ text }) => text);
        reject(new Error(`nothing says ${words}; there is:\n${there.join('\n--\n')}`));
      }, WITHIN);
      const listener = (): void => {
        const come = find();
        if (come === undefined) return;
        clearTimeout(bound);
        this.#listeners.delete(listener);
        resolve(come);
      };
      this.#listeners.add(listener);
    });
  }
  /** Presses a button of a message, as somebody's page would; with what that person alone is told. */
  async press(user: PlaygroundUser, message: PlaygroundMessage, title: string): Promise<string> {
    const { value } = (await this.#post('invoke', { ...pressOf(message, title), from: { id: user } })) as { value?: unknown };
    return String(value ?? '');
  }
  /** The same press, sent to the bot by somebody who has no key to sign it with. */
  async unsigned(user: PlaygroundUser, message: PlaygroundMessage, title: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.botPort}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...pressOf(message, title),
        type: 'invoke',
        id: 'forged',
        channelId: 'msteams',
        serviceUrl: this.#serviceUrl,
        from: { id: user, aadObjectId: objectIdOf(user) },
        recipient: { id: BOT },
        conversation: { id: message.conversation, conversationType: 'channel', tenantId: TENANT },
      }),
    });
    return { status: response.status, body: await response.text() };
  }

  get #serviceUrl(): string {
    // Its own name for itself.
    return `${this.address.replace('127.0.0.1', 'localhost')}/_connector`;
  }
  async #post(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.address}/_conversation/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`the Playground refused ${path}: ${answer}`);
    return JSON.parse(answer);
  }

  #heard({ action, actionConversationId, message }: Told): void {
    if (message === undefined || actionConversationId === undefined) return;
    const before = this.#messages.get(message.messageId);
    if (action === 'updateMessage' && before === undefined) return;
    const card = message.attachments?.[0]?.content ?? null;
    this.#messages.set(message.messageId, {
      id: message.messageId,
      conversation: before?.conversation ?? message.postConversationId ?? actionConversationId,
      from: message.from?.id ?? '',
      text: [message.text ?? '', ...wordsIn(card)].join('\n').trim(),
      card,
    });
    for (const listener of this.#listeners) listener();
  }
}

async function streamOf(port: number): Promise<WebSocket> {
  const stream = new WebSocket(`ws://127.0.0.1:${port}/_ws_conversation/v1/conversations/stream`);
  await new Promise((resolve, reject) => {
    stream.addEventListener('open', resolve);
    stream.addEventListener('error', () => reject(new Error('it has no stream')));
  });
  return stream;
}

/** What is wrong with its file the Playground writes into its log, and nowhere else. */
function logIn(home: string): string {
  const log = join(home, 'devTools/m365agentsplayground.log');
  return existsSync(log) ? readFileSync(log, 'utf8') : 'it has no log';
}

/** Everything in a card, at any depth. */
function* partsOf(card: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof card !== 'object' || card === null) return;
  if (!Array.isArray(card)) yield card as Readonly<Record<string, unknown>>;
  for (const each of Object.values(card)) yield* partsOf(each);
}

/** What keeps Teams from reading marks into words. */
const UNSEEN = '\u2060';

const wordsIn = (card: unknown): readonly string[] =>
  [...partsOf(card)].flatMap(({ type, text }) =>
    type === 'TextBlock' && typeof text === 'string' ? [text.replaceAll(UNSEEN, '')] : [],
  );

/** What a page sends for a button, without who pressed it. */
function pressOf({ id, conversation, card, text }: PlaygroundMessage, title: string): object {
  const action = [...partsOf(card)].find((part) => part['type'] === 'Action.Execute' && part['title'] === title);
  if (action === undefined) throw new Error(`there is no ${title} on:\n${text}`);
  const { type, verb, data } = action;
  const value = { action: { type, title, verb, data } };
  return { name: 'adaptiveCard/action', value, conversation: { id: conversation }, replyToId: id };
}
