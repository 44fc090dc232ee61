import { readFileSync } from 'node:fs';
import type { Venue } from './chat.ts';
import { parseSession, type SessionLine } from './file.ts';
import { SessionFault } from './line-words.ts';
import { Session, type Through } from './session.ts';
import { Transcript } from './transcript.ts';

/** What is played, how, and where its output goes. */
export interface PlayOptions {
  readonly file: string;
  /** Only JSON lines: what happened, in its order. */
  readonly events: boolean;
  /** Plays every reading and effect through a PowerShell; null plays on the simulated pools directly. */
  readonly through: Through | null;
  /** Where its people talk with the bot. */
  readonly chat: Venue;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Plays a session file in virtual time. 0: every `>` line held. 1: some did not, each named. 2: the file is wrong, and where. */
export async function play({ file, events, through, chat, out, err }: PlayOptions): Promise<0 | 1 | 2> {
  let lines: readonly SessionLine[];
  try {
    lines = parseSession(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SessionFault) return wrong(file, error, err);
    err(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const transcript = new Transcript(out);
  const session = new Session({
    through,
    chat,
    audience: {
      happened: (event) => (events ? out(JSON.stringify(event)) : transcript.happened(event)),
      saw: (at, card, before) => (events ? undefined : transcript.saw(at, card, before)),
      log: () => {},
    },
  });
  try {
    for (const line of lines) if (line.kind === 'said') session.world.meet(line.by);
    return await playLines(lines, session, err);
  } catch (error) {
    if (error instanceof SessionFault) return wrong(file, error, err);
    throw error;
  } finally {
    await session.close();
  }
}

async function playLines(lines: readonly SessionLine[], session: Session, err: (line: string) => void): Promise<0 | 1> {
  let broken = false;
  for (const line of lines) {
    if (line.kind !== 'expect' && line.kind !== 'expect-not') {
      await session.play(line);
    } else if (saidSoFar(session, line.words) !== (line.kind === 'expect')) {
      err(`line ${line.number} did not hold: ${line.text.trim()}`);
      broken = true;
    }
  }
  return broken ? 1 : 0;
}

/** Whether some card or message so far contains the text; case, the breaks between a card's lines and how a command is set off are ignored. */
function saidSoFar(session: Session, words: string): boolean {
  const flat = (text: string) => text.toLowerCase().replaceAll('`', '').replace(/\s+/g, ' ');
  return session.said().some((text) => flat(text).includes(flat(words)));
}

function wrong(file: string, { line, column, message }: SessionFault, err: (line: string) => void): 2 {
  err(`${file}:${line}:${column}: ${message}`);
  return 2;
}
