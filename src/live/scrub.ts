import { isIPv6 } from 'node:net';

/** Names that are known before anything is searched: they get the most telling of the made-up ones. */
export interface Known {
  readonly pools: readonly string[];
  readonly servers: readonly string[];
  /** DNS domains, such as that of the machine. */
  readonly domains: readonly string[];
}

/** What was replaced: how many different ones of each kind, and in how many places. Never which. */
export interface Replaced {
  readonly names: number;
  readonly shortNames: number;
  readonly domains: number;
  readonly users: number;
  readonly sids: number;
  readonly addresses: number;
  readonly places: number;
}

/** A value with every name, account, SID and address made up, the same one for the same one everywhere. */
export interface Scrubbed {
  readonly value: unknown;
  readonly replaced: Replaced;
  /** The made-up name of one of the known ones. */
  readonly nameOf: (name: string) => string;
}

/** Ends of names in DNS that make a dotted word a machine's name and not a type's: the rest is known by its domain. */
const ENDINGS =
  /\.(?:com|net|org|edu|gov|mil|int|info|biz|local|localdomain|lan|home|corp|internal|intern|intranet|private|cloud|example|test|arpa|[a-z]{2})$/i;
/** Beginnings of dotted words that are types, and ends of those that are files, which may look like a country's. */
const TYPES = /^(?:Microsoft|System|Windows|Deserialized|Selected|MS|CsApp)\.|\.(?:ps1|psm1|psd1|ps1xml|cs|md|rc|js|ts|so)$/i;
/** Names that everybody's files hold, such as the one in every CLIXML. */
const PUBLIC = /(?:^|\.)(?:microsoft\.com|w3\.org)$/i;
/** Words that are the product's or Windows' own, also where somebody has named a machine or an account so. */
const OWN_WORDS = new Set(
  ['pool server servers front end sql db dc www mail sip local lan com net org corp ad user users admin administrator system']
    .concat(['state name version computer machine domain group primary secondary registrar network service local authority'])
    .concat(['microsoft windows skype lync sfb skypeforbusiness rtcsrv powershell example'])
    .concat(['readiness fabric verbose backup back patch level computers services output warning error value answer'])
    .concat(['builtin hklm hkcu rtc rtclocal lynclocal everyone nt ok up down core ready busy none true false all text'])
    .flatMap((words) => words.split(' ')),
);

const FULL_NAME = /[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)+/gi;
const AT_DOMAIN = /([a-z0-9][\w.+-]*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi;
const IN_DOMAIN = /(?<![\w\\.-])([a-z0-9][a-z0-9.-]{1,60})\\([a-z0-9][\w.-]*\$?)/gi;
const SHARE = /\\\\([a-z0-9][a-z0-9-]*)\\/gi;
const SID = /\bS-1(?:-\d+){2,}/gi;
const IPV4 = /(?<![\d.]|Version="?)(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g;
const IPV6 = /(?<![\w:.])[0-9a-f]*:[0-9a-f:.]*[0-9a-f][0-9a-f:.]*(?![\w:])/gi;
/** CLIXML writes control characters so; what stands before and behind one are different words. */
const ESCAPE = /(_x[0-9a-f]{4}_)/i;

type Kind = Exclude<keyof Replaced, 'places'>;

/** Collects what has to go, each with what stands for it, by its text in lower case. */
class Names {
  readonly made = new Map<string, string>();
  readonly #counts: Record<Kind, number> = { names: 0, shortNames: 0, domains: 0, users: 0, sids: 0, addresses: 0 };

  add(kind: Kind, found: string, make: (number: number) => string): void {
    const key = found.toLowerCase();
    if (this.made.has(key)) return;
    this.#counts[kind] += 1;
    this.made.set(key, make(this.#counts[kind]));
  }
  counts(places: number): Replaced {
    return { ...this.#counts, places };
  }
}

const two = (number: number): string => String(number).padStart(2, '0');
const MADE_DOMAIN = 'pool.example';

/** Replaces names in every text of a JSON value. Property names stay: they are cmdlets' and ours. */
export function scrub(value: unknown, known: Known): Scrubbed {
  const texts: string[] = [];
  walk(value, (each) => {
    texts.push(...each.split(ESCAPE));
    return each;
  });
  const names = collect(texts, known);
  const literals = [...names.made.keys()].toSorted((left, right) => right.length - left.length).map(escaped);
  const any = new RegExp(`(?<![a-z0-9])(?:${literals.join('|') || '(?!)'})(?![a-z0-9])`, 'gi');
  let places = 0;
  const replace = (segment: string): string =>
    segment.replace(any, (found) => {
      places += 1;
      return names.made.get(found.toLowerCase()) ?? '';
    });
  const scrubbed = walk(value, (each) =>
    each
      .split(ESCAPE)
      .map((part) => (ESCAPE.test(part) ? part : replace(part)))
      .join(''),
  );
  return {
    value: scrubbed,
    replaced: names.counts(places),
    nameOf: (name) => names.made.get(name.toLowerCase()) ?? name,
  };
}

const escaped = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => walk(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, walk(inside, change)]));
}

function collect(texts: readonly string[], { pools, servers, domains }: Known): Names {
  const names = new Names();
  let hosts = 0;
  for (const [index, pool] of pools.entries()) names.add('names', pool, () => `pool${two(index + 1)}.${MADE_DOMAIN}`);
  for (const [index, server] of servers.entries()) names.add('names', server, () => `fe${two(index + 1)}.${MADE_DOMAIN}`);
  const suffixes = new Set([...domains, ...[...pools, ...servers].map(parentOf)].flatMap(withParents));
  for (const found of allOf(FULL_NAME, texts)) {
    const name = found.toLowerCase();
    if (suffixes.has(name) || names.made.has(name) || !isMachine(name, suffixes)) continue;
    hosts += 1;
    names.add('names', name, () => `host${two(hosts)}.${MADE_DOMAIN}`);
    for (const suffix of withParents(parentOf(name))) suffixes.add(suffix);
  }
  for (const suffix of suffixes)
    names.add('domains', suffix, (number) => (number === 1 ? MADE_DOMAIN : `domain${two(number)}.example`));
  addShortNames(names, suffixes, texts);
  for (const sid of allOf(SID, texts)) names.add('sids', sid, (number) => `S-1-5-21-1-1-1-${1_000 + number}`);
  for (const address of allOf(IPV4, texts))
    if (address.split('.').every((part) => Number(part) <= 255)) names.add('addresses', address, madeAddress);
  for (const address of allOf(IPV6, texts))
    if (isIPv6(address)) names.add('addresses', address, (number) => `2001:db8::${number}`);
  return names;
}

/** First labels, the labels of domains, and accounts: words without a dot, of which some are everybody's. */
function addShortNames(names: Names, suffixes: ReadonlySet<string>, texts: readonly string[]): void {
  const secret = (word: string): boolean => word.length > 1 && !/^\d+$/.test(word) && !OWN_WORDS.has(word.toLowerCase());
  const labels = [...suffixes].flatMap((suffix) => suffix.split('.').slice(0, -1)).filter(secret);
  for (const [name, made] of [...names.made]) {
    const [first = ''] = name.split('.');
    if (secret(first) && !suffixes.has(name)) names.add('shortNames', first, () => made.split('.')[0] ?? made);
  }
  for (const share of allOf(SHARE, texts).filter(secret)) names.add('shortNames', share, (number) => `share${two(number)}`);
  const netbios = new Set(labels.map((label) => label.toLowerCase()));
  for (const text of texts) {
    for (const [, domain = '', user = ''] of text.matchAll(IN_DOMAIN)) {
      // A lower-case word before a backslash is a folder, unless it is known as a domain.
      const isDomain =
        netbios.has(domain.toLowerCase()) || names.made.has(domain.toLowerCase()) || /^[A-Z][A-Z0-9-]{1,14}$/.test(domain);
      if (!isDomain || OWN_WORDS.has(domain.toLowerCase())) continue;
      if (!names.made.has(domain.toLowerCase())) netbios.add(domain.toLowerCase());
      if (secret(user.replace(/\$$/, ''))) names.add('users', user, (number) => `user${two(number)}`);
    }
    for (const [, user = ''] of text.matchAll(AT_DOMAIN))
      if (secret(user)) names.add('users', user, (number) => `user${two(number)}`);
  }
  for (const label of netbios) names.add('domains', label, (number) => `example${two(number)}`);
}

const allOf = (pattern: RegExp, texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map(([whole, group]) => group ?? whole));

const parentOf = (name: string): string => name.toLowerCase().split('.').slice(1).join('.');

/** `ad.contoso.com` and `contoso.com`, but not `com`. */
function withParents(domain: string): readonly string[] {
  const labels = domain.toLowerCase().split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

const isMachine = (name: string, suffixes: ReadonlySet<string>): boolean =>
  [...suffixes].some((suffix) => name.endsWith(`.${suffix}`)) || (ENDINGS.test(name) && !TYPES.test(name) && !PUBLIC.test(name));

/** Of the networks that are for documentation (RFC 5737), 254 addresses each. */
const madeAddress = (number: number): string =>
  `${['192.0.2', '198.51.100', '203.0.113'][Math.floor((number - 1) / 254) % 3] ?? '192.0.2'}.${((number - 1) % 254) + 1}`;
