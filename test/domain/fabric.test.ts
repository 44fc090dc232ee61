import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewerOutside, fewerThanTwoOutside, missingReplicas, movesBetween, notFullyServed } from '../../src/domain/fabric.ts';
import { fabric, named } from '../support.ts';

const names = (written: string) => (written === '' ? [] : written.split(',').map(named));
const ids = (groups: readonly { readonly id: string }[]) => groups.map(({ id }) => id).join();

for (const [told, group, size, bad] of [
  ['a primary and two secondaries', 'rg fe1 fe2,fe3', 6, ''],
  ['a primary and one secondary', 'rg fe1 fe2', 6, ''],
  ['a primary alone', 'rg fe1 -', 3, 'rg'],
  ['a primary alone in a pool of two, which keeps no replicas', 'rg fe1 -', 2, ''],
  ['no primary in a pool of two', 'rg - fe2', 2, 'rg'],
  ['secondaries without a primary', 'rg - fe2,fe3', 6, 'rg'],
  ['nobody', 'rg - -', 6, 'rg'],
] as const) {
  test(`${told}: ${bad === '' ? 'its users have service' : 'its users may be without service'}`, () => {
    assert.equal(ids(notFullyServed(fabric('ok fe1 fe2,fe3', group), size)), bad);
  });
}
test('a fabric without any routing group has none that is not served', () => assert.deepEqual(notFullyServed(fabric(), 6), []));

for (const [told, group, size, missing] of [
  ['three of three', 'rg fe1 fe2,fe3', 6, ''],
  ['two of three', 'rg fe1 fe2', 6, 'rg'],
  ['two of three in the smallest pool', 'rg fe1 fe2', 3, 'rg'],
  ['one in a pool of two, which loads its users from the back end', 'rg fe1 -', 2, ''],
  ['none in a pool of two', 'rg - -', 2, 'rg'],
  ['two secondaries, no primary', 'rg - fe2,fe3', 6, 'rg'],
  ['none', 'rg - -', 6, 'rg'],
] as const) {
  test(`${told}: replicas are ${missing === '' ? 'complete' : 'missing'}`, () => {
    assert.equal(ids(missingReplicas(fabric('ok fe1 fe2,fe3', group), size)), missing);
  });
}

for (const [told, group, down, few] of [
  ['three replicas elsewhere', 'rg fe4 fe5,fe6', 'fe1,fe2', ''],
  ['two replicas elsewhere, the primary goes', 'rg fe1 fe4,fe5', 'fe1,fe2', ''],
  ['two replicas elsewhere, a secondary goes', 'rg fe4 fe2,fe5', 'fe1,fe2', ''],
  ['one replica elsewhere', 'rg fe1 fe2,fe4', 'fe1,fe2', 'rg'],
  ['no replica elsewhere', 'rg fe1 fe2', 'fe1,fe2', 'rg'],
  ['two replicas in all, both elsewhere', 'rg fe4 fe5', 'fe1,fe2', ''],
  ['two replicas in all, one of them elsewhere', 'rg fe1 fe4', 'fe1,fe2', 'rg'],
  ['no primary, two secondaries elsewhere', 'rg - fe4,fe5', 'fe1,fe2', ''],
  ['one replica in all, elsewhere', 'rg fe4 -', 'fe1,fe2', 'rg'],
] as const) {
  test(`${told}: ${few === '' ? 'two stay up' : 'fewer than two stay up'}`, () => {
    assert.equal(ids(fewerThanTwoOutside(fabric('ok fe4 fe5,fe6', group), names(down))), few);
  });
}

for (const [told, before, after, lost] of [
  ['nothing changed', 'rg fe1 fe3,fe5', 'rg fe1 fe3,fe5', ''],
  ['the replica on the stopped server is gone', 'rg fe1 fe3,fe5', 'rg fe3 fe5', ''],
  ['primary and secondary changed places', 'rg fe1 fe3,fe5', 'rg fe5 fe3,fe1', ''],
  ['a replica more was built elsewhere', 'rg fe1 fe3,fe5', 'rg fe3 fe5,fe6', ''],
  ['a secondary elsewhere is gone', 'rg fe1 fe3,fe5', 'rg fe3 -', 'rg'],
  ['the primary elsewhere is gone', 'rg fe3 fe1,fe5', 'rg fe5 fe1', 'rg'],
  ['a replica elsewhere was rebuilt on another server', 'rg fe1 fe3,fe5', 'rg fe3 fe6', ''],
  ['the routing group is not listed any more', 'rg fe1 fe3,fe5', 'other fe3 fe4,fe5', 'rg'],
  ['a group that had nothing elsewhere is not listed any more', 'rg fe1 fe2', 'other fe3 fe4,fe5', 'rg'],
] as const) {
  test(`since the first stop of fe1 and fe2, ${told}: ${lost === '' ? 'nothing is lost elsewhere' : 'a replica is lost elsewhere'}`, () => {
    assert.equal(ids(fewerOutside(fabric(before), fabric(after), names('fe1,fe2'))), lost);
  });
}

for (const [told, before, after, moved] of [
  ['nothing', ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], ''],
  ['the order in which groups are listed', ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], ['b fe2 fe3,fe1', 'a fe1 fe2,fe3'], ''],
  ['the order of the secondaries', ['a fe1 fe2,fe3'], ['a fe1 fe3,fe2'], ''],
  ['a primary', ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], ['a fe2 fe1,fe3', 'b fe2 fe3,fe1'], 'a'],
  ['a secondary', ['a fe1 fe2,fe3'], ['a fe1 fe2,fe4'], 'a'],
  ['a secondary that is lost', ['a fe1 fe2,fe3'], ['a fe1 fe2'], 'a'],
  ['a secondary more', ['a fe1 fe2'], ['a fe1 fe2,fe3'], 'a'],
  ['a primary that is lost', ['a fe1 fe2,fe3'], ['a - fe2,fe3'], 'a'],
  ['a group that is no longer listed', ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], ['a fe1 fe2,fe3'], 'b'],
  ['a group that is new', ['a fe1 fe2,fe3'], ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], 'b'],
  ['two groups', ['a fe1 fe2,fe3', 'b fe2 fe3,fe1'], ['a fe2 fe1,fe3', 'b fe3 fe2,fe1'], 'a,b'],
  ['a secondary that became the lost primary', ['a fe1 fe2'], ['a - fe1,fe2'], 'a'],
] as const) {
  test(`between two looks, ${told}: ${moved === '' ? 'nothing moved' : `${moved} moved`}`, () => {
    assert.equal(ids(movesBetween(fabric(...before), fabric(...after))), moved);
  });
}
test('a move shows where the group was and where it is', () => {
  const [before, after] = [fabric('a fe1 fe2,fe3', 'gone fe1 fe2'), fabric('a fe2 fe1,fe3', 'new fe4 fe5')];
  assert.deepEqual(
    movesBetween(before, after).map((move) => [move.id, move.before?.primary ?? null, move.after?.primary ?? null]),
    [
      ['a', named('fe1'), named('fe2')],
      ['gone', named('fe1'), null],
      ['new', null, named('fe4')],
    ],
  );
});
