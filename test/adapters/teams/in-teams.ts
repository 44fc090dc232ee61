import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { SimulatedOperator, SimulatedReader } from '../../../src/adapters/simulator/direct.ts';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { inputId } from '../../../src/adapters/teams/actions.ts';
import { openTeams, type TeamsChat, type TeamsSettings } from '../../../src/adapters/teams/app.ts';
import type { Delivered } from '../../../src/adapters/teams-simulator/client.ts';
import type { SimulatedMessage } from '../../../src/adapters/teams-simulator/model.ts';
import type { Activity } from '../../../src/adapters/teams-simulator/says.ts';
import type { SimulatedTeams } from '../../../src/adapters/teams-simulator/teams.ts';
import { type Lifeguard, lifeguard } from '../../../src/bot.ts';
import { replay } from '../../../src/domain/evolve.ts';
import { personId } from '../../../src/domain/pool.ts';
import type { Run } from '../../../src/domain/run.ts';
import type { PoolReader } from '../../../src/ports.ts';
import type { World } from '../../../src/session/world.ts';
import { APP, aTeams, aWorld, DANA, LAB, LISTED, OPS, TENANT } from './in-teams-people.ts';

/** What must not be seen anywhere. */
export const PASSWORD = 'canary-password';
export interface InTeamsOptions {
  /** What stands between the bot and the simulated pools. */
  readonly reader?: (pools: PoolReader) => PoolReader;
  /** Whether waiting for a person's patience ever ends; a test says when. */
  readonly patience?: (milliseconds: number) => Promise<void>;
  /** Before the delivery's time passes by so many milliseconds; it passes at once when nothing is said. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Where the pool is talked about, best first. */
  readonly conversations?: readonly string[];
  readonly settings?: Partial<TeamsSettings>;
  /** What stands between the adapter and the record. */
  readonly store?: (store: OpenedStore) => OpenedStore;
}

/** How a button is pressed. */
export interface Pressing {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly phone?: boolean;
  readonly conversation?: string;
}

/** One bot with a simulated pool of six in a simulated Teams, and the people in it. */
export class InTeams {
  readonly teams: SimulatedTeams;
  readonly store: OpenedStore;
  readonly world: World;
  readonly options: InTeamsOptions;
  effects: string[] = [];
  readonly logged: string[] = [];
  readonly bugs: unknown[] = [];
  /** How long the delivery has waited, in milliseconds. */
  passed = 0;
  bot: Lifeguard | null = null;
  chat: TeamsChat | null = null;
  url = '';

  private constructor(teams: SimulatedTeams, store: OpenedStore, world: World, options: InTeamsOptions) {
    this.teams = teams;
    this.store = store;
    this.world = world;
    this.options = options;
  }

  static async open(options: InTeamsOptions = {}): Promise<InTeams> {
    const effects: string[] = [];
    const world = aWorld(effects);
    const teams = await aTeams(() => world.now());
    const it = new InTeams(teams, await openStore(':memory:'), world, options);
    it.effects = effects;
    await it.start();
    return it;
  }

  /** Starts a bot on what the record and Teams hold. */
  async start(): Promise<void> {
    const { world, teams, options } = this;
    const store = options.store?.(this.store) ?? this.store;
    this.chat = openTeams(
      {
        appId: APP.id,
        appPassword: PASSWORD,
        tenants: [TENANT],
        serviceHosts: ['127.0.0.1'],
        issuer: teams.issuer,
        metadataUrl: teams.metadataUrl,
        serviceUrl: teams.serviceUrl,
        host: '127.0.0.1',
        port: 0,
        ...options.settings,
      },
      {
        store,
        people: {
          personOf: ({ tenant, objectId }) =>
            tenant === TENANT && LISTED[objectId] !== undefined ? personId(LISTED[objectId]) : null,
          objectOf: (person) => Object.entries(LISTED).find(([, name]) => name === person)?.[0] ?? null,
        },
        conversationsOf: () => options.conversations ?? [OPS, LAB],
        now: () => this.passed,
        wait: async (milliseconds) => {
          await options.wait?.(milliseconds);
          this.passed += milliseconds;
        },
        tokenTime: () => Date.now(),
        patience: options.patience ?? (() => new Promise(() => {})),
        random: () => 0.5,
        outage: { began: () => {}, ended: () => {} },
        log: (level, facts, message) => this.logged.push(JSON.stringify([level, facts, message])),
        crash: (bug) => this.bugs.push(bug),
      },
    );
    const pools = new SimulatedReader(world.pools);
    this.bot = lifeguard({
      get pools() {
        return world.managed();
      },
      reader: options.reader?.(pools) ?? pools,
      operator: new SimulatedOperator(world.pools),
      store,
      clock: { now: () => world.now() },
      placeOf: () => OPS,
      log: () => {},
      surface: this.chat.surface,
    });
    await this.bot.start();
    this.url = `http://127.0.0.1:${await this.chat.start(this.bot)}`;
  }

  /** Sends it to the bot, and comes back with its answer; what it led to may go on. */
  deliver(activity: Activity): Promise<Delivered> {
    return this.teams.deliver(this.url, activity);
  }
  /** The same, and comes back when everything it led to is shown. */
  async bring(activity: Activity): Promise<Delivered> {
    return this.settledAfter(this.deliver(activity));
  }
  async settledAfter(delivered: Promise<Delivered>): Promise<Delivered> {
    const answer = await delivered;
    await this.chat?.settled();
    if (this.bugs.length > 0) throw this.bugs[0];
    return answer;
  }
  mention(person: string, text: string, conversation = OPS, root?: string): Promise<Delivered> {
    return this.bring(this.teams.says.mention(person, conversation, text, root));
  }
  say(person: string, text: string): Promise<Delivered> {
    return this.bring(this.teams.says.personal(person, text));
  }
  /** A press as a client makes it, on the button that these titles lead to. */
  async press(person: string, key: string, path: readonly string[], { conversation = OPS, ...how }: Pressing = {}) {
    const messageId = await this.at(key, conversation);
    return this.settledAfter(this.teams.press(this.url, { person, messageId, path, ...how }));
  }
  approve(person: string, how: Pressing = {}): Promise<Delivered> {
    return this.press(person, REQUEST, APPROVE, how);
  }
  deny(person: string, reason: string, how: Pressing = {}): Promise<Delivered> {
    return this.press(person, REQUEST, DENY, { inputs: { [inputId(REQUEST, 'deny')]: reason }, ...how });
  }

  /** The id of the message that stands under a card's key. */
  async at(key: string, conversation = OPS): Promise<string> {
    return (await this.store.posted(key, conversation))?.messageId ?? 'nothing stands there';
  }
  async messageAt(key: string, conversation = OPS): Promise<SimulatedMessage> {
    const { state } = this.teams;
    return state.message(state.conversation(conversation), await this.at(key, conversation));
  }
  async textAt(key: string): Promise<string> {
    return seen((await this.messageAt(key)).text);
  }
  /** The last words that only this person saw beside a card. */
  told(person: string): string {
    return seen(this.teams.state.alone.findLast((each) => each.person === person)?.text ?? '');
  }
  /** What the bot has said in a conversation, oldest first. */
  said(conversation: string): readonly string[] {
    return this.teams.state
      .conversation(conversation)
      .messages.filter(({ by, deleted }) => by === null && !deleted)
      .map(({ text }) => seen(text));
  }
  /** The same to one person alone. */
  saidTo(person: string): readonly string[] {
    return this.said(this.teams.state.personal(person).id);
  }
  titles(conversation = OPS): readonly string[] {
    return this.said(conversation).map((text) => text.split('\n')[0] ?? '');
  }

  async run(): Promise<Run | null> {
    const [latest] = await this.store.runsOf(this.world.managed()[0]?.fqdn ?? ('' as never), 1);
    return latest === undefined ? null : replay(await this.store.read(latest.run));
  }
  /** How many events the journal has. */
  async written(): Promise<number> {
    return (await this.run())?.seq ?? 0;
  }
  async close(): Promise<void> {
    await this.chat?.stop();
    await this.teams.close();
    await this.store.close();
  }
}

/** The pools, but for these answers. */
export const answering = (pools: PoolReader, changes: Partial<PoolReader>): PoolReader =>
  new Proxy(pools, {
    get: (target, name) => {
      const own: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });

/** Without the sign that keeps two characters apart and that nobody sees. */
export const seen = (text: string): string => text.replaceAll('\u{2060}', '');

/** The first request of the first run. */
export const REQUEST = 'run-1-request-1';
export const APPROVE = ['Approve', 'Yes: Approve'];
export const DENY = ['Deny', 'Deny with this reason'];

/** A bot in Teams for one test. */
export async function inTeams(t: TestContext, options: InTeamsOptions = {}): Promise<InTeams> {
  const opened = await InTeams.open(options);
  t.after(() => opened.close());
  return opened;
}

/** Dana has asked for an upgrade, and its first request is open. */
export async function asked(t: TestContext, options: InTeamsOptions = {}): Promise<InTeams> {
  const it = await inTeams(t, options);
  await it.mention(DANA, 'upgrade pool01');
  assert.match(await it.textAt(REQUEST), /Approve\? pool01/);
  return it;
}

/** So many turns of the loop are more than anything here takes. */
const TURNS_MAX = 3_000_000;

/** Comes back when it is so: what goes on by itself is waited for, event by event. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    if (turn === TURNS_MAX) throw new Error('it never became so');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
