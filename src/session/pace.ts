/** Time as the delivery of a session knows it: it passes as soon as it is waited for, because nobody watches a session's second hand. */
export function pace(): { readonly now: () => number; readonly wait: (milliseconds: number) => Promise<void> } {
  let passed = 0;
  return {
    now: () => passed,
    wait: async (milliseconds) => {
      passed += milliseconds;
    },
  };
}
