import type { Move } from '../../src/domain/moves.ts';
import { nextMove } from '../../src/domain/next-move.ts';
import { shortName } from '../../src/domain/pool.ts';
import type { Story } from '../support.ts';

/** What is decided now. */
export const moveOf = (story: Story): Move => nextMove(story.run, story.now);

/** What comes next, in a few words. */
export function next(story: Story): string {
  const move = moveOf(story);
  switch (move.kind) {
    case 'perform':
      return `${move.step.action}${move.step.action === 'hook' ? ` ${move.step.hook}` : ''} ${shortName(move.step.server)}`;
    case 'observe-server':
      return `look at ${shortName(move.server)}: ${move.also}`;
    case 'observe-pool':
      return `look at the pool: ${move.scope}`;
    case 'request-approval':
      return `ask for ${move.gate.servers.map(shortName).join()}`;
    case 'record':
      return move.event.kind === 'held' || move.event.kind === 'alarmed'
        ? `${move.event.kind}: ${move.event.reason.kind}`
        : move.event.kind;
    default:
      return move.kind;
  }
}

/** Writes down what is decided, as the runner would. */
export function follow(story: Story): Story {
  const move = moveOf(story);
  if (move.kind !== 'record') throw new Error(`the test itself is wrong: ${next(story)}`);
  return story.say(move.event);
}
