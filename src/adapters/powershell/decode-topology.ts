import { z } from 'zod/v4';
import { type PoolFqdn, type ProductVersion, parsePoolFqdn, parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import type { BackEnd } from '../../domain/quorum.ts';
import { type Decoded, garbage, silent, understood } from './decode.ts';
import { productIn } from './products.ts';

const Computers = z.strictObject({ computers: z.array(z.string()), pool: z.array(z.string()) });

/**
 * The pool's servers in the order of `Get-CsComputer -Pool`, which is topology order, if `Get-CsPool` knows the same
 * ones. Two lists that differ mean that one of them is out of date, and a person has to say which.
 */
export function decodeComputers(value: unknown): Decoded<readonly ServerFqdn[]> {
  const read = Computers.safeParse(value);
  if (!read.success) return garbage('the lists of servers are not lists of names');
  const { computers, pool } = read.data;
  if (computers.length === 0 && pool.length === 0) return silent('Get-CsComputer and Get-CsPool list no server');
  const [servers, known] = [computers, pool].map((names) => names.map(parseServerFqdn));
  const found = servers?.filter((server): server is ServerFqdn => server !== null) ?? [];
  const same =
    found.length === known?.length && new Set(found).size === found.length && found.every((server) => known.includes(server));
  if (same && found.length === computers.length) return understood(found);
  const [left, right] = [computers, pool].map((names) => names.join(', ') || 'none');
  return garbage(`Get-CsComputer lists ${left}; Get-CsPool lists ${right}`);
}

const Printed = z.strictObject({ text: z.string() });

/** Which product a server has, by the number in what `Get-CsServerVersion` printed. */
export function decodeProduct(value: unknown): Decoded<ProductVersion> {
  const read = Printed.safeParse(value);
  if (!read.success) return garbage('the product version is not understood');
  if (read.data.text.trim() === '') return silent('Get-CsServerVersion printed nothing');
  const product = productIn(read.data.text);
  return product === null ? garbage('it is none of the products that Lifeguard knows') : understood(product.version);
}

const Databases = z.strictObject({
  databases: z.array(z.strictObject({ name: z.string(), onPrimary: z.string(), onMirror: z.string() })),
});

/** "That typically means that no mirror database has been assigned": Get-CsDatabaseMirrorState. Or that nobody answered. */
const AMBIGUOUS = 'DatabaseInaccessibleOrMirroringNotEnabled';

/**
 * Where the principal of the user databases is. A state that may mean two things is not understood, unless the mirror
 * says that there is a mirror: then it is the primary that cannot be reached, and nobody has taken over.
 */
export function decodeBackEnd(value: unknown): Decoded<BackEnd> {
  const read = Databases.safeParse(value);
  if (!read.success) return garbage('the states of the databases are not lines of text');
  if (read.data.databases.length === 0) return silent('Get-CsDatabaseMirrorState printed nothing');
  const places = new Set(read.data.databases.map(({ onPrimary, onMirror }) => placeOfPrincipal(onPrimary, onMirror)));
  const [place] = places;
  const said = read.data.databases
    .map(({ name, onPrimary, onMirror }) => `${name}: ${onPrimary || '-'}, ${onMirror || '-'}`)
    .join('; ');
  if (places.size > 1) return garbage(`the databases are not all in one place (on primary, on mirror): ${said}`);
  return place === undefined || place === null ? garbage(`not understood (on primary, on mirror): ${said}`) : understood(place);
}

/** A state in any other word says nothing of either copy, however the other one reads. An empty one is a copy that is not there. */
const STATES = ['Principal', 'Mirror', AMBIGUOUS, ''];

function placeOfPrincipal(onPrimary: string, onMirror: string): BackEnd | null {
  if (!STATES.includes(onPrimary) || !STATES.includes(onMirror)) return null;
  if (onPrimary === 'Principal' && onMirror !== 'Principal') return 'primary';
  if (onMirror === 'Principal' && onPrimary !== 'Principal') return 'mirror';
  if (onPrimary === AMBIGUOUS && onMirror === 'Mirror') return 'down';
  return null;
}

const Relations = z.strictObject({
  relations: z.array(z.strictObject({ properties: z.array(z.strictObject({ name: z.string(), value: z.string() })) })),
  failed: z.string().nullable(),
});

/** How an unpaired pool might be reported as an error. The wording is not published, so an error in other words stays one. */
const UNPAIRED = /\bno (associated )?backup (pool|relation(ship)?)\b|\bnot (paired|associated with a backup)\b/i;
const PARTNER = /backup|pair|partner|relat/i;

/**
 * The backup pool: the one full name in the relationship that is not the pool itself, for its property names are not
 * published. Nothing printed, or a partner without a name, is a pool without a backup pool. Any other property is handed on.
 */
export function decodeBackupPool(value: unknown, pool: PoolFqdn): Decoded<PoolFqdn | null> {
  const read = Relations.safeParse(value);
  if (!read.success) return garbage('the backup relationship is not a list of properties');
  const { relations, failed } = read.data;
  if (failed !== null) return UNPAIRED.test(failed) ? understood(null) : silent(failed);
  const properties = relations.flatMap((relation) => relation.properties);
  if (properties.length === 0) return understood(null);
  // Identities come as `UserServer:pool01.contoso.com`, as Get-CsPool shows them.
  const names = properties.map(({ value: text }) => parsePoolFqdn(text.split(':').at(-1) ?? ''));
  const others = new Set(names.filter((name): name is PoolFqdn => name !== null && name !== pool));
  const [other] = others;
  const unknown = properties.filter(({ name, value: text }, index) => names[index] === null && !isEmptyPartner(name, text));
  const shown = unknown.map(({ name, value: text }) => `${name === '' ? 'text' : name}=${text}`);
  if (others.size === 1 && other !== undefined) return understood(other, shown);
  if (others.size > 1) return garbage(`the backup relationship names ${[...others].join(', ')}`);
  const empty = properties.some(({ name, value: text }) => isEmptyPartner(name, text));
  return empty ? understood(null, shown) : garbage('the backup relationship names no other pool');
}

const isEmptyPartner = (name: string, text: string): boolean => PARTNER.test(name) && text.trim() === '';
