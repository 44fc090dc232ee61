import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { App, Receiver } from '@slack/bolt';
import { drawCard } from '../../../src/adapters/picture/draw.ts';
import { SimulatedOperator, SimulatedReader } from '../../../src/adapters/simulator/direct.ts';
import { openSlack, type SlackChat, type Transport } from '../../../src/adapters/slack/app.ts';
import { limitFaults } from '../../../src/adapters/slack/limits.ts';
import { BOT_SCOPES } from '../../../src/adapters/slack/scopes.ts';
import type { Payload } from '../../../src/adapters/slack-simulator/payloads.ts';
import { openWorkspace, type Workspace } from '../../../src/adapters/slack-simulator/workspace.ts';
import type { OpenedStore } from '../../../src/adapters/store/opened.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../../src/bot.ts';
import { replay } from '../../../src/domain/evolve.ts';
import { personId } from '../../../src/domain/pool.ts';
import type { Run } from '../../../src/domain/run.ts';
import type { PoolReader } from '../../../src/ports.ts';
import { parseLine } from '../../../src/session/file.ts';
import { World } from '../../../src/session/world.ts';

export const CHANNEL = 'C0LYNCOPS';
export const TEAM = 'T0CONTOSO';
const BOT = { userId: 'U0LIFEGUARD', botId: 'B0LIFEGUARD', appId: 'A0LIFEGUARD', token: 'xoxb-canary-token', name: 'lifeguard' };
/** Full members who are listed: dana asks, omar may approve, kim may only look. */
const LISTED: Readonly<Record<string, string>> = { U0DANA: 'dana', U0OMAR: 'omar', U0KIM: 'kim' };

/** A door that a test brings payloads to, and what the adapter acknowledged. */
class Door implements Receiver {
  #app: App | null = null;
  init(app: App): void {
    this.#app = app;
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  /** `acknowledged` settles at the first acknowledgement, `done` when all that the payload led to has ended. */
  deliver(body: Payload): { readonly acknowledged: Promise<unknown>; readonly done: Promise<void> } {
    let heard: (answer: unknown) => void = () => {};
    const acknowledged = new Promise<unknown>((resolve) => {
      heard = resolve;
    });
    const done = this.#app?.processEvent({ body, ack: async (answer?: unknown) => heard(answer) }) ?? Promise.resolve();
    return { acknowledged, done };
  }
}

export interface InSlackOptions {
  /** What stands between the bot and the simulated pools. */
  readonly reader?: (pools: PoolReader) => PoolReader;
  readonly transport?: Transport;
  /** Whether waiting for a person's patience ever ends; a test says when. */
  readonly patience?: () => Promise<void>;
}

/** One bot with a simulated pool of six in a simulated workspace, and the people in it. */
export class InSlack {
  readonly workspace: Workspace;
  readonly store: OpenedStore;
  readonly world: World;
  effects: string[] = [];
  readonly logged: string[] = [];
  readonly bugs: unknown[] = [];
  readonly options: InSlackOptions;
  bot: Lifeguard | null = null;
  slack: SlackChat | null = null;
  #door = new Door();

  private constructor(workspace: Workspace, store: OpenedStore, world: World, options: InSlackOptions) {
    this.workspace = workspace;
    this.store = store;
    this.world = world;
    this.options = options;
  }

  static async open(options: InSlackOptions = {}): Promise<InSlack> {
    const effects: string[] = [];
    const world = new World([], { effect: (_pool, server, cmdlet) => effects.push(`${cmdlet} ${server}`), state: () => {} });
    for (const line of [
      '! seed 5',
      '! pool pool01 version 2013 servers 6 domains fe1,fe2|fe3,fe4|fe5,fe6 paired pool02',
      '! person dana view operate approve',
      '! person omar view operate approve',
      '! person kim view',
    ])
      world.happen(parseLine(line, 0));
    const workspace = await openWorkspace({
      team: { id: TEAM, name: 'Contoso' },
      bot: BOT,
      users: [
        ...Object.entries(LISTED).map(([id, name]) => ({ id, name })),
        { id: 'U0MALLORY', name: 'mallory' },
        { id: 'U0GUEST', name: 'guest', guest: true },
        { id: 'U0WORKFLOW', name: 'workflow', bot: true },
        { id: 'U0GONE', name: 'gone', deactivated: true },
        { id: 'U0PARTNER', name: 'partner', team: 'T0FABRIKAM' },
      ],
      channels: [
        {
          id: CHANNEL,
          name: 'lync-ops',
          members: ['U0DANA', 'U0OMAR', 'U0KIM', 'U0MALLORY', 'U0GUEST', 'U0GONE', 'U0PARTNER', BOT.userId],
        },
        { id: 'C0FALLBACK', name: 'ops', members: ['U0DANA', 'U0OMAR', BOT.userId] },
      ],
      scopes: BOT_SCOPES,
      appToken: 'xapp-canary-token',
      check: limitFaults,
      now: () => world.now(),
      sent: () => {},
    });
    const inSlack = new InSlack(workspace, await openStore(':memory:'), world, options);
    inSlack.effects = effects;
    await inSlack.start();
    return inSlack;
  }

  /** Starts a bot on what the record and the workspace hold. */
  async start(): Promise<void> {
    const { store, world, workspace, options } = this;
    this.#door = new Door();
    let passed = 0;
    this.slack = await openSlack(
      { botToken: BOT.token, apiUrl: workspace.apiUrl, transport: options.transport ?? { kind: 'given', receiver: this.#door } },
      {
        store,
        people: {
          personOf: ({ team, user }) => (team === TEAM && LISTED[user] !== undefined ? personId(LISTED[user]) : null),
          userOf: (person) => `U0${person.toUpperCase()}`,
        },
        channelsOf: () => [CHANNEL, 'C0FALLBACK'],
        now: () => (options.transport === undefined ? passed : Date.now()),
        wait: async (milliseconds) => {
          passed += milliseconds;
        },
        patience: options.patience ?? (() => new Promise(() => {})),
        random: () => 0.5,
        outage: { began: () => {}, ended: () => {} },
        draw: drawCard,
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
      placeOf: () => CHANNEL,
      log: () => {},
      surface: this.slack.surface,
    });
    await this.bot.start();
    await this.slack.start(this.bot);
  }

  /** Brings a payload, and comes back when everything it led to is shown. */
  async bring(body: Payload): Promise<unknown> {
    const { acknowledged, done } = this.#door.deliver(body);
    await done;
    await this.slack?.settled();
    if (this.bugs.length > 0) throw this.bugs[0];
    return acknowledged;
  }
  deliver(body: Payload) {
    return this.#door.deliver(body);
  }
  slash(user: string, text: string): Promise<unknown> {
    return this.bring(this.workspace.says.slash(user, CHANNEL, '/pool', text));
  }
  click(user: string, key: string, button: string): Promise<unknown> {
    return this.at(key).then((ts) => this.bring(this.workspace.says.click(user, { channel: CHANNEL, ts }, `press:${button}`)));
  }
  /** The message that stands under a card's key. */
  async at(key: string): Promise<string> {
    return (await this.store.posted(key, CHANNEL))?.messageId ?? 'nothing stands there';
  }
  async textAt(key: string): Promise<string> {
    const ts = await this.at(key);
    return this.workspace.state.message(this.workspace.state.channel(CHANNEL), ts).text;
  }
  /** The last words that only this person saw. */
  told(user: string): string {
    return this.workspace.state.ephemeral.findLast((each) => each.user === user)?.text ?? '';
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
    await this.slack?.stop();
    await this.workspace.close();
    await this.store.close();
  }
}

/** The words an acknowledgement showed. */
export const shownIn = (answer: unknown): string => {
  const { text, errors } = Object(answer ?? {});
  return String(text ?? Object.values(Object(errors ?? {})).join());
};

/** The first request of the first run. */
export const REQUEST = 'run-1-request-1';

/** A bot in Slack for one test. */
export async function inSlack(t: TestContext, options: InSlackOptions = {}): Promise<InSlack> {
  const opened = await InSlack.open(options);
  t.after(() => opened.close());
  return opened;
}

/** Dana has asked for an upgrade, and its first request is open. */
export async function asked(t: TestContext, options: InSlackOptions = {}): Promise<InSlack> {
  const it = await inSlack(t, options);
  await it.slash('U0DANA', 'upgrade pool01');
  assert.match(await it.textAt(REQUEST), /Approve\? pool01/);
  return it;
}
