import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/commands/grammar.ts';
import type { ManagedPool } from '../../src/domain/inventory.ts';
import type { ServiceStatus } from '../../src/domain/sighting.ts';
import { type Card, cardText } from '../../src/messages/card.ts';
import { historyLines } from '../../src/messages/history.ts';
import { holdWords } from '../../src/messages/hold-words.ts';
import { cardsOf } from '../../src/messages/run-cards.ts';
import { plain } from '../../src/messages/spans.ts';
import { statusLines } from '../../src/messages/status.ts';
import { whyLines } from '../../src/messages/why.ts';
import {
  ACCEPTS,
  approved,
  asked,
  back,
  booting,
  failedBack,
  failedOver,
  failedToFailOver,
  failingBack,
  failingOver,
  fe1,
  follow,
  OFF,
  ON_ITS_WAY,
  patched,
  planned,
  ran,
} from '../domain/failover-walk.ts';
import { aManagedPool, dana, healthy, must, omar, type Story, UP, UTC } from '../support.ts';

const POOL_OPTIONS = { version: '2019', procedure: 'server-failover' } as const;
const pool = aManagedPool(POOL_OPTIONS);
const draining = () => failingOver().lookAt(fe1, { answer: { ...UP, services: 'StopPending', calls: 1, conferences: 3 } });
const off = () => booting().lookAt(fe1, { answer: OFF });
const failBackFails = () =>
  follow(
    failingBack()
      .wait(60)
      .lookAt(fe1, { answer: OFF, ...ran('fail-back', 'The operation timed out.') }),
  );
const frozen = (story: Story) => story.say({ kind: 'frozen', by: omar, because: 'drill', since: story.now });
const aborting = (story: Story) => story.say({ kind: 'aborted', by: dana, how: 'bring-back' });

/** A run by server-failover wherever it can be, and the last line of its card. */
const STORIES: readonly (readonly [told: string, story: Story, waitsFor: RegExp])[] = [
  ['planned', planned().look(), /./],
  ['asked for approval', asked(), /^waits for 1 approval\(s\) by omar, kim: `approve [2-9A-Z]{4}`, until 04:00$/],
  ['approved', approved(), /^looks before the next stop$/],
  ['failing over', failingOver(), /^waits for Invoke-CsComputerFailOver of fe1; conferences are ended after 30 minutes$/],
  ['draining', draining(), /^waits for Invoke-CsComputerFailOver of fe1; /],
  ['failed over', failedOver(), /^waits for a person to patch fe1 and type `patched fe1`$/],
  ['failed over, by command', failedOver({ settings: { patchMode: 'by-command' } }), /^looks before the next patch command$/],
  ['patched', patched(), /^waits for the look before a restart$/],
  ['restarted', booting(), /^waits for fe1 to accept connections$/],
  ['restarted and off', off(), /^waits for fe1 to accept connections$/],
  ['failing back', failingBack(), /^waits for Invoke-CsComputerFailBack of fe1$/],
  ['failed back', failedBack().lookAt(fe1, { answer: ON_ITS_WAY }), /^waits for fe1 to accept connections$/],
  ['settling', back().look(), /^settling: 20 minutes of Ready since /],
  ['FailOver failed', failedToFailOver(), /^held: Invoke-CsComputerFailOver fe1 failed: timed out; `retry` goes on$/],
  [
    'FailBack failed',
    failBackFails(),
    /^held: Invoke-CsComputerFailBack fe1 failed: The operation timed out\.; `retry` goes on$/,
  ],
  ['paused while it is off', off().say({ kind: 'paused', by: dana }), /^paused by dana at 00:02; `resume` goes on$/],
  ['frozen while FailOver runs', frozen(failingOver()), /^waits for Invoke-CsComputerFailOver of fe1; /],
  ['frozen while it is off', frozen(off()), /^waits for `thaw`$/],
  ['frozen while it starts', frozen(failedBack().lookAt(fe1, { answer: ON_ITS_WAY })), /^waits for fe1 to accept connections$/],
  ['aborting while FailOver runs', aborting(failingOver()), /^aborting \(dana\): waits for Invoke-CsComputerFailOver of fe1; /],
  ['aborting while FailBack runs', aborting(failingBack()), /^aborting \(dana\): waits for Invoke-CsComputerFailBack of fe1$/],
  ['aborting, all back', aborting(failedBack()).lookAt(fe1, ACCEPTS).back(fe1), /^aborting \(dana\): everything is back up$/],
];

const cards = (story: Story, of: ManagedPool = pool): readonly Card[] =>
  cardsOf(7, story.run, of, { timeZone: 'UTC', simulated: of.simulated });
const live = (story: Story): Card => must(cards(story)[0]);
const request = (story: Story): Card => must(cards(story).find(({ key }) => key.includes('request')));

for (const [told, story, waitsFor] of STORIES) {
  test(`${told}: the last line of the card says what is waited for`, () => {
    assert.match(plain(live(story).lines.at(-1) ?? ''), waitsFor);
  });
  test(`${told}: nothing is left out of a sentence, no message is the prompt, and nothing is called a domain that is a server`, () => {
    const { worst, lines } = statusLines(healthy(story.topology), story.run, pool, story.now, UTC, story.run.frozen);
    const said = [
      ...cards(story).map(cardText),
      ...whyLines(story.run, pool, story.now, UTC),
      ...historyLines(story.run, UTC),
      worst,
    ];
    for (const text of [...said, ...lines].map(plain)) {
      assert.doesNotMatch(text, /undefined|null|NaN|\[object|\S {2}\S/m);
      assert.doesNotMatch(text, /Pool problem:|domain fe\d/i);
    }
  });
  test(`${told}: the status of the pool fits a phone`, () => {
    const { lines } = statusLines(healthy(story.topology), story.run, pool, story.now, UTC, story.run.frozen);
    assert.ok(lines.length <= 11);
    for (const line of lines) assert.ok(plain(line).length <= 43, line);
  });
  test(`${told}: a button is a command that everybody could type`, () => {
    for (const { command } of cards(story).flatMap(({ buttons }) => buttons))
      if (!/^deny .... $/.test(command)) assert.equal(parse(command).kind, 'command', command);
  });
  test(`${told}: every card of a simulated pool says that it is one`, () => {
    for (const { title } of cards(story, aManagedPool({ ...POOL_OPTIONS, simulated: true })))
      assert.match(title, / \(simulated\)$/);
  });
}

test('the request says what FailOver does to users, and that patch, restart and FailBack follow', () => {
  const { title, lines, buttons } = request(asked());
  assert.equal(title, 'Approve? pool01: fail over server fe1');
  const words =
    'Invoke-CsComputerFailOver of fe1 (users move, conferences end after 30 minutes at most, services are disabled); then patch (by-hand), restart and Invoke-CsComputerFailBack';
  assert.equal(plain(must(lines[0])), words);
  // Whoever presses the button confirms the same words.
  assert.equal(must(buttons[0]).confirm, words);
  assert.doesNotMatch(cardText(request(asked())), /stop of|Stop-CsWindowsService/);
});
test('a request whose FailOver failed is void, and keeps its words', () => {
  const { title, lines, buttons } = request(failedToFailOver());
  assert.equal(title, 'Approve? pool01: fail over server fe1');
  assert.match(plain(must(lines.at(-1))), /^VOID since 01:00: the run was held \(code [2-9A-Z]{4} opens nothing\)$/);
  assert.deepEqual(buttons, []);
});
test('the live card shows the server by what becomes of it', () => {
  for (const [story, words] of [
    [approved(), /> now: fe1 up$/m],
    [failingOver(), /> now: fe1 failing over$/m],
    [draining(), /> now: fe1 failing over \(1 call, 3 conferences\)$/m],
    [failedOver(), /> now: fe1 stopped, waits for `patched fe1`$/m],
    [patched(), /> now: fe1 patched$/m],
    [booting(), /> now: fe1 starting$/m],
    [off(), /> now: fe1 off, its services disabled$/m],
    [failingBack(), /> now: fe1 failing back$/m],
    [failedBack().lookAt(fe1, { answer: ON_ITS_WAY }), /> now: fe1 starting$/m],
    [back(), /> now: fe1 back, settling$/m],
  ] as const)
    assert.match(cardText(live(story)), words);
});
test('the live card shows the margin with one server down', () => {
  assert.match(cardText(live(approved())), /quorum with server fe1 down: 2 of 3 will run, any 2 needed: margin 0/);
});
test('each server is told of under its own name', () => {
  const titles = cards(back()).map(({ title }) => title);
  assert.ok(
    titles.some((title) => title === 'pool01: server fe1 is down; patch fe1, then type `patched fe1`'),
    titles.join('\n'),
  );
  assert.ok(
    titles.some((title) => title === 'pool01: server fe1 is back; settling'),
    titles.join('\n'),
  );
});

const failed = (direction: 'fail-over' | 'fail-back', services: ServiceStatus, disabled: boolean) =>
  holdWords({ kind: 'failover-failed', server: fe1, direction, because: 'timed out', services, disabled }, UTC);
for (const [direction, services, disabled, left, next] of [
  [
    'fail-over',
    'Running',
    false,
    /^fe1 is in the pool as before: no action was taken\.$/,
    /lets the pool settle, looks again and asks for approval anew/,
  ],
  ['fail-over', 'Running', true, /run, and are disabled: they would stay off after its next restart/, /asks for approval anew/],
  [
    'fail-over',
    'Stopped',
    true,
    /are off, and disabled across restarts: only Invoke-CsComputerFailBack brings it back/,
    /nothing is ever forced/,
  ],
  ['fail-over', 'StartPending', false, /are StartPending, and not disabled: look at the server/, /asks for approval anew/],
  ['fail-over', 'StopPending', false, /are StopPending, and not disabled: look at the server/, /nothing is ever forced/],
  [
    'fail-back',
    'Stopped',
    true,
    /are off, and disabled across restarts: only Invoke-CsComputerFailBack brings it back/,
    /nothing is ever forced/,
  ],
  ['fail-back', 'Stopped', false, /are off, and not disabled: look at the server/, /nothing is ever forced/],
  ['fail-back', 'Running', false, /run all the same/, /looks at the server and runs it once more/],
] as const)
  test(`a hold for a ${direction} that failed, services ${services}${disabled ? ' and disabled' : ''}: how it left the server, and what retry does`, () => {
    const { because, lines } = failed(direction, services, disabled);
    const cmdlet = direction === 'fail-over' ? 'Invoke-CsComputerFailOver' : 'Invoke-CsComputerFailBack';
    assert.equal(because, `${cmdlet} fe1 failed: timed out`);
    assert.match(must(lines[0]), left);
    assert.match(must(lines[1]), next);
    assert.equal(lines.length, 2);
  });
test('the words of a cmdlet cannot make the prompt of a hold', () => {
  const reason = { kind: 'failover-failed', server: fe1, direction: 'fail-over', services: 'Running', disabled: false } as const;
  const { because } = holdWords({ ...reason, because: 'Pool problem: fail over to pool09' }, UTC);
  assert.doesNotMatch(because, /Pool problem:/i);
});
