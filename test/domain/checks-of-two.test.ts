import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../src/domain/checks.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { aPool, domainOf, fabric, healthy, named, without } from '../support.ts';
import { against, question } from './check-question.ts';

const two = aPool(2);
const fe2 = named('fe2');
/** Two servers keep a primary and no secondary of each routing group. */
const PRIMARIES = fabric('rg-1 fe1 -', 'rg-2 fe2 -');
const asked = (changes: Partial<PoolSighting> = {}) =>
  question({ topology: two, upgradeDomain: domainOf(two), seen: healthy(two, { fabric: PRIMARIES, ...changes }) });

test('nothing stands against one of two healthy servers, although nobody keeps a secondary', () =>
  assert.deepEqual(against(asked()), []));

test('the checks of replicas say that there are none to ask for', () => {
  const said = runChecks(asked()).filter(({ check }) => check.startsWith('replicas'));
  assert.deepEqual(
    said.map(({ seen }) => seen),
    [
      'all 2 routing groups have a primary; two servers keep no replicas of each other',
      'two servers keep none for each other: fe2 loads the users from the back end',
    ],
  );
});

for (const [what, changes, expected] of [
  [
    'a routing group without a primary',
    { fabric: fabric('rg-1 fe1 -', 'rg-2 - fe1') },
    ['replicas-complete: 1 of 2 routing groups have no primary'],
  ],
  ['a fabric that cannot be read', { fabric: null }, ['replicas-complete: the fabric state could not be read']],
  [
    'the other server down',
    { services: without(two, fe2) },
    ['servers-running: not running: fe2', 'quorum-kept: 0 of 2 will run, any 1 needed: margin -1'],
  ],
  [
    'the mirror in charge',
    { backEnd: 'mirror' },
    ['quorum-kept: 1 of 2 will run, any 1 needed: margin 0; 1 of 2 will run, any 2 needed: margin -1'],
  ],
  [
    'the back end down',
    { backEnd: 'down' },
    [
      'quorum-kept: quorum cannot be judged: the back end could not be reached',
      'back-end-reachable: the back end could not be reached',
    ],
  ],
  [
    'a back end that does not answer',
    { backEnd: null },
    [
      'quorum-kept: quorum cannot be judged: the back end could not be reached',
      'back-end-reachable: the back end could not be reached',
    ],
  ],
] as const satisfies readonly (readonly [string, Partial<PoolSighting>, readonly string[]])[])
  test(`${what} keeps both servers of two up`, () => assert.deepEqual(against(asked(changes)), expected));
