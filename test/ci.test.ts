import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod/v4';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
const { jobs } = z
  .object({
    jobs: z.record(
      z.string(),
      z.object({
        'runs-on': z.string(),
        env: z.record(z.string(), z.string()),
        steps: z.array(z.object({ run: z.string().optional() })),
      }),
    ),
  })
  .parse(parse(read('.github/workflows/test.yml')));

const runsOf = (job: string): readonly string[] => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

test('the workflow runs everything on Linux with PowerShell 7 and a PostgreSQL, and on Windows with 5.1', () => {
  assert.deepEqual([jobs['linux']?.['runs-on'], jobs['windows']?.['runs-on']], ['ubuntu-latest', 'windows-latest']);
  assert.equal(jobs['linux']?.env['LIFEGUARD_TEST_POWERSHELL'], 'pwsh');
  assert.match(jobs['linux']?.env['LIFEGUARD_TEST_DATABASE_URL'] ?? '', /^postgres:/);
  assert.equal(jobs['windows']?.env['LIFEGUARD_TEST_POWERSHELL'], 'powershell.exe');
  for (const command of ['npm cit', 'npm run test:ssh', 'npm run harness', 'npm run e2e'])
    assert.ok(runsOf('linux').includes(command));
  assert.ok(runsOf('windows').includes('npm cit'));
  for (const { env } of Object.values(jobs)) assert.equal(env['LIFEGUARD_REQUIRE_POWERSHELL'], '1', 'a skip has to fail there');
});

test('every npm script that the workflow and .ci/run name is there', () => {
  const named = [...[...runsOf('linux'), ...runsOf('windows'), read('.ci/run')].join('\n').matchAll(/npm run (?:-s )?([\w:]+)/g)];
  assert.ok(named.length > 0);
  for (const [, name] of named) assert.ok(name !== undefined && name in scripts, name);
});
