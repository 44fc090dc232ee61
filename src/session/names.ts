import { type PoolFqdn, parsePoolFqdn, parseServerFqdn, type ServerFqdn } from '../domain/pool.ts';

/** What a name without a domain gets: a simulated server has a full name like any other. */
const DOMAIN = 'sim.example';

/** Names as the file writes them, and the full names that stand for them inside. */
export class Names {
  readonly #written = new Map<string, string>();

  pool(written: string): PoolFqdn | null {
    return this.#keep(written, parsePoolFqdn(full(written)));
  }
  server(written: string): ServerFqdn | null {
    return this.#keep(written, parseServerFqdn(full(written)));
  }
  person(written: string): string {
    return this.#written.get(`@${written.toLowerCase()}`) ?? written;
  }
  keepPerson(written: string): void {
    this.#written.set(`@${written.toLowerCase()}`, written);
  }
  /** The name as the file writes it. */
  as(fqdn: string): string {
    return this.#written.get(fqdn) ?? fqdn;
  }
  /** Every name and person inside a value as the file writes them. */
  deep(value: unknown): unknown {
    if (typeof value === 'string') return this.#written.get(value) ?? value;
    if (Array.isArray(value)) return value.map((each) => this.deep(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        key === 'by' && typeof each === 'string' ? this.person(each) : this.deep(each),
      ]),
    );
  }

  #keep<Name extends string>(written: string, name: Name | null): Name | null {
    if (name !== null && !this.#written.has(name)) this.#written.set(name, written);
    return name;
  }
}

const full = (written: string): string => (written.includes('.') ? written : `${written}.${DOMAIN}`);
