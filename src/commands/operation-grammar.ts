import type { PoolOperationKind } from '../domain/pool-operation.ts';
import type { Command, Entry } from './grammar.ts';
import { leftOver } from './quoted.ts';
import { takeTicket } from './upgrade-words.ts';

/** What is asked for on a whole pool; the pool is always named, for nothing this large is meant by accident. */
export interface OperationCommand {
  readonly kind: PoolOperationKind;
  readonly pool: string;
  readonly ticket: string | null;
}

/** The commands that concern a whole pool. Each only asks: preconditions are read, and somebody else approves. */
export const OPERATION_COMMANDS: readonly Entry[] = [
  operation('failover', "Plans to move the pool's users to its backup pool: preconditions are read, somebody else approves."),
  operation('failback', 'Plans to bring the users of a failed-over pool home.'),
  operation('start', 'Plans to start a pool that is down: how many must run, who is missing, then `Start-CsPool`.'),
  operation(
    'recover',
    'Plans quorum recovery: loads users of lost routing groups from the back end. Two people approve, by code.',
  ),
  operation('reset', 'Plans a service reset after a topology change with the whole pool down. Two people approve, by code.'),
];

function operation(verb: PoolOperationKind, about: string): Entry {
  const read = ([pool, ...rest]: readonly string[]): Command | string => {
    if (pool === undefined) return 'Which pool?';
    const ticketed = takeTicket(rest);
    if (typeof ticketed === 'string') return ticketed;
    return leftOver(ticketed.others) ?? { kind: verb, pool, ticket: ticketed.ticket };
  };
  return { verb, usage: `${verb} <pool> [ticket CHG0012345]`, about, needs: 'operate', example: `${verb} pool01`, read };
}
