import type { RoutingGroup } from '../../domain/fabric.ts';
import type { ServerFqdn, UpgradeDomain } from '../../domain/pool.ts';
import { type Instant, minutes, seconds } from '../../domain/time.ts';
import type { Chance } from './chance.ts';

/** A replica that is being built, and when it will be there. */
interface Pending {
  readonly server: ServerFqdn;
  readonly due: Instant;
}

interface Group {
  readonly id: string;
  primary: ServerFqdn | null;
  secondaries: ServerFqdn[];
  /** Servers that held a replica and may take it up again sooner than another could build it. */
  former: ServerFqdn[];
  pending: Pending[];
  /** It has lost its quorum while its servers run: nothing of it is built again before it is loaded. */
  lost: boolean;
}

/** A returning replica catches up in 3 to 8 minutes; a lost one is rebuilt elsewhere in 15 to 30 (domain facts 2.6). */
const CATCH_UP_MINUTES = [3, 8] as const;
const REBUILD_MINUTES = [15, 30] as const;
const FEWEST_GROUPS = 6;

/** Where a simulated pool keeps its users: three replicas a routing group, in different upgrade domains where there are three. */
export class Placement {
  #domains: readonly UpgradeDomain[];
  readonly #groups: Group[];
  readonly #chance: Chance;

  /** `placed`: the routing groups as they are to be; without any they are laid out evenly. */
  constructor(domains: readonly UpgradeDomain[], chance: Chance, placed: readonly RoutingGroup[] = []) {
    this.#domains = domains;
    this.#chance = chance;
    if (placed.length > 0) {
      this.#groups = placed.map((group) => ({
        ...group,
        secondaries: [...group.secondaries],
        former: [],
        pending: [],
        lost: false,
      }));
      return;
    }
    const servers = domains.flatMap((domain) => domain.servers);
    const size = Math.max(FEWEST_GROUPS, servers.length);
    this.#groups = Array.from({ length: size }, (_, index) => this.#place(`rg-${index + 1}`, servers, index));
  }

  get groups(): readonly RoutingGroup[] {
    return this.#groups.map(({ id, primary, secondaries }) => ({ id, primary, secondaries: [...secondaries] }));
  }
  get complete(): boolean {
    // One that lost its quorum does not show: Ready is not proof of health.
    const healthy = this.#groups.filter(({ lost }) => !lost);
    return healthy.every((group) => group.primary !== null && held(group).length >= this.#expected());
  }
  domainsAre(domains: readonly UpgradeDomain[]): void {
    this.#domains = domains;
  }

  /** A server serves no more: secondaries become primaries, and what is missing begins to be built. */
  lost(server: ServerFqdn, up: readonly ServerFqdn[], now: Instant): void {
    for (const group of this.#groups) {
      if (!held(group).includes(server)) continue;
      group.former.push(server);
      group.secondaries = group.secondaries.filter((each) => each !== server);
      if (group.primary === server) group.primary = group.secondaries.shift() ?? null;
    }
    this.#build(up, now);
  }
  returned(up: readonly ServerFqdn[], now: Instant): void {
    this.#build(up, now);
  }
  nextDue(): Instant | null {
    const dues = this.#groups.flatMap(({ pending }) => pending.map(({ due }) => due));
    return dues.length === 0 ? null : Math.min(...dues);
  }
  /** Finishes every replica that is due. */
  finishDue(up: readonly ServerFqdn[], now: Instant): void {
    for (const group of this.#groups) {
      for (const { server } of group.pending.filter(({ due }) => due <= now)) {
        if (group.primary === null) group.primary = server;
        else group.secondaries.push(server);
      }
      group.pending = group.pending.filter(({ due }) => due > now);
      if (held(group).length >= this.#expected()) group.former = [];
    }
    this.#build(up, now);
  }
  /** One routing group's primary changes places with its first secondary. */
  movePrimary(): void {
    const candidates = this.#groups.filter(({ primary, secondaries }) => primary !== null && secondaries.length > 0);
    const group = candidates[this.#chance.between('move-primary', 0, Math.max(0, candidates.length - 1))];
    const next = group?.secondaries.shift();
    if (group === undefined || next === undefined) return;
    if (group.primary !== null) group.secondaries.push(group.primary);
    group.primary = next;
  }
  loseSecondaries(count: number, up: readonly ServerFqdn[], now: Instant): void {
    for (const group of this.#groups.slice(0, count)) group.secondaries = [];
    this.#build(up, now);
  }

  loseQuorum(count: number): void {
    for (const group of this.#groups.slice(0, count)) {
      const [left] = held(group).slice(-1);
      group.former.push(...held(group).slice(0, -1));
      group.primary = null;
      group.secondaries = left === undefined ? [] : [left];
      group.pending = [];
      group.lost = true;
    }
  }
  /** Those that have lost their quorum are loaded from the back end with the next ones to be placed. */
  loadLost(): void {
    for (const group of this.#groups) {
      if (!group.lost) continue;
      group.former.push(...group.secondaries);
      group.secondaries = [];
      group.lost = false;
    }
  }
  /** A pool that was down loads each routing group from the back end into a primary, before its services run. */
  hydrate(up: readonly ServerFqdn[]): void {
    for (const group of this.#groups) {
      if (group.lost || group.primary !== null) continue;
      group.primary = group.former.find((server) => up.includes(server)) ?? up[0] ?? null;
    }
  }

  /** "two Front End Servers keep no replicas": both load their users from SQL (domain facts 2.6). */
  #expected(): number {
    return this.#ofTwo() ? 1 : 3;
  }
  #ofTwo(): boolean {
    return this.#domains.reduce((sum, { servers }) => sum + servers.length, 0) <= 2;
  }
  #place(id: string, servers: readonly ServerFqdn[], index: number): Group {
    const [primary = null] = servers.slice(index % servers.length);
    const group: Group = { id, primary, secondaries: [], former: [], pending: [], lost: false };
    for (let nth = 1; nth < this.#expected(); nth += 1) {
      const candidates = this.#candidates(group, servers);
      const next = candidates[(index + Math.floor(index / servers.length) * nth) % Math.max(1, candidates.length)];
      if (next !== undefined) group.secondaries.push(next);
    }
    return group;
  }
  /** Servers that may hold another replica of the group: in an upgrade domain of their own, where the pool has three. */
  #candidates(group: Group, up: readonly ServerFqdn[]): readonly ServerFqdn[] {
    const taken = [...held(group), ...group.pending.map(({ server }) => server)];
    const takenDomains = this.#domains.filter(({ servers }) => servers.some((server) => taken.includes(server)));
    const free = up.filter((server) => !taken.includes(server));
    const apart = free.filter((server) => !takenDomains.some(({ servers }) => servers.includes(server)));
    return this.#domains.length >= 3 || apart.length > 0 ? apart : free;
  }
  #build(up: readonly ServerFqdn[], now: Instant): void {
    for (const group of this.#groups) {
      if (group.lost) continue;
      group.pending = group.pending.filter(({ server }) => up.includes(server));
      this.#preferReturning(group, up);
      for (;;) {
        if (held(group).length + group.pending.length >= this.#expected()) break;
        const candidates = this.#candidates(group, up);
        const returning = candidates.find((server) => group.former.includes(server));
        const server = returning ?? candidates[this.#chance.between(`${group.id} where`, 0, Math.max(0, candidates.length - 1))];
        if (server === undefined) break;
        const [least, most] = returning === undefined && !this.#ofTwo() ? REBUILD_MINUTES : CATCH_UP_MINUTES;
        const subject = `${returning === undefined ? group.id : server} build`;
        group.pending.push({ server, due: now + seconds(this.#chance.between(subject, least * 60, most * 60)) });
      }
    }
  }
  /** A server that comes back catches up sooner than another builds afresh, so the slow one is dropped. */
  #preferReturning(group: Group, up: readonly ServerFqdn[]): void {
    const returning = group.former.find(
      (server) => up.includes(server) && !held(group).includes(server) && !group.pending.some((each) => each.server === server),
    );
    const slow = group.pending.find(({ server }) => !group.former.includes(server));
    if (returning !== undefined && slow !== undefined) group.pending = group.pending.filter((each) => each !== slow);
  }
}

const held = ({ primary, secondaries }: Group): readonly ServerFqdn[] =>
  primary === null ? secondaries : [primary, ...secondaries];

/** How long things take on a simulated server; the ranges, evenly spread. */
export const DURATIONS = {
  drain: [minutes(2), minutes(5)],
  restart: [minutes(3), minutes(5)],
  patch: [minutes(5), minutes(10)],
  startServices: [minutes(1), minutes(2)],
  catchUp: [minutes(CATCH_UP_MINUTES[0]), minutes(CATCH_UP_MINUTES[1])],
} as const;
