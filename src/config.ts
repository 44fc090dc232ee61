import { createHash } from 'node:crypto';
import { type Environment, environmentFault, type LogLevel, readEnvironment, type Variables } from './config/environment.ts';
import { type ConfigFault, inOrder, suggestion } from './config/faults.ts';
import { judgePools } from './config/pool-rules.ts';
import { type PoolsFile, parsePoolsFile } from './config/pools-file.ts';
import type { Connection, People, PoolEntry } from './config/pools-schema.ts';
import type { ManagedPool } from './domain/inventory.ts';
import { type PersonId, personId } from './domain/pool.ts';

/** A pool, and what only the wiring needs to know of it. */
export interface ConfiguredPool extends ManagedPool {
  readonly connection: Connection;
  /** What patches a server of this pool; null when a person does. */
  readonly patchCommand: PatchCommand | null;
  /** Where this pool is talked about; null: wherever it was asked for. */
  readonly channel: string | null;
}

/** Runs on the Front End Server itself. */
export interface PatchCommand {
  /** An absolute path on that server. */
  readonly file: string;
  readonly arguments: readonly string[];
}

/** Everything that may differ between two installations, read once at the start. */
export interface Config {
  readonly kind: 'configured';
  /** The file the pools came from; null is the simulated demo, which configures no pools and keeps no record. */
  readonly poolsFile: string | null;
  readonly pools: readonly ConfiguredPool[];
  /** Display names by id; null where none is given. */
  readonly people: ReadonlyMap<PersonId, string | null>;
  /** Who the terminal speaks as. Never null when a pool is real. */
  readonly person: PersonId | null;
  /** Whether a line in the terminal may begin with `@dana`: only while every pool is simulated. */
  readonly typedPersonas: boolean;
  /** SQLite file of the record; null for the demo, whose record is in memory. */
  readonly storeFile: string | null;
  /** The PowerShell to run, as a name on the path or a full path. */
  readonly powershell: string;
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
    if (environment.faults.length > 0) return { kind: 'faults', faults: environment.faults };
    const demo = { pools: [], people: new Map(), person: null, typedPersonas: true, storeFile: null };
    return { kind: 'configured', poolsFile, ...demo, powershell, logLevel };
  }
  const text = textOf(poolsFile, readFile);
  if (typeof text !== 'string') return { kind: 'faults', faults: [...environment.faults, text] };
  return withPools(environment, poolsFile, parsePoolsFile(poolsFile, text));
}

function textOf(file: string, readFile: (path: string) => string): string | ConfigFault {
  try {
    return readFile(file);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { file, line: null, column: null, because: `cannot be read: ${because}` };
  }
}

function withPools(environment: Environment, poolsFile: string, file: PoolsFile): Config | ConfigFaults {
  const { storeFile, powershell, logLevel } = environment;
  const faults = [...environment.faults, ...personFaults(environment, file), ...inOrder([...file.faults, ...judgePools(file)])];
  if (faults.length > 0) return { kind: 'faults', faults };
  const pools = file.entries.filter((entry) => entry !== null).map(configuredPool);
  const people = new Map(Object.entries(file.people ?? {}).map(([id, person]) => [personId(id), person?.name ?? null]));
  const person = environment.person === null ? null : personId(environment.person);
  const typedPersonas = pools.every(({ simulated }) => simulated);
  return { kind: 'configured', poolsFile, pools, people, person, typedPersonas, storeFile, powershell, logLevel };
}

/** On a real pool nobody says who they are by typing it, so the terminal must be one person's. */
function personFaults({ person }: Environment, { people, drafts }: PoolsFile): readonly ConfigFault[] {
  const real = drafts.find(({ connection }) => connection !== undefined && connection.kind !== 'simulated');
  if (person === null) {
    const because = `LIFEGUARD_PERSON is missing: ${real?.fqdn ?? 'a pool'} is real, so the terminal must speak as one of the people`;
    return real === undefined ? [] : [environmentFault(because)];
  }
  if (people === undefined || isAmong(people, person)) return [];
  const because = `LIFEGUARD_PERSON: ${person} is not among the people${suggestion(person, Object.keys(people))}`;
  return [environmentFault(because)];
}

const isAmong = (people: People, person: string): boolean => Object.keys(people).some((id) => personId(id) === personId(person));

function configuredPool(entry: PoolEntry): ConfiguredPool {
  const { fqdn, aliases, version, procedure, connection, backupPool, patch, approvals, channel, timeZone } = entry;
  const people = Object.entries(entry.rights).map(([id, rights]) => [personId(id), new Set(rights)] as const);
  const patchCommand = patch === 'by-hand' ? null : { file: patch.command, arguments: patch.arguments };
  return {
    fqdn,
    aliases,
    version,
    procedure,
    backupPool,
    patchMode: patchCommand === null ? 'by-hand' : 'by-command',
    approvalsNeeded: approvals,
    rights: new Map(people),
    timeZone,
    simulated: connection.kind === 'simulated',
    revision: revisionOf(entry),
    connection,
    patchCommand,
    channel,
  };
}

/** The same for the same meaning: the order of keys, of people and of their rights, comments and defaults do not count. */
function revisionOf(entry: PoolEntry): string {
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
