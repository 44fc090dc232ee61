import { unitsOf } from '../../src/domain/plan.ts';
import type { ServerFqdn, Topology, UpgradeDomain } from '../../src/domain/pool.ts';
import type { ServerAnswer, ServerSighting } from '../../src/domain/sighting.ts';
import { type Asked, aPool, must, Story, server, UP, without } from '../support.ts';

export const [fe1, fe2, fe3] = [server(1), server(2), server(3)];
export const STOPPED: ServerAnswer = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' };
export const OFF: ServerAnswer = { ...STOPPED, disabled: true };
export const ACCEPTS: Partial<ServerSighting> = { sipPortOpen: true, inFabric: true };
export const FAILOVER = { version: '2019', procedure: 'server-failover' } as const;

/** Six servers, two to an upgrade domain; a rolling restart takes each by itself all the same. */
export const six = aPool(6, 2);
export const unit = (of: ServerFqdn, topology: Topology = six): UpgradeDomain =>
  must(unitsOf(topology, 'upgrade-domains', 'restart').find(({ servers }) => servers.includes(of)));

/** Dana asked for a rolling restart; where it has come to. */
export const requested = (about: Asked = {}) => new Story({ topology: six, purpose: 'restart', ...about });
export const planned = (about: Asked = {}) => {
  const story = requested(about);
  return story.plan(unitsOf(story.topology, 'upgrade-domains', 'restart'));
};
export const approved = (of = fe1, about: Asked = {}) =>
  planned(about)
    .ask({ upgradeDomain: unit(of) })
    .approve();
export const down = (of = fe1, about: Asked = {}) => approved(of, about).look().lookAt(of).stop(of);
export const failedOver = (of = fe1, about: Asked = {}) =>
  approved(of, { ...about, settings: { ...FAILOVER, ...about.settings } })
    .look()
    .lookAt(of)
    .does({ action: 'fail-over', server: of });
export const booting = (of = fe1, about: Asked = {}) => down(of, about).restart(of);
export const back = (of = fe1, about: Asked = {}) => booting(of, about).back(of);
export const settled = (of = fe1, about: Asked = {}) => back(of, about).say({ kind: 'settled', upgradeDomain: unit(of).name });
/** As the pool is seen while these are down. */
export const seenWithout = (story: Story, ...servers: readonly ServerFqdn[]) =>
  story.look({ services: without(story.topology, ...servers) });
