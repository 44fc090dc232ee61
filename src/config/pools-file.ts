import { z } from 'zod/v4';
import { type ConfigFault, suggestion } from './faults.ts';
import { knownKeys, PEOPLE, type People, POOL, type PoolDraft, type PoolEntry } from './pools-schema.ts';
import { parseYaml, type YamlFile, type YamlPath } from './yaml-file.ts';

/** A pools file entry by entry, with every fault of a single entry. Rules between entries come after. */
export interface PoolsFile {
  /** Undefined when they could not be read. */
  readonly people: People | undefined;
  readonly drafts: readonly PoolDraft[];
  /** Null where an entry has a fault. */
  readonly entries: readonly (PoolEntry | null)[];
  readonly faults: readonly ConfigFault[];
  readonly faultAt: YamlFile['faultAt'];
}

/** Reads the text of a pools file. */
export function parsePoolsFile(file: string, text: string): PoolsFile {
  const yaml = parseYaml(file, text);
  const faults = [...yaml.faults];
  const fault = (path: YamlPath, because: string) => faults.push(yaml.faultAt(path, because));
  const nothing = { people: undefined, drafts: [], entries: [], faults, faultAt: yaml.faultAt };
  if (yaml.value === undefined) return nothing;
  if (!isMap(yaml.value)) {
    fault([], 'must be a map with people and pools');
    return nothing;
  }

  const { people: givenPeople, pools: givenPools, ...others } = yaml.value;
  for (const key of Object.keys(others)) fault([key], unknownKey(key, knownKeys([], null)));
  const people = PEOPLE.safeParse(givenPeople);
  if (!people.success) faults.push(...faultsOf(yaml, ['people'], people.error));
  if (givenPools === undefined) fault([], 'pools is missing');
  else if (!Array.isArray(givenPools) || givenPools.length === 0) fault(['pools'], 'pools must be a list of at least one pool');

  const given: readonly unknown[] = Array.isArray(givenPools) ? givenPools : [];
  const read = given.map((pool) => ({ pool, parsed: POOL.safeParse(pool) }));
  for (const [index, { parsed }] of read.entries()) {
    if (!parsed.success) faults.push(...faultsOf(yaml, ['pools', index], parsed.error));
  }
  return {
    people: people.data,
    drafts: read.map(({ pool, parsed }) => parsed.data ?? draftOf(pool, parsed.error)),
    entries: read.map(({ parsed }) => parsed.data ?? null),
    faults,
    faultAt: yaml.faultAt,
  };
}

/** What an entry says apart from its faulty fields, so that one slip does not hide the next. */
function draftOf(pool: unknown, error: z.ZodError | undefined): PoolDraft {
  if (!isMap(pool)) return {};
  const faulty = new Set(error?.issues.map(({ path }) => path[0]));
  const sound = Object.entries(pool).filter(([field]) => !faulty.has(field));
  return z.object(POOL.shape).partial().safeParse(Object.fromEntries(sound)).data ?? {};
}

function faultsOf(yaml: YamlFile, at: YamlPath, error: z.ZodError): readonly ConfigFault[] {
  const valueAt = (path: YamlPath): unknown =>
    path.reduce<unknown>(
      (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
      yaml.value,
    );
  return error.issues
    .flatMap((issue) => inner(issue, at, valueAt))
    .flatMap((issue): readonly ConfigFault[] => {
      const path = [...at, ...stepsOf(issue.path)];
      if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(path, valueAt([...path, 'kind']));
        return issue.keys.map((key) => yaml.faultAt([...path, key], unknownKey(key, known)));
      }
      const because = valueAt(path) === undefined ? 'is missing' : sentence(issue);
      return [yaml.faultAt(path, `${label(path)} ${because}`)];
    });
}

/** Of a value that may have two shapes, a map is told what is wrong with it as a map. */
function inner(issue: z.core.$ZodIssue, at: YamlPath, valueAt: (path: YamlPath) => unknown): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || !isMap(valueAt([...at, ...stepsOf(issue.path)]))) return [issue];
  const asMap = issue.errors.at(-1) ?? [];
  return asMap.length === 0 ? [issue] : asMap.map((nested) => ({ ...nested, path: [...issue.path, ...nested.path] }));
}

/** A key that is refused carries its sentence one level down. */
const sentence = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;

const unknownKey = (key: string, known: readonly string[]): string => `${key} is not a known key${suggestion(key, known)}`;

const stepsOf = (path: readonly PropertyKey[]): YamlPath => path.map((step) => (typeof step === 'number' ? step : String(step)));

/** `connection.server`, `aliases[1]`: the way from its pool, which the line number shows. */
function label(path: YamlPath): string {
  const own = path[0] === 'pools' && path.length > 2 ? path.slice(2) : path;
  return own.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
