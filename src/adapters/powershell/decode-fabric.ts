import { z } from 'zod/v4';
import type { FabricState, RoutingGroup } from '../../domain/fabric.ts';
import { type PoolFqdn, parsePoolFqdn, parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import { type Decoded, garbage, silent, understood } from './decode.ts';

/**
 * The shapes of a line of `Get-CsPoolFabricState` that are understood. The layout of the real text is published nowhere
 * (that it is text, that servers are shown as OK and UP at its end, and that missing replicas come as warnings is), so
 * these are a hypothesis, shared with the simulated pool. A real text is recorded first, and its shapes are added here.
 */
const TITLE = /^Fabric state of pool (\S+)$/;
const GROUP = /^Routing group (\S+): primary (\S+), secondaries (\S+(?:, \S+)*)$/;
const SERVER = /^Server (\S+): (\S+), (\S+)$/;
const GROUP_WARNING = /^Routing group (\S+) misses \d+ of \d+ replicas$/;
const SERVER_WARNING = /^Server (\S+) is not OK and UP$/;
/** Where a server's name would be, when there is no server. */
const NOBODY = 'none';

interface Lines {
  readonly groups: RoutingGroup[];
  readonly servers: Map<ServerFqdn, boolean>;
  pool: PoolFqdn | null;
}

/**
 * Routing groups and servers as the text shows them. One line of another shape, one unknown warning, or a warning that
 * the table does not bear out, and nothing of it is believed: what cannot be read is never taken for healthy.
 */
export function decodeFabric(value: unknown, warnings: readonly string[], pool: PoolFqdn): Decoded<FabricState> {
  const read = z.strictObject({ text: z.string() }).safeParse(value);
  if (!read.success) return garbage('the fabric state is not text');
  const text = read.data.text.split(/\r?\n/).map((line) => line.trim());
  const printed = text.filter((line) => line !== '');
  if (printed.length === 0) return silent('Get-CsPoolFabricState printed nothing');
  const lines: Lines = { groups: [], servers: new Map(), pool: null };
  for (const line of printed) {
    const fault = readLine(line, lines);
    if (fault !== null) return garbage(fault);
  }
  if (lines.pool !== pool) return garbage(`the fabric state does not say that it is of ${pool}`);
  if (lines.groups.length === 0) return garbage('the fabric state lists no routing group');
  if (lines.servers.size === 0) return garbage('the fabric state lists no server');
  const serversNotUp = [...lines.servers].filter(([, up]) => !up).map(([server]) => server);
  const state: FabricState = { groups: lines.groups, serversNotUp };
  const fault = warnings.map((warning) => faultOfWarning(warning.trim(), state)).find((each) => each !== null);
  return fault === undefined ? understood(state) : garbage(fault);
}

/** Adds what the line says; returns what is wrong with it, if anything is. */
function readLine(line: string, lines: Lines): string | null {
  const title = TITLE.exec(line);
  if (title !== null && lines.pool === null) {
    lines.pool = parsePoolFqdn(title[1] ?? '');
    return null;
  }
  const server = SERVER.exec(line);
  if (server !== null) {
    const name = parseServerFqdn(server[1] ?? '');
    if (name === null || lines.servers.has(name)) return `a server without a name, or one that is listed twice: ${line}`;
    lines.servers.set(name, server[2] === 'OK' && server[3] === 'UP');
    return null;
  }
  const group = GROUP.exec(line);
  if (group === null) return `a line that is not understood: ${line}`;
  const [, id = '', primary = '', secondaries = ''] = group;
  const names = [primary, ...secondaries.split(', ')].filter((name) => name !== NOBODY);
  const servers = names.map(parseServerFqdn).filter((name): name is ServerFqdn => name !== null);
  const twice = new Set(servers).size < names.length || lines.groups.some((each) => each.id === id);
  if (twice) return `a routing group that is listed twice, or a replica that is, or that is on no server: ${line}`;
  const first = primary === NOBODY ? null : (servers[0] ?? null);
  lines.groups.push({ id, primary: first, secondaries: first === null ? servers : servers.slice(1) });
  return null;
}

function faultOfWarning(warning: string, { groups, serversNotUp }: FabricState): string | null {
  const group = GROUP_WARNING.exec(warning)?.[1];
  if (group !== undefined) {
    // Three replicas is full: a warning about such a group says that the table is not what the fabric holds.
    const told = groups.find(({ id }) => id === group);
    const replicas = told === undefined ? null : told.secondaries.length + (told.primary === null ? 0 : 1);
    return replicas !== null && replicas < 3 ? null : `a warning that the list does not bear out: ${warning}`;
  }
  const server = SERVER_WARNING.exec(warning)?.[1];
  if (server === undefined) return `a warning that is not understood: ${warning}`;
  return serversNotUp.some((each) => each === server.toLowerCase())
    ? null
    : `a warning that the list does not bear out: ${warning}`;
}
