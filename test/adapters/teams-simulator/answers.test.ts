import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { CannotDo } from '../../../src/adapters/teams-simulator/model.ts';
import { must } from '../../support.ts';
import { asking, cardOf, DANA, inTeams, OMAR, OPS, show } from './in-teams.ts';

/** An app that answers everything alike; `first` happens before. */
async function appSaying(t: TestContext, status: number, body: unknown, first: () => void = () => {}): Promise<string> {
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      first();
      response.writeHead(status, { 'content-type': 'application/json' }).end(body === null ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CARD = 'application/vnd.microsoft.card.adaptive';
const MESSAGE = 'application/vnd.microsoft.activity.message';
const ERROR = 'application/vnd.microsoft.error';
const NEWER = cardOf([{ type: 'TextBlock', text: 'newer' }]);

/** What the app answers, what the client tells its person went wrong, and what the person then sees of the card. */
const ANSWERS: readonly (readonly [what: string, status: number, body: unknown, trouble: RegExp | null, sees: string])[] = [
  ['a card', 200, { statusCode: 200, type: CARD, value: NEWER }, null, 'newer'],
  ['words', 200, { statusCode: 200, type: MESSAGE, value: 'not you' }, null, 'asked'],
  ['an error with words', 200, { statusCode: 500, type: ERROR, value: { code: 'x', message: 'no' } }, /^no$/, 'asked'],
  ['nothing', 200, null, /cannot be reached/, 'asked'],
  ['an empty message', 200, { statusCode: 200, type: MESSAGE, value: '' }, /cannot be reached/, 'asked'],
  ['a status in place of a status code', 200, { status: 200, type: MESSAGE, value: 'x' }, /cannot be reached/, 'asked'],
  ['a card with a status in place of a status code', 200, { status: 200, type: CARD, value: NEWER }, /cannot be/, 'asked'],
  ['a type that Teams does not know', 200, { statusCode: 200, type: 'text/plain', value: 'x' }, /cannot be reached/, 'asked'],
  ['an error without words', 200, { statusCode: 500, type: ERROR, value: {} }, /cannot be reached/, 'asked'],
  ['that it is not implemented', 501, null, /cannot be reached/, 'asked'],
  ['that it broke', 500, { statusCode: 200, type: CARD, value: NEWER }, /cannot be reached/, 'asked'],
  ['a card that is none', 200, { statusCode: 200, type: CARD, value: { text: 'newer' } }, /no AdaptiveCard/, 'asked'],
  ['a card that cannot be shown', 200, { statusCode: 200, type: CARD, value: asking('unshowable') }, /cannot be shown/, 'asked'],
];

for (const [what, status, body, trouble, sees] of ANSWERS)
  test(`a press that is answered with ${what} ${trouble === null ? 'is done' : 'went wrong, its person is told'}`, async (t) => {
    const { teams, posted } = await inTeams(t);
    const messageId = await posted(show(asking('asked')));
    const url = await appSaying(t, status, body);
    const delivered = await teams.press(url, { person: DANA, messageId, path: ['Go'] });
    assert.deepEqual([delivered.status, delivered.body], [status, body]);
    if (trouble === null) assert.equal(delivered.trouble, null);
    else assert.match(must(delivered.trouble), trouble);
    assert.equal(teams.seenBy(DANA, OPS)[0]?.text, sees);
    assert.equal(teams.seenBy(OMAR, OPS)[0]?.text, 'asked');
  });

test('an error with words is shown to its person alone', async (t) => {
  const { teams, posted, seen } = await inTeams(t);
  const messageId = await posted(show(asking('asked')));
  const url = await appSaying(t, 200, { statusCode: 400, type: ERROR, value: { code: 'x', message: 'not any more' } });
  await teams.press(url, { person: DANA, messageId, path: ['Go'] });
  assert.deepEqual([seen.at(-1)?.text, seen.at(-1)?.to], ['not any more', { kind: 'person', id: DANA }]);
  assert.deepEqual(teams.state.alone, [{ person: DANA, conversation: OPS, text: 'not any more' }]);
});

test('an answer that takes more than five seconds comes too late, and shows nothing', async (t) => {
  const { teams, posted, clock, seen } = await inTeams(t);
  const messageId = await posted(show(asking('asked')));
  const answer = { statusCode: 200, type: CARD, value: NEWER };
  const press = { person: DANA, messageId, path: ['Go'] };
  const within = (milliseconds: number) =>
    appSaying(t, 200, answer, () => {
      clock.now += milliseconds;
    });
  assert.match(must((await teams.press(await within(5_001), press)).trouble), /too long/);
  assert.deepEqual([teams.seenBy(DANA, OPS)[0]?.text, seen.length], ['asked', 1]);
  assert.equal((await teams.press(await within(5_000), press)).trouble, null);
  assert.equal(teams.seenBy(DANA, OPS)[0]?.text, 'newer');
});

test('a press on what was deleted meanwhile shows nothing', async (t) => {
  const { teams, posted } = await inTeams(t);
  const messageId = await posted(show(asking('asked')));
  const url = await appSaying(t, 200, { statusCode: 200, type: CARD, value: NEWER }, () => teams.deleteMessage(messageId));
  assert.match(must((await teams.press(url, { person: DANA, messageId, path: ['Go'] })).trouble), /no such message/);
  await assert.rejects(teams.press(url, { person: DANA, messageId, path: ['Go'] }), CannotDo);
});

test('an app that is not there, or hangs up, is not reached', async (t) => {
  const { teams } = await inTeams(t);
  const said = teams.says.personal(DANA, 'hello');
  const server = createServer((_, response) => response.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const unreached = { status: null, body: null, trouble: 'the app cannot be reached' };
  assert.deepEqual(await teams.deliver(url, said), unreached);
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  assert.deepEqual(await teams.deliver(url, said), unreached);
});

test('what somebody presses is the card that they have before them', async (t) => {
  const { teams, posted } = await inTeams(t);
  const messageId = await posted(show(asking('asked')));
  const url = await appSaying(t, 200, { statusCode: 200, type: CARD, value: NEWER });
  await teams.press(url, { person: DANA, messageId, path: ['Go'] });
  await assert.rejects(teams.press(url, { person: DANA, messageId, path: ['Go'] }), /no button “Go”/);
  assert.equal((await teams.press(url, { person: OMAR, messageId, path: ['Go'] })).trouble, null);
});
