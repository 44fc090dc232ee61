import { createHash } from 'node:crypto';
import { inputId } from '../adapters/teams/actions.ts';
import type { TeamsChat } from '../adapters/teams/app.ts';
import { limitFaults } from '../adapters/teams/limits.ts';
import { MARKS } from '../adapters/teams/markdown.ts';
import type { Delivered } from '../adapters/teams-simulator/client.ts';
import type { SentActivity } from '../adapters/teams-simulator/model.ts';
import { openTeams as openSimulated, type SimulatedTeams } from '../adapters/teams-simulator/teams.ts';
import type { PersonId } from '../domain/pool.ts';
import type { Button, Card } from '../messages/card.ts';
import { type Mark, markSpan, plain } from '../messages/spans.ts';
import type { Chat, ChatParts, Onlooker, Venue } from './chat.ts';
import { pace } from './pace.ts';

const TENANT = '5e551010-0000-4000-8000-000000000001';
const APP = { id: '5e551010-0000-4000-8000-000000000002', name: 'Lifeguard' };
const CHANNEL = '19:operations@thread.tacv2';
/** The ways in which people type, in turn. */
const WAYS = ['mention', 'personal'] as const;

/**
 * A simulated Teams with one channel. What people say goes through the Teams adapter as it would there, signed and over
 * HTTP: a card's button is pressed when it says just that, a reason is written into its field, and the rest is typed as a
 * mention in the channel and in one's own chat in turn.
 */
export function teamsChat(): Venue {
  const members = new Members();
  const stood = new Map<string, string>();
  let teams: SimulatedTeams | null = null;
  let watching: { readonly onlooker: Onlooker; readonly clock: ChatParts['clock'] } | null = null;
  const tell = ({ method, arguments: sent, to, text: written, activityId }: SentActivity): void => {
    const text = asSeen(written);
    const shownTo = to.kind === 'conversation' ? 'channel' : `@${members.nameOf(to.id)}`;
    watching?.onlooker.shown({ to: shownTo, text, payload: { method, arguments: sent } });
    const [title = '', ...lines] = text.split('\n');
    const before = activityId === null ? null : (stood.get(activityId) ?? null);
    watching?.onlooker.saw(watching.clock.now(), { tone: 'calm', title, lines, buttons: [] }, before);
    if (activityId !== null) stood.set(activityId, [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  };
  return {
    open: async (parts, onlooker) => {
      watching = { onlooker, clock: parts.clock };
      teams ??= await openSimulated({
        tenant: TENANT,
        app: APP,
        conversations: [{ id: CHANNEL, kind: 'channel', name: 'operations' }],
        check: limitFaults,
        now: () => watching?.clock.now() ?? 0,
        sent: tell,
      });
      return conversing(teams, members, parts);
    },
    close: async () => teams?.close(),
  };
}

/** The bot's side of it, for as long as it lives. */
async function conversing(teams: SimulatedTeams, members: Members, { listener, store }: ChatParts): Promise<Chat> {
  const bugs: unknown[] = [];
  const chat = await opened(teams, members, store, (bug) => bugs.push(bug));
  const cards = new Map<string, Card>();
  let [address, typed] = ['', 0];
  return {
    surface: {
      show: async (card, about) => {
        cards.set(card.key, card);
        await chat.surface.show(card, about);
        await chat.shown();
      },
    },
    start: async () => {
      address = `http://127.0.0.1:${await chat.start(listener)}`;
    },
    say: async (by, words) => {
      const person = members.meet(by, teams);
      const button = [...cards.values()].flatMap((card) => card.buttons.flatMap((each) => buttonSaying(each, card, words)))[0];
      const stands = button === undefined ? null : await store.posted(button.card, CHANNEL);
      if (button !== undefined && stands !== null) {
        const { path, reason } = button;
        const inputs = reason === null ? {} : { [inputId(button.card, button.id)]: reason };
        arrived(await teams.press(address, { person, messageId: stands.messageId, path, inputs }));
      } else {
        const way = WAYS[typed % WAYS.length];
        typed += 1;
        const said = way === 'mention' ? teams.says.mention(person, CHANNEL, words) : teams.says.personal(person, words);
        arrived(await teams.deliver(address, said));
      }
      await chat.settled();
      const [bug] = bugs;
      if (bug !== undefined) throw bug;
    },
    close: () => chat.stop(),
  };
}

/** What somebody says in a session reaches the bot, or the session is worth nothing. */
function arrived({ status, body }: Delivered): void {
  if (status === null || status > 299) throw new Error(`Teams: nobody took it: ${status} ${JSON.stringify(body)}`);
}

/** Its SDK is loaded where somebody plays in Teams, and nowhere else. */
async function opened(
  teams: SimulatedTeams,
  members: Members,
  store: ChatParts['store'],
  crash: (bug: unknown) => void,
): Promise<TeamsChat> {
  const { openTeams } = await import('../adapters/teams/app.ts');
  const settings = {
    appId: APP.id,
    appPassword: 'nothing on this machine is signed',
    tenants: [TENANT],
    serviceHosts: ['127.0.0.1'],
    issuer: teams.issuer,
    metadataUrl: teams.metadataUrl,
    serviceUrl: teams.serviceUrl,
    host: '127.0.0.1',
    port: 0,
  };
  return openTeams(settings, {
    store,
    people: {
      personOf: ({ objectId }) => members.personOf(objectId),
      objectOf: (person) => members.objectOf(person),
    },
    conversationsOf: () => [CHANNEL],
    ...pace(),
    tokenTime: () => Date.now(),
    // Nobody here is kept waiting: the pools answer at once or not at all.
    patience: () => new Promise(() => {}),
    random: () => 0.5,
    outage: { began: () => {}, ended: () => {} },
    log: () => {},
    crash,
  });
}

interface Saying {
  readonly card: string;
  readonly id: string;
  readonly path: readonly string[];
  readonly reason: string | null;
}

/** The button of a card that says these words: what unfolds has another one of its name inside, or one that sends the reason. */
function buttonSaying({ id, label, command, asks, confirm }: Button, { key }: Card, words: string): readonly Saying[] {
  const said = words.trim();
  if (asks === null)
    return said === command ? [{ card: key, id, path: confirm === null ? [label] : [label, `Yes: ${label}`], reason: null }] : [];
  const reason = said.startsWith(command) ? said.slice(command.length).trim() : '';
  return reason === '' ? [] : [{ card: key, id, path: [label, `${label} with this reason`], reason }];
}

/** The text as other chats have it: without the sign that keeps two characters apart, and with a mark in front of its line. */
const asSeen = (text: string): string =>
  Object.entries(MARKS).reduce(
    (seen, [mark, sign]) => seen.replaceAll(`${sign}\n`, plain(markSpan(mark as Mark)).concat(' ')),
    text.replaceAll('\u{2060}', ''),
  );

/** Who is who: each person of the session has an account in the tenant. */
class Members {
  readonly #people = new Map<string, PersonId>();

  meet(person: PersonId, teams: SimulatedTeams): string {
    const objectId = this.objectOf(person);
    if (!this.#people.has(objectId)) {
      this.#people.set(objectId, person);
      teams.addPerson({ objectId, name: person });
      teams.state.conversation(CHANNEL).members.add(objectId);
    }
    return objectId;
  }
  /** An object id as the directory has them, always the same one for a name. */
  objectOf(person: PersonId): string {
    const digits = createHash('sha256').update(person).digest('hex');
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
  }
  personOf(objectId: string): PersonId | null {
    return this.#people.get(objectId) ?? null;
  }
  nameOf(objectId: string): string {
    return this.#people.get(objectId) ?? objectId;
  }
}
