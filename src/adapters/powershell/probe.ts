import { z } from 'zod/v4';
import { type PoolFqdn, parsePoolFqdn, parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import type { CallAnswer } from './calls.ts';
import { type Entry, PROBED, READINGS } from './catalogue.ts';
import { type Decoded, silent } from './decode.ts';
import { decodeFabric } from './decode-fabric.ts';
import { decodeReadiness } from './decode-readiness.ts';
import { decodePatchLevel, decodeServer, decodeServices } from './decode-server.ts';
import { decodeBackEnd, decodeBackupPool, decodeComputers } from './decode-topology.ts';
import type { Readings } from './examine.ts';

/** What a probe records of one cmdlet. */
export type Part = (typeof PROBED)[number];

const text = z.string();
const Answer = z.union([
  z.strictObject({ kind: z.literal('value'), value: z.unknown(), warnings: z.array(text), verbose: z.array(text) }),
  z.strictObject({ kind: z.literal('no-answer'), because: text }),
]);
const FIXTURE = z.strictObject({
  /** Of this file. Another shape has another number. */
  format: z.literal(1),
  source: z.enum(['pool', 'stand-in']),
  recorded: text,
  scrubbed: z.boolean(),
  version: z.enum(['2013', '2015', '2019']),
  pool: text.transform((name, context) => parsePoolFqdn(name) ?? refused(context, 'no full name of a pool')),
  server: text.transform((name, context) => parseServerFqdn(name) ?? refused(context, 'no full name of a server')),
  parts: z.array(
    z.strictObject({
      part: z.enum(PROBED),
      /** What `probe.ps1` gives: members, list, text, CLIXML and every record of the cmdlet with its stream. */
      printed: Answer,
      /** What our own scripts give that ask the same cmdlet, so that the decoders can be run on it. */
      readings: z.array(z.strictObject({ script: text, answer: Answer })),
    }),
  ),
});

const refused = (context: z.RefinementCtx, message: string): never => {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
};

/** A probe of one Front End Server as it lies in a file: what the real cmdlets returned. */
export type Fixture = z.output<typeof FIXTURE>;
/** One cmdlet of a probe. */
export type ProbedPart = Fixture['parts'][number];
type Kept = z.output<typeof Answer>;

/** A fixture, from what was parsed of its file. Throws for anything else: a fixture is ours. */
export const readFixture = (parsed: unknown): Fixture => FIXTURE.parse(parsed);

/** A reading with the values that it is given for this pool and this server. */
interface Asked {
  readonly script: string;
  ask(calls: Readings): Promise<CallAnswer>;
}

function asked<Values>(pool: PoolFqdn, server: ServerFqdn, entry: Entry<Values>, values: Values): Asked {
  return { script: entry.script, ask: (calls) => calls.read(pool, server, entry, values) };
}

/** The readings of ours that ask the same cmdlet as this part. */
function readingsOf(part: Part, pool: PoolFqdn, server: ServerFqdn): readonly Asked[] {
  switch (part) {
    case 'readiness':
      return [asked(pool, server, READINGS.readiness, {})];
    case 'fabric':
      return [asked(pool, server, READINGS.fabric, { PoolFqdn: pool, Detail: 'plain' })];
    case 'fabric-verbose':
      return [asked(pool, server, READINGS.fabric, { PoolFqdn: pool, Detail: 'verbose' })];
    case 'backup-pool':
      return [asked(pool, server, READINGS.backupPool, { PoolFqdn: pool })];
    case 'back-end':
      return [asked(pool, server, READINGS.backEnd, { PoolFqdn: pool })];
    case 'services':
      return [asked(pool, server, READINGS.server, {}), asked(pool, server, READINGS.services, { Servers: [server] })];
    case 'patch-level':
      return [asked(pool, server, READINGS.patchLevel, {})];
    case 'computers':
      return [asked(pool, server, READINGS.computers, { PoolFqdn: pool })];
    case 'version':
    case 'pool':
      return [];
  }
}

/** Records one cmdlet on one server: as it prints, and as our scripts read it. */
export async function probePart(calls: Readings, pool: PoolFqdn, server: ServerFqdn, part: Part): Promise<ProbedPart> {
  const printed = kept(await calls.read(pool, server, READINGS.probe, { PoolFqdn: pool, Part: part }));
  const readings: { script: string; answer: Kept }[] = [];
  for (const { script, ask } of readingsOf(part, pool, server)) readings.push({ script, answer: kept(await ask(calls)) });
  return { part, printed, readings };
}

function kept(answer: CallAnswer): Kept {
  if (answer.kind !== 'value') return { kind: 'no-answer', because: answer.because };
  const { value, warnings, verbose } = answer;
  return { kind: 'value', value: inOrder(value), warnings: [...warnings], verbose: [...verbose] };
}

/** A hashtable has no order, and every PowerShell writes it in another: here it has one, so that two probes can be compared. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inside]) => [name, inOrder(inside)]));
}

/** What the decoder of a script makes of what a fixture has of it. */
export function decodeReading(
  { script, answer }: ProbedPart['readings'][number],
  { pool, server }: Pick<Fixture, 'pool' | 'server'>,
): Decoded<unknown> {
  if (answer.kind === 'no-answer') return silent(answer.because);
  const { value, warnings } = answer;
  switch (script) {
    case READINGS.readiness.script:
      return decodeReadiness(value, pool);
    case READINGS.fabric.script:
      return decodeFabric(value, warnings, pool);
    case READINGS.backupPool.script:
      return decodeBackupPool(value, pool);
    case READINGS.backEnd.script:
      return decodeBackEnd(value);
    case READINGS.server.script:
      return decodeServer(value);
    case READINGS.services.script:
      return decodeServices(value, [server]);
    case READINGS.patchLevel.script:
      return decodePatchLevel(value);
    case READINGS.computers.script:
      return decodeComputers(value);
    default:
      throw new Error(`no decoder reads what ${script} gives`);
  }
}
