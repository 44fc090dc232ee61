import type { ServerAnswer, ServerSighting } from '../../src/domain/sighting.ts';
import { minutes } from '../../src/domain/time.ts';
import { type Asked, Story, server, UP } from '../support.ts';

export const [fe1, fe2, fe3] = [server(1), server(2), server(3)];
export const [OLD, NEW] = ['6.0.9319.500', '6.0.9319.501'];
export const STOPPED: ServerAnswer = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' };
export const REBOOTED = minutes(5);
export const ACCEPTS: Partial<ServerSighting> = { sipPortOpen: true, inFabric: true };
export const stop = (of = fe1) => ({ action: 'stop', server: of, stopMode: 'graceful' }) as const;

/** Six servers, two to a domain, all at the same version; where the upgrade has come to. */
export const approved = (asked: Asked = {}) => new Story(asked).plan().ask().approve();
export const stopped = (story: Story, of = fe1) => story.look().lookAt(of, { patchLevel: OLD }).does(stop(of));
export const fe1Down = (asked: Asked = {}) => stopped(approved(asked));
export const bothDown = (asked: Asked = {}) => stopped(fe1Down(asked), fe2);
export const BY_COMMAND: Asked = { settings: { patchMode: 'by-command' } };
export const asFound = (story: Story, of = fe2) => story.lookAt(of, { answer: STOPPED, patchLevel: OLD });

export const PATCHED = () => bothDown().patched(fe1).patched(fe2);
export const restarted = (story: Story, of = fe1) => story.does({ action: 'restart', server: of, bootTimeSeen: UP.bootTime });
/** Domain 1 is upgraded to the new version and has settled. */
export const oneDone = (asked: Asked = {}) => {
  const story = bothDown(asked);
  for (const each of [fe1, fe2]) story.patched(each);
  for (const each of [fe1, fe2]) restarted(story.lookAt(each, { answer: STOPPED, patchLevel: NEW }), each);
  return story.back(fe1).back(fe2).say({ kind: 'settled', upgradeDomain: '1' });
};
export const domainTwo = (story: Story) =>
  story
    .ask({ upgradeDomain: { name: '2', servers: [fe3, server(4)] } })
    .approve()
    .look();
