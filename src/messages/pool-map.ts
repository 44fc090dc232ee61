import type { FabricState } from '../domain/fabric.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { type ServerFqdn, shortName, type Topology } from '../domain/pool.ts';
import { functionalRule, judgeQuorum, quorumInWords } from '../domain/quorum.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import { runningServers } from '../domain/sighting.ts';
import { plain } from './spans.ts';
import { clockTime, titled, type Voice } from './words.ts';

/** A pool as people would rather see it than read it. Everything in it is also said in words: `altOf`. */
export interface PoolMap {
  readonly title: string;
  /** When it was seen, and of whom it was asked. */
  readonly seen: string;
  readonly domains: readonly MapDomain[];
  readonly quorum: MapQuorum | null;
  /** Servers whose number of primaries is another than before; empty: none moved, or nothing is compared. */
  readonly moved: readonly { readonly server: string; readonly before: number; readonly after: number }[];
}

/** One upgrade domain. */
export interface MapDomain {
  readonly name: string;
  /** Whether it is the one that the message is about. */
  readonly atHand: boolean;
  readonly servers: readonly MapServer[];
}

/** One Front End Server: whether RTCSRV runs there, and how much of the pool's data it serves. */
export interface MapServer {
  readonly name: string;
  readonly state: 'runs' | 'down' | 'not read';
  /** Null: the fabric was not read. */
  readonly primaries: number | null;
  readonly secondaries: number | null;
  /** Whether it counts for quorum: in larger pools only the first servers do. */
  readonly counts: boolean;
}

/** How many of the servers that count run, how many will with the domain at hand down, and how many must. */
export interface MapQuorum {
  readonly counting: number;
  readonly running: number;
  readonly willRun: number;
  readonly needed: number;
  readonly words: string;
}

/** What a map is made from. `before` is the placement to compare with; null compares nothing. */
export interface MapQuestion {
  readonly pool: ManagedPool;
  readonly topology: Topology;
  readonly seen: PoolSighting;
  readonly atHand: readonly ServerFqdn[];
  /** Whether the domain at hand is about to go down. */
  readonly goingDown: boolean;
  readonly before: FabricState | null;
}

/** A pool as this look shows it. */
export function poolMapOf(question: MapQuestion, voice: Voice): PoolMap {
  const { pool, topology, seen, atHand, before } = question;
  const asked = seen.askedOf === null ? '' : `, ${shortName(seen.askedOf)} asked`;
  const rule = functionalRule(pool.version, topology.servers.length);
  const counting = topology.servers.slice(0, rule?.ofFirst ?? topology.servers.length);
  return {
    title: titled(shortName(pool.fqdn), voice),
    seen: `seen ${plain(clockTime(seen.at, voice))} ${voice.timeZone}${asked}`,
    domains: topology.upgradeDomains.map(({ name, servers }) => ({
      name,
      atHand: servers.some((server) => atHand.includes(server)),
      servers: servers.map((server) => serverIn(server, seen, counting)),
    })),
    quorum: quorumIn(question, counting),
    moved: before === null || seen.fabric === null ? [] : movedPrimaries(topology.servers, before, seen.fabric),
  };
}

function serverIn(server: ServerFqdn, { services, fabric }: PoolSighting, counting: readonly ServerFqdn[]): MapServer {
  const rtcsrv = services?.find((each) => each.server === server)?.rtcsrv ?? null;
  return {
    name: shortName(server),
    state: rtcsrv === null ? 'not read' : rtcsrv === 'Running' ? 'runs' : 'down',
    primaries: fabric === null ? null : primariesOf(server, fabric),
    secondaries: fabric?.groups.filter(({ secondaries }) => secondaries.includes(server)).length ?? null,
    counts: counting.includes(server),
  };
}

const primariesOf = (server: ServerFqdn, { groups }: FabricState): number =>
  groups.filter(({ primary }) => primary === server).length;

const movedPrimaries = (servers: readonly ServerFqdn[], before: FabricState, after: FabricState): PoolMap['moved'] =>
  servers
    .map((server) => ({ server: shortName(server), before: primariesOf(server, before), after: primariesOf(server, after) }))
    .filter((each) => each.before !== each.after);

/** Null where no number is published, or the services or the back end were not read: nothing is drawn that nobody knows. */
function quorumIn({ pool, topology, seen, atHand, goingDown }: MapQuestion, counting: readonly ServerFqdn[]): MapQuorum | null {
  const running = runningServers(seen);
  if (running === null || seen.backEnd === null || seen.backEnd === 'down') return null;
  const { servers } = topology;
  const stopping = goingDown ? atHand : [];
  const verdict = judgeQuorum({ version: pool.version, servers, running, stopping, backEnd: seen.backEnd });
  if (verdict.kind === 'unknown') return null;
  const strictest = verdict.counts.toSorted((left, right) => left.margin - right.margin)[0];
  if (strictest === undefined) return null;
  return {
    counting: counting.length,
    running: counting.filter((server) => running.includes(server)).length,
    willRun: strictest.willRun,
    needed: strictest.running,
    words: quorumInWords(strictest, servers.length),
  };
}

/** Longer texts are not read out whole by every reader. */
const ALT_MAX = 1_000;

/** Everything that the picture says, for whoever does not see it. */
export function altOf({ title, seen, domains, quorum, moved }: PoolMap): string {
  const told = [
    `Map of ${title}, ${seen}.`,
    ...domains.map(
      ({ name, atHand, servers }) =>
        `Upgrade domain ${name}${atHand ? ' (at hand)' : ''}: ${servers.map(({ name: server, state }) => `${server} ${state}`).join(', ')}.`,
    ),
    quorum === null ? 'Quorum: not known.' : `Quorum: ${quorum.words}.`,
    ...(moved.length === 0
      ? []
      : [`Primaries before and after: ${moved.map((each) => `${each.server} ${each.before} to ${each.after}`).join(', ')}.`]),
  ].join(' ');
  return told.length <= ALT_MAX ? told : `${told.slice(0, ALT_MAX - 1)}…`;
}
