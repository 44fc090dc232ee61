import type { PoolCondition, PoolCopies } from '../../domain/condition.ts';
import type { FabricState } from '../../domain/fabric.ts';
import type { Hook } from '../../domain/inventory.ts';
import type { PoolFqdn, ProductVersion, ServerFqdn } from '../../domain/pool.ts';
import type { OperationRun, PoolOperationKind } from '../../domain/pool-operation.ts';
import type { BackEnd } from '../../domain/quorum.ts';
import type { PoolReadiness } from '../../domain/readiness.ts';
import type { FailoverDirection, FailoverRun, HookRun, PatchRun, ServerAnswer, ServerService } from '../../domain/sighting.ts';
import { DRAINING_TIMEOUT, FAILOVER_WAIT, type StopMode } from '../../domain/step.ts';
import { type Instant, minutes } from '../../domain/time.ts';
import type { Answer, Ask, PoolOperator, PoolReader, Told } from '../../ports.ts';
import type { CallAnswer, PowerShellCalls } from './calls.ts';
import { EFFECTS, type Entry, READINGS } from './catalogue.ts';
import { readCondition, readCopies } from './condition.ts';
import type { Decoded } from './decode.ts';
import { decodeFabric } from './decode-fabric.ts';
import { decodeOperationRun } from './decode-operation.ts';
import { decodeReadiness } from './decode-readiness.ts';
import {
  decodeFailoverRun,
  decodeHookRun,
  decodePatchLevel,
  decodePatchRun,
  decodePort,
  decodeServer,
  decodeServices,
  decodeTold,
  decodeViewers,
} from './decode-server.ts';
import { decodeBackEnd, decodeBackupPool, decodeComputers, decodeProduct } from './decode-topology.ts';
import { RAW_KEPT } from './shell.ts';

type Value = Extract<CallAnswer, { kind: 'value' }>;

/** A pool as its own cmdlets show it. Never throws, and never answers yes to what it could not read. */
export class PowerShellReader implements PoolReader {
  readonly #calls: PowerShellCalls;

  constructor(calls: PowerShellCalls) {
    this.#calls = calls;
  }

  computers(pool: PoolFqdn, ask: Ask): Promise<Answer<readonly ServerFqdn[]>> {
    return this.#ask(pool, ask, READINGS.computers, { PoolFqdn: pool }, ({ value }) => decodeComputers(value));
  }

  readiness(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolReadiness>> {
    return this.#ask(pool, ask, READINGS.readiness, {}, ({ value }) => decodeReadiness(value, pool));
  }

  fabric(pool: PoolFqdn, ask: Ask, detail: 'plain' | 'verbose'): Promise<Answer<FabricState>> {
    const values = { PoolFqdn: pool, Detail: detail };
    return this.#ask(pool, ask, READINGS.fabric, values, ({ value, warnings }) => decodeFabric(value, warnings, pool));
  }

  services(pool: PoolFqdn, ask: Ask, servers: readonly ServerFqdn[]): Promise<Answer<readonly ServerService[]>> {
    // No question, no answer to be had: a script would be given an empty list, which its parameter does not take.
    if (servers.length === 0) return Promise.resolve({ kind: 'understood', value: [], askedOf: null, raw: '' });
    return this.#ask(pool, ask, READINGS.services, { Servers: [...servers] }, ({ value }) => decodeServices(value, servers));
  }

  backEnd(pool: PoolFqdn, ask: Ask): Promise<Answer<BackEnd>> {
    return this.#ask(pool, ask, READINGS.backEnd, { PoolFqdn: pool }, ({ value }) => decodeBackEnd(value));
  }

  backupPool(pool: PoolFqdn, ask: Ask): Promise<Answer<PoolFqdn | null>> {
    return this.#ask(pool, ask, READINGS.backupPool, { PoolFqdn: pool }, ({ value }) => decodeBackupPool(value, pool));
  }

  product(pool: PoolFqdn, ask: Ask): Promise<Answer<ProductVersion>> {
    return this.#ask(pool, ask, READINGS.product, {}, ({ value }) => decodeProduct(value));
  }

  server(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<ServerAnswer>> {
    return this.#ask(pool, [server], READINGS.server, {}, ({ value }) => decodeServer(value));
  }

  sipPort(pool: PoolFqdn, ask: Ask, server: ServerFqdn): Promise<Answer<boolean>> {
    return this.#ask(pool, ask, READINGS.port, { Server: server, Port: 5061 }, ({ value }) => decodePort(value));
  }

  viewers(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<readonly string[]>> {
    return this.#ask(pool, [server], READINGS.viewers, {}, ({ value }) => decodeViewers(value));
  }

  patchLevel(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<string | null>> {
    return this.#ask(pool, [server], READINGS.patchLevel, {}, ({ value }) => decodePatchLevel(value));
  }

  patchRun(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<PatchRun>> {
    return this.#ask(pool, [server], READINGS.patchRun, { Name: 'patch-run' }, ({ value }) => decodePatchRun(value));
  }

  hookRun(pool: PoolFqdn, server: ServerFqdn, hook: Hook): Promise<Answer<HookRun>> {
    return this.#ask(pool, [server], READINGS.hookRun, { Name: `${hook}-run` }, ({ value }) => decodeHookRun(value));
  }

  failoverRun(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<FailoverRun>> {
    return this.#ask(pool, [server], READINGS.failoverRun, { Name: 'failover-run' }, ({ value }) => decodeFailoverRun(value));
  }

  condition(pool: PoolFqdn, ask: Ask, servers: readonly ServerFqdn[]): Promise<PoolCondition> {
    return readCondition(this.#calls, pool, ask, servers);
  }

  copies(pool: PoolFqdn, ask: Ask): Promise<PoolCopies> {
    return readCopies(this.#calls, pool, ask);
  }

  operationRun(pool: PoolFqdn, server: ServerFqdn): Promise<Answer<OperationRun>> {
    return this.#ask(pool, [server], READINGS.operationRun, { Name: 'operation-run' }, ({ value }) => decodeOperationRun(value));
  }

  /** Puts the question to the servers in their order until one answers. What a cmdlet printed, even nothing, is its answer. */
  async #ask<Values, T>(
    pool: PoolFqdn,
    ask: Ask,
    entry: Entry<Values>,
    values: Values,
    decode: (answer: Value) => Decoded<T>,
  ): Promise<Answer<T>> {
    const failed: string[] = [];
    let raw = '';
    let last: ServerFqdn | null = null;
    for (const server of ask.length === 0 ? this.#calls.first(pool) : ask) {
      const answer = await this.#calls.read(pool, server, entry, values);
      if (answer.kind === 'value') return { ...decode(answer), askedOf: answer.on, raw: rawOf(answer) };
      failed.push(server === null || answer.because.includes(server) ? answer.because : `${server}: ${answer.because}`);
      if (answer.kind !== 'not-asked') {
        last = answer.on;
        raw = answer.kind === 'fault' ? rawOf(answer) : answer.raw;
      }
      if (answer.kind === 'lost' && answer.timedOut && entry.afterTimeOut === 'give-up') break;
    }
    return { kind: 'silent', because: failed.join('; '), askedOf: last, raw };
  }
}

/** What was printed, in the order a console shows it, for the person who has to read it. */
function rawOf(answer: Extract<CallAnswer, { kind: 'value' | 'fault' }>): string {
  const remarks = [...answer.warnings.map((text) => `WARNING: ${text}`), ...answer.verbose.map((text) => `VERBOSE: ${text}`)];
  const printed = answer.kind === 'fault' ? answer.because : textOf(answer.value);
  return [...remarks, printed].join('\n').slice(0, RAW_KEPT);
}

function textOf(value: unknown): string {
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined;
  return typeof text === 'string' ? text.trim() : JSON.stringify(value, null, 1);
}

/** A pool's one configured patch command: a file on the Front End Servers, and its arguments. Never from chat. */
export interface PatchCommand {
  readonly file: string;
  readonly arguments: readonly string[];
}

/** Which commands a pool has of its own; null: none. */
export interface PoolCommands {
  patch(pool: PoolFqdn): PatchCommand | null;
  hook(pool: PoolFqdn, hook: Hook): PatchCommand | null;
}

/** Changes servers through their own cmdlets, on the server itself. Never throws: what is not known is `unknown`. */
export class PowerShellOperator implements PoolOperator {
  readonly #calls: PowerShellCalls;
  readonly #commands: PoolCommands;

  constructor(calls: PowerShellCalls, commands: PoolCommands) {
    this.#calls = calls;
    this.#commands = commands;
  }

  stopServices(pool: PoolFqdn, server: ServerFqdn, stopMode: StopMode): Promise<Told> {
    return this.#tell(pool, server, EFFECTS.stopServices, { StopMode: stopMode });
  }

  startServices(pool: PoolFqdn, server: ServerFqdn): Promise<Told> {
    return this.#tell(pool, server, EFFECTS.startServices, {});
  }

  restart(pool: PoolFqdn, server: ServerFqdn, bootTimeSeen: Instant): Promise<Told> {
    return this.#tell(pool, server, EFFECTS.restart, { BootTimeSeen: bootTimeSeen });
  }

  patch(pool: PoolFqdn, server: ServerFqdn): Promise<Told> {
    const command = this.#commands.patch(pool);
    if (command === null) return Promise.resolve({ kind: 'refused', because: `no patch command is configured for ${pool}` });
    return this.#tell(pool, server, EFFECTS.patch, { File: command.file, Arguments: [...command.arguments] });
  }

  hook(pool: PoolFqdn, server: ServerFqdn, hook: Hook): Promise<Told> {
    const command = this.#commands.hook(pool, hook);
    if (command === null) return Promise.resolve({ kind: 'refused', because: `no hook ${hook} is configured for ${pool}` });
    const values = { Name: `${hook}-run` as const, File: command.file, Arguments: [...command.arguments] };
    return this.#tell(pool, server, EFFECTS.hook, values);
  }

  failover(pool: PoolFqdn, server: ServerFqdn, direction: FailoverDirection): Promise<Told> {
    const bounds = { WaitTime: FAILOVER_WAIT / minutes(1), DrainingTimeout: DRAINING_TIMEOUT / minutes(1) };
    return this.#tell(pool, server, EFFECTS.failover, { Server: server, Direction: direction, ...bounds });
  }

  operate(pool: PoolFqdn, server: ServerFqdn, operation: PoolOperationKind, token: string): Promise<Told> {
    return this.#tell(pool, server, EFFECTS.operate, { PoolFqdn: pool, Operation: operation, Token: token });
  }

  async #tell<Values>(pool: PoolFqdn, server: ServerFqdn, entry: Entry<Values>, values: Values): Promise<Told> {
    const answer = await this.#calls.act(pool, server, entry, values);
    switch (answer.kind) {
      case 'value':
        return decodeTold(answer.value) ?? { kind: 'unknown', because: `an answer that is not understood: ${rawOf(answer)}` };
      case 'fault':
        return { kind: answer.denied ? 'refused' : 'unknown', because: answer.because };
      case 'lost':
        return { kind: 'unknown', because: answer.because };
      case 'not-asked':
        // A server that cannot be reached now may be found restarted by the next look; the rest can never work.
        return { kind: answer.reason === 'unreachable' ? 'unknown' : 'refused', because: answer.because };
    }
  }
}
