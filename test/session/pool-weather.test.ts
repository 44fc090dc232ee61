import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/session/file.ts';
import { SessionFault } from '../../src/session/line-words.ts';
import { World } from '../../src/session/world.ts';
import { must } from '../support.ts';

const READ: readonly (readonly [line: string, read: object])[] = [
  ['! lose-quorum 2', { kind: 'lose-quorum', count: 2 }],
  ['! whole-pool down', { kind: 'whole-pool-down', pool: null }],
  ['! whole-pool down pool02', { kind: 'whole-pool-down', pool: 'pool02' }],
  ['! publish-topology', { kind: 'publish-topology', pool: null }],
  ['! publish-topology pool02', { kind: 'publish-topology', pool: 'pool02' }],
  ['! holds-cms', { kind: 'holds-cms', elsewhere: false }],
  ['! holds-cms elsewhere', { kind: 'holds-cms', elsewhere: true }],
  ['! edge-next-hop', { kind: 'edge-next-hop', elsewhere: false }],
  ['! edge-next-hop elsewhere', { kind: 'edge-next-hop', elsewhere: true }],
  ['! operation fails', { kind: 'operation', becomes: 'fails' }],
  ['! operation hangs', { kind: 'operation', becomes: 'hangs' }],
  ['! kill after Start-CsPool fe1', { kind: 'kill', after: { effect: 'Start-CsPool', server: 'fe1' } }],
  [
    '! kill after Reset-CsPoolRegistrarState fe1',
    { kind: 'kill', after: { effect: 'Reset-CsPoolRegistrarState', server: 'fe1' } },
  ],
];
for (const [line, read] of READ)
  test(`read: ${line}`, () => {
    const { number: _number, text: _text, ...rest } = parseLine(line, 1);
    assert.deepEqual(rest, read);
  });

const REFUSED: readonly (readonly [line: string, column: number, because: RegExp])[] = [
  ['! lose-quorum', 14, /how many routing groups is missing/],
  ['! lose-quorum 0', 15, /a number from 1 up/],
  ['! whole-pool', 13, /what becomes of it is missing/],
  ['! whole-pool up', 14, /what becomes of it is one of down/],
  ['! publish-topology pool01 now', 27, /too much here/],
  ['! holds-cms pool02', 13, /where it is is one of elsewhere/],
  ['! edge-next-hop elsewhere now', 27, /too much here/],
  ['! operation', 12, /what becomes of the next one is missing/],
  ['! operation stops', 13, /is one of fails, hangs/],
];
const at = (line: number, column: number, because: RegExp) => (error: unknown) =>
  error instanceof SessionFault && error.line === line && error.column === column && because.test(error.message);
for (const [line, column, because] of REFUSED)
  test(`refused: ${line}`, () => assert.throws(() => parseLine(line, 7), at(7, column, because)));

function world(...lines: readonly string[]): World {
  const made = new World([], { effect: () => {}, state: () => {} });
  for (const line of lines) made.happen(parseLine(line, 1));
  return made;
}
const POOL = '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 paired pool02';
const PAIR = '! pool pool02 version 2015 servers 3 domains fe4|fe5|fe6 paired pool01';

test('what cannot befall a pool is refused where it stands', () => {
  assert.throws(() => world(POOL, '! lose-quorum 7'), at(1, 1, /the pool has 6 routing groups/));
  assert.throws(
    () => world('! pool two version 2015 servers 2 domains fe1|fe2', '! lose-quorum 1'),
    at(1, 1, /no routing group with three replicas/),
  );
  assert.throws(() => world(POOL, '! whole-pool down pool09'), at(1, 19, /there is no pool pool09/));
  assert.throws(() => world(POOL, '! publish-topology pool09'), at(1, 20, /there is no pool pool09/));
  assert.throws(() => world('! holds-cms'), at(1, 1, /there is no pool yet/));
});

test('each line befalls the pool that it names, and the first one when it names none', () => {
  const down = (playing: World): readonly boolean[] =>
    playing.pools.map((pool) => pool.computers().every((server) => pool.rtcsrv(server) === 'Stopped' && pool.answers(server)));
  assert.deepEqual(down(world(POOL, PAIR, '! whole-pool down')), [true, false]);
  assert.deepEqual(down(world(POOL, PAIR, '! whole-pool down pool02')), [false, true]);
  const lost = must(world(POOL, '! lose-quorum 2').pools[0]).fabric().groups;
  assert.equal(lost.filter(({ primary }) => primary === null).length, 2);
  for (const [lines, holds, hop] of [
    [['! holds-cms', '! edge-next-hop'], true, true],
    [['! holds-cms', '! holds-cms elsewhere', '! edge-next-hop', '! edge-next-hop elsewhere'], false, false],
  ] as const) {
    const pool = must(world(POOL, ...lines).pools[0]);
    assert.deepEqual([pool.conditions.holdsCms, pool.operations.edgeNextHop], [holds, hop]);
  }
  assert.equal(must(world(POOL, '! operation hangs').pools[0]).operations.next, 'hangs');
});
