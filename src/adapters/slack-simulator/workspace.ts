import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod/v4';
import { CHAT_METHODS, contentOf, type Method } from './methods-chat.ts';
import { PEOPLE_METHODS } from './methods-people.ts';
import { UPLOAD_PATH, VIEW_METHODS } from './methods-views.ts';
import { type Fault, type ReceivedCall, Refused, type SimulatedMessage } from './model.ts';
import { type Says, saysIn } from './payloads.ts';
import { type WorkspaceOptions, WorkspaceState } from './state.ts';

const METHODS: Readonly<Record<string, Method>> = { ...CHAT_METHODS, ...PEOPLE_METHODS, ...VIEW_METHODS };

/** A Slack workspace that is not there: its Web API on this machine, and what its people do. */
export interface Workspace {
  readonly apiUrl: string;
  readonly state: WorkspaceState;
  readonly says: Says;
  /** Every call so far, the refused ones too. */
  readonly calls: readonly ReceivedCall[];
  /** Messages of a channel that stand at its top level, oldest first; with `ts`, those of that thread. */
  messages(channel: string, threadTs?: string): readonly SimulatedMessage[];
  /** The next calls of that method meet this; `times` is 1 when it is not said. */
  fail(method: string, fault: Fault, times?: number): void;
  /** Somebody deletes a message. */
  deleteMessage(channel: string, ts: string): void;
  close(): Promise<void>;
}

/** Opens a workspace on a free port of this machine. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const state = new WorkspaceState(options);
  const faults: { readonly method: string; readonly fault: Fault }[] = [];
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    serve(request, response, state, faults, calls).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const respondTo = (channel: string, user: string, ts: string | null): string =>
    `${address}/response/${channel}/${user}/${ts ?? 'none'}`;
  return {
    apiUrl: `${address}/api/`,
    state,
    says: saysIn(state, respondTo),
    calls,
    messages: (channel, threadTs) =>
      state
        .channel(channel)
        .messages.filter((each) => (threadTs === undefined ? each.threadTs === null : each.threadTs === threadTs)),
    fail: (method, fault, times = 1) => {
      for (let time = 0; time < times; time += 1) faults.push({ method, fault });
    },
    deleteMessage: (channel, ts) => {
      const { messages } = state.channel(channel);
      const at = messages.findIndex((each) => each.ts === ts);
      if (at >= 0) messages.splice(at, 1);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

type Given = Readonly<Record<string, unknown>>;

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  state: WorkspaceState,
  faults: { readonly method: string; readonly fault: Fault }[],
  calls: ReceivedCall[],
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://slack').pathname;
  const body = await bodyOf(request);
  if (path.startsWith(UPLOAD_PATH)) return upload(path.slice(UPLOAD_PATH.length), body, state, response);
  if (path.startsWith('/response/')) return answer(response, 200, respond(path, body.toString(), state));
  const method = path.replace(/^\/api\//, '');
  const given = argumentsIn(body.toString(), request.headers['content-type'] ?? '');
  const armed = faults.findIndex((each) => each.method === method);
  const [hit] = armed < 0 ? [] : faults.splice(armed, 1);
  const fault = hit?.fault ?? null;
  if (fault?.kind === 'slow') await fault.until;
  if (fault?.kind === 'ratelimited') {
    response.setHeader('retry-after', String(fault.retryAfter));
    return answer(response, 429, { ok: false, error: 'ratelimited' });
  }
  if (fault?.kind === 'status') return answer(response, fault.status, { ok: false, error: 'internal_error' });
  if (fault?.kind === 'error') return answer(response, 200, { ok: false, error: fault.error });
  if (fault?.kind === 'dropped' && !fault.taken) return void response.destroy();
  const outcome = call(method, given, request, state, calls);
  if (fault?.kind === 'dropped') return void response.destroy();
  response.setHeader('x-oauth-scopes', (state.options.scopes ?? []).join(','));
  return answer(response, 200, uploadAddressed(outcome, request));
}

/** The address bytes are sent to is this server's, whatever it is called. */
const uploadAddressed = (outcome: Given, { headers }: IncomingMessage): Given =>
  typeof outcome['upload_url'] === 'string'
    ? { ...outcome, upload_url: `http://${headers.host}${outcome['upload_url']}` }
    : outcome;

function call(name: string, given: Given, request: IncomingMessage, state: WorkspaceState, calls: ReceivedCall[]): Given {
  try {
    const outcome = METHODS[name] === undefined ? appCall(name, request, state) : permitted(METHODS[name], given, request, state);
    calls.push({ method: name, arguments: given, error: null });
    return { ok: true, ...outcome };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    calls.push({ method: name, arguments: given, error: error.message });
    const metadata = error.detail.length === 0 ? {} : { response_metadata: { messages: error.detail } };
    return { ok: false, error: error.message, ...metadata };
  }
}

function permitted(method: Method, given: Given, { headers }: IncomingMessage, state: WorkspaceState): Given {
  const { bot, scopes } = state.options;
  if (headers.authorization !== `Bearer ${bot.token}`) throw new Refused('invalid_auth');
  const lacks = scopes !== undefined && method.needs.length > 0 && !method.needs.some((scope) => scopes.includes(scope));
  if (lacks) throw new Refused('missing_scope', [`needed: ${method.needs.join(' or ')}`]);
  const { token: _token, ...rest } = given;
  const read = method.takes.safeParse(rest);
  if (!read.success) throw new Refused('invalid_arguments', [z.prettifyError(read.error)]);
  return method.does(rest, state);
}

/** Socket Mode opens with another token than everything else. */
function appCall(name: string, { headers }: IncomingMessage, { options: { appToken } }: WorkspaceState): Given {
  if (name !== 'apps.connections.open') throw new Refused('unknown_method');
  if (appToken === undefined || headers.authorization !== `Bearer ${appToken}`) throw new Refused('invalid_auth');
  return { url: 'wss://127.0.0.1/nothing-is-there' };
}

/** An answer by its address, which needs no token. */
function respond(path: string, body: string, state: WorkspaceState): Given {
  const [, , channel = '', user = '', ts = ''] = path.split('/');
  const given: Given = JSON.parse(body);
  const { text, blocks } = contentOf(given, state);
  const { response_type: type, replace_original: replaces, ...shown } = given;
  if (replaces === true) Object.assign(state.message(state.channel(channel), ts), { text, blocks });
  else if (type !== 'in_channel') state.ephemeral.push({ user, channel, text, blocks });
  state.options.sent({
    method: 'response_url',
    arguments: { ...shown, response_type: type },
    to: { kind: 'user', id: user },
    text,
    ts: null,
  });
  return { ok: true };
}

function upload(id: string, body: Buffer, state: WorkspaceState, response: ServerResponse): void {
  const file = state.files.get(id);
  const whole = file !== undefined && file.bytes === -body.length;
  if (whole) file.bytes = body.length;
  answer(response, whole ? 200 : 400, { ok: whole });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Slack's client sends a form in which everything that is no text is JSON. */
function argumentsIn(body: string, type: string): Given {
  if (type.startsWith('application/json')) return JSON.parse(body) as Given;
  return Object.fromEntries([...new URLSearchParams(body)].map(([name, value]) => [name, decoded(value)]));
}

function decoded(value: string): unknown {
  if (!/^[[{]|^(?:true|false)$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function answer(response: ServerResponse, status: number, body: Given): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
