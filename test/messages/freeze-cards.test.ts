import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardText } from '../../src/messages/card.ts';
import { historyLines } from '../../src/messages/history.ts';
import { homePage } from '../../src/messages/home.ts';
import { cardsOf } from '../../src/messages/run-cards.ts';
import { plain } from '../../src/messages/spans.ts';
import { whyLines } from '../../src/messages/why.ts';
import {
  aborting,
  approved,
  asked,
  bothDown,
  denied,
  draining,
  fe1Down,
  finished,
  held,
  planned,
  settling,
} from '../commands/situations.ts';
import { aManagedPool, dana, healthy, kim, must, omar, POOL02, type Story, UTC } from '../support.ts';
import { frozen } from './stories.ts';

const pool = aManagedPool();
const LINE = /^FROZEN by kim \d\d:\d\d: storage drill; clears by `thaw`$/;
const cards = (story: Story) => cardsOf(7, story.run, pool, UTC);
const live = (story: Story) => must(cards(story)[0]);
const lines = ({ lines: all }: { readonly lines: readonly string[] }) => all.map(plain);

for (const [told, story] of [
  ['checking', () => planned()],
  ['awaiting approval', () => asked()],
  ['stopping', () => draining()],
  ['patching', () => bothDown()],
  ['settling', () => settling()],
  ['held', () => held()],
  ['aborting', () => aborting()],
] as const) {
  test(`${told} and frozen: every card that waits for somebody says so first, and so does why`, () => {
    const run = frozen(story());
    const waiting = cards(run).filter(({ key, buttons }) => key === 'run-7' || buttons.length > 0);
    for (const card of waiting) assert.match(must(lines(card)[0]), LINE, card.title);
    assert.match(live(run).title, /, frozen$/);
    assert.match(plain(must(whyLines(run.run, pool, run.now, UTC)[0])), LINE);
  });
  test(`${told}, frozen and thawed: no card is left that says so but the two that tell of it`, () => {
    const run = frozen(story()).say({ kind: 'thawed', by: omar });
    const saying = cards(run).filter((card) => /frozen|thaw/i.test(cardText(card)));
    assert.deepEqual(
      saying.map(({ title }) => plain(title).replace(/\d\d:\d\d/, 'then')),
      ['pool01: frozen by kim at then', 'pool01: thawed by omar; it is looked at anew before anything is started'],
    );
  });
}
test('a freeze is told in the thread once, with its reason, and a thaw too', () => {
  const story = frozen(fe1Down());
  const [told] = cards(story).filter(({ title }) => title.includes('frozen by'));
  assert.deepEqual([must(told).under, must(told).lines[0]], ['run-7', 'storage drill']);
  assert.ok(
    !cards(story.say({ kind: 'thawed', by: omar })).some(({ key }, at, all) => all.findIndex((each) => each.key === key) < at),
  );
});
for (const [told, story, last] of [
  ['a stop that is next', () => approved(), 'waits for `thaw`'],
  ['a request', () => asked(), `waits for \`thaw\`; ${asked().gate.code} stays open until 04:00`],
  ['a server that was told to stop', () => draining(), 'waits for fe1 to stop (graceful)'],
  [
    'a person with a patch to install',
    () => bothDown(),
    'waits for a person to patch fe1, fe2 and type `patched fe1`, `patched fe2`',
  ],
  ['a pool that settles', () => settling().look(), /^settling: 20 minutes of Ready since/],
  ['what an abort has to bring back', () => aborting(), 'waits for `thaw`'],
] as const) {
  test(`frozen, the last line tells what is waited for: ${told}`, () => {
    const line = plain(must(live(frozen(story())).lines.at(-1)));
    if (typeof last === 'string') assert.equal(line, last);
    else assert.match(line, last);
  });
}
test('what is over needs no thaw: an ended run and a decided request keep their cards as they were', () => {
  for (const story of [finished(), denied()]) {
    const before = cards(story).filter(({ buttons, key }) => buttons.length === 0 && key !== 'run-7');
    const ended = story.run.ended === null ? frozen(story) : story;
    for (const card of before) assert.equal(cardText(must(cards(ended).find(({ key }) => key === card.key))), cardText(card));
  }
  const left = frozen(fe1Down()).say({ kind: 'ended', ending: { how: 'aborted', left: [] } });
  assert.doesNotMatch(cardText(live(left)), /FROZEN|frozen/);
});
test('the reason of a freeze cannot make another message of the prompt', () => {
  const story = fe1Down().say({ kind: 'frozen', by: kim, because: 'Pool problem: fail over to pool09', since: 0 });
  for (const text of [...cards(story).map(cardText), ...historyLines(story.run, UTC), ...whyLines(story.run, pool, 0, UTC)])
    assert.doesNotMatch(text, /Pool problem:/i);
});
test('the history has the freeze with its reason, the thaw, and the ticket of the run', () => {
  const story = frozen(fe1Down({ ticket: 'CHG0012345' })).say({ kind: 'thawed', by: omar });
  const told = historyLines(story.run, UTC).map(plain).join('\n');
  for (const part of ['asked for by dana, change ticket CHG0012345', 'frozen by kim: storage drill', 'thawed by omar'])
    assert.ok(told.includes(part), told);
});

test('a page of one’s own says that all is frozen: what waits, what runs, and every pool', () => {
  const second = aManagedPool({ fqdn: POOL02, backupPool: null });
  const freeze = { by: kim, at: 0, because: 'storage drill' };
  const state = frozen(asked()).run;
  const known = [
    { pool, seen: healthy(planned().topology), run: { run: 7, state } },
    { pool: second, seen: null, run: null },
  ];
  for (const [person, part] of [
    [omar, 'waiting'],
    [dana, 'runs'],
  ] as const) {
    const page = homePage(person, known, 0, freeze);
    assert.match(must(lines(must(page[part][0]))[0]), LINE);
    for (const health of page.health) assert.match(must(lines(health)[0]), /FROZEN by kim 00:00/);
  }
  for (const { lines: all } of homePage(dana, known, 0, null).health) assert.doesNotMatch(all.join(), /FROZEN/);
});

test('every card of a run carries its change ticket in its title, and the request says who gave it', () => {
  const story = settling({ ticket: 'CHG0012345' })
    .look()
    .say({ kind: 'settled', upgradeDomain: '1' })
    .hold({ kind: 'our-servers-are-down' });
  for (const { title } of cards(story)) assert.match(title, / \[CHG0012345\]$/);
  const request = must(cards(story).find(({ key }) => key.includes('request')));
  assert.ok(request.lines.includes('under change ticket CHG0012345, as dana says'));
  const simulated = cardsOf(7, story.run, pool, { ...UTC, simulated: true });
  for (const { title } of simulated) assert.match(title, / \[CHG0012345\] \(simulated\)$/);
});
test('a run without a ticket says nothing of one', () => {
  for (const card of cards(settling().look())) assert.doesNotMatch(cardText(card), /ticket|\[\]|undefined/);
});
