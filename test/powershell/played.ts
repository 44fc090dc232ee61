import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { play } from '../../src/session/play.ts';
import type { Through } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';

/** Where they are. */
export const SESSIONS = new URL('../sessions/', import.meta.url);
/** The file names of every session there is. */
export const SESSION_FILES = readdirSync(SESSIONS).filter((each) => each.endsWith('.txt'));

async function eventsOf(file: string, through: Through | null) {
  const events: string[] = [];
  const faults: string[] = [];
  const code = await play({
    chat: terminalChat(),
    file,
    through,
    events: true,
    out: (line) => events.push(line),
    err: (line) => faults.push(line),
  });
  return { code, events, faults };
}

/** Plays a session on the simulated pools directly and this way, and expects the same of both, line by line. */
export async function playsTheSame(name: string, way: Through): Promise<void> {
  const file = fileURLToPath(new URL(name, SESSIONS));
  const [direct, through] = [await eventsOf(file, null), await eventsOf(file, way)];
  assert.equal(direct.code, 0, direct.faults.join('\n'));
  // Thousands of lines: the first that differs says more than all of them.
  const first = direct.events.findIndex((line, index) => line !== through.events[index]);
  assert.equal(through.events[first], direct.events[first]);
  assert.deepEqual([through.code, through.events.length, through.faults], [0, direct.events.length, []]);
}
