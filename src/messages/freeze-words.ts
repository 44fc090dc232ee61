import type { Freeze } from '../domain/freeze.ts';
import { namesOf } from '../domain/pool.ts';
import type { Run } from '../domain/run.ts';
import { isOfTwo } from '../domain/two-servers.ts';
import { clockTime, type Voice, withoutPrompt } from './words.ts';

/** `FROZEN by dana 02:10: storage failover drill`. */
export const frozenWords = ({ by, at, because }: Freeze, voice: Voice): string =>
  `FROZEN by ${by} ${clockTime(at, voice)}: ${withoutPrompt(because)}`;

/** What clears it. */
export const THAW_GOES_ON = 'Nothing is started on any pool until somebody types `thaw`; looks and questions go on.';

/** The line that everything about a frozen pool begins with: who, since when, why, and what clears it. */
export const frozenLines = (freeze: Freeze | null, voice: Voice): readonly string[] =>
  freeze === null ? [] : [`${frozenWords(freeze, voice)}; clears by \`thaw\``];

/** The same for a card of a run: an ended one starts nothing anyway. */
export const frozenRunLines = (run: Run, voice: Voice): readonly string[] => [
  ...frozenLines(run.ended === null ? run.frozen : null, voice),
  ...(run.ended === null && run.frozen !== null ? staysDown(run) : []),
];

const isBothDown = ({ alarmed }: Run): boolean => alarmed.some(({ kind }) => kind === 'both-down');

/** What a freeze costs a pool of two while one of its servers is down. */
const staysDown = (run: Run): readonly string[] =>
  isOfTwo(run) && run.downByUs.length > 0
    ? [
        `${isBothDown(run) ? 'No server of the pool runs' : 'The pool runs on one server'}: nothing brings ${namesOf(run.downByUs)} back before \`thaw\`.`,
      ]
    : [];
