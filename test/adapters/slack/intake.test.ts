import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { homeIn, messageIn, pressIn, shortcutIn, slashIn, submissionIn } from '../../../src/adapters/slack/intake.ts';
import { aboutOf, pressOf } from '../../../src/adapters/slack/views.ts';

const BOT = 'U0LIFEGUARD';
const DANA = { team: 'T0CONTOSO', user: 'U0DANA' };
const OMAR = { team: 'T0CONTOSO', user: 'U0OMAR' };
/** What the emulator sent to the program, as it was recorded. */
const recorded = (name: string) => JSON.parse(readFileSync(new URL(`payloads/${name}.json`, import.meta.url), 'utf8'));

test('a recorded slash command', () => {
  const typed = slashIn(recorded('slash-command'));
  assert.deepEqual([typed?.account, typed?.channel, typed?.text, typed?.thread], [DANA, 'C0LYNCOPS', 'upgrade pool01', null]);
  assert.match(typed?.deliveryId ?? '', /^slack-slash-\d/);
});

test('a recorded mention and the message it was are one delivery, and the mention itself is no part of the line', () => {
  const [mention, message] = [recorded('app-mention'), recorded('channel-message')].map((body) => messageIn(body, BOT));
  assert.deepEqual(mention, message);
  assert.deepEqual([mention?.account, mention?.text], [DANA, 'status pool01']);
});

test('a recorded direct message is read as it was typed', () => {
  assert.equal(messageIn(recorded('direct-message'), BOT)?.text, 'status pool01 & <pool02>');
  const encoded = recorded('direct-message');
  encoded.event.text = 'status pool01 &amp; &lt;pool02&gt; &amp;lt;';
  assert.equal(messageIn(encoded, BOT)?.text, 'status pool01 & <pool02> &lt;');
});

test('a recorded press on a card says which button of which card, in which message', () => {
  const press = pressIn(recorded('press-on-a-card'));
  assert.deepEqual([press?.account, press?.channel], [OMAR, 'C0LYNCOPS']);
  assert.equal(press?.message, recorded('press-on-a-card').message.ts);
  assert.deepEqual(pressOf(press?.actionId ?? '', press?.value ?? ''), {
    kind: 'press',
    card: 'run-1-request-1',
    button: 'deny',
    words: null,
  });
});

test('a press in a thread is answered there, and one on a card that has a thread beside the card', () => {
  const press = recorded('press-on-a-card');
  press.message.thread_ts = '1.000001';
  assert.equal(pressIn(press)?.thread, '1.000001');
  press.message.thread_ts = press.message.ts;
  assert.equal(pressIn(press)?.thread, null);
});

test("a recorded press on a page of one's own is of no channel", () => {
  const press = pressIn(recorded('press-at-home'));
  assert.deepEqual([press?.channel, press?.message], [null, null]);
  assert.deepEqual(pressOf(press?.actionId ?? '', press?.value ?? ''), { kind: 'ask', command: 'status pool01' });
});

test('a recorded form has its reason in one line, and knows what it answers', () => {
  const submission = submissionIn(recorded('view-submission'));
  assert.deepEqual([submission?.account, submission?.words], [OMAR, 'not <tonight> & so on']);
  const about = aboutOf(submission?.about ?? '');
  assert.deepEqual([about?.card, about?.button, about?.channel], ['run-1-request-1', 'deny', 'C0LYNCOPS']);
});

test("a recorded opening of one's page; the other tab is no page", () => {
  const opened = recorded('app-home-opened');
  assert.equal(homeIn(opened)?.team, 'T0CONTOSO');
  opened.event.tab = 'messages';
  assert.equal(homeIn(opened), null);
});

test('whoever is of another workspace is of that one, whichever workspace the payload came through', () => {
  const mention = recorded('app-mention');
  mention.event.user_team = 'T0PARTNER';
  assert.equal(messageIn(mention, BOT)?.account.team, 'T0PARTNER');
  const press = recorded('press-on-a-card');
  press.user.team_id = 'T0PARTNER';
  assert.equal(pressIn(press)?.account.team, 'T0PARTNER');
});

const READERS = {
  'slash-command': slashIn,
  'app-mention': (body: unknown) => messageIn(body, BOT),
  'press-on-a-card': pressIn,
  'view-submission': submissionIn,
  'app-home-opened': homeIn,
} as const;

for (const [name, read] of Object.entries(READERS)) {
  test(`a ${name.replaceAll('-', ' ')} without its person is nobody's`, () => {
    const without = JSON.parse(JSON.stringify(recorded(name)), (key, value) => (/^user(_id)?$/.test(key) ? undefined : value));
    assert.equal(read(without), null);
  });
}

test('whatever comes, it is read or it is not, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.anything(), fc.object(), (anything, object) => {
      for (const body of [anything, object, { event: object }, { ...object, team_id: 'T1', event: object }])
        for (const read of [...Object.values(READERS), (each: unknown) => shortcutIn(each, BOT)])
          assert.ok(read(body) !== undefined);
    }),
    { numRuns: 300 },
  );
});
