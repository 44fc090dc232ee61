import type { Part, ServerCondition } from './condition.ts';
import { judgeEvents } from './preflight-server.ts';

/** Why a server does not come up, in one line: what its telling events of the last hour mean, and what to do about the worst. */
export function whyStarting(seen: Part<ServerCondition>): string {
  const events = seen.kind === 'read' ? seen.value.events : seen;
  if (events.kind === 'unread') return `Why: its events were not read (${events.because})`;
  if (events.value.length === 0) return 'Why: not one of its events of the last hour says';
  const told = judgeEvents(events.value).toSorted((left, right) => Number(right.mark === 'bad') - Number(left.mark === 'bad'));
  return `Why: ${told.map((each) => each.seen).join('; ')}. Do: ${told[0]?.cure ?? 'look at its events'}`;
}
