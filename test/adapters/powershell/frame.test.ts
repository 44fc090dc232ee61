import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unframe } from '../../../src/adapters/powershell/frame.ts';

const said = { values: [1], warnings: ['w'], verbose: ['v'], errors: [] };
const frame = (content: unknown) => `<<lifeguard ${Buffer.from(JSON.stringify(content)).toString('base64')}>>`;

test('warnings and verbose text come apart from the value', () => {
  assert.deepEqual(unframe(`noise\r\n${frame(said)}\r\n`), { kind: 'value', value: 1, warnings: ['w'], verbose: ['v'] });
});

test('null is a value, and no value is none', () => {
  assert.equal(unframe(frame({ ...said, values: [null] })).kind, 'value');
  for (const values of [[], [1, 2]]) assert.equal(unframe(frame({ ...said, values })).kind, 'fault');
});

test('an error that did not end the script makes its answer half of one', () => {
  const answer = unframe(frame({ ...said, errors: ['Access is denied'] }));
  assert.deepEqual(answer, { kind: 'fault', because: 'Access is denied', denied: false, warnings: ['w'], verbose: ['v'] });
});

for (const [category, errorId, denied] of [
  ['PermissionDenied', 'x', true],
  ['SecurityError', 'x', true],
  ['AuthenticationError', 'x', true],
  ['ObjectNotFound', 'CommandNotFoundException', true],
  ['ObjectNotFound', 'x', false],
  ['OperationTimeout', 'x', false],
  ['NotSpecified', 'x', false],
] as const) {
  test(`a fault of ${category} (${errorId}) ${denied ? 'changed nothing' : 'says nothing of what happened'}`, () => {
    const answer = unframe(frame({ ...said, values: [], fault: 'no', category, errorId }));
    assert.equal(answer.kind === 'fault' && answer.denied, denied);
  });
}

test('no frame, half of one, two, or one with something else in it is no answer', () => {
  const whole = frame(said);
  const outputs = [
    '',
    'Ready',
    whole.slice(0, -3),
    whole.slice(5),
    `${whole}\n${whole}`,
    `x${whole}`,
    `${whole}x`,
    '<<lifeguard !!!>>',
  ];
  for (const output of outputs) assert.equal(unframe(output).kind, 'none', output);
  for (const content of [null, {}, 'x', { ...said, more: 1 }, { values: 1 }]) assert.equal(unframe(frame(content)).kind, 'none');
  assert.equal(unframe('<<lifeguard AAAA>>').kind, 'none');
});

test('a server that was never reached is told apart from one that was lost in the middle of a call', () => {
  assert.deepEqual(unframe(frame({ unreached: 'no route to host' })), { kind: 'unreached', because: 'no route to host' });
  const lost = unframe(frame({ lost: 'broken pipe' }));
  assert.deepEqual(lost, { kind: 'none', because: 'the connection was lost: broken pipe' });
  assert.equal(unframe(frame({ unreached: 'x', lost: 'y' })).kind, 'none');
  assert.equal(unframe(frame({ ...said, unreached: 'x' })).kind, 'none');
});
