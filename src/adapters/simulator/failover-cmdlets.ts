import type { ServerFqdn } from '../../domain/pool.ts';
import type { FailoverDirection, HookRun } from '../../domain/sighting.ts';
import { FAILOVER_WAIT } from '../../domain/step.ts';
import { seconds } from '../../domain/time.ts';
import type { Told } from '../../ports.ts';
import { type CmdletAnswer, type CmdletCall, failed, told, wrote } from './cmdlet-answer.ts';
import { FAILOVER_CMDLETS, interrupted } from './failover.ts';
import type { PoolModel } from './model.ts';

/**
 * `Invoke-CsComputerFailOver` and `Invoke-CsComputerFailBack`, which return when they have ended. In a process of its own
 * either is begun by `Start-Process`, which returns at once; `Cmdlet` is the one that process calls.
 */
export function failoverAnswer(pool: PoolModel, call: CmdletCall): CmdletAnswer | Promise<CmdletAnswer> | null {
  const { cmdlet, parameters } = call;
  const direct = directionOf(cmdlet);
  if (direct !== null) return untilItEnds(pool, call, direct);
  const child = cmdlet === 'Start-Process' ? directionOf(parameters['Cmdlet']) : null;
  return child === null ? null : told(begin(pool, call, child));
}

/** What a state file says of the process that writes it. `gone`: it was ended with its server, and wrote no end. */
export function stateFile(pool: PoolModel, server: ServerFqdn, { Name }: CmdletCall['parameters']): unknown {
  if (Name === 'before-run.state') return hookState(pool.hookRun(server, 'before'));
  if (Name === 'after-run.state') return hookState(pool.hookRun(server, 'after'));
  if (Name !== 'failover-run.state') return { ...pool.patchRun(server), what: 'patch', gone: false };
  const run = pool.failoverRun(server);
  if (run.kind === 'none') return run;
  const gone = run.kind === 'ended' && run.failed === interrupted(run.direction);
  return { ...run, what: run.direction, gone, ...(run.kind === 'ended' && run.failed === null ? { exitCode: 0 } : {}) };
}

/** How a failed hook is told of that never ran. */
const COULD_NOT = 'could not be run: ';

function hookState(run: HookRun): unknown {
  if (run.kind !== 'failed') return { ...run, what: 'hook', gone: false };
  const { because, age } = run;
  const gone = !because.startsWith(COULD_NOT);
  return { kind: 'ended', what: 'hook', gone, age, ...(gone ? {} : { failed: because.slice(COULD_NOT.length) }) };
}

const directionOf = (cmdlet: unknown): FailoverDirection | null =>
  (['fail-over', 'fail-back'] as const).find((each) => FAILOVER_CMDLETS[each] === cmdlet) ?? null;

async function untilItEnds(pool: PoolModel, call: CmdletCall, direction: FailoverDirection): Promise<CmdletAnswer> {
  const begun = begin(pool, call, direction);
  if (begun.kind !== 'accepted') return told(begun);
  await pool.failoverEnds(call.server);
  if (!pool.answers(call.server)) return { kind: 'gone' };
  const run = pool.failoverRun(call.server);
  return run.kind === 'ended' && run.failed !== null ? failed(run.failed) : wrote([]);
}

function begin(pool: PoolModel, { server, parameters }: CmdletCall, direction: FailoverDirection): Told {
  const name = String(parameters['ComputerName']).toLowerCase();
  // The real cmdlet takes any computer. Ours is only ever asked on the server it is about, so another one is a mistake of ours.
  if (name !== server) return { kind: 'refused', because: `${server} is asked to take ${name} out of its pool or into it` };
  const draining = parameters['DrainingTimeout'];
  return pool.failover(server, direction, {
    wait: parameters['WaitTime'] === undefined ? FAILOVER_WAIT : seconds(Number(parameters['WaitTime'])),
    draining: draining === undefined ? null : seconds(Number(draining)),
  });
}
