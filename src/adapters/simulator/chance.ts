/** Chance from a seed: the same seed, subject and question always give the same answer, whatever else was asked. */
export class Chance {
  readonly #seed: number;
  readonly #asked = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = (seed % 2 ** 32) | 0;
  }

  /** A whole number from `least` to `most`, both included. Asking again about the same subject gives the next one. */
  between(subject: string, least: number, most: number): number {
    const times = this.#asked.get(subject) ?? 0;
    this.#asked.set(subject, times + 1);
    let hash = this.#seed ^ 0x9e37_79b9;
    for (const letter of `${subject}#${times}`)
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x85eb_ca6b) ^ (hash >>> 13);
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2_ae35);
    return least + (((hash ^ (hash >>> 15)) >>> 0) % (most - least + 1));
  }
}

/** No chance: whatever has a range takes the same share of it, 0 the least and 1 the most. */
export class NoChance extends Chance {
  readonly #share: number;

  constructor(share: number) {
    super(0);
    this.#share = share;
  }

  override between(_subject: string, least: number, most: number): number {
    return least + Math.round((most - least) * this.#share);
  }
}
