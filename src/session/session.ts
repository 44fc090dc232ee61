import { SimulatedOperator, SimulatedReader } from '../adapters/simulator/direct.ts';
import type { Effect } from '../adapters/simulator/layout.ts';
import type { PoolModel } from '../adapters/simulator/model.ts';
import type { ThroughPowerShell } from '../adapters/simulator/through-powershell.ts';
import { openStore } from '../adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../bot.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { PoolFqdn, ServerFqdn } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';
import type { Seen } from '../messages/card.ts';
import type { Answered, Listener, PoolOperator, PoolReader, Store } from '../ports.ts';
import type { LogLine } from '../workflow/hands.ts';
import type { Chat, Onlooker, Venue } from './chat.ts';
import type { SessionLine } from './file.ts';
import { isoTime, recordedReader, recordedStore, type SessionEvent } from './record.ts';
import { rehearsals } from './rehearsal.ts';
import { World } from './world.ts';

/** Who watches a session: what happens, and every card or message as the channel sees it. */
export interface Audience {
  happened(event: SessionEvent): void;
  /** `before` is what the message said until now; null for a new one. */
  saw(at: Instant, card: Seen, before: string | null): void;
  log(line: LogLine, message: string): void;
}

/** The way to the simulated pools through a real PowerShell, opened anew by every bot of the session. */
export type Through = (pools: readonly PoolModel[]) => Promise<ThroughPowerShell>;

/** Who watches, and whether PowerShell stands in between. */
export interface SessionOptions {
  readonly audience: Audience;
  /** Opens a PowerShell to send every reading and every effect through; null asks the simulated pools directly. */
  readonly through: Through | null;
  /** Where people talk with the bot. */
  readonly chat: Venue;
  /** Simulated pools as the configuration has them; a pool it does not have is everybody's. */
  readonly configured?: readonly ManagedPool[];
  /** SQLite file of the record; without one it is kept in memory and outlives a killed bot, not this process. */
  readonly storeFile?: string;
}

/** Ends the bot in the middle of what it does, as a kill would: nothing may catch it on its way out. */
class Killed extends Error {}

/**
 * A night in one channel: simulated pools, people who type, and a clock that moves when a line moves it. The bot may be
 * killed at any time; what it had written is what the next one finds.
 */
export class Session {
  readonly world: World;
  readonly #audience: Audience;
  readonly #through: Through | null;
  readonly #venue: Venue;
  readonly #storeFile: string;
  #chat: Chat | null = null;
  #store: (Store & { close(): Promise<void> }) | null = null;
  #bot: Lifeguard | null = null;
  #pool: { readonly reader: PoolReader; readonly operator: PoolOperator; close(): Promise<void> } | null = null;
  readonly #rehearsal = rehearsals();
  readonly #killsAfter: { readonly effect: Effect; readonly server: ServerFqdn }[] = [];
  #killNow = false;
  #deliveries = 0;

  constructor({ audience, through, chat, configured = [], storeFile = ':memory:' }: SessionOptions) {
    this.#audience = audience;
    this.#venue = chat;
    this.#storeFile = storeFile;
    this.#through = through;
    this.world = new World(configured, {
      effect: (pool, server, cmdlet, args) => {
        this.#emit('effect', {
          pool: this.world.names.as(pool),
          server: this.world.names.as(server),
          cmdlet,
          arguments: this.world.names.deep(args),
        });
        const armed = this.#killsAfter.findIndex((each) => each.effect === cmdlet && each.server === server);
        if (armed >= 0) {
          this.#killsAfter.splice(armed, 1);
          this.#killNow = true;
        }
      },
      state: (at, pool, server, state) =>
        this.#audience.happened({
          at: isoTime(at),
          kind: 'pool',
          pool: this.world.names.as(pool),
          server: this.world.names.as(server),
          state,
        }),
    });
  }

  /** Everything the channel has been shown so far, as text. */
  said(): readonly string[] {
    return [...this.#history];
  }
  readonly #history: string[] = [];

  /** Does what a line says. `expect` lines are the player's. */
  async play(line: SessionLine): Promise<void> {
    switch (line.kind) {
      case 'said':
        await this.#hear(line.by, line.words);
        return;
      case 'clock':
        // A watched pool is looked at before anybody has said a word.
        if (this.world.managed().some(({ watch }) => watch !== undefined)) await this.begin();
        await this.moveTo(this.world.now() + line.by);
        return;
      case 'kill': {
        const after = this.world.effectOf(line);
        if (after === null) await this.#restart();
        else this.#killsAfter.push(after);
        return;
      }
      default:
        this.world.happen(line);
    }
  }

  /** Finishes what is due now, then lets time pass: the pools and the bot each do what is due, in its order. */
  async moveTo(target: Instant): Promise<void> {
    for (;;) {
      const due = Math.min(this.world.nextDue() ?? Number.POSITIVE_INFINITY, this.#bot?.nextDue() ?? Number.POSITIVE_INFINITY);
      if (due > target) break;
      this.world.moveTo(Math.max(due, this.world.now()));
      await this.#alive((bot) => bot.runDue());
    }
    this.world.moveTo(target);
    // A bot that had nothing to do was there all the same.
    if (this.#bot !== null) await this.#store?.sayAlive(target);
  }

  /** Starts the bot now: somebody may speak to it before anything else happens. */
  async begin(): Promise<void> {
    if (this.#bot === null) await this.#startBot();
  }

  async close(): Promise<void> {
    await this.#forgetBot();
    await this.#venue.close();
    await this.#store?.close();
  }

  async #hear(by: string, words: string): Promise<void> {
    const person = this.world.meet(by);
    this.#emit('heard', { by: this.world.names.person(by), text: words });
    this.#deliveries += 1;
    await this.begin();
    await this.#chat?.say(person, words, `line-${this.#deliveries}`);
  }

  /** A person who says that a stopped server is patched has installed the update there. */
  #patchByHand(said: string): void {
    const word = /^\s*patched[\s-]+(\S+?)\.?\s*$/iu.exec(said)?.[1];
    if (word === undefined) return;
    const server = this.world.names.server(word.toLowerCase());
    const pool = this.world.pools.find((each) => server !== null && each.computers().includes(server));
    if (pool !== undefined && server !== null) pool.machine(server).patchByHand();
  }

  /** Lets the bot do something, and starts a new one at the same instant when it was killed meanwhile. */
  async #alive(act: (bot: Lifeguard) => Promise<void>): Promise<void> {
    try {
      await act(this.#bot ?? (await this.#startBot()));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await this.#restart();
    }
  }
  async #restart(): Promise<void> {
    await this.#forgetBot();
    this.#emit('restarted', {});
    await this.#alive((bot) => bot.runDue());
  }
  async #startBot(): Promise<Lifeguard> {
    this.#store ??= await openStore(this.#storeFile);
    this.#pool ??= await this.#openPools();
    const world = this.world;
    const clock = { now: () => world.now() };
    const chat = await this.#venue.open({ listener: this.#listener(), store: this.#store, clock }, this.#onlooker());
    const bot = lifeguard({
      get pools() {
        return world.managed();
      },
      reader: recordedReader(
        this.#pool.reader,
        (pool) => this.#versionOf(pool),
        world.names,
        (kind, facts) => this.#emit(kind, facts),
      ),
      operator: this.#mortal(this.#pool.operator),
      store: recordedStore(this.#store, world.names, (kind, facts) => this.#emit(kind, facts)),
      clock,
      surface: chat.surface,
      rehearsal: this.#rehearsal,
      placeOf: () => 'channel',
      log: (line, message) => this.#audience.log(line, message),
    });
    this.#chat = chat;
    this.#bot = bot;
    await bot.start();
    await chat.start();
    return bot;
  }

  async #openPools() {
    if (this.#through !== null) return this.#through(this.world.pools);
    return {
      reader: new SimulatedReader(this.world.pools),
      operator: new SimulatedOperator(this.world.pools),
      close: async () => {},
    };
  }
  async #forgetBot(): Promise<void> {
    const [pool, chat] = [this.#pool, this.#chat];
    this.#pool = null;
    this.#chat = null;
    this.#bot = null;
    await chat?.close();
    await pool?.close();
  }

  /** The bot as the chat reaches it: whichever lives now. One that is killed while it follows up is started again. */
  #listener(): Listener {
    const bot = async (): Promise<Lifeguard> => this.#bot ?? (await this.#startBot());
    const mortal = (answered: Answered): Answered => ({ ...answered, follow: () => this.#alive(() => answered.follow()) });
    return {
      hear: async (heard) => {
        this.#patchByHand(heard.text);
        return mortal(await (await bot()).hear(heard));
      },
      press: async (pressed) => {
        this.#patchByHand(pressed.button);
        const answer = await (await bot()).press(pressed);
        return answer.kind === 'asking' ? answer : mortal(answer);
      },
      home: async (person) => (await bot()).home(person),
    };
  }

  /** An operator whose bot dies right after an effect that was waited for, before it hears what came of it. */
  #mortal(operator: PoolOperator): PoolOperator {
    const die = <Told>(told: Told): Told => {
      if (!this.#killNow) return told;
      this.#killNow = false;
      throw new Killed();
    };
    return {
      stopServices: async (pool, server, stopMode) => die(await operator.stopServices(pool, server, stopMode)),
      startServices: async (pool, server) => die(await operator.startServices(pool, server)),
      restart: async (pool, server, bootTimeSeen) => die(await operator.restart(pool, server, bootTimeSeen)),
      patch: async (pool, server) => die(await operator.patch(pool, server)),
      hook: async (pool, server, hook) => die(await operator.hook(pool, server, hook)),
      failover: async (pool, server, direction) => die(await operator.failover(pool, server, direction)),
      operate: async (pool, server, kind, token) => die(await operator.operate(pool, server, kind, token)),
    };
  }

  #onlooker(): Onlooker {
    return {
      shown: (shown) => {
        this.#history.push(shown.text);
        this.#emit('said', { ...shown });
      },
      saw: (at, card, before) => this.#audience.saw(at, card, before),
    };
  }
  #versionOf(pool: PoolFqdn) {
    return this.world.pools.find(({ fqdn }) => fqdn === pool)?.version ?? '2013';
  }
  #emit(kind: string, facts: Readonly<Record<string, unknown>>): void {
    this.#audience.happened({ at: isoTime(this.world.now()), kind, ...facts });
  }
}
