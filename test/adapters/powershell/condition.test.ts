import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallAnswer, PowerShellCalls } from '../../../src/adapters/powershell/calls.ts';
import type { Entry } from '../../../src/adapters/powershell/catalogue.ts';
import { readCondition } from '../../../src/adapters/powershell/condition.ts';
import type { PoolFqdn, ServerFqdn } from '../../../src/domain/pool.ts';
import { aPool } from '../../support.ts';
import { FE1, FE2, FE3, POOL } from '../scripted-pool.ts';
import { GOOD } from './examinations.ts';

const VALUES: Readonly<Record<string, unknown>> = {
  'condition.ps1': { services: [], events: [], unread: {} },
  'examine.ps1': GOOD,
  'patch-level.ps1': { canTell: false, components: [] },
  'port.ps1': { open: true },
  'copies.ps1': { backup: [], holdsCms: false, replicas: [], unread: {} },
};
type Answering = (server: ServerFqdn | null, script: string) => CallAnswer | undefined;
const LOST: CallAnswer = { kind: 'lost', because: 'no answer within 60 s', timedOut: true, on: null, raw: '' };
const NOT_REACHED: CallAnswer = { kind: 'not-asked', because: 'it is off', reason: 'unreachable' };

/** Servers that answer well, but where they are made to answer otherwise; and what each was asked, in order. */
function servers(otherwise: Answering = () => undefined) {
  const asked: string[] = [];
  let inFlight = 0;
  let most = 0;
  const calls: Pick<PowerShellCalls, 'read' | 'first'> = {
    first: () => [null],
    read: async <Values>(_pool: PoolFqdn, server: ServerFqdn | null, { script }: Entry<Values>, values: Values) => {
      const about = script === 'port.ps1' ? ` of ${Object(values).Server} ${Object(values).Port}` : '';
      asked.push(`${server} ${script}${about}`);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise(setImmediate);
      inFlight -= 1;
      const said = otherwise(server, script);
      return said ?? { kind: 'value', value: VALUES[script], on: server, raw: '', warnings: [], verbose: [] };
    },
  };
  return { calls, asked, most: () => most };
}

test('a server that cannot be reached is asked nothing more, and the others are looked at', async () => {
  const { calls, asked } = servers((server) => (server === FE2 ? NOT_REACHED : undefined));
  const { servers: seen } = await readCondition(calls, POOL, [FE1], [FE1, FE2, FE3]);
  assert.deepEqual(
    seen.map((each) => each.seen.kind),
    ['read', 'unread', 'read'],
  );
  assert.deepEqual(
    asked.filter((each) => each.startsWith(FE2) && !each.includes('port.ps1')),
    [`${FE2} condition.ps1`],
  );
});

test('a server that falls silent half way is not waited for again, and what it did not say is not known', async () => {
  const { calls, asked } = servers((server, script) => (server === FE1 && script === 'examine.ps1' ? LOST : undefined));
  const { servers: seen } = await readCondition(calls, POOL, [FE2], [FE1]);
  const found = seen[0]?.seen.kind === 'read' ? seen[0].seen.value : assert.fail();
  assert.deepEqual(
    [found.services.kind, found.disks.kind, found.patchLevel.kind, found.ports.kind],
    ['read', 'unread', 'unread', 'read'],
  );
  assert.ok(!asked.includes(`${FE1} patch-level.ps1`));
});

test('ports are asked of another server; of the server itself when two others do not answer', async () => {
  const from = async (otherwise?: Answering) => {
    const { calls, asked } = servers(otherwise);
    const { servers: seen } = await readCondition(calls, POOL, [FE1, FE2, FE3], [FE1]);
    const ports = seen[0]?.seen.kind === 'read' ? seen[0].seen.value.ports : assert.fail();
    return [ports.kind, ...new Set(asked.flatMap((each) => (each.includes('port.ps1') ? [each.split(' ')[0]] : [])))];
  };
  assert.deepEqual(await from(), ['read', FE2]);
  assert.deepEqual(await from((server, script) => (server === FE2 && script === 'port.ps1' ? LOST : undefined)), [
    'read',
    FE2,
    FE3,
  ]);
  const others: Answering = (server, script) => (server !== FE1 && script === 'port.ps1' ? LOST : undefined);
  assert.deepEqual(await from(others), ['read', FE2, FE3, FE1]);
  assert.deepEqual(await from((_server, script) => (script === 'port.ps1' ? LOST : undefined)), ['unread', FE2, FE3, FE1]);
});

test('what belongs to the pool is asked of the next server when one does not answer, and of nobody twice', async () => {
  const { calls, asked } = servers((server) => (server === FE1 ? NOT_REACHED : undefined));
  const { backup } = await readCondition(calls, POOL, [FE1, FE2, FE3], []);
  assert.deepEqual([backup.kind, asked], ['read', [`${FE1} copies.ps1`, `${FE2} copies.ps1`]]);
  const { calls: silent } = servers(() => NOT_REACHED);
  const none = await readCondition(silent, POOL, [], []);
  assert.deepEqual(none.replicas, { kind: 'unread', because: 'no Front End Server of the pool answers' });
});

test('an answer of another shape is not known', async () => {
  const odd: CallAnswer = { kind: 'value', value: 'Running', on: FE1, raw: '', warnings: [], verbose: [] };
  const { servers: seen, backup } = await readCondition(servers(() => odd).calls, POOL, [FE1], [FE1]);
  const found = seen[0]?.seen.kind === 'read' ? seen[0].seen.value : assert.fail();
  assert.ok([...Object.values(found), backup].every(({ kind }) => kind === 'unread'));
});

test('twelve servers are looked at four at a time, and told in topology order', async () => {
  const { servers: twelve } = aPool(12);
  const { calls, most } = servers();
  const { servers: seen } = await readCondition(calls, POOL, [], twelve);
  assert.deepEqual(
    seen.map(({ server }) => server),
    twelve,
  );
  // And one for what belongs to the pool.
  assert.ok(most() > 1 && most() <= 5, String(most()));
});
