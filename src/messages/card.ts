import type { PoolMap } from './pool-map.ts';
import { plain } from './spans.ts';

/**
 * What every surface can show: a title, lines, and buttons that come back as typed commands. Title and lines may carry
 * spans (`spans.ts`): times and people that a surface can show better than as text.
 */
export interface Card {
  /** Same key, same message: the surface edits what it posted under this key instead of posting again. */
  readonly key: string;
  /** The key of the card this one belongs under, where a surface has threads; null stands by itself. */
  readonly under: string | null;
  /** `ask` waits for a person, `alarm` needs one; neither is ever the only sign of it. */
  readonly tone: 'calm' | 'ask' | 'alarm';
  readonly title: string;
  readonly lines: readonly string[];
  readonly buttons: readonly Button[];
  /** What people would rather look at than read, where a surface can show it; the lines say what matters of it. */
  readonly picture?: PoolMap | undefined;
}

/** What is seen of a card. */
export type Seen = Pick<Card, 'tone' | 'title' | 'lines' | 'buttons'>;

/** The key of a run's live card, which everything else about the run stands under. */
export const liveKey = (run: number): string => `run-${run}`;

/** A button is a command: pressing it says `command`. */
export interface Button {
  /** What it is called inside its card, and all that a pressed one sends back: the command itself is looked up here. */
  readonly id: string;
  readonly label: string;
  readonly command: string;
  /** What the person is asked for before it is said, as its last words; null says it at once. */
  readonly asks: string | null;
  /** What a press brings about, for a surface that can ask whether a thumb meant it; null: nothing that needs asking. */
  readonly confirm: string | null;
}

/** A card as plain text: what a terminal shows, and what `play` prints. */
export const cardText = ({ title, lines, buttons }: Seen): string =>
  [title, ...lines.map((line) => `  ${line}`), ...buttons.map(({ label, command }) => `  [${label}] ${command}`)]
    .map(plain)
    .join('\n');
