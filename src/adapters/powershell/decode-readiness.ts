import { type PoolFqdn, parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import { type DomainReadiness, POOL_UPGRADE_STATES, type PoolReadiness } from '../../domain/readiness.ts';
import { type Decoded, field, garbage, list, property, silent, understood, unknownMembers } from './decode.ts';

/** Names of the members, as far as any are known; the first of a list is the one that the documents or most people use. */
const POOL_NAMES = ['PoolFqdn', 'Pool'];
const STATE_NAMES = ['PoolUpgradeState', 'State', 'UpgradeState'];
const DOMAINS_NAMES = ['UpgradeDomains', 'UpgradeDomain'];
const ACTIVE_NAMES = ['TotalActiveFrontends', 'ActiveFrontEnds'];
const ANSWER_NAMES = [...POOL_NAMES, ...STATE_NAMES, ...DOMAINS_NAMES, 'TotalFrontends', ...ACTIVE_NAMES];
const NAME_NAMES = ['Name', 'UpgradeDomainName'];
const FLAG_NAMES = ['ReadyforUpgrade', 'IsReadyForUpgrade', 'ReadyToUpgrade'];
const SERVERS_NAMES = ['FrontEnds', 'Servers', 'Computers', 'Machines'];
const DOMAIN_NAMES = [...NAME_NAMES, ...FLAG_NAMES, ...SERVERS_NAMES];

/**
 * The object of `Get-CsPoolUpgradeReadinessState` and `Get-CsUpgradeDomainInfo`. Microsoft documents its values but not
 * all of its property names, and spells the flag of a domain in two ways, so names are matched against what is known of
 * them. Whatever does not fit is garbage, and garbage is not Ready; a member that is only new is handed on beside it.
 */
export function decodeReadiness(value: unknown, pool: PoolFqdn): Decoded<PoolReadiness> {
  const answers = list(property(value, 'answers'));
  const [answer] = answers;
  if (answer === undefined) return silent('the readiness cmdlet printed nothing');
  if (answers.length > 1) return garbage(`the readiness cmdlet printed ${answers.length} things instead of one`);
  if (typeof answer !== 'object' || answer === null) return garbage('the readiness cmdlet printed text, not an object');
  const of = field(answer, ...POOL_NAMES);
  if (of.kind === 'found' && nameIn(of.value) !== pool) return garbage(`the answer is about another pool than ${pool}`);
  const printed = field(answer, ...STATE_NAMES);
  if (printed.kind !== 'found')
    return garbage(`the state of the pool is ${printed.kind === 'missing' ? 'missing' : 'there twice'}`);
  const state = POOL_UPGRADE_STATES.find((each) => each === printed.value);
  if (state === undefined) return garbage(`the state of the pool is ${JSON.stringify(printed.value)}, which no document knows`);
  const domains = list(property(answer, ...DOMAINS_NAMES));
  if (domains.length === 0) return garbage('the answer lists no upgrade domain');
  const upgradeDomains: DomainReadiness[] = [];
  const unknown = [...unknownMembers(answer, '', ANSWER_NAMES)];
  for (const each of domains) {
    const domain = decodeDomain(each);
    if (domain.kind !== 'understood') return domain;
    upgradeDomains.push(domain.value);
    unknown.push(...(domain.notUnderstood ?? []));
  }
  if (new Set(upgradeDomains.map(({ name }) => name)).size < upgradeDomains.length)
    return garbage('two upgrade domains have one name');
  const listed = new Set(upgradeDomains.flatMap(({ servers }) => servers)).size;
  const total = field(answer, 'TotalFrontends');
  if (total.kind === 'found' && total.value !== listed) {
    return garbage(`the answer counts ${JSON.stringify(total.value)} Front End Servers and lists ${listed}`);
  }
  return understood({ state, upgradeDomains }, unknown);
}

function decodeDomain(domain: unknown): Decoded<DomainReadiness> {
  const given = property(domain, ...NAME_NAMES);
  const name = typeof given === 'number' ? String(given) : given;
  if (typeof name !== 'string' || name.trim() === '' || name.length > 100) return garbage('an upgrade domain has no name');
  const flag = field(domain, ...FLAG_NAMES);
  if (flag.kind === 'conflict') return garbage(`${flag.names.join(' and ')} of upgrade domain ${name} contradict each other`);
  if (flag.kind === 'missing') return garbage(`upgrade domain ${name} has no ReadyforUpgrade`);
  if (typeof flag.value !== 'boolean') return garbage(`ReadyforUpgrade of upgrade domain ${name} is neither True nor False`);
  const entries = list(property(domain, ...SERVERS_NAMES));
  const servers = entries.map(serverIn).filter((server): server is ServerFqdn => server !== null);
  if (servers.length < entries.length) return garbage(`upgrade domain ${name} lists something that is no server's full name`);
  if (servers.length === 0) return garbage(`upgrade domain ${name} lists no server`);
  const unknown = [
    ...unknownMembers(domain, `upgrade domain ${name}`, DOMAIN_NAMES),
    ...entries.flatMap((entry) => unknownMembers(entry, nameIn(entry) ?? '', ['Fqdn'])),
  ];
  return understood({ name, servers, readyForUpgrade: flag.value }, unknown);
}

/** Text, or an object that has it under a name of its own. */
const nameIn = (entry: unknown): string | null => {
  const name = typeof entry === 'object' ? property(entry, 'Fqdn') : entry;
  return typeof name === 'string' ? name.trim().toLowerCase() : null;
};

const serverIn = (entry: unknown): ServerFqdn | null => parseServerFqdn(nameIn(entry) ?? '');
