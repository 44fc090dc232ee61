import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLine, parseSession } from '../../src/session/file.ts';
import { Session } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { HookWatch } from './hook-watch.ts';
import { OperationWatch } from './operation-watch.ts';
import { domainsOf, linesOf, randomNight } from './random-night.ts';
import { TwoWatch } from './two-watch.ts';
import { Watch, type Watched } from './watch.ts';

/** Plays lines and says what the watches saw. */
async function watched(lines: readonly string[], what: Watched) {
  const played = lines.map((line) => parseLine(line, 0));
  const watch = new Watch(what);
  const operations = new OperationWatch();
  const hooks = new HookWatch(played.find((line) => line.kind === 'pool')?.hooks ?? { before: false, after: false });
  const two = new TwoWatch(what.domains.flat().length);
  const happened = (event: Parameters<Watch['happened']>[0]) => {
    operations.happened(event);
    if (operations.owns(event)) return;
    watch.happened(event);
    two.happened(event);
    hooks.happened(event);
  };
  const audience = { happened, saw: () => {}, log: () => {} };
  const session = new Session({ through: null, chat: terminalChat(), audience });
  try {
    for (const name of ['dana', 'omar', 'eve']) session.world.meet(name);
    for (const line of played) await session.play(line);
  } finally {
    await session.close();
  }
  const { stops, backs, restarts } = watch;
  return {
    stops,
    backs,
    restarts,
    hookRuns: hooks.runs,
    ofTwo: two.stops,
    violations: [...watch.violations, ...hooks.violations, ...two.violations, ...operations.violations],
  };
}

test('whatever the pool answers, whoever types or freezes everything and wherever the bot dies: no rule is broken', async () => {
  let [stops, backs, restarts, hookRuns, ofTwo] = [0, 0, 0, 0, 0];
  await fc.assert(
    fc.asyncProperty(randomNight(3, 3), async (night) => {
      const watch = await watched(linesOf(night), { domains: domainsOf(night), ...night.layout.product });
      assert.deepEqual(watch.violations, []);
      stops += watch.stops;
      backs += watch.backs;
      restarts += watch.restarts;
      hookRuns += watch.hookRuns;
      ofTwo += watch.ofTwo;
    }),
    { numRuns: 300 },
  );
  assert.ok(
    stops > 300 && backs > 100 && restarts > 50 && hookRuns > 100 && ofTwo > 30,
    `only ${stops} stops (${ofTwo} in pools of two), ${backs} FailBacks, ${restarts} rolling restarts of a server and ${hookRuns} hooks were tried: the nights are too foul to show anything`,
  );
});

const SESSIONS = new URL('../sessions/', import.meta.url);
for (const name of readdirSync(SESSIONS).filter((each) => each.endsWith('.txt'))) {
  const text = readFileSync(new URL(name, SESSIONS), 'utf8');
  const pools = parseSession(text).filter((line) => line.kind === 'pool');
  const [pool] = pools;
  if (pool === undefined || pools.length !== 1) continue;
  test(`no rule is broken in: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const lines = text.split('\n').filter((line) => !line.startsWith('>'));
    const { domains, procedure, version } = pool;
    const watch = await watched(lines, {
      domains,
      procedure: procedure ?? (version === '2019' ? 'server-failover' : 'upgrade-domains'),
      version,
    });
    assert.deepEqual(watch.violations, []);
  });
}
