/** Does it for each, some at a time; the answers are in the order of the list, each as soon as it is there. */
export function limited<Item, Result>(
  most: number,
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): readonly Promise<Result>[] {
  const waiting = items.map((item) => ({ item, ...Promise.withResolvers<Result>() }));
  // One iterator for all lanes: whichever is free takes the next.
  const next = waiting.values();
  const lane = async (): Promise<void> => {
    for (const { item, resolve, reject } of next) await run(item).then(resolve, reject);
  };
  for (const _ of waiting.slice(0, most)) void lane();
  return waiting.map(({ promise }) => promise);
}
