import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOperationRun } from '../../../src/adapters/powershell/decode-operation.ts';

const FAILED = Buffer.from('Der Pool ist nächster Hop', 'utf8').toString('base64');
const begun = 'starting 1 failover op-7-1';
const ended = (failed: string | null) => ({ kind: 'ended', token: 'op-7-1', failed });
const GONE = 'the process of Invoke-CsPoolFailOver is gone without a word';

/** What the state file says, whether the process lives, for how many seconds it has been begun, and what that means. */
const RUNS: readonly (readonly [lines: readonly string[], alive: boolean, age: number, expected: unknown])[] = [
  [[], false, 0, { kind: 'none' }],
  [[''], false, 0, { kind: 'none' }],
  [[begun], false, 60, { kind: 'running', token: 'op-7-1' }],
  [[begun], false, 61, ended('Invoke-CsPoolFailOver never began')],
  [['starting 1 start op-7-1'], false, 61, ended('Start-CsPool never began')],
  [[begun, 'started 7 1'], true, 7_200, { kind: 'running', token: 'op-7-1' }],
  [[begun, 'started 7 1'], false, 5, ended(GONE)],
  [
    ['starting 1 reset op-7-1', 'started 7 1'],
    false,
    5,
    ended('the process of Reset-CsPoolRegistrarState -ResetType ServiceReset is gone without a word'),
  ],
  [[begun, 'started 7 1', 'ended 0'], false, 5, ended(null)],
  [[begun, 'started 7 1', `failed ${FAILED}`], false, 5, ended('Der Pool ist nächster Hop')],
];
for (const [lines, alive, ageSeconds, expected] of RUNS)
  test(`an operation of ${JSON.stringify(lines.at(-1))}, ${alive ? 'alive' : 'gone'}, ${ageSeconds} s old is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(decodeOperationRun({ lines, alive, ageSeconds }), { kind: 'understood', value: expected });
  });

test('a state file that does not say which operation, or under which token, is not understood', () => {
  for (const lines of [
    ['started 7 1'],
    ['starting 1'],
    ['starting 1 failover'],
    ['starting 1 fail-over op-7-1'],
    ['ended 1 failover op-7-1'],
    [begun, 'what'],
  ])
    assert.equal(decodeOperationRun({ lines, alive: true, ageSeconds: 0 }).kind, 'garbage', lines.join('; '));
  for (const value of [null, {}, { lines: [], alive: false }]) assert.equal(decodeOperationRun(value).kind, 'garbage');
});
