import { lookup } from 'node:dns/promises';
import { READINGS } from '../adapters/powershell/catalogue.ts';
import { decodeComputers } from '../adapters/powershell/decode-topology.ts';
import {
  examineServer,
  judgeExamination,
  type Readings,
  type Resolved,
  type ServerFacts,
} from '../adapters/powershell/examine.ts';
import { bad, type Finding, findingLine, fine, inOneLine } from '../adapters/powershell/finding.ts';
import type { CommandFile, Expected } from '../adapters/powershell/judge-product.ts';
import { limited } from '../adapters/powershell/lanes.ts';
import type { ConfiguredPool } from '../config.ts';
import { namesOf, type ServerFqdn, shortName } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';

/** What is to be examined, with what, and where it is told. */
export interface PoolDoctorOptions {
  readonly pool: Pick<
    ConfiguredPool,
    'fqdn' | 'version' | 'procedure' | 'patchMode' | 'hooks' | 'backupPool' | 'patchCommand' | 'hookCommands'
  >;
  /** How its servers are reached, for the reader: `ssh`, `winrm`, `local`. */
  readonly reachedBy: string;
  /** The Front End Servers that the configuration names, asked first for the others. */
  readonly configured: readonly ServerFqdn[];
  /** The name or address that a server is reached at. */
  readonly hostOf: (server: ServerFqdn) => string;
  readonly calls: Readings;
  readonly resolve: (host: string) => Promise<Resolved>;
  readonly now: () => Instant;
  readonly out: (line: string) => void;
}

/** Servers examined at the same time: each takes a process here and one there. */
const AT_ONCE = 4;

/** Where a name leads from this machine, by the system's own rules: the hosts file as well as DNS. */
export const resolveHere = async (host: string): Promise<Resolved> => {
  try {
    const found = await lookup(host, { all: true });
    return { kind: 'resolved', addresses: found.map(({ address }) => address) };
  } catch (error) {
    return { kind: 'unresolved', because: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * Looks at everything an upgrade of the pool needs, changes nothing, and says of each thing whether it is there or what to
 * do. 0: nothing is bad. 1: something is. Servers are told of in topology order, however long each takes.
 */
export async function doctorPool(options: PoolDoctorOptions): Promise<0 | 1> {
  const { pool, configured, calls, out } = options;
  let well = true;
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      out(findingLine(finding));
      well &&= finding.mark !== 'bad';
    }
  };
  const { servers, findings } = await serversOf(pool.fqdn, configured, calls);
  tell([fine(configuredAs(options)), ...findings]);
  const expected = expectedOf(options);
  const examined = limited(AT_ONCE, servers, async (server) => judgeExamination(await factsOf(server, options), expected));
  for (const each of examined) tell(await each);
  return well ? 0 : 1;
}

const configuredAs = ({ pool, reachedBy, configured }: PoolDoctorOptions): string =>
  `${pool.fqdn}: version ${pool.version}, ${pool.procedure}, patched ${pool.patchMode}, reached by ${reachedBy} (${namesOf(configured)})`;

function expectedOf({ pool, now }: PoolDoctorOptions): Expected {
  const { version, procedure, patchMode, hooks, backupPool } = pool;
  return { version, procedure, patchMode, hooks, backupPool, commands: commandsOf(pool), now: now() };
}

/** The pool's own commands, in the order in which a server gets to them. */
function commandsOf({ patchCommand, hookCommands: { before, after } }: PoolDoctorOptions['pool']): readonly CommandFile[] {
  const commands = [
    ['the hook before', before],
    ['the patch command', patchCommand],
    ['the hook after', after],
  ] as const;
  return commands.flatMap(([whose, command]) => (command === null ? [] : [{ whose, file: command.file }]));
}

/** The servers to examine: those of the topology, or the configured ones when nobody can tell. */
async function serversOf(
  pool: PoolDoctorOptions['pool']['fqdn'],
  configured: readonly ServerFqdn[],
  calls: Readings,
): Promise<{ readonly servers: readonly ServerFqdn[]; readonly findings: readonly Finding[] }> {
  const failed: string[] = [];
  for (const server of configured) {
    const answer = await calls.read(pool, server, READINGS.computers, { PoolFqdn: pool });
    const read = answer.kind === 'value' ? decodeComputers(answer.value) : answer;
    if (read.kind !== 'understood') {
      failed.push(`${shortName(server)}: ${inOneLine(read.because)}`);
      continue;
    }
    const strangers = configured.filter((each) => !read.value.includes(each));
    return {
      servers: read.value,
      findings: [
        fine(`topology, asked of ${shortName(server)}: ${namesOf(read.value)}`),
        ...strangers.map((each) => bad(`${each} is not in the topology of ${shortName(pool)}`, 'take it out of the pools file')),
      ],
    };
  }
  const why = failed.join('; ') || 'no server is configured';
  return { servers: configured, findings: [bad(`topology: not read (${why})`, 'see what is said of each server')] };
}

async function factsOf(server: ServerFqdn, options: PoolDoctorOptions): Promise<ServerFacts> {
  const { pool, reachedBy, hostOf, calls, resolve, now } = options;
  const host = hostOf(server);
  const files = [...new Set(commandsOf(pool).map(({ file }) => file))];
  const [resolved, seen] = await Promise.all([resolve(host), examineServer(calls, pool.fqdn, server, files, now)]);
  return { server, host, reachedBy, resolved, seen };
}
