import { SimulatedOperator, SimulatedReader } from '../../../src/adapters/simulator/direct.ts';
import { SimulatedPool } from '../../../src/adapters/simulator/pool.ts';
import { type PoolFqdn, type ProductVersion, parseServerFqdn, type ServerFqdn } from '../../../src/domain/pool.ts';
import type { OperationRun, PoolOperationKind } from '../../../src/domain/pool-operation.ts';
import type { Told } from '../../../src/ports.ts';
import { BACKUP_POOL, BOOT, POOL } from '../scripted-pool.ts';

/** What a pool of a test is like; six servers of 2015 with a backup pool unless it is said. */
export interface Of {
  readonly servers?: number;
  readonly version?: ProductVersion;
  readonly backupPool?: PoolFqdn | null;
  readonly seed?: number;
}

/** A whole pool, a clock that is moved by hand, and what was told to whom. */
export class OperationNight {
  readonly effects: string[] = [];
  readonly pool: SimulatedPool;
  readonly servers: readonly ServerFqdn[];
  readonly #operator: SimulatedOperator;
  readonly #reader: SimulatedReader;
  #now = BOOT;
  #tokens = 0;

  constructor({ servers: count = 6, version = '2015', backupPool = BACKUP_POOL, seed = 3 }: Of = {}) {
    this.servers = Array.from({ length: count }, (_, index) => serverNamed(`fe0${index + 1}.contoso.com`));
    const upgradeDomains = this.servers.map((server, index) => ({ name: String(index + 1), servers: [server] }));
    const layout = { fqdn: POOL, version, upgradeDomains, backupPool, backEnd: 'primary', seed } as const;
    this.pool = new SimulatedPool(layout, BOOT, {
      effect: (_, server, cmdlet, args) => void this.effects.push([server, cmdlet, ...args].join(' ')),
      state: () => {},
    });
    this.#operator = new SimulatedOperator([this.pool]);
    this.#reader = new SimulatedReader([this.pool]);
  }

  wait(time: number): void {
    this.#now += time;
    this.pool.advanceTo(this.#now);
  }
  /** On the first server, under a token of its own. */
  async operate(kind: PoolOperationKind): Promise<Told> {
    this.#tokens += 1;
    return this.#operator.operate(POOL, this.first, kind, `op-${this.#tokens}`);
  }
  get first(): ServerFqdn {
    return this.servers[0] ?? serverNamed('');
  }
  /** What the first server says of the last operation; of an end only how. */
  async run(): Promise<string | null> {
    const answer = await this.#reader.operationRun(POOL, this.first);
    if (answer.kind !== 'understood') return answer.kind;
    return inWords(answer.value);
  }
  /** The states of the services, of how many servers each. */
  services(): Readonly<Record<string, number>> {
    const states = Map.groupBy(this.servers, (server) => (this.pool.answers(server) ? this.pool.rtcsrv(server) : 'silent'));
    return Object.fromEntries([...states].map(([state, servers]) => [state, servers.length]));
  }
  /** The numbers of the events of a server's last hour. */
  events(server: ServerFqdn): readonly number[] {
    return this.pool.conditions.events(server).map(({ id }) => id);
  }
  withoutPrimary(): number {
    return this.pool.fabric().groups.filter(({ primary }) => primary === null).length;
  }
}

const inWords = (run: OperationRun): string => (run.kind === 'ended' ? (run.failed ?? 'done') : run.kind);

function serverNamed(name: string): ServerFqdn {
  const server = parseServerFqdn(name);
  if (server === null) throw new Error(`${name} is no server`);
  return server;
}
