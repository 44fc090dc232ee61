import type { ServerFqdn } from './pool.ts';

/** A set of users homed in the pool, kept on three servers: one primary, two secondaries. */
export interface RoutingGroup {
  readonly id: string;
  /** Null: nobody serves these users. */
  readonly primary: ServerFqdn | null;
  readonly secondaries: readonly ServerFqdn[];
}

/** What `Get-CsPoolFabricState` shows of a pool. */
export interface FabricState {
  readonly groups: readonly RoutingGroup[];
  /** Servers that the fabric does not show as OK and UP. */
  readonly serversNotUp: readonly ServerFqdn[];
}

/** Every server that keeps the group's data, the primary first. */
export const replicasOf = ({ primary, secondaries }: RoutingGroup): readonly ServerFqdn[] =>
  primary === null ? secondaries : [primary, ...secondaries];

/** How many replicas a routing group keeps: the documents' three. Two servers keep none of each other's: both load users from SQL. */
const replicasKept = (poolSize: number): number => (poolSize <= 2 ? 1 : 3);

/**
 * "make sure all of the routing groups have a primary and at least one secondary": Improving the Reliability of Pool Upgrades.
 * In a pool of two there is no secondary to ask for.
 */
export const notFullyServed = ({ groups }: FabricState, poolSize: number): readonly RoutingGroup[] =>
  groups.filter(({ primary, secondaries }) => primary === null || (replicasKept(poolSize) > 1 && secondaries.length === 0));

/** Groups that keep fewer replicas than the documents speak of. */
export const missingReplicas = ({ groups }: FabricState, poolSize: number): readonly RoutingGroup[] =>
  groups.filter((group) => replicasOf(group).length < replicasKept(poolSize));

/** Groups that would keep fewer than two replicas once every one of `servers` is down. */
export const fewerThanTwoOutside = ({ groups }: FabricState, servers: readonly ServerFqdn[]): readonly RoutingGroup[] =>
  groups.filter((group) => outside(group, servers).length < 2);

/**
 * Groups that keep fewer replicas outside `servers` than in the earlier look, or are gone from the list. A replica that
 * was lost there and has been rebuilt on another server outside is as good as the one before.
 */
export function fewerOutside(before: FabricState, after: FabricState, servers: readonly ServerFqdn[]): readonly RoutingGroup[] {
  const later = new Map(after.groups.map((group) => [group.id, outside(group, servers).length]));
  return before.groups.filter((group) => (later.get(group.id) ?? -1) < outside(group, servers).length);
}

const outside = (group: RoutingGroup, servers: readonly ServerFqdn[]): readonly ServerFqdn[] =>
  replicasOf(group).filter((server) => !servers.includes(server));

/** One routing group whose primary or secondaries are not those of the earlier look. Null: it was, or is, not listed. */
export interface Move {
  readonly id: string;
  readonly before: RoutingGroup | null;
  readonly after: RoutingGroup | null;
}

/** What moved between two looks. Nothing is what a settled pool looks like. */
export function movesBetween(before: FabricState, after: FabricState): readonly Move[] {
  const placement = (group: RoutingGroup | undefined) =>
    group === undefined ? '' : [group.primary, ...group.secondaries.toSorted()].join();
  const [earlier, later] = [before, after].map(({ groups }) => new Map(groups.map((group) => [group.id, group])));
  const ids = new Set([...before.groups, ...after.groups].map(({ id }) => id));
  return [...ids]
    .filter((id) => placement(earlier?.get(id)) !== placement(later?.get(id)))
    .map((id): Move => ({ id, before: earlier?.get(id) ?? null, after: later?.get(id) ?? null }));
}
