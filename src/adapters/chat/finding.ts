/** One thing of a platform that was looked at. `cure` says what to do; null: it is as it should be. */
export interface Finding {
  readonly what: string;
  readonly cure: string | null;
}

/** It is as it should be. */
export const fine = (what: string): Finding => ({ what, cure: null });
/** Not as it should be, and what to do about it. */
export const bad = (what: string, cure: string): Finding => ({ what, cure });
