import { performance } from 'node:perf_hooks';
import type { TestContext } from 'node:test';

/** How long it takes from the beginning of an act until it is seen, in seconds; the report says it too. */
export async function timed(t: TestContext, what: string, act: Promise<unknown>, seen: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await Promise.all([act, seen]);
  const seconds = (performance.now() - began) / 1_000;
  t.diagnostic(`${what}: ${seconds.toFixed(1)} s`);
  return seconds;
}
