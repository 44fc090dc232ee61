/** Servers brought to their end and seen back by runs that have not finished: they are not taken down again until somebody starts over. */
export class Upgraded {
  readonly #servers: readonly string[];
  readonly #done = new Set<string>();
  #scope = 'left';
  /** This run takes named domains of what an unfinished one left. */
  #within = false;

  constructor(servers: readonly string[]) {
    this.#servers = servers;
  }

  has(server: string): boolean {
    return this.#done.has(server);
  }
  /** Whether a run that goes on with what is left leaves it alone. */
  stays(server: string): boolean {
    return this.#scope === 'left' && this.#done.has(server);
  }
  add(server: string): void {
    this.#done.add(server);
  }
  delete(server: string): void {
    this.#done.delete(server);
  }
  clear(): void {
    this.#done.clear();
  }
  begins(scope: string): void {
    this.#scope = scope;
    this.#within = scope === 'domains' && this.#done.size > 0;
    if (scope === 'all') this.#done.clear();
  }
  /** What is upgraded counts until everything is; named domains of it are not everything. */
  ends(finished: boolean): void {
    const whole = !this.#within || this.#servers.every((server) => this.#done.has(server));
    if (finished && whole) this.#done.clear();
  }
}
