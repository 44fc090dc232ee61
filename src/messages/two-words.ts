import type { HoldReason, VitalAlarm } from '../domain/hold.ts';
import { shortName } from '../domain/pool.ts';
import type { HoldWords } from './hold-words.ts';
import { clockTime, type Voice } from './words.ts';

/** Which copy of the back end is in charge. */
export const principalWords = (principal: 'primary' | 'mirror'): string => `the ${principal} of the back end is in charge now`;

/** What stands against a pool of two, and what to do about that. */
export const alarmWords = (reason: VitalAlarm, voice: Voice): HoldWords =>
  reason.kind === 'both-down' ? bothDown(reason, voice) : backEndLost(reason);

/** The same where the run waits for a person because of it. */
export const alarmHoldWords = (reason: VitalAlarm, voice: Voice): HoldWords => {
  const { because, lines } = alarmWords(reason, voice);
  const goesOn =
    reason.kind === 'both-down'
      ? `With ${shortName(reason.server)} up again: \`retry\` goes on.`
      : `\`retry\` goes on to bring ${shortName(reason.down)} back, whatever the back end does.`;
  return { because, lines: [...lines, goesOn] };
};

/** How a pool of two comes back. Source: Front End pool with two Front End servers. */
function bothDown({ pool, down, server, found, order }: HoldReason & { readonly kind: 'both-down' }, voice: Voice): HoldWords {
  const name = shortName(pool);
  const other = shortName(server);
  const inOrder = order.map((each) => `${shortName(each.server)} at ${clockTime(each.at, voice)}`).join(', ');
  const back = order.map((each) => shortName(each.server)).toReversed();
  const still = order.length < 2 ? 'the last server that runs is about to go down' : 'both servers of the pool are down';
  const how = found === null ? ` (${other} does not answer)` : found === 'Stopped' ? '' : ` (${other}: ${found})`;
  if (order.length < 2)
    return {
      because: `${still}: ${inOrder}${how}`,
      lines: [`Start ${other} now, while ${shortName(down)} still drains.`],
    };
  return {
    because: `${still}: ${inOrder}${how}`,
    lines: [
      'Nobody of this pool has service.',
      `Together: \`abort ${name} now\`, then \`start ${name}\`.`,
      `Or ${back.join(' first, then ')}: the reverse of how they went down.`,
      `If neither can be: \`recover ${name}\` before anything is brought back.`,
    ],
  };
}

/** What losing the back end means with one of two servers out, and that it hinders nobody. Source: the same. */
function backEndLost({ down, backEnd }: HoldReason & { readonly kind: 'back-end-lost' }): HoldWords {
  const name = shortName(down);
  const lost =
    backEnd === 'mirror'
      ? 'the mirror of the back end took over'
      : backEnd === 'down'
        ? 'the back end is down'
        : 'the back end does not answer';
  return {
    because: `${lost} with ${name} out`,
    lines: [
      backEnd === 'mirror'
        ? 'The mirror is no witness: one server of two has no quorum alone, and stops its services.'
        : 'A pool of two likely goes down with its back end, and soon.',
      'First bring the back end back: `quorum` shows which copy is in charge.',
    ],
  };
}
