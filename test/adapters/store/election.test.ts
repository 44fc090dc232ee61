import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { asAdministrator, newDatabase, postgresTest } from './databases.ts';

const LEADER = fileURLToPath(new URL('leader.ts', import.meta.url));
/** What an idle session may be silent for, and some for a busy machine. */
const FROZEN_LEADER_GONE_MS = 8_000;

interface Bot {
  readonly process: ChildProcess;
  /** Every line it has said, complete once `ended` is. */
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
  /** Resolves at the first line like that, or at the end when it never comes. */
  until(line: RegExp): Promise<void>;
}

/** Starts the leader; the test's end kills it, should it still run. */
function startBot(t: TestContext, url: string, doing: 'writes' | 'idle'): Bot {
  const child = spawn(process.execPath, [LEADER, url, doing], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  const until = async (wanted: RegExp): Promise<void> => {
    if (lines.some((line) => wanted.test(line))) return;
    const heard = new Promise<void>((resolve) => reader.on('line', (line) => wanted.test(line) && resolve()));
    await Promise.race([heard, ended]);
    assert.ok(
      lines.some((line) => wanted.test(line)),
      `it ended without saying ${wanted}: ${lines.join()}`,
    );
  };
  return { process: child, lines, ended, until };
}

/** What the record holds: which process wrote each event after the first. */
async function writersOf(url: string): Promise<readonly (number | undefined)[]> {
  const rows = await asAdministrator<{ body: string }>('select body from journal order by seq', url);
  return rows.slice(1).map(({ body }) => (JSON.parse(body) as { by?: number }).by);
}

/** Every event that was promised is there, and none of the first writer's comes after one of the second's. */
async function assertNothingLost(url: string, first: Bot, second: Bot): Promise<void> {
  const writers = await writersOf(url);
  for (const bot of [first, second]) {
    for (const seq of bot.lines.filter((line) => /^\d+$/.test(line))) {
      assert.equal(writers[Number(seq) - 1], bot.process.pid, `event ${seq}`);
    }
  }
  const takenOver = writers.indexOf(second.process.pid);
  assert.ok(takenOver > 0, 'both have written');
  assert.deepEqual(new Set(writers.slice(takenOver)), new Set([second.process.pid]), 'the first wrote after its time');
}

postgresTest('a second Lifeguard waits, and leads at once when the first is killed', async (t) => {
  const url = await newDatabase();
  const first = startBot(t, url, 'writes');
  await first.until(/^5$/);
  const second = startBot(t, url, 'writes');
  await second.until(/waiting/);
  await asAdministrator('select pg_sleep(1)');
  assert.deepEqual(second.lines, ['waiting']);
  const killedAt = performance.now();
  first.process.kill('SIGKILL');
  await second.until(/leads/);
  const took = performance.now() - killedAt;
  t.diagnostic(`took over from a killed one after ${took.toFixed()} ms`);
  assert.ok(took < 3_000, `${took} ms`);
  await second.until(/^\d+$/);
  await first.ended;
  await kill(second);
  await assertNothingLost(url, first, second);
});

for (const doing of ['writes', 'idle'] as const) {
  postgresTest(`a leader that is frozen (${doing}) leads no more, and thawed can write nothing and ends`, async (t) => {
    const url = await newDatabase();
    const first = startBot(t, url, doing);
    await first.until(doing === 'writes' ? /^20$/ : /leads/);
    const second = startBot(t, url, 'writes');
    await second.until(/waiting/);
    const frozenAt = performance.now();
    first.process.kill('SIGSTOP');
    await second.until(/leads/);
    const took = performance.now() - frozenAt;
    t.diagnostic(`took over from a frozen one (${doing}) after ${took.toFixed()} ms`);
    assert.ok(took < FROZEN_LEADER_GONE_MS, `${took} ms`);
    await second.until(/^\d+$/);
    first.process.kill('SIGCONT');
    await first.ended;
    // A write from before it was frozen may have its answer read only now, behind the loss.
    const ended = first.lines.filter((line) => !/^\d+$/.test(line));
    assert.deepEqual(ended.slice(-2), ['lost', 'refused']);
    assert.equal(first.process.exitCode, 0);
    await kill(second);
    if (doing === 'writes') await assertNothingLost(url, first, second);
    else assert.deepEqual(new Set(await writersOf(url)), new Set([second.process.pid]));
  });
}

postgresTest('a standby that is killed or frozen is passed over', async (t) => {
  const url = await newDatabase();
  const leader = startBot(t, url, 'idle');
  await leader.until(/leads/);
  const standbys: Bot[] = [];
  for (const _ of ['killed', 'frozen', 'next']) {
    const standby = startBot(t, url, 'idle');
    await standby.until(/waiting/);
    standbys.push(standby);
  }
  const [killed, frozen, next] = standbys;
  killed?.process.kill('SIGKILL');
  frozen?.process.kill('SIGSTOP');
  const killedAt = performance.now();
  leader.process.kill('SIGKILL');
  await next?.until(/leads/);
  const took = performance.now() - killedAt;
  assert.ok(took < FROZEN_LEADER_GONE_MS, `${took} ms`);
  assert.deepEqual([killed?.lines, frozen?.lines], [['waiting'], ['waiting']]);
});

async function kill(bot: Bot): Promise<void> {
  bot.process.kill('SIGKILL');
  await bot.ended;
}
