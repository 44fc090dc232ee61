import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Whether this Lifeguard works: `standby` while another one leads, `starting` before it works, `ready` when it does. */
export type Readiness = 'ready' | 'standby' | 'starting';

/** Where to listen, and who knows the answer. Port 0 is any free one. */
export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  ready(): Readiness;
}

/** The health endpoints, listening. */
export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

const HEADER_BYTES_MAX = 4_096;
const REQUEST_WITHIN_MS = 5_000;
const CONNECTIONS_MAX = 64;

/**
 * Answers probes: `GET /livez` is 200 as long as this process answers at all, `GET /readyz` is 200 when it works and 503
 * with why not in one line, anything else 404. They tell nothing more, for whoever reaches the port may ask. Rejects when
 * it cannot listen there.
 */
export async function openHealth({ host, port, ready }: HealthOptions): Promise<Health> {
  const limits = { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: REQUEST_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS };
  const server = createServer({ ...limits, connectionsCheckingInterval: REQUEST_WITHIN_MS }, (request, response) =>
    answer(request, response, ready),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer({ method, url }: IncomingMessage, response: ServerResponse, ready: () => Readiness): void {
  const { status, line } = method === 'GET' || method === 'HEAD' ? statusOf(url, ready) : NOT_FOUND;
  const body = `${line}\n`;
  response.sendDate = false;
  // One probe, one connection: a body that nobody reads goes with it.
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body), Connection: 'close' });
  response.end(body);
}

interface Status {
  readonly status: number;
  readonly line: string;
}

const NOT_FOUND: Status = { status: 404, line: 'not found' };

function statusOf(url: string | undefined, ready: () => Readiness): Status {
  if (url === '/livez') return { status: 200, line: 'alive' };
  if (url !== '/readyz') return NOT_FOUND;
  const line = ready();
  return { status: line === 'ready' ? 200 : 503, line };
}
