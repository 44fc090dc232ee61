type Needed = readonly [needed: number, ofFirst: number];
/** Pool size -> how many must run, of the first how many: the published table typed in once more, to check the code's own. */
const FUNCTIONAL: ReadonlyMap<number, Needed> = new Map([
  [2, [1, 2]],
  [3, [2, 3]],
  [4, [2, 4]],
  [5, [3, 5]],
  [6, [3, 6]],
  [7, [4, 7]],
  [8, [4, 7]],
  [9, [4, 7]],
  [10, [5, 9]],
  [11, [5, 9]],
  [12, [5, 9]],
]);
/** The row that Skype for Business Server 2019 has of its own. */
const OF_TWELVE_IN_2019: Needed = [7, 12];

/** How many of the first how many servers must run; where nothing is published, no number is enough. */
export const neededIn = (version: string, size: number): Needed =>
  version === '2019' && size === 12
    ? OF_TWELVE_IN_2019
    : ((version === '2019' && size === 2 ? undefined : FUNCTIONAL.get(size)) ?? [Number.POSITIVE_INFINITY, 0]);
