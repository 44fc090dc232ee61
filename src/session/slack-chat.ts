import type { App, Receiver } from '@slack/bolt';
import { drawCard } from '../adapters/picture/draw.ts';
import { openSlack, type SlackChat } from '../adapters/slack/app.ts';
import { SLASH_COMMAND } from '../adapters/slack/handlers.ts';
import { limitFaults } from '../adapters/slack/limits.ts';
import type { SentCall } from '../adapters/slack-simulator/model.ts';
import type { Payload } from '../adapters/slack-simulator/payloads.ts';
import { openWorkspace, type Workspace } from '../adapters/slack-simulator/workspace.ts';
import type { PersonId } from '../domain/pool.ts';
import type { Button, Card } from '../messages/card.ts';
import type { Chat, ChatParts, Onlooker, Venue } from './chat.ts';
import { pace } from './pace.ts';

const TEAM = 'T0SESSION';
const CHANNEL = 'C0OPERATIONS';
const BOT = { userId: 'U0LIFEGUARD', botId: 'B0LIFEGUARD', appId: 'A0LIFEGUARD', token: 'xoxb-session', name: 'lifeguard' };
/** The ways in which people type, in turn. */
const WAYS = ['slash', 'mention', 'direct'] as const;

/**
 * A simulated Slack workspace with one channel. What people say goes through the Slack adapter as it would there: a card's
 * button is clicked when it says just that, a reason is submitted in its form, and the rest is typed as a slash command, a
 * mention and a direct message in turn.
 */
export function slackChat(): Venue {
  const members = new Members();
  const stood = new Map<string, string>();
  let workspace: Workspace | null = null;
  let watching: { readonly onlooker: Onlooker; readonly clock: ChatParts['clock'] } | null = null;
  const tell = ({ method, arguments: sent, to, text, ts }: SentCall): void => {
    const words = asSeen(text);
    const shownTo = to.kind === 'channel' ? 'channel' : `@${members.nameOf(to.id)}`;
    watching?.onlooker.shown({ to: shownTo, text: words, payload: { method, arguments: sent } });
    const [title = '', ...lines] = words.split('\n');
    watching?.onlooker.saw(
      watching.clock.now(),
      { tone: 'calm', title, lines, buttons: [] },
      ts === null ? null : (stood.get(ts) ?? null),
    );
    if (ts !== null) stood.set(ts, [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  };
  return {
    open: async (parts, onlooker) => {
      watching = { onlooker, clock: parts.clock };
      workspace ??= await openWorkspace({
        team: { id: TEAM, name: 'Session' },
        bot: BOT,
        users: [],
        channels: [{ id: CHANNEL, name: 'operations', members: [BOT.userId] }],
        check: limitFaults,
        now: () => watching?.clock.now() ?? 0,
        sent: tell,
      });
      return conversing(workspace, members, parts, tell);
    },
    close: async () => workspace?.close(),
  };
}

/** The bot's side of the workspace, for as long as it lives. */
async function conversing(
  workspace: Workspace,
  members: Members,
  { listener, store }: ChatParts,
  tell: (call: SentCall) => void,
): Promise<Chat> {
  const door = new Door();
  const paced = pace();
  const slack: SlackChat = await openSlack(
    { botToken: BOT.token, apiUrl: workspace.apiUrl, transport: { kind: 'given', receiver: door } },
    {
      store,
      people: {
        personOf: ({ user }) => members.personOf(user),
        userOf: (person) => members.userOf(person),
      },
      channelsOf: () => [CHANNEL],
      ...paced,
      // Nobody here is kept waiting: the pools answer at once or not at all.
      patience: () => new Promise(() => {}),
      random: () => 0.5,
      outage: { began: () => {}, ended: () => {} },
      draw: drawCard,
      log: () => {},
      crash: (bug) => door.crash(bug),
    },
  );
  const cards = new Map<string, Card>();
  let typed = 0;
  return {
    surface: {
      show: async (card, about) => {
        cards.set(card.key, card);
        await slack.surface.show(card, about);
        await slack.settled();
      },
    },
    start: () => slack.start(listener),
    say: async (by, words) => {
      const user = members.meet(by);
      workspace.state.addUser({ id: user, name: by });
      workspace.state.channel(CHANNEL).members.add(user);
      const deliver = (payload: Payload): Promise<void> =>
        door.deliver(payload, (sent, text) =>
          tell({ method: 'ack', arguments: sent, to: { kind: 'user', id: user }, text, ts: null }),
        );
      const button = [...cards.values()].flatMap((card) => card.buttons.flatMap((each) => buttonSaying(each, card, words)))[0];
      const stands = button === undefined ? null : await store.posted(button.card, CHANNEL);
      if (button !== undefined && stands !== null) {
        await deliver(workspace.says.click(user, { channel: CHANNEL, ts: stands.messageId }, `press:${button.id}`));
        const form = [...workspace.state.views.values()].findLast((view) => view.user === user);
        if (button.reason !== null && form !== undefined)
          await deliver(workspace.says.submit(user, form.id, { reason: { words: button.reason } }));
        return;
      }
      const way = WAYS[typed % WAYS.length];
      typed += 1;
      if (way === 'mention') await deliver(workspace.says.mention(user, CHANNEL, words));
      else if (way === 'direct') await deliver(workspace.says.direct(user, words));
      else await deliver(workspace.says.slash(user, CHANNEL, SLASH_COMMAND, words));
    },
    close: () => slack.stop(),
  };
}

interface Saying {
  readonly card: string;
  readonly id: string;
  readonly reason: string | null;
}

/** The button of a card that says these words, with the reason that they end with where it asks for one. */
function buttonSaying({ id, command, asks }: Button, { key }: Card, words: string): readonly Saying[] {
  const said = words.trim();
  if (asks === null) return said === command ? [{ card: key, id, reason: null }] : [];
  const reason = said.startsWith(command) ? said.slice(command.length).trim() : '';
  return reason === '' ? [] : [{ card: key, id, reason }];
}

/** Who is who: each person of the session has a user in the workspace. */
class Members {
  readonly #users = new Map<string, PersonId>();

  meet(person: PersonId): string {
    const user = this.userOf(person);
    this.#users.set(user, person);
    return user;
  }
  userOf(person: PersonId): string {
    return `U${[...person].map((letter) => (/[a-z0-9]/.test(letter) ? letter.toUpperCase() : `_${letter.codePointAt(0)}_`)).join('')}`;
  }
  personOf(user: string): PersonId | null {
    return this.#users.get(user) ?? null;
  }
  nameOf(user: string): string {
    return this.#users.get(user) ?? user;
  }
}

/** Where payloads come in, without a network in between. What is sent back with an acknowledgement is seen too. */
class Door implements Receiver {
  #app: App | null = null;
  readonly #bugs: unknown[] = [];

  init(app: App): void {
    this.#app = app;
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  crash(bug: unknown): void {
    this.#bugs.push(bug);
  }

  async deliver(body: Payload, shown: (sent: Readonly<Record<string, unknown>>, text: string) => void): Promise<void> {
    await this.#app?.processEvent({
      body,
      ack: async (answer?: unknown) => {
        const said = textIn(answer);
        if (said !== null) shown(Object(answer), said);
      },
    });
    const [bug] = this.#bugs;
    if (bug !== undefined) throw bug;
  }
}

/** What an acknowledgement shows: a message, or why a form is not taken. */
function textIn(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('text' in answer) return String(answer.text);
  return 'errors' in answer ? Object.values(Object(answer.errors)).join('\n') : null;
}

/** The text as people see it: three characters are written as entities. */
const asSeen = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
