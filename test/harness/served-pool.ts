import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SimulatedOperator, SimulatedReader } from '../../src/adapters/simulator/direct.ts';
import { shortName } from '../../src/domain/pool.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { Clock } from '../../src/ports.ts';
import type { World } from '../../src/session/world.ts';
import { type Call, type Scenery, worldOf } from './wire.ts';

/** Something that was really done to a server, as the server knows it. */
export interface Effect {
  readonly at: Instant;
  readonly bot: string;
  readonly cmdlet: string;
  /** By its short name. */
  readonly server: string;
  /** How long before it the server last told how it is, and the pool whether it is ready, in ms; null: never. */
  readonly lookAge: number | null;
  readonly readinessAge: number | null;
}

/** `gone`: the caller is no more. Before a call that means that nothing is done, after it that nobody hears the answer. */
export type Verdict = 'goes' | 'gone';

/** Who may come between a bot and the pool. */
export interface Meddler {
  /** The call has arrived, and nothing has been done. */
  asked?(call: Call): Verdict;
  /** It is done, and the answer has not left. */
  done?(call: Call): Verdict;
}

/** The pool that outlives every bot, served on this machine to whoever shows the token. One log holds what was really done. */
export class ServedPool {
  readonly world: World;
  readonly token = randomBytes(24).toString('base64url');
  readonly effects: Effect[] = [];
  /** What the channel shows, by the keys of its cards. */
  readonly cards = new Map<string, string>();
  meddler: Meddler = {};
  /** Called when a card is shown. */
  shown: (key: string, text: string) => void = () => {};
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #ports: Readonly<Record<'reader' | 'operator', object>>;
  /** When each question was last answered. */
  readonly #answered = new Map<string, Instant>();
  #caller = '';

  constructor(scenery: Scenery, clock: Clock) {
    this.#clock = clock;
    this.world = worldOf(scenery, {
      effect: (_pool, server, cmdlet) =>
        this.effects.push({
          at: clock.now(),
          bot: this.#caller,
          cmdlet,
          server: shortName(server),
          lookAge: this.#ageOf(`server ${server}`),
          readinessAge: this.#ageOf('readiness'),
        }),
      state: () => {},
    });
    this.#ports = { reader: new SimulatedReader(this.world.pools), operator: new SimulatedOperator(this.world.pools) };
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // A bot that is frozen for a minute finds its connections as they were.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    request.setEncoding('utf8');
    try {
      for await (const chunk of request) text += chunk;
    } catch {
      // The caller was killed in the middle of its question.
      return;
    }
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401).end();
      return;
    }
    try {
      const call = JSON.parse(text) as Call;
      this.world.moveTo(this.#clock.now());
      if (this.meddler.asked?.(call) === 'gone') return void request.socket.destroy();
      const answer = await this.#answer(call);
      if (this.meddler.done?.(call) === 'gone') return void request.socket.destroy();
      response.end(JSON.stringify(answer ?? null));
    } catch (error) {
      // Whoever asked for the impossible ends, and is found out by that.
      response.writeHead(500).end(String(error));
    }
  }
  async #answer({ bot, port, method, args }: Call): Promise<unknown> {
    if (port === 'channel') {
      const [key = '', text = ''] = args.map(String);
      this.cards.set(key, text);
      this.shown(key, text);
      return null;
    }
    const verb: unknown = Reflect.get(this.#ports[port], method);
    if (typeof verb !== 'function') throw new Error(`a ${port} has no ${method}`);
    // Simulated pools do what they do before they are waited for.
    this.#caller = bot;
    const answer = verb.apply(this.#ports[port], args);
    if (port === 'reader') this.#answered.set(method === 'server' ? `server ${String(args[1])}` : method, this.#clock.now());
    return answer;
  }
  #ageOf(question: string): number | null {
    const at = this.#answered.get(question);
    return at === undefined ? null : this.#clock.now() - at;
  }
}
