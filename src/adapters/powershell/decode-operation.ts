import { OPERATION_CMDLETS, type OperationRun, POOL_OPERATIONS } from '../../domain/pool-operation.ts';
import { type Decoded, garbage, understood } from './decode.ts';
import { ChildState, STARTING_FOR, wordsOf } from './decode-server.ts';

/**
 * What became of an operation on a whole pool. One whose process is gone without a word has failed, nobody knows how far it
 * came.
 */
export function decodeOperationRun(value: unknown): Decoded<OperationRun> {
  const read = ChildState.safeParse(value);
  if (!read.success) return garbage('the state of the operation is not understood');
  const { lines, alive, ageSeconds } = read.data;
  const words = wordsOf(lines);
  const last = words.at(-1);
  if (last === undefined) return understood({ kind: 'none' });
  const [begin, , what, token] = words[0] ?? [];
  const kind = POOL_OPERATIONS.find((each) => begin === 'starting' && what === each);
  if (kind === undefined || token === undefined) return garbage('the state file of the operation does not say which one');
  const failed = (because: string) => understood({ kind: 'ended', token, failed: because } as const);
  switch (last[0]) {
    case 'starting':
      return ageSeconds <= STARTING_FOR
        ? understood({ kind: 'running', token })
        : failed(`${OPERATION_CMDLETS[kind]} never began`);
    case 'started':
      return alive
        ? understood({ kind: 'running', token })
        : failed(`the process of ${OPERATION_CMDLETS[kind]} is gone without a word`);
    case 'ended':
      return understood({ kind: 'ended', token, failed: null });
    case 'failed':
      return failed(Buffer.from(last[1] ?? '', 'base64').toString('utf8'));
  }
  return garbage('the state file of the operation is not understood');
}
