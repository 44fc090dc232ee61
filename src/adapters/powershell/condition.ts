import { KEY_PORTS, type Part, type PoolCondition, type PoolCopies, type ServerCondition } from '../../domain/condition.ts';
import type { PoolFqdn, ServerFqdn } from '../../domain/pool.ts';
import type { Ask } from '../../ports.ts';
import type { CallAnswer, PowerShellCalls } from './calls.ts';
import { type Entry, READINGS } from './catalogue.ts';
import type { Decoded } from './decode.ts';
import { conditionIn, decodeCondition, decodeCopies } from './decode-condition.ts';
import { decodeExamination } from './decode-examination.ts';
import { decodePatchLevel, decodePort } from './decode-server.ts';
import { inOneLine } from './finding.ts';
import { limited } from './lanes.ts';

type Readings = Pick<PowerShellCalls, 'read' | 'first'>;

/** Servers looked at at the same time: each takes a process here and one there. */
const AT_ONCE = 4;
/** How many others are tried before a server is asked about its own ports: one that is down takes its time to say so. */
const OTHERS_TRIED = 2;
/** The examination looks for cmdlets, and here for none in particular. */
const LOOKED_FOR = ['Get-CsServerVersion'];

/** Everything a pre-flight looks at. Bounded: a server that was silent once is asked nothing more about itself. Never throws. */
export async function readCondition(
  calls: Readings,
  pool: PoolFqdn,
  ask: Ask,
  servers: readonly ServerFqdn[],
): Promise<PoolCondition> {
  const [copies, ...seen] = await Promise.all([
    readCopies(calls, pool, ask),
    ...limited(AT_ONCE, servers, async (server) => ({
      server,
      seen: await readServer(calls, pool, server, [...ask, ...servers]),
    })),
  ]);
  return { ...copies, servers: seen };
}

async function readServer(
  calls: Readings,
  pool: PoolFqdn,
  server: ServerFqdn,
  others: readonly ServerFqdn[],
): Promise<Part<ServerCondition>> {
  let lost: string | null = null;
  const read = async <Values>(entry: Entry<Values>, values: Values): Promise<CallAnswer> => {
    if (lost !== null) return { kind: 'not-asked', because: `not asked after this: ${lost}`, reason: 'unreachable' };
    const answer = await calls.read(pool, server, entry, values);
    if (answer.kind === 'lost') lost = answer.because;
    return answer;
  };
  const first = await read(READINGS.condition, {});
  if (first.kind === 'lost' || first.kind === 'not-asked') return unread(first.because);
  const condition = decoded(first, decodeCondition);
  const examined = decoded(await read(READINGS.examine, { Cmdlets: LOOKED_FOR, Files: [] }), (value) => decodeExamination(value));
  const found =
    examined.kind === 'read' ? conditionIn(examined.value) : { restart: examined, disks: examined, certificates: examined };
  return {
    kind: 'read',
    value: {
      ...(condition.kind === 'read' ? condition.value : { services: condition, events: condition }),
      ...found,
      patchLevel: decoded(await read(READINGS.patchLevel, {}), decodePatchLevel),
      ports: await readPorts(calls, pool, server, others),
    },
  };
}

/** Asked of another server, which users and the others of the pool come from; of itself when no other answers. */
async function readPorts(
  calls: Readings,
  pool: PoolFqdn,
  server: ServerFqdn,
  others: readonly ServerFqdn[],
): Promise<ServerCondition['ports']> {
  const askers = [...new Set(others)].filter((each) => each !== server).slice(0, OTHERS_TRIED);
  let failed: Part<never> = unread('nobody could be asked');
  for (const asker of [...askers, server]) {
    const ports: { port: (typeof KEY_PORTS)[number]; open: boolean }[] = [];
    for (const port of KEY_PORTS) {
      const open = decoded(await calls.read(pool, asker, READINGS.port, { Server: server, Port: port }), decodePort);
      if (open.kind === 'unread') {
        failed = open;
        break;
      }
      ports.push({ port, open: open.value });
    }
    if (ports.length === KEY_PORTS.length) return { kind: 'read', value: ports };
  }
  return failed;
}

/** What keeps copies of the pool, from the first server that says. Never throws. */
export async function readCopies(calls: Readings, pool: PoolFqdn, ask: Ask): Promise<PoolCopies> {
  const failed: string[] = [];
  for (const server of ask.length === 0 ? calls.first(pool) : ask) {
    const answer = await calls.read(pool, server, READINGS.copies, { PoolFqdn: pool });
    const read = decoded(answer, decodeCopies);
    if (read.kind === 'read') return read.value;
    // Why a server is not reached is told with that server.
    if (answer.kind === 'value' || answer.kind === 'fault') failed.push(read.because);
    if (answer.kind === 'value') break;
  }
  const nobody = unread(failed.join('; ') || 'no Front End Server of the pool answers');
  return { backup: nobody, holdsCms: nobody, replicas: nobody };
}

const unread = (because: string): Extract<Part<never>, { kind: 'unread' }> => ({ kind: 'unread', because: inOneLine(because) });

function decoded<Value>(answer: CallAnswer, decode: (value: unknown) => Decoded<Value>): Part<Value> {
  if (answer.kind !== 'value') return unread(answer.because);
  const read = decode(answer.value);
  return read.kind === 'understood' ? { kind: 'read', value: read.value } : unread(read.because);
}
