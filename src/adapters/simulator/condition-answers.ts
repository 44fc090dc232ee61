import type { PoolCondition, PoolCopies, ServerCondition } from '../../domain/condition.ts';
import { KEY_PORTS } from '../../domain/condition.ts';
import type { ServerFqdn } from '../../domain/pool.ts';
import type { PoolModel } from './model.ts';

/** The condition of a simulated pool, as the scripts would bring it together. */
export function conditionOf(pool: PoolModel, servers: readonly ServerFqdn[]): PoolCondition {
  return {
    ...copiesOf(pool),
    servers: servers.map((server) => ({
      server,
      seen: pool.answers(server)
        ? { kind: 'read', value: serverCondition(pool, server) }
        : { kind: 'unread', because: `${server} does not answer` },
    })),
  };
}

/** What keeps copies of a simulated pool: one cmdlet each, asked on any server that answers. */
export function copiesOf(pool: PoolModel): PoolCopies {
  const anyAnswers = pool.computers().some((server) => pool.answers(server));
  const farm = <Value>(value: Value) =>
    anyAnswers
      ? ({ kind: 'read', value } as const)
      : ({ kind: 'unread', because: 'no Front End Server of the pool answers' } as const);
  return {
    backup: farm(pool.backupPool === null ? [] : pool.conditions.backup()),
    holdsCms: farm(pool.conditions.holdsCms),
    replicas: farm(cmsReplicas(pool)),
  };
}

/** Whether a port of a server takes a connection: none does while the server accepts none. */
export const portOpen = (pool: PoolModel, server: ServerFqdn, port: number): boolean =>
  pool.answers(server) && pool.sipPortOpen(server) && pool.conditions.portOpen(server, port);

/** What `Get-CsManagementStoreReplicationStatus` has of the pool's servers. */
export const cmsReplicas = (pool: PoolModel): readonly { readonly server: ServerFqdn; readonly upToDate: boolean }[] =>
  pool.computers().map((server) => ({ server, upToDate: !pool.conditions.replicaBehind.has(server) }));

function serverCondition(pool: PoolModel, server: ServerFqdn): ServerCondition {
  const { conditions } = pool;
  const read = <Value>(value: Value) => ({ kind: 'read', value }) as const;
  return {
    services: read(conditions.services(server, pool.rtcsrv(server), pool.server(server).bootTime)),
    events: read(conditions.events(server)),
    ports: read(KEY_PORTS.map((port) => ({ port, open: portOpen(pool, server, port) }))),
    restart: read(conditions.pendingRestart.has(server) ? ['Windows Update'] : []),
    disks: read([{ root: 'C:\\', free: conditions.free(server) }]),
    certificates: read([{ use: 'Default', ends: conditions.certificateEnd(server) }]),
    patchLevel: read(pool.patchLevel(server)),
  };
}
