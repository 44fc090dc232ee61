import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectorOf, teamsAdapter } from '../../../src/adapters/teams/connector.ts';
import { References } from '../../../src/adapters/teams/references.ts';
import { setbackOf } from '../../../src/adapters/teams/setback.ts';
import type { Fault } from '../../../src/adapters/teams-simulator/model.ts';
import { inTeams, PASSWORD } from './in-teams.ts';
import { APP, DANA, OPS, TENANT } from './in-teams-people.ts';

const status = (code: number, named?: string): Fault =>
  named === undefined ? { kind: 'status', status: code } : { kind: 'status', status: code, code: named };

test('each of Teams’ answers is one kind of outcome, as the SDK’s client throws it', async (t) => {
  const { teams } = await inTeams(t);
  const settings = { appId: APP.id, appPassword: PASSWORD, tenant: TENANT, metadataUrl: teams.metadataUrl, issuer: teams.issuer };
  const unheard = { serviceUrl: teams.serviceUrl, bot: teams.state.bot.id, tenant: TENANT };
  const references = new References({ posted: async () => null, savePosted: async () => {} }, unheard, ['127.0.0.1']);
  const connector = connectorOf(teamsAdapter(settings), settings, references);
  for (const [fault, kind, because] of [
    [{ kind: 'ratelimited', retryAfter: 30 }, 'later', null],
    [{ kind: 'ratelimited', retryAfter: null }, 'later', null],
    [status(400), 'refused', /^Teams answered HTTP 400/],
    [status(401), 'unauthorised', /HTTP 401: BotNotRegistered/],
    [
      { kind: 'forbidden', code: 'BotNotInConversationRoster' },
      'closed',
      /HTTP 403: BotNotInConversationRoster: the app may not use/,
    ],
    [{ kind: 'forbidden', code: 'MessageWritesBlocked' }, 'closed', /HTTP 403: .*MessageWritesBlocked/],
    [status(404, 'ConversationNotFound'), 'closed', /HTTP 404: ConversationNotFound/],
    [status(404, 'ActivityNotFoundInConversation'), 'gone', null],
    [status(404), 'closed', /HTTP 404/],
    [status(412), 'unknown', /HTTP 412: PreconditionFailed/],
    [status(413), 'refused', /HTTP 413: MessageSizeTooBig/],
    [status(500), 'unknown', /HTTP 500: ServiceError/],
    [status(502), 'unknown', /HTTP 502/],
    [status(503), 'unknown', /^Teams answered HTTP 503$/],
    [status(504), 'unknown', /^Teams answered HTTP 504$/],
    [status(418), 'unknown', /HTTP 418/],
    [{ kind: 'dropped', taken: false }, 'unknown', /socket hang up/],
  ] as const) {
    teams.faults.next('members', fault);
    const before = teams.calls.length;
    const thrown = await connector.member(OPS, DANA).then(
      () => null,
      (error: unknown) => error,
    );
    const setback = setbackOf(thrown);
    assert.equal(setback.kind, kind, JSON.stringify(fault));
    if (because !== null) assert.match('because' in setback ? setback.because : '', because);
    assert.equal(teams.calls.length, before + 1, `${JSON.stringify(fault)}: tried once`);
  }
});

const throttled = (header: string | undefined): unknown => ({
  statusCode: 429,
  response: { headers: { get: (name: string) => (name === 'retry-after' ? header : undefined) } },
});

for (const [what, header, afterMs] of [
  ['says', '30', 30_000],
  ['says to come at once', '0', 0],
  ['says nothing', undefined, 5_000],
  ['says a date', 'Sat, 21 Nov 2026 10:00:00 GMT', 5_000],
  ['says what is in the past', '-3', 5_000],
  ['says a day, of which ten minutes are believed', '86400', 600_000],
  ['says what is no number', 'soon', 5_000],
] as const)
  test(`too many calls, and Teams ${what}`, () => {
    assert.deepEqual(setbackOf(throttled(header)), { kind: 'later', afterMs });
  });

test('headers are asked as the object that they are', () => {
  class Headers {
    readonly #kept = '12';
    get(name: string): string | undefined {
      return name === 'retry-after' ? this.#kept : undefined;
    }
  }
  assert.deepEqual(setbackOf({ statusCode: 429, response: { headers: new Headers() } }), { kind: 'later', afterMs: 12_000 });
});

test('Teams’ words, which may quote what was sent, are cut', () => {
  const setback = setbackOf({ statusCode: 400, code: 'BadSyntax', message: 'x'.repeat(5_000) });
  assert.ok(setback.kind === 'refused' && setback.because.length === 300);
  const unknown = setbackOf(new Error('y'.repeat(5_000)));
  assert.ok(unknown.kind === 'unknown' && unknown.because.length === 300);
});

test('whatever is thrown, it is an outcome', () => {
  const odd = fc.record(
    {
      statusCode: fc.oneof(fc.anything(), fc.constantFrom(400, 401, 403, 404, 413, 429, 500)),
      message: fc.anything(),
      code: fc.anything(),
      response: fc.oneof(fc.anything(), fc.record({ headers: fc.anything() })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(odd, fc.anything()), (thrown) => {
      assert.ok(['later', 'gone', 'unknown', 'closed', 'refused', 'unauthorised'].includes(setbackOf(thrown).kind));
    }),
    { numRuns: 500 },
  );
});

test('a secret that Entra does not take is not a network that is down', () => {
  const wrong = new Error('invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided.');
  assert.equal(setbackOf(wrong).kind, 'unauthorised');
  assert.equal(setbackOf(new Error('getaddrinfo ENOTFOUND login.microsoftonline.com')).kind, 'unknown');
});
