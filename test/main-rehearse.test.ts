import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStore } from '../src/adapters/store/sqlite.ts';
import { aPool, healthy, POOL01 } from './support.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lifeguard-main-rehearse-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const timeout = 60_000;

const poolsFile = join(folder, 'pools.yaml');
writeFileSync(
  poolsFile,
  `people: { dana: , omar: }
pools:
  - fqdn: pool01.contoso.com
    version: 2013
    procedure: upgrade-domains
    backupPool: pool02.contoso.com
    connection: { kind: local, server: fe1.contoso.com }
    rights: { dana: [view, operate, approve], omar: [view, approve] }
`,
);
const storeFile = join(folder, 'night.db');

/** Lifeguard on a real pool that somebody has just looked at, and whose PowerShell cannot be started any more. */
const start = () =>
  spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LIFEGUARD_POOLS: poolsFile,
      LIFEGUARD_STORE: storeFile,
      LIFEGUARD_PERSON: 'dana',
      LIFEGUARD_POWERSHELL: join(folder, 'no-such-powershell'),
      LOG_LEVEL: 'info',
    },
    cwd: folder,
    timeout,
  });

/** What is in the record, as another bot would find it. */
async function recorded() {
  const store = await openStore(storeFile);
  const found = {
    look: await store.lastLook(POOL01),
    runs: await store.runsOf(POOL01, 9),
    readings: await store.readings(POOL01),
  };
  await store.close();
  return found;
}

test('a real pool is rehearsed on its last look, asked nothing, and nothing is left of it, killed in the middle or not', {
  timeout,
}, async () => {
  const store = await openStore(storeFile);
  await store.saveLook(POOL01, healthy(aPool(6, 2), { at: Date.now() }));
  await store.close();
  const before = await recorded();
  const files = readdirSync(folder);

  const child = start();
  const [out, err]: [string[], string[]] = [[], []];
  child.stderr.on('data', (data) => err.push(String(data)));
  // A pipe is read no faster than it is answered: behind the first answer the second rehearsal is under way.
  child.stdin.write('rehearse pool01\nrehearse pool01 all\n');
  for await (const data of child.stdout) {
    out.push(String(data));
    if (out.join('').includes('replicas back')) child.kill('SIGKILL');
  }
  if (child.signalCode === null) await once(child, 'close');

  assert.match(out.join(''), /Rehearsal of pool01 \(simulated; nothing was touched\)\n[\s\S]*0:00 `approve` domain 1/);
  assert.doesNotMatch(err.join(''), /powershell/i, 'the pool was asked');
  assert.deepEqual(await recorded(), before);
  // A killed Lifeguard leaves the socket that a backup speaks to, rehearsal or not.
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.endsWith('.control')),
    files,
  );
});
