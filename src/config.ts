import { createHash } from 'node:crypto';
import { chatFaults } from './config/chat-rules.ts';
import { type Environment, type LogLevel, readEnvironment, type Variables } from './config/environment.ts';
import { type ConfigFault, environmentFault, inOrder, suggestion } from './config/faults.ts';
import { judgePools } from './config/pool-rules.ts';
import { type PoolsFile, parsePoolsFile } from './config/pools-file.ts';
import type { Connection, People, PoolEntry } from './config/pools-schema.ts';
import type { HealthEnvironment } from './config/record-environment.ts';
import type { SlackEnvironment } from './config/slack-environment.ts';
import type { TeamsEnvironment } from './config/teams-environment.ts';
import type { Hook, ManagedPool, WatchRule } from './domain/inventory.ts';
import { type PersonId, personId } from './domain/pool.ts';
import { ticketPattern } from './domain/ticket.ts';

/** A pool, and what only the wiring needs to know of it. */
export interface ConfiguredPool extends ManagedPool {
  readonly connection: Connection;
  /** What patches a server of this pool; null when a person does. */
  readonly patchCommand: PatchCommand | null;
  /** What runs on a server before it goes down and after it is back; null: nothing. */
  readonly hookCommands: Readonly<Record<Hook, PatchCommand | null>>;
  /** Slack channels in which this pool is talked about: the first that can be reached. */
  readonly slackChannels: readonly string[];
  /** Teams channels and group chats, the same way. With both, it is talked about in one of each. */
  readonly teamsConversations: readonly string[];
}

/** Runs on the Front End Server itself. */
export interface PatchCommand {
  /** An absolute path on that server. */
  readonly file: string;
  readonly arguments: readonly string[];
}

/** One of the people, or a group of them that can only be called. */
export interface ConfiguredPerson {
  /** Shown; null where none is given. */
  readonly name: string | null;
  /** Slack accounts as `workspace:user`. */
  readonly slack: readonly string[];
  readonly slackGroup: string | null;
  /** Teams accounts as `tenant:objectId`, lower-cased. */
  readonly teams: readonly string[];
}

/** Everything that may differ between two installations, read once at the start. */
export interface Config {
  readonly kind: 'configured';
  /** The file the pools came from; null is the simulated demo, which configures no pools and keeps no record. */
  readonly poolsFile: string | null;
  readonly pools: readonly ConfiguredPool[];
  readonly people: ReadonlyMap<PersonId, ConfiguredPerson>;
  /** How this bot is in Slack; null: it is not. */
  readonly slack: SlackEnvironment | null;
  /** How this bot is in Teams; null: it is not. */
  readonly teams: TeamsEnvironment | null;
  /** Who the terminal speaks as. Never null when a pool is real. */
  readonly person: PersonId | null;
  /** Whether a line in the terminal may begin with `@dana`: only while every pool is simulated. */
  readonly typedPersonas: boolean;
  /** SQLite file of the record; null for the demo, whose record is in memory. */
  readonly storeFile: string | null;
  /** PostgreSQL for the record in the file's place; a secret. Null: the file. */
  readonly databaseUrl: string | null;
  /** Where health is asked for; null: nowhere. */
  readonly health: HealthEnvironment | null;
  /** The PowerShell to run, as a name on the path or a full path: for pools reached over SSH, and for all others. */
  readonly powershell: { readonly ssh: string; readonly others: string };
  readonly logLevel: LogLevel;
}

/** Everything that is wrong, so that it can be mended in one go. */
export interface ConfigFaults {
  readonly kind: 'faults';
  readonly faults: readonly ConfigFault[];
}

/**
 * Reads the environment and the pools file that it names. `readFile` returns a file's text or throws. Never half a
 * configuration: with any fault there is none.
 */
export function readConfig(
  env: Variables,
  readFile: (path: string) => string,
  platform: NodeJS.Platform = process.platform,
): Config | ConfigFaults {
  const environment = readEnvironment(env, platform);
  const { poolsFile, powershell, logLevel } = environment;
  if (poolsFile === null) {
    const faults = [...environment.faults, ...chatFaults(environment, null), ...databaseFaults(environment, null)];
    if (faults.length > 0) return { kind: 'faults', faults };
    const demo = {
      pools: [],
      people: new Map(),
      person: null,
      typedPersonas: true,
      storeFile: null,
      slack: null,
      teams: null,
      databaseUrl: null,
      health: null,
    };
    return { kind: 'configured', poolsFile, ...demo, powershell, logLevel };
  }
  const text = textOf(poolsFile, readFile);
  if (typeof text !== 'string') return { kind: 'faults', faults: [...environment.faults, text] };
  return withPools(environment, poolsFile, parsePoolsFile(poolsFile, text), platform);
}

function textOf(file: string, readFile: (path: string) => string): string | ConfigFault {
  try {
    return readFile(file);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { file, line: null, column: null, because: `cannot be read: ${because}` };
  }
}

function withPools(
  environment: Environment,
  poolsFile: string,
  file: PoolsFile,
  platform: NodeJS.Platform,
): Config | ConfigFaults {
  const { storeFile, powershell, slack, teams, logLevel } = environment;
  const { databaseUrl, health } = environment.record;
  const faults = [
    ...environment.faults,
    ...personFaults(environment, file),
    ...chatFaults(environment, file),
    ...databaseFaults(environment, file),
    ...inOrder([...file.faults, ...judgePools(file), ...outOfReach(file, platform)]),
  ];
  if (faults.length > 0) return { kind: 'faults', faults };
  const pools = file.entries.filter((entry) => entry !== null).map(configuredPool);
  const people = new Map(Object.entries(file.people ?? {}).map(([id, person]) => [personId(id), configuredPerson(person)]));
  const person = environment.person === null ? null : personId(environment.person);
  const typedPersonas = pools.every(({ simulated }) => simulated);
  const record = { storeFile, databaseUrl, health };
  const chats = { slack, teams };
  return { kind: 'configured', poolsFile, pools, people, person, typedPersonas, ...record, powershell, ...chats, logLevel };
}

/** WinRM from anything but Windows is fragile and its maintainers point to SSH, so it is not offered there. */
const outOfReach = ({ drafts, faultAt }: PoolsFile, platform: NodeJS.Platform): readonly ConfigFault[] =>
  drafts.flatMap(({ connection }, index) =>
    connection?.kind === 'winrm' && platform !== 'win32'
      ? [faultAt(['pools', index, 'connection'], 'WinRM is spoken from Windows only; from here take kind: ssh')]
      : [],
  );

/** On a real pool nobody says who they are by typing it, so the terminal must be one person's. */
function personFaults({ person, slack, teams }: Environment, { people, drafts }: PoolsFile): readonly ConfigFault[] {
  const real = drafts.find(({ connection }) => connection !== undefined && connection.kind !== 'simulated');
  if (person === null) {
    const because = `LIFEGUARD_PERSON is missing: ${real?.fqdn ?? 'a pool'} is real, so the terminal must speak as one of the people`;
    // In a chat everybody speaks for themselves, and nobody types here.
    return real === undefined || slack !== null || teams !== null ? [] : [environmentFault(because)];
  }
  if (people === undefined || isAmong(people, person)) return [];
  const because = `LIFEGUARD_PERSON: ${person} is not among the people${suggestion(person, Object.keys(people))}`;
  return [environmentFault(because)];
}

/** Simulated pools begin anew with each start, and so does what is known of them. */
function databaseFaults({ record }: Environment, file: PoolsFile | null): readonly ConfigFault[] {
  const real = file?.drafts.some(({ connection }) => connection === undefined || connection.kind !== 'simulated') ?? false;
  const given = [
    ...(record.databaseUrl === null ? [] : ['DATABASE_URL']),
    ...(record.health === null ? [] : ['LIFEGUARD_HEALTH_PORT']),
  ];
  return real ? [] : given.map((name) => environmentFault(`${name} is for real pools, and none is configured`));
}

const isAmong = (people: People, person: string): boolean => Object.keys(people).some((id) => personId(id) === personId(person));

const configuredPerson = (person: People[string] | undefined): ConfiguredPerson => ({
  name: person?.name ?? null,
  slack: person?.slack ?? [],
  slackGroup: person?.slackGroup ?? null,
  teams: person?.teams ?? [],
});

function configuredPool(entry: PoolEntry): ConfiguredPool {
  const { fqdn, aliases, version, procedure, connection, backupPool, patch, approvals, changeTicket, call, timeZone } = entry;
  const { watch } = entry;
  const hookCommands = { before: commandOf(entry.hooks?.before), after: commandOf(entry.hooks?.after) };
  const people = Object.entries(entry.rights).map(([id, rights]) => [personId(id), new Set(rights)] as const);
  const patchCommand = patch === 'by-hand' ? null : { file: patch.command, arguments: patch.arguments };
  return {
    fqdn,
    aliases,
    version,
    procedure,
    backupPool,
    patchMode: patchCommand === null ? 'by-hand' : 'by-command',
    hooks: { before: hookCommands.before !== null, after: hookCommands.after !== null },
    approvalsNeeded: approvals,
    changeTicket: changeTicket === undefined ? null : ticketPattern(changeTicket),
    rights: new Map(people),
    called: call?.map(personId) ?? people.filter(([, rights]) => rights.has('operate')).map(([person]) => person),
    ...(watch === undefined ? {} : { watch: watchRule(watch) }),
    timeZone,
    simulated: connection.kind === 'simulated',
    revision: revisionOf(entry),
    connection,
    patchCommand,
    hookCommands,
    slackChannels: entry.slack?.channels ?? [],
    teamsConversations: entry.teams?.conversations ?? [],
  };
}

const commandOf = (
  given: { readonly command: string; readonly arguments: readonly string[] } | undefined,
): PatchCommand | null => (given === undefined ? null : { file: given.command, arguments: given.arguments });

const watchRule = ({ every, quietHours, examineEvery }: NonNullable<PoolEntry['watch']>): WatchRule => ({
  every,
  quietHours: quietHours ?? null,
  ...(examineEvery === undefined ? {} : { examineEvery }),
});

/**
 * The same for the same meaning: the order of keys, of people and of their rights, comments and defaults do not count. Nor
 * does the watch, which starts nothing: nobody who said yes to a stop is asked again for other quiet hours.
 */
function revisionOf({ watch: _watch, ...entry }: PoolEntry): string {
  const rights = Object.entries(entry.rights).map(([id, given]) => [personId(id), [...new Set(given)].toSorted()]);
  const canonical = sorted({ ...entry, rights: Object.fromEntries(rights) });
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inside]) => [key, sorted(inside)]));
}
