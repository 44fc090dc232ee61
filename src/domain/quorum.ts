import type { ProductVersion, ServerFqdn } from './pool.ts';

/** How many servers must run, of the first how many in topology order. */
export interface QuorumRule {
  readonly running: number;
  readonly ofFirst: number;
}

/**
 * Front End Servers that must run for a Lync Server 2013 or Skype for Business Server 2015 pool to be functional, by
 * pool size. Below it the remaining servers stop all their services. Data, not a formula: no rounding of any percentage
 * yields the table.
 *
 * Source: "Front End Pool high availability and management", Pool-level quorum loss.
 */
const FUNCTIONAL: Readonly<Record<number, QuorumRule>> = {
  2: { running: 1, ofFirst: 2 },
  3: { running: 2, ofFirst: 3 },
  4: { running: 2, ofFirst: 4 },
  5: { running: 3, ofFirst: 5 },
  6: { running: 3, ofFirst: 6 },
  7: { running: 4, ofFirst: 7 },
  8: { running: 4, ofFirst: 7 },
  9: { running: 4, ofFirst: 7 },
  10: { running: 5, ofFirst: 9 },
  11: { running: 5, ofFirst: 9 },
  12: { running: 5, ofFirst: 9 },
};

/** Skype for Business Server 2019 adds "12-16: any 7 of the first 12" and supports no pool of two; of the two rows for 12 the stricter is taken. */
const FUNCTIONAL_2019: Readonly<Record<number, QuorumRule>> = {
  12: { running: 7, ofFirst: 12 },
  13: { running: 7, ofFirst: 12 },
  14: { running: 7, ofFirst: 12 },
  15: { running: 7, ofFirst: 12 },
  16: { running: 7, ofFirst: 12 },
};

/**
 * Servers that must run for the pool to be started the first time, and should every time after. The text says 85%; the
 * table does not follow it, so the table is kept. Source: the same page, Routing Group Level quorum loss; 16 is for 2019.
 */
const START: Readonly<Record<number, number>> = { 2: 1, 3: 3, 4: 3, 5: 4, 6: 5, 7: 5, 8: 6, 9: 7, 10: 8, 11: 9, 12: 10 };
const START_2019: Readonly<Record<number, number>> = { 16: 12 };

/** What the documents say of a pool of this size: null where they publish no number, which is never guessed. */
export function functionalRule(version: ProductVersion, size: number): QuorumRule | null {
  if (version !== '2019') return FUNCTIONAL[size] ?? null;
  return size === 2 ? null : (FUNCTIONAL_2019[size] ?? FUNCTIONAL[size] ?? null);
}

/** How many servers must run for the pool to start; null where no number is published. Shown, not a gate of the walk. */
export const startMinimum = (version: ProductVersion, size: number): number | null =>
  (version === '2019' ? START_2019[size] : undefined) ?? (version === '2019' && size === 2 ? null : (START[size] ?? null));

/** Which copy of the back-end database is in charge. Only the primary is the witness of an even pool. */
export type BackEnd = 'primary' | 'mirror' | 'down';

/** One rule as it would stand: how many of its servers will run, how many it needs. */
export interface QuorumCount extends QuorumRule {
  readonly rule: 'functional' | 'start' | 'functional-without-witness';
  readonly willRun: number;
  readonly margin: number;
}

/** `kept` or `lost` by the published numbers; `ask` where they do not say what a mirror means; `unknown` where there are none. */
export type QuorumVerdict =
  | { readonly kind: 'kept' | 'lost'; readonly counts: readonly QuorumCount[]; readonly margin: number }
  | { readonly kind: 'ask'; readonly counts: readonly QuorumCount[]; readonly margin: number; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };

/** What quorum is judged on: the pool's servers in topology order, those that run, those about to be down. */
export interface QuorumQuestion {
  readonly version: ProductVersion;
  readonly servers: readonly ServerFqdn[];
  readonly running: readonly ServerFqdn[];
  readonly stopping: readonly ServerFqdn[];
  readonly backEnd: BackEnd;
}

/** Judges the pool as it would be once every server of `stopping` is down, not as it is now. */
export function judgeQuorum(question: QuorumQuestion): QuorumVerdict {
  const { version, servers, backEnd } = question;
  const size = servers.length;
  const functional = functionalRule(version, size);
  if (functional === null) return { kind: 'unknown', because: `no quorum number is published for a ${version} pool of ${size}` };

  const plain = count('functional', functional, question);
  if (backEnd === 'primary') return verdict([plain]);
  if (size % 2 === 1)
    return {
      kind: plain.margin < 0 ? 'lost' : 'ask',
      counts: [plain],
      margin: plain.margin,
      because: 'the primary database is not in charge, and the documents do not say what that means for a pool of odd size',
    };
  // "if you shut down the primary database and switch to the Mirror copy, and shut down enough Front End Servers so that
  // not enough are running according to the preceding table, the entire pool will go down". That table is the start
  // table; one more than the functional number stands for the witness' lost vote (our inference). The stricter decides.
  const start = startMinimum(version, size);
  if (start === null)
    return {
      kind: 'unknown',
      because: `no start number is published for a ${version} pool of ${size}, and the primary database is not in charge`,
    };
  return verdict([
    count('start', { running: start, ofFirst: size }, question),
    count('functional-without-witness', { running: functional.running + 1, ofFirst: functional.ofFirst }, question),
  ]);
}

function verdict(counts: readonly QuorumCount[]): QuorumVerdict {
  const margin = Math.min(...counts.map((each) => each.margin));
  return { kind: margin < 0 ? 'lost' : 'kept', counts, margin };
}

function count(
  rule: QuorumCount['rule'],
  { running: needed, ofFirst }: QuorumRule,
  { servers, running, stopping }: QuorumQuestion,
): QuorumCount {
  const willRun = servers.slice(0, ofFirst).filter((server) => running.includes(server) && !stopping.includes(server)).length;
  return { rule, running: needed, ofFirst, willRun, margin: willRun - needed };
}

/** The margin in an operator's words: `4 of 6 will run, any 3 needed: margin 1`, or `of the first 7 servers 3 will run, …`. */
export function quorumInWords({ willRun, running, ofFirst, margin }: QuorumCount, poolSize: number): string {
  const who = ofFirst < poolSize ? `of the first ${ofFirst} servers ${willRun} will run` : `${willRun} of ${poolSize} will run`;
  return `${who}, any ${running} needed: margin ${margin}`;
}
