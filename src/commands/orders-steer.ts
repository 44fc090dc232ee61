import type { ManagedPool } from '../domain/inventory.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import { holdWords } from '../messages/hold-words.ts';
import type { Delivery } from '../ports.ts';
import { type Desk, type KnownRun, type Outcome, told } from './desk.ts';
import type { Command } from './grammar.ts';
import { order } from './orders.ts';

/** `pause`, `resume`, `retry`, `abort`: what a person says to a run under way. */
export async function steer(
  command: Command & { kind: 'pause' | 'resume' | 'retry' | 'abort' },
  run: KnownRun,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const { state } = run;
  const name = shortName(pool.fqdn);
  const not = (because: string) => told(pool, `${name}: ${because}. Nothing was changed.`);
  switch (command.kind) {
    case 'pause':
      if (state.aborting !== null) return not('it is being aborted and cannot be paused');
      if (state.paused !== null) return not(`it is paused already, by ${state.paused.by}`);
      return order(run, pool, { kind: 'paused', by }, delivery, desk, `${name}: ${pauseWords(run)}`);
    case 'resume':
      return state.paused === null
        ? not('it is not paused')
        : order(run, pool, { kind: 'resumed', by }, delivery, desk, `${name}: ${resumeWords(run, pool, by)}`);
    case 'retry':
      if (state.held === null) return not('nothing is held');
      if (command.immediate && state.held.reason.kind !== 'drain-overdue' && (state.work?.immediate ?? 'no') === 'no')
        return not('only a drain that does not end can be ended by an immediate stop');
      return order(
        run,
        pool,
        { kind: 'retried', by, immediate: command.immediate },
        delivery,
        desk,
        state.paused === null
          ? `${name}: goes on, says ${by}; looking again first`
          : `${name}: no longer held, says ${by}; still paused, \`resume\` goes on`,
      );
    case 'abort': {
      const how = command.now ? 'leave' : 'bring-back';
      if (state.aborting !== null && !command.now) return not('it is being aborted already');
      const words = command.now
        ? 'aborted; everything is left as it is'
        : state.work === null
          ? 'aborted'
          : (await desk.freeze()) === null
            ? `aborting: the ${isRestart(state) ? 'server' : 'domain'} under way is brought back up first`
            : 'aborting; nothing is brought back up until `thaw`';
      return order(run, pool, { kind: 'aborted', by, how }, delivery, desk, `${name}: ${words}, says ${by}`);
    }
  }
}

function resumeWords({ state: { held } }: KnownRun, pool: ManagedPool, by: PersonId): string {
  if (held === null) return `goes on, says ${by}`;
  return `no longer paused, says ${by}; still held: ${holdWords(held.reason, pool).because}; \`retry\` goes on`;
}

function pauseWords({ state }: KnownRun): string {
  const step = state.work?.started?.step;
  if (step !== undefined) return `will be paused at the next safe point: once ${shortName(step.server)} is done`;
  return state.settling === null ? 'paused' : 'paused; the settling pool is still watched, and nothing new starts';
}
