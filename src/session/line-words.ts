/** The line cannot be what it should be: where, and why. */
export class SessionFault extends Error {
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, because: string) {
    super(because);
    this.line = line;
    this.column = column;
  }
}

/** Reads the words of one line, and knows where each began, so that a fault can point at it. */
export class Words {
  readonly line: number;
  readonly #words: readonly { readonly text: string; readonly column: number }[];
  readonly #end: number;
  #next = 0;

  constructor(text: string, line: number, from: number) {
    this.line = line;
    this.#words = [...text.matchAll(/\S+/g)]
      .filter(({ index }) => index >= from)
      .map((match) => ({ text: match[0], column: match.index + 1 }));
    this.#end = text.trimEnd().length + 1;
  }

  get done(): boolean {
    return this.#next >= this.#words.length;
  }
  peek(): string | null {
    return this.#words[this.#next]?.text ?? null;
  }
  take(what: string): string {
    const word = this.#words[this.#next];
    if (word === undefined) throw new SessionFault(this.line, this.#end, `${what} is missing`);
    this.#next += 1;
    return word.text;
  }
  refuse(because: string): never {
    const word = this.#words[Math.max(0, this.#next - 1)];
    throw new SessionFault(this.line, word?.column ?? this.#end, because);
  }
  name(what: string): string {
    const word = this.take(what);
    return /^[A-Za-z0-9][A-Za-z0-9.-]{0,200}$/.test(word) ? word : this.refuse(`"${word}" is not a name`);
  }
  oneOf<Word extends string>(what: string, among: readonly Word[]): Word {
    const word = this.take(what);
    return (
      among.find((each) => each.toLowerCase() === word.toLowerCase()) ??
      this.refuse(`${what} is one of ${among.join(', ')}; this is "${word}"`)
    );
  }
  count(what: string, least: number): number {
    const word = this.take(what);
    const count = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
    return count >= least ? count : this.refuse(`${what} is a number from ${least} up; this is "${word}"`);
  }
  finish(): void {
    const word = this.#words[this.#next];
    if (word !== undefined) throw new SessionFault(this.line, word.column, `"${word.text}" is too much here`);
  }
}
