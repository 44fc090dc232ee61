import type { Chance } from '../adapters/simulator/chance.ts';
import type { Machine } from '../adapters/simulator/machine.ts';
import { SimulatedPool } from '../adapters/simulator/pool.ts';
import type { Rehearsable } from '../domain/rehearsal.ts';
import type { ServiceStatus } from '../domain/sighting.ts';
import type { Instant } from '../domain/time.ts';

/** A simulated pool that a look could have been taken of: whatever the look did not read is as it should be. */
export function poolAsSeen({ pool, seen, at }: Rehearsable, chance: Chance): SimulatedPool {
  const { readiness, computers, fabric, backEnd, backupPool } = seen;
  const simulated = new SimulatedPool(
    {
      fqdn: pool.fqdn,
      version: seen.product ?? pool.version,
      upgradeDomains: readiness?.upgradeDomains.map(({ name, servers }) => ({ name, servers })) ?? [],
      backupPool: backupPool === 'unread' ? pool.backupPool : backupPool,
      backEnd: backEnd ?? 'primary',
      seed: chance,
      ...(computers === null ? {} : { servers: computers }),
      ...(fabric === null ? {} : { placed: fabric.groups }),
    },
    at,
    { effect: () => {}, state: () => {} },
  );
  for (const { server, rtcsrv } of seen.services ?? [])
    if (rtcsrv !== 'Running') simulated.change(server, (machine, now) => notRunning(machine, rtcsrv, now));
  for (const server of seen.disabled ?? []) simulated.machine(server).disabled = true;
  for (const { server, open } of seen.viewers) simulated.machine(server).viewerOpen = open === null || open.length > 0;
  if (readiness !== null && readiness.state !== 'Ready') simulated.weather = readiness.state;
  else
    for (const { readyForUpgrade, servers } of readiness?.upgradeDomains ?? [])
      if (!readyForUpgrade) for (const server of servers) simulated.notReady.add(server);
  return simulated;
}

/** Nobody knows when it would end: a server that starts or stops is taken to go on doing so. */
function notRunning(machine: Machine, rtcsrv: ServiceStatus | null, now: Instant): void {
  switch (rtcsrv) {
    case null:
      machine.goDown();
      break;
    case 'StopPending':
      machine.drainForever();
      machine.stop('graceful', now);
      break;
    case 'StartPending':
      machine.loseServices();
      machine.nextStartHangs = true;
      machine.start(now);
      break;
    case 'Stopped':
    case 'Running':
      machine.loseServices();
  }
}
