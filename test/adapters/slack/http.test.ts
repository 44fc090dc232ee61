import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { EVENTS_PATH } from '../../../src/adapters/slack/receivers.ts';
import { CHANNEL, InSlack } from './in-slack.ts';

const SECRET = 'the-signing-secret';
const MINUTE = 60_000;

interface Signing {
  readonly secret?: string;
  /** How far the request's own time is from now, in milliseconds. */
  readonly off?: number;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly tampered?: boolean;
}

/** A bot that listens on a free port, and how to send it what Slack would. */
async function listening(t: TestContext) {
  const server = await import('node:net').then(({ createServer }) => createServer().listen(0, '127.0.0.1'));
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const it = await InSlack.open({ transport: { kind: 'http', signingSecret: SECRET, port, host: '127.0.0.1' } });
  t.after(() => it.close());
  const prepare = (body: Readonly<Record<string, unknown>>, signing: Signing = {}) => {
    const sent = new URLSearchParams(
      Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const timestamp = String(Math.floor((Date.now() + (signing.off ?? 0)) / 1_000));
    const hash = createHmac('sha256', signing.secret ?? SECRET)
      .update(`v0:${timestamp}:${sent}`)
      .digest('hex');
    const headers = new Headers({
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hash}`,
    });
    for (const [name, value] of Object.entries(signing.headers ?? {}))
      value === null ? headers.delete(name) : headers.set(name, value);
    return { headers, body: signing.tampered === true ? sent.replace('upgrade', 'abort') : sent };
  };
  const post = (request: ReturnType<typeof prepare>, path = EVENTS_PATH) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: request.headers, body: request.body });
  const upgrade = () => it.workspace.says.slash('U0DANA', CHANNEL, '/pool', 'upgrade pool01');
  return { it, prepare, post, upgrade };
}

test('a signed request is heard, and its order answered in the same breath', async (t) => {
  const { it, prepare, post, upgrade } = await listening(t);
  const response = await post(prepare(upgrade()));
  assert.equal(response.status, 200);
  assert.match(String(Object(await response.json()).text), /upgrade asked for by dana/);
  assert.equal((await it.run())?.request.by, 'dana');
});

for (const [what, signing, status] of [
  ['no signature', { headers: { 'x-slack-signature': null } }, 401],
  ['no time', { headers: { 'x-slack-request-timestamp': null } }, 401],
  ['a time that is no number', { headers: { 'x-slack-request-timestamp': 'soon' } }, 401],
  ['another secret', { secret: 'another-secret' }, 401],
  ['another version of signatures', { headers: { 'x-slack-signature': 'v1=0' } }, 401],
  ['a body that was changed on the way', { tampered: true }, 401],
  ['six minutes old', { off: -6 * MINUTE }, 401],
  ['six minutes in the future', { off: 6 * MINUTE }, 401],
] satisfies [string, Signing, number][]) {
  test(`refused, with nothing changed and nothing said: ${what}`, async (t) => {
    const { it, prepare, post, upgrade } = await listening(t);
    const response = await post(prepare(upgrade(), signing));
    assert.equal(response.status, status);
    assert.equal(await response.text(), '');
    assert.equal(await it.run(), null);
    assert.deepEqual(it.bugs, []);
  });
}

test('the same signed request sent again is refused, whatever it asked', async (t) => {
  const { it, prepare, post } = await listening(t);
  for (const text of ['upgrade pool01', 'pools']) {
    const request = prepare(it.workspace.says.slash('U0DANA', CHANNEL, '/pool', text));
    assert.deepEqual([(await post(request)).status, (await post(request)).status], [200, 401], text);
  }
});

test('what is four minutes off either way is within what clocks differ by', async (t) => {
  const { it, prepare, post } = await listening(t);
  for (const off of [-4 * MINUTE, 4 * MINUTE]) {
    const request = prepare(it.workspace.says.slash('U0DANA', CHANNEL, '/pool', 'pools'), { off });
    assert.equal((await post(request)).status, 200);
  }
});

test('a body far larger than any of Slack is not read', async (t) => {
  const { prepare, post } = await listening(t);
  const response = await post(prepare({ text: 'x'.repeat(300 * 1_024) }));
  assert.equal(response.status, 413);
});

test('nothing is listened to anywhere else, and an unsigned check of the connection leads to nothing', async (t) => {
  const { it, prepare, post, upgrade } = await listening(t);
  assert.equal((await post(prepare(upgrade()), '/slack/other')).status, 404);
  const check = prepare({ ...upgrade(), ssl_check: '1' }, { headers: { 'x-slack-signature': null } });
  assert.equal((await post(check)).status, 200);
  assert.equal(await it.run(), null);
});

test('a signed payload of no known shape is told to nobody and harms nothing', async (t) => {
  const { it, prepare, post } = await listening(t);
  for (const body of [
    {},
    { command: '/pool' },
    { payload: '{"type":"block_actions"}' },
    { payload: '{"type":"view_submission","view":{"callback_id":"reason"}}' },
    { payload: 'no json' },
  ]) {
    const response = await post(prepare(body));
    assert.ok([200, 400, 404, 401, 500].includes(response.status), String(response.status));
    assert.doesNotMatch(await response.text(), /\.ts|Error|node_modules/);
  }
  assert.deepEqual(it.bugs, []);
  assert.equal(await it.run(), null);
});
