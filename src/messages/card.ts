/** What every surface can show: a title, lines, and buttons that come back as typed commands. */
export interface Card {
  /** Same key, same message: the surface edits what it posted under this key instead of posting again. */
  readonly key: string;
  /** `ask` waits for a person, `alarm` needs one; neither is ever the only sign of it. */
  readonly tone: 'calm' | 'ask' | 'alarm';
  readonly title: string;
  readonly lines: readonly string[];
  readonly buttons: readonly Button[];
}

/** A button is a command: pressing it says `command`. */
export interface Button {
  readonly label: string;
  readonly command: string;
}

/** A card as plain text: what a terminal shows, and what `play` prints. */
export const cardText = ({ title, lines, buttons }: Card): string =>
  [title, ...lines.map((line) => `  ${line}`), ...buttons.map(({ label, command }) => `  [${label}] ${command}`)].join('\n');
