import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import type { Messenger, Post } from '../../../src/adapters/chat/messenger.ts';
import { boltLogger } from '../../../src/adapters/slack/bolt-log.ts';
import { slackClientOptions, webMessenger } from '../../../src/adapters/slack/messenger.ts';
import { must } from '../../support.ts';
import { live } from '../chat/delivery-world.ts';

const QUIET = boltLogger(() => {});
const NO_PICTURES = { made: async () => null, kept: async () => null, dropped: async () => {} };

interface Asked {
  readonly method: string;
  readonly said: Readonly<Record<string, string>>;
}

type Reply = (response: ServerResponse, asked: Asked) => void;

const says = (body: object | string, status = 200, headers: Record<string, string> = {}): Reply => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
};
const fails = (error: string): Reply => says({ ok: false, error });
const hangsUp: Reply = (response) => response.destroy();

/** A Slack that gives these answers, one after the other, and a messenger to it. */
async function slackThat(t: TestContext, ...replies: readonly Reply[]): Promise<{ messenger: Messenger; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const said = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
    const one = { method: must(request.url).replace('/api/', ''), said };
    asked.push(one);
    const reply = replies[asked.length - 1] ?? fails('the_test_expected_no_such_call');
    reply(response, one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const options = slackClientOptions(`http://127.0.0.1:${port}/api/`, QUIET);
  const messenger = webMessenger(
    new WebClient('xoxb-test', options),
    (card, note) => ({
      text: [card.title, note].filter((line) => line !== null).join('\n'),
      blocks: [{ type: 'header', text: { type: 'plain_text', text: card.title } }],
    }),
    NO_PICTURES,
  );
  return { messenger, asked };
}

const STAMP = { key: 'run-1', mark: 'installation-1' };
const CONTENT = { card: live('checking'), note: null, plain: false };
const POST: Post = { channel: 'C1', thread: null, broadcast: false, content: CONTENT, stamp: STAMP };
const stamped = (ts: string, stamp: object = STAMP, event_type = 'lifeguard_card'): object => ({
  ts,
  metadata: { event_type, event_payload: stamp },
});

test('a post is written as it is, carries its stamp, and is known by its ts', async (t) => {
  const { messenger, asked } = await slackThat(t, says({ ok: true, channel: 'C1', ts: '17.5' }));
  assert.deepEqual(await messenger.post(POST), { kind: 'sent', messageId: '17.5' });
  const { method, said } = must(asked[0]);
  assert.equal(method, 'chat.postMessage');
  assert.deepEqual(
    { ...said },
    {
      channel: 'C1',
      text: 'checking',
      blocks: '[{"type":"header","text":{"type":"plain_text","text":"checking"}}]',
      link_names: 'false',
      parse: 'none',
      unfurl_links: 'false',
      unfurl_media: 'false',
      metadata: '{"event_type":"lifeguard_card","event_payload":{"key":"run-1","mark":"installation-1"}}',
    },
  );
});

test('a post in a thread says whether the channel sees it', async (t) => {
  const { messenger, asked } = await slackThat(t, says({ ok: true, ts: '18.0' }), says({ ok: true, ts: '19.0' }));
  await messenger.post({ ...POST, thread: '17.5', broadcast: true });
  await messenger.post({ ...POST, thread: '17.5' });
  assert.deepEqual(
    asked.map(({ said }) => [said['thread_ts'], said['reply_broadcast']]),
    [
      ['17.5', 'true'],
      ['17.5', 'false'],
    ],
  );
});

test('an edit names the message; a plain one takes the blocks away', async (t) => {
  const { messenger, asked } = await slackThat(t, says({ ok: true, ts: '17.5' }), says({ ok: true, ts: '17.5' }));
  assert.deepEqual(await messenger.edit('C1', '17.5', { ...CONTENT, note: 'posted again' }), { kind: 'sent', messageId: '17.5' });
  await messenger.edit('C1', '17.5', { ...CONTENT, plain: true });
  const [edit, plain] = asked.map(({ method, said }) => ({ method, ...said }) as Record<string, string>);
  assert.equal(edit?.['method'], 'chat.update');
  assert.equal(edit?.['ts'], '17.5');
  assert.equal(edit?.['text'], 'checking\nposted again');
  assert.equal(plain?.['blocks'], '[]');
});

test('each of Slack’s errors is one kind of outcome', async (t) => {
  const kinds: readonly (readonly [string, string])[] = [
    ['message_not_found', 'gone'],
    ['thread_not_found', 'gone'],
    ['is_archived', 'closed'],
    ['channel_not_found', 'closed'],
    ['not_in_channel', 'closed'],
    ['no_permission', 'closed'],
    ['restricted_action', 'closed'],
    ['restricted_action_read_only_channel', 'closed'],
    ['restricted_action_thread_locked', 'closed'],
    ['ext_shared_channel_not_allowed', 'closed'],
    ['invalid_blocks', 'refused'],
    ['msg_too_long', 'refused'],
    ['no_text', 'refused'],
    ['an_error_of_next_year', 'refused'],
    ['invalid_auth', 'unauthorised'],
    ['token_revoked', 'unauthorised'],
    ['account_inactive', 'unauthorised'],
    ['missing_scope', 'unauthorised'],
    ['ratelimited', 'later'],
    ['internal_error', 'unknown'],
    ['fatal_error', 'unknown'],
  ];
  const { messenger, asked } = await slackThat(t, ...kinds.map(([error]) => fails(error)));
  for (const [error, kind] of kinds) assert.equal((await messenger.post(POST)).kind, kind, error);
  assert.equal(asked.length, kinds.length);
});

test('429 comes back at once with its Retry-After', async (t) => {
  const { messenger, asked } = await slackThat(t, says({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '30' }));
  assert.deepEqual(await messenger.edit('C1', '17.5', CONTENT), { kind: 'later', afterMs: 30_000 });
  assert.equal(asked.length, 1);
});

for (const [what, reply] of [
  ['HTTP 500', says('oops', 500)],
  ['429 without a time', says({ ok: false }, 429)],
  ['a connection that breaks', hangsUp],
  ['the page of a proxy', says('<html>Sign in</html>')],
  ['an answer without a ts', says({ ok: true })],
] as const)
  test(`${what} may have been a post: it is unknown, and not tried again here`, async (t) => {
    const { messenger, asked } = await slackThat(t, reply);
    const answer = await messenger.post(POST);
    assert.equal(answer.kind, 'unknown');
    assert.equal(asked.length, 1);
  });

test('nobody listening is unknown too', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const options = slackClientOptions(`http://127.0.0.1:${port}/api/`, QUIET);
  const messenger = webMessenger(new WebClient('xoxb-test', options), () => ({ text: '', blocks: [] }), NO_PICTURES);
  assert.equal((await messenger.post(POST)).kind, 'unknown');
  assert.equal(await messenger.permalink('C1', '17.5'), null);
});

test('our own message is found in the channel by its whole stamp', async (t) => {
  const messages = [
    { ts: '5.0', text: 'chatter' },
    stamped('4.0', { ...STAMP, mark: 'installation-2' }),
    stamped('3.0', STAMP, 'other_app'),
    stamped('2.0', { ...STAMP, key: 'run-10' }),
    stamped('1.0'),
  ];
  const { messenger, asked } = await slackThat(t, says({ ok: true, messages, has_more: true }));
  assert.deepEqual(await messenger.find('C1', null, STAMP), { kind: 'found', messageId: '1.0' });
  assert.deepEqual(
    { ...must(asked[0]) },
    {
      method: 'conversations.history',
      said: { channel: 'C1', limit: '200', include_all_metadata: 'true' },
    },
  );
});

test('a message that is not among the newest is not found, and no more is read', async (t) => {
  const page = { ok: true, messages: [{ ts: '5.0' }], has_more: true, response_metadata: { next_cursor: 'more' } };
  const { messenger, asked } = await slackThat(t, says(page));
  assert.deepEqual(await messenger.find('C1', null, STAMP), { kind: 'found', messageId: null });
  assert.equal(asked.length, 1);
});

test('a thread is read page by page, to its end or to the fifth', async (t) => {
  const page = { ok: true, messages: [{ ts: '5.0' }], response_metadata: { next_cursor: 'more' } };
  const found = await slackThat(t, says(page), says({ ok: true, messages: [stamped('9.0')] }));
  assert.deepEqual(await found.messenger.find('C1', '1.0', STAMP), { kind: 'found', messageId: '9.0' });
  assert.deepEqual(
    found.asked.map(({ method, said }) => [method, said['ts'], said['cursor'], said['include_all_metadata']]),
    [
      ['conversations.replies', '1.0', undefined, 'true'],
      ['conversations.replies', '1.0', 'more', 'true'],
    ],
  );
  const endless = await slackThat(t, ...Array.from({ length: 9 }, () => says(page)));
  assert.deepEqual(await endless.messenger.find('C1', '1.0', STAMP), { kind: 'found', messageId: null });
  assert.equal(endless.asked.length, 5);
});

test('looking that fails is not finding nothing', async (t) => {
  const { messenger } = await slackThat(t, says('oops', 503), fails('missing_scope'), fails('thread_not_found'));
  assert.equal((await messenger.find('C1', null, STAMP)).kind, 'unknown');
  assert.equal((await messenger.find('C1', null, STAMP)).kind, 'unauthorised');
  assert.equal((await messenger.find('C1', '1.0', STAMP)).kind, 'gone');
});

test('a link is what Slack says, or none', async (t) => {
  const { messenger, asked } = await slackThat(
    t,
    says({ ok: true, permalink: 'https://acme.slack.com/x' }),
    fails('message_not_found'),
  );
  assert.equal(await messenger.permalink('C1', '17.5'), 'https://acme.slack.com/x');
  assert.equal(await messenger.permalink('C1', '17.5'), null);
  assert.deepEqual({ ...must(asked[0]).said }, { channel: 'C1', message_ts: '17.5' });
});

test('a conversation with a user is opened by the user’s id', async (t) => {
  const { messenger, asked } = await slackThat(t, says({ ok: true, channel: { id: 'D1' } }), fails('user_not_found'));
  assert.deepEqual(await messenger.openDirect('U1'), { kind: 'opened', channel: 'D1' });
  assert.deepEqual(await messenger.openDirect('U2'), { kind: 'closed', because: 'user_not_found' });
  assert.deepEqual({ ...must(asked[0]).said }, { users: 'U1' });
});

test('the client’s options leave no call unanswered and none made twice', () => {
  const { timeout, logger, ...others } = slackClientOptions(null, QUIET);
  assert.deepEqual(others, { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, allowAbsoluteUrls: false });
  assert.ok(must(timeout) > 0);
  assert.equal(logger, QUIET);
  assert.equal(slackClientOptions('http://127.0.0.1:1/api/', QUIET).slackApiUrl, 'http://127.0.0.1:1/api/');
});
