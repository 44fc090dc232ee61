import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Answer } from './connector.ts';
import type { Asked, Faults } from './faults.ts';
import { ISSUER, type Keys } from './keys.ts';
import { type Fault, type Given, type ReceivedCall, Refused } from './model.ts';
import { routed } from './routes.ts';
import { closedRefusal, type TeamsState } from './state.ts';

/** Where the login service's keys are. */
const KEYS_PATH = '/v1/.well-known/keys';

/** What the service is made of. */
export interface Served {
  readonly state: TeamsState;
  readonly keys: Keys;
  readonly faults: Faults;
  /** Everything that comes is noted here. */
  readonly calls: ReceivedCall[];
}

/** A request that was read, and what it does. */
interface Request extends Asked {
  readonly take: () => Answer;
}

interface Reply extends Answer {
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves the Bot Connector, below the state's service URL, and the keys of the login service. */
export const serving =
  (served: Served): RequestListener =>
  (incoming, response) => {
    serve(incoming, response, served).catch((bug: unknown) => {
      response.destroy();
      // A client that hung up in mid-request is no bug.
      if (incoming.complete) throw bug;
    });
  };

async function serve(incoming: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { take, ...call } = await requestOf(incoming, served);
  const fault = served.faults.met(call);
  if (fault?.kind === 'slow') await fault.until;
  if (fault?.kind === 'dropped' && !fault.taken) {
    served.calls.push({ ...call, error: 'dropped' });
    response.destroy();
    return;
  }
  const answer = answered(fault, take);
  served.calls.push({ ...call, error: answer.error });
  if (fault?.kind === 'dropped') response.destroy();
  else send(answer.reply, response);
}

function answered(fault: Fault | null, take: () => Answer): { readonly reply: Reply; readonly error: string | null } {
  try {
    const failed = failedBy(fault);
    if (failed !== null) throw failed;
    return { reply: { ...take(), headers: {} }, error: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { reply: refusal(error, fault), error: error.code };
  }
}

/** What keeps a call from having an effect; null: nothing. */
function failedBy(fault: Fault | null): Refused | null {
  switch (fault?.kind) {
    case 'ratelimited':
      return new Refused(429, 'Throttled', 'there were too many requests');
    case 'status':
      return new Refused(fault.status, fault.code ?? USUAL[fault.status] ?? `HTTP ${fault.status}`, 'it went wrong');
    case 'forbidden':
      return closedRefusal(fault.code);
    case 'dropped':
    case 'slow':
    case undefined:
      return null;
  }
}

/** What such a status is called ("Status codes from bot conversational APIs", learn.microsoft.com). */
const USUAL: Readonly<Record<number, string>> = {
  401: 'BotNotRegistered',
  412: 'PreconditionFailed',
  413: 'MessageSizeTooBig',
  500: 'ServiceError',
  502: 'ServiceError',
};
/** These come from what stands before the service, without a word of its own. */
const WORDLESS = [503, 504];

function refusal({ status, code, message }: Refused, fault: Fault | null): Reply {
  const after = fault?.kind === 'ratelimited' ? fault.retryAfter : null;
  const headers: Readonly<Record<string, string>> = after === null ? {} : { 'retry-after': String(after) };
  return { status, body: WORDLESS.includes(status) ? null : errorBody(code, message), headers };
}

/** A conversation that somebody blocked is refused by another service, in a shape of its own. */
const errorBody = (code: string, message: string): Given =>
  code === 'MessageWritesBlocked'
    ? { errorCode: 209, message: JSON.stringify({ subCode: code, details: message, errorCode: null, errorSubCode: null }) }
    : { error: { code, message } };

async function requestOf(incoming: IncomingMessage, { state, keys }: Served): Promise<Request> {
  const url = new URL(incoming.url ?? '/', 'http://teams');
  const given = read(await bodyOf(incoming));
  const service = new URL(state.serviceUrl);
  const published = (body: Given): Request => ({
    kind: 'keys',
    conversation: null,
    activity: null,
    arguments: {},
    take: () => ({ status: 200, body }),
  });
  if (url.pathname === keys.metadataPath) return published({ ...METADATA, jwks_uri: `${service.origin}${KEYS_PATH}` });
  if (url.pathname === KEYS_PATH) return published(keys.published());
  const below = url.pathname.startsWith(service.pathname) ? url.pathname.slice(service.pathname.length) : '';
  const { take, ...named } = routed(incoming.method ?? '', below, url.searchParams, state);
  return {
    ...named,
    arguments: given ?? {},
    take: () => {
      permit(incoming.headers.authorization, state);
      if (given === null) throw new Refused(400, 'BadSyntax', 'the body is no JSON of an object');
      return take(given);
    },
  };
}

const METADATA: Given = { issuer: ISSUER, id_token_signing_alg_values_supported: ['RS256'] };

function permit(authorization: string | undefined, { options: { token } }: TeamsState): void {
  if (token !== undefined && authorization !== `Bearer ${token}`)
    throw new Refused(401, 'BotNotRegistered', 'the app did not show who it is');
}

/** The object in a body, an empty one where there is none; null for what is something else. */
function read(body: string): Given | null {
  if (body === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Given) : null;
  } catch {
    return null;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send({ status, body, headers }: Reply, response: ServerResponse): void {
  if (body === null) response.writeHead(status, headers).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
