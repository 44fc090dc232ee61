import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROBED, READINGS } from '../adapters/powershell/catalogue.ts';
import type { Readings } from '../adapters/powershell/examine.ts';
import { bad, type Finding, findingLine, fine, inOneLine } from '../adapters/powershell/finding.ts';
import { decodeReading, type Fixture, type ProbedPart, probePart, readFixture } from '../adapters/powershell/probe.ts';
import type { ConfiguredPool } from '../config.ts';
import { type ServerFqdn, shortName } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';
import { type Known, scrub } from './scrub.ts';

/** What is to be recorded, of which server, and where it goes. */
export interface ProbeOptions {
  readonly pool: Pick<ConfiguredPool, 'fqdn' | 'version'>;
  /** A Front End Server of the pool: readiness is asked of one that is in it. */
  readonly server: ServerFqdn;
  readonly calls: Readings;
  /** An existing folder. */
  readonly folder: string;
  /** Whether every name, account, SID and address is replaced by a made-up one. */
  readonly scrubbed: boolean;
  readonly source: Fixture['source'];
  readonly now: () => Instant;
  readonly out: (line: string) => void;
}

/**
 * Records what the reading cmdlets print on one server as one JSON file, and says of each whether our decoders understand
 * it. Nothing is changed on the server. 0: the file is written. 1: it is not; a file that is there is never written over.
 */
export async function probePool(options: ProbeOptions): Promise<0 | 1> {
  const { pool, server, calls, folder, scrubbed, now, out } = options;
  const tell = (finding: Finding): void => out(findingLine(finding));
  const machine = await calls.read(pool.fqdn, server, READINGS.machine, {});
  if (machine.kind !== 'value') {
    tell(
      bad(`${server}: no answer (${inOneLine(machine.because)})`, 'see what `lifeguard doctor` says of it; nothing was written'),
    );
    return 1;
  }
  const recorded = now();
  // The made-up names of these two are the same whatever is recorded: they are the first of their kind.
  const nameOf = scrubbed ? scrub('', knownOf(options, machine.value, [])).nameOf : (name: string) => name;
  const file = join(folder, fileName(nameOf(pool.fqdn), nameOf(server), recorded));
  const hindrance = await whyNot(folder, file);
  if (hindrance !== null) {
    tell(hindrance);
    return 1;
  }
  const parts: ProbedPart[] = [];
  for (const part of PROBED) {
    const probed = await probePart(calls, pool.fqdn, server, part);
    parts.push(probed);
    for (const finding of judgePart(probed, options)) tell(finding);
  }
  const fixture = fixtureOf(options, recorded, parts);
  const kept = scrubbed ? scrubbedFixture(fixture, knownOf(options, machine.value, parts), out) : fixture;
  return keep(file, kept, tell);
}

const fixtureOf = (
  { pool, server, scrubbed, source }: ProbeOptions,
  recorded: Instant,
  parts: readonly ProbedPart[],
): Fixture => ({
  format: 1,
  source,
  recorded: new Date(recorded).toISOString(),
  scrubbed,
  version: pool.version,
  pool: pool.fqdn,
  server,
  parts: [...parts],
});

const fileName = (pool: string, server: string, recorded: Instant): string =>
  `probe-${pool.split('.')[0]}-${server.split('.')[0]}-${new Date(recorded).toISOString().slice(0, 10)}.json`;

/** Why nothing could be kept, found out before minutes of cmdlets. */
async function whyNot(folder: string, file: string): Promise<Finding | null> {
  if (!(await isThere(folder))) return bad(`there is no folder ${folder}`, 'make it, or name another; nothing was recorded');
  if (!(await isThere(file))) return null;
  return bad(`${file} is there already, and nothing was recorded`, 'move it away, or name another folder');
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** What the decoders make of a part. Recorded is recorded, so nothing here is bad. */
function judgePart(probed: ProbedPart, { pool, server }: ProbeOptions): readonly Finding[] {
  const { part, printed, readings } = probed;
  const failed = printed.kind === 'no-answer' ? printed.because : failureIn(printed.value);
  if (failed !== null) return [fine(`${part}: recorded that it fails (${inOneLine(failed)})`)];
  if (readings.length === 0) return [fine(`${part}: recorded`)];
  return readings.map((reading) => {
    const read = decodeReading(reading, { pool: pool.fqdn, server });
    const what = `${part}: recorded, and ${reading.script}`;
    if (read.kind !== 'understood')
      return { mark: 'ask', what: `${what} is not understood (${inOneLine(read.because)})`, cure: null };
    const unknown = read.notUnderstood ?? [];
    return fine(`${what} is understood${unknown.length === 0 ? '' : `, but for ${inOneLine(unknown.join(', '))}`}`);
  });
}

function failureIn(printed: unknown): string | null {
  const failed = typeof printed === 'object' && printed !== null && 'failed' in printed ? printed.failed : null;
  return typeof failed === 'object' && failed !== null && 'message' in failed ? String(failed.message) : null;
}

/** The names that are known: the pool's, its servers' by the recorded topology, and the domain of the machine. */
function knownOf({ pool, server }: ProbeOptions, machine: unknown, parts: readonly ProbedPart[]): Known {
  const domain = typeof machine === 'object' && machine !== null && 'domain' in machine ? String(machine.domain) : '';
  const listed = parts
    .flatMap(({ readings }) => readings)
    .filter(({ script }) => script === READINGS.computers.script)
    .map((reading) => decodeReading(reading, { pool: pool.fqdn, server }))
    .flatMap((read) => (read.kind === 'understood' && Array.isArray(read.value) ? read.value.map(String) : []));
  return { pools: [pool.fqdn], servers: [...new Set([server, ...listed])], domains: domain.includes('.') ? [domain] : [] };
}

function scrubbedFixture(fixture: Fixture, known: Known, out: (line: string) => void): Fixture {
  const { value, replaced } = scrub(fixture, known);
  const { names, shortNames, domains, users, sids, addresses, places } = replaced;
  const counts = [
    `${names} full names`,
    `${shortNames} short names`,
    `${domains} domains`,
    `${users} accounts`,
    `${sids} SIDs`,
    `${addresses} addresses`,
  ];
  out(`      replaced in ${places} places: ${counts.join(', ')}; read the file before you hand it on`);
  return readFixture(value);
}

async function keep(file: string, fixture: Fixture, tell: (finding: Finding) => void): Promise<0 | 1> {
  try {
    await writeFile(file, `${JSON.stringify(fixture, null, 2)}\n`, { flag: 'wx' });
    tell(fine(`${shortName(fixture.server)} is recorded in ${file}`));
    return 0;
  } catch (error) {
    tell(bad(`${file}: ${error instanceof Error ? error.message : String(error)}`, 'name another folder; nothing was written'));
    return 1;
  }
}
