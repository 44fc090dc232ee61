import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/commands/grammar.ts';
import type { ManagedPool } from '../../src/domain/inventory.ts';
import { cardText } from '../../src/messages/card.ts';
import { historyLines } from '../../src/messages/history.ts';
import { holdWords } from '../../src/messages/hold-words.ts';
import { cardsOf, liveCard } from '../../src/messages/run-cards.ts';
import { plain } from '../../src/messages/spans.ts';
import { statusLines } from '../../src/messages/status.ts';
import { whyLines } from '../../src/messages/why.ts';
import { FakeDesk } from '../commands/fake-desk.ts';
import { asked, bothDown, draining, fe1Down, finished, planned, settling } from '../commands/situations.ts';
import { aManagedPool, healthy, must, omar, type Story, UTC } from '../support.ts';
import { INSUFFICIENT, REASONS, STORIES } from './stories.ts';

const pool = aManagedPool();
const cards = (story: Story, of: ManagedPool = pool) => cardsOf(7, story.run, of, { timeZone: 'UTC', simulated: of.simulated });
const live = (story: Story) => liveCard(7, story.run, pool, UTC);
/** Everything that is ever said about such a run. */
const everything = (story: Story, of: ManagedPool = pool): readonly string[] => {
  const status = statusLines(story.run.lastSeen ?? healthy(story.topology), story.run, of, story.now, UTC, story.run.frozen);
  const why = whyLines(story.run, of, story.now, UTC);
  return [
    ...cards(story, of).map(cardText),
    ...[...why, ...historyLines(story.run, UTC), status.worst, ...status.lines].map(plain),
  ];
};

for (const [told, story] of STORIES) {
  test(`${told}: the last line of every card says something, and nothing is left out of a sentence`, () => {
    const last = plain(live(story).lines.at(-1) ?? '');
    assert.match(last, /\S/);
    assert.doesNotMatch(last, / {2}|undefined|null|NaN|\[object/);
    for (const card of cards(story)) {
      assert.match(card.title, /\S/);
      for (const line of card.lines) assert.match(line, /\S/, card.title);
      assert.doesNotMatch(cardText(card), /undefined|NaN|\[object/m);
    }
  });
  test(`${told}: nothing that is said has the words of the prompt`, () => {
    for (const text of everything(story)) assert.doesNotMatch(text, /Pool problem/i);
  });
  test(`${told}: a button is a command that everybody could type`, () => {
    for (const { command } of cards(story).flatMap(({ buttons }) => buttons))
      if (!/^deny .... $/.test(command)) assert.equal(parse(command).kind, 'command', command);
  });
  test(`${told}: every card of a simulated pool says that it is one`, () => {
    for (const { title } of cards(story, aManagedPool({ simulated: true }))) assert.match(title, / \(simulated\)$/);
  });
}

for (const [cause, reason, seen] of [
  ['three Busy', REASONS['pool-problem'], 'Busy 3 times, 10 minutes apart (00:00, 00:10, 00:20)'],
  ['InsufficientActiveFrontEnds', INSUFFICIENT, 'InsufficientActiveFrontEnds at 00:05'],
] as const) {
  const story = () => planned().hold(reason);
  const prompts = (of: ManagedPool) => everything(story(), of).filter((text) => /Pool problem:/i.test(text));

  test(`${cause}: one message says it, and begins with it`, () => {
    for (const backupPool of [pool.backupPool, null]) {
      const [prompt, ...others] = prompts(aManagedPool({ backupPool }));
      assert.deepEqual(others, []);
      assert.equal(must(prompt).split('\n')[0], `Pool problem: pool01: ${seen}`);
    }
    const [simulated] = prompts(aManagedPool({ simulated: true }));
    assert.ok(must(simulated).startsWith('Pool problem: pool01: '));
  });
  test(`${cause} of a paired pool: fail over to the backup pool, what to check first, and it stays held`, () => {
    const prompt = must(prompts(pool)[0]);
    assert.match(prompt, /fail over to pool02/);
    assert.match(prompt, /First check: /);
    assert.match(prompt, /stays held until `retry`, even if Ready returns/);
    assert.match(prompt, /person's decision/);
  });
  test(`${cause} of an unpaired pool: no failover is spoken of as possible, and the pool is not restarted whole`, () => {
    const prompt = must(prompts(aManagedPool({ backupPool: null }))[0]);
    assert.doesNotMatch(prompt, /fail over to/);
    assert.match(prompt, /missing replicas/);
    assert.match(prompt, /-Verbose/);
    assert.match(prompt, /do not restart the whole pool/);
    assert.match(prompt, /stays held until `retry`/);
  });
  test(`${cause}, seen by somebody who asks: the answer is the prompt`, async () => {
    const verdict = {
      kind: 'pool-problem',
      cause: reason.kind === 'pool-problem' ? reason.cause : 'busy-streak',
      seenAt: reason.kind === 'pool-problem' ? reason.seenAt : [],
    } as const;
    const said = await new FakeDesk().see(pool.fqdn, healthy(planned().topology, { verdict })).say('readiness pool01', omar);
    assert.equal(said.title, `Pool problem: pool01: ${seen}`);
    assert.match(said.all, /fail over to pool02/);
    for (const other of ['status', 'plan', 'checks', 'quorum', 'fabric', 'why', 'history'])
      assert.doesNotMatch(
        (await new FakeDesk().see(pool.fqdn, healthy(planned().topology, { verdict })).say(`${other} pool01`, omar)).all,
        /Pool problem/,
      );
  });
}
test('a reason that somebody types cannot make another message of the prompt', () => {
  const story = asked();
  story.say({ kind: 'denied', code: story.gate.code, by: omar, because: 'Pool problem: fail over to pool09' });
  for (const text of everything(story)) assert.doesNotMatch(text, /Pool problem:/i);
});

for (const reason of [...Object.values(REASONS), INSUFFICIENT]) {
  test(`a hold for ${reason.kind} says why, and what a person can do about it`, () => {
    const { because, lines } = holdWords(reason, UTC);
    assert.match(because, /^\S.{8,}$/);
    assert.ok(lines.length > 0 && lines.every((line) => /\S/.test(line)));
    assert.match(lines.join('\n'), /`(retry|abort|patched)/);
    const last = live(fe1Down().hold(reason)).lines.at(-1) ?? '';
    const goesOn = reason.kind === 'changed-by-hand' ? '`adopt fe1`' : '`retry`';
    assert.ok(last.startsWith(`held: ${because}`) && last.includes(goesOn), last);
    assert.ok(live(fe1Down().hold(reason)).buttons.some(({ command }) => command === 'retry pool01'));
  });
}
for (const [kind, words] of [
  ['stuck', /stuck: fe1, fe2/],
  ['drain-overdue', /retry immediate/],
  ['patch-failed', /1603/],
  ['approval-void', /differs: runs no more: fe6\ndiffers: a primary moved/],
  ['approval-denied', /denied by kim: not tonight/],
  ['checks-failed', /servers-running: clears when RTCSRV runs on fe6/],
  ['step-refused', /restart fe1 was refused: dana is logged on/],
  ['our-servers-are-down', /our own servers are down.*\n.*our inference/],
] as const) {
  test(`a hold for ${kind} says ${words.source}`, () => {
    const { because, lines } = holdWords(REASONS[kind], UTC);
    assert.match([because, ...lines].join('\n'), words);
  });
}

test('the card shows the phase by its word, and what a hold or a pause stands before', () => {
  assert.equal(live(settling()).title, 'Upgrade of pool01: settling');
  assert.equal(live(bothDown()).title, 'Upgrade of pool01: patching');
  assert.equal(live(fe1Down().hold(REASONS.stuck)).title, 'Upgrade of pool01: held while stopping');
  assert.equal(live(fe1Down().say({ kind: 'paused', by: omar })).title, 'Upgrade of pool01: paused while stopping');
  assert.equal(live(finished()).title, 'Upgrade of pool01: finished');
});
test('the card shows the domains: done, now, later; the servers by their state; and the margin', () => {
  const text = cardText(
    live(
      settling()
        .say({ kind: 'settled', upgradeDomain: '1' })
        .look()
        .ask({ upgradeDomain: must(planned().topology.upgradeDomains[1]) })
        .approve(),
    ),
  );
  assert.match(text, /\* 1 done: fe1, fe2/);
  assert.match(text, /> 2 now: fe3 up, fe4 up/);
  assert.match(text, /- 3 later: fe5, fe6/);
  assert.match(text, /quorum with domain 2 down: 4 of 6 will run, any 3 needed: margin 1/);
  assert.match(text, /to start the pool, 5 of 6 must run/);
});
test('a draining server shows the calls and conferences that it still carries', () => {
  const story = draining().lookAt(must(draining().topology.servers[0]), {
    answer: { bootTime: 0, services: 'StopPending', rtcsrv: 'StopPending', disabled: false, calls: 1, conferences: 3 },
  });
  assert.match(cardText(live(story)), /fe1 draining \(1 call, 3 conferences\)/);
});
test('a decided request keeps its text, and its buttons give way to what became of it', () => {
  const open = must(cards(asked()).find(({ key }) => key === 'run-7-request-1'));
  assert.deepEqual(
    open.buttons.map(({ label }) => label),
    ['Approve', 'Deny'],
  );
  const decided = must(cards(asked().approve()).find(({ key }) => key === 'run-7-request-1'));
  assert.deepEqual(decided.buttons, []);
  assert.equal(decided.title, open.title);
  assert.match(plain(decided.lines.at(-1) ?? ''), /^APPROVED at 00:00$/);
});
test('a request says who asked, who may approve, until when, with which code, and what was declared', () => {
  const text = cards(asked({ stopMode: 'immediate' }))
    .map(cardText)
    .join('\n');
  for (const part of [
    'take upgrade domain 1 down (fe1, fe2)',
    'IMMEDIATE stop',
    'omar, kim',
    'not by dana, who asked',
    'open until 04:00',
    asked().gate.code,
  ])
    assert.ok(text.includes(part), part);
});
test('a domain is told of in at most five lines, and every line of the stream once', () => {
  const story = settling().look();
  for (let minute = 0; minute < 20; minute += 1) story.wait(1).look();
  story.say({ kind: 'settled', upgradeDomain: '1' });
  const stream = cards(story)
    .slice(1)
    .filter(({ key }) => !key.includes('request'));
  assert.deepEqual(
    stream.map(({ title }) => title.split(';')[0]),
    [
      'pool01: domain 1 is down',
      'pool01: domain 1 is back (fe1, fe2)',
      'pool01: domain 1 has settled: 20 minutes of Ready, nothing moved',
    ],
  );
  const keys = cards(story).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});
test('however often the settle time starts again, a domain is told of in at most five lines', () => {
  const story = settling().look();
  for (let again = 0; again < 6; again += 1) story.wait(1).look({ services: null }).wait(1).look();
  const stream = cards(story)
    .slice(1)
    .filter(({ key }) => !key.includes('request'));
  assert.ok(stream.length <= 5, stream.map(({ title }) => title).join('\n'));
});
test('`why` lists every blocker: what, since when, what was seen, by whom, what clears it, and the next look', () => {
  const blocked = must(STORIES.find(([told]) => told === 'blocked by two things'))[1].wait(2);
  const lines = whyLines(blocked.run, pool, blocked.now, UTC);
  assert.deepEqual(lines.slice(1).map(plain), [
    'servers-running: not running: fe6; since 00:00 (2 minutes); seen by fe6 at 00:00; clears when RTCSRV runs on fe6; next look 00:02',
    'pair-quiet: paired pool pool02 is being upgraded; since 00:00 (2 minutes); seen by fe6 at 00:00; clears when the upgrade of pool02 ends; next look 00:02',
    'with domain 1 down, back end: the primary is in charge and is the witness: margin 0 with its vote, -2 without',
  ]);
});
