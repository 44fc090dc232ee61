import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../src/domain/run.ts';
import type { Instant } from '../src/domain/time.ts';

/**
 * How long a fresh process takes to be where a killed one was, with an open run in every pool, and how much memory at most;
 * beside it a process that only reads the same journals. Nothing of ours is loaded before it is known which of them this is.
 */
const POOLS = 200;
const LAYOUT = { version: '2015', domains: [2, 2, 2], options: 'patch by-command' } as const;
/** Each bot was killed at another place of its upgrade: as many last events of a whole one are missing, and one more each. */
const KILLED_AT_MOST = 100;
const AWAY_FOR = 10 * 60_000;
const ROUNDS = 5;

/** What a process prints when it is done. */
interface Done {
  /** The most memory it ever had, in MB. */
  readonly peak: number;
  /** When it opened the record, in ms from its start. */
  readonly loaded: number;
}

type Measured = Done & {
  /** From the start of the process until it is done, in ms. */
  readonly took: number;
};

const done = (loaded: number): void => {
  const told: Done = { peak: process.resourceUsage().maxRSS / 1_024, loaded };
  process.stdout.write(`${JSON.stringify(told)}\n`);
};

/** Resumes every run of the record: all cards are right again and all runs due when it has started. */
async function resume(file: string, at: Instant): Promise<void> {
  const { Attended, approving, benchWorld } = await import('./rig.ts');
  const { openStore } = await import('../src/adapters/store/sqlite.ts');
  const world = benchWorld(POOLS, LAYOUT);
  const loaded = performance.now();
  const store = await openStore(file);
  const night = new Attended(world, store, approving);
  night.now = at;
  await night.bot.start();
  done(loaded);
  if (night.bot.nextDue() !== at) throw new Error('no run is due');
  await store.close();
}

/** Reads the same rows, one journal after the other as the bot does, and keeps nothing. */
function readRows(file: string): void {
  const loaded = performance.now();
  const database = new DatabaseSync(file, { readOnly: true });
  const journal = database.prepare('select body from journal where run = ? order by seq');
  for (const { run } of database.prepare('select run from runs where ended = 0').all()) {
    for (const { body } of journal.all(Number(run))) JSON.parse(String(body));
  }
  done(loaded);
  database.close();
}

/** Makes the two records: in one all cards stand as the killed bot showed them, in the other none was ever shown. */
async function makeRecords(standing: string, unshown: string): Promise<{ readonly events: number; readonly at: Instant }> {
  const { Attended, approving, benchWorld } = await import('./rig.ts');
  const { openStore } = await import('../src/adapters/store/sqlite.ts');
  const journal = await wholeUpgrade();
  const store = await openStore(':memory:');
  const world = benchWorld(POOLS, LAYOUT);
  let events = 0;
  for (const [index, { fqdn }] of world.pools.entries()) {
    const own = JSON.stringify(journal).replaceAll(/pool1(?=fe|\.)/g, `pool${index + 1}`);
    const [first, ...others]: readonly RunEvent[] = JSON.parse(own).slice(0, -1 - (index % KILLED_AT_MOST));
    if (first === undefined) throw new Error('an empty journal');
    await store.openRun(fqdn, first, null);
    for (const [seq, event] of others.entries()) await store.append(index + 1, seq + 1, event, null);
    events += others.length + 1;
  }
  const at = journal.at(-1)?.at ?? 0;
  await store.sayAlive(at);
  await store.backup(unshown);
  const night = new Attended(world, store, approving);
  night.now = at;
  await night.bot.start();
  await store.backup(standing);
  await store.close();
  return { events, at: at + AWAY_FOR };
}

/** The journal of an upgrade that the bot did itself. */
async function wholeUpgrade(): Promise<readonly RunEvent[]> {
  const { Attended, approving, benchWorld } = await import('./rig.ts');
  const { openStore } = await import('../src/adapters/store/sqlite.ts');
  const store = await openStore(':memory:');
  const journal: RunEvent[] = [];
  const night = new Attended(benchWorld(1, LAYOUT), store, (event) => {
    journal.push(event);
    return approving(event);
  });
  await night.bot.start();
  await night.say({ by: 'dana', text: 'upgrade pool1' });
  for (let due = night.bot.nextDue(); due !== null; due = night.bot.nextDue()) await night.passUntil(due);
  await store.close();
  return journal;
}

/** Runs this file in a fresh process, on a copy of the record. */
async function timed(role: 'resume' | 'rows', record: string, at: Instant): Promise<Measured> {
  const copy = `${record}-copy`;
  copyFileSync(record, copy);
  const from = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), role, copy, String(at)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let printed = '';
  const took = await new Promise<number>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('\n')) resolve(performance.now() - from);
    });
    child.once('close', () => resolve(Number.NaN));
  });
  if ((await ended) !== 0) throw new Error(`${role} failed`);
  rmSync(copy);
  const told: Done = JSON.parse(printed);
  return { ...told, took };
}

async function compare(): Promise<void> {
  const { median } = await import('./rig.ts');
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-resuming-'));
  const [standing, unshown] = [join(folder, 'standing.db'), join(folder, 'unshown.db')];
  const { events, at } = await makeRecords(standing, unshown);
  const found = { standing: [] as Measured[], unshown: [] as Measured[], rows: [] as Measured[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    found.standing.push(await timed('resume', standing, at));
    found.unshown.push(await timed('resume', unshown, at));
    found.rows.push(await timed('rows', standing, at));
  }
  const of = (what: keyof Measured, runs: readonly Measured[]): number => median(runs.map((each) => each[what]));
  const inSeconds = (what: 'took' | 'loaded', runs: readonly Measured[]): string => (of(what, runs) / 1_000).toFixed(2);
  const told = (runs: readonly Measured[]): string =>
    `${inSeconds('took', runs)} s (to load ${inSeconds('loaded', runs)} s), at most ${of('peak', runs).toFixed(0)} MB`;
  const ratio = (what: keyof Measured, runs: readonly Measured[]): string => (of(what, runs) / of(what, found.rows)).toFixed(1);
  const compared = (runs: readonly Measured[]): string =>
    `${told(runs)}; ratio ${ratio('took', runs)}, of memory ${ratio('peak', runs)}`;
  const size = (statSync(standing).size / 1_048_576).toFixed(0);
  const lines = [
    `${POOLS} open runs of ${Math.round(events / POOLS)} events, ${size} MB; from the start of a process, medians of ${ROUNDS}`,
    `until all runs are due, cards as they stood: ${compared(found.standing)}`,
    `until all runs are due, every card anew:     ${compared(found.unshown)}`,
    `the same rows read and parsed, and no more:  ${told(found.rows)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  rmSync(folder, { recursive: true, force: true });
}

const [role, file = '', at = ''] = process.argv.slice(2);
if (role === 'resume') await resume(file, Number(at));
else if (role === 'rows') readRows(file);
else await compare();
