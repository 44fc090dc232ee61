import type { Venue } from '../../src/session/chat.ts';
import { parseLine } from '../../src/session/file.ts';
import type { SessionEvent } from '../../src/session/record.ts';
import { Session } from '../../src/session/session.ts';
import { slackChat } from '../../src/session/slack-chat.ts';
import { teamsChat } from '../../src/session/teams-chat.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';

/** Where people may be, and how they are shown something there. */
export const SURFACES: Readonly<Record<string, () => Venue>> = { Terminal: terminalChat, Slack: slackChat, Teams: teamsChat };

/** What a scenario came to somewhere. */
export interface Outcome {
  /** What happened to pools and in the record, in its order. */
  readonly happened: readonly string[];
  /** Every line that somebody was shown. */
  readonly facts: ReadonlySet<string>;
  /** The calls by which they were shown, by their names on that platform. */
  readonly calls: ReadonlySet<string>;
}

export async function outcomeOf(lines: readonly string[], chat: Venue): Promise<Outcome> {
  const events: SessionEvent[] = [];
  const audience = { happened: (event: SessionEvent) => void events.push(event), saw: () => {}, log: () => {} };
  const session = new Session({ through: null, chat, audience });
  try {
    for (const name of ['dana', 'omar', 'eve', 'kim']) session.world.meet(name);
    for (const line of ['! seed 7', ...lines]) await session.play(parseLine(line, 0));
  } finally {
    await session.close();
  }
  const said = events.filter(({ kind }) => kind === 'said');
  return {
    happened: events.filter(({ kind }) => kind !== 'said').map((event) => JSON.stringify(event)),
    facts: new Set(
      said
        .flatMap((event) => String(event['text']).split('\n'))
        .map(factIn)
        .filter((fact) => fact !== ''),
    ),
    calls: new Set(said.flatMap((event) => Object(event['payload']).method ?? [])),
  };
}

/** What Slack's form asks; in Teams it is the label of a field. */
const FORM_LABEL = 'The reason, for everybody to see';

/** A line without what is a surface's own: signs, marks, how commands are set off and people called, buttons, the reader's time. */
function factIn(line: string): string {
  const bare = line
    .replaceAll(/`|\u{2060}|\u{FE0F}/gu, '')
    .replace(/^(?:🔔|🚨|✅|▶|⬜)\s*/u, '')
    .replaceAll(/(?<![\w.])@(?=[a-z])/gu, '')
    .trim()
    .replace(/^[*>-]\s+/u, '');
  return /^\[[^\]]+\] [a-z]+(?: |$)|^Your time: /u.test(bare) || bare === FORM_LABEL ? '' : bare;
}
