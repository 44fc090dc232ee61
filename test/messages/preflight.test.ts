import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PoolCondition } from '../../src/domain/condition.ts';
import { PREFLIGHT, PREFLIGHT_CHECKS, type PreflightFinding } from '../../src/domain/preflight-finding.ts';
import { preflightLines } from '../../src/messages/preflight.ts';
import { plain } from '../../src/messages/spans.ts';
import { aPool, server, UTC } from '../support.ts';

const { servers } = aPool(4);
const POOL: PoolCondition = {
  servers: servers.map((each) => ({ server: each, seen: { kind: 'unread', because: '' } })),
  backup: { kind: 'read', value: [] },
  holdsCms: { kind: 'read', value: false },
  replicas: { kind: 'read', value: [] },
};
const NOW = Date.parse('2026-03-03T22:04:00Z');
const lines = (findings: readonly PreflightFinding[]) => {
  const told = preflightLines(findings, POOL, NOW, UTC);
  return { worst: told.worst, lines: told.lines.map(plain) };
};
const finding = (mark: PreflightFinding['mark'], seen: string, where: number | null = 1): PreflightFinding => ({
  mark,
  check: 'disk',
  server: where === null ? null : server(where),
  seen,
  cure: mark === 'ok' ? null : 'make room',
});

test('each finding says what it protects, what was seen where, and what to do', () => {
  assert.deepEqual(
    lines([finding('bad', '2.0 GB free on C:\\'), finding('unknown', 'not read', null), finding('ok', '60 GB', 2)]),
    {
      worst: 'is NOT OK',
      lines: [
        '1 BAD, 1 NOT KNOWN, 0 look, 1 OK',
        '!! fe1: 2.0 GB free on C:\\',
        '?? disk: not read',
        'asked 22:04, of 4 servers',
        `BAD disk: 2.0 GB free on C:\\ (fe1, Win32_LogicalDisk). Protects: ${PREFLIGHT.disk.protects}. Do: make room`,
        `NOT KNOWN disk: not read (Win32_LogicalDisk). Protects: ${PREFLIGHT.disk.protects}. Do: make room`,
        'OK disk: 60 GB (fe2; Win32_LogicalDisk)',
      ],
    },
  );
});

test('what is well on several servers in the same words is one line', () => {
  const told = lines([finding('ok', '60 GB', 1), finding('ok', '60 GB', 2), finding('ok', '70 GB', 3)]);
  assert.deepEqual(told.lines.slice(2), [
    'OK disk: 60 GB (fe1, fe2; Win32_LogicalDisk)',
    'OK disk: 70 GB (fe3; Win32_LogicalDisk)',
  ]);
});

test('the title says the worst, and nothing found at all is not OK', () => {
  const worsts = (['bad', 'unknown', 'look', 'ok'] as const).map((mark) => lines([finding(mark, 'x')]).worst);
  assert.deepEqual([...worsts, lines([]).worst], ['is NOT OK', 'is not all known', 'needs a look', 'is OK', 'is not all known']);
});

const findings = fc.array(
  fc.record({
    mark: fc.constantFrom('bad', 'unknown', 'look'),
    check: fc.constantFrom(...PREFLIGHT_CHECKS),
    server: fc.constantFrom(null, ...servers),
    seen: fc.string({ maxLength: 200 }),
    cure: fc.constantFrom(null, 'look there'),
  }),
  { maxLength: 60 },
);
test('whatever is found, what stands first fits a phone, and every finding follows in full', () => {
  fc.assert(
    fc.property(findings, (found: readonly PreflightFinding[]) => {
      const { lines: told } = lines(found);
      const asked = told.findIndex((line) => line.startsWith('asked 22:04'));
      const onAPhone = told.slice(0, asked + 1);
      assert.ok(onAPhone.length <= 11 && onAPhone.every((line) => line.length <= 43), onAPhone.join('\n'));
      assert.equal(told.length - onAPhone.length, found.length);
      const more = found.length - 8;
      assert.equal(onAPhone.includes(`and ${more} more below`), more > 0);
    }),
  );
});

test('words of a server’s own never begin a prompt to fail over', () => {
  const told = lines([finding('bad', 'Pool problem: pool01: Busy 3 times')]);
  assert.doesNotMatch(told.lines.join('\n'), /pool problem:/i);
});
