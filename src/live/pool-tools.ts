import type { Logger } from 'pino';
import { suggestion } from '../config/faults.ts';
import type { Connection } from '../config/pools-schema.ts';
import type { Config, ConfiguredPool } from '../config.ts';
import { parseServerFqdn, type ServerFqdn, shortName } from '../domain/pool.ts';
import { doctorPool, resolveHere } from './doctor-pool.ts';
import { callsTo } from './pools.ts';
import { probePool } from './probe.ts';

/** What both tools need: the configuration, the name somebody typed, and where they are answered. */
export interface PoolToolOptions {
  readonly config: Config;
  /** As typed: the full name, the short one or an alias. */
  readonly named: string;
  readonly log: Logger;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

type RealConnection = Exclude<Connection, { kind: 'simulated' }>;

/** `lifeguard doctor POOL`. 2: there is no such pool, or it is simulated. */
export async function doctorOf(options: PoolToolOptions): Promise<0 | 1 | 2> {
  const found = realPool(options);
  if (found === null) return 2;
  const { pool, connection } = found;
  const calls = callsTo(options.config, options.log);
  try {
    return await doctorPool({
      pool,
      reachedBy: connection.kind,
      configured: serversIn(connection),
      hostOf: (server) => hostIn(connection, server),
      calls,
      resolve: resolveHere,
      now: () => Date.now(),
      out: options.out,
    });
  } finally {
    await calls.close();
  }
}

/** `lifeguard probe POOL`. 2: there is no such pool or server, or the pool is simulated. */
export async function probeOf(
  options: PoolToolOptions & { readonly server: string | null; readonly folder: string; readonly scrubbed: boolean },
): Promise<0 | 1 | 2> {
  const found = realPool(options);
  if (found === null) return 2;
  const { pool, connection } = found;
  const server = options.server === null ? serversIn(connection)[0] : serverNamed(options.server, serversIn(connection));
  if (server == null) {
    options.err(`${options.server ?? pool.fqdn}: give the full name of a Front End Server, such as fe01.contoso.com`);
    return 2;
  }
  const calls = callsTo(options.config, options.log);
  const { folder, scrubbed, out } = options;
  try {
    return await probePool({ pool, server, calls, folder, scrubbed, source: 'pool', now: () => Date.now(), out });
  } finally {
    await calls.close();
  }
}

function realPool({
  config: { pools },
  named,
  err,
}: PoolToolOptions): { pool: ConfiguredPool; connection: RealConnection } | null {
  const name = named.toLowerCase();
  const pool = pools.find(({ fqdn, aliases }) => fqdn === name || shortName(fqdn) === name || aliases.includes(name));
  if (pool === undefined) {
    const known = pools.flatMap(({ fqdn, aliases }) => [shortName(fqdn), ...aliases]);
    err(`there is no pool ${named} in the configuration${suggestion(name, known)}`);
    return null;
  }
  const { connection } = pool;
  if (connection.kind !== 'simulated') return { pool, connection };
  err(`${pool.fqdn} is simulated: there is nothing to look at`);
  return null;
}

const serversIn = (connection: RealConnection): readonly ServerFqdn[] =>
  connection.kind === 'local' ? [connection.server] : connection.servers;

const hostIn = (connection: RealConnection, server: ServerFqdn): string =>
  (connection.kind === 'local' ? undefined : new Map(connection.addresses).get(server)) ?? server;

const serverNamed = (typed: string, known: readonly ServerFqdn[]): ServerFqdn | null =>
  known.find((server) => shortName(server) === typed.toLowerCase()) ?? parseServerFqdn(typed);
