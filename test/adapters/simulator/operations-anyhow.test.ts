import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Machine } from '../../../src/adapters/simulator/machine.ts';
import { POOL_OPERATIONS } from '../../../src/domain/pool-operation.ts';
import { minutes } from '../../../src/domain/time.ts';
import { OperationNight } from './operation-night.ts';
import '../../seed.ts';

/** The published tables, typed in again: how many of a pool of this size keep it functional, and how many have to start it. */
const TABLES: Readonly<Record<number, readonly [functional: number, start: number]>> = {
  3: [2, 3],
  4: [2, 3],
  5: [3, 4],
  6: [3, 5],
  7: [4, 5],
};

type Happens =
  | { readonly kind: 'operate'; readonly which: (typeof POOL_OPERATIONS)[number] }
  | { readonly kind: 'down' | 'up' | 'restart' | 'stop' | 'hang'; readonly server: number }
  | { readonly kind: 'whole-pool-down' | 'publish' }
  | { readonly kind: 'lose-quorum'; readonly count: number };
const happens: fc.Arbitrary<Happens> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('operate' as const), which: fc.constantFrom(...POOL_OPERATIONS) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('down' as const, 'up', 'restart', 'stop', 'hang'),
      server: fc.nat({ max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('whole-pool-down' as const, 'publish') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose-quorum' as const), count: fc.integer({ min: 1, max: 6 }) }) },
);

async function make(night: OperationNight, what: Happens): Promise<void> {
  switch (what.kind) {
    case 'operate':
      await night.operate(what.which);
      return;
    case 'whole-pool-down':
      night.pool.goDown();
      return;
    case 'publish':
      night.pool.publishTopology();
      return;
    case 'lose-quorum':
      night.pool.loseQuorum(what.count);
      return;
    default: {
      const server = night.servers[what.server % night.servers.length];
      if (server !== undefined) night.pool.change(server, (machine, now) => befall(machine, what.kind, now));
    }
  }
}

function befall(machine: Machine, kind: 'down' | 'up' | 'restart' | 'stop' | 'hang', now: number): void {
  if (kind === 'down') machine.goDown();
  else if (kind === 'up') machine.comeUp(now);
  else if (kind === 'restart') machine.restart(now);
  else if (kind === 'stop') machine.stop('immediate', now);
  else machine.nextStartHangs = true;
}

test('whatever befalls a pool and whoever operates on it, servers run only as the two tables allow', async () => {
  const rounds = fc.array(fc.tuple(happens, fc.integer({ min: 0, max: 90 })), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 3, max: 7 }), fc.nat({ max: 1_000 }), rounds, async (size, seed, told) => {
      const night = new OperationNight({ servers: size, seed });
      const [functional, start] = TABLES[size] ?? [size, size];
      let before = size;
      const check = (when: string) => {
        const running = night.services()['Running'] ?? 0;
        assert.ok(running === 0 || running >= functional, `${running} of ${size} run ${when}`);
        assert.ok(before > 0 || running === 0 || running >= start, `${running} of ${size} came up from cold ${when}`);
        before = running;
        const up = night.servers.filter((server) => night.pool.rtcsrv(server) === 'Running');
        for (const { primary, secondaries } of night.pool.fabric().groups)
          for (const held of primary === null ? secondaries : [primary, ...secondaries])
            assert.ok(up.includes(held), `${held} holds a replica and does not run ${when}`);
      };
      for (const [what, wait] of told) {
        await make(night, what);
        check(`after ${what.kind}`);
        for (let minute = 0; minute < wait; minute += 1) {
          night.wait(minutes(1));
          check(`${minute + 1} minutes after ${what.kind}`);
        }
      }
    }),
    { numRuns: 150 },
  );
});
