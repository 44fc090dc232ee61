import { posix, win32 } from 'node:path';
import { IANAZone } from 'luxon';
import { z } from 'zod/v4';
import { EXAMINE_EVERY, RIGHTS, WATCH_EVERY } from '../domain/inventory.ts';
import { type ProductVersion, parsePoolFqdn, parseServerFqdn } from '../domain/pool.ts';
import { parseQuietHours } from '../domain/quiet-hours.ts';
import { patternFault } from '../domain/ticket.ts';
import { hours, minutes } from '../domain/time.ts';
import { ENTRA_ID } from './teams-environment.ts';

const VERSIONS: readonly ProductVersion[] = ['2013', '2015', '2019'];

const text = z.string('must be text; put it in quotes').trim().min(1, 'is empty');
const list = <Item extends z.ZodType>(item: Item) => z.array(item, 'must be a list');

/** A value that `read` understands; everything else is refused with one sentence. */
const understood = <Value>(read: (given: unknown) => Value | null, sentence: string) =>
  z.unknown().transform((given, context): Value => {
    const value = read(given);
    if (value !== null) return value;
    context.addIssue(sentence);
    return z.NEVER;
  });

const poolFqdn = understood(
  (given) => (typeof given === 'string' ? parsePoolFqdn(given) : null),
  'must be the full name of a pool, such as pool01.contoso.com',
);
const serverFqdn = understood(
  (given) => (typeof given === 'string' ? parseServerFqdn(given) : null),
  'must be the full name of a Front End Server, such as fe01.contoso.com',
);

/** What a person can type in one word. */
const word = (what: string) =>
  text.regex(/^[a-z0-9][a-z0-9._-]*$/i, `must be ${what}: letters, digits, dots, hyphens and underscores`);

const procedure = z.enum(['upgrade-domains', 'server-failover'], 'must be upgrade-domains or server-failover');

const upgradeDomains = list(list(serverFqdn).min(1, 'is empty'))
  .min(1, 'is empty')
  .refine((domains) => new Set(domains.flat()).size === domains.flat().length, 'names a server twice');

/** A file on the bot's own machine. */
const ownPath = text.refine((path) => posix.isAbsolute(path) || win32.isAbsolute(path), 'must be an absolute path');
const port = z.int('must be a whole number').min(1, 'must be at least 1').max(65_535, 'must be at most 65535').optional();
/** A name or an address as `ssh` and WinRM take it. A hyphen in front would be read as an option. */
const host = text.regex(/^[a-z0-9:][a-z0-9.:-]{0,252}$/i, 'must be the name or the address of a machine');
const addresses = z
  .record(z.string(), host, 'must be a map of servers to their addresses')
  .default({})
  .transform((given, context) =>
    Object.entries(given).flatMap(([name, address]) => {
      const server = parseServerFqdn(name);
      if (server !== null) return [[server, address] as const];
      context.addIssue({ code: 'custom', message: `${name} is not the full name of a Front End Server` });
      return [];
    }),
  );
const servers = list(serverFqdn).min(1, 'is empty');
/** Windows accounts have a domain before a backslash or behind an @. */
const account = text.regex(/^[a-z0-9_][a-z0-9._@\\$-]*$/i, 'must be an account, such as CONTOSO\\svc-lifeguard$');

const CONNECTIONS = {
  local: z.strictObject({ kind: z.literal('local'), server: serverFqdn }),
  winrm: z.strictObject({
    kind: z.literal('winrm'),
    servers,
    configuration: word('the name of a session configuration').optional(),
    ssl: z.boolean('must be true or false').default(false),
    port,
    addresses,
  }),
  ssh: z.strictObject({
    kind: z.literal('ssh'),
    servers,
    user: account,
    key: ownPath.optional(),
    knownHosts: ownPath.optional(),
    port,
    addresses,
  }),
  simulated: z.strictObject({ kind: z.literal('simulated'), upgradeDomains }),
};
const connection = z.discriminatedUnion(
  'kind',
  [CONNECTIONS.local, CONNECTIONS.winrm, CONNECTIONS.ssh, CONNECTIONS.simulated],
  'must be local (with a server), winrm or ssh (with servers), or simulated (with upgradeDomains)',
);

// The command runs on a Front End Server, so a Windows path is absolute wherever this is read. `\patch.exe` is not: it
// means whichever drive is current.
const absolutePath = text.refine(
  (path) => posix.isAbsolute(path) || (win32.isAbsolute(path) && /^([a-z]:|[\\/]{2}[^\\/])/i.test(path)),
  'must be an absolute path',
);
const patchCommand = z.strictObject(
  { command: absolutePath, arguments: list(z.string('must be text; put it in quotes')).default([]) },
  'must be by-hand, or a command and its arguments',
);
const patch = z.union([z.literal('by-hand'), patchCommand], 'must be by-hand, or a command and its arguments');

const changeTicket = text.superRefine((given, context) => {
  const fault = patternFault(given);
  if (fault !== null) context.addIssue(fault);
});

const hook = z.strictObject(patchCommand.shape, 'must be a command and its arguments');
const hooks = z.strictObject({ before: hook.optional(), after: hook.optional() }, 'must be a map with before, after, or both');

const UNITS = { m: minutes, h: hours, d: (days: number) => hours(days * 24) } as const;

/** A time such as `10m`, within bounds. */
const timeWithin = ({ least, most }: { readonly least: number; readonly most: number }, units: string, sentence: string) =>
  understood((given) => {
    const [, count, unit] = (typeof given === 'string' ? /^(\d{1,4})([mhd])$/.exec(given.trim()) : null) ?? [];
    if (count === undefined || unit === undefined || !units.includes(unit)) return null;
    const time = UNITS[unit === 'm' || unit === 'h' ? unit : 'd'](Number(count));
    return time >= least && time <= most ? time : null;
  }, sentence);
const lookEvery = timeWithin(WATCH_EVERY, 'mh', 'must be a time from 5m to 24h, such as 10m');
const examineEvery = timeWithin(EXAMINE_EVERY, 'hd', 'must be a time from 1h to 7d, such as 24h');
const quietHours = understood(
  (given) => (typeof given === 'string' ? parseQuietHours(given) : null),
  "must be from and to, such as '22:00-06:00', in quotes",
);
const watch = z.strictObject(
  { every: lookEvery, quietHours: quietHours.optional(), examineEvery: examineEvery.optional() },
  'must be a map with every, such as 10m, and, if you like, quietHours and examineEvery',
);

/** Slack's own ids, which do not change when a channel or a person is renamed. */
const slackId = (pattern: RegExp, example: string) =>
  z
    .string('must be text; put it in quotes')
    .transform((given) => given.toUpperCase())
    .refine((given) => pattern.test(given), `must be an id such as ${example}`);
const slackChannels = z.strictObject(
  { channels: list(slackId(/^[CG][A-Z0-9]{2,20}$/, 'C024BE91L')).min(1, 'is empty') },
  'must be a map with channels',
);

/** A person in a tenant. The ids of Microsoft Entra do not change either. */
const teamsAccount = text.toLowerCase().refine((given) => {
  const [tenant = '', objectId = '', ...others] = given.split(':');
  return ENTRA_ID.test(tenant) && ENTRA_ID.test(objectId) && others.length === 0;
}, 'must be two ids of Microsoft Entra, tenant:object');
/** A channel or a group chat as Teams names it; behind a semicolon would be one thread of it. */
const teamsConversation = text.regex(/^19:[^\s;@]+@[a-z0-9.]+$/, 'must be an id such as 19:3f1c…@thread.tacv2');
const teamsConversations = z.strictObject(
  { conversations: list(teamsConversation).min(1, 'is empty').max(10, 'has more than 10') },
  'must be a map with conversations',
);

/** One entry of `pools:`. What it says together with other entries is `judgePools`' business. */
export const POOL = z.strictObject(
  {
    fqdn: poolFqdn,
    aliases: list(word('one word').toLowerCase()).default([]),
    version: understood((given) => VERSIONS.find((version) => version === String(given)) ?? null, 'must be 2013, 2015 or 2019'),
    procedure,
    connection,
    backupPool: poolFqdn.nullable().default(null),
    patch: patch.default('by-hand'),
    approvals: z.int('must be a whole number').min(1, 'must be at least 1').default(1),
    changeTicket: changeTicket.optional(),
    rights: z.record(z.string(), list(z.enum(RIGHTS, `must be one of ${RIGHTS.join(', ')}`)), 'must give people their rights'),
    call: list(z.string()).optional(),
    hooks: hooks.optional(),
    watch: watch.optional(),
    slack: slackChannels.optional(),
    teams: teamsConversations.optional(),
    timeZone: text
      .refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone, such as Europe/London')
      .default('UTC'),
  },
  'must be a pool: a map of its keys',
);
/** One entry of `pools:` that was read without a fault. */
export type PoolEntry = z.output<typeof POOL>;
/** An entry as far as it could be read: what is faulty or missing is undefined. */
export type PoolDraft = { readonly [Field in keyof PoolEntry]?: PoolEntry[Field] | undefined };

/** How this program reaches a pool. */
export type Connection = PoolEntry['connection'];

/** `people:`, by the id that rights and `LIFEGUARD_PERSON` use. */
export const PEOPLE = z.record(
  word('a name that can be typed'),
  z
    .strictObject(
      {
        name: text.optional(),
        slack: list(slackId(/^T[A-Z0-9]{2,20}:[UW][A-Z0-9]{2,20}$/, 'T0BA3C1:U7X2K9 (workspace:user)')).optional(),
        slackGroup: slackId(/^S[A-Z0-9]{2,20}$/, 'S0614TZR7').optional(),
        teams: list(teamsAccount).optional(),
      },
      'must be empty, or have a name, slack accounts, teams accounts, or a slackGroup',
    )
    .refine(
      ({ slack, teams, slackGroup }) => slackGroup === undefined || (slack === undefined && teams === undefined),
      'is a person or a group, not both',
    )
    .nullable(),
  'must be a map of the people, by id',
);
/** The `people:` of the file, by their ids. */
export type People = z.output<typeof PEOPLE>;

const isConnectionKind = (kind: unknown): kind is keyof typeof CONNECTIONS => typeof kind === 'string' && kind in CONNECTIONS;

const FILE_KEYS = ['people', 'pools'];

/** The keys that are known at a place in the file, for whoever mistyped one. */
export function knownKeys(path: readonly PropertyKey[], kind: unknown): readonly string[] {
  if (path.length === 0) return FILE_KEYS;
  if (path[0] === 'people') return ['name', 'slack', 'slackGroup', 'teams'];
  switch (path[2]) {
    case 'connection':
      return Object.keys(CONNECTIONS[isConnectionKind(kind) ? kind : 'simulated'].shape);
    case 'patch':
      return Object.keys(patchCommand.shape);
    case 'hooks':
      return path.length > 3 ? Object.keys(patchCommand.shape) : Object.keys(hooks.shape);
    case 'watch':
      return Object.keys(watch.shape);
    case 'slack':
      return Object.keys(slackChannels.shape);
    case 'teams':
      return Object.keys(teamsConversations.shape);
    default:
      return Object.keys(POOL.shape);
  }
}
