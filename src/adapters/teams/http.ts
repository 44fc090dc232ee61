import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { seconds } from '../../domain/time.ts';
import type { Gate } from './gate.ts';

/** The path the Bot Framework's requests come to. */
export const MESSAGES_PATH = '/api/messages';

/** Teams sends at most some 100 KB of message; nobody else has anything to say here. */
const BODY_LIMIT = '256kb';
/** How long whoever connects may take to say what they want, headers first. The service sends at once. */
const TIME_LIMITS = {
  headersTimeout: seconds(5),
  requestTimeout: seconds(10),
  connectionsCheckingInterval: seconds(5),
};

/** Where Teams comes in, who is let in, and what becomes of that. */
export interface TeamsServerOptions {
  readonly gate: Gate;
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly log: (level: 'info' | 'warn' | 'error', facts: Readonly<Record<string, unknown>>, message: string) => void;
  /** Answers what was admitted, and sees nothing else. Of an answer of 400 and above only the status is sent. */
  readonly handle: (request: Request, response: Response) => Promise<void>;
  /** A bug in `handle` or here, after its request was answered with 500. */
  readonly failed: (bug: unknown) => void;
}

/** The server, not yet listening. */
export interface TeamsServer {
  /** Comes back with the port; rejects when it cannot listen there. */
  start(): Promise<number>;
  /** Comes back when what was admitted is answered and nothing listens any more. */
  stop(): Promise<void>;
}

/** Takes JSON that is posted to `MESSAGES_PATH`. Whoever is refused is told a status and not one word. */
export function teamsServer({ gate, host, port, log, handle, failed }: TeamsServerOptions): TeamsServer {
  const underWay = new Set<Promise<unknown>>();
  const app = express().disable('x-powered-by').enable('case sensitive routing').enable('strict routing');

  const refuse = (response: Response, status: number, because: string): void => {
    log('warn', { event: 'refused', status, because }, 'a request was refused');
    response.status(status).end();
  };

  const fail = (response: Response, bug: unknown): void => {
    if (response.headersSent) response.destroy();
    else response.status(500).end();
    failed(bug);
  };

  const receive = async (request: Request, response: Response): Promise<void> => {
    const admission = await gate.admit(request.headers.authorization, request.body);
    if (admission.kind === 'refused') return refuse(response, admission.status, admission.because);
    keepFailuresSilent(response);
    await handle(request, response);
    if (response.headersSent || response.destroyed) return;
    log('error', { event: 'unanswered' }, 'a request was left without an answer');
    response.status(500).end();
  };

  app.post(MESSAGES_PATH, onlyJson, express.json({ limit: BODY_LIMIT }), (request: Request, response: Response) => {
    const answered = new Promise((resolve) => response.once('close', resolve));
    const work = receive(request, response)
      .catch((bug: unknown) => fail(response, bug))
      .then(() => answered)
      .finally(() => underWay.delete(work));
    underWay.add(work);
  });
  app.use((_: Request, response: Response) => void response.status(404).end());
  app.use((error: unknown, _: Request, response: Response, _next: NextFunction) => {
    const status = statusOf(error);
    if (status === null) fail(response, error);
    else refuse(response, status, 'it cannot be read');
  });

  const server = createServer(TIME_LIMITS, app);
  return {
    start: async () => {
      server.listen(port, host);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      await Promise.all(underWay);
      server.closeAllConnections();
      await closed;
    },
  };
}

function onlyJson(request: Request, _: Response, next: NextFunction): void {
  next(request.is('application/json') === 'application/json' ? undefined : { status: 415 });
}

/** The SDK sends the words of whatever went wrong in its answers; they are nobody's business out there. */
function keepFailuresSilent(response: Response): void {
  const send = response.send.bind(response);
  response.send = (body) => (response.statusCode < 400 ? send(body) : response.end());
}

/** The status of an error that the sender of a request has made; null: the error is ours. */
function statusOf(error: unknown): number | null {
  const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
