import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../../src/adapters/store/sqlite.ts';
import { operationsAsRuns } from './as-runs.ts';
import { delivery, event, POOL01 } from './samples.ts';

const APPENDER = fileURLToPath(new URL('appender.ts', import.meta.url));
/** Far beyond what any of these takes: a test that waits for it has failed. */
const TIME_LIMIT_MS = 60_000;
const LIMIT = { timeout: TIME_LIMIT_MS };

interface Writer {
  readonly process: ChildProcess;
  /** Every line it has said, complete once `ended` is. */
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
  /** Resolves at that line, or at the end when it never comes. */
  until(line: string): Promise<void>;
}

/** Starts the appender; the test's end kills it, should it still run. */
function startWriter(t: TestContext, file: string, appends: number, of: 'runs' | 'operations' = 'runs'): Writer {
  const child = spawn(process.execPath, [APPENDER, file, String(appends), of], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  const until = async (wanted: string): Promise<void> => {
    if (lines.includes(wanted)) return;
    const heard = new Promise<void>((resolve) => reader.on('line', (line) => line === wanted && resolve()));
    await Promise.race([heard, ended]);
  };
  return { process: child, lines, ended, until };
}

function newFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-kill-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return join(folder, 'lifeguard.db');
}

async function kill(writer: Writer): Promise<void> {
  assert.equal(writer.process.exitCode, null, 'the writer ended by itself');
  writer.process.kill('SIGKILL');
  await writer.ended;
}

for (const [of, after] of [
  ['runs', 1],
  ['runs', 7],
  ['runs', 40],
  ['operations', 7],
] as const) {
  test(
    `kill -9 after event ${after} of ${of}: what was promised is there, whole, and nothing is half there`,
    LIMIT,
    async (t) => {
      const file = newFile(t);
      const writer = startWriter(t, file, 100_000, of);
      await writer.until(String(after));
      await kill(writer);
      const promised = Number(writer.lines.at(-1));
      assert.ok(promised >= after, writer.lines.join());

      const record = await openStore(file);
      t.after(() => record.close());
      const store = of === 'operations' ? operationsAsRuns(record) : record;
      assert.deepEqual(await store.activeRuns(), [{ run: 1, pool: POOL01, ended: false }]);
      const [first, ...noted] = await store.read(1);
      assert.deepEqual(first, event('requested', 0));
      assert.ok(noted.length === promised || noted.length === promised + 1, `${promised} promised, ${noted.length} there`);
      for (const [index, kept] of noted.entries()) {
        const seq = index + 1;
        assert.deepEqual(kept, event('noted', seq, { text: `${seq} `.repeat(8_000), last: seq }));
      }
      const next = noted.length + 1;
      for (let seq = 0; seq < next; seq += 1) {
        assert.equal(await store.append(1, next, event('noted', 0), delivery(`D${seq}`)), 'heard-before', `delivery ${seq}`);
      }
      assert.equal(
        await store.append(1, next, event('noted', 0), delivery(`D${next}`)),
        'appended',
        'no delivery without its event',
      );
      const readings = await store.readings(POOL01);
      assert.ok(readings.length >= promised && readings.length <= next);
    },
  );
}

test('kill -9 while a record is being made leaves one that opens', LIMIT, async (t) => {
  const file = newFile(t);
  const writer = startWriter(t, file, 0);
  await writer.until('opening');
  await kill(writer);
  const store = await openStore(file);
  assert.ok((await store.activeRuns()).length <= 1);
  await store.close();
});

test('a second process is refused at once, and let in as soon as the first is killed', LIMIT, async (t) => {
  const file = newFile(t);
  const first = startWriter(t, file, 0);
  await first.until('open');
  const second = startWriter(t, file, 0);
  await second.ended;
  assert.deepEqual(second.lines, ['opening', `refused another Lifeguard has pool record ${file} open; only one may work on it`]);
  await assert.rejects(openStore(file), { name: 'RecordRefused' });

  await kill(first);
  const store = await openStore(file);
  t.after(() => store.close());
  const third = startWriter(t, file, 0);
  await third.ended;
  assert.match(third.lines.join(), /refused another Lifeguard/, 'this process holds it now');
});
