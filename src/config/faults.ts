/** One thing that is wrong with the configuration, said to the person who wrote it. */
export interface ConfigFault {
  /** The file as it was named, or `environment`. */
  readonly file: string;
  /** Counted from one; null where the fault has no place in a file. */
  readonly line: number | null;
  readonly column: number | null;
  readonly because: string;
}

/** `pools.yaml:7:5: approvals must be at least 1`, the form that editors and terminals can open. */
export const faultText = ({ file, line, column, because }: ConfigFault): string =>
  `${[file, line, column].filter((part) => part !== null).join(':')}: ${because}`;

/** In the order in which a person reads the file. */
export const inOrder = (faults: readonly ConfigFault[]): readonly ConfigFault[] =>
  faults.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0));

/** `; did you mean approvals?`, or nothing when no known word is near enough to be what was meant. */
export function suggestion(given: string, known: readonly string[]): string {
  const nearest = known
    .map((word) => ({ word, distance: editDistance(given.toLowerCase(), word.toLowerCase()) }))
    .toSorted((left, right) => left.distance - right.distance)[0];
  // A third of the letters wrong is still a slip; more is another word.
  const near = nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(nearest.word.length / 3));
  return near ? `; did you mean ${nearest.word}?` : '';
}

/** How many letters must be added, removed or changed to get from one word to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...to].entries()) {
      const [left = 0, above = 0, corner = 0] = [next[column], row[column + 1], row[column]];
      next.push(Math.min(left + 1, above + 1, corner + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** A fault of the environment, which has no lines. */
export const environmentFault = (because: string): ConfigFault => ({ file: 'environment', line: null, column: null, because });
