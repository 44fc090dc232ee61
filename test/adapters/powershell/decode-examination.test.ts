import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeExamination } from '../../../src/adapters/powershell/decode-examination.ts';
import { GOOD } from './examinations.ts';

test('an examination comes back as it was made', () => {
  assert.deepEqual(decodeExamination(JSON.parse(JSON.stringify(GOOD))), { kind: 'understood', value: GOOD });
});

test('a part that could not be read is null with its reason, and the others are there', () => {
  const because = 'Access is denied.';
  const value = { ...GOOD, certificates: null, rights: null, unread: { certificates: because, rights: because } };
  assert.deepEqual(decodeExamination(value), { kind: 'understood', value });
});

for (const [what, value] of [
  ['nothing', null],
  ['text', 'ok'],
  ['a part that is missing', { ...GOOD, disks: undefined }],
  ['a part that nobody asked for', { ...GOOD, secrets: [] }],
  ['a reason for a part that there is not', { ...GOOD, unread: { soul: 'lost' } }],
  ['a date as 5.1 writes it', { ...GOOD, began: '/Date(1700000000000)/' }],
  ['a list of one that became its element', { ...GOOD, disks: { root: 'C:\\', free: 1 } }],
  ['a flag of text', { ...GOOD, windows: 'True' }],
] as const) {
  test(`an examination of ${what} is not understood, and it is said where`, () => {
    const read = decodeExamination(value);
    assert.match(read.kind === 'garbage' ? read.because : read.kind, /^the examination is not understood: ./);
  });
}
