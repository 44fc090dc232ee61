import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLine, parseSession } from '../../src/session/file.ts';
import { Session } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { Watch } from './watch.ts';

/** Plays lines and says what the watch saw. */
async function watched(lines: readonly string[], domains: readonly (readonly string[])[]): Promise<Watch> {
  const watch = new Watch(domains);
  const audience = { happened: (event: Parameters<Watch['happened']>[0]) => watch.happened(event), saw: () => {}, log: () => {} };
  const session = new Session({ through: null, chat: terminalChat(), audience });
  try {
    for (const name of ['dana', 'omar', 'eve']) session.world.meet(name);
    for (const line of lines) await session.play(parseLine(line, 0));
  } finally {
    await session.close();
  }
  return watch;
}

const layout = fc.integer({ min: 3, max: 12 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    perDomain: fc.integer({ min: 1, max: Math.max(1, Math.floor(size / 3)) }),
    seed: fc.nat({ max: 50 }),
    version: fc.constantFrom('2013', '2015'),
    patch: fc.constantFrom('', ' patch by-command'),
    sql: fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant(' sql mirror') }),
  }),
);

const server = fc.nat({ max: 11 }).map((number) => `fe${number + 1}`);
const EFFECTS = ['Stop-CsWindowsService', 'Restart-Computer', 'patch', 'Start-CsWindowsService'];
/** What goes on as it should, for one upgrade domain: people who answer, and time. */
const FAIR = ['@omar thaw', '@omar approve', '+4m', '+7m', '@dana patched all', '+11m', '+35m'];
/** And what does not. */
const foul = fc.oneof(
  fc
    .constantFrom('Busy', 'InsufficientActiveFrontEnds', 'silent', 'garbage', 'Ready', 'auto', 'auto')
    .map((said) => `! readiness ${said}`),
  fc
    .tuple(
      fc.constantFrom(
        'down',
        'up',
        'up',
        'stuck',
        'drain-forever',
        'patch-fails',
        'viewer',
        'viewer-closed',
        'not-ready',
        'is-ready',
      ),
      server,
    )
    .map((words) => `! ${words.join(' ')}`),
  fc.constantFrom('! move-primary', '! lose-secondaries 2', '! sql mirror', '! sql down', '! sql principal', '! kill', '! kill'),
  fc.tuple(fc.constantFrom(...EFFECTS), server).map(([effect, name]) => `! kill after ${effect} ${name}`),
  fc.constantFrom(
    '@dana pause',
    '@dana resume',
    '@dana retry',
    '@dana retry',
    '@eve retry immediate',
    '@dana abort',
    '@dana abort now',
    '@eve deny no',
    '@dana approve',
    '@eve approve',
    '@dana upgrade pool01 all',
    '@eve readiness pool01',
    '@omar status pool01',
    '@eve tick replicas-outside',
    '@eve tick quorum-kept',
    '@eve freeze storage drill',
    '@eve freeze storage drill',
    '@dana thaw',
  ),
);
/** Three domains' worth of a good night, with up to three things thrown in at each. */
const mishaps = fc.array(fc.tuple(fc.nat({ max: FAIR.length }), foul), { maxLength: 3 });
const night = fc.record({ layout, mishaps: fc.array(mishaps, { minLength: 3, maxLength: 3 }) });

const linesOf = (thrownIn: readonly (readonly (readonly [at: number, line: string])[])[]): readonly string[] =>
  thrownIn.flatMap((each) =>
    [...FAIR, ''].flatMap((line, index) => [...each.filter(([at]) => at === index).map(([, foulLine]) => foulLine), line]),
  );

test('whatever the pool answers, whoever types or freezes everything and wherever the bot dies: no rule is broken', async () => {
  let stops = 0;
  await fc.assert(
    fc.asyncProperty(night, async ({ layout: { size, perDomain, seed, version, patch, sql }, mishaps: thrownIn }) => {
      const servers = Array.from({ length: size }, (_, index) => `fe${index + 1}`);
      const domains = Array.from({ length: Math.ceil(size / perDomain) }, (_, index) =>
        servers.slice(index * perDomain, (index + 1) * perDomain),
      );
      const written = domains.map((domain) => domain.join(',')).join('|');
      const set = [
        `! seed ${seed}`,
        `! pool pool01 version ${version} servers ${size} domains ${written}${patch}${sql}`,
        '@dana upgrade pool01',
      ];
      const known = linesOf(thrownIn).filter((line) => !/ fe(\d+)$/.test(line) || Number(/ fe(\d+)$/.exec(line)?.[1]) <= size);
      const said = known.flatMap((line) =>
        line === '@dana patched all' ? servers.map((name) => `@dana patched ${name}`) : [line],
      );
      const watch = await watched([...set, ...said], domains);
      assert.deepEqual(watch.violations, []);
      stops += watch.stops;
    }),
    { numRuns: 200 },
  );
  assert.ok(stops > 250, `only ${stops} stops were tried: the nights are too foul to show anything`);
});

const SESSIONS = new URL('../sessions/', import.meta.url);
for (const name of readdirSync(SESSIONS).filter((each) => each.endsWith('.txt'))) {
  const text = readFileSync(new URL(name, SESSIONS), 'utf8');
  const pools = parseSession(text).filter((line) => line.kind === 'pool');
  if (pools.length !== 1) continue;
  test(`no rule is broken in: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const lines = text.split('\n').filter((line) => !line.startsWith('>'));
    const watch = await watched(lines, pools[0]?.domains ?? []);
    assert.deepEqual(watch.violations, []);
  });
}
