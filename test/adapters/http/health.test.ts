import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { openHealth, type Readiness } from '../../../src/adapters/http/health.ts';

/** A server that says whatever `state` holds at that moment. */
async function opened(t: TestContext, state: { readiness: Readiness }): Promise<number> {
  const health = await openHealth({ host: '127.0.0.1', port: 0, ready: () => state.readiness });
  t.after(() => health.close());
  return health.port;
}

/** What comes back, byte for byte, until the server ends the connection. */
async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(request);
  return text(socket);
}

const get = (path: string, method = 'GET') => `${method} ${path} HTTP/1.1\r\nHost: lifeguard\r\n\r\n`;
function whole(status: string, line: string, shown = true): string {
  const headers = `Content-Type: text/plain\r\nContent-Length: ${line.length + 1}\r\nConnection: close`;
  return `HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${shown ? `${line}\n` : ''}`;
}

test('a Lifeguard that answers is alive, and ready only when it works', async (t) => {
  const state: { readiness: Readiness } = { readiness: 'starting' };
  const port = await opened(t, state);
  for (const readiness of ['starting', 'standby'] as const) {
    state.readiness = readiness;
    assert.equal(await raw(port, get('/livez')), whole('200 OK', 'alive'));
    assert.equal(await raw(port, get('/readyz')), whole('503 Service Unavailable', readiness));
  }
  state.readiness = 'ready';
  assert.equal(await raw(port, get('/readyz')), whole('200 OK', 'ready'));
});

test('HEAD says the same without the line', async (t) => {
  const port = await opened(t, { readiness: 'standby' });
  assert.equal(await raw(port, get('/livez', 'HEAD')), whole('200 OK', 'alive', false));
  assert.equal(await raw(port, get('/readyz', 'HEAD')), whole('503 Service Unavailable', 'standby', false));
});

for (const request of [
  get('/'),
  get('/livez/'),
  get('/livez?verbose'),
  get('/readyz/..'),
  get('/metrics'),
  get('/livez', 'POST'),
  get('/readyz', 'DELETE'),
  get('*', 'OPTIONS'),
]) {
  test(`nothing else is there: ${request.split('\r\n')[0]}`, async (t) => {
    assert.equal(await raw(await opened(t, { readiness: 'ready' }), request), whole('404 Not Found', 'not found'));
  });
}

test('a body is not read, however long it says it is', async (t) => {
  const port = await opened(t, { readiness: 'ready' });
  const request = 'GET /readyz HTTP/1.1\r\nHost: lifeguard\r\nContent-Length: 1000000000\r\n\r\nand so on';
  assert.equal(await raw(port, request), whole('200 OK', 'ready'));
});

test('a request with a header too large is refused', async (t) => {
  const port = await opened(t, { readiness: 'ready' });
  const answer = await raw(port, `GET /readyz HTTP/1.1\r\nHost: lifeguard\r\nCookie: ${'x'.repeat(10_000)}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 431 /);
});

test('it closes at once, also while somebody is connected and says nothing', async (t) => {
  const health = await openHealth({ host: '127.0.0.1', port: 0, ready: () => 'ready' });
  const socket = connect(health.port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  await raw(health.port, get('/livez'));
  await Promise.all([once(socket, 'close'), health.close()]);
  await assert.rejects(once(connect(health.port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
});

test('a port that is taken is told', async (t) => {
  const port = await opened(t, { readiness: 'ready' });
  await assert.rejects(openHealth({ host: '127.0.0.1', port, ready: () => 'ready' }), { code: 'EADDRINUSE' });
});
