import type { Effect, Witness } from '../adapters/simulator/layout.ts';
import { SimulatedPool } from '../adapters/simulator/pool.ts';
import type { ManagedPool, Right } from '../domain/inventory.ts';
import { type PersonId, type PoolFqdn, personId, type ServerFqdn, shortName } from '../domain/pool.ts';
import type { Instant } from '../domain/time.ts';
import { happenToCondition } from './condition-weather.ts';
import type { SessionLine } from './file.ts';
import { SessionFault } from './line-words.ts';
import { Names } from './names.ts';
import type { PoolLine } from './pool-line.ts';
import { happenToPool, type PoolWeatherLine } from './pool-weather.ts';

const DEFAULT_START = Date.parse('2026-03-03T22:00:00Z');
const ALL_RIGHTS: ReadonlySet<Right> = new Set(['view', 'operate', 'approve']);

/** What a session's pools, people and clock are. It moves only when it is told to. */
export class World {
  readonly names = new Names();
  readonly pools: SimulatedPool[] = [];
  readonly #lines = new Map<PoolFqdn, PoolLine>();
  readonly #people = new Map<PersonId, ReadonlySet<Right>>();
  readonly #witness: Witness;
  readonly #configured: readonly ManagedPool[];
  #approvals = 1;
  #seed = 1;
  #now: Instant = DEFAULT_START;

  constructor(configured: readonly ManagedPool[], witness: Witness) {
    this.#configured = configured;
    this.#witness = witness;
  }

  now(): Instant {
    return this.#now;
  }
  nextDue(): Instant | null {
    const dues = this.pools.flatMap((pool) => pool.nextDue() ?? []);
    return dues.length === 0 ? null : Math.min(...dues);
  }
  moveTo(instant: Instant): void {
    // One due time after another, so that what happens in two pools happens in its order.
    for (let due = this.nextDue(); due !== null && due <= instant; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due);
      for (const pool of this.pools) pool.advanceTo(this.#now);
    }
    this.#now = instant;
    for (const pool of this.pools) pool.advanceTo(instant);
  }

  /** Somebody who speaks and whom no line names may do all three. */
  meet(written: string): PersonId {
    const person = personId(written);
    this.names.keepPerson(written);
    if (!this.#people.has(person)) this.#people.set(person, ALL_RIGHTS);
    return person;
  }

  /** The pools as the bot's configuration would have them. */
  managed(): readonly ManagedPool[] {
    return [...this.#lines].map(([fqdn, line]): ManagedPool => {
      const configured = this.#configured.find((pool) => pool.fqdn === fqdn);
      if (configured !== undefined) return configured;
      return {
        fqdn,
        aliases: [],
        version: line.version,
        procedure: line.procedure ?? (line.version === '2019' ? 'server-failover' : 'upgrade-domains'),
        backupPool: line.paired === null ? null : this.names.pool(line.paired),
        patchMode: line.byCommand ? 'by-command' : 'by-hand',
        hooks: line.hooks,
        approvalsNeeded: this.#approvals,
        changeTicket: line.ticket,
        ...(line.watch === null ? {} : { watch: line.watch }),
        rights: this.#people,
        called: [...this.#people].filter(([, rights]) => rights.has('operate')).map(([person]) => person),
        timeZone: 'UTC',
        simulated: true,
        revision: 'session',
      };
    });
  }

  /** Lets a line of weather happen, now. False for a line that is no weather. */
  happen(line: SessionLine): boolean {
    switch (line.kind) {
      case 'start':
        if (this.pools.length > 0) throw this.#fault(line, '! start stands before the first pool');
        this.#now = line.at;
        return true;
      case 'seed':
        this.#seed = line.seed;
        return true;
      case 'pool':
        this.#addPool(line);
        return true;
      case 'person':
        this.#name(line);
        return true;
      case 'approvals':
        this.#approvals = line.count;
        return true;
      default:
        return this.#happenInPool(line);
    }
  }

  /** The effect a kill waits for, in full names. */
  effectOf(line: SessionLine & { readonly kind: 'kill' }): { readonly effect: Effect; readonly server: ServerFqdn } | null {
    return line.after === null ? null : { effect: line.after.effect, server: this.#serverOf(line, line.after.server).server };
  }

  #happenInPool(line: SessionLine): boolean {
    switch (line.kind) {
      case 'readiness': {
        const pool = line.pool === null ? this.#firstPool(line) : this.#poolOf(line, line.pool);
        pool.weather = line.weather === 'auto' ? null : line.weather;
        return true;
      }
      case 'move-primary':
        this.#firstPool(line).movePrimary();
        return true;
      case 'lose-secondaries':
        this.#firstPool(line).loseSecondaries(line.count);
        return true;
      case 'sql':
        this.#firstPool(line).switchBackEnd(line.state === 'principal' ? 'primary' : line.state);
        return true;
      case 'add-server':
        this.#addServer(line);
        return true;
      case 'backup':
        this.#firstPool(line).conditions.backupWeather = line.state;
        return true;
      case 'whole-pool-down':
      case 'publish-topology':
        return this.#happenToPool(line, line.pool === null ? this.#firstPool(line) : this.#poolOf(line, line.pool));
      case 'lose-quorum':
      case 'holds-cms':
      case 'edge-next-hop':
      case 'operation':
        return this.#happenToPool(line, this.#firstPool(line));
      case 'pairing':
        this.#firstPool(line).backupPool = line.pool === null ? null : this.names.pool(line.pool);
        return true;
      default:
        return this.#happenToServer(line);
    }
  }

  #happenToPool(line: SessionLine & PoolWeatherLine, pool: SimulatedPool): true {
    const because = happenToPool(line, pool);
    if (because !== null) throw this.#fault(line, because);
    return true;
  }

  #happenToServer(line: SessionLine): boolean {
    if (!('server' in line) || line.kind === 'add-server') return false;
    const { pool, server } = this.#serverOf(line, line.server);
    switch (line.kind) {
      case 'not-ready':
        pool.notReady.add(server);
        break;
      case 'is-ready':
        pool.notReady.delete(server);
        break;
      case 'down':
        pool.change(server, (machine) => machine.goDown());
        break;
      case 'up':
        pool.change(server, (machine, now) => machine.comeUp(now));
        break;
      case 'stuck':
        pool.machine(server).nextStartHangs = true;
        break;
      case 'drain-forever':
        pool.machine(server).drainForever();
        break;
      case 'patch-fails':
        pool.machine(server).nextPatchFails = true;
        break;
      case 'viewer':
      case 'viewer-closed':
        pool.machine(server).viewerOpen = line.kind === 'viewer';
        break;
      case 'failover-fails':
        pool.machine(server).nextFailOverFails = true;
        break;
      case 'hook-before-fails':
      case 'hook-after-fails':
        pool.machine(server).nextHookFails[line.kind === 'hook-before-fails' ? 'before' : 'after'] = true;
        break;
      case 'restarted-by-hand':
        pool.change(server, (machine, now) => machine.restart(now));
        break;
      case 'patched-by-hand':
        pool.machine(server).level += 1;
        break;
      case 'started-by-hand':
        pool.change(server, (machine, now) => machine.start(now));
        break;
      case 'remove-server':
        pool.removeServer(server);
        break;
      case 'failback-fails':
        pool.machine(server).nextFailBackFails = true;
        break;
      case 'services-disabled':
      case 'services-enabled':
        pool.machine(server).disabled = line.kind === 'services-disabled';
        break;
      default:
        happenToCondition(line, pool, server);
    }
    return true;
  }

  #addPool(line: SessionLine & PoolLine): void {
    const fqdn = this.names.pool(line.name);
    if (fqdn === null) throw this.#fault(line, `"${line.name}" is not a name of a pool`);
    if (this.#lines.has(fqdn)) throw this.#fault(line, `pool ${line.name} stands twice`);
    const upgradeDomains = line.domains.map((servers, index) => ({
      name: String(index + 1),
      servers: servers.map((server) => this.#newServer(line, server)),
    }));
    const backupPool = line.paired === null ? null : this.names.pool(line.paired);
    const backEnd = line.sql === 'mirror' ? 'mirror' : 'primary';
    const layout = { fqdn, version: line.installed, upgradeDomains, backupPool, backEnd, seed: this.#seed } as const;
    this.#lines.set(fqdn, line);
    this.pools.push(new SimulatedPool(layout, this.#now, this.#witness));
  }
  #newServer(line: SessionLine, written: string): ServerFqdn {
    const server = this.names.server(written);
    if (server === null) throw this.#fault(line, `"${written}" is not a name of a server`);
    if (this.pools.some((pool) => pool.computers().includes(server)))
      throw this.#fault(line, `server ${written} is in another pool already`);
    return server;
  }
  #addServer(line: SessionLine & { readonly kind: 'add-server' }): void {
    const pool = this.#firstPool(line);
    pool.addServer(this.#newServer(line, line.server));
  }
  #name({ name, rights }: SessionLine & { readonly kind: 'person' }): void {
    const person = personId(name);
    this.names.keepPerson(name);
    this.#people.set(person, new Set(rights));
  }
  #firstPool(line: SessionLine): SimulatedPool {
    const [first] = this.pools;
    if (first === undefined) throw this.#fault(line, 'there is no pool yet');
    return first;
  }
  #poolOf(line: SessionLine, written: string): SimulatedPool {
    const fqdn = this.names.pool(written);
    const pool =
      this.pools.find((each) => each.fqdn === fqdn) ?? this.pools.find((each) => shortName(each.fqdn) === written.toLowerCase());
    if (pool === undefined) throw this.#fault(line, `there is no pool ${written}`, written);
    return pool;
  }
  #serverOf(line: SessionLine, written: string): { readonly pool: SimulatedPool; readonly server: ServerFqdn } {
    // A configured pool has full names, and people type the short ones.
    const all = this.pools.flatMap((each) => each.computers());
    const exact = this.names.server(written);
    const server =
      exact !== null && all.includes(exact) ? exact : (all.find((each) => shortName(each) === written.toLowerCase()) ?? null);
    const pool = this.pools.find((each) => server !== null && each.computers().includes(server));
    if (pool === undefined || server === null) throw this.#fault(line, `there is no server ${written}`, written);
    return { pool, server };
  }
  #fault({ number, text }: SessionLine, because: string, word?: string): SessionFault {
    const column = word === undefined ? text.search(/\S/) : text.lastIndexOf(word);
    return new SessionFault(number, Math.max(0, column) + 1, because);
  }
}
