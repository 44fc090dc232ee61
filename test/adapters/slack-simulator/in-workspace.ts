import type { TestContext } from 'node:test';
import { WebClient } from '@slack/web-api';
import type { SentCall } from '../../../src/adapters/slack-simulator/model.ts';
import { openWorkspace, type Workspace } from '../../../src/adapters/slack-simulator/workspace.ts';

export const OPS = 'C0OPS';
/** A channel that the bot is not in. */
export const ELSEWHERE = 'C0ELSEWHERE';
/** A private channel. */
export const PRIVATE = 'G0PRIVATE';
export const BOT = { userId: 'U0BOT', botId: 'B0BOT', appId: 'A0BOT', name: 'lifeguard', token: 'xoxb-here' };
export const APP_TOKEN = 'xapp-here';
const SCOPES = [
  'channels:history',
  'channels:read',
  'chat:write',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'usergroups:read',
  'users:read',
];
/** Where a workspace's day begins, in milliseconds. */
export const DAWN = Date.UTC(2026, 10, 20, 6);

export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean; readonly error?: string };

/** A workspace with dana and omar, the bot, and a clock that a test moves. */
export interface InWorkspace {
  readonly workspace: Workspace;
  readonly client: WebClient;
  /** What was shown to somebody. */
  readonly seen: readonly SentCall[];
  readonly clock: { now: number };
  /** A call as a client without manners makes it: JSON, with this token, or with none. */
  call(method: string, given: Readonly<Record<string, unknown>>, token?: string | null): Promise<Answer>;
  /** Posts a message of the bot's in the channel, and says its `ts`. */
  posted(text: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Posts an answer to an address, and says the status and the word for what went wrong. */
  answered(url: unknown, given: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function inWorkspace(t: TestContext, lacking: readonly string[] = []): Promise<InWorkspace> {
  const clock = { now: DAWN };
  const seen: SentCall[] = [];
  const workspace = await openWorkspace({
    team: { id: 'T0CONTOSO', name: 'Contoso' },
    bot: BOT,
    users: [
      { id: 'U0DANA', name: 'dana' },
      { id: 'U0OMAR', name: 'omar' },
      { id: 'U0GONE', name: 'gone', deactivated: true },
      { id: 'U0GUEST', name: 'guest', guest: 'of one channel' },
      { id: 'U0PARTNER', name: 'partner', team: 'T0FABRIKAM' },
    ],
    channels: [
      { id: OPS, name: 'ops', members: ['U0DANA', 'U0OMAR', 'U0PARTNER', BOT.userId] },
      { id: ELSEWHERE, name: 'elsewhere', members: ['U0DANA'] },
      { id: PRIVATE, name: 'private', members: ['U0DANA', BOT.userId] },
    ],
    userGroups: [
      { id: 'S0ONCALL', handle: 'oncall' },
      { id: 'S0OLD', handle: 'old', disabled: true },
    ],
    scopes: SCOPES.filter((scope) => !lacking.includes(scope)),
    appToken: APP_TOKEN,
    check: ({ text }) => (text === 'unshowable' ? ['it cannot be shown'] : []),
    now: () => clock.now,
    sent: (call) => seen.push(call),
  });
  t.after(() => workspace.close());
  const client = new WebClient(BOT.token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => 'error' as never, setName() {} },
  });
  const call: InWorkspace['call'] = async (method, given, token = BOT.token) => {
    const response = await fetch(`${workspace.apiUrl}${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(given),
    });
    return (await response.json()) as Answer;
  };
  return {
    workspace,
    client,
    seen,
    clock,
    call,
    posted: async (text, more = {}) => String((await call('chat.postMessage', { channel: OPS, text, ...more }))['ts']),
    answered: async (url, given) => {
      const response = await fetch(String(url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(given),
      });
      const { error } = (await response.json()) as Answer;
      return error === undefined ? `${response.status}` : `${response.status} ${error}`;
    },
  };
}

export const BUTTONS = [
  {
    type: 'actions',
    block_id: 'buttons',
    elements: [{ type: 'button', action_id: 'press:go', value: 'card-1', text: { type: 'plain_text', text: 'Go' } }],
  },
];

export const FORM = {
  type: 'modal',
  callback_id: 'reason',
  private_metadata: 'card-1',
  title: { type: 'plain_text', text: 'Why?' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'The reason' },
      element: { type: 'plain_text_input', action_id: 'words' },
    },
    ...BUTTONS,
  ],
};

export const PAGE = { type: 'home', blocks: BUTTONS };
