import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Freeze } from '../../src/domain/freeze.ts';
import type { ManagedPool } from '../../src/domain/inventory.ts';
import { parsePoolFqdn } from '../../src/domain/pool.ts';
import type { Run } from '../../src/domain/run.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { hours } from '../../src/domain/time.ts';
import { cardText } from '../../src/messages/card.ts';
import { plain } from '../../src/messages/spans.ts';
import { statusLines } from '../../src/messages/status.ts';
import { shortened, span, titled } from '../../src/messages/words.ts';
import { FakeDesk } from '../commands/fake-desk.ts';
import { fe1Down } from '../commands/situations.ts';
import { aManagedPool, aPool, dana, fabric, healthy, must, named, placement, Story, UTC, without } from '../support.ts';
import { STORIES } from './stories.ts';

const pool = aManagedPool();
const of = (
  seen: PoolSighting,
  run: Run | null = null,
  managed: ManagedPool = pool,
  now = seen.at,
  freeze: Freeze | null = null,
) => {
  const { worst, lines } = statusLines(seen, run, managed, now, UTC, freeze);
  return { worst, lines: lines.map(plain) };
};
const six = aPool(6, 2);

/** Twelve servers with the longest names there are, four to a domain. */
const longNames = Array.from({ length: 12 }, (_, index) => named(`${String(index).padStart(63, 'frontend-')}.contoso.com`));
const big = {
  servers: longNames,
  upgradeDomains: [0, 4, 8].map((from, index) => ({ name: `${index + 1}`, servers: longNames.slice(from, from + 4) })),
};
const worst: Partial<PoolSighting> = {
  verdict: { kind: 'no-answer', inARow: 99_999 },
  readiness: null,
  services: big.servers.map((server) => ({ server, rtcsrv: null })),
  fabric: {
    groups: Array.from({ length: 9_999 }, (_, index) => ({ id: `rg-${index}`, primary: null, secondaries: [] })),
    serversNotUp: big.servers,
  },
  backEnd: 'mirror',
};
const walking = () => new Story({ topology: big }).plan().ask().approve().stop(must(longNames[0]));

const sightings = fc
  .record(
    {
      verdict: fc.oneof(
        fc.nat(99_999).map((inARow) => ({ kind: 'no-answer', inARow }) as const),
        fc.constantFrom<PoolSighting['verdict']>(
          { kind: 'ready' },
          { kind: 'our-servers-are-down' },
          { kind: 'busy', counted: 2, countedAt: [0], askAgainAt: 9 },
          { kind: 'pool-problem', cause: 'busy-streak', seenAt: [0] },
          { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] },
        ),
      ),
      services: fc.constantFrom(null, without(big), without(big, ...longNames)),
      fabric: fc.constantFrom(null, placement(big), worst.fabric ?? null),
      backEnd: fc.constantFrom('primary' as const, 'mirror' as const, 'down' as const, null),
      computers: fc.constantFrom(null, longNames, longNames.slice(0, 3)),
    },
    { requiredKeys: [] },
  )
  .map((changes) => healthy(big, changes));
const runs = fc.constantFrom<Run | null>(
  null,
  walking().run,
  walking().hold({ kind: 'our-servers-are-down' }).run,
  ...STORIES.map(([, story]) => story.run),
);

test('whatever is the matter, a status is at most twelve lines of 45 characters, its title one of them', () => {
  fc.assert(
    fc.property(sightings, runs, fc.nat(10_000_000_000), (seen, run, age) => {
      const { worst: word, lines } = of(seen, run, pool, seen.at + age);
      assert.ok(lines.length <= 11, lines.join('\n'));
      for (const line of lines) assert.ok(line.length <= 45 && /\S/.test(line), line);
      assert.match(word, /^(is OK|needs a look|is NOT OK)$/);
    }),
  );
});
test('and so it is where it is shown: with the mark of a simulated pool and as the terminal prints it', async () => {
  const fqdn = must(parsePoolFqdn(`${'pool'.repeat(15)}.contoso.com`));
  for (const managed of [aManagedPool({ simulated: true }), aManagedPool({ fqdn, simulated: true }), aManagedPool({ fqdn })]) {
    const desk = new FakeDesk(managed).see(managed.fqdn, healthy(big, worst));
    const { reply } = await desk.say('status', dana);
    const text = cardText({
      tone: 'calm',
      title: titled(reply.title, managed),
      lines: reply.lines,
      buttons: [],
    });
    assert.ok(text.split('\n').length <= 12, text);
    for (const line of text.split('\n')) assert.ok(line.length <= 45, `${line.length} characters: ${line}`);
  }
});

test('a healthy pool is OK in every line, and says when it was seen', () => {
  assert.deepEqual(of(healthy(six)), {
    worst: 'is OK',
    lines: [
      'ok Ready',
      'ok all 6 servers run',
      'ok all users have service',
      'ok quorum margin 3 (any 3 needed)',
      'ok back end: primary; without it margin 1',
      'seen 00:00',
    ],
  });
});
for (const [told, changes, first, word] of [
  ['Busy', { verdict: { kind: 'busy', counted: 2, countedAt: [], askAgainAt: 0 } }, '? Busy, counted 2 of 3', 'needs a look'],
  [
    'a Busy streak',
    { verdict: { kind: 'pool-problem', cause: 'busy-streak', seenAt: [0] } },
    '!! Busy 3 times: ask `readiness`',
    'is NOT OK',
  ],
  [
    'InsufficientActiveFrontEnds',
    { verdict: { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } },
    '!! InsufficientActiveFrontEnds',
    'is NOT OK',
  ],
  ['no answer', { verdict: { kind: 'no-answer', inARow: 2 } }, '!! readiness: no answer, 2 in a row', 'is NOT OK'],
  ['a server down', { services: without(six, named('fe4')) }, '!! not running: fe4', 'is NOT OK'],
  ['services unread', { services: null }, '!! services could not be read', 'is NOT OK'],
  ['a group without a secondary', { fabric: fabric('a fe1 -', 'b fe1 fe3') }, '!! 1 of 2 groups lack replicas', 'is NOT OK'],
  ['the fabric unread', { fabric: null }, '!! fabric could not be read', 'is NOT OK'],
  ['no back end', { backEnd: 'down' }, '!! quorum: cannot be judged', 'is NOT OK'],
  ['the mirror in charge', { backEnd: 'mirror' }, '? back end: mirror; by primary margin 3', 'needs a look'],
  [
    'exactly as many as are needed',
    { services: without(six, named('fe1'), named('fe2'), named('fe3')) },
    '!! not running: fe1, fe2, fe3',
    'is NOT OK',
  ],
] satisfies [string, Partial<PoolSighting>, string, string][]) {
  test(`${told}: it stands first, and the pool ${word}`, () => {
    const status = of(healthy(six, changes));
    assert.deepEqual([status.lines[0], status.worst], [first, word]);
  });
}
test('the worst stands first, whatever it is: !! before ? before ok', () => {
  fc.assert(
    fc.property(sightings, runs, (seen, run) => {
      const marks = of(seen, run)
        .lines.slice(0, -1)
        .map((line) => ['ok', '?', '!!'].indexOf(line.split(' ')[0] ?? ''));
      assert.ok(!marks.includes(-1));
      assert.deepEqual(
        marks,
        marks.toSorted((left, right) => right - left),
      );
    }),
  );
});
test('a status never says that what could not be read is fine', () => {
  const dark = healthy(six, {
    services: null,
    fabric: null,
    backEnd: null,
    computers: null,
    readiness: null,
    verdict: { kind: 'no-answer', inARow: 1 },
  });
  assert.deepEqual(
    of(dark).lines.filter((line) => line.startsWith('ok')),
    [],
  );
});
test('a run under way is part of it: its phase, the open request, the servers of its domain, how long it is held', () => {
  const asked = new Story().plan().ask();
  assert.ok(of(healthy(six), asked.run).lines.includes(`? approve ${asked.gate.code}: open until 04:00`));
  assert.ok(of(healthy(six), fe1Down().run).lines.includes('? domain 1: fe1 down, fe2 up'));
  const held = fe1Down().hold({ kind: 'our-servers-are-down' });
  assert.ok(of(healthy(six), held.run, pool, held.now + hours(2)).lines.includes('!! held for 2 hours: `why`'));
});
test('an old look says how old it is', () => {
  assert.equal(of(healthy(six), null, pool, hours(1)).lines.at(-1), 'seen 00:00, 1 hour ago');
});

for (const [minutes, words] of [
  [0, 'less than a minute'],
  [0.99, 'less than a minute'],
  [1, '1 minute'],
  [2.5, '2 minutes'],
  [60, '1 hour'],
  [125, '2 hours 5 minutes'],
  [-3, 'less than a minute'],
] as const) {
  test(`${minutes} minutes are "${words}"`, () => assert.equal(span(minutes * 60_000), words));
}
test('a line that is too long ends in an ellipsis, and in its own place', () => {
  assert.equal(shortened('x'.repeat(45)), 'x'.repeat(45));
  assert.equal(shortened('x'.repeat(46)), `${'x'.repeat(44)}…`);
});
