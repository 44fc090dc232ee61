import type { Hook, Hooks } from '../../src/domain/inventory.ts';
import type { HookRun, ServerAnswer, ServerSighting } from '../../src/domain/sighting.ts';
import type { Step } from '../../src/domain/step.ts';
import { type Asked, Story, server, UP } from '../support.ts';

export const [fe1, fe2] = [server(1), server(2)];
export const before = (of = fe1): Step => ({ action: 'hook', server: of, hook: 'before' });
export const after = (of = fe1): Step => ({ action: 'hook', server: of, hook: 'after' });
export const ended = (exitCode: number, age = 0): HookRun => ({ kind: 'ended', exitCode, age });
export const failed = (age = 0): HookRun => ({ kind: 'failed', because: 'could not be run: there is no file', age });

export const BOTH: Hooks = { before: true, after: true };
export const ALONE: Readonly<Record<Hook, Hooks>> = {
  before: { before: true, after: false },
  after: { before: false, after: true },
};
export const STOPPED: ServerAnswer = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' };
export const ACCEPTS: Partial<ServerSighting> = { sipPortOpen: true, inFabric: true };

/** Dana asked for an upgrade of six servers, two to a domain, with these hooks; where it has come to. */
export const approved = (hooks: Hooks = BOTH, asked: Asked = {}) =>
  new Story({ ...asked, settings: { hooks, ...asked.settings } }).plan().ask().approve();
export const seen = (story: Story, of = fe1) => story.look().lookAt(of);
export const prepared = (hooks = BOTH) => seen(approved(hooks)).does(before());
export const fe1Down = (hooks = BOTH) => seen(prepared(hooks)).does({ action: 'stop', server: fe1, stopMode: 'graceful' });
export const bothDown = (hooks = BOTH) =>
  seen(seen(fe1Down(hooks), fe2).does(before(fe2)), fe2).does({ action: 'stop', server: fe2, stopMode: 'graceful' });
export const booting = (hooks = BOTH) => bothDown(hooks).patched(fe1).patched(fe2).restart(fe1).restart(fe2);
export const running = (hooks = BOTH) =>
  booting(hooks)
    .lookAt(fe1, ACCEPTS)
    .lookAt(fe2, { answer: { ...UP, services: 'StartPending', rtcsrv: 'StartPending' } });
