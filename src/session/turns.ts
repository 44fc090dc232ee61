/** Lets one thing happen after another: whoever comes while something is under way waits for it. */
export type InTurn = <Result>(act: () => Promise<Result>) => Promise<Result>;

/** A queue of its own. What fails fails for whoever brought it, and the next one goes on. */
export function oneAfterAnother(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = last.then(act, act);
    last = turn.catch(() => {});
    return turn;
  };
}
