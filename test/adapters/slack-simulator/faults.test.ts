import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorCode } from '@slack/web-api';
import { inWorkspace, OPS, PRIVATE } from './in-workspace.ts';

const HELLO = { channel: OPS, text: 'hello' };

test('too many calls are told when to come back, and the next one is taken', async (t) => {
  const { workspace, client } = await inWorkspace(t);
  workspace.fail('chat.postMessage', { kind: 'ratelimited', retryAfter: 7 }, 2);
  for (const _ of [1, 2])
    await assert.rejects(client.chat.postMessage(HELLO), { code: ErrorCode.RateLimitedError, retryAfter: 7 });
  assert.deepEqual(workspace.messages(OPS), []);
  await client.chat.postMessage(HELLO);
  assert.equal(workspace.messages(OPS).length, 1);
  assert.deepEqual(
    workspace.calls.map(({ error }) => error),
    ['ratelimited', 'ratelimited', null],
  );
});

test('a server that is down answers with its status, and nothing was done', async (t) => {
  const { workspace, client } = await inWorkspace(t);
  workspace.fail('chat.postMessage', { kind: 'status', status: 503 });
  await assert.rejects(client.chat.postMessage(HELLO), { code: ErrorCode.HTTPError, statusCode: 503 });
  assert.deepEqual(workspace.messages(OPS), []);
});

test('an error of the platform’s own is answered like any refusal', async (t) => {
  const { workspace, client } = await inWorkspace(t);
  workspace.fail('chat.postMessage', { kind: 'error', error: 'internal_error' });
  await assert.rejects(client.chat.postMessage(HELLO), { code: ErrorCode.PlatformError, message: /internal_error/ });
  assert.deepEqual(workspace.messages(OPS), []);
});

for (const taken of [true, false])
  test(`a connection that breaks ${taken ? 'after' : 'before'} the call was taken leaves ${taken ? 'a' : 'no'} message`, async (t) => {
    const { workspace, client, seen } = await inWorkspace(t);
    workspace.fail('chat.postMessage', { kind: 'dropped', taken });
    await assert.rejects(client.chat.postMessage(HELLO), { code: ErrorCode.RequestError });
    assert.equal(workspace.messages(OPS).length, taken ? 1 : 0);
    assert.equal(seen.length, taken ? 1 : 0);
    assert.deepEqual(
      workspace.calls.map(({ error }) => error),
      [taken ? null : 'dropped'],
    );
  });

test('a slow call is taken when it comes to it, after a quicker one', async (t) => {
  const { workspace, client } = await inWorkspace(t);
  let go: () => void = () => {};
  const until = new Promise<void>((resolve) => {
    go = resolve;
  });
  workspace.fail('chat.postMessage', { kind: 'slow', until }, 1, ({ text }) => text === 'slow');
  const slow = client.chat.postMessage({ channel: OPS, text: 'slow' });
  await client.chat.postMessage({ channel: OPS, text: 'quick' });
  go();
  await slow;
  assert.deepEqual(
    workspace.messages(OPS).map(({ text }) => text),
    ['quick', 'slow'],
  );
});

test('a fault can be meant for one channel', async (t) => {
  const { workspace, call } = await inWorkspace(t);
  workspace.fail('chat.postMessage', { kind: 'error', error: 'fatal_error' }, 1, ({ channel }) => channel === OPS);
  assert.equal((await call('chat.postMessage', { channel: PRIVATE, text: 'hello' })).ok, true);
  assert.equal((await call('chat.postMessage', HELLO)).error, 'fatal_error');
  assert.equal((await call('chat.postMessage', HELLO)).ok, true);
});

test('faults of other methods are not met', async (t) => {
  const { workspace, call } = await inWorkspace(t);
  workspace.fail('chat.update', { kind: 'error', error: 'fatal_error' });
  assert.equal((await call('chat.postMessage', HELLO)).ok, true);
});

test('answers by their address meet faults as well', async (t) => {
  const { workspace, answered } = await inWorkspace(t);
  const { response_url: url } = workspace.says.slash('U0DANA', OPS, '/pool', 'status');
  workspace.fail('response_url', { kind: 'status', status: 500 });
  assert.equal(await answered(url, { text: 'hello' }), '500 HTTP 500');
  assert.deepEqual(workspace.state.ephemeral, []);
  assert.equal(await answered(url, { text: 'hello' }), '200');
  assert.equal(workspace.state.ephemeral.length, 1);
});

test('closing does not wait for a call that is never answered', async (t) => {
  const { workspace, client } = await inWorkspace(t);
  let arrived: () => void = () => {};
  const here = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const never = new Promise<void>(() => {});
  workspace.fail('chat.postMessage', { kind: 'slow', until: never }, 1, () => {
    arrived();
    return true;
  });
  const hanging = client.chat.postMessage(HELLO);
  await here;
  await Promise.all([assert.rejects(hanging), workspace.close()]);
});
