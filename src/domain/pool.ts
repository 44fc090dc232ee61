/** A pool as Topology Builder published it. Facts only: nothing here says how the pool is doing. */

/** The full name of a Front End Server, in lower case. `parseServerFqdn` is the only way to one. */
export type ServerFqdn = string & { readonly __brand: 'ServerFqdn' };
/** The full name of a Front End pool, in lower case. `parsePoolFqdn` is the only way to one. */
export type PoolFqdn = string & { readonly __brand: 'PoolFqdn' };
/** One human being, whatever accounts they have: every surface resolves its own ids to one of these. */
export type PersonId = string & { readonly __brand: 'PersonId' };

/** The products whose documents this program follows. Quorum numbers and cmdlets differ between them. */
export type ProductVersion = '2013' | '2015' | '2019';

/**
 * A set of Front End Servers that is upgraded together. Topology Builder makes them; they are read, never computed. By
 * server-failover each server is taken by itself, as a set of one that has the server's own short name.
 */
export interface UpgradeDomain {
  /** As the readiness cmdlet names it, seen as `1`, `2`, `3`. */
  readonly name: string;
  readonly servers: readonly ServerFqdn[];
}

/** The servers of a pool and how they are upgraded. */
export interface Topology {
  /** In topology order, as `Get-CsComputer -Pool` lists them: the "first servers", which quorum counts, come first. */
  readonly servers: readonly ServerFqdn[];
  readonly upgradeDomains: readonly UpgradeDomain[];
}

/** `domain 2`, or `server fe02` for one that is taken by itself. */
export const unitName = ({ name, servers: [only, ...others] }: UpgradeDomain): string =>
  only !== undefined && others.length === 0 && shortName(only) === name ? `server ${name}` : `domain ${name}`;

const FQDN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/** Names are compared without case, so the gate lowers it. */
function fqdn(text: string): string | null {
  // Letters outside ASCII may become ASCII in lower case (the Kelvin sign does), so they are refused first.
  const trimmed = text.trim();
  if (!/^[\x21-\x7e]*$/.test(trimmed)) return null;
  const name = trimmed.toLowerCase();
  return FQDN.test(name) ? name : null;
}

/** The gate through which text from chat, a file or PowerShell becomes a pool's name; null when it is none. */
export const parsePoolFqdn = (text: string): PoolFqdn | null => fqdn(text) as PoolFqdn | null;
/** The gate through which text from chat, a file or PowerShell becomes a server's name; null when it is none. */
export const parseServerFqdn = (text: string): ServerFqdn | null => fqdn(text) as ServerFqdn | null;
/** The gate into a person: an id that configuration or a session file lists. */
export const personId = (listed: string): PersonId => listed.toLowerCase() as PersonId;

/** What people call a server or pool: the first label of its name. */
export const shortName = (name: ServerFqdn | PoolFqdn): string => name.split('.', 1)[0] ?? name;
/** `fe1, fe2`; `none` when there are none. */
export const namesOf = (names: readonly (ServerFqdn | PoolFqdn)[]): string =>
  names.length === 0 ? 'none' : names.map(shortName).join(', ');

/** What the two sources of a topology say when they disagree, or the topology when they agree. */
export type TopologyRead =
  | { readonly kind: 'agreed'; readonly topology: Topology }
  | { readonly kind: 'differs'; readonly because: string };

/**
 * Joins `Get-CsComputer -Pool` with the domains of the readiness cmdlet. A server that only one of them names means that
 * one of them is out of date, and a person has to say which.
 */
export function joinTopology(servers: readonly ServerFqdn[], upgradeDomains: readonly UpgradeDomain[]): TopologyRead {
  const inDomains = upgradeDomains.flatMap((domain) => domain.servers);
  const once = new Set(inDomains).size === inDomains.length && new Set(servers).size === servers.length;
  const same = once && inDomains.length === servers.length && servers.every((server) => inDomains.includes(server));
  if (same && servers.length > 0) return { kind: 'agreed', topology: { servers, upgradeDomains } };
  return { kind: 'differs', because: `Get-CsComputer lists ${namesOf(servers)}; the upgrade domains list ${namesOf(inDomains)}` };
}

/** The same servers in the same order and in the same upgrade domains. */
export const sameTopology = (left: Topology, right: Topology): boolean => topologyText(left) === topologyText(right);

const topologyText = ({ servers, upgradeDomains }: Topology): string =>
  JSON.stringify([servers, upgradeDomains.map(({ name, servers: inside }) => [name, inside.toSorted()]).toSorted()]);
