import type { Hook } from '../../domain/inventory.ts';
import type { PoolFqdn, ServerFqdn } from '../../domain/pool.ts';
import type { PoolOperationKind } from '../../domain/pool-operation.ts';
import type { PoolReadiness } from '../../domain/readiness.ts';
import type { FailoverDirection } from '../../domain/sighting.ts';
import { DRAINING_TIMEOUT, FAILOVER_WAIT, type StopMode } from '../../domain/step.ts';
import type { Instant } from '../../domain/time.ts';
import type { Answer, Ask, PoolOperator, PoolReader, Told } from '../../ports.ts';
import { conditionOf, copiesOf } from './condition-answers.ts';
import { GARBAGE, type PoolModel } from './model.ts';

/** Simulated pools asked in this process. Through PowerShell the same models answer. */
export class SimulatedReader implements PoolReader {
  readonly #pools: readonly PoolModel[];

  constructor(pools: readonly PoolModel[]) {
    this.#pools = pools;
  }

  async computers(pool: PoolFqdn, ask: Ask) {
    return this.#ask(pool, ask, (model) => model.computers());
  }
  async readiness(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolReadiness>> {
    const answer = this.#ask(pool, ask, (model) => model.readiness());
    if (answer.kind !== 'understood') return answer;
    const { value, askedOf } = answer;
    if (value === 'silent') return { kind: 'silent', because: 'the readiness cmdlet printed nothing', askedOf, raw: '' };
    if (value === 'garbage')
      return { kind: 'garbage', because: 'the readiness cmdlet printed text, not an object', askedOf, raw: GARBAGE };
    return { ...answer, value };
  }
  async fabric(pool: PoolFqdn, ask: Ask, _detail: 'plain' | 'verbose') {
    return this.#ask(pool, ask, (model) => model.fabric());
  }
  async services(pool: PoolFqdn, ask: Ask, servers: readonly ServerFqdn[]) {
    return this.#ask(pool, ask, (model) =>
      servers.map((server) => ({ server, rtcsrv: model.answers(server) ? model.rtcsrv(server) : null })),
    );
  }
  async backEnd(pool: PoolFqdn, ask: Ask) {
    return this.#ask(pool, ask, (model) => model.backEnd());
  }
  async backupPool(pool: PoolFqdn, ask: Ask) {
    return this.#ask(pool, ask, (model) => model.backupPool);
  }
  async product(pool: PoolFqdn, ask: Ask) {
    return this.#ask(pool, ask, (model) => model.version);
  }
  async server(pool: PoolFqdn, server: ServerFqdn) {
    return this.#askServer(pool, server, (model) => model.server(server));
  }
  async sipPort(pool: PoolFqdn, ask: Ask, server: ServerFqdn) {
    return this.#ask(pool, ask, (model) => model.answers(server) && model.sipPortOpen(server));
  }
  async viewers(pool: PoolFqdn, server: ServerFqdn) {
    return this.#askServer(pool, server, (model) => model.viewers(server));
  }
  async patchLevel(pool: PoolFqdn, server: ServerFqdn) {
    return this.#askServer(pool, server, (model) => model.patchLevel(server));
  }
  async patchRun(pool: PoolFqdn, server: ServerFqdn) {
    return this.#askServer(pool, server, (model) => model.patchRun(server));
  }
  async hookRun(pool: PoolFqdn, server: ServerFqdn, hook: Hook) {
    return this.#askServer(pool, server, (model) => model.hookRun(server, hook));
  }
  async failoverRun(pool: PoolFqdn, server: ServerFqdn) {
    return this.#askServer(pool, server, (model) => model.failoverRun(server));
  }

  async condition(pool: PoolFqdn, _ask: Ask, servers: readonly ServerFqdn[]) {
    return conditionOf(modelOf(this.#pools, pool), servers);
  }
  async copies(pool: PoolFqdn, _ask: Ask) {
    return copiesOf(modelOf(this.#pools, pool));
  }
  async operationRun(pool: PoolFqdn, server: ServerFqdn) {
    return this.#askServer(pool, server, (model) => model.operationRun(server));
  }

  #ask<Value>(pool: PoolFqdn, ask: Ask, read: (model: PoolModel) => Value): Answer<Value> {
    const model = modelOf(this.#pools, pool);
    const askedOf = (ask.length === 0 ? model.computers() : ask).find((server) => model.answers(server));
    if (askedOf === undefined)
      return { kind: 'silent', because: 'no Front End Server of the pool answers', askedOf: null, raw: '' };
    return understood(read(model), askedOf);
  }
  #askServer<Value>(pool: PoolFqdn, server: ServerFqdn, read: (model: PoolModel) => Value): Answer<Value> {
    const model = modelOf(this.#pools, pool);
    if (!model.answers(server)) return { kind: 'silent', because: 'the server does not answer', askedOf: server, raw: '' };
    return understood(read(model), server);
  }
}

/** Simulated pools changed in this process. */
export class SimulatedOperator implements PoolOperator {
  readonly #pools: readonly PoolModel[];

  constructor(pools: readonly PoolModel[]) {
    this.#pools = pools;
  }

  async stopServices(pool: PoolFqdn, server: ServerFqdn, stopMode: StopMode): Promise<Told> {
    return this.#tell(pool, server, (model) => model.stopServices(server, stopMode));
  }
  async startServices(pool: PoolFqdn, server: ServerFqdn): Promise<Told> {
    return this.#tell(pool, server, (model) => model.startServices(server));
  }
  async restart(pool: PoolFqdn, server: ServerFqdn, bootTimeSeen: Instant): Promise<Told> {
    return this.#tell(pool, server, (model) => model.restart(server, bootTimeSeen));
  }
  async patch(pool: PoolFqdn, server: ServerFqdn): Promise<Told> {
    return this.#tell(pool, server, (model) => model.patch(server));
  }
  async hook(pool: PoolFqdn, server: ServerFqdn, hook: Hook): Promise<Told> {
    return this.#tell(pool, server, (model) => model.hook(server, hook));
  }
  async failover(pool: PoolFqdn, server: ServerFqdn, direction: FailoverDirection): Promise<Told> {
    const bounds = { wait: FAILOVER_WAIT, draining: direction === 'fail-over' ? DRAINING_TIMEOUT : null };
    return this.#tell(pool, server, (model) => model.failover(server, direction, bounds));
  }
  async operate(pool: PoolFqdn, server: ServerFqdn, operation: PoolOperationKind, token: string): Promise<Told> {
    return this.#tell(pool, server, (model) => model.operate(server, operation, token));
  }

  #tell(pool: PoolFqdn, server: ServerFqdn, tell: (model: PoolModel) => Told): Told {
    const model = modelOf(this.#pools, pool);
    return model.answers(server) ? tell(model) : { kind: 'unknown', because: 'the server does not answer' };
  }
}

function modelOf(pools: readonly PoolModel[], fqdn: PoolFqdn): PoolModel {
  const model = pools.find((each) => each.fqdn === fqdn);
  if (model === undefined) throw new Error(`no simulated pool is called ${fqdn}`);
  return model;
}

const understood = <Value>(value: Value, askedOf: ServerFqdn): Answer<Value> => ({
  kind: 'understood',
  value,
  askedOf,
  raw: JSON.stringify(value),
});
