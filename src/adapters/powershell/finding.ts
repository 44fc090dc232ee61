/**
 * One thing that was looked at. `ok`: it is as it should be, and what `cure` says, if anything, would be better. `bad`: it
 * is not, and `cure` says what to do. `ask`: it cannot be told from here, and a person has to look.
 */
export interface Finding {
  readonly mark: 'ok' | 'bad' | 'ask';
  readonly what: string;
  readonly cure: string | null;
}

/** As it should be; `better` is worth doing all the same. */
export const fine = (what: string, better: string | null = null): Finding => ({ mark: 'ok', what, cure: better });
/** Not as it should be, and what to do about it. */
export const bad = (what: string, cure: string): Finding => ({ mark: 'bad', what, cure });
/** Cannot be told from here. */
export const ask = (what: string): Finding => ({ mark: 'ask', what, cure: 'cannot be told here' });

/** The line that a person reads. */
export const findingLine = ({ mark, what, cure }: Finding): string =>
  `${{ ok: 'ok ', bad: 'BAD', ask: 'ask' }[mark]}   ${what}${cure === null ? '' : `: ${cure}`}`;

const LINE_PART = 160;
/** Words of somebody else's, as part of a line: without line ends, and no more than a line takes. */
export const inOneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LINE_PART ? line : `${line.slice(0, LINE_PART - 1)}\u2026`;
};
