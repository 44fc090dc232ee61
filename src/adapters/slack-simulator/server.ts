import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { argumentsIn, bytesIn } from './arguments.ts';
import type { Faults } from './faults.ts';
import type { Given } from './method.ts';
import { takeUpload, UPLOAD_PATH } from './methods-files.ts';
import { type Fault, type ReceivedCall, Refused } from './model.ts';
import { respond } from './responses.ts';
import { RESPONSE_PATH, type WorkspaceState } from './state.ts';
import { called } from './web-api.ts';

/** A request that was read: what it is called here, what it brings, and what it does. */
interface Request {
  readonly method: string;
  readonly given: Given;
  /** Slack says of a call of its Web API that it is refused with status 200. */
  readonly refusedWith: number;
  readonly take: () => Given;
}

interface Reply {
  readonly status: number;
  readonly body: Given;
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves a workspace: its Web API, uploads, and the addresses for answers. Everything that comes is noted in `calls`. */
export const serving =
  (state: WorkspaceState, faults: Faults, calls: ReceivedCall[]): RequestListener =>
  (incoming, response) => {
    serve(incoming, response, state, faults, calls).catch((bug: unknown) => {
      response.destroy();
      // A client that hung up in mid-request is no bug.
      if (incoming.complete) throw bug;
    });
  };

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  state: WorkspaceState,
  faults: Faults,
  calls: ReceivedCall[],
): Promise<void> {
  const request = await requestOf(incoming, state);
  const { method, given } = request;
  const fault = faults.met(method, given);
  if (fault?.kind === 'slow') await fault.until;
  const failed = failedBy(fault);
  if (failed !== null) {
    calls.push({ method, arguments: given, error: String(failed.body['error']) });
    return fault?.kind === 'dropped' ? void response.destroy() : send(failed, response);
  }
  const reply = answer(request, state, calls);
  if (fault?.kind === 'dropped') response.destroy();
  else send(reply, response);
}

/** What a call that has no effect is told; null: it has one. */
function failedBy(fault: Fault | null): Reply | null {
  const body = (error: string): Given => ({ ok: false, error });
  switch (fault?.kind) {
    case 'ratelimited':
      return { status: 429, body: body('ratelimited'), headers: { 'retry-after': String(fault.retryAfter) } };
    case 'status':
      return { status: fault.status, body: body(`HTTP ${fault.status}`), headers: {} };
    case 'error':
      return { status: 200, body: body(fault.error), headers: {} };
    case 'dropped':
      return fault.taken ? null : { status: 0, body: body('dropped'), headers: {} };
    case 'slow':
    case undefined:
      return null;
  }
}

function answer({ method, given, refusedWith, take }: Request, { options }: WorkspaceState, calls: ReceivedCall[]): Reply {
  const headers = options.scopes === undefined ? {} : { 'x-oauth-scopes': options.scopes.join(',') };
  try {
    const outcome = take();
    calls.push({ method, arguments: given, error: null });
    return { status: 200, body: { ok: true, ...outcome }, headers };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { message, detail, facts } = error;
    calls.push({ method, arguments: given, error: message });
    const why = detail.length === 0 ? {} : { response_metadata: { messages: detail } };
    return { status: refusedWith, body: { ok: false, error: message, ...facts, ...why }, headers };
  }
}

async function requestOf(incoming: IncomingMessage, state: WorkspaceState): Promise<Request> {
  const path = new URL(incoming.url ?? '/', 'http://slack').pathname;
  const type = incoming.headers['content-type'] ?? '';
  const body = await bodyOf(incoming);
  if (path.startsWith(UPLOAD_PATH)) {
    const [file, bytes] = [path.slice(UPLOAD_PATH.length), await bytesIn(body, type)];
    const take = (): Given => {
      if (!takeUpload(file, bytes, state)) throw new Refused('upload_failed');
      return {};
    };
    return { method: 'upload', given: { file, length: bytes.length }, refusedWith: 400, take };
  }
  const { given, unread } = read(body.toString(), type);
  const whenRead = (take: () => Given) => (): Given => {
    if (unread !== null) throw unread;
    return take();
  };
  if (path.startsWith(RESPONSE_PATH)) {
    const take = (): Given => {
      respond(path.slice(RESPONSE_PATH.length), given, state);
      return {};
    };
    return { method: 'response_url', given, refusedWith: 404, take: whenRead(take) };
  }
  const method = path.replace(/^\/api\//, '');
  const bearer = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1] ?? null;
  return { method, given, refusedWith: 200, take: whenRead(() => called(method, given, bearer, state)) };
}

function read(body: string, type: string): { readonly given: Given; readonly unread: Refused | null } {
  try {
    return { given: argumentsIn(body, type), unread: null };
  } catch (error) {
    if (error instanceof Refused) return { given: {}, unread: error };
    throw error;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send({ status, body, headers }: Reply, response: ServerResponse): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
