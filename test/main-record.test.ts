import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { asAdministrator, nameIn, newDatabase, postgresTest } from './adapters/store/databases.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-main-record-'));
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
const timeout = 60_000;

const POOLS = join(folder, 'pools.yaml');
writeFileSync(
  POOLS,
  `people: { dana: , omar: }
pools:
  - fqdn: pool01.contoso.com
    version: 2015
    procedure: server-failover
    connection: { kind: local, server: fe01.contoso.com }
    rights: { dana: [view, operate], omar: [view, approve] }
`,
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The program on a real pool whose PowerShell is not there: it works, and every look says so. */
function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LIFEGUARD_POOLS: POOLS,
      LIFEGUARD_PERSON: 'dana',
      LIFEGUARD_POWERSHELL: join(folder, 'there-is-no-powershell'),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  const said: string[] = [];
  child.stderr.on('data', (data) => said.push(String(data)));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => said.push(line));
  const until = async (words: RegExp): Promise<void> => {
    while (!said.some((line) => words.test(line))) await once(lines, 'line');
  };
  return { child, said, until, ended: once(child, 'close') as Promise<[number | null]> };
}

const asked = async (port: number, path: string): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return `${response.status} ${(await response.text()).trim()}`;
};
/** Asks until the answer is this one; each answer is waited for, and the test has its time. */
async function answers(port: number, path: string, wanted: RegExp): Promise<string> {
  for (;;) {
    const answer = await asked(port, path).catch(() => 'nobody answers');
    if (wanted.test(answer)) return answer;
  }
}

test('a record is copied while Lifeguard works on it, and a copy becomes a record of its own', { timeout }, async () => {
  const store = join(folder, 'record.db');
  const port = await freePort();
  const bot = start([], { LIFEGUARD_STORE: store, LIFEGUARD_HEALTH_PORT: String(port) });
  assert.match(await answers(port, '/readyz', /^200/), /^200/);
  assert.match(await asked(port, '/livez'), /^200/);
  bot.child.stdin?.write('upgrade pool01\n');
  await bot.until(/Upgrade of pool01: checking/);

  const copy = join(folder, 'copy.db');
  const backup = start(['backup', copy], { LIFEGUARD_STORE: store });
  assert.deepEqual([(await backup.ended)[0], existsSync(copy)], [0, true], backup.said.join('\n'));
  const again = start(['backup', copy], { LIFEGUARD_STORE: store });
  assert.equal((await again.ended)[0], 1, 'a copy is never written over');
  bot.child.kill('SIGKILL');
  await bot.ended;

  const restored = join(folder, 'restored.db');
  const restore = start(['restore', copy], { LIFEGUARD_STORE: restored });
  assert.equal((await restore.ended)[0], 0, restore.said.join('\n'));
  const over = start(['restore', copy], { LIFEGUARD_STORE: restored });
  assert.equal((await over.ended)[0], 1, 'a record is never written over');
  const next = start([], { LIFEGUARD_STORE: restored });
  next.child.stdin?.write('upgrade pool01\n');
  await next.until(/is being upgraded already/);
  next.child.stdin?.end();
  assert.equal((await next.ended)[0], 0);
});

test('nothing is copied where there is nothing, and a restore of no record makes none', { timeout }, async () => {
  const none = join(folder, 'none.db');
  const backup = start(['backup', join(folder, 'x.db')], { LIFEGUARD_STORE: none });
  assert.equal((await backup.ended)[0], 1);
  assert.match(backup.said.join('\n'), /there is no pool record/);
  writeFileSync(join(folder, 'no-record'), 'hello');
  const restore = start(['restore', join(folder, 'no-record')], { LIFEGUARD_STORE: none });
  assert.deepEqual([(await restore.ended)[0], existsSync(none)], [1, false]);
});

postgresTest('of two on one database one works and the other stands by, until the first is gone', async () => {
  const url = await newDatabase();
  const [first, second] = [await freePort(), await freePort()];
  const bot = start([], { DATABASE_URL: url, LIFEGUARD_HEALTH_PORT: String(first) });
  await answers(first, '/readyz', /^200/);
  const standby = start([], { DATABASE_URL: url, LIFEGUARD_HEALTH_PORT: String(second) });
  assert.match(await answers(second, '/readyz', /standby/), /^503/);
  assert.match(await asked(second, '/livez'), /^200/);
  await standby.until(/this one stands by/);
  bot.child.kill('SIGKILL');
  await bot.ended;
  assert.match(await answers(second, '/readyz', /^200/), /^200/);
  const backup = start(['backup', join(folder, 'of-database.db')], { DATABASE_URL: url });
  assert.equal((await backup.ended)[0], 0, backup.said.join('\n'));
  standby.child.kill('SIGKILL');
  await standby.ended;
  for (const said of [bot.said, standby.said, backup.said]) assert.ok(!said.join('\n').includes(url));
});

postgresTest('a bot whose database goes away ends with a code that a supervisor knows', async () => {
  const url = await newDatabase();
  const port = await freePort();
  const bot = start([], { DATABASE_URL: url, LIFEGUARD_HEALTH_PORT: String(port) });
  await answers(port, '/readyz', /^200/);
  await asAdministrator(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameIn(url)}'`);
  assert.equal((await bot.ended)[0], 75, bot.said.join('\n'));
});
