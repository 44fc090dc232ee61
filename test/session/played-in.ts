import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Venue } from '../../src/session/chat.ts';
import { play } from '../../src/session/play.ts';
import type { SessionEvent } from '../../src/session/record.ts';

export const SESSIONS = new URL('../sessions/', import.meta.url);

/** Plays a session file somewhere: how it ended, and everything that happened. */
export async function playedIn(
  chat: Venue,
  name: string,
): Promise<{ readonly code: number; readonly events: readonly SessionEvent[] }> {
  const events: SessionEvent[] = [];
  const file = fileURLToPath(new URL(name, SESSIONS));
  const options = { file, events: true, through: null, chat, out: (line: string) => events.push(JSON.parse(line)) };
  const code = await play({ ...options, err: (line) => assert.fail(line) });
  return { code, events };
}
