import { createInterface, type Interface } from 'node:readline';

/** What a terminal needs of the program behind it. */
export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly prompt: string;
  /** Words that may stand next, for the Tab key. */
  readonly completions: () => readonly string[];
  /** One line. Lines are handed over one at a time, in the order typed. */
  readonly line: (text: string) => Promise<void>;
}

/** A terminal, or a pipe that is read like one: line by line, without prompt or colour, until it ends. */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #reading: Interface;
  readonly #interactive: boolean;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#interactive = options.input.isTTY === true && options.output.isTTY === true;
    const { input, output } = options;
    this.#reading = createInterface(
      this.#interactive
        ? { input, output, terminal: true, prompt: options.prompt, completer: (line: string) => this.#complete(line) }
        : { input, terminal: false },
    );
  }

  get interactive(): boolean {
    return this.#interactive;
  }

  /** Prints above the line that is being typed. */
  print(text: string): void {
    const { output } = this.#options;
    if (this.#interactive) output.write('\r\u001b[J');
    output.write(`${text}\n`);
    if (this.#interactive) this.#reading.prompt(true);
  }

  /** Reads no further, whatever is still to come. */
  close(): void {
    this.#reading.close();
    this.#options.input.pause();
  }

  /** Reads to the end: Ctrl-D, `exit`, or the end of the pipe. Comes back once the last line is done with. */
  async run(): Promise<void> {
    if (this.#interactive) {
      this.#reading.on('SIGINT', () => this.#reading.close());
      this.#reading.prompt();
    }
    for await (const text of this.#reading) {
      if (/^\s*(exit|quit)\s*$/i.test(text)) break;
      if (text.trim() !== '') await this.#options.line(text);
      if (this.#interactive) this.#reading.prompt();
    }
    this.#reading.close();
  }

  #complete(line: string): [string[], string] {
    const word = line.split(/\s+/).at(-1) ?? '';
    const all = this.#options.completions();
    const hits = all.filter((each) => each.startsWith(word.toLowerCase()));
    return [hits.length > 0 ? hits : [...all], word];
  }
}
