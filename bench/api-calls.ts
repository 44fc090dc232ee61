import { fileURLToPath } from 'node:url';
import type { Venue } from '../src/session/chat.ts';
import { play } from '../src/session/play.ts';
import type { SessionEvent } from '../src/session/record.ts';
import { slackChat } from '../src/session/slack-chat.ts';
import { terminalChat } from '../src/session/terminal-chat.ts';

/** What a good night costs in calls of Slack's Web API; beside it a bot that would post every change anew. */
const DOMAINS = 3;
const file = fileURLToPath(new URL('../test/sessions/happy-walk.txt', import.meta.url));

async function said(chat: Venue): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  const out = (line: string): void => void events.push(JSON.parse(line));
  await play({ file, events: true, through: null, chat, out, err: (line) => process.stderr.write(`${line}\n`) });
  return events.filter(({ kind }) => kind === 'said');
}

const [slack, terminal] = [await said(slackChat()), await said(terminalChat())];
const calls = new Map<string, number>();
let [top, thread] = [0, 0];
for (const event of slack) {
  const { method, arguments: sent } = Object(event['payload']);
  calls.set(method, (calls.get(method) ?? 0) + 1);
  if (method !== 'chat.postMessage' || event['to'] !== 'channel') continue;
  if (sent.thread_ts === undefined) top += 1;
  else thread += 1;
}
const web = [...calls].filter(([method]) => method.includes('.')).reduce((sum, [, count]) => sum + count, 0);
const lines = [
  ...[...calls].map(([method, count]) => `${method}: ${count}`),
  `Web API calls that show something, per upgrade domain: ${(web / DOMAINS).toFixed(1)}`,
  `posts in the channel: ${top} for the run; in its thread: ${(thread / DOMAINS).toFixed(1)} per upgrade domain`,
  `what everybody's channel gets, against a post for each change: ${top + thread} of ${terminal.length}, ratio ${((top + thread) / terminal.length).toFixed(2)}`,
];
process.stdout.write(`${lines.join('\n')}\n`);
