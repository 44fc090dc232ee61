import type { PoolFqdn, ServerFqdn } from '../../domain/pool.ts';
import type { Reach, Reached } from './calls.ts';
import type { ReaderLimits } from './readers.ts';
import { minimalEnvironment } from './shell.ts';

/** How the Front End Servers of one pool are reached. */
export type PoolConnection =
  | { readonly kind: 'local'; readonly server: ServerFqdn }
  | ({ readonly kind: 'winrm'; readonly configuration: string | null; readonly ssl: boolean } & Network)
  | ({ readonly kind: 'ssh'; readonly user: string; readonly key: string | null; readonly knownHosts: string | null } & Network);

interface Network {
  /** Whom to ask first, in this order, before the topology is known. */
  readonly servers: readonly ServerFqdn[];
  /** Where a server is reached, where its name does not lead there. */
  readonly addresses: ReadonlyMap<ServerFqdn, string>;
  /** Null is the protocol's own. */
  readonly port: number | null;
}

/** The bot's own machine has one process for readiness, which may block for minutes, and two for everything else. */
const PER_MACHINE = 3;
/** Over all pools: a warm process costs some 100 MB on the bot's machine and as much on the server. */
const ALIVE_MAX = 16;
/** After so many calls a process is replaced, and whatever its cmdlets leaked is gone with it. */
const CALLS_MAX = 200;

/** How many warm processes read. Our own numbers: the cmdlets' pages give none. */
export const READER_LIMITS: ReaderLimits = { perMachine: PER_MACHINE, alive: ALIVE_MAX, calls: CALLS_MAX };

/** What starts the PowerShell of a connection. SSH takes PowerShell 7 on the bot's machine; everything else may be Windows PowerShell. */
export interface Executables {
  readonly ssh: string;
  readonly others: string;
}

/**
 * Reaches each pool as it is configured. A server is always reached itself: nothing is asked through another machine, so
 * there is no second hop and nobody's credentials are handed on.
 */
export function reachPools(connections: ReadonlyMap<PoolFqdn, PoolConnection>, executables: Executables): Reach {
  return {
    first: (pool) => {
      const connection = connections.get(pool);
      if (connection === undefined) return [];
      return connection.kind === 'local' ? [connection.server] : connection.servers;
    },
    server: (pool, server) => {
      const connection = connections.get(pool);
      if (connection === undefined) return { kind: 'elsewhere', because: `there is no connection for ${pool}` };
      if (connection.kind === 'local') return reachHere(connection.server, server, executables.others);
      const on = server ?? connection.servers[0];
      if (on === undefined) return { kind: 'elsewhere', because: `no server of ${pool} is configured` };
      return reachOver(connection, on, executables);
    },
  };
}

function reachHere(machine: ServerFqdn, server: ServerFqdn | null, executable: string): Reached {
  if (server !== null && server !== machine)
    return { kind: 'elsewhere', because: `the bot runs on ${machine} and can ask no other machine, so ${server} was not asked` };
  const environment = minimalEnvironment(process.env);
  return { kind: 'reached', on: machine, machine, executable, wayIn: 'run.ps1', environment };
}

function reachOver(connection: Exclude<PoolConnection, { kind: 'local' }>, on: ServerFqdn, executables: Executables): Reached {
  const { kind: transport, addresses, port } = connection;
  const to =
    connection.kind === 'ssh'
      ? { port: port ?? 22, user: connection.user, key: connection.key, knownHosts: connection.knownHosts }
      : { port, configuration: connection.configuration, ssl: connection.ssl };
  const connecting = JSON.stringify({ transport, server: on, host: addresses.get(on) ?? on, ...to });
  return {
    kind: 'reached',
    on,
    machine: `${transport} ${on}`,
    executable: connection.kind === 'ssh' ? executables.ssh : executables.others,
    wayIn: 'remote.ps1',
    environment: minimalEnvironment(process.env, { LIFEGUARD_CONNECTION: connecting }),
  };
}
