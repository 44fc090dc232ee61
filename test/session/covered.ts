/** What a yes covers and is not down yet, and until when it may be acted on. */
export class Covered {
  /** Until when the latest request is open. */
  askedUntil = 0;
  /** Whether the server's word came that it had heard the step under way. */
  heard = false;
  readonly #until = new Map<string, number>();
  /** Until when the yes could be acted on under which a server was last told to go down. */
  readonly #toldUnder = new Map<string, number>();

  add(servers: readonly string[]): void {
    for (const server of servers) this.#until.set(server, this.askedUntil);
  }
  clear(): void {
    this.#until.clear();
  }
  /** A yes that is older than its request's time covers nothing. */
  has(server: string, at: number): boolean {
    return at < (this.#until.get(server) ?? 0);
  }
  uses(server: string): void {
    this.#toldUnder.set(server, this.#until.get(server) ?? 0);
    this.#until.delete(server);
  }
  /** A stop that nobody heard of, and that was seen not done, has not used its yes up: it may be made once more. */
  notDone(server: string): void {
    if (!this.heard) this.#until.set(server, this.#toldUnder.get(server) ?? 0);
  }
}
