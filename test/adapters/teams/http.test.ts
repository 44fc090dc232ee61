import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { MESSAGES_PATH, type TeamsServer, type TeamsServerOptions, teamsServer } from '../../../src/adapters/teams/http.ts';
import { REFUSED } from './gate-refused.ts';
import { activity, aWorld, bearer } from './gate-world.ts';

type Handle = TeamsServerOptions['handle'];

/** The server in front of a gate with a real key server; what came through, what was logged, and what was a bug. */
async function listening(
  t: TestContext,
  handle: Handle = async (_, response) => void response.json({ heard: true }),
  changes = {},
) {
  const world = await aWorld(t);
  const [heard, logged, bugs]: [unknown[], string[], unknown[]] = [[], [], []];
  const server = teamsServer({
    gate: world.gate,
    host: '127.0.0.1',
    port: 0,
    log: (level, facts, message) => logged.push(`${level} ${message} ${JSON.stringify(facts)}`),
    handle: async (request, response) => {
      heard.push(request.body);
      await handle(request, response);
    },
    failed: (bug) => bugs.push(bug),
    ...changes,
  });
  const port = await server.start();
  t.after(() => server.stop());
  const post = async (body: unknown = activity(), headers: Readonly<Record<string, string>> = {}, path = MESSAGES_PATH) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: await bearer(), 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { world, server, port, post, heard, logged, bugs };
}

/** A status, and not one word. */
async function assertSilent(response: Response, status: number): Promise<void> {
  assert.deepEqual([response.status, await response.text()], [status, '']);
  for (const name of ['x-powered-by', 'content-type', 'server', 'etag']) assert.equal(response.headers.get(name), null, name);
}

test('what is admitted is answered, and the SDK has all of it', async (t) => {
  const { post, heard, logged, bugs } = await listening(t);
  const response = await post();
  assert.deepEqual([response.status, await response.json()], [200, { heard: true }]);
  assert.equal(response.headers.get('x-powered-by'), null);
  assert.deepEqual([heard, logged, bugs], [[activity()], [], []]);
  assert.equal((await post(activity(), { 'content-type': 'application/json; charset=utf-8' })).status, 200);
});

for (const [what, status, because, carry] of REFUSED) {
  test(`refused in silence: ${what}`, async (t) => {
    const { port, heard, logged, bugs } = await listening(t);
    const { authorization, body } = await carry();
    const response = await fetch(`http://127.0.0.1:${port}${MESSAGES_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify(body) ?? null,
    });
    await assertSilent(response, status);
    assert.deepEqual([heard, bugs], [[], []], 'nothing reached whoever answers');
    assert.equal(logged.length, 1);
    assert.ok(logged[0]?.includes(because.replaceAll('"', '\\"')), logged[0]);
  });
}

test('without keys nobody is let in, and when they are there again everybody is', async (t) => {
  const { world, post, heard } = await listening(t);
  await world.server.goDown();
  await assertSilent(await post(), 503);
  assert.deepEqual(heard, []);
  await world.server.comeUp();
  world.clock.now += 10_000;
  assert.equal((await post()).status, 200);
});

for (const [what, status, body, headers] of [
  ['a form', 415, 'payload=1', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['plain text that is JSON', 415, activity(), { 'content-type': 'text/plain' }],
  ['another kind of JSON', 415, activity(), { 'content-type': 'application/vnd.api+json' }],
  ['a character set that nobody has', 415, activity(), { 'content-type': 'application/json; charset=klingon' }],
  ['an encoding that nobody has', 415, activity(), { 'content-encoding': 'secret' }],
  ['JSON that breaks off', 400, '{"type":"message", "secret"', {}],
  ['JSON of one word', 400, '"secret"', {}],
  ['far more than Teams sends', 413, activity({ text: 'secret'.repeat(50_000) }), {}],
] satisfies [string, number, unknown, Readonly<Record<string, string>>][]) {
  test(`not read, in silence: ${what}`, async (t) => {
    const { post, heard, logged, bugs } = await listening(t);
    await assertSilent(await post(body, headers), status);
    assert.deepEqual([heard, bugs], [[], []]);
    assert.equal(logged.length, 1);
    assert.doesNotMatch(logged.join(), /secret|klingon|message"/);
  });
}

test('as much as Teams sends is read', async (t) => {
  const { post } = await listening(t);
  assert.equal((await post(activity({ text: 'x'.repeat(250 * 1_024) }))).status, 200);
});

test('there is nothing but one path, and it is posted to', async (t) => {
  const { port, post, heard } = await listening(t);
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const headers = { authorization: await bearer() };
    await assertSilent(await fetch(`http://127.0.0.1:${port}${MESSAGES_PATH}`, { method, headers }), 404);
  }
  for (const path of ['/', '/api', '/api/messages/', '/API/messages', '/api/messages/x', '/api//messages', '/%'])
    await assertSilent(await post(activity(), {}, path), 404);
  assert.deepEqual(heard, []);
});

test('a bug is told to whoever runs this, and to nobody out there', async (t) => {
  const bug = new Error('secret words at /home/secret/handlers.ts');
  const { post, bugs, logged } = await listening(t, async () => {
    throw bug;
  });
  await assertSilent(await post(), 500);
  assert.deepEqual([bugs, logged], [[bug], []]);
});

test('a bug halfway through an answer ends it there', async (t) => {
  const bug = new Error('secret words');
  const { post, bugs } = await listening(t, async (_, response) => {
    response.write('{"half":');
    throw bug;
  });
  await assert.rejects(async () => (await post()).text());
  assert.deepEqual(bugs, [bug]);
});

test('a bug in the gate lets nobody in', async (t) => {
  const bug = new Error('secret words');
  const { post, bugs, heard } = await listening(t, undefined, { gate: { admit: async () => Promise.reject(bug) } });
  await assertSilent(await post(), 500);
  assert.deepEqual([heard, bugs], [[], [bug]]);
});

for (const status of [400, 401, 404, 500, 501]) {
  test(`whatever the SDK says with ${status} is not sent`, async (t) => {
    const { post, bugs } = await listening(t, async (_, response) => {
      response.status(status);
      response.send('TypeError: secret words');
      response.end();
    });
    await assertSilent(await post(), status);
    assert.deepEqual(bugs, []);
  });
}

test('what the SDK leaves without an answer has one all the same', async (t) => {
  const { post, bugs, logged } = await listening(t, async () => {});
  await assertSilent(await post(), 500);
  assert.deepEqual([bugs.length, logged.length], [0, 1]);
});

test('whoever hangs up before the answer does no harm', async (t) => {
  const hungUp = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { port, bugs, logged, server } = await listening(t, async (_, response) => {
    begun.resolve();
    response.once('close', hungUp.resolve);
    await hungUp.promise;
    response.status(200);
    response.send({ late: true });
    response.end();
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(await raw(activity()));
  await begun.promise;
  socket.destroy();
  await server.stop();
  assert.deepEqual([bugs, logged], [[], []]);
});

/** A request byte for byte. */
async function raw(body: unknown): Promise<string> {
  const sent = JSON.stringify(body);
  const headers = [`Authorization: ${await bearer()}`, 'Content-Type: application/json', `Content-Length: ${sent.length}`];
  return `POST ${MESSAGES_PATH} HTTP/1.1\r\nHost: lifeguard\r\n${headers.join('\r\n')}\r\n\r\n${sent}`;
}

for (const [what, request] of [
  ['no HTTP', 'hello\r\n\r\n'],
  [
    'headers without end',
    `POST ${MESSAGES_PATH} HTTP/1.1\r\nHost: lifeguard\r\nAuthorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`,
  ],
] as const) {
  test(`refused before anything else: ${what}`, async (t) => {
    const { port, heard } = await listening(t);
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(request);
    assert.match(await text(socket), /^HTTP\/1\.1 4\d\d [A-Za-z ]+\r\nConnection: close\r\n\r\n$/);
    assert.deepEqual(heard, []);
  });
}

test('it ends when what was begun is answered, and not before', async (t) => {
  const answer = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { post, server } = await listening(t, async (_, response) => {
    begun.resolve();
    await answer.promise;
    response.json({ heard: true });
  });
  const asked = post();
  await begun.promise;
  let ended = false;
  const stopped = server.stop().then(() => {
    ended = true;
  });
  await assert.rejects(post(), 'nobody else is let in meanwhile');
  assert.equal(ended, false);
  answer.resolve();
  assert.deepEqual(await (await asked).json(), { heard: true });
  await stopped;
});

test('it ends at once, also while somebody is connected and says nothing', async (t) => {
  const { port, server, post } = await listening(t);
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(`POST ${MESSAGES_PATH} HTTP/1.1\r\n`);
  await post();
  await Promise.all([once(socket, 'close'), server.stop()]);
  await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
});

test('a port that is taken is told', async (t) => {
  const { port, world } = await listening(t);
  const nobody = async () => assert.fail();
  const hands = { log: () => assert.fail(), handle: nobody, failed: () => assert.fail() };
  const second: TeamsServer = teamsServer({ gate: world.gate, host: '127.0.0.1', port, ...hands });
  await assert.rejects(second.start(), { code: 'EADDRINUSE' });
  await second.stop();
});
