import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROBED, READINGS } from '../../../src/adapters/powershell/catalogue.ts';
import { decodeReading, type Fixture, readFixture } from '../../../src/adapters/powershell/probe.ts';

const FOLDER = new URL('../../fixtures/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const fixtures = new Map(files.map((name) => [name, readFixture(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))]));

for (const [name, fixture] of fixtures) {
  const { version, source, parts } = fixture;
  const readings = parts.flatMap(({ part, readings: ours }) => ours.map((reading) => ({ part, reading })));
  for (const { part, reading } of readings) {
    test(`${name} (${source}, ${version}): ${part} by ${reading.script} is understood, or it is said what is not`, () => {
      const read = decodeReading(reading, fixture);
      if (read.kind !== 'understood') assert.match(read.because, /\S/);
      for (const unknown of read.kind === 'understood' ? (read.notUnderstood ?? []) : []) assert.match(unknown, /\S=/);
      // The stand-in is ours: whatever it prints has to be understood, all of it.
      if (source === 'stand-in') assert.deepEqual([read.kind, 'notUnderstood' in read], ['understood', false]);
    });
  }
}

test('there is a fixture of every version, each with all that a probe records', () => {
  const all = [...fixtures.values()];
  assert.deepEqual([...new Set(all.map(({ version }) => version))].toSorted(), ['2013', '2015', '2019']);
  for (const { parts } of all)
    assert.deepEqual(
      parts.map(({ part }) => part),
      [...PROBED],
    );
});

test('every decoder of what a pool says is run on the fixtures', () => {
  const run = new Set(
    [...fixtures.values()].flatMap(({ parts }) => parts.flatMap(({ readings }) => readings.map(({ script }) => script))),
  );
  const { readiness, fabric, backupPool, backEnd, server, services, patchLevel, computers } = READINGS;
  const wanted = [readiness, fabric, backupPool, backEnd, server, services, patchLevel, computers].map(({ script }) => script);
  assert.deepEqual([...run].toSorted(), wanted.toSorted());
});

const [sample] = fixtures.values();
const reading = (script: string): Fixture['parts'][number]['readings'][number] => ({
  script,
  answer: { kind: 'value', value: {}, warnings: [], verbose: [] },
});

test('what no decoder reads, and a fixture of another shape, are no fixtures of ours', () => {
  assert.ok(sample !== undefined);
  assert.throws(() => decodeReading(reading('viewers.ps1'), sample), /no decoder reads/);
  for (const wrong of [{}, { ...sample, format: 2 }, { ...sample, pool: 'pool01' }, { ...sample, more: 1 }])
    assert.throws(() => readFixture(wrong));
});

test('a reading that no answer came to is silent, in the words it was recorded with', () => {
  assert.ok(sample !== undefined);
  const because = 'no answer within 900 s';
  const read = decodeReading({ script: 'readiness.ps1', answer: { kind: 'no-answer', because } }, sample);
  assert.deepEqual(read, { kind: 'silent', because });
});
