/** What somebody typed, short enough to be quoted back. */
export const shown = (word: string): string => (word.length > 40 ? `${word.slice(0, 40)}…` : word);

/** What a person is told of words that nothing stands for; null when none are left. */
export const leftOver = (words: readonly string[]): string | null =>
  words.length === 0 ? null : `I don't know what to do with "${shown(words.join(' '))}".`;
