import type { ServerFqdn } from '../../domain/pool.ts';
import { POOL_OPERATIONS, type PoolOperationKind } from '../../domain/pool-operation.ts';
import { type CmdletAnswer, type CmdletCall, failed, told } from './cmdlet-answer.ts';
import type { PoolModel } from './model.ts';
import { interruptedOperation } from './operations.ts';

/**
 * An operation on a whole pool is begun by `Start-Process`, which returns at once; `Cmdlet` is the one that process calls, with
 * the parameters it gives it, and `Token` what its state file was begun with. Null: that process is another.
 */
export function operationAnswer(pool: PoolModel, { server, cmdlet, parameters }: CmdletCall): CmdletAnswer | null {
  const { Cmdlet: called, ResetType: type, PoolFqdn: name, Token: token } = parameters;
  if (cmdlet !== 'Start-Process' || typeof called !== 'string' || !/CsPool/.test(called)) return null;
  const kind = kindOf(called, type);
  if (kind === null) return failed(`nothing of ours calls ${called} -ResetType ${String(type)}`);
  // The real cmdlets take any pool of the farm. Ours are only ever run on a server of the pool they are about.
  if (String(name).toLowerCase() !== pool.fqdn)
    return failed(`${server} is asked to operate on ${String(name)}, which is not its pool`);
  return typeof token === 'string'
    ? told(pool.operate(server, kind, token))
    : failed('the state file was not begun with a token');
}

function kindOf(cmdlet: string, type: unknown): PoolOperationKind | null {
  switch (cmdlet) {
    case 'Invoke-CsPoolFailOver':
      return 'failover';
    case 'Invoke-CsPoolFailBack':
      return 'failback';
    case 'Start-CsPool':
      return 'start';
    default:
      if (type === 'QuorumLossRecovery') return 'recover';
      return type === 'ServiceReset' ? 'reset' : null;
  }
}

/** What the state file says of the process. `gone`: it was ended with its server, and wrote no end. */
export function operationState(pool: PoolModel, server: ServerFqdn): unknown {
  const run = pool.operationRun(server);
  if (run.kind !== 'ended') return { ...run, what: 'start', gone: false };
  const { token, failed: because } = run;
  const interrupted = POOL_OPERATIONS.find((each) => because === interruptedOperation(each));
  const end = because === null ? { exitCode: 0 } : { failed: because };
  return { kind: 'ended', token, what: interrupted ?? 'start', gone: interrupted !== undefined, ...end };
}
