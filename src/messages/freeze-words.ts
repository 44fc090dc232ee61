import type { Freeze } from '../domain/freeze.ts';
import type { Run } from '../domain/run.ts';
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
export const frozenRunLines = ({ frozen, ended }: Run, voice: Voice): readonly string[] =>
  frozenLines(ended === null ? frozen : null, voice);
