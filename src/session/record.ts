import type { OperationEvent } from '../domain/operation.ts';
import type { PoolFqdn, ProductVersion } from '../domain/pool.ts';
import type { RunEvent } from '../domain/run.ts';
import type { Instant } from '../domain/time.ts';
import type { Answer, PoolReader, Store } from '../ports.ts';
import type { Names } from './names.ts';

/** One thing that happened in a session, as `--events` prints it: names as the file writes them, `at` in ISO 8601 UTC. */
export type SessionEvent = { readonly at: string; readonly kind: string } & Readonly<Record<string, unknown>>;

/** Tells the audience that something happened, now. */
export type Emit = (kind: string, facts: Readonly<Record<string, unknown>>) => void;

/** The cmdlet behind each reading. The readiness cmdlet is another in Skype for Business Server 2019. */
const CMDLETS: Readonly<Record<keyof PoolReader, string>> = {
  computers: 'Get-CsComputer',
  readiness: 'Get-CsPoolUpgradeReadinessState',
  fabric: 'Get-CsPoolFabricState',
  services: 'Get-CsWindowsService',
  backEnd: 'Get-CsDatabaseMirrorState',
  backupPool: 'Get-CsPoolBackupRelationship',
  product: 'Get-CsServerVersion',
  server: 'Get-CsWindowsService',
  sipPort: 'Test-NetConnection',
  viewers: 'Get-Process',
  patchLevel: 'Get-CsServerPatchVersion',
  patchRun: 'patch',
  hookRun: 'hook',
  failoverRun: 'failover',
  condition: 'preflight',
  copies: 'Get-CsBackupServiceStatus',
  operationRun: 'operation',
};

/** A reader that tells of each answer when it came. */
export function recordedReader(
  reader: PoolReader,
  versionOf: (pool: PoolFqdn) => ProductVersion,
  names: Names,
  emit: Emit,
): PoolReader {
  const tell = <Value>(asked: keyof PoolReader, pool: PoolFqdn, answer: Answer<Value>, state?: string): Answer<Value> => {
    const cmdlet = asked === 'readiness' && versionOf(pool) === '2019' ? 'Get-CsUpgradeDomainInfo' : CMDLETS[asked];
    emit('reading', { pool: names.as(pool), cmdlet, outcome: answer.kind === 'understood' ? (state ?? 'ok') : answer.kind });
    return answer;
  };
  const inTurn = asTheyWereAsked();
  return {
    computers: async (pool, ask) => tell('computers', pool, await reader.computers(pool, ask)),
    readiness: async (pool, ask) => {
      const answer = await reader.readiness(pool, ask);
      return tell('readiness', pool, answer, answer.kind === 'understood' ? answer.value.state : undefined);
    },
    fabric: async (pool, ask, detail) => tell('fabric', pool, await reader.fabric(pool, ask, detail)),
    services: async (pool, ask, servers) => tell('services', pool, await reader.services(pool, ask, servers)),
    backEnd: async (pool, ask) => tell('backEnd', pool, await reader.backEnd(pool, ask)),
    backupPool: async (pool, ask) => tell('backupPool', pool, await reader.backupPool(pool, ask)),
    product: async (pool, ask) => tell('product', pool, await reader.product(pool, ask)),
    server: async (pool, server) => tell('server', pool, await inTurn(reader.server(pool, server))),
    sipPort: async (pool, ask, server) => tell('sipPort', pool, await reader.sipPort(pool, ask, server)),
    viewers: async (pool, server) => tell('viewers', pool, await reader.viewers(pool, server)),
    patchLevel: async (pool, server) => tell('patchLevel', pool, await reader.patchLevel(pool, server)),
    patchRun: async (pool, server) => tell('patchRun', pool, await reader.patchRun(pool, server)),
    hookRun: async (pool, server, hook) => tell('hookRun', pool, await reader.hookRun(pool, server, hook)),
    failoverRun: async (pool, server) => tell('failoverRun', pool, await reader.failoverRun(pool, server)),
    condition: async (pool, ask, servers) => {
      const condition = await reader.condition(pool, ask, servers);
      const silent = condition.servers.some(({ seen }) => seen.kind === 'unread');
      emit('reading', { pool: names.as(pool), cmdlet: CMDLETS.condition, outcome: silent ? 'silent' : 'ok' });
      return condition;
    },
    copies: async (pool, ask) => {
      const copies = await reader.copies(pool, ask);
      const outcome = copies.backup.kind === 'unread' ? 'silent' : 'ok';
      emit('reading', { pool: names.as(pool), cmdlet: CMDLETS.copies, outcome });
      return copies;
    },
    operationRun: async (pool, server) => tell('operationRun', pool, await reader.operationRun(pool, server)),
  };
}

/** Servers are asked at the same time, and answer when they can: what they say is told in the order in which they were asked. */
function asTheyWereAsked(): <Value>(answer: Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (answer) => {
    const turn = last.then(() => answer);
    last = turn;
    return turn;
  };
}

/** A store that tells of each journal event of a run or an operation, and of the switch for all pools, once it is written. Looks are told without the placement of every replica. */
export function recordedStore(store: Store, names: Names, emit: Emit): Store {
  const tell = (run: number, pool: PoolFqdn | null, event: RunEvent) => {
    const { kind, at: _at, ...facts } = event;
    const told =
      kind === 'pool-observed'
        ? { verdict: event.sighting.verdict, askedOf: event.sighting.askedOf, services: event.sighting.services }
        : facts;
    emit('journal', { type: kind, run, ...(pool === null ? {} : { pool: names.as(pool) }), ...Object(names.deep(told)) });
  };
  const tellOperation = (operation: number, pool: PoolFqdn | null, event: OperationEvent) => {
    const { kind, at: _at, ...facts } = event;
    const told = event.kind === 'looked' ? { askedOf: event.sighting.askedOf, services: event.sighting.services } : facts;
    emit('journal', { type: kind, operation, ...(pool === null ? {} : { pool: names.as(pool) }), ...Object(names.deep(told)) });
  };
  return {
    ...store,
    openOperation: async (pool, first, delivery) => {
      const opened = await store.openOperation(pool, first, delivery);
      if (opened.kind === 'opened') tellOperation(opened.run, pool, first);
      return opened;
    },
    appendOperation: async (operation, seq, event, delivery) => {
      const outcome = await store.appendOperation(operation, seq, event, delivery);
      if (outcome === 'appended') tellOperation(operation, null, event);
      return outcome;
    },
    openRun: async (pool, first, delivery) => {
      const opened = await store.openRun(pool, first, delivery);
      if (opened.kind === 'opened') tell(opened.run, pool, first);
      return opened;
    },
    append: async (run, seq, event, delivery) => {
      const outcome = await store.append(run, seq, event, delivery);
      if (outcome === 'appended') tell(run, null, event);
      return outcome;
    },
    setFreeze: async (freeze, delivery) => {
      const outcome = await store.setFreeze(freeze, delivery);
      if (outcome === 'set') emit('freeze', { by: names.person(freeze.by), because: freeze.because });
      return outcome;
    },
    endFreeze: async (thaw, delivery) => {
      const outcome = await store.endFreeze(thaw, delivery);
      if (outcome === 'set') emit('thaw', { by: names.person(thaw.by) });
      return outcome;
    },
  };
}

/** ISO 8601, UTC, as the events carry it. */
export const isoTime = (at: Instant): string => new Date(at).toISOString();
