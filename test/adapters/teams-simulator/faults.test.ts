import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBot } from './bot.ts';
import { APP, activities, DANA, inTeams, LAB, NIGHT, OPS, say, TENANT } from './in-teams.ts';

const reference = (serviceUrl: string, conversation = OPS) => ({
  channelId: 'msteams',
  serviceUrl,
  bot: { id: `28:${APP.id}`, name: APP.name },
  conversation: { id: conversation, tenantId: TENANT, isGroup: true, conversationType: 'channel', name: '' },
});

/** What the client of the SDK throws, as far as it is looked at here. */
interface RestError {
  readonly statusCode: number;
  readonly code: string;
  readonly response: { readonly headers: { get(name: string): string | undefined } };
}

for (const retryAfter of [7, null])
  test(`too many calls are to come back${retryAfter === null ? '' : ` in ${retryAfter} s`}; the next is taken`, async (t) => {
    const { teams, call } = await inTeams(t);
    teams.faults.next('post', { kind: 'ratelimited', retryAfter }, 2);
    for (const _ of [1, 2]) {
      const { status, body, headers } = await call('POST', activities(OPS), say('hello'));
      assert.deepEqual([status, Object(body['error']).code], [429, 'Throttled']);
      assert.equal(headers.get('retry-after'), retryAfter === null ? null : '7');
    }
    assert.deepEqual(teams.seenBy(DANA, OPS), []);
    assert.equal((await call('POST', activities(OPS), say('hello'))).status, 201);
    assert.deepEqual(
      teams.calls.map(({ error }) => error),
      ['Throttled', 'Throttled', null],
    );
  });

const STATUSES: readonly (readonly [status: number, code: string | undefined])[] = [
  [412, 'PreconditionFailed'],
  [413, 'MessageSizeTooBig'],
  [500, 'ServiceError'],
  [502, 'ServiceError'],
  // These come from what stands before the service, which has no code.
  [503, undefined],
  [504, undefined],
];

for (const [status, code] of STATUSES)
  test(`a service that answers ${status} has done nothing`, async (t) => {
    const { teams, call } = await inTeams(t);
    teams.faults.next('update', { kind: 'status', status });
    const id = String((await call('POST', activities(OPS), say('hello'))).body['id']);
    const answer = await call('PUT', activities(OPS, id), say('newer'));
    assert.deepEqual([answer.status, Object(answer.body['error']).code], [status, code]);
    assert.equal(teams.seenBy(DANA, OPS)[0]?.text, 'hello');
  });

test('a status can come with a code that it does not usually have', async (t) => {
  const { teams, told } = await inTeams(t);
  teams.faults.next('update', { kind: 'status', status: 403, code: 'ServiceError' });
  assert.equal(await told('PUT', activities(OPS, '1'), say('newer')), '403 ServiceError');
});

test('a fault can be meant for one conversation, and for several kinds of calls', async (t) => {
  const { teams, told } = await inTeams(t);
  const night = ({ conversation }: { conversation: string | null }): boolean => conversation === NIGHT;
  teams.faults.next(['post', 'reply'], { kind: 'forbidden', code: 'BotDisabledByAdmin' }, 2, night);
  assert.equal(await told('POST', activities(OPS), say('hello')), '201');
  assert.equal(await told('POST', activities(NIGHT), say('hello')), '403 BotDisabledByAdmin');
  assert.equal(await told('POST', activities(NIGHT, 'f:1'), say('hello')), '403 BotDisabledByAdmin');
  assert.equal(await told('POST', activities(NIGHT), say('hello')), '201');
});

for (const taken of [true, false])
  test(`a connection broken ${taken ? 'after' : 'before'} a call was taken leaves ${taken ? 'a' : 'no'} message`, async (t) => {
    const { teams, seen } = await inTeams(t);
    const bot = await openBot(t, teams);
    teams.faults.next('reply', { kind: 'dropped', taken });
    await assert.rejects(
      bot.later(reference(teams.serviceUrl), async (context) => void (await context.sendActivity('hello'))),
      { code: 'ECONNRESET' },
    );
    assert.equal(teams.seenBy(DANA, OPS).length, taken ? 1 : 0);
    assert.equal(seen.length, taken ? 1 : 0);
    assert.deepEqual(
      teams.calls.map(({ error }) => error),
      [taken ? null : 'dropped'],
    );
  });

test('a slow call is taken when it comes to it, after a quicker one', async (t) => {
  const { teams, call } = await inTeams(t);
  const { promise: until, resolve: go } = Promise.withResolvers<void>();
  teams.faults.next('post', { kind: 'slow', until }, 1, ({ arguments: { text } }) => text === 'slow');
  const slow = call('POST', activities(OPS), say('slow'));
  await call('POST', activities(OPS), say('quick'));
  go();
  await slow;
  assert.deepEqual(
    teams.seenBy(DANA, OPS).map(({ text }) => text),
    ['quick', 'slow'],
  );
});

test('keys can fail to come as well', async (t) => {
  const { teams } = await inTeams(t);
  teams.faults.next('keys', { kind: 'status', status: 502 });
  assert.equal((await fetch(teams.metadataUrl)).status, 502);
  assert.equal((await fetch(teams.metadataUrl)).status, 200);
});

test('closing does not wait for a call that is never answered', async (t) => {
  const { teams, call } = await inTeams(t);
  const { promise: here, resolve: arrived } = Promise.withResolvers<void>();
  const never = new Promise<void>(() => {});
  teams.faults.next('post', { kind: 'slow', until: never }, 1, () => {
    arrived();
    return true;
  });
  const hanging = call('POST', activities(OPS), say('hello'));
  await here;
  await Promise.all([assert.rejects(hanging), teams.close()]);
});

test('the SDK tells a refusal by its status and code, and says when to come back', async (t) => {
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams);
  const failures: unknown[] = [];
  const send = (conversation: string) =>
    bot.later(reference(teams.serviceUrl, conversation), async (context) => {
      const failed = ({ statusCode, code, response }: RestError): unknown =>
        failures.push([statusCode, code, response.headers.get('retry-after')]);
      await context.sendActivity('hello').catch(failed);
    });
  teams.faults.next('reply', { kind: 'ratelimited', retryAfter: 30 });
  teams.faults.next('reply', { kind: 'status', status: 412 });
  teams.state.conversation(LAB).closed = 'BotNotInConversationRoster';
  for (const conversation of [OPS, OPS, LAB, '19:nowhere@thread.tacv2']) await send(conversation);
  assert.deepEqual(failures, [
    [429, 'Throttled', '30'],
    [412, 'PreconditionFailed', undefined],
    [403, 'BotNotInConversationRoster', undefined],
    [404, 'ConversationNotFound', undefined],
  ]);
});

test('left to itself the SDK asks three more times where it is told when to, and not at all where it is not', async (t) => {
  const { teams } = await inTeams(t);
  const bot = await openBot(t, teams, 'its own');
  const send = () => bot.later(reference(teams.serviceUrl), async (context) => void (await context.sendActivity('hello')));
  teams.faults.next('reply', { kind: 'ratelimited', retryAfter: 0 }, 4);
  await assert.rejects(send(), { statusCode: 429 });
  assert.equal(teams.calls.length, 4);
  teams.faults.next('reply', { kind: 'ratelimited', retryAfter: null });
  await assert.rejects(send(), { statusCode: 429 });
  assert.equal(teams.calls.length, 5);
});
