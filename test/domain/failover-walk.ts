import type { Move } from '../../src/domain/moves.ts';
import { nextMove } from '../../src/domain/next-move.ts';
import type { FailoverDirection, FailoverRun, ServerAnswer, ServerSighting } from '../../src/domain/sighting.ts';
import { type Asked, aPool, dana, Story, server, UP } from '../support.ts';

export const [fe1, fe2] = [server(1), server(2)];
/** Three servers, each an upgrade domain and each taken by itself. */
const topology = aPool(3);
export const units = topology.servers.map((each, index) => ({ name: `fe${index + 1}`, servers: [each] }));
const procedure = { version: '2019', procedure: 'server-failover' } as const;

const named =
  (direction: FailoverDirection) =>
  (of = fe1) =>
    ({ action: direction, server: of }) as const;
export const failOver = named('fail-over');
export const failBack = named('fail-back');

/** As FailOver leaves a server, and as a restart and FailBack find it. */
export const OFF: ServerAnswer = { ...UP, services: 'Stopped', rtcsrv: 'Stopped', disabled: true };
export const ON_ITS_WAY: ServerAnswer = { ...UP, services: 'StartPending', rtcsrv: 'StartPending' };
export const ACCEPTS: Partial<ServerSighting> = { sipPortOpen: true, inFabric: true };
export const ran = (direction: FailoverDirection, failed: string | null = null): { readonly failoverRun: FailoverRun } => ({
  failoverRun: { kind: 'ended', direction, failed },
});
export const runs = (direction: FailoverDirection): { readonly failoverRun: FailoverRun } => ({
  failoverRun: { kind: 'running', direction },
});

/** Dana asked for an upgrade by server-failover; where it has come to. */
export const planned = (asked: Asked = {}) =>
  new Story({ topology, ...asked, settings: { ...procedure, ...asked.settings } }).plan(units);
export const asked = (about: Asked = {}) => planned(about).ask({ upgradeDomain: units[0] ?? { name: '', servers: [] } });
export const approved = (about: Asked = {}) => asked(about).approve();
export const failingOver = (about: Asked = {}) =>
  approved(about).look().lookAt(fe1).start(failOver()).say({ kind: 'step-accepted', step: failOver() });
export const failedOver = (about: Asked = {}) => approved(about).look().lookAt(fe1).does(failOver());
export const patched = (about: Asked = {}) => failedOver(about).patched(fe1);
export const booting = (about: Asked = {}) => patched(about).restart(fe1);
export const failingBack = (about: Asked = {}) =>
  booting(about).lookAt(fe1, { answer: OFF }).start(failBack()).say({ kind: 'step-accepted', step: failBack() });
export const failedBack = (about: Asked = {}) => booting(about).lookAt(fe1, { answer: OFF }).does(failBack());
export const back = (about: Asked = {}) => failedBack(about).back(fe1);

/** A FailOver of fe1 that ran an hour and failed, and how it left the server. */
export const failedToFailOver = (answer: Partial<ServerAnswer> = {}) =>
  follow(
    failingOver()
      .wait(60)
      .lookAt(fe1, { answer: { ...UP, ...answer }, ...ran('fail-over', 'timed out') }),
  );
export const retried = (story: Story) => story.say({ kind: 'retried', by: dana, immediate: false });

export const moveOf = (story: Story): Move => nextMove(story.run, story.now);
/** What comes next in one word, or in the words of the step. */
export function next(story: Story): string {
  const move = moveOf(story);
  if (move.kind === 'perform') return `${move.step.action} ${move.step.server.split('.', 1)[0]}`;
  if (move.kind === 'observe-server') return `look at ${move.server.split('.', 1)[0]}: ${move.also}`;
  if (move.kind === 'observe-pool') return `look at the pool: ${move.scope}`;
  if (move.kind !== 'record') return move.kind;
  return move.event.kind === 'held' ? `held: ${move.event.reason.kind}` : move.event.kind;
}
/** Writes down what is decided, as the runner would. */
export function follow(story: Story): Story {
  const move = moveOf(story);
  if (move.kind !== 'record') throw new Error(`the test itself is wrong: ${move.kind}`);
  return story.say(move.event);
}
