import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod/v4';
import { parseServerFqdn } from '../../domain/pool.ts';
import { answerCmdlet } from './cmdlets.ts';
import type { PoolModel } from './model.ts';

/** Where the stand-in cmdlets ask, and the token that they show. Both are for processes that we start. */
export interface Loopback {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

const Call = z.strictObject({ server: z.string(), cmdlet: z.string(), parameters: z.record(z.string(), z.unknown()) });
/** Larger than any call of ours, in characters. */
const CALL_MAX = 100_000;

/** Serves the simulated pools to the stand-in cmdlets, on this machine only. A call is answered at once, but for a cmdlet that waits. */
export async function startLoopback(pools: readonly PoolModel[]): Promise<Loopback> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    void answer(pools, token, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(body);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    token,
    close: () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      return closed.promise;
    },
  };
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

async function answer(pools: readonly PoolModel[], token: string, request: IncomingMessage): Promise<Reply> {
  const shown = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) return { status: 401, body: '' };
  const call = Call.safeParse(await read(request).then(parsed, () => null));
  const server = call.success ? parseServerFqdn(call.data.server) : null;
  if (!call.success || server === null) return { status: 400, body: '' };
  const answered = await answerCmdlet(pools, { ...call.data, server });
  return answered.kind === 'gone' ? { status: 503, body: '' } : { status: 200, body: JSON.stringify(answered) };
}

async function read(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > CALL_MAX) throw new Error('larger than any call of ours');
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
