import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frozenRunLines } from '../../src/messages/freeze-words.ts';
import { holdWords } from '../../src/messages/hold-words.ts';
import { requestCard } from '../../src/messages/request-card.ts';
import { liveCard } from '../../src/messages/run-cards.ts';
import { topBlocker } from '../../src/messages/run-words.ts';
import { plain } from '../../src/messages/spans.ts';
import { witnessLine, witnessWords } from '../../src/messages/witness-words.ts';
import { aManagedPool, aPool, dana, named, omar, POOL01, Story } from '../support.ts';

const UTC = { timeZone: 'UTC', simulated: false };
const asked = (size: number, down: number, version: '2013' | '2019' = '2013') => {
  const { servers } = aPool(size);
  return { version, servers, running: servers, stopping: servers.slice(0, down) };
};

for (const [size, down, backEnd, words] of [
  [2, 1, 'primary', 'the primary is in charge and is the witness: margin 0 with its vote, -1 without'],
  [2, 0, 'mirror', 'the mirror is in charge, the witness has no vote: margin 1 with its vote, 0 without'],
  [4, 1, 'primary', 'the primary is in charge and is the witness: margin 1 with its vote, 0 without'],
  [6, 2, 'mirror', 'the mirror is in charge, the witness has no vote: margin 1 with its vote, -1 without'],
  [6, 2, 'down', 'out of reach, and its primary is the witness: margin 1 with its vote, -1 without'],
  [2, 1, null, 'out of reach, and its primary is the witness: margin 0 with its vote, -1 without'],
  [5, 1, 'primary', 'the primary is in charge'],
  [5, 1, 'mirror', 'the mirror is in charge'],
  [5, 1, 'down', 'out of reach'],
] as const) {
  test(`${size} servers, ${down} down, back end ${backEnd}: which copy is in charge, and the margin either way`, () =>
    assert.equal(witnessWords(asked(size, down), backEnd), `back end: ${words}`));
}
test('where no number is published no margin is told', () => {
  assert.equal(witnessWords(asked(2, 1, '2019'), 'primary'), 'back end: the primary is in charge');
});

const two = aPool(2);
const fe1 = named('fe1');
const pool = aManagedPool();
const requested = () => new Story({ topology: two }).plan().ask();
const down = () => requested().approve().stop(fe1);

test('the request for a server of two warns, says who serves alone and what the witness does to the margin', () => {
  const { run } = requested();
  const [opened] = run.gates;
  assert.ok(opened);
  const text = requestCard(1, opened, run, pool, UTC).lines.join('\n');
  assert.match(text, /warning: the documents do not recommend pools of fewer than three Front End Servers/);
  assert.match(text, /fe2 then serves alone/);
  assert.match(text, /the primary is in charge and is the witness: margin 0 with its vote, -1 without/);
});

test('the live card warns of a pool of two until its run has ended', () => {
  const shown = (story: Story) => liveCard(1, story.run, pool, UTC).lines.join('\n');
  assert.match(shown(requested()), /warning: the documents do not recommend/);
  const ended = requested().say({ kind: 'ended', ending: { how: 'aborted', left: [] } });
  assert.doesNotMatch(shown(ended), /warning/);
});

test('with a server down the last look at the back end is what is told', () => {
  const story = down().wait(1);
  const services = two.servers.map((server) => ({ server, rtcsrv: 'Running' as const }));
  story.say({ kind: 'vitals-observed', sighting: { at: story.now, askedOf: null, services, backEnd: 'mirror' } });
  assert.match(witnessLine(story.run) ?? '', /^with domain 1 down, back end: the mirror is in charge/);
});

test('a freeze says that it keeps one of two servers down; of a pool that has all of them it does not', () => {
  const freeze = { kind: 'frozen', by: omar, because: 'storage drill', since: 0 } as const;
  assert.match(
    frozenRunLines(down().say(freeze).run, UTC).join('\n'),
    /runs on one server: nothing brings fe1 back before `thaw`/,
  );
  assert.equal(frozenRunLines(requested().say(freeze).run, UTC).length, 1);
});

test('a pause says that it does not hold one of two servers that is patched', () => {
  const words = topBlocker(down().patched(fe1).say({ kind: 'paused', by: dana }).run, [omar], UTC);
  assert.match(words, /no pause holds that in a pool of two/);
});

const [fe2] = two.servers.slice(1);
assert.ok(fe2);
const bothDown = (changes: object = {}) => {
  const { because, lines } = holdWords(
    {
      kind: 'both-down',
      pool: POOL01,
      down: fe1,
      server: fe2,
      found: 'Stopped',
      order: [
        { server: fe1, at: 0 },
        { server: fe2, at: 300_000 },
      ],
      ...changes,
    },
    UTC,
  );
  return { because: plain(because), lines };
};

test('both down: when each went, and the three ways back in their order', () => {
  const { because, lines } = bothDown();
  assert.equal(because, 'both servers of the pool are down: fe1 at 00:00, fe2 at 00:05');
  assert.deepEqual(lines.slice(1, 4), [
    'Together: `abort pool01 now`, then `start pool01`.',
    'Or fe2 first, then fe1: the reverse of how they went down.',
    'If neither can be: `recover pool01` before anything is brought back.',
  ]);
});
test('a server that does not answer is not said to be stopped', () => {
  assert.match(bothDown({ found: null }).because, /fe2 at 00:05 \(fe2 does not answer\)$/);
  assert.match(bothDown({ found: 'StartPending' }).because, /\(fe2: StartPending\)$/);
});
test('the first one still drains: only the other is down, and no order is told', () => {
  const { because, lines } = bothDown({ order: [{ server: fe2, at: 300_000 }] });
  assert.equal(because, 'the last server that runs is about to go down: fe2 at 00:05');
  assert.equal(lines[0], 'Start fe2 now, while fe1 still drains.');
  assert.doesNotMatch(lines.join('\n'), /reverse|Nobody/);
});
for (const [backEnd, words] of [
  ['down', 'the back end is down with fe1 out'],
  ['mirror', 'the mirror of the back end took over with fe1 out'],
  [null, 'the back end does not answer with fe1 out'],
] as const)
  test(`the back end is lost: ${words}`, () => {
    const { because, lines } = holdWords({ kind: 'back-end-lost', down: fe1, backEnd }, UTC);
    assert.equal(because, words);
    assert.match(lines.at(-1) ?? '', /`retry` goes on to bring fe1 back/);
  });
