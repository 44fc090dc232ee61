import type { ProductVersion, ServerFqdn } from '../../domain/pool.ts';
import { type BackEnd, functionalRule, startMinimum } from '../../domain/quorum.ts';
import type { Instant } from '../../domain/time.ts';
import type { Chance } from './chance.ts';
import type { Machine } from './machine.ts';

/** What it hangs on whether simulated servers may serve together; machines in topology order. */
export interface Together {
  readonly version: ProductVersion;
  readonly machines: readonly Machine[];
  readonly backEnd: BackEnd;
}

/** The published functional minimum, and one more for the vote of an even pool whose primary database is not in charge. */
export function hasQuorum({ version, machines, backEnd }: Together, counts: (machine: Machine) => boolean): boolean {
  const rule = functionalRule(version, machines.length) ?? { running: 1, ofFirst: machines.length };
  const needed = rule.running + (machines.length % 2 === 0 && backEnd !== 'primary' ? 1 : 0);
  return machines.slice(0, rule.ofFirst).filter(counts).length >= needed;
}

/** Users are loaded from the back end before services run, in seconds; "up to an hour in large pools", which ours are not. */
const PLACED_WITHIN = [120, 360] as const;

/** How a simulated pool comes up of which no server serves. */
export class ColdStart {
  /** Somebody published while no server served: the services start, and do not come to run before a `ServiceReset`. */
  topologyWaits = false;
  /** When the routing groups will have been placed; null while nothing is being placed. */
  placedAt: Instant | null = null;
  /** Which server of the pool stopped serving last; null: several did at once. */
  lastDown: ServerFqdn | null = null;
  /** Its users were loaded from the back end since it went down, so that a pool of two may come back in any order. */
  recovered = false;
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Which event a server logs that is starting and waits. */
  get event(): 32169 | 32174 {
    return this.placedAt === null ? 32169 : 32174;
  }

  /**
   * "the remaining servers in the pool will stop all Lync Server services", and one that starts without enough others stays in
   * starting until there are. True when the pool has come up of which no server served.
   */
  balance(together: Together, now: Instant): boolean {
    const { machines } = together;
    if (machines.some(({ serves }) => serves)) {
      if (hasQuorum(together, ({ serves, awaitsQuorum }) => serves || awaitsQuorum)) {
        this.#join(machines);
        return false;
      }
      for (const machine of machines) if (machine.serves) machine.loseServices();
    }
    if (!this.#mayJoin(together, now)) return false;
    this.#join(machines);
    return true;
  }

  /**
   * The start table counts those that wait to serve; and a pool of two is brought back "together or in reverse order". Once
   * there are enough their routing groups are placed first.
   */
  #mayJoin(together: Together, now: Instant): boolean {
    const { version, machines } = together;
    const waiting = machines.filter(({ awaitsQuorum }) => awaitsQuorum);
    const needed = startMinimum(version, machines.length) ?? machines.length;
    const reversed = waiting.length === 2 || waiting[0]?.server === this.lastDown;
    const inOrder = machines.length !== 2 || reversed || this.recovered;
    const enough = waiting.length >= needed && hasQuorum(together, ({ awaitsQuorum }) => awaitsQuorum) && inOrder;
    if (!enough || this.topologyWaits) {
      this.placedAt = null;
      return false;
    }
    const [least, most] = PLACED_WITHIN;
    this.placedAt ??= now + this.#chance.between('placed', least, most) * 1_000;
    return now >= this.placedAt;
  }
  #join(machines: readonly Machine[]): void {
    this.placedAt = null;
    this.recovered = false;
    for (const machine of machines) machine.joinPool();
  }
}
