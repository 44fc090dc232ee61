import type { TestContext } from 'node:test';
import type { Given, SentActivity } from '../../../src/adapters/teams-simulator/model.ts';
import { openTeams, type SimulatedTeams } from '../../../src/adapters/teams-simulator/teams.ts';

export const TENANT = '11111111-2222-4333-8444-555555555555';
export const FABRIKAM = '99999999-2222-4333-8444-555555555555';
export const APP = { id: 'aaaaaaaa-2222-4333-8444-555555555555', name: 'Lifeguard' };
export const OPS = '19:ops@thread.tacv2';
export const LAB = '19:lab@thread.tacv2';
export const NIGHT = '19:night@thread.v2';
export const TOKEN = 'shown-by-the-app';
export const [DANA, OMAR, GUEST, PARTNER, ABSENT] = ['dana', 'omar', 'guest', 'partner', 'absent'].map(
  (name, at) => `d000000${at}-2222-4333-8444-${name.padEnd(12, '0').replaceAll(/[^0-9a-f]/g, '0')}`,
) as [string, string, string, string, string];
/** Where a day in Teams begins, in milliseconds. */
export const DAWN = Date.UTC(2026, 10, 20, 6);

/** What a call was answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Given;
}

/** A Teams with dana and omar, a guest, somebody of another tenant, and a clock that a test moves. */
export interface InTeams {
  readonly teams: SimulatedTeams;
  /** What was shown to somebody. */
  readonly seen: readonly SentActivity[];
  readonly clock: { now: number };
  /** A call as a client without manners makes it, below the service URL. */
  call(method: string, path: string, body?: unknown, token?: string | null): Promise<Answer>;
  /** What a call was answered with, in one line: `404 ConversationNotFound`. */
  told(method: string, path: string, body?: unknown): Promise<string>;
  /** Posts a message of the app's, and says its id. */
  posted(message: Given, conversation?: string): Promise<string>;
}

export async function inTeams(t: TestContext): Promise<InTeams> {
  const clock = { now: DAWN };
  const seen: SentActivity[] = [];
  const teams = await openTeams({
    tenant: TENANT,
    app: APP,
    conversations: [
      { id: OPS, kind: 'channel', name: 'ops' },
      { id: LAB, kind: 'channel', name: 'lab' },
      { id: NIGHT, kind: 'group', name: 'night shift' },
    ],
    token: TOKEN,
    check: (card, activity) => (JSON.stringify([card, activity]).includes('unshowable') ? ['it cannot be shown'] : []),
    now: () => clock.now,
    sent: (call) => seen.push(call),
  });
  t.after(() => teams.close());
  teams.addPerson({ objectId: DANA, name: 'Dana Diaz' });
  teams.addPerson({ objectId: OMAR, name: 'Omar Odeh' });
  teams.addPerson({ objectId: GUEST, name: 'Gus Guest', guest: true, places: [OPS] });
  teams.addPerson({ objectId: PARTNER, name: 'Pat Partner', tenant: FABRIKAM, places: [OPS] });
  teams.addPerson({ objectId: ABSENT, name: 'Abe Absent', installed: false, places: [] });
  const call: InTeams['call'] = async (method, path, body, token = TOKEN) => {
    const authorization: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(new URL(path, teams.serviceUrl), {
      method,
      headers: { 'content-type': 'application/json', ...authorization },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Given) };
  };
  return {
    teams,
    seen,
    clock,
    call,
    told: async (method, path, body) => {
      const { status, body: answer } = await call(method, path, body);
      const { code } = Object(answer['error']) as Given;
      return code === undefined ? `${status}` : `${status} ${String(code)}`;
    },
    posted: async (message, conversation = OPS) => String((await call('POST', activities(conversation), message)).body['id']),
  };
}

/** Where messages of a conversation are posted. */
export const activities = (conversation: string, id?: string): string =>
  `v3/conversations/${encodeURIComponent(conversation)}/activities${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** A thread of a channel. */
export const thread = (conversation: string, root: string): string => `${conversation};messageid=${root}`;

export const say = (text: string): Given => ({ type: 'message', text });

/** A message with a card. */
export const show = (card: Given): Given => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
});

export const cardOf = (body: readonly unknown[], actions: readonly unknown[] = []): Given => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body,
  actions,
});

/** A card with a title and one button, which a phone has another one for. */
export const asking = (title: string): Given =>
  cardOf(
    [{ type: 'TextBlock', text: title }],
    [
      {
        type: 'Action.Execute',
        id: 'go',
        verb: 'press',
        title: 'Go',
        data: { button: 'go' },
        fallback: { type: 'Action.Submit', title: 'Go', data: { button: 'go', by: 'phone' } },
      },
    ],
  );
