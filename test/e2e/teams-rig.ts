import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Emulator } from './emulator.ts';
import { startLifeguard } from './lifeguard.ts';
import { openBrowser } from './page.ts';
import { Playground } from './playground.ts';
import type { PlaygroundUser } from './playground-people.ts';
import type { Running } from './process.ts';
import { TeamsPage } from './teams-page.ts';

/** The Playground, and the program in it. */
export interface TeamsRig {
  readonly playground: Playground;
  readonly lifeguard: Running;
  /** Comes back with somebody's page. */
  page(user?: PlaygroundUser): Promise<TeamsPage>;
  start(): Promise<Running>;
}

/** Starts both; they end with the test. `speed` is how many times as fast as outside time runs. */
export async function teamsRig(t: TestContext, speed: number): Promise<TeamsRig> {
  const folder = folderFor(t);
  const playground = await playgroundIn(t, folder);
  const start = async (): Promise<Running> => {
    const started = await startLifeguard({ folder, teams: playground, speed });
    t.after(() => started.end());
    return started;
  };
  return { playground, lifeguard: await start(), page: pagesOf(t, playground), start };
}

/** Both platforms, and one program in both. */
export interface MirroredRig extends Omit<TeamsRig, 'start'> {
  readonly emulator: Emulator;
}

/** Starts all three; a domain needs two approvals. */
export async function mirroredRig(t: TestContext, speed: number): Promise<MirroredRig> {
  const folder = folderFor(t);
  const emulator = await Emulator.start(folder, 'socket');
  t.after(() => emulator.end());
  const playground = await playgroundIn(t, folder);
  const lifeguard = await startLifeguard({ folder, slack: { emulator, port: null }, teams: playground, speed, approvals: 2 });
  t.after(() => lifeguard.end());
  return { emulator, playground, lifeguard, page: pagesOf(t, playground) };
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-e2e-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function playgroundIn(t: TestContext, folder: string): Promise<Playground> {
  const playground = await Playground.start(folder);
  t.after(() => playground.end());
  return playground;
}

/** One browser for each person: nobody shares what a page keeps. */
const pagesOf =
  (t: TestContext, { address }: Playground) =>
  async (user?: PlaygroundUser): Promise<TeamsPage> => {
    const browser = await openBrowser();
    t.after(() => browser.close());
    return TeamsPage.open(browser, address, user);
  };
