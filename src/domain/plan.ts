import type { Procedure } from './inventory.ts';
import { joinTopology, namesOf, type ServerFqdn, shortName, type Topology, type UpgradeDomain, unitName } from './pool.ts';
import { functionalRule, judgeQuorum, quorumInWords } from './quorum.ts';
import { domainsOf } from './readiness.ts';
import type { Request, Settings } from './run.ts';
import type { PoolSighting } from './sighting.ts';

/** The documents on pools of fewer than three servers, in our words. Source: "Front End pool with two Front End servers". */
export const SMALL_POOL_WARNING =
  'the documents do not recommend pools of fewer than three Front End Servers: use three, or two paired Standard Edition servers';

/** The domains that will be taken; or why none will, whatever is waited for; or that the pool could not be read. */
export type Planned =
  | { readonly kind: 'planned'; readonly topology: Topology; readonly upgradeDomains: readonly UpgradeDomain[] }
  /** `nothingLeft`: everything it would take is done. */
  | { readonly kind: 'refused'; readonly because: readonly string[]; readonly nothingLeft?: true }
  | { readonly kind: 'unread'; readonly because: string };

/** What can be said against upgrading such a pool before anything is asked of it; null when nothing can. */
export function refusedByConfiguration({ version, procedure }: Settings): string | null {
  if (procedure === 'upgrade-domains' && version === '2019')
    return 'Skype for Business Server 2019 is upgraded by server-failover: its documents fail over one server at a time';
  if (procedure === 'server-failover' && version === '2013')
    return 'Lync Server 2013 has no Invoke-CsComputerFailOver: it is upgraded by upgrade-domains';
  return null;
}

/**
 * What is taken at once, in the order it is taken: each upgrade domain, or by server-failover each server of each domain.
 * A rolling restart takes each server by itself, in topology order. Source: Pool-level quorum loss, on changing the topology.
 */
export function unitsOf(
  { servers, upgradeDomains }: Topology,
  procedure: Procedure,
  purpose?: Request['purpose'],
): readonly UpgradeDomain[] {
  if (purpose === undefined && procedure === 'upgrade-domains') return upgradeDomains;
  const inOrder = purpose === 'restart' ? servers : upgradeDomains.flatMap((domain) => domain.servers);
  return inOrder.map((server) => ({ name: shortName(server), servers: [server] }));
}

/**
 * Which upgrade domains will be taken, in the pool's order, or why none will. Refused is what no waiting changes:
 * a margin is judged here with every other server running and the primary database in charge.
 */
export function planUpgrade(
  { scope, purpose }: Request,
  settings: Settings,
  upgraded: readonly ServerFqdn[],
  seen: PoolSighting,
): Planned {
  const { computers, product, readiness } = seen;
  if (computers === null) return { kind: 'unread', because: 'the topology could not be read' };
  if (product === null) return { kind: 'unread', because: 'the product version could not be read' };
  if (product !== settings.version)
    return {
      kind: 'refused',
      because: [`the servers have ${product}, and the configuration says ${settings.version}: correct it first`],
    };
  const small = refusedBySize(settings, computers);
  if (small !== null) return { kind: 'refused', because: [small] };
  if (readiness === null) return { kind: 'unread', because: 'the upgrade domains could not be read' };
  const read = joinTopology(computers, domainsOf(readiness));
  if (read.kind === 'differs') return { kind: 'unread', because: read.because };

  const { topology } = read;
  const units = unitsOf(topology, settings.procedure, purpose);
  const namable = purpose === 'restart' ? units : [...topology.upgradeDomains, ...units];
  const named = scope.kind === 'domains' ? scope.names.map((name) => unitNamed(name.toLowerCase(), units)) : null;
  const unknown = named?.filter((name) => !namesIn(namable).includes(name)) ?? [];
  if (unknown.length > 0) {
    const domains = settings.procedure === 'upgrade-domains' ? 'upgrade domain' : 'upgrade domain or server';
    const what = purpose === 'restart' ? 'server' : domains;
    const known = new Set(namable.map(({ name }) => name));
    return { kind: 'refused', because: [`no ${what} ${unknown.join(', ')}: there are ${[...known].join(', ')}`] };
  }

  const inNamedDomain = topology.upgradeDomains.flatMap(({ name, servers }) =>
    named?.includes(name.toLowerCase()) ? servers : [],
  );
  const upgradeDomains = units.filter(
    ({ name, servers }) =>
      (named === null || named.includes(name.toLowerCase()) || servers.every((server) => inNamedDomain.includes(server))) &&
      servers.some((server) => !upgraded.includes(server)),
  );
  if (upgradeDomains.length === 0) return { kind: 'refused', because: [nothingLeft(purpose)], nothingLeft: true };
  const because = upgradeDomains.flatMap((domain) => refusedByMargin(settings, topology, domain));
  return because.length > 0 ? { kind: 'refused', because } : { kind: 'planned', topology, upgradeDomains };
}

const nothingLeft = (purpose: Request['purpose']): string => {
  const verb = purpose ?? 'upgrade';
  return `nothing is left to ${verb}; ${verb} … all starts over`;
};

/** A server that is taken by itself may be called by its full name too. */
const unitNamed = (name: string, units: readonly UpgradeDomain[]): string =>
  units.find((unit) => unitName(unit).startsWith('server ') && unit.servers.some((server) => server === name))?.name ?? name;

const namesIn = (units: readonly UpgradeDomain[]): readonly string[] => units.map(({ name }) => name.toLowerCase());

function refusedBySize({ version, procedure }: Settings, servers: readonly ServerFqdn[]): string | null {
  if (servers.length <= 1)
    return 'this is a Standard Edition server or a pool of one: it has no upgrade domains, and stopping it stops its users';
  if (servers.length === 2 && version === '2019')
    return `Skype for Business Server 2019 supports no pool of two (${namesOf(servers)}): such a topology does not publish; ${SMALL_POOL_WARNING}`;
  // No document speaks of it for two, and with no replicas of each other's there are none that it could move its users to.
  if (servers.length === 2 && procedure === 'server-failover')
    return `Invoke-CsComputerFailOver is documented for pools of three and more: a pool of two (${namesOf(servers)}) needs \`procedure: upgrade-domains\`; ${SMALL_POOL_WARNING}`;
  return functionalRule(version, servers.length) === null
    ? `no quorum number is published for a ${version} pool of ${servers.length}, and none is guessed`
    : null;
}

function refusedByMargin({ version }: Settings, { servers }: Topology, domain: UpgradeDomain): readonly string[] {
  const verdict = judgeQuorum({ version, servers, running: servers, stopping: domain.servers, backEnd: 'primary' });
  if (verdict.kind === 'unknown' || verdict.margin >= 0) return [];
  const counts = verdict.counts.map((count) => quorumInWords(count, servers.length)).join('; ');
  return [`with ${unitName(domain)} (${domain.servers.map(shortName).join(', ')}) down, ${counts}`];
}
