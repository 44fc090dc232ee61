import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Death } from './bots.ts';
import { keep } from './figures.ts';
import { newFolder } from './records.ts';
import type { Meddler, Verdict } from './served-pool.ts';
import { assertWhole } from './verdict.ts';
import { Walk, type Way } from './walk.ts';
import type { Call } from './wire.ts';

/** How long there is no space, in ms: long enough for a bot to end, and to be started in vain. */
const FULL_FOR = 1_000;
/** What is left when a disk is full, in bytes, one after the other: nothing, and less than a look takes. */
const SPARE = [0, 40_000, 12_000, 80_000, 24_000];
/** Which look at the settling pool is another one whose disk is full. */
const SETTLING_LOOK = 3;
const CHUNK = Buffer.alloc(64 * 1024, 1);

/** A place for a record whose space ends. */
interface Disk {
  readonly how: string;
  readonly folder: string;
  /** From now on there are only so many bytes left, for the bot with this process too. */
  fill(spare: number, process: number): void;
  free(): void;
}

/** A file system of a few megabytes, where one may be mounted; null where not. */
export function smallDisk(t: TestContext): Disk | null {
  const folder = newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  t.after(() => void execFileSync('umount', ['--lazy', folder]));
  const filler = join(folder, 'filler');
  return {
    how: 'a tmpfs of 16 MB',
    folder,
    fill: (spare) => {
      const file = openSync(filler, 'w');
      let size = 0;
      try {
        for (;;) size += writeSync(file, CHUNK);
      } catch {
        // That is the last of it.
      }
      ftruncateSync(file, Math.max(0, size - spare));
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
  };
}

/** The kernel's limit for what a process may write to a file (`RLIMIT_FSIZE`), where it can be set from outside; null where not. */
export function limitedFile(): Disk | null {
  const limit = (process: number, bytes: string) =>
    spawnSync('prlimit', ['--pid', String(process), `--fsize=${bytes}:`], { stdio: 'ignore' }).status === 0;
  const folder = newFolder();
  let limited: number | null = null;
  if (!limit(process.pid, 'unlimited')) return null;
  return {
    how: 'RLIMIT_FSIZE',
    folder,
    fill: (spare, process) => {
      limited = process;
      const { size } = statSync(join(folder, 'lifeguard.db-wal'));
      assert.ok(limit(process, String(size + spare)));
    },
    free: () => {
      // One that has ended by it has taken it along.
      if (limited !== null) limit(limited, 'unlimited');
    },
  };
}

/**
 * The disk is full after each effect, before each next one, and while the pool settles: the bot ends with words, and nothing
 * happens that is not written. With space again it goes on.
 */
export async function diskFull(t: TestContext, way: Way, disk: Disk): Promise<void> {
  let fills = 0;
  let full = false;
  let [before, whileSettling] = [-1, 0];
  const fill = (walk: Walk, { bot }: Call): Verdict => {
    if (full) return 'goes';
    full = true;
    disk.fill(SPARE[fills % SPARE.length] ?? 0, walk.bots.processOf(bot));
    fills += 1;
    void pause(FULL_FOR).then(() => {
      disk.free();
      full = false;
    });
    return 'goes';
  };
  const meddler = (walk: Walk): Meddler => ({
    asked: (call) => {
      const done = walk.pool.effects.length;
      const next = call.method === 'patchLevel' && done > before;
      if (next) before = done;
      if (call.method === 'fabric' && done === way.effects.length) whileSettling += 1;
      return next || whileSettling === SETTLING_LOOK ? fill(walk, call) : 'goes';
    },
    done: (call) => (call.port === 'operator' ? fill(walk, call) : 'goes'),
  });
  const record = { kind: 'file', file: join(disk.folder, 'lifeguard.db') } as const;
  const walk = await Walk.begin(t, { way, record, bots: 1, meddler });
  await walk.ask();
  await walk.finished();
  const saysWhy = ({ code, words }: Death) => code !== null && code !== 0 && /disk is full|disk I\/O error/.test(words);
  const counted = await assertWhole(walk, { mayEnd: saysWhy });
  const ended = walk.bots.deaths.filter(saysWhy).length;
  // What is left may be enough for all that a bot writes before there is space again.
  assert.ok(ended >= fills / 2, `${ended} ended because the disk was full, which it was ${fills} times`);
  keep('disk full', walk, counted, `${disk.how}: full ${fills} times, ${ended} bots ended by it`);
}
