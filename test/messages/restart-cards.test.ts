import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/commands/grammar.ts';
import { cardText } from '../../src/messages/card.ts';
import { historyLines } from '../../src/messages/history.ts';
import { holdWords } from '../../src/messages/hold-words.ts';
import { cardsOf } from '../../src/messages/run-cards.ts';
import { plain } from '../../src/messages/spans.ts';
import { statusLines } from '../../src/messages/status.ts';
import { whyLines } from '../../src/messages/why.ts';
import { follow } from '../domain/next-in-words.ts';
import {
  ACCEPTS,
  approved,
  back,
  booting,
  down,
  FAILOVER,
  failedOver,
  fe1,
  fe2,
  OFF,
  planned,
  requested,
  STOPPED,
  settled,
  six,
  unit,
} from '../domain/restart-walk.ts';
import { aManagedPool, aPool, aTopology, dana, healthy, kim, must, omar, Story, server, UP, UTC } from '../support.ts';

const pool = aManagedPool();
const say = (story: Story, how: 'bring-back' | 'leave') => story.say({ kind: 'aborted', by: dana, how });
const frozen = (story: Story) => story.say({ kind: 'frozen', by: omar, because: 'drill', since: story.now });
const stuck = () =>
  booting()
    .look()
    .hold({ kind: 'stuck', servers: [fe1], because: 'no answer', service: '', inRestart: true });
const byHand = (answer = UP) => follow(down().lookAt(fe1, { answer }));
const restartedByHand = () => byHand({ ...STOPPED, bootTime: UP.bootTime + 3_600_000 });
const denied = () => {
  const story = planned().ask({ upgradeDomain: unit(fe1) });
  return story.say({ kind: 'denied', code: story.gate.code, by: kim, because: 'not now' });
};

/** A rolling restart wherever it can be, and the last line of its card. */
const STORIES: readonly (readonly [told: string, story: Story, waitsFor: RegExp])[] = [
  ['asked for', requested(), /^waits for the first look$/],
  ['planned', planned().look(), /^looks at the pool$/],
  ['with a request open', planned().ask({ upgradeDomain: unit(fe1) }), /^waits for 1 approval\(s\) by omar, kim/],
  ['denied', denied(), /^held: denied by kim/],
  ['approved', approved(), /^looks before the next stop$/],
  ['stopped', down(), /^waits for the look before a restart$/],
  ['stopped and frozen', frozen(down()), /^waits for `thaw`$/],
  ['failed over', failedOver(), /^waits for the look before a restart$/],
  ['failed over and restarted', failedOver().restart(fe1).lookAt(fe1, { answer: OFF }), /^waits for fe1 to accept connections$/],
  ['restarted', booting(), /^waits for fe1 to accept connections$/],
  ['stuck', stuck(), /^held: stuck: fe1; `retry` goes on$/],
  ['restarted by hand', restartedByHand(), /^held: somebody worked on fe1: it was restarted; `adopt fe1` goes on$/],
  ['started by hand', byHand(), /^held: somebody worked on fe1: its services are Running; `adopt fe1` goes on$/],
  ['settling', back(), /^waits for Ready: looks at the pool$/],
  ['settled', settled(), /^looks at the pool$/],
  ['aborting', say(down(), 'bring-back'), /^aborting \(dana\): waits for the look before a restart$/],
  ['aborted and left', follow(say(down(), 'leave')), /^nothing is waited for$/],
  ['finished', settled().say({ kind: 'ended', ending: { how: 'finished' } }), /^nothing is waited for$/],
  ['refused', requested().say({ kind: 'ended', ending: { how: 'refused', because: ['so'] } }), /^nothing is waited for$/],
  ['gone on with', planned({ carried: { restarted: { servers: [fe1], of: six.servers } } }).look(), /^looks at the pool$/],
];

/** What is said of upgrades all the same: names of Microsoft's, and that nothing is patched. */
const NAMES = /PoolUpgradeState|ReadyforUpgrade|upgrade domains?|pool02 is not being upgraded|and no patch/g;
function everythingSaid({ run }: Story, now: number): string {
  return [
    ...cardsOf(7, run, pool, UTC).flatMap((card) => [cardText(card), ...card.buttons.map(({ confirm }) => confirm ?? '')]),
    ...historyLines(run, UTC),
    ...statusLines(healthy(six), run, pool, now, UTC, null).lines,
    ...whyLines(run, pool, now, UTC),
  ]
    .map(plain)
    .join('\n');
}

for (const [told, story, waitsFor] of STORIES) {
  test(`${told}: everything speaks of a rolling restart, and of no upgrade or patch`, () => {
    const said = everythingSaid(story, story.now).replace(NAMES, '');
    assert.doesNotMatch(said, /upgrad|patch/i);
    const [live] = cardsOf(7, story.run, pool, UTC);
    assert.match(live?.title ?? '', /^Rolling restart of pool01: /);
    assert.match(plain(live?.lines.at(-1) ?? ''), waitsFor);
  });
  test(`${told}: every button is a command`, () => {
    for (const { command } of cardsOf(7, story.run, pool, UTC).flatMap(({ buttons }) => buttons))
      assert.equal(parse(command.endsWith(' ') ? `${command}why` : command).kind, 'command', command);
  });
}

const request = (story: Story) =>
  cardText(must(cardsOf(7, story.run, pool, UTC).find(({ tone, under }) => tone === 'ask' && under !== null)));
test("who approves is shown that Microsoft's pages conflict, and why one at a time", () => {
  const text = request(planned().ask({ upgradeDomain: unit(fe1) }));
  assert.match(text, /^Approve\? pool01: stop and restart server fe1$/m);
  assert.match(text, /graceful stop of fe1; then restart, and no patch$/m);
  assert.match(text, /Microsoft's pages conflict: .*one at a time.*all at once\.$/m);
  assert.match(text, /One at a time: all at once is an outage/);
});
test('in a pool of two the other server is alone meanwhile, and no update has to be at hand', () => {
  const topology = aPool(2);
  const text = request(planned({ topology }).ask({ upgradeDomain: unit(fe1, topology) }));
  assert.match(text, /fe2 then serves alone and no pause holds the way back up$/m);
});
test('by server-failover a request says FailOver, restart and FailBack', () => {
  const text = request(planned({ settings: FAILOVER }).ask({ upgradeDomain: unit(fe2) }));
  assert.match(text, /^Approve\? pool01: fail over and restart server fe2$/m);
  assert.match(text, /Invoke-CsComputerFailOver of fe2 .*; then restart and Invoke-CsComputerFailBack$/m);
});
test("an upgrade's request says nothing of pages that conflict", () => {
  const text = request(new Story({ topology: six }).plan().ask());
  assert.doesNotMatch(text, /conflict|rolling/i);
});

const live = (story: Story) => must(cardsOf(7, story.run, pool, UTC)[0]).lines.map(plain);
test('servers added and removed since the last run or look stand on the live card', () => {
  const topology = aTopology('fe1,fe2|fe3,fe7');
  const line = (knownServers: typeof six.servers | undefined, of = topology) =>
    live(planned({ topology: of, ...(knownServers === undefined ? {} : { knownServers }) })).find((each) =>
      each.startsWith('topology'),
    );
  assert.equal(line(six.servers), 'topology read anew: added fe7; removed fe4, fe5, fe6');
  assert.equal(line(topology.servers), 'topology read anew: the same 4 servers as before');
  assert.equal(line(topology.servers.toReversed()), 'topology read anew: the same 4 servers as before, in another order');
  assert.equal(line(undefined), 'topology read anew: 4 servers, and none known from before');
  assert.equal(line([...topology.servers, server(9)]), 'topology read anew: removed fe9');
});
test('what was restarted by an earlier run is marked done, and the rest is later', () => {
  const lines = live(follow(requested({ carried: { restarted: { servers: [fe1], of: six.servers } } }).look()));
  assert.ok(lines.some((line) => line.endsWith('done by an earlier run: fe1')));
  assert.ok(lines.some((line) => line.endsWith('next: fe2')));
});
test('a server that is back counts as restarted, and one that an abort brought back does not', () => {
  const ended = say(booting().lookAt(fe1, ACCEPTS), 'bring-back').lookAt(fe1, ACCEPTS);
  assert.ok(live(follow(ended)).some((line) => line.includes('fe1 back, restarted')));
});

test('a hold says that what follows is a server, and what a new topology brings', () => {
  const reason = must(stuck().run.held).reason;
  assert.ok(holdWords(reason, UTC).lines.includes('The next server is not touched while this one is not back.'));
  const changed = { kind: 'topology-changed', because: 'the pool now has fe7', inRestart: true } as const;
  assert.match(holdWords(changed, UTC).lines.join(), /Every server is then restarted once more/);
  assert.doesNotMatch(holdWords({ ...changed, inRestart: undefined } as never, UTC).lines.join(), /once more/);
});
test('what may be adopted is said in the words of a restart', () => {
  const words = (story: Story) => holdWords(must(story.run.held).reason, UTC).lines.join(' ');
  assert.equal(words(restartedByHand()), '`adopt fe1` takes it as restarted, and goes on from there.');
  assert.match(words(byHand()), /takes it as it is, not restarted: .* comes once more in its turn\. Or undo it there/);
});
