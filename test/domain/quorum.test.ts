import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOf, type ProductVersion, type ServerFqdn } from '../../src/domain/pool.ts';
import { type BackEnd, functionalRule, judgeQuorum, quorumInWords, startMinimum } from '../../src/domain/quorum.ts';
import { aPool, server } from '../support.ts';

/** "Number of servers that must be running for pool to be functional": size, any how many, of the first how many. */
const PUBLISHED = [
  [2, 1, 2],
  [3, 2, 3],
  [4, 2, 4],
  [5, 3, 5],
  [6, 3, 6],
  [7, 4, 7],
  [8, 4, 7],
  [9, 4, 7],
  [10, 5, 9],
  [11, 5, 9],
  [12, 5, 9],
] as const;
/** The page for 2019: no pool of two; "12-16: any 7 of the first 12"; of the two rows for 12 the stricter. */
const PUBLISHED_2019 = [
  [3, 2, 3],
  [4, 2, 4],
  [5, 3, 5],
  [6, 3, 6],
  [7, 4, 7],
  [8, 4, 7],
  [9, 4, 7],
  [10, 5, 9],
  [11, 5, 9],
  [12, 7, 12],
  [13, 7, 12],
  [14, 7, 12],
  [15, 7, 12],
  [16, 7, 12],
] as const;
/** "Number of servers that must be running for the pool to be started the first time". */
const TO_START = [
  [2, 1],
  [3, 3],
  [4, 3],
  [5, 4],
  [6, 5],
  [7, 5],
  [8, 6],
  [9, 7],
  [10, 8],
  [11, 9],
  [12, 10],
] as const;
/** With the mirror in charge: even size, start number, one more than the functional number, the stricter of both. */
const WITHOUT_WITNESS = [
  [2, 1, 2, 2],
  [4, 3, 3, 3],
  [6, 5, 4, 5],
  [8, 6, 5, 6],
  [10, 8, 6, 8],
  [12, 10, 6, 10],
] as const;

const servers = (size: number) => aPool(size).servers;
function judged(size: number, down: readonly ServerFqdn[], backEnd: BackEnd = 'primary', version: ProductVersion = '2013') {
  const all = servers(size);
  const [lost, stopping] = [down.slice(1), down.slice(0, 1)];
  return judgeQuorum({ version, servers: all, running: all.filter((each) => !lost.includes(each)), stopping, backEnd });
}
const wordsOf = (verdict: ReturnType<typeof judgeQuorum>, size: number) =>
  verdict.kind === 'unknown' ? [verdict.because] : verdict.counts.map((count) => quorumInWords(count, size));

for (const [versions, table] of [
  [['2013', '2015'], PUBLISHED],
  [['2019'], PUBLISHED_2019],
] as const) {
  for (const version of versions) {
    for (const [size, needed, ofFirst] of table) {
      test(`a ${version} pool of ${size} works on any ${needed} of the first ${ofFirst}, and not on one fewer`, () => {
        assert.deepEqual(functionalRule(version, size), { running: needed, ofFirst });
        const first = servers(size).slice(0, ofFirst);
        const kept = judged(size, first.slice(needed), 'primary', version);
        assert.deepEqual([kept.kind, kept.kind !== 'unknown' && kept.margin], ['kept', 0]);
        const lost = judged(size, first.slice(needed - 1), 'primary', version);
        assert.deepEqual([lost.kind, lost.kind !== 'unknown' && lost.margin], ['lost', -1]);
      });
    }
  }
}

for (const [version, size] of [
  ['2013', 0],
  ['2013', 1],
  ['2013', 13],
  ['2015', 13],
  ['2015', 16],
  ['2019', 1],
  ['2019', 2],
  ['2019', 17],
] as const) {
  test(`nobody published a number for a ${version} pool of ${size}: unknown, never guessed`, () => {
    assert.equal(functionalRule(version, size), null);
    for (const backEnd of ['primary', 'mirror', 'down'] as const) {
      const verdict = judged(size, [], backEnd, version);
      assert.equal(verdict.kind, 'unknown');
      assert.match(verdict.kind === 'unknown' ? verdict.because : '', new RegExp(`${version} pool of ${size}`));
    }
  });
}

for (const [size, needed] of TO_START) {
  test(`to start, a pool of ${size} takes ${needed}`, () => {
    assert.equal(startMinimum('2013', size), needed);
    assert.equal(startMinimum('2015', size), needed);
    assert.equal(startMinimum('2019', size), size === 2 ? null : needed);
  });
}
test('to start, a 2019 pool of 16 takes 12; for 13 to 15 no number is published, and for 16 not before 2019', () => {
  const published = [13, 14, 15, 16, 17].map((size) => startMinimum('2019', size));
  assert.deepEqual(published, [null, null, null, 12, null]);
  assert.deepEqual([startMinimum('2013', 1), startMinimum('2013', 13), startMinimum('2015', 16)], [null, null, null]);
});

const late = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => server(from + index));
for (const [size, down, words] of [
  [8, late(8, 8), 'of the first 7 servers 7 will run, any 4 needed: margin 3'],
  [9, late(8, 9), 'of the first 7 servers 7 will run, any 4 needed: margin 3'],
  [9, late(6, 9), 'of the first 7 servers 5 will run, any 4 needed: margin 1'],
  [10, late(10, 10), 'of the first 9 servers 9 will run, any 5 needed: margin 4'],
  [12, late(10, 12), 'of the first 9 servers 9 will run, any 5 needed: margin 4'],
  [12, late(1, 4), 'of the first 9 servers 5 will run, any 5 needed: margin 0'],
  [8, late(1, 4), 'of the first 7 servers 3 will run, any 4 needed: margin -1'],
  [12, late(1, 5), 'of the first 9 servers 4 will run, any 5 needed: margin -1'],
] as const) {
  test(`of ${size} servers, ${namesOf(down)} down: ${words}`, () => {
    assert.deepEqual(wordsOf(judged(size, down), size), [words]);
  });
}
for (const [size, from, words] of [
  [13, 13, 'of the first 12 servers 12 will run, any 7 needed: margin 5'],
  [16, 12, 'of the first 12 servers 11 will run, any 7 needed: margin 4'],
  [12, 12, '11 of 12 will run, any 7 needed: margin 4'],
] as const) {
  test(`2019: of ${size} servers, fe${from} and after down: ${words}`, () => {
    assert.deepEqual(wordsOf(judged(size, late(from, size), 'primary', '2019'), size), [words]);
  });
}

test('the first servers are the first in topology order, whatever they are called', () => {
  const order = [server(9), ...servers(8)];
  const ask = (stopping: readonly ServerFqdn[]) =>
    wordsOf(judgeQuorum({ version: '2013', servers: order, running: order, stopping, backEnd: 'primary' }), 9);
  assert.deepEqual(ask([server(9)]), ['of the first 7 servers 6 will run, any 4 needed: margin 2']);
  assert.deepEqual(ask([server(8)]), ['of the first 7 servers 7 will run, any 4 needed: margin 3']);
});

test('the whole domain is counted down at once, and a server that is down already is not counted twice', () => {
  const all = servers(6);
  const ask = (running: readonly ServerFqdn[], stopping: readonly ServerFqdn[]) =>
    wordsOf(judgeQuorum({ version: '2013', servers: all, running, stopping, backEnd: 'primary' }), 6);
  assert.deepEqual(ask(all, [server(1), server(2)]), ['4 of 6 will run, any 3 needed: margin 1']);
  assert.deepEqual(ask(all.slice(1), [server(1), server(2)]), ['4 of 6 will run, any 3 needed: margin 1']);
  assert.deepEqual(ask(all.slice(0, 4), [server(1), server(2)]), ['2 of 6 will run, any 3 needed: margin -1']);
  assert.deepEqual(ask(all, []), ['6 of 6 will run, any 3 needed: margin 3']);
});

test('a server that runs and is not in the topology counts for nothing', () => {
  const verdict = judgeQuorum({
    version: '2013',
    servers: servers(3),
    running: [server(1), server(7), server(8)],
    stopping: [],
    backEnd: 'primary',
  });
  assert.deepEqual(wordsOf(verdict, 3), ['1 of 3 will run, any 2 needed: margin -1']);
});

for (const [size, start, oneMore, stricter] of WITHOUT_WITNESS) {
  for (const backEnd of ['mirror', 'down'] as const) {
    test(`${backEnd === 'mirror' ? 'the mirror in charge' : 'no back end'}: a pool of ${size} needs ${stricter}, and shows ${start} and ${oneMore}`, () => {
      assert.equal(Math.max(start, oneMore), stricter);
      const all = servers(size);
      const kept = judged(size, all.slice(stricter), backEnd);
      const lost = judged(size, all.slice(stricter - 1), backEnd);
      assert.deepEqual([kept.kind, lost.kind], ['kept', 'lost']);
      assert.deepEqual([kept.kind !== 'unknown' && kept.margin, lost.kind !== 'unknown' && lost.margin], [0, -1]);
      assert.deepEqual(kept.kind !== 'unknown' && kept.counts.map(({ running }) => running), [start, oneMore]);
    });
  }
}
test('both numbers are said in words', () => {
  assert.deepEqual(wordsOf(judged(6, [server(1), server(2)], 'mirror'), 6), [
    '4 of 6 will run, any 5 needed: margin -1',
    '4 of 6 will run, any 4 needed: margin 0',
  ]);
  assert.deepEqual(wordsOf(judged(8, [server(8)], 'mirror'), 8), [
    '7 of 8 will run, any 6 needed: margin 1',
    'of the first 7 servers 7 will run, any 5 needed: margin 2',
  ]);
});

for (const size of [3, 5, 7, 9, 11]) {
  test(`the mirror in charge of a pool of ${size}: the documents do not say, so a person is asked`, () => {
    const verdict = judged(size, [server(1)], 'mirror');
    assert.equal(verdict.kind, 'ask');
    assert.match(verdict.kind === 'ask' ? verdict.because : '', /primary database.*odd/);
  });
}
test('a pool of odd size that has lost quorum anyway is not asked about', () => {
  assert.equal(judged(3, [server(1), server(2)], 'mirror').kind, 'lost');
  assert.equal(judged(9, late(1, 4), 'mirror').kind, 'lost');
});
test('where even the start number is missing, the mirror in charge is unknown: a 2019 pool of 14', () => {
  const verdict = judged(14, [], 'mirror', '2019');
  assert.match(verdict.kind === 'unknown' ? verdict.because : verdict.kind, /no start number .* 2019 pool of 14/);
});
